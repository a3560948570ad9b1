//! What Splunk does to events at search time, for one source type.
//!
//! In this order (Knowledge Manager Manual, "The sequence of search-time operations"): extractions,
//! automatic key-value, aliases, calculated fields (side by side), lookups, event types, tags. Only what
//! the search needs is computed: the steps are walked backwards from the wanted fields to the paths that
//! must be read from the event.

mod automatic;
mod by_hand;
mod classify;
mod compiler;
mod defaults;
mod extract;
mod measure;
mod steps;
mod timestamp;
mod type_names;

use std::sync::Arc;

use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::exec::{LookupJoin, RunContext};
use crate::functions::EvalContext;
use crate::knowledge::{AutomaticLookup, KvMode, SourceType, Structure};
use crate::time::Stamp;
use crate::value::Text;

use super::prefilter::{Condition, Invert};
pub use automatic::MADE_OF;
use automatic::{Automatic, TableRows};
use classify::EventTypes;
pub use compiler::Compiler;
use defaults::DefaultFields;
pub use defaults::is_default;
pub use extract::{Extract, fill};
use measure::Measure;
use steps::{Aliases, Calculate, Tokenize, TrimBraces};
pub use timestamp::Timestamp;
pub use timestamp::{seconds, stamp, zone};
pub use type_names::{Names as TypeNames, given_name};

/// The fields that every event has without being asked, besides `_time` and `_raw`.
pub const DEFAULT_FIELDS: [&str; 4] = ["host", "source", "sourcetype", "index"];

/// The search-time steps of a source type, for a set of wanted fields.
pub struct SearchTime {
    /// What must be read from the event itself; with `_raw` if a step needs the text.
    pub reads: FieldSet,
    timestamp: Timestamp,
    steps: Vec<Arc<dyn Invert>>,
    /// Whether the fields that the reader found are fields of the event (not so with `KV_MODE = none`).
    keeps_fields: bool,
    /// Where the steps came from, for `--explain`.
    pub notes: Vec<String>,
}

/// What the reader gives of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The fields of JSON, by their paths.
    Json,
    /// The text, and the time.
    Raw,
    /// The fields under a header.
    Records,
    /// The text of JSON that was changed after its time was read.
    Rewritten,
    /// The text of an event that came in an envelope.
    Wrapped,
}

impl Reader {
    /// Whether the fields that the reader found are fields of the event.
    fn gives_fields(self, source_type: &SourceType) -> bool {
        match self {
            Reader::Json => source_type.reads_json(),
            Reader::Raw | Reader::Records => true,
            // What stands there is said of the envelope.
            Reader::Wrapped => false,
            // What was found while indexing was found in the text as it was.
            Reader::Rewritten => source_type.structure == Some(Structure::Json),
        }
    }
}

impl SearchTime {
    /// Events without knowledge: fields as they stand.
    pub fn plain(wanted: &FieldSet) -> SearchTime {
        let mut reads = wanted.clone();
        let timestamp = Timestamp::guessed();
        reads.extend(&timestamp.reads());
        let mut steps: Vec<Arc<dyn Invert>> = Vec::new();
        if let Some(defaults) = DefaultFields::new(wanted) {
            reads.extend(&defaults.reads());
            steps.push(Arc::new(defaults));
        }
        SearchTime { reads, timestamp, steps, keeps_fields: true, notes: Vec::new() }
    }

    /// JSON that nobody has described: what there is to say of it are event types and tags.
    pub fn undescribed(
        source_type: &SourceType,
        wanted: &FieldSet,
        condition: &Condition,
        compiler: &mut Compiler<'_>,
    ) -> Result<SearchTime> {
        let types = EventTypes::new(wanted, condition, source_type, compiler)?;
        let reads = types.as_ref().map_or_else(FieldSet::none, EventTypes::reads);
        let wanted = wanted.clone().with(&reads);
        let mut search_time = SearchTime::plain(&wanted);
        if let Some(tokenize) = Tokenize::new(&wanted, compiler)? {
            search_time.steps.push(Arc::new(tokenize));
        }
        if let Some(types) = types {
            search_time.notes.push(types.note());
            search_time.steps.push(Arc::new(types));
        }
        Ok(search_time)
    }

