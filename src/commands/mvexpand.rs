//! Makes a row of each value of a multivalue field.
//!
//! ## Syntax
//! `mvexpand <field> [limit=<n>]`
//!
//! ## Description
//! The other fields are repeated in each row. `limit` is how many values of a row are used, 0 for all. A row without the field
//! stays as it is. The field cannot be an internal one.
//!
//! ## Examples
//!
//! ```spl
//! mvexpand user
//! ```
//! ```json in
//! {"host": "a", "user": ["ada", "bob"]}
//! {"host": "b", "user": "eve"}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "a", "user": "ada"}
//! {"host": "a", "user": "bob"}
//! {"host": "b", "user": "eve"}
//! {"host": "c"}
//! ```
//!
//! ```spl
//! mvexpand n limit=2
//! ```
//! ```json in
//! {"n": ["3", "1", "2"]}
//! ```
//! ```json out
//! {"n": "3"}
//! {"n": "1"}
//! ```
//!
//! ```spl
//! mvexpand user, host
//! ```
//! ```error
//! error[E0205]: `mvexpand` does not take `host` here
//! ```
//!
//! ```spl
//! mvexpand _raw
//! ```
//! ```error
//! error[E0205]: `mvexpand` does not take the internal field `_raw`
//! ```
//!
//! ## Differences from Splunk
//! Memory is not limited, so nothing is cut.

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, Word, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `mvexpand`
#[derive(Clone, Debug)]
pub struct MvExpand {
    field: Text,
    /// Values used of a row; none for all.
    limit: Option<usize>,
}

/// Reads the arguments of `mvexpand`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut limit) = (None, None);
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        match args.option(&["limit"])? {
            Some((_, value)) => limit = Some(value.count("limit")?).filter(|&limit| limit > 0),
            None if field.is_none() => field = Some(args.word("a field")?),
            None => break,
        }
    }
    let Some(field) = field else { return Err(args.error("`mvexpand` needs a field")) };
    not_internal(&field, "mvexpand")?;
    Ok(Box::new(MvExpand { field: field.text, limit }))
}

/// Refuses fields whose names begin with `_`.
pub(super) fn not_internal(field: &Word, command: &str) -> Result<()> {
    if !field.text.starts_with('_') {
        return Ok(());
    }
    let message = format!("`{command}` does not take the internal field `{}`", field.text);
    Err(Diagnostic::error(Code::Arguments, message).at(field.span, "").help("copy it: `eval name = '_name'`"))
}

impl fmt::Display for MvExpand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mvexpand ")?;
        write_name(f, &self.field)?;
        self.limit.map_or(Ok(()), |limit| write!(f, " limit={limit}"))
    }
}

impl Command for MvExpand {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        // How many rows there are depends on the field, whether it is used or not.
        after.clone().with(&FieldSet::of([self.field.clone()]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for MvExpand {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        let Some(column) = batch.column(&self.field) else { return Ok(batch) };
        if !column.mask(|value| matches!(value, Value::Multi(_))).contains(&true) {
            return Ok(batch);
        }
        let limit = self.limit.unwrap_or(usize::MAX);
        let (mut rows, mut values) = (Vec::new(), Vec::new());
        for (row, value) in column.iter().enumerate() {
            match value.values() {
                [] => {
                    rows.push(row);
                    values.push(Value::Null);
                }
                several => {
                    let used = several.iter().take(limit);
                    rows.extend(used.clone().map(|_| row));
                    values.extend(used.cloned());
                }
            }
        }
        let mut out = batch.take(&rows);
        out.set(self.field.clone(), Column::from_values(values));
        Ok(out)
    }
}
