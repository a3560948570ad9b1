//! Whether a text is JSON.
//!
//! ## Syntax
//! `json_valid(<text>)`
//!
//! ## Description
//! True if the text is a JSON value from end to end. JSON that is nested more than 128 deep is not read and counts as
//! invalid.
//!
//! ## Examples
//!
//! ```spl
//! eval verdict = if(json_valid(text), "JSON", "no JSON")
//! ```
//! ```json in
//! {"text": "{\"names\": [\"maria\", \"arun\"]}"}
//! {"text": "{names: maria}"}
//! {"text": ""}
//! ```
//! ```json out
//! {"text": "{\"names\": [\"maria\", \"arun\"]}", "verdict": "JSON"}
//! {"text": "{names: maria}", "verdict": "no JSON"}
//! {"text": "", "verdict": "no JSON"}
//! ```
//!
//! ```spl
//! where json_valid(text)
//! ```
//! ```json in
//! {"text": "[1, 2]"}
//! {"text": "[1, 2"}
//! {}
//! ```
//! ```json out
//! {"text": "[1, 2]"}
//! ```
//!
//! ```spl
//! where json_valid(a, b)
//! ```
//! ```error
//! error[E0302]: the function `json_valid` takes 1 argument, not 2
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::document;
use crate::value::Value;

/// `json_valid(<text>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Bool, valid);

fn valid(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(arguments.first().and_then(document).is_some())
}
