//! Reading events: files in, batches of wanted fields out.

mod assigned;
mod envelope;
mod group;
mod indexing;
mod look;
mod order;
mod profile;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;

use super::prefilter::{Condition, Sample};
use super::search_time::{Compiler, DEFAULT_FIELDS, MADE_OF};
use super::{EventInput, Planner, TimeRange};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Sources};
use crate::exec::{RunContext, Work};
use crate::functions::EvalContext;
use crate::io::{self, Chunk, Form, InputFile, Parsed, Piece, Prefilter, Problems, ReadOptions, Reader};
use crate::knowledge::{Assigned, Knowledge};
use crate::value::{Text, Value};

pub use assigned::{in_any_index, named_index};
use envelope::Wrapping;
use group::{Group, in_input_order, taken};
pub use indexing::read_indexing;
use indexing::{Event, Indexing, Surroundings};
use look::{Look, look};
pub use order::TimeOrder;
use profile::{Kind, Profile, Shared, Steps, Wanted};

/// The index of events where nobody says another.
const INDEX: &str = "main";

/// A batch that has so many rows is done.
const ROWS_OF_A_BATCH: usize = 16 * 1024;

/// How many different combinations of source type, source and host are remembered for a message.
const REMEMBERED: usize = 1000;

type Hashing = foldhash::fast::RandomState;

/// A scan of the events: which are read, and what is taken from them.
pub struct EventScan {
    input: EventInput,
    index: Text,
    looks: Vec<Look>,
    files: Vec<InputFile>,
    wanted: FieldSet,
    condition: Condition,
    sample: Sample,
    range: TimeRange,
    knowledge: Arc<Knowledge>,
    /// What was compiled so far: more may be met in the middle of a file. By where events are from, their file, and
    /// whether their text was changed.
    profiles: Mutex<HashMap<(Assigned, usize, bool), Shared, Hashing>>,
    /// The steps of all kinds of events so far.
    kinds: Mutex<HashMap<Kind, Steps, Hashing>>,
    trouble: Mutex<Trouble>,
}

/// What went wrong while reading: counts and first places, so the order of chunks does not show.
#[derive(Default)]
struct Trouble {
    problems: Problems,
    /// By file, how many events.
    without_time: BTreeMap<usize, u64>,
    /// Where the events that were met are from, and whether any of them could be asked for.
    met: BTreeSet<Assigned>,
    possible: bool,
}

impl EventScan {
    /// Plans a scan for the wanted fields of events in a range of time; where the range has no bound, that
    /// of the run holds. Events of which `condition` does not hold need not come out.
    ///
    /// # Errors
    /// No events were named, or knowledge about their source type is broken.
    pub fn new(
        wanted: FieldSet,
        range: TimeRange,
        condition: &Condition,
        planner: &mut Planner<'_>,
    ) -> Result<EventScan> {
        let Some(input) = planner.settings.events.clone() else {
            let message = "the search reads events, and none are given";
            let diagnostic = Diagnostic::error(Code::EventsMissing, message);
            return Err(
                diagnostic.help("name files, folders or globs, or `-` for what is piped in: --events PATH")
            );
        };
        let looks = {
            let context = planner.context();
            let mut compiler = planner.compiler(&context);
            input.files.iter().map(|file| look(file, &input, &mut compiler)).collect::<Result<Vec<_>>>()?
        };
        let files: Vec<InputFile> = looks.iter().map(|look| look.file.clone()).collect();
        // Nothing is looked for where the search asks for nothing.
        let sample = match condition {
            Condition::True => Sample::default(),
            _ => Sample::new(&files.iter().find_map(io::sample).unwrap_or_default()),
        };
        let scan = EventScan {
            index: input.index.clone().unwrap_or_else(|| INDEX.into()),
            input,
            looks,
            files,
            wanted,
            condition: condition.clone(),
            sample,
            range: range.within(planner.settings.range, planner.settings.now),
            knowledge: Arc::clone(planner.knowledge),
            profiles: Mutex::default(),
            kinds: Mutex::default(),
            trouble: Mutex::default(),
        };
        scan.plan_profiles(planner)?;
        Ok(scan)
    }

