//! Saved searches: savedsearches.conf (Admin Manual, "savedsearches.conf").

use std::sync::Arc;

use super::conf::{Conf, Stanza, filled, read_bool};
use super::located::{KnowledgeFile, Located};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// The settings that are read.
const HONOURED: &[&str] = &["search", "disabled", "dispatch.earliest_time", "dispatch.latest_time"];

/// What savedsearches.conf says about when a search runs by itself, whom it tells and how it is drawn. A
/// search that is run by its name gives the same rows with and without: there is no scheduler here.
const WITHOUT_MEANING: &[&str] = &[
    "description",
    "is_visible",
    "enableSched",
    "cron_schedule",
    "allow_skew",
    "counttype",
    "relation",
    "quantity",
    "max_concurrent",
    "realtime_schedule",
    "request.ui_dispatch_app",
    "request.ui_dispatch_view",
    "restart_on_searchpeer_add",
    "run_on_startup",
    "run_n_times",
    "skip_scheduled_realtime_idxc",
    "displayview",
    "vsid",
    "nextrun",
    "qualifiedSearch",
    "userid",
    "precalculate_required_fields_for_alerts",
    "auto_summarize",
    "dispatchAs",
    "embed.enabled",
    "estimatedResultCount",
];

/// Families of such settings, by how they begin.
const FAMILIES: &[&str] = &[
    "action.",
    "action_",
    "alert.",
    "alert_",
    "auto_summarize.",
    "dispatch.",
    "display.",
    "durable.",
    "embed.",
    "federated.",
    "schedule_",
    "workload_",
];

/// A saved search.
#[derive(Clone, Debug)]
pub struct SavedSearch {
    /// Its name.
    pub name: Text,
    /// The search.
    pub search: Located,
    /// The start of its time range, if it has one.
    pub earliest: Option<Located>,
    /// The end of its time range, if it has one.
    pub latest: Option<Located>,
    /// Whether it is switched off: the scheduler leaves it alone, and who calls it by name gets it.
    pub disabled: bool,
}

/// The saved search of this name.
///
/// # Errors
/// A setting that cannot be read as what it is.
pub(super) fn find(conf: &Conf, name: &str) -> Result<Option<SavedSearch>> {
    let stanza = conf.stanza(name);
    stanza.map_or(Ok(None), |stanza| read(conf, stanza))
}

/// All saved searches.
///
/// # Errors
/// A setting that cannot be read as what it is.
pub(super) fn all(conf: &Conf) -> Result<Vec<SavedSearch>> {
    conf.stanzas().filter_map(|stanza| read(conf, stanza).transpose()).collect()
}

/// The saved searches of one file, which belongs to no app.
///
/// # Errors
/// A file that cannot be read as settings; a setting that cannot be read as what it is.
pub(crate) fn of_file(
    file: &Arc<KnowledgeFile>,
    text: &str,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<SavedSearch>> {
    all(&Conf::parse(file, text, warnings))
}

/// A stanza without a search, such as one that only sets a schedule, is none.
fn read(conf: &Conf, stanza: &Stanza) -> Result<Option<SavedSearch>> {
    let get = |key| filled(conf.get(&stanza.name, key));
    let Some(search) = get("search") else { return Ok(None) };
    Ok(Some(SavedSearch {
        name: stanza.name.clone(),
        search: search.clone(),
        earliest: get("dispatch.earliest_time").cloned(),
        latest: get("dispatch.latest_time").cloned(),
        disabled: read_bool(get("disabled"), false)?,
    }))
}

/// A warning for each setting that savedsearches.conf does not have.
pub(super) fn ignored(conf: &Conf) -> Vec<Diagnostic> {
    let known = |key: &str| {
        HONOURED.contains(&key)
            || WITHOUT_MEANING.contains(&key)
            || FAMILIES.iter().any(|family| key.starts_with(family))
    };
    let stanzas = conf.stanzas().flat_map(Stanza::settings);
    let unknown = conf.defaults().chain(stanzas).filter(|(key, _)| !known(key));
    let warning = |(key, value): (&Text, &Located)| {
        let message = format!("the setting `{key}` is not honoured");
        value.warning(Code::KnowledgeIgnored, message).suggest(key, HONOURED.iter().copied())
    };
    unknown.map(warning).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    #[test]
    fn a_saved_search_has_its_time_range_and_what_is_unknown_is_said() {
        let text = "[s]\nsearch = index=a \\\n| head 1\ndispatch.earliest_time = -1h\ncron_schedule = 0 * * * *\nserach = b\n[empty]\naction.email = 1\n[off]\nsearch = c\ndisabled = 1\n";
        let source = Sources::new().add("savedsearches.conf", text);
        let file = Arc::new(KnowledgeFile { path: "savedsearches.conf".into(), app: "a".into(), source });
        let conf = Conf::parse(&file, text, &mut Vec::new());
        let found = find(&conf, "s").unwrap().unwrap();
        assert_eq!((found.search.text(), found.search.line()), ("index=a \n| head 1", 2));
        assert_eq!((found.earliest.unwrap().text(), found.latest), ("-1h", None));
        assert!(find(&conf, "empty").unwrap().is_none() && find(&conf, "none").unwrap().is_none());
        let names: Vec<_> = all(&conf).unwrap().into_iter().map(|it| (it.name, it.disabled)).collect();
        assert_eq!(names, [("s".into(), false), ("off".into(), true)]);
        let said: Vec<_> = ignored(&conf).into_iter().map(|it| (it.message, it.place.unwrap())).collect();
        let misspelt = "the setting `serach` is not honoured".to_string();
        assert_eq!(said, [(misspelt, "savedsearches.conf:6".to_string())]);
    }
}
