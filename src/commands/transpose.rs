//! Turns rows into columns.
//!
//! ## Syntax
//! `transpose [<n>] [column_name=<name>] [header_field=<field>] [include_empty=<bool>]`
//!
//! ## Description
//! A row for each field, and a column for each of the first 5 rows, or so many; 0 for all. The name of the field
//! stands in `column`, or in the field that `column_name` says, and the values in `row 1`, `row 2` and so on. With
//! `header_field` the values of that field are the names of the columns, and it has no row of its own. With
//! `include_empty=false` a field without any value in these rows is left out.
//!
//! ## Examples
//!
//! ```spl
//! transpose
//! ```
//! ```json in
//! {"host": "web", "count": "7"}
//! {"host": "db", "count": "9"}
//! ```
//! ```json out
//! {"column": "host", "row 1": "web", "row 2": "db"}
//! {"column": "count", "row 1": "7", "row 2": "9"}
//! ```
//!
//! ```spl
//! transpose 2 header_field=host column_name=metric include_empty=f
//! ```
//! ```json in
//! {"host": "web", "cpu": "7"}
//! {"host": "db", "disk": "9"}
//! {"host": "mail", "memory": "1"}
//! ```
//! ```json out
//! {"metric": "cpu", "web": "7"}
//! {"metric": "disk", "db": "9"}
//! ```
//!
//! ```spl
//! transpose include_empty=maybe
//! ```
//! ```error
//! error[E0204]: `include_empty` needs true or false and got `maybe`
//! ```
//!
//! ## Differences from Splunk
//! Of rows that have the same value of the header field, the last counts; Splunk's documentation does not say.

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// How many rows become columns where nothing is said (Search Reference, `transpose`).
const DEFAULT_ROWS: usize = 5;

/// `transpose`
#[derive(Clone, Debug)]
pub struct Transpose {
    /// 0 for all.
    rows: usize,
    column_name: Text,
    header: Option<Text>,
    include_empty: bool,
}

/// Reads the arguments of `transpose`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut rows, mut column_name, mut header, mut include_empty) = (None, Text::from("column"), None, true);
    while !args.at_end() {
        match args.option(&["column_name", "header_field", "include_empty"])? {
            Some(("column_name", value)) => column_name = value.text,
            Some(("header_field", value)) => header = Some(value.text),
            Some((_, value)) => include_empty = value.truth("include_empty")?,
            None if rows.is_none() => rows = Some(args.word("a number of rows")?.count("transpose")?),
            None => args.end()?,
        }
    }
    let rows = rows.unwrap_or(DEFAULT_ROWS);
    Ok(Box::new(Transpose { rows, column_name, header, include_empty }))
}

impl fmt::Display for Transpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "transpose {} column_name=", self.rows)?;
        write_name(f, &self.column_name)?;
        if let Some(header) = &self.header {
            f.write_str(" header_field=")?;
            write_name(f, header)?;
        }
        f.write_str(if self.include_empty { "" } else { " include_empty=false" })
    }
}

impl Command for Transpose {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Transpose {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let rows = if self.rows == 0 { all.rows() } else { self.rows.min(all.rows()) };
        let filled = |name: &Text| (0..rows).any(|row| !all.get(name, row).is_null());
        // A column of nulls alone is one that is not there, however the rows came.
        let exists = |name: &Text| (0..all.rows()).any(|row| !all.get(name, row).is_null());
        let names: Vec<&Text> = all
            .display_order()
            .into_iter()
            .filter(|name| self.header.as_ref() != Some(*name))
            .filter(|name| if self.include_empty { exists(name) } else { filled(name) })
            .collect();
        let mut batch = Batch::with_rows(names.len());
        batch.ordered = true;
        let column = names.iter().map(|name| Value::Text((*name).clone())).collect();
        batch.set(self.column_name.clone(), Column::from_values(column));
        for row in 0..rows {
            let header =
                self.header.as_ref().map(|header| all.get(header, row)).filter(|value| !value.is_null());
            let name = header
                .map_or_else(|| Text::from(format!("row {}", row + 1)), |value| Text::from(value.to_text()));
            let cells = names.iter().map(|field| all.get(field, row).into_owned()).collect();
            batch.set(name, Column::from_values(cells));
        }
        Ok(vec![batch])
    }
}
