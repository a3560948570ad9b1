//! How probable events are, by how often each of their values occurs.

use std::collections::HashMap;

use crate::batch::{Batch, Column};
use crate::commands::outlier::quartiles::percentile;
use crate::value::{Text, Value};

/// An event's place among all.
#[derive(Clone, Debug)]
pub struct Score {
    /// The natural logarithm of the product of the frequencies of its values.
    pub log_probability: f64,
    /// The field whose value is the least frequent.
    pub cause: Text,
    /// How frequent that value is, from 0 to 1.
    pub least: f64,
    /// How frequent the most frequent of its values is.
    pub most: f64,
}

/// What is found.
#[derive(Debug)]
pub struct Findings {
    /// For each row its score.
    pub scores: Vec<Score>,
    /// Less than this is an anomaly.
    pub threshold: f64,
    /// The quartiles of the logarithms.
    pub quartiles: (f64, f64),
}

impl Findings {
    /// Of all rows, by these fields; none without rows or fields. A threshold may be given as a probability.
    pub fn of(all: &Batch, fields: &[Text], probability: Option<f64>) -> Option<Findings> {
        let rows = all.rows();
        let frequencies: Vec<Vec<f64>> = fields.iter().map(|field| of_field(all, field)).collect();
        let score = |row: usize| {
            let of_row = frequencies.iter().map(|field| field.get(row).copied().unwrap_or(1.0));
            let mut named = of_row.clone().zip(fields);
            let first = named.next()?;
            let (least, cause) = named.fold(first, |least, next| if next.0 < least.0 { next } else { least });
            Some(Score {
                log_probability: of_row.clone().map(f64::ln).sum(),
                cause: cause.clone(),
                least,
                most: of_row.fold(0.0, f64::max),
            })
        };
        let scores: Vec<Score> = (0..rows).filter_map(score).collect();
        let logs = Column::Values(scores.iter().map(|score| Value::number(score.log_probability)).collect());
        let quartiles = (percentile("perc25", &logs)?, percentile("perc75", &logs)?);
        // Search Reference, `anomalydetection`, `cutoff`.
        let usual = quartiles.0 - 1.5 * (quartiles.1 - quartiles.0);
        Some(Findings { scores, threshold: probability.map_or(usual, f64::ln), quartiles })
    }

    /// Whether a row is an anomaly.
    pub fn is_anomaly(&self, row: usize) -> bool {
        self.scores.get(row).is_some_and(|score| score.log_probability < self.threshold)
    }
}

/// For each row how frequent its value of a field is: as a value, or, where all are numbers, as one of a bin. A row
/// without the field is one of those without.
fn of_field(all: &Batch, field: &str) -> Vec<f64> {
    let none = Column::Null(all.rows());
    let column = all.column(field).unwrap_or(&none);
    let width = bin_width(column);
    let key = |value: &Value| match (width, value.as_number()) {
        (Some(width), Some(number)) => format!("{}", (number / width).floor()),
        _ if value.is_null() => String::new(),
        _ => format!("={}", value.to_text()),
    };
    let keys: Vec<String> = column.iter().map(|value| key(&value)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for key in &keys {
        *counts.entry(key).or_default() += 1;
    }
    let rows = all.rows() as f64;
    keys.iter().map(|key| counts.get(key.as_str()).copied().unwrap_or_default() as f64 / rows).collect()
}

/// The width of bins for a field of numbers, after Freedman and Diaconis: twice the interquartile range over the
/// cube root of how many there are. None where there is another value, or half of them are one number.
fn bin_width(column: &Column) -> Option<f64> {
    let mut count = 0usize;
    for value in column.iter().filter(|value| !value.is_null()) {
        value.as_number()?;
        count += 1;
    }
    let range = percentile("perc75", column)? - percentile("perc25", column)?;
    let width = 2.0 * range / (count as f64).cbrt();
    (width > 0.0).then_some(width)
}
