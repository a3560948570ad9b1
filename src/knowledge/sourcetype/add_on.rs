//! What is built in for a source type stands in for its add-on. Where an app is that add-on itself, what is built in for
//! searching such events is set aside: both together would find every field twice, and mean it in two ways.
//!
//! An app is the add-on of events if a stanza of its props.conf that holds for them says how their fields are found, and
//! an event type of its own that asks for their source type or source has tags, which is how data reach the models. Whoever
//! adds a field or an alias is none. How a file is broken and timed stays, setting by setting, and so does what Splunk itself
//! brings along (`sourcetypes/system/`).

use super::super::app::{BUILT_IN_NAME, BUILT_IN_PLACES};
use super::super::conf::{Conf, filled};
use super::super::located::Located;
use super::is_lookup_key;
use crate::batch::Pattern;

/// The folder of what Splunk itself brings along, in the built-in app.
const SYSTEM: &str = "sourcetypes/system/";

/// Whether a setting says how fields are found.
fn finds_fields(key: &str) -> bool {
    ["EXTRACT-", "REPORT-"].iter().any(|kind| key.starts_with(kind))
        || ["KV_MODE", "INDEXED_EXTRACTIONS"].contains(&key)
}

/// Whether a setting is about what is done while searching.
pub(in super::super) fn is_of_search_time(key: &str) -> bool {
    let kinds = ["EXTRACT-", "REPORT-", "FIELDALIAS-", "EVAL-"];
    kinds.iter().any(|kind| key.starts_with(kind))
        || ["KV_MODE", "AUTO_KV_JSON", "KV_TRIM_SPACES"].contains(&key)
        || is_lookup_key(key)
}

/// Whether a setting stands in for an add-on.
pub(in super::super) fn is_stand_in(value: &Located) -> bool {
    let file = value.file();
    let place = file.path.strip_prefix(BUILT_IN_PLACES).unwrap_or(&file.path);
    file.app.as_ref() == BUILT_IN_NAME && !place.starts_with(SYSTEM)
}

/// The app that is the add-on of events for which these stanzas hold.
pub(in super::super) fn add_on_of<'c>(
    props: &'c Conf,
    layers: impl IntoIterator<Item = &'c str>,
    classifies: impl Fn(&str) -> bool,
) -> Option<&'c str> {
    let settings = layers.into_iter().filter_map(|layer| props.stanza(layer)).flat_map(|of| of.settings());
    let telling = settings.filter(|(key, value)| finds_fields(key) && !value.text().is_empty());
    let apps = telling.map(|(_, value)| value.file().app.as_ref());
    apps.filter(|app| *app != BUILT_IN_NAME && classifies(app)).last()
}

/// Whether an app has an event type with tags that asks for a source type, or for a source of one of these stanzas.
pub(in super::super) fn classifies<'l>(
    app: &str,
    source_type: &str,
    layers: impl Iterator<Item = &'l str> + Clone,
    (event_types, tags): (&Conf, &Conf),
) -> bool {
    let of_app = |value: &Located| value.file().app.as_ref() == app;
    let asks = |search: &str| {
        let mut types = values_of(search, "sourcetype");
        let mut sources = values_of(search, "source");
        types.any(|value| Pattern::new(value).matches_ignoring_case(source_type))
            || sources.any(|value| {
                let value = Pattern::new(value);
                layers
                    .clone()
                    .filter_map(|layer| layer.strip_prefix("source::"))
                    .any(|layer| value.matches(layer))
            })
    };
    event_types.stanzas().any(|stanza| {
        let search = filled(event_types.get(&stanza.name, "search")).filter(|search| of_app(search));
        let tagged = tags.stanza(&format!("eventtype={}", stanza.name));
        let tagged = tagged.into_iter().flat_map(|of| of.settings()).any(|(_, state)| of_app(state))
            || event_types.get(&stanza.name, "tags").is_some_and(of_app);
        tagged && search.is_some_and(|search| asks(search.text()))
    })
}

/// The values that a search compares a field with, as far as its text shows: `field=value`, in quotation marks or not.
fn values_of<'s>(search: &'s str, field: &'static str) -> impl Iterator<Item = &'s str> {
    search.match_indices(field).filter_map(move |(at, _)| {
        let before = search.get(..at)?.chars().next_back();
        let value = search.get(at + field.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => value.split(|c: char| c.is_whitespace() || c == ')').next()?,
        };
        (!before.is_some_and(|c| c.is_alphanumeric() || c == '_')).then_some(value)
    })
}

/// Takes out what is built in for searching such events.
pub(super) fn set_aside(props: &mut Conf, name: &str) {
    props.retain(name, |key, value| !(is_of_search_time(key) && is_stand_in(value)));
}
