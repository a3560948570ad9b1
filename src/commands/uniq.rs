//! Drops rows that are equal to the row before.
//!
//! ## Syntax
//! `uniq`
//!
//! ## Description
//! Rows are equal if all their fields are, internal ones included.
//!
//! ## Examples
//!
//! ```spl
//! uniq
//! ```
//! ```json in
//! {"user": "ada", "n": "1"}
//! {"user": "ada", "n": "1"}
//! {"user": "ada"}
//! {"user": "ada", "n": "1"}
//! ```
//! ```json out
//! {"user": "ada", "n": "1"}
//! {"user": "ada"}
//! {"user": "ada", "n": "1"}
//! ```
//!
//! ```spl
//! sort user | fields user | uniq
//! ```
//! ```json in
//! {"user": "bob", "n": "1"}
//! {"user": "ada", "n": "2"}
//! {"user": "bob", "n": "3"}
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "bob"}
//! ```
//!
//! ```spl
//! uniq user
//! ```
//! ```error
//! error[E0205]: `uniq` does not take `user` here
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::parse::args::Args;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `uniq`
#[derive(Clone, Debug)]
pub struct Uniq;

/// Reads the arguments of `uniq`: none.
pub fn parse(_: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(Uniq))
}

impl fmt::Display for Uniq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("uniq")
    }
}

impl Command for Uniq {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(Uniq);
        Ok(())
    }
}

impl Centralized for Uniq {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Before { row: None })
    }
}

/// The fields of the row before that have a value, by name.
struct Before {
    row: Option<Vec<(Text, Value)>>,
}

impl Scan for Before {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        let mut columns: Vec<_> = batch.columns().collect();
        columns.sort_by_key(|(name, _)| *name);
        let keep: Vec<bool> = (0..batch.rows())
            .map(|row| {
                let cells = columns.iter().map(|(name, column)| (*name, column.get(row)));
                // 7 from an event and 7 from an expression are the same text.
                let text = |value: &Value| Value::Text(value.clone().into_text());
                let filled = cells.filter(|(_, value)| !value.is_null());
                let this = filled.map(|(name, value)| (name.clone(), value.map_each(text))).collect();
                let differs = self.row.as_ref() != Some(&this);
                self.row = Some(this);
                differs
            })
            .collect();
        Ok((batch.filter(&keep), Flow::More))
    }
}
