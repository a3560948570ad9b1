//! Runs several searches and puts their events in one order.
//!
//! ## Syntax
//! `multisearch [<search>] [<search>]...`
//!
//! ## Description
//! At least two searches, each of them with no commands but such as map rows: `search`, `eval`, `rename` and the
//! like. Their events come out newest first, as those of one search do.
//!
//! ## Examples
//!
//! ```spl
//! | multisearch [search eventName=CreateVolume | eval kind = "volume"] [search eventName=RunInstances | eval kind = "start"]
//! | table kind
//! ```
//! ```json out
//! {"kind": "volume"}
//! {"kind": "start"}
//! {"kind": "start"}
//! ```
//!
//! ```spl
//! | multisearch [makeresults | eval n = 1] [makeresults | eval n = 2] | table n
//! ```
//! ```json out
//! {"n": 2}
//! {"n": 1}
//! ```
//!
//! ```spl
//! | multisearch [search user=ada | stats count] [search user=bob]
//! ```
//! ```error
//! error[E0205]: a search in `multisearch` has only commands that map rows: `stats count` is none
//! ```
//!
//! ```spl
//! | multisearch [search user=ada]
//! ```
//! ```error
//! error[E0205]: `multisearch` needs at least two searches
//! ```

use std::fmt;
use std::sync::Arc;

use super::{Command, Position};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset as _, Generating, RunContext, Stage};
use crate::parse::args::Args;
use crate::parse::{Search, Start};
use crate::plan::{Plan, Planner, TimeOrder};

/// `multisearch`
#[derive(Debug)]
pub struct MultiSearch {
    searches: Vec<Search>,
}

/// Reads the arguments of `multisearch`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut searches = Vec::new();
    while args.sees_bracket() {
        searches.push(args.pipeline(Start::Subsearch)?);
    }
    if searches.len() < 2 && args.at_end() {
        return Err(args.error("`multisearch` needs at least two searches"));
    }
    Ok(Box::new(MultiSearch { searches }))
}

impl fmt::Display for MultiSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("multisearch")?;
        self.searches.iter().try_for_each(|search| write!(f, " [{search}]"))
    }
}

impl Command for MultiSearch {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let wanted = planner.after().clone().with(&FieldSet::of(["_time"]));
        let mut plans = Vec::new();
        for search in &self.searches {
            let plan = planner.inner(search, Start::Subsearch, &wanted, true)?;
            if let Some(step) = plan.steps.iter().find(|step| !maps_rows(&step.stage, &step.text)) {
                let message = format!(
                    "a search in `multisearch` has only commands that map rows: `{}` is none",
                    step.text
                );
                return Err(Diagnostic::error(Code::Arguments, message).at(step.span, ""));
            }
            plans.push(plan);
        }
        planner.generating(Interleaved(plans));
        Ok(())
    }
}

/// Whether a stage maps rows, or puts events into the order that they are put into anyway.
fn maps_rows(stage: &Stage, text: &str) -> bool {
    matches!(stage, Stage::Streaming(_)) || text == Plan::TIME_ORDER
}

/// The rows of several searches, newest first.
pub(super) struct Interleaved(pub(super) Vec<Arc<Plan>>);

impl Generating for Interleaved {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        // Of one time the last comes first: so the events of the first search stand at the end.
        let mut rows = Vec::new();
        for plan in &self.0 {
            let own = Batch::concat(&plan.rows(Vec::new(), context, None)?);
            let backwards: Vec<usize> = (0..own.rows()).rev().collect();
            rows.push(own.take(&backwards));
        }
        TimeOrder.apply(rows, context)
    }
}
