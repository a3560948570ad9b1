//! Settings that are not honoured: what Splunk knows and this engine does not, and what is misspelt.

use super::conf::{Conf, Stanza};
use super::located::Located;
use super::lookup::{self, is_lookup};
use super::macros;
use super::sourcetype::{self, is_template};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Text;

/// The settings of an event type that are read, or that change nothing but its looks.
const EVENT_TYPE: &[&str] = &["search", "disabled", "tags", "description", "color"];

/// The settings that are honoured in a stanza, and the kinds of setting that are followed by a class.
type Honoured = (Vec<&'static str>, &'static [&'static str]);

/// A warning for each setting of the merged files that is not honoured.
pub(super) fn collect(macros: &Conf, transforms: &Conf, props: &Conf, event_types: &Conf) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each(macros, &mut found, |_| Some((macros::HONOURED.to_vec(), &[])));
    each(transforms, &mut found, |stanza| {
        let keys = match stanza {
            Some(stanza) if is_lookup(transforms, &stanza.name) => lookup::HONOURED.to_vec(),
            Some(stanza) => transform_keys(transforms, &stanza.name),
            None => [lookup::HONOURED, sourcetype::HONOURED_TRANSFORM].concat(),
        };
        Some((keys, &[]))
    });
    each(props, &mut found, |stanza| {
        let rule = stanza.is_some_and(|stanza| is_rule(&stanza.name));
        Some(match rule {
            true => (vec!["sourcetype", "source"], &["MORE_THAN_", "LESS_THAN_"]),
            false => (sourcetype::honoured(), sourcetype::HONOURED_CLASSES),
        })
    });
    found.extend(tables(props));
    each(event_types, &mut found, |stanza| {
        let honoured: Honoured = (EVENT_TYPE.to_vec(), &[]);
        stanza.is_none_or(|stanza| !is_template(&stanza.name)).then_some(honoured)
    });
    found
}

/// `KV_MODE = multi` finds nothing: an event would have to become several.
fn tables(props: &Conf) -> impl Iterator<Item = Diagnostic> {
    let settings = props.defaults().chain(props.stanzas().flat_map(Stanza::settings));
    let multi = |value: &Located| {
        let mode = value.text().to_ascii_lowercase();
        mode == "multi" || mode.starts_with("multi:")
    };
    settings.filter(move |(key, value)| *key == "KV_MODE" && multi(value)).map(|(_, value)| {
        let message = format!("`KV_MODE = {}` is not honoured: no fields are found", value.text());
        value.warning(Code::KnowledgeIgnored, message).help("pipe the events to `multikv`")
    })
}

/// The settings of a field transform; of one at index time those that set where an event is from.
fn transform_keys(transforms: &Conf, stanza: &str) -> Vec<&'static str> {
    let mut keys = sourcetype::HONOURED_TRANSFORM.to_vec();
    let dest = transforms.get(stanza, "DEST_KEY");
    if dest.is_some_and(|dest| sourcetype::TARGETS.iter().any(|(key, ..)| *key == dest.text())) {
        keys.push("DEST_KEY");
    }
    keys
}

fn is_rule(stanza: &str) -> bool {
    stanza.starts_with("rule::") || stanza.starts_with("delayedrule::")
}

/// Goes through the settings of every stanza and, without one, the defaults; `honoured` has none for a
/// stanza that is passed over as a whole.
fn each(conf: &Conf, found: &mut Vec<Diagnostic>, honoured: impl Fn(Option<&Stanza>) -> Option<Honoured>) {
    if let Some(honoured) = honoured(None) {
        check(conf.defaults(), &honoured, found);
    }
    for stanza in conf.stanzas() {
        match honoured(Some(stanza)) {
            Some(honoured) => check(stanza.settings(), &honoured, found),
            None => {
                let message = format!("the stanza `{}` is not honoured", stanza.name);
                found.push(stanza.warning(Code::KnowledgeIgnored, message));
            }
        }
    }
}

fn check<'c>(
    settings: impl Iterator<Item = (&'c Text, &'c Located)>,
    (keys, classes): &Honoured,
    found: &mut Vec<Diagnostic>,
) {
    for (key, value) in settings {
        let class = |kind: &&str| match key.strip_prefix(*kind) {
            Some(rest) => kind.ends_with('_') || rest.starts_with('-'),
            None => false,
        };
        if !keys.contains(&key.as_str()) && !classes.iter().any(class) {
            found.push(warning(key, value, keys));
        }
    }
}

fn warning(key: &str, value: &Located, honoured: &[&'static str]) -> Diagnostic {
    let message = format!("the setting `{key}` is not honoured");
    value.warning(Code::KnowledgeIgnored, message).suggest(key, honoured.iter().copied())
}
