//! The search that a dataset is made of (`BaseSearch`), and how the rows of any dataset come about.
//!
//! A search over events whose commands map batches, as all of the Common Information Model's are, runs inside the
//! dataset: filters are pushed through it to the reader. Any other search is planned like one that a person wrote, and
//! the dataset takes its rows.

use std::sync::Arc;

use super::prefilter::{Condition, ValueTest};
use super::time_range::place_of;
use super::{EventScan, InnerRows, ModelDataset, Naming, Place, Planner, TimeRange};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, SourceId, Sources};
use crate::eval::Filter;
use crate::exec::{RunContext, Stage, Streaming};
use crate::expand;
use crate::knowledge::{DataModel, Located, Object, Root};
use crate::parse::cursor::Cursor;
use crate::parse::search::SearchExpr;
use crate::parse::{Parsed, Search, Start, parse, search_expression};

/// What a dataset of a search is made of.
pub enum BaseSearch {
    /// Events that pass a filter, then mapped.
    Events(EventSearch),
    /// The rows of any search.
    Rows(Search),
}

/// A search over events whose commands map batches.
pub struct EventSearch {
    filter: Filter,
    condition: Condition,
    fields: FieldSet,
    commands: Vec<Parsed>,
    stages: Vec<Arc<dyn Streaming>>,
}

impl BaseSearch {
    /// Reads the search of a dataset.
    ///
    /// # Errors
    /// What is wrong with it; of several mistakes the first.
    pub fn new(text: &Located, planner: &mut Planner<'_>) -> Result<BaseSearch> {
        let id = text.register(planner.sources);
        let context = planner.context();
        let expanded = expand::expand(id, planner.knowledge, &context, planner.sources)?;
        let mut search = parse(planner.sources, expanded.id, Start::Fresh).map_err(first)?;
        if search.has_insertions() || search.commands.first().is_none_or(|parsed| parsed.name != "search") {
            return Ok(BaseSearch::Rows(search));
        }
        let expr = planner.in_index(&leading_filter(expanded.id, planner.sources)?);
        // The reader's range is that of the search that asks: a range of its own needs a search of its own.
        if place_of(&expr).is_some() {
            return Ok(BaseSearch::Rows(search));
        }
        let commands = search.commands.split_off(1);
        let rest = Search { commands, span: search.span };
        let Some(stages) = streaming_stages(&rest, planner)? else {
            search.commands.extend(rest.commands);
            return Ok(BaseSearch::Rows(search));
        };
        Ok(BaseSearch::Events(EventSearch {
            filter: Filter::new(&expr),
            condition: Condition::of_search(&expr),
            fields: FieldSet::of(expr.fields()),
            commands: rest.commands,
            stages,
        }))
    }
}

fn first(mistakes: Vec<Diagnostic>) -> Diagnostic {
    let mut mistakes = mistakes.into_iter();
    let empty = || Diagnostic::error(Code::EmptySearch, "the search is empty");
    mistakes.next().unwrap_or_else(empty)
}

/// The filter before the first pipe.
fn leading_filter(id: SourceId, sources: &Sources) -> Result<SearchExpr> {
    let text = sources.text(id);
    let word = text.trim_start();
    let explicit = word.get(..6).is_some_and(|name| name.eq_ignore_ascii_case("search"))
        && word.get(6..).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    let start = text.len() - word.len() + if explicit { 6 } else { 0 };
    let mut cursor = Cursor::new(&text, id, start, text.len());
    search_expression(&mut cursor, |cursor| cursor.peek() == Some('|'))
}

/// The stages of the commands, if all of them map batches.
fn streaming_stages(search: &Search, planner: &mut Planner<'_>) -> Result<Option<Vec<Arc<dyn Streaming>>>> {
    let plan = super::plan(search, Start::Rows, planner.settings, planner.knowledge, planner.sources);
    let mut stages = Vec::new();
    for step in plan.map_err(first)?.steps {
        match step.stage {
            Stage::Streaming(stage) => stages.push(stage),
            _ => return Ok(None),
        }
    }
    Ok(Some(stages))
}

impl EventSearch {
    /// What of the event must be read for these fields to be there after the search.
    pub fn reads(&self, after: &FieldSet) -> FieldSet {
        let commands = self.commands.iter().rev();
        let fields = commands.fold(after.clone(), |fields, parsed| parsed.command.needs(&fields));
        fields.with(&self.fields)
    }

