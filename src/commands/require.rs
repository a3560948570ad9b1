//! Ends the search with an error where there are no rows.
//!
//! ## Syntax
//! `require`
//!
//! ## Description
//! The rows go through as they are.
//!
//! ## Examples
//!
//! ```spl
//! require | table user
//! ```
//! ```json in
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "ada"}
//! ```
//!
//! ```spl
//! | inputlookup staff where level > 2 | require | table user
//! ```
//! ```json out
//! {"user": "ada"}
//! ```
//!
//! ```spl
//! | inputlookup staff where level > 3 | require
//! ```
//! ```error
//! error[E0606]: `require` has no rows
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::parse::args::Args;
use crate::plan::Planner;

/// `require`
#[derive(Clone, Debug)]
pub struct Require {
    place: Span,
}

/// Reads the arguments of `require`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(Require { place: args.command_span() }))
}

impl fmt::Display for Require {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("require")
    }
}

impl Command for Require {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(self.clone());
        Ok(())
    }
}

impl Centralized for Require {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Requiring { place: self.place, any: false })
    }
}

struct Requiring {
    place: Span,
    any: bool,
}

impl Scan for Requiring {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        self.any |= batch.rows() > 0;
        Ok((batch, Flow::More))
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        match self.any {
            true => Ok(Vec::new()),
            false => Err(Diagnostic::error(Code::NoRows, "`require` has no rows").at(self.place, "")),
        }
    }
}
