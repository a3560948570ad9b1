//! Puts rows with the same values beside each other.
//!
//! ## Syntax
//! `selfjoin [overwrite=<bool>] [max=<n>] [keepsingle=<bool>] <field>...`
//!
//! ## Description
//! A row is merged with the rows after it that have the same values of all the fields, letter for letter: with the
//! next one, or with as many as `max` says, 0 meaning all; each gives a row of its own. Of fields that both have, the
//! later row's value is taken; with `overwrite=false` the earlier one's. Where several fields are given a row that
//! lacks one of them matches nothing. A row that no other matches is dropped, or with `keepsingle=true` kept.
//!
//! ## Examples
//!
//! ```spl
//! selfjoin id
//! ```
//! ```json in
//! {"id": "1", "user": "ada", "n": "1"}
//! {"id": "2", "user": "bob"}
//! {"id": "1", "host": "web", "n": "2"}
//! ```
//! ```json out
//! {"id": "1", "user": "ada", "n": "2", "host": "web"}
//! ```
//!
//! ```spl
//! selfjoin overwrite=f max=0 keepsingle=t id
//! ```
//! ```json in
//! {"id": "1", "n": "1"}
//! {"id": "1", "n": "2", "host": "web"}
//! {"id": "2", "n": "3"}
//! {"id": "1", "user": "ada"}
//! ```
//! ```json out
//! {"id": "1", "n": "1", "host": "web"}
//! {"id": "1", "n": "1", "user": "ada"}
//! {"id": "1", "n": "2", "host": "web", "user": "ada"}
//! {"id": "2", "n": "3"}
//! ```
//!
//! ```spl
//! selfjoin max=2
//! ```
//! ```error
//! error[E0205]: `selfjoin` needs at least one field
//! ```

use std::fmt;

use super::Command;
use super::support::{Index, merge};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::Text;

/// `selfjoin`
#[derive(Clone, Debug)]
pub struct SelfJoin {
    overwrite: bool,
    max: usize,
    keep: bool,
    fields: Vec<Text>,
}

/// Reads the arguments of `selfjoin`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut join = SelfJoin { overwrite: true, max: 1, keep: false, fields: Vec::new() };
    while !args.at_end() {
        match args.option(&["overwrite", "max", "keepsingle"])? {
            Some(("overwrite", value)) => join.overwrite = value.truth("overwrite")?,
            Some(("max", value)) => join.max = value.count("max")?,
            Some((name, value)) => join.keep = value.truth(name)?,
            None => join.fields.extend(args.fields(&[])?.into_iter().map(|word| word.text)),
        }
    }
    match join.fields.is_empty() {
        true => Err(args.error("`selfjoin` needs at least one field")),
        false => Ok(Box::new(join)),
    }
}

impl fmt::Display for SelfJoin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("selfjoin ")?;
        f.write_str(if self.overwrite { "" } else { "overwrite=false " })?;
        if self.max != 1 {
            write!(f, "max={} ", self.max)?;
        }
        f.write_str(if self.keep { "keepsingle=true " } else { "" })?;
        write_names(f, self.fields.iter().map(Text::as_str))
    }
}

impl Command for SelfJoin {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of(self.fields.iter().cloned()))
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for SelfJoin {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let rows = Batch::concat(&batches);
        let index = Index::new(&rows, &self.fields);
        let max = if self.max == 0 { usize::MAX } else { self.max };
        let mut pairs = Vec::new();
        for row in 0..rows.rows() {
            let same = index.find(&rows, row, &self.fields);
            let later = same.iter().filter(|&&other| other > row).take(max);
            pairs.extend(later.map(|&other| (Some(row), Some(other))));
            if self.keep && same.len() <= 1 {
                pairs.push((Some(row), None));
            }
        }
        Ok(vec![merge(&rows, &rows, &pairs, self.overwrite, |_| true)])
    }
}
