//! Windows events as converters of `.evtx` files write them, whose names stand in values: their fields.

use super::as_value;
use crate::value::{Text, Value};

/// What EvtxECmd calls otherwise than the event does.
const NAMES: &[(&str, &str)] = &[
    ("EventId", "EventID"),
    ("EventRecordId", "EventRecordID"),
    ("Provider", "Name"),
    ("ProcessId", "ExecutionProcessID"),
    ("ThreadId", "ExecutionThreadID"),
    ("UserId", "UserID"),
];

/// The fields of an event of EvtxECmd: those of the system under their own names, and the data of its `Payload`, which
/// is JSON as text.
pub fn evtx_e_cmd<'t>(member: &dyn Fn(&str) -> Option<&'t str>) -> Vec<(Text, Value)> {
    let named = |(theirs, ours): &(&str, &str)| Some((Text::from(*ours), as_value(member(theirs)?)?));
    let mut fields: Vec<(Text, Value)> = NAMES.iter().filter_map(named).collect();
    if let Some(payload) = member("Payload").and_then(super::content) {
        fields.extend(pairs(&payload));
    }
    fields
}

/// The pairs of name and text in an event: lists of `{"@Name": ..., "#text": ...}` and, in user data, plain members.
pub fn pairs(text: &str) -> Vec<(Text, Value)> {
    let mut fields = Vec::new();
    if let Ok(event) = serde_json::from_str::<serde_json::Value>(text) {
        collect(&event, &mut fields);
    }
    fields
}

fn collect(value: &serde_json::Value, fields: &mut Vec<(Text, Value)>) {
    use serde_json::Value as Json;
    let Json::Object(object) = value else { return };
    for (name, member) in object {
        match (name.as_str(), member) {
            ("Data", Json::Array(list)) => list.iter().for_each(|item| pair(item, fields)),
            ("Data", item @ Json::Object(_)) => pair(item, fields),
            // The system of the event has names of its own; its text is under them.
            ("System", Json::Object(system)) => {
                if let Some(Json::Object(id)) = system.get("EventID") {
                    fields.extend(id.get("#text").map(|id| ("EventID".into(), text_of(id))));
                }
            }
            ("UserData", Json::Object(user)) => {
                for inside in user.values() {
                    let Json::Object(inside) = inside else { continue };
                    let plain = inside.iter().filter(|(name, value)| {
                        !name.starts_with(['@', '#']) && !value.is_object() && !value.is_array()
                    });
                    fields.extend(plain.map(|(name, value)| (name.as_str().into(), text_of(value))));
                }
            }
            (_, inside) => collect(inside, fields),
        }
    }
}

/// `{"@Name": "SubjectUserName", "#text": "ada"}`
fn pair(item: &serde_json::Value, fields: &mut Vec<(Text, Value)>) {
    let get = |names: [&str; 2]| names.iter().find_map(|name| item.get(name));
    let Some(name) = get(["@Name", "Name"]).and_then(serde_json::Value::as_str) else { return };
    let text = get(["#text", "text"]).map_or(Value::Null, text_of);
    if !text.is_null() {
        fields.push((name.into(), text));
    }
}

fn text_of(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::String(text) => Value::text(text.as_str()),
        other => Value::text(other.to_string()),
    }
}
