//! A field of the elements of a JSON array.
//!
//! ## Syntax
//! `json_array_to_mv(<array>)` | `json_array_to_mv(<array>, <keep quotes>)`
//!
//! ## Description
//! Strings lose their quotation marks, unless the second argument is `true()`. Everything else is JSON text. Null if
//! there is no array.
//!
//! ## Examples
//!
//! ```spl
//! eval user = json_array_to_mv(users)
//! ```
//! ```json in
//! {"users": "[\"ada\", 7, {\"id\": 1}, null]"}
//! {"users": "[\"bob\"]"}
//! {"users": "{\"ada\": 1}"}
//! ```
//! ```json out
//! {"users": "[\"ada\", 7, {\"id\": 1}, null]", "user": ["ada", "7", "{\"id\":1}", "null"]}
//! {"users": "[\"bob\"]", "user": "bob"}
//! {"users": "{\"ada\": 1}"}
//! ```
//!
//! ```spl
//! eval user = json_array_to_mv(json_array("ada", "bob"), true())
//! ```
//! ```json out
//! {"user": ["\"ada\"", "\"bob\""]}
//! ```
//!
//! ```spl
//! eval user = json_array_to_mv()
//! ```
//! ```error
//! error[E0302]: the function `json_array_to_mv` takes 1 or 2 arguments, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{Json, as_text, document};
use crate::value::Value;

/// `json_array_to_mv(<array>)` | `json_array_to_mv(<array>, <keep quotes>)`
pub const FUNCTION: Function = Function::strict(Arity::between(1, 2), Type::Any, to_mv);

fn to_mv(arguments: &[Value], _: &EvalContext) -> Value {
    let Some((array, rest)) = arguments.split_first() else { return Value::Null };
    let Some(Json::Array(items)) = document(array) else { return Value::Null };
    let quotes = rest.first().is_some_and(Value::is_true);
    Value::from_values(items.into_iter().map(|item| match item {
        Json::String(text) if !quotes => Value::Text(text),
        other => as_text(&other),
    }))
}
