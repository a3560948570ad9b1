//! Counts how often values of two fields occur together.
//!
//! ## Syntax
//! `contingency [maxrows=<n>] [maxcols=<n>] [minrowcover=<part>] [mincolcover=<part>] [usetotal=<bool>] [totalstr=<text>]
//! <field> <field>`
//!
//! `counttable` and `ctable` are other names for it.
//!
//! ## Description
//! There is a row for each value of the first field and a column for each value of the second, the most frequent
//! first; a cell is how many rows have both values. Rows without one of the fields do not count; of a multivalue each
//! value does. An empty value is shown as `EMPTY_STR`.
//!
//! Of many values the most frequent are shown: at most `maxrows` and `maxcols`, by default and at most 1000, and 0 is
//! the same; and no more than it takes to show the part `minrowcover`, `mincolcover` of all that is counted, by default
//! 1.0. Unless `usetotal=false` a row and a column `TOTAL`, or as `totalstr` says, have the sums of what is shown.
//!
//! ## Examples
//!
//! ```spl
//! contingency user action
//! ```
//! ```json in
//! {"user": "eve", "action": "drop"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "drop"}
//! {"user": "ada", "action": "read"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"user": "ada", "read": 3, "drop": 1, "TOTAL": 4}
//! {"user": "eve", "read": 0, "drop": 1, "TOTAL": 1}
//! {"user": "TOTAL", "read": 3, "drop": 2, "TOTAL": 5}
//! ```
//!
//! Four of five events have one of the two most frequent codes.
//!
//! ```spl
//! ctable maxrows=1 mincolcover=0.8 usetotal=f host code
//! ```
//! ```json in
//! {"host": "web", "code": "200"}
//! {"host": "web", "code": "200"}
//! {"host": "web", "code": "404"}
//! {"host": "db", "code": "200"}
//! {"host": "web", "code": "500"}
//! ```
//! ```json out
//! {"host": "web", "200": 2, "404": 1}
//! ```
//!
//! ```spl
//! contingency user
//! ```
//! ```error
//! error[E0205]: `contingency` needs two fields
//! ```
//!
//! ## Differences from Splunk
//! In which order Splunk shows values that are equally frequent is not documented; here it is that of the text.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Partial, RunContext, Transforming};
use crate::parse::args::{Args, Word, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// How many rows or columns there are at most (Search Reference, `contingency`, "Limits").
const MOST: usize = 1000;

/// How an empty value is shown (Search Reference, `contingency`, "Empty values").
const EMPTY: &str = "EMPTY_STR";

/// `contingency`
#[derive(Clone, Debug)]
pub struct Contingency {
    rows: Side,
    columns: Side,
    /// What the sums are called; none for no sums.
    total: Option<Text>,
}

/// A field and how many of its values are shown.
#[derive(Clone, Debug)]
struct Side {
    field: Text,
    most: usize,
    cover: f64,
}

/// Reads the arguments of `contingency`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let side = || Side { field: Text::new(), most: MOST, cover: 1.0 };
    let (mut rows, mut columns) = (side(), side());
    let (mut total, mut use_total, mut fields) = (Text::from("TOTAL"), true, Vec::new());
    let options = ["maxrows", "maxcols", "minrowcover", "mincolcover", "usetotal", "totalstr"];
    while !args.at_end() {
        match args.option(&options)? {
            Some((name @ "maxrows", value)) => rows.most = most(name, &value)?,
            Some((name @ "maxcols", value)) => columns.most = most(name, &value)?,
            Some((name @ "minrowcover", value)) => rows.cover = cover(name, &value)?,
            Some((name @ "mincolcover", value)) => columns.cover = cover(name, &value)?,
            Some((name @ "usetotal", value)) => use_total = value.truth(name)?,
            Some((_, value)) => total = value.text,
            None => fields.extend(args.some_fields(&[])?),
        }
    }
    if let Some(wild) = fields.iter().find(|field| !field.quoted && field.text.contains('*')) {
        return Err(args.error("`contingency` takes no wildcards").at(wild.span, ""));
    }
    let Ok([row, column]) = <[Word; 2]>::try_from(fields) else {
        return Err(args.error("`contingency` needs two fields"));
    };
    (rows.field, columns.field) = (row.text, column.text);
    Ok(Box::new(Contingency { rows, columns, total: use_total.then_some(total) }))
}

fn most(name: &str, value: &Word) -> Result<usize> {
    let count = value.count(name)?;
    Ok(if count == 0 { MOST } else { count.min(MOST) })
}

