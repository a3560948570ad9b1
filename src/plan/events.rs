//! Reading events: files in, batches of wanted fields out.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::prefilter::{Condition, Sample};
use super::search_time::{Compiler, DEFAULT_FIELDS, SearchTime};
use super::{EventInput, Planner, TimeRange};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext, Work};
use crate::io::{self, Chunk, Piece, Prefilter, Problems, ReadOptions, Reader};
use crate::value::{Text, Value};

/// The source type of JSON events that nobody recognises.
const PLAIN_JSON: &str = "_json";

/// A batch that has so many rows is done.
const ROWS_OF_A_BATCH: usize = 16 * 1024;

/// The source type of CloudTrail records.
const CLOUDTRAIL: &str = "aws:cloudtrail";

/// A scan of the events: which are read, and what is taken from them.
pub struct EventScan {
    input: EventInput,
    /// By source type, what is done to its events.
    source_types: Vec<(Text, SearchTime, Option<Prefilter>)>,
    wanted: FieldSet,
    range: TimeRange,
    trouble: Mutex<Trouble>,
}

/// What went wrong while reading: counts and first places, so the order of chunks does not show.
#[derive(Default)]
struct Trouble {
    problems: Problems,
    /// By file, how many events.
    without_time: BTreeMap<usize, u64>,
}

impl EventScan {
    /// Plans a scan for the wanted fields of events in a range of time; where the range has no bound, that
    /// of the run holds.
    ///
    /// # Errors
    /// No events were named, or knowledge about their source type is broken.
    ///
    /// Events of which `condition` does not hold need not come out.
    pub fn new(
        wanted: FieldSet,
        range: TimeRange,
        condition: &Condition,
        planner: &mut Planner<'_>,
    ) -> Result<EventScan> {
        let Some(input) = planner.settings.events.clone() else {
            let message = "the search reads events, and none are given";
            let diagnostic = Diagnostic::error(Code::EventsMissing, message);
            return Err(diagnostic.help("name files, folders or `-`: --events PATH"));
        };
        let candidates: Vec<Text> = match &input.source_type {
            Some(name) => vec![name.clone()],
            None => vec![CLOUDTRAIL.into(), PLAIN_JSON.into()],
        };
        // Nothing is looked for where the search asks for nothing.
        let sample = match condition {
            Condition::True => Sample::default(),
            _ => Sample::new(&input.files.iter().find_map(io::sample).unwrap_or_default()),
        };
        let mut source_types = Vec::new();
        for name in candidates {
            let search_time = match &input.data_model {
                Some(_) => SearchTime::plain(&wanted),
                None => search_time(&name, &wanted, planner)?,
            };
            for note in &search_time.notes {
                planner.note(format!("source type `{name}`: {note}"));
            }
            let prefilter = search_time.before(condition).prefilter(&sample);
            if let Some(prefilter) = &prefilter {
                planner.note(format!("source type `{name}`: only events with {}", describe(prefilter)));
            }
            source_types.push((name, search_time, prefilter));
        }
        let range = range.within(planner.settings.range, planner.settings.now);
        Ok(EventScan { input, source_types, wanted, range, trouble: Mutex::default() })
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

    /// The files' names with the source type each is recognised as, for `--explain`.
    pub fn describe(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for file in self.input.files.iter() {
            let guess = match (&self.input.source_type, io::peek(file)) {
                (Some(name), _) => format!("{name} (given)"),
                (None, Some(event)) => format!("{} (recognised)", recognise(&event)),
                (None, None) => "no event to recognise it by".to_string(),
            };
            lines.push(format!("events `{}`: source type {guess}", file.name));
        }
        lines
    }

    /// The scan cut into units of work, in input order.
    pub fn works<'s>(&'s self, options: ReadOptions) -> impl Iterator<Item = Result<Work<'s>>> + 's {
        let mut recognised: Vec<Option<usize>> = vec![None; self.input.files.len()];
        io::pieces(&self.input.files, &options).map(move |piece| {
            let source_type = recognised.get_mut(piece.file()).and_then(|known| {
                *known = known.or_else(|| self.source_type_of(&piece.first_event()?));
                *known
            });
            let options = options.clone();
            Ok(Box::new(move |context: &RunContext| self.read(piece, source_type, &options, context))
                as Work<'s>)
        })
    }

    fn source_type_of(&self, event: &str) -> Option<usize> {
        let name = match &self.input.source_type {
            Some(name) => name.clone(),
            None => recognise(event),
        };
        self.source_types.iter().position(|(candidate, ..)| *candidate == name)
    }

    /// Reads a piece. Chunks before the first event say only what is wrong.
    fn read(
        &self,
        piece: Piece,
        source_type: Option<usize>,
        options: &ReadOptions,
        context: &RunContext,
    ) -> Result<Vec<Batch>> {
        let mut chunks = piece.chunks().peekable();
        let mut source_type = source_type;
        while source_type.is_none()
            && let Some(chunk) = chunks.peek()
        {
            source_type = io::first_event(chunk).and_then(|event| self.source_type_of(&event));
            if source_type.is_none() {
                chunk.problems.verdict(options)?;
                self.note_trouble(chunk.problems.clone(), chunk.file, 0);
                chunks.next();
            }
        }
        match source_type.and_then(|at| self.source_types.get(at)) {
            Some(source_type) => self.read_chunks(chunks, source_type, options, context),
            None => Ok(Vec::new()),
        }
    }

    /// Reads chunks of one file. Their rows are put into few batches: every batch costs every step something.
    fn read_chunks(
        &self,
        chunks: impl Iterator<Item = Chunk>,
        (name, search_time, prefilter): &(Text, SearchTime, Option<Prefilter>),
        options: &ReadOptions,
        context: &RunContext,
    ) -> Result<Vec<Batch>> {
        let prefilter = prefilter.as_ref().filter(|_| !options.fail_on_malformed);
        let mut reader = Reader::new(&search_time.reads, prefilter);
        let mut batches = Vec::new();
        let mut file = None;
        for chunk in chunks {
            file = Some(chunk.file);
            reader.read(&chunk);
            reader.problems().verdict(options)?;
            if reader.rows() >= ROWS_OF_A_BATCH {
                batches.push(self.finish(reader.take_batch(), chunk.file, name, search_time, context)?);
            }
        }
        if let Some(file) = file {
            self.note_trouble(reader.take_problems(), file, 0);
            if reader.rows() > 0 {
                batches.push(self.finish(reader.take_batch(), file, name, search_time, context)?);
            }
        }
        Ok(batches)
    }

    /// What is done to the events of a file at search time.
    fn finish(
        &self,
        mut batch: Batch,
        file: usize,
        name: &Text,
        search_time: &SearchTime,
        context: &RunContext,
    ) -> Result<Batch> {
        self.set_defaults(&mut batch, file, name);
        let (mut batch, without_time) = search_time.apply(batch, context)?;
        self.note_trouble(Problems::new(), file, without_time);
        if !self.range.is_everything() {
            batch = batch.filter(&self.in_range(&batch));
        }
        batch.retain(|field| self.wanted.contains(field) || field == "_time");
        Ok(batch)
    }

    fn set_defaults(&self, batch: &mut Batch, file: usize, source_type: &Text) {
        let rows = batch.rows();
        let path = self.input.files.get(file).map_or("", |file| file.name.as_str());
        let source = self.input.source.clone().unwrap_or_else(|| path.into());
        let host = self.input.host.clone().unwrap_or_else(|| "localhost".into());
        let index = self.input.index.clone().unwrap_or_else(|| "main".into());
        for (name, value) in DEFAULT_FIELDS.into_iter().zip([host, source, source_type.clone(), index]) {
            batch.set(name.into(), Column::constant(Value::Text(value), rows));
        }
    }

    /// From `earliest` on, and before `latest` (Search Manual, "Specify time modifiers"). An event
    /// without a time is in no range.
    fn in_range(&self, batch: &Batch) -> Vec<bool> {
        let inside = |value: &Value| value.as_number().is_some_and(|time| self.range.contains(time));
        batch.column("_time").map_or_else(|| vec![false; batch.rows()], |column| column.mask(inside))
    }

    fn note_trouble(&self, problems: Problems, file: usize, without_time: u64) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if without_time > 0 {
            *trouble.without_time.entry(file).or_default() += without_time;
        }
        trouble.problems.merge(problems);
    }

