//! How unusual values are: what `anomalousvalue` and `anomalydetection method=zscore` share.

use std::collections::HashMap;
use std::fmt;

use crate::batch::{Batch, Column, Pattern};
use crate::commands::outlier::quartiles::chosen;
use crate::diagnostic::Result;
use crate::parse::args::Word;
use crate::value::{Text, Value};

/// What is done with the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Rows that are not unusual are left out.
    Filter,
    /// Unusual values are told in further fields.
    Annotate,
    /// What was found of each field is told instead of the rows.
    Summary,
}

impl Action {
    /// Reads the value of the option `action`.
    ///
    /// # Errors
    /// Any other value.
    pub fn read(value: &Word) -> Result<Action> {
        let found = ACTIONS.iter().find(|(action, _)| action.eq_ignore_ascii_case(&value.text));
        found.map(|(_, action)| *action).ok_or_else(|| value.wrong("action", "filter, annotate or summary"))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ACTIONS.iter().find(|(_, action)| action == self).map_or("", |(name, _)| name))
    }
}

const ACTIONS: [(&str, Action); 3] =
    [("filter", Action::Filter), ("annotate", Action::Annotate), ("summary", Action::Summary)];

/// The options, with Splunk's defaults (Search Reference, `anomalousvalue`).
#[derive(Clone, Debug)]
pub struct Measure {
    action: Action,
    threshold: f64,
    least_count: usize,
    least_support: f64,
    most_anomalous: f64,
    least_normal: f64,
}

impl Default for Measure {
    fn default() -> Measure {
        Measure {
            action: Action::Filter,
            threshold: 0.01,
            least_count: 100,
            least_support: 0.05,
            most_anomalous: 0.05,
            least_normal: 0.01,
        }
    }
}

/// What is found of one field.
struct Findings {
    name: Text,
    count: usize,
    distinct: usize,
    /// How many rows have the field, from 0 to 1.
    support: f64,
    categorical: Test,
    numerical: Option<(Spread, Test)>,
}

#[derive(Clone, Copy)]
struct Spread {
    mean: f64,
    stdev: f64,
}

/// One test of a field: the score of each row, and how many of its values are anomalous.
struct Test {
    scores: Vec<Option<f64>>,
    anomalous: f64,
    used: bool,
}

