//! Event types and tags: eventtypes.conf and tags.conf.

use std::collections::BTreeMap;

use super::super::conf::{Conf, filled, passed_over, read_bool};
use super::super::located::Located;
use super::super::words::split_list;
use super::is_stand_in;
use crate::batch::Pattern;
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Text;

/// A named search: an event that it finds has the name in its field `eventtype`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventType {
    /// The name.
    pub name: Text,
    /// The search.
    pub search: Located,
}

/// A part of a name that is made for each event: `[cisco-%code%]` names one with the code 432 `cisco-432`
/// (eventtypes.conf.spec).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// As it stands.
    Text(Text),
    /// The value of a field.
    Field(Text),
}

impl NamePart {
    /// The field whose value it is.
    pub fn field(&self) -> Option<Text> {
        match self {
            NamePart::Field(field) => Some(field.clone()),
            NamePart::Text(_) => None,
        }
    }

    /// What all names fit that are made of these parts.
    pub fn pattern(parts: &[NamePart]) -> Pattern {
        let piece = |part: &NamePart| match part {
            NamePart::Text(text) => text.clone(),
            NamePart::Field(_) => "*".into(),
        };
        Pattern::new(parts.iter().map(piece).collect::<Vec<_>>().concat())
    }
}

impl EventType {
    /// What its name is made of, where that is not the same for every event.
    pub fn name_parts(&self) -> Option<Vec<NamePart>> {
        let pieces: Vec<&str> = self.name.split('%').collect();
        // A sign without its partner is one.
        let paired = pieces.len().saturating_sub(1) / 2 * 2;
        let mut parts = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            match at % 2 == 1 && at < paired && !piece.is_empty() {
                true => parts.push(NamePart::Field((*piece).into())),
                false if at > paired => parts.push(NamePart::Text(format!("%{piece}").into())),
                false => parts.push(NamePart::Text((*piece).into())),
            }
        }
        parts.iter().any(|part| part.field().is_some()).then_some(parts)
    }

    /// Whether it stands in for that of an add-on.
    pub fn is_built_in(&self) -> bool {
        is_stand_in(&self.search)
    }
}

/// Tags that an event carries if a field has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRule {
    /// The field; `eventtype` for the tags of an event type.
    pub field: Text,
    /// The value.
    pub value: Text,
    /// The tags, in order.
    pub tags: Vec<Text>,
    /// Where the first of them was said, `file:line`.
    pub place: String,
}

/// The event types that are not disabled and have a search, by name, and what is wrong with others.
pub(in super::super) fn event_types(conf: &Conf) -> (Vec<EventType>, Vec<Diagnostic>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for stanza in conf.stanzas() {
        match read_bool(conf.get(&stanza.name, "disabled"), false) {
            Ok(false) => {}
            Ok(true) => continue,
            Err(problem) => problems.push(passed_over(problem)),
        }
        if let Some(search) = filled(conf.get(&stanza.name, "search")) {
            found.push(EventType { name: stanza.name.clone(), search: search.clone() });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    (found, problems)
}

/// The tags that are enabled, by field and value: those of tags.conf, and those that eventtypes.conf gives
/// in its old form `tags = a b`. What cannot be read is passed over and said.
pub(in super::super) fn tags(tags: &Conf, event_types: &Conf) -> (Vec<TagRule>, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut enabled: BTreeMap<(Text, Text), BTreeMap<Text, (bool, String)>> = BTreeMap::new();
    for stanza in event_types.stanzas() {
        let Some(list) = filled(event_types.get(&stanza.name, "tags")) else { continue };
        let of = enabled.entry(("eventtype".into(), stanza.name.clone())).or_default();
        of.extend(split_list(list.text()).into_iter().map(|tag| (tag, (true, list.place()))));
    }
    for stanza in tags.stanzas() {
        let Some((field, value)) = stanza.name.split_once('=') else {
            let message = format!("`{}` is not FIELD=VALUE", stanza.name);
            problems.push(stanza.warning(Code::KnowledgeIgnored, message));
            continue;
        };
        let (field, value) = (unescape(field.trim()), unescape(value.trim()));
        // What is built in says nothing of an event type that an app has made another of.
        let search = filled(event_types.get(&value, "search")).filter(|_| field == "eventtype");
        let others = search.is_some_and(|search| !is_stand_in(search));
        let of = enabled.entry((field, value)).or_default();
        for (tag, state) in tags.settings(&stanza.name).filter(|(_, state)| !(others && is_stand_in(state))) {
            let on = match state.text().to_ascii_lowercase().as_str() {
                "enabled" => true,
                "disabled" => false,
                _ => {
                    let message = format!("a tag is `enabled` or `disabled`, not `{}`", state.text());
                    problems.push(state.warning(Code::KnowledgeIgnored, message));
                    continue;
                }
            };
            of.insert(unescape(tag), (on, state.place()));
        }
    }
    let rule = |((field, value), tags): ((Text, Text), BTreeMap<Text, (bool, String)>)| {
        let place = tags.values().find(|(on, _)| *on)?.1.clone();
        let tags = tags.into_iter().filter(|(_, (on, _))| *on).map(|(tag, _)| tag).collect();
        Some(TagRule { field, value, tags, place })
    };
    (enabled.into_iter().filter_map(rule).collect(), problems)
}

/// Decodes `%3A` and the like: Splunk writes names into tags.conf as they stand in an address.
fn unescape(text: &str) -> Text {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|_| byte == b'%') {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or_else(|_| text.into(), Text::from)
}
