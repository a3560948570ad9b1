//! Whether a JSON object has a key.
//!
//! ## Syntax
//! `json_has_key_exact(<object>, <key>)`
//!
//! ## Description
//! The key is taken literally: a dot in it is part of its name. What is not an object has no keys.
//!
//! ## Examples
//!
//! ```spl
//! where json_has_key_exact(record, "system.path")
//! ```
//! ```json in
//! {"record": "{\"system.path\": \"/opt\"}"}
//! {"record": "{\"system\": {\"path\": \"/opt\"}}"}
//! {"record": "none"}
//! ```
//! ```json out
//! {"record": "{\"system.path\": \"/opt\"}"}
//! ```
//!
//! ```spl
//! eval found = if(json_has_key_exact(json_object("name", "charlie"), wanted), "yes", "no")
//! ```
//! ```json in
//! {"wanted": "name"}
//! {"wanted": "age"}
//! {}
//! ```
//! ```json out
//! {"wanted": "name", "found": "yes"}
//! {"wanted": "age", "found": "no"}
//! {"found": "no"}
//! ```
//!
//! ```spl
//! where json_has_key_exact(record)
//! ```
//! ```error
//! error[E0302]: the function `json_has_key_exact` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{Json, document};
use crate::value::Value;

/// `json_has_key_exact(<object>, <key>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Bool, has_key);

fn has_key(arguments: &[Value], _: &EvalContext) -> Value {
    let [object, key] = arguments else { return Value::Null };
    match document(object) {
        Some(Json::Object(members)) => Value::Bool(members.contains_key(key.to_text().as_ref())),
        _ => Value::Bool(false),
    }
}
