//! A parsed search and the knowledge it leans on become a plan.
//!
//! Lookups, data models and source types are resolved here, so a missing one is an error before any event
//! is read. The planner walks the commands backwards to learn which fields each needs and whether it
//! cares for the order of rows, then forwards to let each give its stages.

mod base_search;
mod broken;
mod dataset;
mod display;
mod events;
mod inner;
mod lookups;
mod prefilter;
mod saved_terms;
mod search_time;
mod time_range;

pub use crate::exec::RunOptions;
pub use base_search::DatasetRequest;
pub use broken::broken_knowledge;
pub use dataset::{Dataset as ModelDataset, Naming};
pub use events::{EventScan, TimeOrder, named_index};
pub use inner::{InnerRows, Launcher, RowLimit};
pub use lookups::Presence;
pub use prefilter::{Condition, Invert, ValueTest};
pub use saved_terms::names_saved_search;
pub use search_time::{Compiler, DEFAULT_FIELDS, Extract, Reader, TypeNames, given_name, is_default};
pub use time_range::{TimeRange, Timed};

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::aggregates::Arrival;
use crate::batch::{Batch, FieldMap, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result, Sources, Span};
use crate::eval::{Program, Warnings};
use inner::Deferred;

use crate::exec::{
    Centralized, Dataset, Flow, Generating, RunContext, Stage, Streaming, Transforming, Work, run_stages,
};
use crate::functions::EvalContext;
use crate::io::InputFile;
use crate::knowledge::{Knowledge, LookupSnapshot};
use crate::parse::{Parsed, Search, Start};
use crate::value::Text;

/// What a run is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The start of the search, epoch seconds.
    pub now: f64,
    /// The zone in which local time is meant.
    pub zone: TimeZone,
    /// The time range that a search's own bounds win over.
    pub range: TimeRange,
    /// The events, if any were named.
    pub events: Option<EventInput>,
    /// The geographical database, if one was named.
    pub geo: Option<Arc<crate::knowledge::GeoDatabase>>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { now: 0.0, zone: TimeZone::UTC, range: TimeRange::default(), events: None, geo: None }
    }
}

/// Files of events and what is known about them; by default no files.
#[derive(Clone, Debug, Default)]
pub struct EventInput {
    /// The files in the order in which they are read.
    pub files: Arc<Vec<InputFile>>,
    /// The source type; none to recognise it.
    pub source_type: Option<Text>,
    /// The source; none for the file's path.
    pub source: Option<Text>,
    /// The host.
    pub host: Option<Text>,
    /// The index.
    pub index: Option<Text>,
    /// The data model whose field names the events carry already.
    pub data_model: Option<Text>,
}

/// Where rows come from.
pub enum Source {
    /// A generating command.
    Rows(Arc<dyn Generating>),
    /// Events from files.
    Events(Box<EventScan>),
    /// The caller gives them when the plan is run.
    Given,
    /// Subsearches run first; their text makes another plan, of which this one is a sketch.
    Subsearches(Box<Deferred>),
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
    /// The searches inside of the command.
    pub inner: Vec<Arc<Plan>>,
}

/// What runs a search.
pub struct Plan {
    /// Where rows come from.
    pub source: Source,
    /// What happens to them.
    pub steps: Vec<Step>,
    /// What run-time trouble is said in.
    pub context: RunContext,
    /// The searches inside of the command that rows come from.
    pub inner: Vec<Arc<Plan>>,
    /// Said by `--explain`: where macros, lookups and fields came from.
    pub notes: Vec<String>,
    /// How fields are shown (`fieldformat`).
    formats: FieldMap<Program>,
}

/// Plans commands one by one.
pub struct Planner<'k> {
    /// What the run is told from outside.
    pub settings: &'k Settings,
    /// Macros, lookups, data models, source types.
    pub knowledge: &'k Arc<Knowledge>,
    /// The texts that spans point into.
    pub sources: &'k mut Sources,
    warnings: Warnings,
    lookups: LookupSnapshot,
    source: Option<Source>,
    steps: Vec<Step>,
    notes: Vec<String>,
    /// The files of the lookups that the commands so far write.
    written: Vec<Text>,
    /// What the commands so far want between the values of a field when it becomes one value.
    delimiters: Vec<(Pattern, Text)>,
    /// The fields that the rows have since a command, with values or without.
    declared: Vec<Text>,
    formats: FieldMap<Program>,
    after: FieldSet,
    order_after: bool,
    text: String,
    span: Option<Span>,
    /// How deep this search stands in others.
    depth: usize,
    /// The searches inside of the command at hand.
    inner: Vec<Arc<Plan>>,
    source_inner: Vec<Arc<Plan>>,
    /// Mistakes in searches inside of commands, besides the first of each.
    more: Vec<Diagnostic>,
}

