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
//! {"count": "3", "user": "ada"}
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
//! Options that it does not have are passed over, with a warning.
//!
//! ```spl
//! | makeresults rows=3 | eval n = 1 | table n
//! ```
//! ```json out
//! {"n": 1}
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
//! Splunk passes over an option that `makeresults` does not have, and makes no row of `data` that is no JSON, without
//! a word; here each is a warning. Of servers there is only `splunk_server=local`.

use std::fmt;

use super::{Command, Position};
use crate::batch::{Batch, BatchBuilder, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Severity};
use crate::exec::{Generating, RunContext};
use crate::parse::args::{Args, Word};
use crate::parse::lexeme;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// The rows are made at once, and have to fit into memory.
const MOST_ROWS: usize = 10_000_000;

/// `makeresults`
#[derive(Clone, Debug)]
pub struct MakeResults {
    rows: Rows,
    /// Options that it does not have: they are passed over, as Splunk does.
    others: Vec<(Text, Text)>,
    /// What is said of them.
    warnings: Vec<Diagnostic>,
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
    let (mut others, mut warnings) = (Vec::new(), Vec::new());
    while !args.at_end() {
        let name = option_name(args);
        let option = match args.option(&["count", "annotate", "format", "data", "splunk_server"]) {
            Err(unknown) if unknown.code == Code::UnknownOption => {
                args.cursor.blanks();
                others.push((name, args.word("a value")?.text));
                warnings.push(Diagnostic { severity: Severity::Warning, code: Code::PassedOver, ..unknown });
                continue;
            }
            option => option?,
        };
        match option {
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
            warnings.extend(check_json(&data)?);
            Rows::Json(data.text)
        }
        (Some(format), Some(_)) => return Err(format.wrong("format", "csv or json")),
        _ => return Err(args.error("`format` and `data` belong together")),
    };
    Ok(Box::new(MakeResults { rows, others, warnings }))
}

impl fmt::Display for MakeResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("makeresults")?;
        for (name, value) in &self.others {
            write!(f, " {name}=")?;
            write_value(f, value)?;
        }
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
        self.warnings.iter().for_each(|warning| planner.warnings().add(warning.clone()));
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

/// Refuses JSON that is no array of objects. Of what is no JSON no rows are made, with a warning.
fn check_json(data: &Word) -> Result<Option<Diagnostic>> {
    match serde_json::from_str::<serde_json::Value>(&data.text) {
        Ok(serde_json::Value::Array(items)) if items.iter().all(serde_json::Value::is_object) => Ok(None),
        Ok(_) => {
            let message = "`data` is not an array of JSON objects";
            Err(Diagnostic::error(Code::OptionValue, message).at(data.span, ""))
        }
        Err(error) => {
            let message = format!("no rows are made of `data`, which is not JSON: {error}");
            Ok(Some(Diagnostic::warning(Code::PassedOver, message).at(data.span, "")))
        }
    }
}

/// The name of the option that stands here, if one does.
fn option_name(args: &Args<'_>) -> Text {
    let mut ahead = args.cursor.clone();
    ahead.separators();
    ahead.lex(lexeme::option_name).map(Text::from).unwrap_or_default()
}

fn csv_rows(data: &str) -> Batch {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(data.as_bytes());
    let mut records = reader.records().filter_map(std::result::Result::ok);
    let names: Vec<Text> = match records.next() {
        Some(header) => header.iter().map(|name| Text::from(name.trim())).collect(),
        None => return Batch::default(),
    };
    let cell = |text: &str| if text.is_empty() { Value::Null } else { Value::text(text) };
    Batch::from_rows(&names, records.map(|record| record.iter().map(cell).collect()))
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