    /// Sets the index that the search asks for, where nobody named another.
    #[must_use]
    pub fn in_index(mut self, index: Option<Text>) -> EventScan {
        if let (None, Some(index)) = (&self.input.index, index) {
            self.index = index;
        }
        self
    }

    /// Compiles what is known to be needed: what is broken is said before an event is read.
    fn plan_profiles(&self, planner: &mut Planner<'_>) -> Result<()> {
        let mut noted: BTreeSet<Text> = BTreeSet::new();
        for (file, look) in self.looks.iter().enumerate() {
            let context = planner.context();
            let of_file = (look.assigned.clone(), file, false);
            let profile = self.profile(&of_file, &mut planner.compiler(&context))?;
            if !noted.insert(profile.source_type.clone()) {
                continue;
            }
            let name = &profile.source_type;
            for note in &profile.search_time.notes {
                planner.note(format!("source type `{name}`: {note}"));
            }
            for note in profile.indexing.iter().flat_map(|indexing| indexing.notes()) {
                planner.note(format!("source type `{name}`: {note}"));
            }
            if let Some(prefilter) = &profile.prefilter {
                planner.note(format!("source type `{name}`: only events with {}", describe(prefilter)));
            }
        }
        Ok(())
    }

    /// What is done to events of a file that are from somewhere.
    fn profile(&self, of: &(Assigned, usize, bool), compiler: &mut Compiler<'_>) -> Result<Shared> {
        let (assigned, file, rewritten) = of;
        let Some(look) = self.looks.get(*file) else {
            return Err(Diagnostic::error(Code::Usage, "no such file of events"));
        };
        let wanted = Wanted {
            fields: &self.wanted,
            condition: &self.condition,
            sample: &self.sample,
            index: self.input.index.as_ref(),
            carries_model: self.input.data_model.is_some(),
        };
        let kind = Kind::new(assigned, *rewritten, look, &self.knowledge);
        let known = self.kinds.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
        let steps = match known {
            Some(steps) => steps,
            None => {
                let steps = kind.steps(assigned, look, &wanted, compiler)?;
                let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
                kinds.entry(kind.clone()).or_insert(steps).clone()
            }
        };
        let profile = Arc::new(Profile::new(assigned, &kind, &steps, &wanted));
        let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(profiles.entry(of.clone()).or_insert(profile)))
    }

    /// The same while the search runs: what was met for the first time is compiled.
    fn profile_of(&self, of: &(Assigned, usize, bool), context: &EvalContext) -> Result<Shared> {
        let known = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(profile) = known.get(of) {
            return Ok(Arc::clone(profile));
        }
        drop(known);
        let mut sources = Sources::new();
        let any_index = self.input.index.is_none();
        let knowledge = &self.knowledge;
        let mut compiler = Compiler { knowledge, sources: &mut sources, context, any_index, geo: None };
        self.profile(of, &mut compiler).map_err(|mut mistake| {
            // The texts that its labels point into are not those of the search.
            let labels = std::mem::take(&mut mistake.labels);
            let name = labels.first().map(|label| sources.name(label.span.source).to_string());
            match (&mistake.place, name) {
                (None, Some(name)) => mistake.in_file(name, None),
                _ => mistake,
            }
        })
    }

    /// The time range of the events that come out.
    pub fn range(&self) -> TimeRange {
        self.range
    }

    /// Only events in this range of time too.
    pub fn narrow(&mut self, range: TimeRange) {
        self.range = self.range.and(range);
    }

    /// The fields that come out.
    pub fn wanted(&self) -> &FieldSet {
        &self.wanted
    }

    /// The files' names with what is assigned to their events, for `--explain`.
    pub fn describe(&self) -> Vec<String> {
        let line = |look: &Look| {
            let Assigned { source_type, source, host } = &look.assigned;
            format!(
                "events `{}`: source type {source_type} ({}), source {source}, host {host}",
                look.file.name, look.how
            )
        };
        self.looks.iter().map(line).collect()
    }

    /// The scan cut into units of work, in input order.
    pub fn works<'s>(&'s self, options: ReadOptions) -> impl Iterator<Item = Result<Work<'s>>> + 's {
        io::pieces(&self.files, &options).map(move |piece| {
            let options = options.clone();
            Ok(Box::new(move |context: &RunContext| self.read(piece, &options, context)) as Work<'s>)
        })
    }

    /// Reads a piece of a file.
    fn read(&self, piece: Piece, options: &ReadOptions, context: &RunContext) -> Result<Vec<Batch>> {
        let file = piece.file();
        let Some(look) = self.looks.get(file) else { return Ok(Vec::new()) };
        let base = self.profile_of(&(look.assigned.clone(), file, false), &context.eval)?;
        if matches!(look.file.form, Form::Json) && base.indexing.is_none() && look.wrapping.is_none() {
            return self.read_json(piece, look, &base, options, context);
        }
        let mut batches = Vec::new();
        for chunk in piece.chunks() {
            batches.push(self.read_chunk(&chunk, look, &base, options, context)?);
        }
        Ok(batches)
    }

    /// Reads JSON whose source is that of its file. The rows are put into few batches: every batch costs every
    /// step something.
    fn read_json(
        &self,
        piece: Piece,
        look: &Look,
        profile: &Shared,
        options: &ReadOptions,
        context: &RunContext,
    ) -> Result<Vec<Batch>> {
        let file = piece.file();
        let prefilter = profile.prefilter.as_ref().filter(|_| !options.fail_on_malformed);
        let mut reader = Reader::new(&profile.search_time.reads, prefilter);
        let group = Group::whole(&look.assigned, profile);
        let mut batches = Vec::new();
        let mut without_time = 0;
        let mut finish = |batch: Batch| {
            let (batch, missing) = self.finish(batch, &group, look, context)?;
            without_time += missing;
            batches.push(self.wanted_of(batch));
            Ok::<(), Diagnostic>(())
        };
        let mut met = false;
        for chunk in piece.chunks() {
            met |= !chunk.text.is_empty();
            reader.read(&chunk);
            reader.problems().verdict(options)?;
            if reader.rows() >= ROWS_OF_A_BATCH {
                finish(reader.take_batch())?;
            }
        }
        if reader.rows() > 0 {
            finish(reader.take_batch())?;
        }
        let groups = if met { std::slice::from_ref(&group) } else { &[] };
        self.note_trouble(reader.take_problems(), file, without_time, groups);
        Ok(batches)
    }

    /// Reads a chunk of events that may each be from somewhere else.
    fn read_chunk(
        &self,
        chunk: &Chunk,
        look: &Look,
        base: &Shared,
        options: &ReadOptions,
        context: &RunContext,
    ) -> Result<Batch> {
        let prefilter = base.prefilter.as_ref().filter(|_| !options.fail_on_malformed);
        let mut reads = look.wrapping.map_or_else(|| base.search_time.reads.clone(), Wrapping::reads);
        let whole = Group::whole(&look.assigned, base);
        let mut groups = if chunk.text.is_empty() { Vec::new() } else { vec![whole] };
        if let (Some(indexing), None) = (&base.indexing, look.wrapping) {
            reads.extend(&indexing.reads());
        }
        let mut parsed = io::parse_chunk(chunk, &reads, prefilter);
        parsed.problems.verdict(options)?;
        if let Some(wrapping) = look.wrapping {
            groups = self.unwrapped(wrapping, &parsed.batch, look, chunk.file, &context.eval)?;
        } else if let Some(indexing) = &base.indexing {
            groups = self.groups(&parsed.batch, look, chunk.file, (base, indexing), &context.eval)?;
            if groups.iter().any(|group| !reads.covers(&group.profile.search_time.reads)) {
                groups.iter().for_each(|group| reads.extend(&group.profile.search_time.reads));
                parsed = io::parse_chunk(chunk, &reads, prefilter);
            }
        }
        let Parsed { batch, problems } = parsed;
        let mut without_time = 0;
        let mut parts = Vec::new();
        for group in &groups {
            let mut part =
                group.events.as_ref().map_or_else(|| batch.clone(), |events| taken(&batch, events));
            if look.wrapping.is_some() {
                // Anything else is what the envelope says.
                part.retain(|field| field == "_raw");
            }
            let (part, missing) = self.finish(part, group, look, context)?;
            without_time += missing;
            parts.push(part);
        }
        self.note_trouble(problems, chunk.file, without_time, &groups);
        Ok(self.wanted_of(in_input_order(&parts, &groups)))
    }

    /// What comes out of a batch.
    fn wanted_of(&self, mut batch: Batch) -> Batch {
        if !self.range.is_everything() {
            batch = batch.filter(&self.in_range(&batch));
        }
        batch.retain(|field| (self.wanted.contains(field) && field != MADE_OF) || field == "_time");
        batch
    }

    /// The events of a batch after what is done while they are indexed, by where they are from.
    fn groups(
        &self,
        batch: &Batch,
        look: &Look,
        file: usize,
        (base, indexing): (&Shared, &Indexing),
        context: &EvalContext,
    ) -> Result<Vec<Group>> {
        let timed = match indexing.reads().contains("_time") {
            true => base.search_time.timed(batch, context),
            false => batch.clone(),
        };
        let profile_of = |assigned: &Assigned| self.profile_of(&(assigned.clone(), file, false), context);
        let around = Surroundings { batch: &timed, index: &self.index, context, profile_of: &profile_of };
        self.by_place(indexing.run(&look.assigned, &around)?, look, file, context)
    }

    /// The events of a batch that are in envelopes, by where they are from.
    fn unwrapped(
        &self,
        wrapping: Wrapping,
        batch: &Batch,
        look: &Look,
        file: usize,
        context: &EvalContext,
    ) -> Result<Vec<Group>> {
        let profile_of = |assigned: &Assigned| self.profile_of(&(assigned.clone(), file, false), context);
        let around = Surroundings { batch, index: &self.index, context, profile_of: &profile_of };
        let events = wrapping.open(batch, look, &self.input, context);
        self.by_place(indexing::run_each(events, &around)?, look, file, context)
    }

    fn by_place(
        &self,
        events: Vec<Event>,
        look: &Look,
        file: usize,
        context: &EvalContext,
    ) -> Result<Vec<Group>> {
        let json = matches!(look.file.form, Form::Json);
        let mut groups: BTreeMap<(Assigned, Option<Text>, bool), Vec<Event>> = BTreeMap::new();
        for event in events {
            let place = (event.assigned.clone(), event.index.clone(), json && event.raw.is_some());
            groups.entry(place).or_default().push(event);
        }
        let group = |((assigned, index, rewritten), events)| {
            let profile = self.profile_of(&(Assigned::clone(&assigned), file, rewritten), context)?;
            Ok(Group { assigned, index, profile, events: Some(events) })
        };
        groups.into_iter().map(group).collect()
    }

    /// What is done to events that are from one place. An event without any time is as old as its file, and what is
    /// no file as the search (Getting Data In, "How timestamp assignment works"); how many there are is said, but of
    /// text, where that is usual, and where the source type asks for it.
    fn finish(
        &self,
        mut batch: Batch,
        group: &Group,
        look: &Look,
        context: &RunContext,
    ) -> Result<(Batch, u64)> {
        self.set_defaults(&mut batch, group);
        let added = group.events.as_deref().map_or_else(Vec::new, indexing::added);
        let otherwise = |row: usize| group.events.as_ref()?.get(row)?.otherwise;
        let search_time = &group.profile.search_time;
        let (batch, missing) =
            search_time.apply(batch, added, &otherwise, look.age(&context.eval), context)?;
        let usual = matches!(look.file.form, Form::Text(_) | Form::Xml(_)) || search_time.is_untimed();
        Ok((batch, if usual { 0 } else { missing }))
    }

    fn set_defaults(&self, batch: &mut Batch, group: &Group) {
        let rows = batch.rows();
        let Assigned { host, source, .. } = &group.assigned;
        let index = group.index.as_ref().unwrap_or(&self.index);
        let values = [host, source, &group.profile.source_type, index];
        for (name, value) in DEFAULT_FIELDS.into_iter().zip(values) {
            batch.set(name.into(), Column::constant(Value::Text(value.clone()), rows));
        }
    }

    /// From `earliest` on, and before `latest` (Search Manual, "Specify time modifiers"). An event
    /// without a time is in no range.
    fn in_range(&self, batch: &Batch) -> Vec<bool> {
        let inside = |value: &Value| value.as_number().is_some_and(|time| self.range.contains(time));
        batch.column("_time").map_or_else(|| vec![false; batch.rows()], |column| column.mask(inside))
    }

    fn note_trouble(&self, problems: Problems, file: usize, without_time: u64, groups: &[Group]) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if without_time > 0 {
            *trouble.without_time.entry(file).or_default() += without_time;
        }
        trouble.problems.merge(problems);
        trouble.possible |= groups.iter().any(|group| group.profile.possible);
        if trouble.possible {
            return;
        }
        for Group { assigned, profile, .. } in groups {
            let source_type = profile.source_type.clone();
            trouble.met.insert(Assigned { source_type, ..assigned.clone() });
            // The same for every order of chunks: the first in their own order stay.
            if trouble.met.len() > REMEMBERED {
                trouble.met.pop_last();
            }
        }
    }

    /// What went wrong while reading; told once.
    pub fn trouble(&self) -> Vec<Diagnostic> {
        let trouble = std::mem::take(&mut *self.trouble.lock().unwrap_or_else(PoisonError::into_inner));
        let mut diagnostics = trouble.problems.diagnostics();
        for (file, count) in trouble.without_time {
            let of = match self.looks.get(file).and_then(|look| look.modified) {
                Some(_) => "the file",
                None => "the search",
            };
            let message = match count {
                1 => format!("1 event has no time that can be read, and has that of {of}"),
                _ => format!("{count} events have no time that can be read, and have that of {of}"),
            };
            let name = self.files.get(file).map_or("", |file| file.name.as_str());
            diagnostics.push(Diagnostic::warning(Code::EventsTime, message).in_file(name, None));
        }
        if !trouble.possible && !trouble.met.is_empty() {
            let message = "the search asks for other events than these: none can match";
            diagnostics.push(
                Diagnostic::warning(Code::EventsOther, message)
                    .help(format!("they have {}", assigned::listed(&trouble.met, self.input.index.as_ref())))
                    .help("--sourcetype, --source, --host and --index say what they are"),
            );
        }
        diagnostics
    }
}

/// The literals that are looked for, the first of many.
fn describe(prefilter: &Prefilter) -> String {
    const SHOWN: usize = 8;
    let text = |needle: &io::Needle| format!("`{}`", String::from_utf8_lossy(&needle.text));
    let shown: Vec<String> = prefilter.needles().iter().take(SHOWN).map(text).collect();
    match prefilter.needles().len() {
        0 => "what no event has".to_string(),
        count if count > SHOWN => format!("{} or {} other literals", shown.join(", "), count - SHOWN),
        _ => shown.join(" or "),
    }
}