    /// The steps of a source type, backwards from the wanted fields. What cannot be read is an error where it gives a
    /// field that is wanted by its name; otherwise it is left out, and a warning says so.
    pub fn new(
        source_type: &SourceType,
        reader: Reader,
        asked: &FieldSet,
        condition: &Condition,
        compiler: &mut Compiler<'_>,
    ) -> Result<SearchTime> {
        let mut wanted = asked.clone();
        let mut steps: Vec<Arc<dyn Invert>> = Vec::new();
        let mut notes = Vec::new();
        if let Some(types) = EventTypes::new(&wanted, condition, source_type, compiler)? {
            wanted.extend(&types.reads());
            notes.push(types.note());
            steps.push(Arc::new(types));
        }
        if let Some(tokenize) = Tokenize::new(&wanted, compiler)? {
            steps.push(Arc::new(tokenize));
        }
        for (join, note) in lookups(source_type, asked, &mut wanted, compiler)? {
            notes.push(note);
            steps.push(Arc::new(join));
        }
        let calculate = calculated(source_type, asked, &wanted, compiler, &mut notes)?;
        calculate.pull(&mut wanted);
        steps.push(Arc::new(calculate));
        let aliases = Aliases::new(source_type, &wanted, &mut notes);
        aliases.pull(&mut wanted);
        steps.push(Arc::new(aliases));
        if source_type.trim_braces && source_type.reads_json() {
            TrimBraces.pull(&mut wanted);
            steps.push(Arc::new(TrimBraces));
        }
        for (step, note) in unasked(source_type, reader, &wanted, compiler) {
            wanted.add("_raw");
            notes.push(note);
            steps.push(step);
        }
        for extract in extracts(source_type, reader, asked, &mut wanted, compiler)? {
            notes.push(extract.note());
            steps.push(Arc::new(extract));
        }
        if let Some(defaults) = DefaultFields::new(&wanted) {
            wanted.extend(&defaults.reads());
            steps.push(Arc::new(defaults));
        }
        if !source_type.metric_schemas.is_empty() {
            wanted = FieldSet::all();
            steps.push(Arc::new(Measure(source_type.metric_schemas.clone())));
        }
        if let Some(app) = &source_type.add_on {
            notes.push(format!("what is built in for it is set aside: the app `{app}` is its add-on"));
        }
        steps.reverse();
        notes.reverse();
        let timestamp = Timestamp::new(source_type, reader, compiler)?;
        let keeps_fields = reader.gives_fields(source_type);
        let mut reads = if reader == Reader::Raw || !keeps_fields { FieldSet::of(["_raw"]) } else { wanted };
        reads.extend(&timestamp.reads());
        Ok(SearchTime { reads, timestamp, steps, keeps_fields, notes })
    }

    /// Reads all that is said of a source type; a warning for each that cannot be read.
    ///
    /// # Errors
    /// None: nothing is needed.
    pub fn read_all(source_type: &SourceType, compiler: &mut Compiler<'_>) -> Result<()> {
        let (all, none) = (FieldSet::all(), FieldSet::none());
        for extraction in &source_type.extractions {
            let extract = Extract::new(extraction, Reader::Raw, &all, compiler);
            compiler.unless_needed(extract, false, extraction.located())?;
        }
        calculated(source_type, &none, &all, compiler, &mut Vec::new())?;
        for lookup in &source_type.lookups {
            let join = automatic_lookup(lookup, &all, compiler);
            compiler.unless_needed(join, false, &lookup.place)?;
        }
        Ok(())
    }

    /// The time may stand in the event's text, where no field has it.
    pub fn look_for_time(&mut self, stamp: Stamp) {
        self.timestamp.or_in_text(stamp);
        self.reads.extend(&self.timestamp.reads());
    }

    /// What must hold of an event as it is read for a condition to hold after all steps.
    pub fn before(&self, condition: &Condition) -> Condition {
        let raw = self
            .steps
            .iter()
            .rev()
            .fold(condition.clone(), |condition, step| condition.before(step.as_ref()));
        // Times are not text of the event any more.
        raw.replace(&|field, _| (field == "_time").then_some(Condition::True))
    }

    /// Events as they were read, with their time.
    pub fn timed(&self, batch: &Batch, context: &EvalContext) -> Batch {
        let mut batch = batch.clone();
        self.timestamp.set(&mut batch, context);
        batch
    }

    /// Whether no time is looked for (`DATETIME_CONFIG`).
    pub fn is_untimed(&self) -> bool {
        self.timestamp.is_untimed()
    }

    /// The wanted fields of a batch of events as they were read; `added` has the fields that they got while they
    /// were indexed, `otherwise` gives the time of rows that have none, and `age` that of all others. Says how many
    /// those are.
    pub fn apply(
        &self,
        mut batch: Batch,
        added: Vec<(Text, Column)>,
        otherwise: &dyn Fn(usize) -> Option<f64>,
        age: f64,
        context: &RunContext,
    ) -> Result<(Batch, u64)> {
        self.timestamp.set(&mut batch, &context.eval);
        if !self.keeps_fields {
            batch.retain(|field| field.starts_with('_') || DEFAULT_FIELDS.contains(&field));
        }
        for (name, column) in added {
            let column = match batch.column(&name) {
                Some(before) => column.select(&column.mask(|value| !value.is_null()), before),
                None => column,
            };
            batch.set(name, column);
        }
        let without_time = timestamp::fill_in(&mut batch, otherwise, age);
        for step in &self.steps {
            batch = step.map(batch, context)?;
        }
        Ok((batch, without_time))
    }
}

/// Whether a field is wanted by its name.
fn is_named(asked: &FieldSet, field: &str) -> bool {
    asked.names().any(|name| name == field)
}