fn cover(name: &str, value: &Word) -> Result<f64> {
    let part = value.text.parse().ok().filter(|part: &f64| (0.0..=1.0).contains(part));
    part.ok_or_else(|| value.wrong(name, "a number from 0 to 1"))
}

impl fmt::Display for Contingency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "contingency maxrows={} maxcols={}", self.rows.most, self.columns.most)?;
        write!(f, " minrowcover={} mincolcover={}", self.rows.cover, self.columns.cover)?;
        match &self.total {
            None => f.write_str(" usetotal=false")?,
            Some(total) => {
                f.write_str(" totalstr=")?;
                write_value(f, total)?;
            }
        }
        f.write_str(" ")?;
        write_names(f, [self.rows.field.as_str(), self.columns.field.as_str()])
    }
}

impl Command for Contingency {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of([self.rows.field.clone(), self.columns.field.clone()])
    }

    fn order_matters(&self, _: bool) -> bool {
        false
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.transforming(self.clone());
        Ok(())
    }
}

impl Transforming for Contingency {
    fn start(&self) -> Box<dyn Partial> {
        Box::new(State { command: self.clone(), counts: Counts::default() })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>> {
        let counts = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        Ok(Box::new(State { command: self.clone(), counts }))
    }
}

/// How often two values occur together.
type Counts = BTreeMap<(Text, Text), u64>;

struct State {
    command: Contingency,
    counts: Counts,
}

impl Partial for State {
    fn update(&mut self, batch: &Batch, _: &RunContext) -> Result<()> {
        let none = Column::Null(batch.rows());
        let column = |name: &str| batch.column(name).unwrap_or(&none);
        let shown = |value: &Value| match value.to_text() {
            text if text.is_empty() => Text::from(EMPTY),
            text => Text::from(text),
        };
        for (row, column) in
            column(&self.command.rows.field).iter().zip(column(&self.command.columns.field).iter())
        {
            for one in row.values() {
                for other in column.values() {
                    *self.counts.entry((shown(one), shown(other))).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Partial>, _: &RunContext) -> Result<()> {
        if let Ok(later) = later.into_any().downcast::<State>() {
            for (values, count) in later.counts {
                *self.counts.entry(values).or_default() += count;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![self.command.table(&self.counts)])
    }

    fn save(&mut self, _: &RunContext) -> Result<Vec<u8>> {
        postcard::to_stdvec(&self.counts)
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Side {
    /// The values that are shown, the most frequent first.
    fn shown<'c>(&self, counted: impl Iterator<Item = (&'c Text, u64)>) -> Vec<&'c Text> {
        let mut counts: BTreeMap<&Text, u64> = BTreeMap::new();
        counted.for_each(|(value, count)| *counts.entry(value).or_default() += count);
        let all: u64 = counts.values().sum();
        let mut values: Vec<_> = counts.into_iter().collect();
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let (mut covered, mut shown) = (0, Vec::new());
        for (value, count) in values.into_iter().take(self.most) {
            if covered as f64 >= self.cover * all as f64 {
                break;
            }
            covered += count;
            shown.push(value);
        }
        shown
    }
}

impl Contingency {
    fn table(&self, counts: &Counts) -> Batch {
        let rows = self.rows.shown(counts.iter().map(|((row, _), count)| (row, *count)));
        let columns = self.columns.shown(counts.iter().map(|((_, column), count)| (column, *count)));
        let count = |row: &Text, column: &Text| {
            counts.get(&(row.clone(), column.clone())).map_or(0.0, |count| *count as f64)
        };
        let mut names: Vec<Value> = rows.iter().map(|row| Value::Text((*row).clone())).collect();
        names.extend(self.total.iter().filter(|_| !rows.is_empty()).map(|total| Value::Text(total.clone())));
        let mut out = Batch::with_rows(names.len());
        out.ordered = true;
        out.set(self.rows.field.clone(), Column::from_values(names));
        let mut add = |name: &Text, cells: Vec<f64>| {
            let sum = self.total.as_ref().filter(|_| !rows.is_empty()).map(|_| cells.iter().sum());
            let cells = cells.into_iter().chain(sum).map(Value::number).collect();
            out.set(name.clone(), Column::from_values(cells));
        };
        for column in &columns {
            add(column, rows.iter().map(|row| count(row, column)).collect());
        }
        if let Some(total) = &self.total {
            let of_row = |row: &&Text| columns.iter().map(|column| count(row, column)).sum();
            add(total, rows.iter().map(of_row).collect());
        }
        out
    }
}
