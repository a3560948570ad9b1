//! Adds the rows of another search after those that are there.
//!
//! ## Syntax
//! `append [maxout=<n>] [maxtime=<seconds>] [timeout=<seconds>] [extendtimerange=<bool>] [<search>]`
//!
//! ## Description
//! The search in the brackets stands alone: it begins with a command that makes rows, or searches the events.
//! Its range of time is that of the run, unless it has bounds of its own. `maxout` is how many of its rows are
//! taken, 50,000 where nothing is said and 0 for all; a warning says when there are more.
//!
//! A search that takes longer than `maxtime` or `timeout` seconds is finished with what it has read by then, and a
//! warning says so; 0 is no limit. `extendtimerange` widens the range that a time line is drawn for, of which there is
//! none here.
//!
//! ## Examples
//!
//! ```spl
//! append [| makeresults | eval user = "eve" | table user]
//! ```
//! ```json in
//! {"user": "ada", "n": "1"}
//! ```
//! ```json out
//! {"user": "ada", "n": "1"}
//! {"user": "eve"}
//! ```
//!
//! ```spl
//! append maxout=1 [inputlookup staff | table user] | stats count BY user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"user": "ada", "count": 2}
//! {"user": "bob", "count": 1}
//! ```
//!
//! ```spl
//! append [| inputlookup nobody]
//! ```
//! ```error
//! error[E0401]: no app defines the lookup `nobody`
//! ```
//!
//! ```spl
//! append user=ada
//! ```
//! ```error
//! error[E0202]: `append` has no option `user`
//! ```
//!
//! ## Differences from Splunk
//! Splunk gives the search a minute where nothing is said; here it takes as long as it takes, since what comes out would
//! be another thing on another machine. A search that does not read events is not cut off.

use std::fmt;
use std::sync::Arc;

use super::Command;
use super::support::SubsearchOptions;
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::exec::AppendRows;
use crate::parse::args::Args;
use crate::parse::{Search, Start};
use crate::plan::{InnerRows, Planner};

/// `append`
#[derive(Debug)]
pub struct Append {
    options: SubsearchOptions,
    search: Search,
}

/// Reads the arguments of `append`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut options = SubsearchOptions::default();
    while !args.sees_bracket() && options.read(args)? {}
    let search = args.pipeline(Start::Subsearch)?;
    while options.read(args)? {}
    Ok(Box::new(Append { options, search }))
}

impl fmt::Display for Append {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "append {}[{}]", self.options, self.search)
    }
}

impl Command for Append {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (after, order) = (planner.after().clone(), planner.order_matters());
        let plan = planner.inner(&self.search, Start::Subsearch, &after, order)?;
        let limit = self.options.limit("append", self.search.span);
        planner.centralized(AppendRows(Arc::new(InnerRows { plan, limit })));
        Ok(())
    }
}
