//! Keeps the last rows, the last first.
//!
//! ## Syntax
//! `tail [<n>]`
//!
//! ## Description
//! The last 10 rows, or so many, in reverse order.
//!
//! ## Examples
//!
//! ```spl
//! tail 2
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "3"}
//! ```
//! ```json out
//! {"n": "3"}
//! {"n": "2"}
//! ```
//!
//! ```spl
//! tail
//! ```
//! ```json in
//! {"n": "1"}
//! {"m": "2"}
//! ```
//! ```json out
//! {"m": "2"}
//! {"n": "1"}
//! ```
//!
//! ```spl
//! tail few
//! ```
//! ```error
//! error[E0204]: `tail` needs a whole number that is not negative and got `few`
//! ```

use std::collections::VecDeque;
use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::parse::args::Args;
use crate::plan::Planner;

/// `tail`
#[derive(Clone, Debug)]
pub struct Tail {
    count: usize,
}

/// Reads the arguments of `tail`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let count = match args.option(&["limit"])? {
        Some((_, value)) => value.count("limit")?,
        None if args.at_end() => 10,
        None => args.word("a count")?.count("tail")?,
    };
    Ok(Box::new(Tail { count }))
}

impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tail {}", self.count)
    }
}

impl Command for Tail {
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

impl Centralized for Tail {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(LastRows { count: self.count, held: VecDeque::new(), rows: 0 })
    }
}

/// The batches in which the last rows stand.
struct LastRows {
    count: usize,
    held: VecDeque<Batch>,
    rows: usize,
}

impl Scan for LastRows {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        self.rows += batch.rows();
        let nothing = batch.slice(0, 0);
        self.held.push_back(batch);
        while let Some(first) = self.held.front().map(Batch::rows)
            && self.rows - first >= self.count
            && self.held.len() > 1
        {
            self.held.pop_front();
            self.rows -= first;
        }
        Ok((nothing, Flow::More))
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(self.held.make_contiguous());
        let last: Vec<usize> = (0..all.rows()).rev().take(self.count).collect();
        Ok(vec![all.take(&last)])
    }
}
