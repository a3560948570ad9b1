//! Makes one value of a multivalue field.
//!
//! ## Syntax
//! `nomv <field>`
//!
//! ## Description
//! The values stand on lines of their own in the result, or with the delimiter between them that an `mvcombine` before this command
//! named for the field.
//!
//! ## Examples
//!
//! ```spl
//! nomv sender
//! ```
//! ```json in
//! {"sender": ["ada", "bob"]}
//! {"sender": "eve"}
//! {"host": "a"}
//! ```
//! ```json out
//! {"sender": "ada\nbob"}
//! {"sender": "eve"}
//! {"host": "a"}
//! ```
//!
//! ```spl
//! mvcombine delim=", " host | nomv host
//! ```
//! ```json in
//! {"user": "ada", "host": "a"}
//! {"user": "ada", "host": "b"}
//! ```
//! ```json out
//! {"user": "ada", "host": "a, b"}
//! ```
//!
//! ```spl
//! nomv
//! ```
//! ```error
//! error[E0205]: `nomv` needs a field
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `nomv`
#[derive(Clone, Debug)]
pub struct NoMv {
    field: Text,
}

/// Reads the arguments of `nomv`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(NoMv { field: args.word("a field")?.text }))
}

impl fmt::Display for NoMv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nomv ")?;
        write_name(f, &self.field)
    }
}

impl Command for NoMv {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let delimiter = planner.delimiter(&self.field).unwrap_or_else(|| "\n".into());
        planner.streaming(Joined { field: self.field.clone(), delimiter });
        Ok(())
    }
}

struct Joined {
    field: Text,
    delimiter: Text,
}

impl Streaming for Joined {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        if let Some(column) = batch.column(&self.field) {
            let joined = column.map(|value| match value {
                Value::Multi(values) => {
                    let texts: Vec<_> = values.iter().map(Value::to_text).collect();
                    Value::text(texts.join(&self.delimiter))
                }
                one => one.clone(),
            });
            batch.set(self.field.clone(), joined);
        }
        Ok(batch)
    }
}
