//! A parsed search and the knowledge it leans on become a plan.
//!
//! Lookups, data models and source types are resolved here, so a missing one is an error before any event
//! is read. The planner walks the commands backwards to learn which fields each needs and whether it
//! cares for the order of rows, then forwards to let each give its stages.

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Diagnostic, Span};
use crate::exec::{
    Centralized, Dataset, Generating, RunContext, Stage, Streaming, Transforming, Warnings, Work, run_stages,
};
use crate::functions::EvalContext;
use crate::parse::{Parsed, Search, Start};

/// What a run is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The start of the search, epoch seconds.
    pub now: f64,
    /// The zone in which local time is meant.
    pub zone: TimeZone,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { now: 0.0, zone: TimeZone::UTC }
    }
}

/// Where rows come from.
pub enum Source {
    /// A generating command.
    Rows(Arc<dyn Generating>),
    /// The caller gives them when the plan is run.
    Given,
}

/// A stage with the command it serves.
pub struct Step {
    /// What runs.
    pub stage: Stage,
    /// The command, printed.
    pub text: String,
    /// Where the command stands.
    pub span: Span,
    /// The fields that what follows needs.
    pub needs: FieldSet,
}

/// What runs a search.
pub struct Plan {
    /// Where rows come from.
    pub source: Source,
    /// What happens to them.
    pub steps: Vec<Step>,
    /// What run-time trouble is said in.
    pub context: RunContext,
    /// Said by `--explain`: where macros, lookups and fields came from.
    pub notes: Vec<String>,
}

/// Plans commands one by one.
pub struct Planner<'k> {
    /// What the run is told from outside.
    pub settings: &'k Settings,
    warnings: Warnings,
    source: Option<Source>,
    steps: Vec<Step>,
    notes: Vec<String>,
    after: FieldSet,
    order_after: bool,
    text: String,
    span: Option<Span>,
}

/// Plans a search.
pub fn plan(search: &Search, settings: &Settings, start: Start) -> Result<Plan, Vec<Diagnostic>> {
    let needs = needs(&search.commands);
    let mut planner = Planner {
        settings,
        warnings: Warnings::new(),
        source: (start == Start::Rows).then_some(Source::Given),
        steps: Vec::new(),
        notes: Vec::new(),
        after: FieldSet::all(),
        order_after: true,
        text: String::new(),
        span: None,
    };
    let mut mistakes = Vec::new();
    for (parsed, (after, order)) in search.commands.iter().zip(needs) {
        planner.after = after;
        planner.order_after = order;
        planner.text = parsed.command.to_string();
        planner.span = Some(parsed.span);
        if let Err(mistake) = parsed.command.plan(&mut planner) {
            mistakes.push(mistake);
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let context = RunContext {
        eval: EvalContext { now: settings.now, zone: settings.zone.clone(), warnings: planner.warnings },
        arrival: crate::aggregates::Arrival::SearchOrder,
    };
    let source = planner.source.unwrap_or(Source::Given);
    Ok(Plan { source, steps: planner.steps, context, notes: planner.notes })
}

/// For each command the fields needed of its output, and whether the order of its output matters.
fn needs(commands: &[Parsed]) -> Vec<(FieldSet, bool)> {
    let mut out = Vec::new();
    let (mut fields, mut order) = (FieldSet::all(), true);
    for parsed in commands.iter().rev() {
        out.push((fields.clone(), order));
        fields = parsed.command.needs(&fields);
        order = parsed.command.order_matters(order);
    }
    out.reverse();
    out
}

impl Planner<'_> {
    /// The fields that the following commands need.
    pub fn after(&self) -> &FieldSet {
        &self.after
    }

    /// Whether the order of this command's output matters.
    pub fn order_matters(&self) -> bool {
        self.order_after
    }

    /// Where planning-time trouble goes that is no error.
    pub fn warnings(&self) -> &Warnings {
        &self.warnings
    }

    /// Says something in `--explain`.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The command makes rows.
    pub fn generating(&mut self, source: impl Generating + 'static) {
        self.source = Some(Source::Rows(Arc::new(source)));
    }

    /// The command maps batches.
    pub fn streaming(&mut self, stage: impl Streaming + 'static) {
        self.push(Stage::Streaming(Arc::new(stage)));
    }

    /// The command steps through rows with state.
    pub fn centralized(&mut self, stage: impl Centralized + 'static) {
        self.push(Stage::Centralized(Arc::new(stage)));
    }

    /// The command summarises rows in mergeable parts.
    pub fn transforming(&mut self, stage: impl Transforming + 'static) {
        self.push(Stage::Transforming(Arc::new(stage)));
    }

    /// The command maps all rows at once.
    pub fn dataset(&mut self, stage: impl Dataset + 'static) {
        self.push(Stage::Dataset(Arc::new(stage)));
    }

    fn push(&mut self, stage: Stage) {
        if let Some(span) = self.span {
            self.steps.push(Step { stage, text: self.text.clone(), span, needs: self.after.clone() });
        }
    }
}

/// How a plan is run; none of it changes what comes out.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// Threads.
    pub threads: usize,
}

impl Plan {
    /// Runs the plan; `given` are the rows of a search that starts from rows. `sink` takes the results.
    pub fn run(
        &self,
        given: Vec<Batch>,
        options: RunOptions,
        sink: &mut dyn FnMut(Batch) -> crate::diagnostic::Result<crate::exec::Flow>,
    ) -> crate::diagnostic::Result<()> {
        let batches = match &self.source {
            Source::Rows(source) => source.generate(&self.context)?,
            Source::Given => given,
        };
        let works = batches.into_iter().map(|batch| -> crate::diagnostic::Result<Work<'static>> {
            Ok(Box::new(move |_: &RunContext| Ok(vec![batch])))
        });
        let stages: Vec<Stage> = self.steps.iter().map(|step| step.stage.clone()).collect();
        run_stages(works, &stages, options.threads, &self.context, sink)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{}  [{}]  needs after it: {}", step.text, step.stage.kind(), step.needs)?;
        }
        Ok(())
    }
}
