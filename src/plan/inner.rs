//! Searches inside of a search: planned with it, so that what is missing is said before anything runs, and
//! run by it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Place, Plan, Planner, Settings, Source, TimeRange, plan_commands};
use crate::batch::{Batch, FieldSet};
use crate::commands::format;
use crate::diagnostic::{Calls, Code, Diagnostic, Origin, Result, SourceId, Sources, Span};
use crate::eval::Warnings;
use crate::exec::{Deadline, Flow, Generating, RunContext};
use crate::expand::{Mapped, expand};
use crate::functions::EvalContext;
use crate::knowledge::{Knowledge, LookupSnapshot};
use crate::parse::{Search, Start, apart, parse};

/// How deep searches may stand in each other when they run: a saved search may call another.
const MAX_DEPTH: usize = 32;

/// The most rows of a subsearch whose text is inserted: `maxout` of Splunk's limits.conf.
const MOST_INSERTED: usize = 10_000;

/// How much is shown of a search that cannot be read with the text of its subsearches.
const SHOWN: usize = 300;

/// What it takes to plan a search where another is planned, or runs.
#[derive(Clone)]
pub struct Launcher {
    pub(super) settings: Settings,
    pub(super) knowledge: Arc<Knowledge>,
    pub(super) sources: Sources,
    pub(super) depth: usize,
    warnings: Warnings,
}

impl Launcher {
    /// For a search that stands in no other.
    pub fn new(settings: &Settings, knowledge: &Arc<Knowledge>, sources: &Sources) -> Launcher {
        Launcher {
            settings: settings.clone(),
            knowledge: Arc::clone(knowledge),
            sources: sources.clone(),
            depth: 0,
            warnings: Warnings::new(),
        }
    }

    /// Plans a search of which every field is wanted.
    ///
    /// # Errors
    /// All that is wrong with what its commands lean on.
    pub fn plan(&self, search: &Search, start: Start) -> Result<Plan, Vec<Diagnostic>> {
        let written = &mut Vec::new();
        self.plan_at(search, Place { start, after: &FieldSet::all(), order: true, written })
    }

    /// The texts that places point into.
    pub fn sources(&self) -> Sources {
        self.sources.clone()
    }

    /// The range of time that the search's own bounds win over.
    pub fn range(&self) -> TimeRange {
        self.settings.range
    }

    /// Sets the range of time that the search's own bounds win over.
    pub fn set_range(&mut self, range: TimeRange) {
        self.settings.range = range;
    }

    /// Expands, parses and plans a text.
    ///
    /// # Errors
    /// All that is wrong with it, and with what it leans on.
    pub fn compile(&self, id: SourceId, start: Start) -> Result<Plan, Vec<Diagnostic>> {
        let Launcher { settings, knowledge, mut sources, .. } = self.clone();
        let lookups = LookupSnapshot::new(&knowledge);
        let context =
            EvalContext { lookups, ..EvalContext::new(settings.now, settings.zone, Warnings::new()) };
        let expanded = expand(id, &knowledge, &context, &mut sources).map_err(|mistake| vec![mistake])?;
        let search = parse(&sources, expanded.id, start)?;
        self.plan(&search, start)
    }

    pub(super) fn plan_at(&self, search: &Search, place: Place<'_>) -> Result<Plan, Vec<Diagnostic>> {
        if self.depth > MAX_DEPTH {
            let message = format!("searches stand more than {MAX_DEPTH} deep in each other");
            return Err(vec![Diagnostic::error(Code::TooDeep, message).at(search.span, "too deep here")]);
        }
        if !search.has_insertions() {
            return plan_commands(search, place, self, self.warnings.clone());
        }
        let (mut inserted, mut mistakes) = (Vec::new(), Vec::new());
        let inner = Launcher { depth: self.depth + 1, ..self.clone() };
        let insertions = search.commands.iter().filter_map(|parsed| parsed.insertions.as_ref());
        for subsearch in insertions.flat_map(|insertions| &insertions.subsearches) {
            match inner.plan(&subsearch.search, Start::Subsearch) {
                Ok(plan) => inserted.push((subsearch.span, Arc::new(plan))),
                Err(more) => mistakes.extend(more),
            }
        }
        let (start, after, order) = (place.start, place.after.clone(), place.order);
        // What the sketch warns of, the plan will.
        let sketch = plan_commands(search, place, self, Warnings::new());
        match sketch {
            Ok(mut sketch) if mistakes.is_empty() => {
                let deferred = Deferred { launcher: inner, span: search.span, start, after, order, inserted };
                sketch.source = Source::Subsearches(Box::new(deferred));
                sketch.context.eval.warnings = self.warnings.clone();
                Ok(sketch)
            }
            Ok(_) => Err(mistakes),
            Err(more) => Err(mistakes.into_iter().chain(more).collect()),
        }
    }
}