impl Measure {
    /// The names of the options.
    pub const OPTIONS: [&'static str; 6] =
        ["action", "maxanofreq", "minnormfreq", "minsupcount", "minsupfreq", "pthresh"];

    /// Takes an option of [`Measure::OPTIONS`].
    ///
    /// # Errors
    /// Its value is not of the kind that it takes.
    pub fn take(&mut self, name: &str, value: &Word) -> Result<()> {
        let part = || {
            let parsed = value.text.parse().ok().filter(|number: &f64| (0.0..=1.0).contains(number));
            parsed.ok_or_else(|| value.wrong(name, "a number from 0 to 1"))
        };
        match name {
            "action" => self.action = Action::read(value)?,
            "minsupcount" => {
                let count = value.text.parse().ok().filter(|count| *count > 0);
                self.least_count = count.ok_or_else(|| value.wrong(name, "a positive whole number"))?;
            }
            "minsupfreq" => self.least_support = part()?,
            "maxanofreq" => self.most_anomalous = part()?,
            "minnormfreq" => self.least_normal = part()?,
            _ => self.threshold = part()?,
        }
        Ok(())
    }

    /// Does what the action says with the fields that fit; without any, with all.
    pub fn apply(&self, all: Batch, fields: &[Pattern]) -> Batch {
        let mut names = chosen(&all, fields);
        names.sort();
        let found: Vec<Findings> = names.into_iter().filter_map(|name| self.of_field(&all, name)).collect();
        match self.action {
            Action::Summary => summary(&found),
            Action::Annotate => self.annotated(all, &found).0,
            Action::Filter => {
                let (annotated, anomalous) = self.annotated(all, &found);
                annotated.filter(&anomalous)
            }
        }
    }

    /// What is found of a field that a row has.
    fn of_field(&self, all: &Batch, name: Text) -> Option<Findings> {
        let column = all.column(&name)?;
        let texts: Vec<Option<Text>> =
            column.iter().map(|value| (!value.is_null()).then(|| Text::from(value.to_text()))).collect();
        let mut times: HashMap<&Text, usize> = HashMap::new();
        texts.iter().flatten().for_each(|text| *times.entry(text).or_default() += 1);
        let count = texts.iter().flatten().count();
        if count == 0 {
            return None;
        }
        let support = count as f64 / all.rows() as f64;
        let usable = count >= self.least_count && support >= self.least_support;
        let rare = |text: &Option<Text>| Some(*times.get(text.as_ref()?)? as f64 / count as f64);
        let numbers: Vec<Option<f64>> = column.iter().map(|value| value.as_number()).collect();
        let spread = (numbers.iter().flatten().count() == count).then(|| Spread::of(&numbers)).flatten();
        Some(Findings {
            count,
            distinct: times.len(),
            support,
            categorical: self.test(texts.iter().map(rare).collect(), count, usable),
            numerical: spread.map(|spread| {
                let scores = numbers.iter().map(|number| Some(spread.probability((*number)?))).collect();
                (spread, self.test(scores, count, usable))
            }),
            name,
        })
    }

    fn test(&self, scores: Vec<Option<f64>>, count: usize, usable: bool) -> Test {
        let below = scores.iter().flatten().filter(|score| **score < self.threshold).count();
        let anomalous = below as f64 / count as f64;
        let used = usable && anomalous <= self.most_anomalous && 1.0 - anomalous >= self.least_normal;
        Test { scores, anomalous, used }
    }

    /// The rows with the scores of anomalous values, and which rows have one.
    fn annotated(&self, mut all: Batch, found: &[Findings]) -> (Batch, Vec<bool>) {
        let mut anomalous = vec![false; all.rows()];
        for field in found {
            let numerical = field.numerical.iter().map(|(_, test)| ("Num", test));
            for (kind, test) in std::iter::once(("Cat", &field.categorical)).chain(numerical) {
                let shown = |score: &Option<f64>| score.filter(|score| test.used && *score < self.threshold);
                let shown: Vec<Option<f64>> = test.scores.iter().map(shown).collect();
                if shown.iter().all(Option::is_none) {
                    continue;
                }
                anomalous.iter_mut().zip(&shown).for_each(|(row, score)| *row |= score.is_some());
                let cells = shown.into_iter().map(|score| score.map_or(Value::Null, Value::number));
                let name = format!("Anomaly_Score_{kind}({})", field.name);
                all.set(name.into(), Column::from_values(cells.collect()));
            }
        }
        (all, anomalous)
    }
}

impl Spread {
    /// Of at least one number.
    fn of(numbers: &[Option<f64>]) -> Option<Spread> {
        let count = numbers.iter().flatten().count() as f64;
        let mean = numbers.iter().flatten().sum::<f64>() / count;
        let squares: f64 = numbers.iter().flatten().map(|number| (number - mean).powi(2)).sum();
        let stdev = if count > 1.0 { (squares / (count - 1.0)).sqrt() } else { 0.0 };
        mean.is_finite().then_some(Spread { mean, stdev })
    }

    /// How probable it is that a number of the normal distribution lies at least as far from the mean.
    fn probability(self, number: f64) -> f64 {
        let away = (number - self.mean).abs();
        if away == 0.0 { 1.0 } else { libm::erfc(away / self.stdev / std::f64::consts::SQRT_2) }
    }
}

fn summary(found: &[Findings]) -> Batch {
    const NAMES: [&str; 12] = [
        "fieldname",
        "count",
        "distinct_count",
        "mean",
        "catAnoFreq%",
        "catNormFreq%",
        "numAnoFreq%",
        "stdev",
        "supportFreq%",
        "useCat",
        "useNum",
        "isNum",
    ];
    let truth = |truth: bool| Value::text(if truth { "YES" } else { "NO" });
    let row = |field: &Findings| {
        let of_numbers = |number: fn(&(Spread, Test)) -> f64| {
            field.numerical.as_ref().map_or(Value::Null, |found| Value::number(number(found)))
        };
        vec![
            Value::Text(field.name.clone()),
            Value::number(field.count as f64),
            Value::number(field.distinct as f64),
            of_numbers(|(spread, _)| spread.mean),
            Value::number(100.0 * field.categorical.anomalous),
            Value::number(100.0 * (1.0 - field.categorical.anomalous)),
            of_numbers(|(_, test)| 100.0 * test.anomalous),
            of_numbers(|(spread, _)| spread.stdev),
            Value::number(100.0 * field.support),
            truth(field.categorical.used),
            truth(field.numerical.as_ref().is_some_and(|(_, test)| test.used)),
            truth(field.numerical.is_some()),
        ]
    };
    let mut batch = Batch::from_rows(&NAMES.map(Text::from), found.iter().map(row));
    batch.ordered = true;
    batch
}

impl fmt::Display for Measure {
    /// The options, each with a blank before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " action={} pthresh={}", self.action, self.threshold)?;
        write!(f, " minsupcount={} minsupfreq={}", self.least_count, self.least_support)?;
        write!(f, " maxanofreq={} minnormfreq={}", self.most_anomalous, self.least_normal)
    }
}