    /// What went wrong while reading; told once.
    pub fn trouble(&self) -> Vec<Diagnostic> {
        let trouble = std::mem::take(&mut *self.trouble.lock().unwrap_or_else(PoisonError::into_inner));
        let mut diagnostics = trouble.problems.diagnostics();
        for (file, count) in trouble.without_time {
            let message = match count {
                1 => "1 event has no time that can be read".to_string(),
                _ => format!("{count} events have no time that can be read"),
            };
            let name = self.input.files.get(file).map_or("", |file| file.name.as_str());
            diagnostics.push(Diagnostic::warning(Code::EventsTime, message).in_file(name, None));
        }
        diagnostics
    }
}

fn search_time(name: &Text, wanted: &FieldSet, planner: &mut Planner<'_>) -> Result<SearchTime> {
    let source_type = planner.knowledge.source_type(name)?;
    if source_type.place.is_none() && name == PLAIN_JSON {
        return Ok(SearchTime::plain(wanted));
    }
    let context = planner.context();
    let mut compiler = Compiler { knowledge: planner.knowledge, sources: planner.sources, context: &context };
    SearchTime::new(&source_type, wanted, &mut compiler)
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

/// The source type of an event by its looks: a CloudTrail record names its version, its source and its
/// name (CloudTrail User Guide, "CloudTrail record contents"). Records that were cut down may lack the region.
fn recognise(event: &str) -> Text {
    let always = ["\"eventSource\"", "\"eventName\""].iter().all(|sign| event.contains(sign));
    let more =
        ["\"awsRegion\"", "\"eventVersion\"", "\"userIdentity\""].iter().any(|sign| event.contains(sign));
    let is_cloudtrail = always && more;
    Text::from(if is_cloudtrail { CLOUDTRAIL } else { PLAIN_JSON })
}

/// Puts events into the order of a search: newest first, and of one time the last read first (Search
/// Reference, `search`). Events without a time come last.
pub struct TimeOrder;

impl Dataset for TimeOrder {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let times: Vec<f64> = (0..all.rows())
            .map(|row| all.get("_time", row).as_number().unwrap_or(f64::NEG_INFINITY))
            .collect();
        let mut rows: Vec<usize> = (0..all.rows()).rev().collect();
        let time = |row: &usize| times.get(*row).copied().unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| time(b).total_cmp(&time(a)));
        Ok(vec![all.take(&rows)])
    }
}
