//! `speleo run` and `speleo search`.

use std::io::{self, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;

use super::args::{OutputFormat, RunArgs};
use super::{FAULT, FINDINGS, SUCCESS, say};
use crate::batch::Batch;
use crate::compile::{Compiled, compile_source};
use crate::diagnostic::{Code, Diagnostic, Result, Severity, SourceId, Sources};
use crate::exec::Flow;
use crate::io::{Format, ReadOptions, discover, replace_file, write};
use crate::knowledge::{GeoDatabase, Knowledge};
use crate::plan::{EventInput, Plan, RunOptions, Settings, Source, TimeRange};
use crate::searches;
use crate::time::{parse_time_bound, parse_time_zone};

/// Runs the search in a file.
pub fn run_file(query: &Path, args: &RunArgs) -> u8 {
    run(args, |sources| the_search(query, sources))
}

/// Runs a search given as text.
pub fn run_text(text: &str, args: &RunArgs) -> u8 {
    run(args, |sources| Ok(sources.add("search", text)))
}

/// The one search of a file.
fn the_search(query: &Path, sources: &mut Sources) -> Result<SourceId> {
    let mut written = searches::read(query, sources, &mut Vec::new())?;
    let found = written.len();
    if let (1, Some(one)) = (found, written.pop()) {
        return Ok(one.text);
    }
    let message = match found {
        0 => "there is no search in the file".to_string(),
        count => format!("there are {count} searches in the file, and one is run at a time"),
    };
    Err(usage(message).in_file(query.display().to_string(), None))
}

fn run(args: &RunArgs, search: impl FnOnce(&mut Sources) -> Result<SourceId>) -> u8 {
    told(args, |sources| {
        let id = search(sources).map_err(|mistake| vec![mistake])?;
        try_run(id, args, sources)
    })
}

/// The exit code of what was done; what went wrong is said.
pub(super) fn told(args: &RunArgs, work: impl FnOnce(&mut Sources) -> Result<u8, Vec<Diagnostic>>) -> u8 {
    let mut sources = Sources::new();
    match work(&mut sources) {
        Ok(code) => code,
        Err(mistakes) => {
            for mistake in &mistakes {
                say(mistake, &sources, args.quiet);
            }
            FAULT
        }
    }
}

/// What the command line says about the run and about knowledge.
pub(super) fn prepare(
    args: &RunArgs,
    sources: &mut Sources,
) -> Result<(Settings, Arc<Knowledge>), Vec<Diagnostic>> {
    let one = |mistake| vec![mistake];
    let settings = settings(args).map_err(one)?;
    let mut warnings = Vec::new();
    let knowledge = args.knowledge.load(sources, &mut warnings).map_err(one)?;
    for warning in &warnings {
        say(warning, sources, args.quiet);
    }
    Ok((settings, knowledge))
}

fn try_run(id: SourceId, args: &RunArgs, sources: &mut Sources) -> Result<u8, Vec<Diagnostic>> {
    let one = |mistake| vec![mistake];
    let (settings, knowledge) = prepare(args, sources)?;
    // The process ends with the run: its memory goes at once, and text by text it would take a tenth of the start-up.
    let knowledge = ManuallyDrop::new(knowledge);
    if let Some(model) = &args.datamodel {
        knowledge.data_model(model, sources).map_err(one)?;
    }
    let compiled = compile_source(id, &settings, &knowledge, sources)?;
    for note in &compiled.notes {
        say(note, sources, args.quiet);
    }
    if args.explain {
        return Ok(explain(&compiled, &knowledge));
    }
    let rows = run_plan(&compiled.plan, args, sources)?;
    Ok(if rows > 0 && args.fail_on_results { FINDINGS } else { SUCCESS })
}

/// The time, epoch seconds.
pub(super) fn clock() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// What the command line says about the run.
fn settings(args: &RunArgs) -> Result<Settings> {
    let zone = match &args.tz {
        Some(name) => parse_time_zone(name).map_err(|error| usage(format!("--tz {name}: {error}")))?,
        None => TimeZone::UTC,
    };
    let clock = clock();
    let time = |option: &str, text: &str, now: f64| {
        parse_time_bound(text, now, &zone)
            .map_err(|error| Diagnostic::error(Code::Time, format!("--{option} {text}: {error}")))
    };
    let now = args.now.as_deref().map_or(Ok(clock), |text| time("now", text, clock))?;
    let bound =
        |option, text: &Option<String>| text.as_deref().map(|text| time(option, text, now)).transpose();
    let (earliest, latest) = (bound("earliest", &args.earliest)?, bound("latest", &args.latest)?);
    if let (Some(earliest), Some(latest)) = (earliest, latest)
        && earliest >= latest
    {
        return Err(usage("--earliest is not before --latest".to_string()));
    }
    let geo = args.geoip.as_deref().map(GeoDatabase::open).transpose()?.map(Arc::new);
    let events = events(args)?;
    let range = TimeRange { earliest, latest };
    Ok(Settings { now, zone, range, events, geo })
}

pub(super) fn usage(message: String) -> Diagnostic {
    Diagnostic::error(Code::Usage, message)
}

fn events(args: &RunArgs) -> Result<Option<EventInput>> {
    if args.events.is_empty() {
        return Ok(None);
    }
    let name = |text: &Option<String>| text.as_deref().map(Into::into);
    Ok(Some(EventInput {
        files: Arc::new(discover(&args.events)?),
        source_type: name(&args.sourcetype),
        source: name(&args.source),
        host: name(&args.host),
        index: name(&args.index),
        data_model: name(&args.datamodel),
    }))
}

fn explain(compiled: &Compiled, knowledge: &Knowledge) -> u8 {
    let mut text = compiled.plan.to_string();
    if let Source::Events(scan) = &compiled.plan.source {
        for line in scan.describe() {
            text.push_str(&format!("{line}\n"));
        }
    }
    for note in &compiled.plan.notes {
        text.push_str(&format!("{note}\n"));
    }
    for ignored in knowledge.ignored() {
        text.push_str(&format!("{}: {}\n", ignored.place.unwrap_or_default(), ignored.message));
    }
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => SUCCESS,
        Err(_) => FAULT,
    }
}

