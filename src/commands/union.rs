//! Puts the rows of several datasets together.
//!
//! ## Syntax
//! `union [maxout=<n>] [maxtime=<seconds>] [timeout=<seconds>] <dataset> [<dataset>]...`
//!
//! ## Description
//! A dataset is a search in brackets, or a kind and a name: `datamodel:<model>.<dataset>`, `lookup:<name>`,
//! `savedsearch:<name>`. As the first command it takes at least two; after a pipe the rows that are there are one
//! of them. Where every one of them is a search of events with no commands but such as map rows, the events come out
//! newest first, as `multisearch` gives them; else the rows of one dataset stand after those of another. The options
//! are those of `append`, for each search.
//!
//! ## Examples
//!
//! ```spl
//! | union lookup:staff [| makeresults | eval user = "eve" | table user] | table user
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "bob"}
//! {"user": "*-svc"}
//! {"user": "eve"}
//! ```
//!
//! ```spl
//! union [| inputlookup rota.csv | head 1]
//! ```
//! ```json in
//! {"user": "eve"}
//! ```
//! ```json out
//! {"user": "eve"}
//! {"user": "ada", "day": "mon", "shift": "early"}
//! ```
//!
//! ```spl
//! | union [search eventName=CreateVolume] [search eventName=StopInstances] | table eventName
//! ```
//! ```json out
//! {"eventName": "StopInstances"}
//! {"eventName": "CreateVolume"}
//! ```
//!
//! ```spl
//! | union lookup:staff
//! ```
//! ```error
//! error[E0205]: `union` needs at least two datasets, or rows to add one to
//! ```

use std::fmt;
use std::sync::Arc;

use super::multisearch::Interleaved;
use super::support::{Operand, SubsearchOptions};
use super::{Command, Position};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{AppendRows, Generating, RunContext, Stage};
use crate::parse::Start;
use crate::parse::args::Args;
use crate::plan::{InnerRows, Plan, Planner, Source};

/// `union`
#[derive(Debug)]
pub struct Union {
    options: SubsearchOptions,
    datasets: Vec<Operand>,
    place: Span,
}

/// Reads the arguments of `union`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut options, mut datasets) = (SubsearchOptions::default(), Vec::new());
    loop {
        if args.sees_bracket() {
            datasets.push(Operand::bracketed(args)?);
        } else if args.at_end() {
            break;
        } else if args.sees_option() {
            options.read(args)?;
        } else {
            let word = args.word("a dataset")?;
            datasets.push(Operand::dataset(word, args)?);
        }
    }
    if datasets.is_empty() {
        return Err(args.error("`union` needs at least one dataset"));
    }
    Ok(Box::new(Union { options, datasets, place: args.command_span() }))
}

impl fmt::Display for Union {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "union {}", self.options)?;
        for (at, dataset) in self.datasets.iter().enumerate() {
            write!(f, "{}{dataset}", if at > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl Command for Union {
    fn position(&self) -> Position {
        Position::Either
    }

    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if planner.is_first() && self.datasets.len() < 2 {
            let message = "`union` needs at least two datasets, or rows to add one to";
            return Err(Diagnostic::error(Code::Arguments, message).at(self.place, ""));
        }
        let wanted = planner.after().clone().with(&FieldSet::of(["_time"]));
        let mut rows = Vec::new();
        for dataset in &self.datasets {
            let plan = planner.inner(&dataset.search, Start::Subsearch, &wanted, true)?;
            rows.push(InnerRows { plan, limit: self.options.limit("union", dataset.search.span) });
        }
        if !planner.is_first() {
            planner.centralized(AppendRows(Arc::new(OneAfterAnother(rows))));
        } else if rows.iter().all(|rows| is_event_search(&rows.plan)) {
            planner.generating(Interleaved(rows.into_iter().map(|rows| rows.plan).collect()));
        } else {
            planner.generating(OneAfterAnother(rows));
        }
        Ok(())
    }
}

/// Whether a search gives events in their order.
fn is_event_search(plan: &Plan) -> bool {
    let mut steps = plan.steps.iter();
    matches!(plan.source, Source::Events(_))
        && steps.all(|step| matches!(step.stage, Stage::Streaming(_)) || step.text == Plan::TIME_ORDER)
}

struct OneAfterAnother(Vec<InnerRows>);

impl Generating for OneAfterAnother {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        let mut all = Vec::new();
        for rows in &self.0 {
            all.extend(rows.generate(context)?);
        }
        Ok(all)
    }
}