    /// What must hold of an event for a condition to hold of a row of the search.
    pub fn before(&self, condition: &Condition) -> Condition {
        let through = |field: &str, test: &ValueTest| {
            let kept = self.commands.iter().all(|parsed| {
                parsed.command.sets().is_some_and(|names| names.iter().all(|name| name != field))
            });
            Some(if kept { Condition::Field(field.into(), test.clone()) } else { Condition::True })
        };
        Condition::all([self.condition.clone(), condition.replace(&through)])
    }

    /// The rows of the search in a batch of events.
    pub fn rows(&self, batch: Batch, context: &RunContext) -> Result<Batch> {
        let mask = self.filter.mask(&batch);
        let mut batch = batch.filter(&mask);
        for stage in &self.stages {
            batch = stage.map(batch, context)?;
        }
        Ok(batch)
    }
}

/// A dataset that is asked for.
pub struct DatasetRequest<'m> {
    /// Its model.
    pub model: &'m DataModel,
    /// The dataset.
    pub object: &'m Object,
    /// The fields, as the search names them.
    pub wanted: FieldSet,
    /// How they are named.
    pub naming: Naming,
    /// The fields of the event that are wanted beside those of the dataset; none for no such.
    pub beside: Option<FieldSet>,
    /// Whether events come with the model's field names already.
    pub carried: bool,
    /// The time range of the search.
    pub range: TimeRange,
}

impl Planner<'_> {
    /// The rows of a dataset are what the search reads. Rows of which `condition` does not hold need not
    /// come out.
    ///
    /// # Errors
    /// What is wrong with the model, or with what it leans on.
    pub fn dataset_rows(&mut self, request: &DatasetRequest<'_>, condition: &Condition) -> Result<()> {
        let DatasetRequest { model, object, wanted, naming, beside, carried, range } = request;
        let root = model.ancestry(object).first().copied().unwrap_or(object);
        let base = match &root.base_search {
            Some(text) if root.root == Root::Search && !carried => Some(BaseSearch::new(text, self)?),
            _ => None,
        };
        let (events, rows) = match base {
            Some(BaseSearch::Rows(search)) => (None, Some(search)),
            Some(BaseSearch::Events(search)) => (Some(search), None),
            None => (None, None),
        };
        let context = self.context();
        let mut compiler = self.compiler(&context);
        let mut dataset = ModelDataset::new(model, object, wanted, *naming, *carried, events, &mut compiler)?;
        beside.iter().for_each(|fields| dataset.keep(fields.clone()));
        for note in &dataset.notes {
            self.note(note.clone());
        }
        if let Some(search) = &rows {
            self.base_rows(search, &dataset.reads, *range)?;
        } else {
            let scan = EventScan::new(dataset.reads.clone(), *range, &dataset.before(condition), self)?;
            self.scan(scan);
        }
        self.streaming(dataset);
        // The rows of a search keep its order; under the names of tstats nothing sees an order.
        if rows.is_none() && *naming == Naming::Bare {
            self.time_order();
        }
        Ok(())
    }

    /// Plans a search whose rows a dataset takes these fields of.
    fn base_rows(&mut self, search: &Search, wanted: &FieldSet, range: TimeRange) -> Result<()> {
        if search.has_insertions() {
            let mut launcher = self.launcher();
            launcher.settings.range = launcher.settings.range.and(range);
            let place = Place { start: Start::Fresh, after: wanted, order: true, written: &mut self.written };
            let planned = launcher.plan_at(search, place);
            let plan = self.keep_inner(planned)?;
            self.generating(InnerRows { plan, limit: None });
            return Ok(());
        }
        let mut after = Vec::new();
        let mut fields = wanted.clone();
        for parsed in search.commands.iter().rev() {
            after.push(fields.clone());
            fields = parsed.command.needs(&fields);
        }
        let outer = std::mem::replace(&mut self.after, FieldSet::none());
        for (parsed, fields) in search.commands.iter().zip(after.into_iter().rev()) {
            self.after = fields;
            parsed.command.plan(self)?;
        }
        self.after = outer;
        if let Some(super::Source::Events(scan)) = &mut self.source {
            scan.narrow(range);
        }
        Ok(())
    }
}
