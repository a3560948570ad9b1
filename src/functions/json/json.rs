//! A text, if it is JSON.
//!
//! ## Syntax
//! `json(<value>)`
//!
//! ## Description
//! Null if the text is not JSON from end to end. Numbers, `true`, `false`, `null` and strings in quotation marks are
//! JSON too.
//!
//! ## Examples
//!
//! ```spl
//! eval data = json(text)
//! ```
//! ```json in
//! {"text": "{\"animal\" : \"pony\"}"}
//! {"text": "Golden Gate Bridge"}
//! {"text": "801"}
//! ```
//! ```json out
//! {"text": "{\"animal\" : \"pony\"}", "data": "{\"animal\" : \"pony\"}"}
//! {"text": "Golden Gate Bridge"}
//! {"text": "801", "data": "801"}
//! ```
//!
//! ```spl
//! eval data = json(json_object("animal", "pony")), broken = json("{\"animal\":")
//! ```
//! ```json out
//! {"data": "{\"animal\":\"pony\"}"}
//! ```
//!
//! ```spl
//! eval data = json()
//! ```
//! ```error
//! error[E0302]: the function `json` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::document;
use crate::value::Value;

/// `json(<value>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Any, json);

fn json(arguments: &[Value], _: &EvalContext) -> Value {
    let [value] = arguments else { return Value::Null };
    document(value).map_or(Value::Null, |_| value.clone())
}
