//! Makes rows out of nothing.
//!
//! ## Syntax
//! `makeresults [count=<n>] [annotate=<bool>]` | `makeresults format=csv|json data="<text>"`
//!
//! ## Description
//! Rows whose only field is `_time`, the time of the search in whole seconds. With `annotate=t` also
//! `splunk_server`. `format=csv` makes rows of inline CSV with only its fields, an empty cell being null;
//! `format=json` of an array of objects, each with `_raw` and `_time` too.
//!
//! ## Examples
//!
//! ```spl
//! | makeresults count=2 | eval n = 1 | table n
//! ```
//! ```json out
//! {"n": 1}
//! {"n": 1}
//! ```
//!
//! ```spl
//! | makeresults format=csv data="user,count
//! ada,3
//! bob,"
//! ```
//! ```json out
//! {"user": "ada", "count": "3"}
//! {"user": "bob"}
//! ```
//!
//! ```spl
//! | makeresults format=json data="[{\"user\": \"ada\", \"ids\": [1, 2]}]" | table user, ids
//! ```
//! ```json out
//! {"user": "ada", "ids": "[1,2]"}
//! ```
//!
//! ```spl
//! | makeresults format=json data="{\"user\": \"ada\"}"
//! ```
//! ```error
//! error[E0204]: `data` is not an array of JSON objects
//! ```
//!
//! ```spl
//! | makeresults count=-1
//! ```
//! ```error
//! error[E0204]: `count` needs a whole number that is not negative and got `-1`
//! ```
//!
//! ## Differences from Splunk
//! Unknown options are refused, and so is `data` that is no JSON: Splunk passes over both, and makes no row of
//! the latter. Of servers there is only `splunk_server=local`.

use std::fmt;

use super::{Command, Position};
use crate::batch::{Batch, BatchBuilder, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Generating, RunContext};
use crate::parse::args::{Args, Word};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// The rows are made at once, and have to fit into memory.
const MOST_ROWS: usize = 10_000_000;

/// `makeresults`
#[derive(Clone, Debug)]
pub struct MakeResults {
    rows: Rows,
}

#[derive(Clone, Debug)]
enum Rows {
    Count { count: usize, annotate: bool },
    Csv(Text),
    Json(Text),
}

/// Reads the arguments of `makeresults`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut count, mut annotate, mut format, mut data) = (None, None, None, None);
    while !args.at_end() {
        match args.option(&["count", "annotate", "format", "data", "splunk_server"])? {
            Some(("count", value)) => count = Some(row_count(&value)?),
            Some(("annotate", value)) => annotate = Some(value.truth("annotate")?),
            Some(("format", value)) => format = Some(value),
            // There is one machine, and it has this name.
            Some(("splunk_server", value)) if value.text.eq_ignore_ascii_case("local") => {}
            Some(("splunk_server", value)) => return Err(value.wrong("splunk_server", "local")),
            Some((_, value)) => data = Some(value),
            // `makeresults 3` is accepted for `count=3`.
            None => count = Some(row_count(&args.word("a count")?)?),
        }
    }
    let inline = format.is_some() || data.is_some();
    if inline && (count.is_some() || annotate.is_some()) {
        return Err(args.error("`format` and `data` stand alone, without `count` and `annotate`"));
    }
    let rows = match (format, data) {
        (None, None) => Rows::Count { count: count.unwrap_or(1), annotate: annotate.unwrap_or(false) },
        (Some(format), Some(data)) if format.text.eq_ignore_ascii_case("csv") => Rows::Csv(data.text),
        (Some(format), Some(data)) if format.text.eq_ignore_ascii_case("json") => {
            check_json(&data)?;
            Rows::Json(data.text)
        }
        (Some(format), Some(_)) => return Err(format.wrong("format", "csv or json")),
        _ => return Err(args.error("`format` and `data` belong together")),
    };
    Ok(Box::new(MakeResults { rows }))
}

impl fmt::Display for MakeResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("makeresults")?;
        let (format, data) = match &self.rows {
            Rows::Count { count, annotate } => {
                write!(f, " count={count}")?;
                return f.write_str(if *annotate { " annotate=true" } else { "" });
            }
            Rows::Csv(data) => ("csv", data),
            Rows::Json(data) => ("json", data),
        };
        write!(f, " format={format} data=")?;
        write_value(f, data)
    }
}

impl Command for MakeResults {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.generating(self.clone());
        Ok(())
    }
}

impl Generating for MakeResults {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        let now = Value::number(context.eval.now.floor());
        let batch = match &self.rows {
            Rows::Count { count, annotate } => {
                let mut batch = Batch::with_rows(*count);
                batch.set("_time".into(), Column::constant(now, *count));
                if *annotate {
                    for name in ["_raw", "host", "source", "sourcetype", "splunk_server_group"] {
                        batch.set(name.into(), Column::Null(*count));
                    }
                    batch.set("splunk_server".into(), Column::constant("speleo".into(), *count));
                }
                batch
            }
            Rows::Csv(data) => csv_rows(data),
            Rows::Json(data) => json_rows(data, &now),
        };
        Ok(vec![batch])
    }
}

fn row_count(word: &Word) -> Result<usize> {
    let count = word.count("count")?;
    if count > MOST_ROWS { Err(word.wrong("count", &format!("{MOST_ROWS} or less"))) } else { Ok(count) }
}

fn check_json(data: &Word) -> Result<()> {
    let message = match serde_json::from_str::<serde_json::Value>(&data.text) {
        Ok(serde_json::Value::Array(items)) if items.iter().all(serde_json::Value::is_object) => {
            return Ok(());
        }
        Ok(_) => "`data` is not an array of JSON objects".to_string(),
        Err(error) => format!("`data` is not JSON: {error}"),
    };
    Err(Diagnostic::error(Code::OptionValue, message).at(data.span, ""))
}

fn csv_rows(data: &str) -> Batch {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(data.as_bytes());
    let mut records = reader.records().filter_map(std::result::Result::ok);
    let names: Vec<Text> = match records.next() {
        Some(header) => header.iter().map(|name| Text::from(name.trim())).collect(),
        None => return Batch::default(),
    };
    let cell = |text: &str| if text.is_empty() { Value::Null } else { Value::text(text) };
    let mut batch = Batch::from_rows(&names, records.map(|record| record.iter().map(cell).collect()));
    batch.ordered = true;
    batch
}

fn json_rows(data: &str, now: &Value) -> Batch {
    let objects: Vec<serde_json::Value> = serde_json::from_str(data).unwrap_or_default();
    let mut builder = BatchBuilder::new();
    for object in objects {
        let serde_json::Value::Object(fields) = &object else { continue };
        builder.set("_raw", Value::text(object.to_string()));
        builder.set("_time", now.clone());
        for (name, value) in fields {
            builder.set(name, json_cell(value));
        }
        builder.end_row();
    }
    builder.finish()
}

/// A scalar as its text, a container as its JSON.
fn json_cell(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::String(text) => Value::text(text.as_str()),
        serde_json::Value::Null => Value::Null,
        other => Value::text(other.to_string()),
    }
}