/// What is done to find fields without being told, the last first, and what to say of it.
fn unasked(
    source_type: &SourceType,
    reader: Reader,
    wanted: &FieldSet,
    compiler: &Compiler<'_>,
) -> Vec<(Arc<dyn Invert>, String)> {
    let mut steps: Vec<(Arc<dyn Invert>, String)> = Vec::new();
    if source_type.kv_mode == KvMode::Multi && matches!(reader, Reader::Raw | Reader::Wrapped) {
        // A description that cannot be used is passed over, as other settings of a source type are.
        match TableRows::of(source_type, compiler.knowledge) {
            Ok(rows) => steps.push((Arc::new(rows), "rows of tables in the text".to_string())),
            Err(problem) => {
                compiler.context.warnings.add(Diagnostic { severity: Severity::Warning, ..problem })
            }
        }
    }
    if let Some(automatic) = Automatic::new(source_type, reader, wanted) {
        let note = automatic.note();
        steps.push((Arc::new(automatic), note));
    }
    steps
}

/// The automatic lookups that are wanted, the last first, and what to say of each; what they read is added to what is
/// wanted.
fn lookups(
    source_type: &SourceType,
    asked: &FieldSet,
    wanted: &mut FieldSet,
    compiler: &Compiler<'_>,
) -> Result<Vec<(LookupJoin, String)>> {
    let mut joins = Vec::new();
    for lookup in source_type.lookups.iter().rev() {
        let needed = lookup.outputs.iter().flatten().any(|(_, field)| is_named(asked, field));
        let join = automatic_lookup(lookup, wanted, compiler);
        if let Some(join) = compiler.unless_needed(join, needed, &lookup.place)? {
            // What is there already decides whether OUTPUTNEW sets it, and stays without a match.
            wanted.extend(&FieldSet::of(join.inputs.iter().map(|(_, field)| field.clone())));
            let (place, table) = (lookup.place.place(), join.table.path());
            let note = format!("lookup `{}`: {place}, {table}", lookup.lookup);
            joins.push((join, note));
        }
    }
    Ok(joins)
}

/// The extractions that are wanted, the last first, with what they read added to that.
fn extracts(
    source_type: &SourceType,
    reader: Reader,
    asked: &FieldSet,
    wanted: &mut FieldSet,
    compiler: &mut Compiler<'_>,
) -> Result<Vec<Extract>> {
    let mut extracts = Vec::new();
    for extraction in source_type.extractions.iter().rev() {
        let extract = Extract::new(extraction, reader, wanted, compiler);
        let needed = extract::names(extraction).any(|name| is_named(asked, name));
        if let Some(extract) = compiler.unless_needed(extract, needed, extraction.located())? {
            wanted.extend(&extract.reads());
            extracts.push(extract);
        }
    }
    Ok(extracts)
}

/// The calculated fields that are wanted; none sees another.
fn calculated(
    source_type: &SourceType,
    asked: &FieldSet,
    wanted: &FieldSet,
    compiler: &mut Compiler<'_>,
    notes: &mut Vec<String>,
) -> Result<Calculate> {
    let mut programs = Vec::new();
    for calculated in source_type.calculated.iter().filter(|calculated| wanted.contains(&calculated.field)) {
        let program = compiler.expression(&calculated.expression).map(Some);
        let needed = is_named(asked, &calculated.field);
        let program = compiler.unless_needed(program, needed, &calculated.expression)?;
        let Some(program) = program else { continue };
        notes.push(format!("field `{}`: calculated, {}", calculated.field, calculated.expression.place()));
        programs.push((calculated.field.clone(), program));
    }
    Ok(Calculate(programs))
}

/// An automatic lookup, if one of its outputs is wanted.
fn automatic_lookup(
    lookup: &AutomaticLookup,
    wanted: &FieldSet,
    compiler: &Compiler<'_>,
) -> Result<Option<LookupJoin>> {
    let place = |diagnostic: Diagnostic| match &diagnostic.place {
        Some(_) => diagnostic.help(format!("asked for by {}", lookup.place.place())),
        None => diagnostic.in_file(lookup.place.place(), None),
    };
    if let Some(outputs) = &lookup.outputs
        && !outputs.iter().any(|(_, field)| wanted.contains(field))
    {
        return Ok(None);
    }
    let table = compiler.knowledge.lookup(&lookup.lookup).map_err(place)?;
    let bind = |pairs: &[(Text, Text)]| -> Result<Vec<(usize, Text)>> {
        pairs
            .iter()
            .map(|(column, field)| Ok((table.column(column).map_err(place)?, field.clone())))
            .collect()
    };
    let inputs = bind(&lookup.inputs)?;
    let outputs = match &lookup.outputs {
        Some(outputs) => bind(outputs)?,
        None => {
            let is_input = |at: usize| inputs.iter().any(|(column, _)| *column == at);
            // The time that bounds a row is none of its fields (props.conf, `LOOKUP`).
            let time = table.definition().time.as_ref().map(|time| &time.column);
            let columns = table.columns().iter().cloned().enumerate();
            columns.filter(|(at, name)| !is_input(*at) && Some(name) != time).collect()
        }
    };
    let outputs: Vec<(usize, Text)> =
        outputs.into_iter().filter(|(_, field)| wanted.contains(field)).collect();
    Ok((!outputs.is_empty()).then_some(LookupJoin { table, inputs, outputs, overwrite: lookup.overwrite }))
}
