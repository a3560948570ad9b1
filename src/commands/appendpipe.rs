//! Runs commands over the rows that are there, and adds what comes out after them.
//!
//! ## Syntax
//! `appendpipe [run_in_preview=<bool>] [<commands>]`
//!
//! ## Description
//! The commands in the brackets see all rows that have come so far; the rows themselves stay as they are. A
//! leading `|` says nothing. `run_in_preview` is about results that are shown while a search runs, of which there
//! are none here.
//!
//! ## Examples
//!
//! A total for each user, and one for all.
//!
//! ```spl
//! stats sum(n) AS n BY user | appendpipe [stats sum(n) AS n | eval user = "all"]
//! ```
//! ```json in
//! {"user": "ada", "n": "1"}
//! {"user": "bob", "n": "2"}
//! {"user": "ada", "n": "4"}
//! ```
//! ```json out
//! {"user": "ada", "n": 5}
//! {"user": "bob", "n": 2}
//! {"user": "all", "n": 7}
//! ```
//!
//! A row that says that there is none.
//!
//! ```spl
//! search user=eve | appendpipe [| stats count | where count=0 | eval user = "nobody" | fields user]
//! ```
//! ```json in
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "nobody"}
//! ```
//!
//! ```spl
//! appendpipe [| makeresults]
//! ```
//! ```error
//! error[E0206]: `makeresults` makes rows and must be the first command
//! ```

use std::fmt;
use std::sync::Arc;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::Args;
use crate::parse::{Search, Start};
use crate::plan::{Plan, Planner};

/// `appendpipe`
#[derive(Debug)]
pub struct AppendPipe {
    /// Of no consequence here, kept for printing.
    preview: Option<bool>,
    search: Search,
}

/// Reads the arguments of `appendpipe`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut preview = None;
    while !args.sees_bracket() {
        let Some((name, value)) = args.option(&["run_in_preview"])? else { break };
        preview = Some(value.truth(name)?);
    }
    let search = args.pipeline(Start::Rows)?;
    Ok(Box::new(AppendPipe { preview, search }))
}

impl fmt::Display for AppendPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("appendpipe ")?;
        if let Some(preview) = self.preview {
            write!(f, "run_in_preview={preview} ")?;
        }
        write!(f, "[{}]", self.search)
    }
}

impl Command for AppendPipe {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&self.search.needs(after))
    }

    fn order_matters(&self, after: bool) -> bool {
        after || self.search.order_matters(after)
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (after, order) = (planner.after().clone(), planner.order_matters());
        let plan = planner.inner(&self.search, Start::Rows, &after, order)?;
        planner.dataset(Pipe(plan));
        Ok(())
    }
}

struct Pipe(Arc<Plan>);

impl Dataset for Pipe {
    fn apply(&self, mut batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let others = self.0.rows(batches.clone(), context, None)?;
        batches.extend(others);
        Ok(batches)
    }
}
