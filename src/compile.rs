//! Text to plan: the stages before the run, one after the other.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, SourceId, Sources};
use crate::eval::Warnings;
use crate::expand::expand;
use crate::functions::EvalContext;
use crate::io::rereadable;
use crate::knowledge::{Knowledge, LookupSnapshot};
use crate::parse::{Search, Start, parse};
use crate::plan::{EventInput, Plan, Settings, plan};

/// A search that can be run.
pub struct Compiled {
    /// The plan.
    pub plan: Plan,
    /// Said about the search's text.
    pub notes: Vec<Diagnostic>,
}

/// Expands, parses and plans a search.
///
/// A search copied from the source of an HTML page has entities in it (`&gt;`, `&#34;`). They are decoded
/// where the text does not parse as it stands and the decoded text does, and a note says so.
///
/// # Errors
/// Everything that is wrong with the search and the knowledge it leans on.
pub fn compile(
    name: &str,
    text: &str,
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
) -> Result<Compiled, Vec<Diagnostic>> {
    let id = sources.add(name, text);
    compile_source(id, settings, knowledge, sources)
}

/// [`compile`] for a search that stands among the sources.
///
/// # Errors
/// Everything that is wrong with the search and the knowledge it leans on.
pub fn compile_source(
    id: SourceId,
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
) -> Result<Compiled, Vec<Diagnostic>> {
    let read = read(id, Start::Fresh, settings, knowledge, sources)?;
    let settings = match &settings.events {
        Some(events) if read.search.may_read_again() => {
            let files = rereadable(&events.files).map_err(|mistake| vec![mistake])?;
            let events = EventInput { files: Arc::new(files), ..events.clone() };
            Settings { events: Some(events), ..settings.clone() }
        }
        _ => settings.clone(),
    };
    let mut plan = plan(&read.search, Start::Fresh, &settings, knowledge, sources)?;
    plan.notes.extend(read.macros);
    Ok(Compiled { plan, notes: read.notes })
}

/// A search that was expanded and parsed.
pub struct Read {
    /// The search.
    pub search: Search,
    /// The macros that were used.
    pub macros: Vec<String>,
    /// Said about the search's text.
    pub notes: Vec<Diagnostic>,
}

/// Expands and parses a search that stands among the sources: [`compile`] without the plan.
///
/// # Errors
/// Everything that is wrong with the search's text and its macros.
pub fn read(
    id: SourceId,
    start: Start,
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
) -> Result<Read, Vec<Diagnostic>> {
    let context = EvalContext {
        lookups: LookupSnapshot::new(knowledge),
        ..EvalContext::new(settings.now, settings.zone.clone(), Warnings::new())
    };
    let mut notes = Vec::new();
    let as_written = parse_text(id, start, knowledge, &context, sources);
    let (search, macros) = match (as_written, decoded(&sources.text(id))) {
        (Ok(parsed), _) => parsed,
        (Err(mistakes), None) => return Err(mistakes),
        (Err(mistakes), Some(decoded)) => {
            let name = sources.name(id).to_string();
            let id = sources.add(name.as_str(), decoded);
            let Ok(parsed) = parse_text(id, start, knowledge, &context, sources) else {
                return Err(mistakes);
            };
            let message = "the search has HTML entities and does not parse: it is read with them decoded";
            notes.push(Diagnostic::note(Code::HtmlDecoded, message).in_file(name, None));
            parsed
        }
    };
    Ok(Read { search, macros, notes })
}

/// Expands and parses; with the macros that were used.
fn parse_text(
    id: SourceId,
    start: Start,
    knowledge: &Knowledge,
    context: &EvalContext,
    sources: &mut Sources,
) -> Result<(Search, Vec<String>), Vec<Diagnostic>> {
    let expanded = expand(id, knowledge, context, sources).map_err(|mistake| vec![mistake])?;
    let search = parse(sources, expanded.id, start)?;
    Ok((search, expanded.notes))
}

/// The text with its HTML entities decoded, if it has any.
fn decoded(text: &str) -> Option<String> {
    if !text.contains('&') {
        return None;
    }
    let decoded = html_escape::decode_html_entities(text);
    (decoded != text).then(|| decoded.into_owned())
}
