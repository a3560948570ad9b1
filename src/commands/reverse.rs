//! Turns the order of rows round.
//!
//! ## Syntax
//! `reverse`
//!
//! ## Description
//! The last row becomes the first. Fields stay as they are.
//!
//! ## Examples
//!
//! ```spl
//! reverse
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2", "m": "x"}
//! {"n": "3"}
//! ```
//! ```json out
//! {"n": "3"}
//! {"n": "2", "m": "x"}
//! {"n": "1"}
//! ```
//!
//! ```spl
//! reverse | head 1
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! ```
//! ```json out
//! {"n": "2"}
//! ```
//!
//! ```spl
//! reverse n
//! ```
//! ```error
//! error[E0205]: `reverse` does not take `n` here
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::Args;
use crate::plan::Planner;

/// `reverse`
#[derive(Clone, Debug)]
pub struct Reverse;

/// Reads the arguments of `reverse`: none.
pub fn parse(_: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(Reverse))
}

impl fmt::Display for Reverse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reverse")
    }
}

impl Command for Reverse {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(Reverse);
        Ok(())
    }
}

impl Dataset for Reverse {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let rows: Vec<usize> = (0..all.rows()).rev().collect();
        Ok(vec![all.take(&rows)])
    }
}
