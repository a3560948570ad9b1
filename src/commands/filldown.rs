//! Gives fields that are missing the value of the row before.
//!
//! ## Syntax
//! `filldown [<fields>]`
//!
//! ## Description
//! Each missing field gets its last value before. Without a list of fields this is about all of them, internal ones
//! excepted. Names may have `*`.
//!
//! ## Examples
//!
//! ```spl
//! filldown
//! ```
//! ```json in
//! {"user": "ada"}
//! {"n": "7", "_time": "5"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "ada", "n": "7", "_time": "5"}
//! {"user": "bob", "n": "7"}
//! ```
//!
//! ```spl
//! filldown user, src*
//! ```
//! ```json in
//! {"user": "ada", "src": "a", "n": "1"}
//! {"src": "b"}
//! ```
//! ```json out
//! {"user": "ada", "src": "a", "n": "1"}
//! {"user": "ada", "src": "b"}
//! ```
//!
//! ```spl
//! filldown value=0
//! ```
//! ```error
//! error[E0202]: `filldown` has no option `value`
//! ```

use std::fmt;

use super::{Command, fields::stands_for};
use crate::batch::{Batch, Column, FieldMap, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::Value;

/// `filldown`
#[derive(Clone, Debug)]
pub struct FillDown {
    /// The fields; none for all.
    fields: Vec<Pattern>,
}

/// Reads the arguments of `filldown`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let fields = args.fields(&[])?.iter().map(|word| word.pattern()).collect();
    args.option(&[])?;
    Ok(Box::new(FillDown { fields }))
}

impl fmt::Display for FillDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.fields.is_empty() { "filldown" } else { "filldown " })?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for FillDown {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(self.clone());
        Ok(())
    }
}

impl Centralized for FillDown {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Last { fields: self.fields.clone(), values: FieldMap::default() })
    }
}

/// The last value of each field.
struct Last {
    fields: Vec<Pattern>,
    values: FieldMap<Value>,
}

impl Scan for Last {
    fn step(&mut self, mut batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        for name in batch.names() {
            let listed = match self.fields.is_empty() {
                true => !name.starts_with('_'),
                false => self.fields.iter().any(|field| stands_for(field, name)),
            };
            if listed && !self.values.contains_key(name) {
                self.values.insert(name.clone(), Value::Null);
            }
        }
        for (name, last) in &mut self.values {
            let filled = match batch.column(name) {
                None => Column::constant(last.clone(), batch.rows()),
                Some(column) => {
                    let fill = |value: std::borrow::Cow<'_, Value>| {
                        if !value.is_null() {
                            *last = value.into_owned();
                        }
                        last.clone()
                    };
                    Column::from_values(column.iter().map(fill).collect())
                }
            };
            batch.set(name.clone(), filled);
        }
        Ok((batch, Flow::More))
    }
}