/// Runs the plan and writes its rows; how many there were.
fn run_plan(plan: &Plan, args: &RunArgs, sources: &Sources) -> Result<usize, Vec<Diagnostic>> {
    let mut results = Results::new(args).map_err(|mistake| vec![mistake])?;
    let ran = run_into(plan, args, sources, &mut |batch| results.take(plan.shown(batch)));
    // What cannot be read at all was said; the rows of the rest are there.
    let fault = ran.as_ref().is_err_and(Vec::is_empty);
    if let Err(mistakes) = ran
        && !fault
    {
        return Err(mistakes);
    }
    let rows = results.finish(args).map_err(|mistake| vec![mistake])?;
    if fault { Err(Vec::new()) } else { Ok(rows) }
}

/// Prints rows as the command line says.
pub(super) fn print(batch: Batch, args: &RunArgs) -> Result<u8, Vec<Diagnostic>> {
    let one = |mistake| vec![mistake];
    let mut results = Results::new(args).map_err(one)?;
    results.take(batch).map_err(one)?;
    results.finish(args).map_err(one)?;
    Ok(SUCCESS)
}

/// Runs the plan and hands on its rows; no mistake at all where input could not be read and that was said.
pub(super) fn run_into(
    plan: &Plan,
    args: &RunArgs,
    sources: &Sources,
    sink: &mut dyn FnMut(Batch) -> Result<Flow>,
) -> Result<(), Vec<Diagnostic>> {
    let threads = args.threads.or(std::thread::available_parallelism().ok()).map_or(1, usize::from);
    if args.threads.is_some() {
        // Fails only where a pool is there already, which is of no consequence for what comes out.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let mut read = ReadOptions { fail_on_malformed: args.strict, ..ReadOptions::default() };
    if let Some(size) = args.chunk_size {
        read.chunk_size = size.max(1);
    }
    let options = RunOptions { threads, read, deadline: None };
    let ran = plan.run(Vec::new(), &options, sink);
    // What went wrong on the way is said before what ended it.
    let trouble = plan.trouble();
    for diagnostic in &trouble {
        say(diagnostic, sources, args.quiet);
    }
    ran.map_err(|mistake| vec![mistake])?;
    let fault = trouble.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if fault { Err(Vec::new()) } else { Ok(()) }
}

/// Rows on their way to standard output or a file.
struct Results {
    format: OutputFormat,
    /// Rows that are written at the end: everything but NDJSON on standard output.
    held: Vec<Batch>,
    streams: bool,
    rows: usize,
    reader_gone: bool,
}

impl Results {
    fn new(args: &RunArgs) -> Result<Results> {
        let terminal = io::stdout().is_terminal() && args.output.is_none();
        let default = if terminal { OutputFormat::Table } else { OutputFormat::Ndjson };
        let format = args.format.unwrap_or(default);
        let streams = format == OutputFormat::Ndjson && args.output.is_none();
        Ok(Results { format, held: Vec::new(), streams, rows: 0, reader_gone: false })
    }

    fn take(&mut self, batch: Batch) -> Result<Flow> {
        self.rows += batch.rows();
        if !self.streams {
            self.held.push(batch);
            return Ok(Flow::More);
        }
        self.print(&[batch])?;
        Ok(if self.reader_gone { Flow::Enough } else { Flow::More })
    }

    fn finish(mut self, args: &RunArgs) -> Result<usize> {
        let held = std::mem::take(&mut self.held);
        if let Some(path) = &args.output {
            self.write_file(&held, path)?;
        } else if !self.streams {
            self.print(&held)?;
            if self.format == OutputFormat::Table && self.rows == 0 && !args.quiet {
                // Where standard error cannot be written to, there is nobody to tell.
                let _ = writeln!(io::stderr().lock(), "no results");
            }
        }
        Ok(self.rows)
    }

    fn print(&mut self, batches: &[Batch]) -> Result<()> {
        let width = io::stdout().is_terminal().then(terminal_width).flatten();
        match write(batches, self.format.into(), &mut io::stdout().lock(), width) {
            // Whoever read the results has enough of them.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.reader_gone = true,
            Err(error) => {
                return Err(Diagnostic::error(Code::Output, format!("results cannot be written: {error}")));
            }
            Ok(()) => {}
        }
        Ok(())
    }

    /// Written beside the place and moved there in one step.
    fn write_file(&self, batches: &[Batch], path: &Path) -> Result<()> {
        let wrong = |error: &dyn std::fmt::Display| {
            let message = format!("results cannot be written: {error}");
            Diagnostic::error(Code::Output, message).in_file(path.display().to_string(), None)
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(wrong(&format!("there is no folder `{}`", folder.display())));
        }
        // Its own message names the file beside, which nobody asked for.
        let told = |error: io::Error| wrong(&io::Error::from(error.kind()));
        replace_file(path, |out| write(batches, self.format.into(), out, None)).map_err(told)
    }
}

fn terminal_width() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Format {
        match format {
            OutputFormat::Table => Format::Table,
            OutputFormat::Json => Format::Json,
            OutputFormat::Ndjson => Format::Ndjson,
            OutputFormat::Csv => Format::Csv,
        }
    }
}
