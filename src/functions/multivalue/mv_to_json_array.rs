//! A JSON array of a field's values.
//!
//! ## Syntax
//! `mv_to_json_array(<field>)` | `mv_to_json_array(<field>, <infer types>)`
//!
//! ## Description
//! Every value becomes a string of the array. With `true()` as second argument a value that is JSON text becomes what it
//! says: a number, a string in quotation marks, true, false, null; any other value becomes null.
//!
//! ## Examples
//!
//! ```spl
//! eval users = mv_to_json_array(user)
//! ```
//! ```json in
//! {"user": ["ada", "7", "true"]}
//! {"user": "bob"}
//! {}
//! ```
//! ```json out
//! {"user": ["ada", "7", "true"], "users": "[\"ada\",\"7\",\"true\"]"}
//! {"user": "bob", "users": "[\"bob\"]"}
//! {}
//! ```
//!
//! ```spl
//! eval data = mv_to_json_array(mvappend("\"ada\"", "1.50", "true", "null", "bob"), true())
//! ```
//! ```json out
//! {"data": "[\"ada\",1.50,true,null,null]"}
//! ```
//!
//! ```spl
//! eval data = mv_to_json_array()
//! ```
//! ```error
//! error[E0302]: the function `mv_to_json_array` takes 1 or 2 arguments, not 0
//! ```

use super::super::json::{Json, as_text};
use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mv_to_json_array(<field>)` | `mv_to_json_array(<field>, <infer types>)`
pub const FUNCTION: Function = Function::strict(Arity::between(1, 2), Type::Text, to_array);

fn to_array(arguments: &[Value], _: &EvalContext) -> Value {
    let Some((field, rest)) = arguments.split_first() else { return Value::Null };
    let infer = rest.first().is_some_and(Value::is_true);
    let element = |value: &Value| {
        let text = value.to_text();
        if infer { Json::parse(&text).unwrap_or(Json::Null) } else { Json::string(&text) }
    };
    as_text(&Json::Array(field.values().iter().map(element).collect()))
}