/// Plans a search.
///
/// # Errors
/// All that is wrong with what its commands lean on, one mistake a command.
pub fn plan(
    search: &Search,
    start: Start,
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
) -> Result<Plan, Vec<Diagnostic>> {
    Launcher::new(settings, knowledge, sources).plan(search, start)
}

/// Where a search stands: what comes before it, and what is wanted of it.
struct Place<'p> {
    start: Start,
    after: &'p FieldSet,
    order: bool,
    /// The files of the lookups that were written before it; those that it writes are added.
    written: &'p mut Vec<Text>,
}

/// Gives each command its turn.
fn plan_commands(
    search: &Search,
    place: Place<'_>,
    launcher: &Launcher,
    warnings: Warnings,
) -> Result<Plan, Vec<Diagnostic>> {
    let needs = needs(&search.commands, place.after, place.order);
    let mut sources = launcher.sources.clone();
    let mut planner = Planner {
        settings: &launcher.settings,
        knowledge: &launcher.knowledge,
        sources: &mut sources,
        warnings,
        lookups: LookupSnapshot::new(&launcher.knowledge),
        source: (place.start == Start::Rows).then_some(Source::Given),
        steps: Vec::new(),
        notes: Vec::new(),
        delimiters: Vec::new(),
        declared: Vec::new(),
        formats: FieldMap::default(),
        written: std::mem::take(place.written),
        after: FieldSet::all(),
        order_after: true,
        text: String::new(),
        span: None,
        depth: launcher.depth,
        inner: Vec::new(),
        source_inner: Vec::new(),
        more: Vec::new(),
    };
    let mut mistakes = Vec::new();
    for (parsed, (after, order)) in search.commands.iter().zip(needs) {
        planner.after = after;
        planner.order_after = order;
        planner.text = parsed.to_string();
        planner.span = Some(parsed.span);
        let planned = parsed.command.plan(&mut planner);
        let wrong = planned.err().into_iter().chain(planner.more.drain(..));
        let excused = |mistake: &Diagnostic| parsed.insertions.as_ref().is_some_and(|i| i.excuses(mistake));
        mistakes.extend(wrong.filter(|mistake| !excused(mistake)));
    }
    *place.written = std::mem::take(&mut planner.written);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(planned(planner))
}

/// What the planner has come to.
fn planned(planner: Planner<'_>) -> Plan {
    let ordered = planner.steps.iter().any(|step| step.text == TIME_ORDER);
    let arrival = match (&planner.source, ordered) {
        (Some(Source::Events(_)), false) => Arrival::FileOrder,
        _ => Arrival::SearchOrder,
    };
    let context = RunContext { eval: planner.context(), arrival, options: RunOptions::default() };
    Plan {
        source: planner.source.unwrap_or(Source::Given),
        steps: planner.steps,
        context,
        inner: planner.source_inner,
        notes: planner.notes,
        formats: planner.formats,
    }
}

/// How the step that puts events into search order is printed.
const TIME_ORDER: &str = "(newest first)";

/// For each command the fields needed of its output, and whether the order of its output matters.
fn needs(commands: &[Parsed], after: &FieldSet, order: bool) -> Vec<(FieldSet, bool)> {
    let mut out = Vec::new();
    let (mut fields, mut order) = (after.clone(), order);
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

    /// What expressions may know before the run.
    pub fn context(&self) -> EvalContext {
        EvalContext {
            now: self.settings.now,
            zone: self.settings.zone.clone(),
            warnings: self.warnings.clone(),
            lookups: self.lookups.clone(),
        }
    }

    /// What compiles knowledge.
    pub fn compiler<'c>(&'c mut self, context: &'c EvalContext) -> Compiler<'c> {
        let any_index = self.settings.events.as_ref().is_some_and(|events| events.index.is_none());
        let geo = self.settings.geo.as_ref();
        Compiler { knowledge: self.knowledge, sources: self.sources, context, any_index, geo }
    }

    /// The command reads events: gives those fields of them to the stages that it adds next.
    pub fn scan(&mut self, scan: EventScan) {
        self.source = Some(Source::Events(Box::new(scan)));
    }

    /// Puts events into search order, if what follows can tell.
    pub fn time_order(&mut self) {
        if self.order_after {
            self.always_time_order();
        }
    }

    /// Puts events into search order: an aggregate of this command asks for it.
    pub fn always_time_order(&mut self) {
        if self.span.is_some() {
            let text = std::mem::replace(&mut self.text, TIME_ORDER.to_string());
            self.push(Stage::Dataset(Arc::new(TimeOrder)));
            self.text = text;
        }
    }

    /// The time range that the search is about: of the events that it reads, else that of the run.
    pub fn range(&self) -> TimeRange {
        match &self.source {
            Some(Source::Events(scan)) => scan.range(),
            _ => self.settings.range,
        }
    }

    /// A problem with its place: that of this command, if it has none of its own.
    pub fn place(&self, problem: Diagnostic) -> Diagnostic {
        match self.span {
            Some(span) if problem.labels.is_empty() => problem.at(span, ""),
            _ => problem,
        }
    }

    /// Whether this command is the one that rows come from.
    pub fn is_first(&self) -> bool {
        self.source.is_none()
    }

    /// Whether the events come with the field names of this data model already.
    ///
    /// # Errors
    /// They come with those of another.
    pub fn carries(&self, model: &str, span: Span) -> Result<bool> {
        match self.settings.events.as_ref().and_then(|events| events.data_model.as_ref()) {
            None => Ok(false),
            Some(carried) if carried == model => Ok(true),
            Some(carried) => {
                let message = format!("the events carry the data model `{carried}`, not `{model}`");
                Err(Diagnostic::error(Code::Usage, message).at(span, ""))
            }
        }
    }

    /// The command makes rows.
    pub fn generating(&mut self, source: impl Generating + 'static) {
        self.source = Some(Source::Rows(Arc::new(source)));
        self.source_inner = std::mem::take(&mut self.inner);
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
            let inner = std::mem::take(&mut self.inner);
            let (text, needs) = (self.text.clone(), self.after.clone());
            self.steps.push(Step { stage, text, span, needs, inner });
        }
    }
}

