//! Knowledge that cannot be used: what a search that needs it would be told, for all of it at once.

use std::sync::Arc;

use super::search_time::{Compiler, SearchTime, TypeNames};
use super::{Settings, events};
use crate::diagnostic::{Code, Diagnostic, Result, Sources};
use crate::eval::Warnings;
use crate::functions::EvalContext;
use crate::knowledge::{BUILT_IN_PLACES, Knowledge};
use crate::time::parse_time_zone;

/// A warning for everything in the apps that cannot be read or needs what is not there: event types, extractions,
/// calculated fields, lookups, what is done while indexing, data models.
pub fn broken_knowledge(
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let context = EvalContext::new(settings.now, settings.zone.clone(), Warnings::new());
    let mut found = Vec::new();
    for name in knowledge.data_model_names().map(str::to_string).collect::<Vec<_>>() {
        found.extend(knowledge.data_model(&name, sources).err());
    }
    found.extend(knowledge.lookup_names().iter().filter_map(|name| knowledge.lookup_problem(name)));
    let mut compiler = Compiler { knowledge, sources, context: &context, any_index: true, geo: None };
    found.extend(read_all(&mut compiler).err());
    found.extend(context.warnings.take());
    // What ships is no concern of whoever asks about an app.
    found.retain(|problem| !problem.place.as_ref().is_some_and(|place| place.starts_with(BUILT_IN_PLACES)));
    found
}

/// Reads everything that is read event by event; what cannot be is among the warnings.
fn read_all(compiler: &mut Compiler<'_>) -> Result<()> {
    let mut names = TypeNames::new(compiler.knowledge);
    for event_type in compiler.knowledge.event_types().0 {
        compiler.event_type(&event_type, false, &mut names)?;
    }
    for name in compiler.knowledge.stanza_names() {
        let source_type = compiler.knowledge.source_type_with(&name, std::slice::from_ref(&name));
        let breaking = &source_type.breaking;
        let patterns = [
            &breaking.line_breaker,
            &breaking.before,
            &breaking.must_after,
            &breaking.must_not_after,
            &breaking.must_not_before,
            &breaking.csv.preamble,
            &breaking.csv.missing,
            &breaking.csv.header,
            &source_type.time_prefix,
        ];
        for pattern in patterns.into_iter().flatten() {
            let regex = compiler.regex(pattern).map(Some);
            compiler.unless_needed(regex, false, pattern)?;
        }
        if let Some(zone) = &source_type.time_zone {
            let read = parse_time_zone(zone.text());
            let read = read.map(Some).map_err(|error| zone.error(Code::Time, error.to_string()));
            compiler.unless_needed(read, false, zone)?;
        }
        SearchTime::read_all(&source_type, compiler)?;
        events::read_indexing(&source_type, compiler)?;
    }
    Ok(())
}
