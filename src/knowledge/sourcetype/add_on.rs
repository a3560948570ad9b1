//! What is built in for a source type stands in for its add-on. Where an app is that add-on itself, what is built in for
//! searching such events is set aside: both together would find every field twice, and mean it in two ways.
//!
//! An app is the add-on of events if a stanza of its props.conf that holds for them says how their fields are found, and
//! the app classifies events: it has event types or tags. Whoever adds a field or an alias is none. How a file is broken
//! and timed stays, setting by setting, and so does what Splunk itself brings along (`sourcetypes/system/`).

use super::super::app::{BUILT_IN_NAME, BUILT_IN_PLACES};
use super::super::conf::Conf;
use super::super::located::Located;
use super::is_lookup_key;

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

/// Takes out what is built in for searching such events.
pub(super) fn set_aside(props: &mut Conf, name: &str) {
    props.retain(name, |key, value| !(is_of_search_time(key) && is_stand_in(value)));
}
