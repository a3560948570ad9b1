//! Removes rows with numbers that are far out, or cuts the numbers off.
//!
//! ## Syntax
//! `outlier [type=iqr] [action=remove|transform] [param=<number>] [uselower=<bool>] [mark=<bool>] [<field>...]`
//!
//! ## Description
//! A number of a field is far out if it lies more than `param` times the interquartile range, by default 2.5, above
//! the third quartile of the field's numbers, or with `uselower=true` below the first. It becomes the bound that it
//! lies beyond, with `000` before it if `mark=true`; or with `action=remove` the row is removed. `rm` and `tf` are
//! short for `remove` and `transform`. Fields may have `*`; without fields all are looked at.
//!
//! ## Examples
//!
//! The quartiles are 2 and 4: what is more than 4 + 2.5 * 2 is far out.
//!
//! ```spl
//! outlier count
//! ```
//! ```json in
//! {"user": "ada", "count": "1"}
//! {"user": "bob", "count": "2"}
//! {"user": "eve", "count": "3"}
//! {"user": "joe", "count": "4"}
//! {"user": "sue", "count": "90"}
//! ```
//! ```json out
//! {"user": "ada", "count": "1"}
//! {"user": "bob", "count": "2"}
//! {"user": "eve", "count": "3"}
//! {"user": "joe", "count": "4"}
//! {"user": "sue", "count": 9}
//! ```
//!
//! ```spl
//! outlier action=RM param=1 uselower=t n
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "11"}
//! {"n": "12"}
//! {"n": "none"}
//! {"n": "13"}
//! {"n": "20"}
//! ```
//! ```json out
//! {"n": "11"}
//! {"n": "12"}
//! {"n": "none"}
//! {"n": "13"}
//! ```
//!
//! ```spl
//! outlier action=drop count
//! ```
//! ```error
//! error[E0204]: `action` needs remove or transform and got `drop`
//! ```

pub(super) mod quartiles;

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use quartiles::{Treatment, needed};

/// `outlier`
#[derive(Clone, Debug)]
pub struct Outlier {
    treatment: Treatment,
    fields: Vec<Pattern>,
}

/// Reads the arguments of `outlier`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = Outlier { treatment: Treatment::default(), fields: Vec::new() };
    let options: Vec<&'static str> = Treatment::OPTIONS.into_iter().chain(["type"]).collect();
    while !args.at_end() {
        match args.option(&options)? {
            Some(("type", value)) if value.text.eq_ignore_ascii_case("iqr") => {}
            Some(("type", value)) => return Err(value.wrong("type", "iqr")),
            Some((name, value)) => parsed.treatment.take(name, &value)?,
            None => parsed.fields.extend(args.some_fields(&[])?.iter().map(|word| word.pattern())),
        }
    }
    Ok(Box::new(parsed))
}

impl fmt::Display for Outlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outlier{} ", self.treatment)?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for Outlier {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        needed(after, &self.fields)
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Outlier {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![self.treatment.apply(Batch::concat(&batches), &self.fields)])
    }
}
