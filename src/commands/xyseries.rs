//! Makes a table of rows that each have one cell.
//!
//! ## Syntax
//! `xyseries [grouped=<bool>] <row field> <name field> <value field>... [sep=<text>] [format=<text>]`
//!
//! ## Description
//! A row for each value of the row field, sorted, and a column for each value of the name field, sorted, with what the
//! value field has in the row with both. With several value fields there is a column for each value field and name,
//! called `value field: name`; `sep` is what stands between the two, and `format` says it in full, with `$AGG$` for
//! the value field and `$VAL$` for the name. Of two rows for one cell the last counts. Rows without the row field or
//! the name field are left out.
//!
//! With `grouped=true` rows with the same row field stand together: each run of them is a row of the table, in the
//! order in which they come.
//!
//! ## Examples
//!
//! ```spl
//! xyseries host metric value
//! ```
//! ```json in
//! {"host": "web", "metric": "disk", "value": "80"}
//! {"host": "db", "metric": "disk", "value": "7"}
//! {"host": "web", "metric": "cpu", "value": "3"}
//! {"host": "db", "value": "9"}
//! ```
//! ```json out
//! {"host": "db", "disk": "7"}
//! {"host": "web", "cpu": "3", "disk": "80"}
//! ```
//!
//! ```spl
//! xyseries grouped=t format="$VAL$/$AGG$" day host low high
//! ```
//! ```json in
//! {"day": "Tue", "host": "web", "low": "1", "high": "2"}
//! {"day": "Tue", "host": "db", "low": "3"}
//! {"day": "Mon", "host": "web", "low": "4", "high": "5"}
//! ```
//! ```json out
//! {"day": "Tue", "db/low": "3", "web/low": "1", "web/high": "2"}
//! {"day": "Mon", "web/low": "4", "web/high": "5"}
//! ```
//!
//! ```spl
//! xyseries host metric
//! ```
//! ```error
//! error[E0205]: `xyseries` needs a field of the rows, one of the names and at least one of the values
//! ```
//!
//! ## Differences from Splunk
//! In which order the rows come is not documented.

use std::fmt;

use indexmap::{IndexMap, IndexSet};

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value, compare_group_key};

/// `xyseries`
#[derive(Clone, Debug)]
pub struct Xyseries {
    grouped: bool,
    row: Text,
    name: Text,
    values: Vec<Text>,
    separator: Text,
    format: Option<Text>,
}

/// Reads the arguments of `xyseries`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut grouped, mut separator, mut format) = (false, Text::from(": "), None);
    let mut fields = Vec::new();
    while !args.at_end() {
        match args.option(&["grouped", "sep", "format"])? {
            Some(("grouped", value)) => grouped = value.truth("grouped")?,
            Some(("sep", value)) => separator = value.text,
            Some((_, value)) => format = Some(value.text),
            None => fields.extend(args.some_fields(&[])?.into_iter().map(|word| word.text)),
        }
    }
    let mut fields = fields.into_iter();
    let (Some(row), Some(name)) = (fields.next(), fields.next()) else { return Err(too_few(args)) };
    let values: Vec<Text> = fields.collect();
    if values.is_empty() {
        return Err(too_few(args));
    }
    Ok(Box::new(Xyseries { grouped, row, name, values, separator, format }))
}

fn too_few(args: &Args<'_>) -> crate::diagnostic::Diagnostic {
    args.error("`xyseries` needs a field of the rows, one of the names and at least one of the values")
}

impl fmt::Display for Xyseries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("xyseries ")?;
        f.write_str(if self.grouped { "grouped=true " } else { "" })?;
        f.write_str("sep=")?;
        write_value(f, &self.separator)?;
        if let Some(format) = &self.format {
            f.write_str(" format=")?;
            write_value(f, format)?;
        }
        f.write_str(" ")?;
        write_names(f, [&self.row, &self.name].into_iter().chain(&self.values).map(Text::as_str))
    }
}

impl Command for Xyseries {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of([&self.row, &self.name].into_iter().chain(&self.values).cloned())
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

/// A row of the table: its key, and for each name the values.
type TableRow = (Value, IndexMap<String, Vec<Value>>);

impl Dataset for Xyseries {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let (rows, names) = self.collect(&Batch::concat(&batches));
        let mut batch = Batch::with_rows(rows.len());
        batch.ordered = true;
        let keys = rows.iter().map(|(key, _)| key.clone()).collect();
        batch.set(self.row.clone(), Column::from_values(keys));
        for name in &names {
            for (at, field) in self.values.iter().enumerate() {
                let cell = |(_, cells): &TableRow| {
                    cells.get(name).and_then(|values| values.get(at)).cloned().unwrap_or_default()
                };
                let cells = rows.iter().map(cell).collect();
                batch.set(self.column_name(field, name), Column::from_values(cells));
            }
        }
        Ok(vec![batch])
    }
}

impl Xyseries {
    /// The rows in order, and the names, sorted.
    fn collect(&self, all: &Batch) -> (Vec<TableRow>, Vec<String>) {
        let mut rows: Vec<TableRow> = Vec::new();
        let mut row_of: IndexMap<String, usize> = IndexMap::new();
        let mut names: IndexSet<String> = IndexSet::new();
        let mut last: Option<String> = None;
        for row in 0..all.rows() {
            let (key, name) = (all.get(&self.row, row), all.get(&self.name, row));
            if key.is_null() || name.is_null() {
                continue;
            }
            let text = key.to_text().into_owned();
            let again = if self.grouped { last.as_ref() == Some(&text) } else { row_of.contains_key(&text) };
            if !again {
                row_of.insert(text.clone(), rows.len());
                rows.push((key.clone().into_owned(), IndexMap::new()));
            }
            let at = row_of.get(&text).copied().unwrap_or_default();
            last = Some(text);
            let name = name.to_text().into_owned();
            names.insert(name.clone());
            if let Some((_, cells)) = rows.get_mut(at) {
                let values = self.values.iter().map(|field| all.get(field, row).into_owned()).collect();
                cells.insert(name, values);
            }
        }
        if !self.grouped {
            rows.sort_by(|(a, _), (b, _)| compare_group_key(a, b));
        }
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_by(|a, b| compare_group_key(&Value::text(a.as_str()), &Value::text(b.as_str())));
        (rows, names)
    }

    fn column_name(&self, field: &str, name: &str) -> Text {
        match &self.format {
            Some(format) => Text::from(format.replace("$AGG$", field).replace("$VAL$", name)),
            None if self.values.len() == 1 => Text::from(name),
            None => Text::from(format!("{field}{}{name}", self.separator)),
        }
    }
}