impl Plan {
    /// The text of the step that puts events into search order, where a command's stands in others.
    pub const TIME_ORDER: &str = TIME_ORDER;

    /// Runs the plan; `given` are the rows of a search that starts from rows. `sink` takes the results.
    ///
    /// # Errors
    /// What ends a run: a limit that cannot be passed, a lookup that cannot be written, or what `sink` says.
    pub fn run(
        &self,
        given: Vec<Batch>,
        options: &RunOptions,
        sink: &mut dyn FnMut(Batch) -> Result<Flow>,
    ) -> Result<()> {
        let context = RunContext { options: options.clone(), ..self.context.clone() };
        if let Source::Subsearches(deferred) = &self.source {
            return deferred.run(given, &context, sink);
        }
        let stages: Vec<Stage> = self.steps.iter().map(|step| step.stage.clone()).collect();
        let batches = match &self.source {
            Source::Events(scan) => {
                let in_time = |_: &Result<Work<'_>>| options.deadline.as_ref().is_none_or(|it| !it.is_over());
                let works = scan.works(options.read.clone()).take_while(in_time);
                return run_stages(works, &stages, options.threads, &context, sink);
            }
            Source::Rows(source) => source.generate(&context)?,
            Source::Given | Source::Subsearches(_) => given,
        };
        let works = batches
            .into_iter()
            .map(|batch| -> Result<Work<'static>> { Ok(Box::new(move |_: &RunContext| Ok(vec![batch]))) });
        run_stages(works, &stages, options.threads, &context, sink)
    }

    /// The order of the rows does not matter to whoever takes them.
    pub fn drop_order(&mut self) {
        self.steps.retain(|step| step.text != TIME_ORDER);
    }

    /// What went wrong at run time without ending it; told once.
    pub fn trouble(&self) -> Vec<Diagnostic> {
        let mut trouble = match &self.source {
            Source::Events(scan) => scan.trouble(),
            Source::Rows(_) | Source::Given | Source::Subsearches(_) => Vec::new(),
        };
        // A file that several searches of one read says what is wrong with it once.
        let others = self.context.warnings().take();
        trouble.extend(others.into_iter().filter(|other| !trouble.contains(other)).collect::<Vec<_>>());
        trouble
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Events(scan) => writeln!(f, "read events: {}", scan.wanted())?,
            Source::Rows(_) => writeln!(f, "make rows")?,
            Source::Given => {}
            Source::Subsearches(deferred) => write!(f, "{deferred}")?,
        }
        write_inner(f, &self.inner)?;
        let mut steps = self.steps.iter().peekable();
        while let Some(step) = steps.next() {
            let mut kinds = vec![step.stage.kind()];
            let mut inner = step.inner.clone();
            // A command may come to several stages.
            let mut last = step;
            while let Some(more) = steps.next_if(|next| next.text == step.text && same_place(next, step)) {
                kinds.push(more.stage.kind());
                inner.extend(more.inner.iter().cloned());
                last = more;
            }
            writeln!(f, "{}\n    {}; needed after it: {}", step.text, kinds.join(", "), last.needs)?;
            write_inner(f, &inner)?;
        }
        Ok(())
    }
}

/// Searches inside of a command, each line a step to the right.
fn write_inner(f: &mut fmt::Formatter<'_>, plans: &[Arc<Plan>]) -> fmt::Result {
    for plan in plans {
        writeln!(f, "    [")?;
        for line in plan.to_string().lines() {
            writeln!(f, "        {line}")?;
        }
        writeln!(f, "    ]")?;
    }
    Ok(())
}

/// Whether two steps serve the same command; two spans are always equal, their bounds need not be.
fn same_place(a: &Step, b: &Step) -> bool {
    (a.span.start, a.span.end) == (b.span.start, b.span.end)
}
