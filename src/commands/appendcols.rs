//! Puts the fields of another search's rows beside the rows, the first beside the first.
//!
//! ## Syntax
//! `appendcols [override=<bool>] [maxout=<n>] [maxtime=<seconds>] [timeout=<seconds>] [<search>]`
//!
//! ## Description
//! The rows are taken as they come: nothing is compared. Where there are more rows on one side, what is left over
//! stands alone. Of fields that both have, the own values stay; with `override=true` the other's are taken.
//! Internal fields of the other rows, whose names begin with `_`, are left out. The search in the brackets and its
//! options are those of `append`.
//!
//! ## Examples
//!
//! ```spl
//! appendcols [| inputlookup staff | fields user level]
//! ```
//! ```json in
//! {"n": "1", "user": "x"}
//! {"n": "2"}
//! ```
//! ```json out
//! {"n": "1", "user": "x", "level": "3"}
//! {"n": "2", "user": "bob", "level": "1"}
//! {"user": "*-svc", "level": "0"}
//! ```
//!
//! The time of the other rows stays behind, be there an own one or not.
//!
//! ```spl
//! appendcols [| makeresults count=2 | eval m = 7]
//! ```
//! ```json in
//! {"n": "1"}
//! ```
//! ```json out
//! {"n": "1", "m": 7}
//! {"m": 7}
//! ```
//!
//! ```spl
//! appendcols override=true [| makeresults | eval user = "ada" | table user]
//! ```
//! ```json in
//! {"user": "x"}
//! {"user": "y"}
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "y"}
//! ```
//!
//! ```spl
//! appendcols override=perhaps [| makeresults]
//! ```
//! ```error
//! error[E0204]: `override` needs true or false and got `perhaps`
//! ```

use std::fmt;

use super::Command;
use super::support::{SubsearchOptions, merge};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, Generating, RunContext};
use crate::parse::args::Args;
use crate::parse::{Search, Start};
use crate::plan::{InnerRows, Planner};

/// `appendcols`
#[derive(Debug)]
pub struct AppendCols {
    overwrite: bool,
    options: SubsearchOptions,
    search: Search,
}

/// Reads the arguments of `appendcols`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut overwrite, mut options) = (false, SubsearchOptions::default());
    while !args.sees_bracket() {
        match args.option(&["override", "maxout", "maxtime", "timeout", "extendtimerange"])? {
            Some(("override", value)) => overwrite = value.truth("override")?,
            Some((name, value)) => options.take(name, value)?,
            None => break,
        }
    }
    let search = args.pipeline(Start::Subsearch)?;
    Ok(Box::new(AppendCols { overwrite, options, search }))
}

impl fmt::Display for AppendCols {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let overwrite = if self.overwrite { "override=true " } else { "" };
        write!(f, "appendcols {overwrite}{}[{}]", self.options, self.search)
    }
}

impl Command for AppendCols {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let wanted = planner.after().clone();
        let plan = planner.inner(&self.search, Start::Subsearch, &wanted, true)?;
        let limit = self.options.limit("appendcols", self.search.span);
        planner.dataset(Columns { rows: InnerRows { plan, limit }, overwrite: self.overwrite });
        Ok(())
    }
}

struct Columns {
    rows: InnerRows,
    overwrite: bool,
}

impl Dataset for Columns {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let left = Batch::concat(&batches);
        let right = Batch::concat(&self.rows.generate(context)?);
        let row = |row: usize, batch: &Batch| (row < batch.rows()).then_some(row);
        let count = left.rows().max(right.rows());
        let pairs: Vec<_> = (0..count).map(|at| (row(at, &left), row(at, &right))).collect();
        let take = |name: &str| !name.starts_with('_');
        Ok(vec![merge(&left, &right, &pairs, self.overwrite, take)])
    }
}