/// A search that can be planned when its subsearches have run.
pub struct Deferred {
    launcher: Launcher,
    /// The search's text.
    span: Span,
    start: Start,
    after: FieldSet,
    order: bool,
    /// Subsearches in order, with the places of their text.
    inserted: Vec<(Span, Arc<Plan>)>,
}

impl Deferred {
    /// Runs the subsearches, and then the search with their text in it.
    pub(super) fn run(
        &self,
        given: Vec<Batch>,
        context: &RunContext,
        sink: &mut dyn FnMut(Batch) -> Result<Flow>,
    ) -> Result<()> {
        let plan = self.plan(context)?;
        let ran = plan.run(given, &context.options, sink);
        plan.trouble().into_iter().for_each(|trouble| context.warnings().add(trouble));
        ran
    }

    fn plan(&self, context: &RunContext) -> Result<Plan> {
        let Launcher { mut sources, .. } = self.launcher.clone();
        let whole = sources.text(self.span.source);
        let piece = |start: usize, end: usize| {
            let span = Span { start, end, ..self.span };
            Mapped::from_place(whole.get(start..end).unwrap_or(""), span, Calls::default())
        };
        let (mut text, mut at) = (Mapped::default(), self.span.start);
        for (span, plan) in &self.inserted {
            let part = piece(at, span.start);
            text.push_part(&part, 0..part.text().len());
            let limit =
                RowLimit { rows: MOST_INSERTED, seconds: None, of: "the subsearch".into(), span: *span };
            let rows = plan.rows(Vec::new(), context, Some(&limit))?;
            let inserted = format!("{}{}", apart(part.text()), format::inserted_text(&rows));
            text.push(&inserted, Origin { span: *span, calls: Calls::default() });
            at = span.end;
        }
        let part = piece(at, self.span.end);
        text.push_part(&part, 0..part.text().len());
        let (text, segments) = text.into_parts();
        let read: String = text.chars().take(SHOWN).collect();
        let told =
            |mistakes| first(mistakes).help(format!("with the text of its subsearches it is `{read}`"));
        let id = sources.add_expanded(sources.name(self.span.source), text, segments);
        let search = parse(&sources, id, self.start).map_err(told)?;
        let place =
            Place { start: self.start, after: &self.after, order: self.order, written: &mut Vec::new() };
        self.launcher.plan_at(&search, place).map_err(told)
    }
}

/// While a search runs only one mistake can be told.
fn first(mistakes: Vec<Diagnostic>) -> Diagnostic {
    let nothing = || Diagnostic::error(Code::EmptySearch, "the search is empty");
    mistakes.into_iter().next().unwrap_or_else(nothing)
}

impl fmt::Display for Deferred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, plan) in &self.inserted {
            writeln!(f, "run first, and insert the text of:")?;
            super::write_inner(f, std::slice::from_ref(plan))?;
        }
        writeln!(f, "then plan anew; without that text:")
    }
}

/// The most rows that are taken of a search inside of another.
#[derive(Clone, Debug)]
pub struct RowLimit {
    /// So many.
    pub rows: usize,
    /// How many seconds it may take to find them.
    pub seconds: Option<u64>,
    /// What gives them, for the warning.
    pub of: String,
    /// Where it stands.
    pub span: Span,
}

