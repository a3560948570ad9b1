//! A JSON array of the members of an object, each with its `key` and its `value`.
//!
//! ## Syntax
//! `json_entries(<object>)`
//!
//! ## Description
//! Only the members of the object itself, in order. Null if there is no object.
//!
//! ## Examples
//!
//! ```spl
//! eval entries = json_entries("{\"a\": 1, \"b\": {\"c\": 2}}")
//! ```
//! ```json out
//! {"entries": "[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":{\"c\":2}}]"}
//! ```
//!
//! ```spl
//! eval entries = json_entries(record)
//! ```
//! ```json in
//! {"record": "{}"}
//! {"record": "[1]"}
//! {}
//! ```
//! ```json out
//! {"record": "{}", "entries": "[]"}
//! {"record": "[1]"}
//! {}
//! ```
//!
//! ```spl
//! eval entries = json_entries()
//! ```
//! ```error
//! error[E0302]: the function `json_entries` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{Json, Object, as_text, document};
use crate::value::Value;

/// `json_entries(<object>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Text, entries);

fn entries(arguments: &[Value], _: &EvalContext) -> Value {
    let Some(Json::Object(members)) = arguments.first().and_then(document) else { return Value::Null };
    let entry = |(key, value)| {
        Json::Object(Object::from_iter([("key".into(), Json::String(key)), ("value".into(), value)]))
    };
    as_text(&Json::Array(members.into_iter().map(entry).collect()))
}
