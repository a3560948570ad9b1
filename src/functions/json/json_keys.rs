//! The keys of a JSON object.
//!
//! ## Syntax
//! `json_keys(<object>)`
//!
//! ## Description
//! A JSON array, in the order of the object. Null if there is no object; an array has no keys.
//!
//! ## Examples
//!
//! ```spl
//! eval keys = json_keys(bridge)
//! ```
//! ```json in
//! {"bridge": "{\"name\": \"Helix Bridge\", \"length\": 918}"}
//! {"bridge": "[\"Helix Bridge\"]"}
//! ```
//! ```json out
//! {"bridge": "{\"name\": \"Helix Bridge\", \"length\": 918}", "keys": "[\"name\",\"length\"]"}
//! {"bridge": "[\"Helix Bridge\"]"}
//! ```
//!
//! ```spl
//! eval keys = json_keys(json_object())
//! ```
//! ```json out
//! {"keys": "[]"}
//! ```
//!
//! ```spl
//! eval keys = json_keys()
//! ```
//! ```error
//! error[E0302]: the function `json_keys` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{Json, as_text, document};
use crate::value::Value;

/// `json_keys(<object>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Text, keys);

fn keys(arguments: &[Value], _: &EvalContext) -> Value {
    let Some(Json::Object(members)) = arguments.first().and_then(document) else { return Value::Null };
    as_text(&Json::Array(members.into_keys().map(Json::String).collect()))
}
