//! A row of statistics for each field.
//!
//! ## Syntax
//! `fieldsummary [maxvals=<n>] [<field>...]`
//!
//! ## Description
//! A row for each field that has a value, sorted by name: those that are named, with `*` for several, or all whose
//! names do not begin with `_`.
//!
//! | column | what |
//! |---|---|
//! | `field` | the name of the field |
//! | `count` | how many rows have it |
//! | `distinct_count` | how many different values it has |
//! | `is_exact` | 1: that number is exact |
//! | `max`, `mean`, `min`, `stdev` | of the values that are numbers, if there are any |
//! | `numeric_count` | how many values are numbers |
//! | `values` | the most frequent values with how often they occur, as JSON; 100 or `maxvals` of them, 0 for all |
//!
//! A row with a multivalue field has each of its values.
//!
//! ## Examples
//!
//! ```spl
//! fieldsummary
//! ```
//! ```json in
//! {"user": "ada", "ms": "1", "_time": "5"}
//! {"user": "bob", "ms": "3"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"field": "ms", "count": 2, "distinct_count": 2, "is_exact": 1, "max": 3, "mean": 2, "min": 1, "numeric_count": 2, "stdev": 1.4142135623730951, "values": "[{\"value\":\"1\",\"count\":1},{\"value\":\"3\",\"count\":1}]"}
//! {"field": "user", "count": 3, "distinct_count": 2, "is_exact": 1, "numeric_count": 0, "values": "[{\"value\":\"ada\",\"count\":2},{\"value\":\"bob\",\"count\":1}]"}
//! ```
//!
//! ```spl
//! fieldsummary maxvals=1 h*
//! ```
//! ```json in
//! {"host": ["b", "a"], "user": "ada"}
//! {"host": "b"}
//! ```
//! ```json out
//! {"field": "host", "count": 2, "distinct_count": 2, "is_exact": 1, "numeric_count": 0, "values": "[{\"value\":\"b\",\"count\":2}]"}
//! ```
//!
//! ```spl
//! fieldsummary maxvals=few
//! ```
//! ```error
//! error[E0204]: `maxvals` needs a whole number that is not negative and got `few`
//! ```
//!
//! ## Differences from Splunk
//! Splunk estimates the number of different values where there are many, and says so; here it is always exact.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Command;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Partial, RunContext, Transforming};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::{Text, Value, parse_number};

/// How many values are listed where nothing is said (Search Reference, `fieldsummary`).
const DEFAULT_VALUES: usize = 100;

const COLUMNS: [&str; 10] = [
    "field",
    "count",
    "distinct_count",
    "is_exact",
    "max",
    "mean",
    "min",
    "numeric_count",
    "stdev",
    "values",
];

/// `fieldsummary`
#[derive(Clone, Debug)]
pub struct FieldSummary {
    max_values: usize,
    fields: Vec<Pattern>,
}

/// Reads the arguments of `fieldsummary`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = FieldSummary { max_values: DEFAULT_VALUES, fields: Vec::new() };
    while !args.at_end() {
        match args.option(&["maxvals"])? {
            Some((name, value)) => parsed.max_values = value.count(name)?,
            None => parsed.fields.extend(args.some_fields(&[])?.iter().map(|word| word.pattern())),
        }
    }
    Ok(Box::new(parsed))
}

impl fmt::Display for FieldSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fieldsummary maxvals={} ", self.max_values)?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for FieldSummary {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        match self.fields.as_slice() {
            [] => FieldSet::all(),
            fields => FieldSet::of(fields.iter().map(Pattern::as_str)),
        }
    }

    fn order_matters(&self, _: bool) -> bool {
        false
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.transforming(self.clone());
        Ok(())
    }
}

impl Transforming for FieldSummary {
    fn start(&self) -> Box<dyn Partial> {
        Box::new(State { command: self.clone(), fields: BTreeMap::new() })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>> {
        let fields = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        Ok(Box::new(State { command: self.clone(), fields }))
    }
}

/// What is remembered of a field: everything else is computed of that, so that the order of rows does not show.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Field {
    rows: u64,
    values: BTreeMap<Text, u64>,
}

struct State {
    command: FieldSummary,
    fields: BTreeMap<Text, Field>,
}

impl Partial for State {
    fn update(&mut self, batch: &Batch, _: &RunContext) -> Result<()> {
        let patterns = &self.command.fields;
        for (name, column) in batch.columns() {
            let fits = match patterns.as_slice() {
                [] => !name.starts_with('_'),
                patterns => patterns.iter().any(|pattern| pattern.matches(name)),
            };
            if !fits || column.is_all_null() {
                continue;
            }
            let field = self.fields.entry(name.clone()).or_default();
            for value in column.iter().filter(|value| !value.is_null()) {
                field.rows += 1;
                for single in value.values() {
                    *field.values.entry(single.clone().into_text()).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Partial>, _: &RunContext) -> Result<()> {
        if let Ok(later) = later.into_any().downcast::<State>() {
            for (name, other) in later.fields {
                let field = self.fields.entry(name).or_default();
                field.rows += other.rows;
                for (value, count) in other.values {
                    *field.values.entry(value).or_default() += count;
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        let names: Vec<Text> = COLUMNS.iter().map(|name| Text::from(*name)).collect();
        let rows = self.fields.iter().map(|(name, field)| field.row(name, self.command.max_values));
        let mut batch = Batch::from_rows(&names, rows);
        batch.ordered = true;
        Ok(vec![batch])
    }

    fn save(&mut self, _: &RunContext) -> Result<Vec<u8>> {
        postcard::to_stdvec(&self.fields)
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Field {
    fn row(&self, name: &Text, max_values: usize) -> Vec<Value> {
        let whole = |number: u64| Value::number(number as f64);
        let numbers: Vec<(f64, f64)> = self
            .values
            .iter()
            .filter_map(|(text, count)| Some((parse_number(text)?.value, *count as f64)))
            .collect();
        let count: f64 = numbers.iter().map(|(_, count)| count).sum();
        let mean = numbers.iter().map(|(number, count)| number * count).sum::<f64>() / count;
        let squares: f64 = numbers.iter().map(|(number, count)| (number - mean).powi(2) * count).sum();
        let deviation = if count > 1.0 { (squares / (count - 1.0)).sqrt() } else { 0.0 };
        let of_numbers = |number: f64| if count > 0.0 { Value::number(number) } else { Value::Null };
        let extreme = |choose: fn(f64, f64) -> f64| numbers.iter().map(|(number, _)| *number).reduce(choose);
        vec![
            Value::Text(name.clone()),
            whole(self.rows),
            whole(self.values.len() as u64),
            whole(1),
            extreme(f64::max).map_or(Value::Null, Value::number),
            of_numbers(mean),
            extreme(f64::min).map_or(Value::Null, Value::number),
            Value::number(count),
            of_numbers(deviation),
            Value::text(self.listed(max_values)),
        ]
    }

    /// The most frequent values as JSON.
    fn listed(&self, max_values: usize) -> String {
        let mut values: Vec<(&Text, &u64)> = self.values.iter().collect();
        values.sort_by(|a, b| b.1.cmp(a.1));
        let shown = if max_values == 0 { values.len() } else { max_values };
        let json = |(value, count): &(&Text, &u64)| {
            let value = serde_json::Value::from(value.as_str());
            format!("{{\"value\":{value},\"count\":{count}}}")
        };
        let values: Vec<String> = values.iter().take(shown).map(json).collect();
        format!("[{}]", values.join(","))
    }
}