impl Plan {
    /// Runs a search inside of another, and gives its rows. Where there are more than a limit allows, those
    /// after it are dropped, and where it takes longer, what was not read by then; a warning says so.
    ///
    /// # Errors
    /// Those of [`Plan::run`].
    pub fn rows(
        &self,
        given: Vec<Batch>,
        context: &RunContext,
        limit: Option<&RowLimit>,
    ) -> Result<Vec<Batch>> {
        let most = limit.map_or(usize::MAX, |limit| limit.rows);
        let (mut out, mut rows, mut cut) = (Vec::new(), 0, false);
        let mut options = context.options.clone();
        let seconds = limit.and_then(|limit| limit.seconds);
        let own = seconds.and_then(|seconds| {
            Deadline::within(Duration::from_secs(seconds), context.options.deadline.as_ref())
        });
        options.deadline = own.clone().or(options.deadline);
        let ran = self.run(given, &options, &mut |mut batch: Batch| {
            if rows + batch.rows() > most {
                batch = batch.slice(0, most - rows);
                cut = true;
            }
            rows += batch.rows();
            out.push(batch);
            Ok(if cut { Flow::Enough } else { Flow::More })
        });
        self.trouble().into_iter().for_each(|trouble| context.warnings().add(trouble));
        ran?;
        if let (true, Some(RowLimit { rows, of, span, .. })) = (cut, limit) {
            let message = format!("{of} gives more than {rows} rows: those after them are not used");
            context.warnings().add(Diagnostic::warning(Code::Limit, message).at(*span, ""));
        }
        let missed = own.is_some_and(|deadline| deadline.is_missed());
        if let (true, Some(RowLimit { seconds: Some(seconds), of, span, .. })) = (missed, limit) {
            let message =
                format!("{of} takes longer than {seconds} seconds: what it has found by then is used");
            context.warnings().add(Diagnostic::warning(Code::Limit, message).at(*span, ""));
        }
        Ok(out)
    }
}

/// The rows of a search, as those that a command makes.
pub struct InnerRows {
    /// The search.
    pub plan: Arc<Plan>,
    /// The most rows that it may give.
    pub limit: Option<RowLimit>,
}

impl Generating for InnerRows {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        self.plan.rows(Vec::new(), context, self.limit.as_ref())
    }
}

/// No rows.
struct NoRows;

impl Generating for NoRows {
    fn generate(&self, _: &RunContext) -> Result<Vec<Batch>> {
        Ok(Vec::new())
    }
}

impl Planner<'_> {
    /// Plans a search that stands inside of this command, of which these fields are wanted, and the order of
    /// its rows or not.
    ///
    /// # Errors
    /// The first mistake in it; the planner keeps the others.
    pub fn inner(
        &mut self,
        search: &Search,
        start: Start,
        after: &FieldSet,
        order: bool,
    ) -> Result<Arc<Plan>> {
        let launcher = self.launcher();
        let planned = launcher.plan_at(search, Place { start, after, order, written: &mut self.written });
        self.keep_inner(planned)
    }

    /// A search that a command inside of it has planned.
    ///
    /// # Errors
    /// The first mistake in it; the planner keeps the others.
    pub fn keep_inner(&mut self, planned: Result<Plan, Vec<Diagnostic>>) -> Result<Arc<Plan>> {
        match planned {
            Ok(mut plan) => {
                for note in std::mem::take(&mut plan.notes) {
                    if !self.notes.contains(&note) {
                        self.notes.push(note);
                    }
                }
                let plan = Arc::new(plan);
                self.inner.push(Arc::clone(&plan));
                Ok(plan)
            }
            Err(mut mistakes) => {
                let others = mistakes.split_off(1.min(mistakes.len()));
                self.more.extend(others);
                Err(first(mistakes))
            }
        }
    }

    /// What it takes to plan searches inside of this one while it runs.
    pub fn launcher(&self) -> Launcher {
        Launcher {
            settings: self.settings.clone(),
            knowledge: Arc::clone(self.knowledge),
            sources: self.sources.clone(),
            depth: self.depth + 1,
            warnings: self.warnings.clone(),
        }
    }

    /// The command makes no rows.
    pub fn no_rows(&mut self) {
        self.generating(NoRows);
    }
}
