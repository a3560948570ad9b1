//! A JSON array of values.
//!
//! ## Syntax
//! `json_array(<value>, …)` | `[<value>, …]`
//!
//! ## Description
//! Values are taken as `json_object` takes them: a quoted string is a string, a field that looks like a number is one, and one
//! that holds a JSON object or array is embedded. A multivalue field is an array of its own.
//!
//! In brackets, in `eval`, `where` and `fieldformat`, values are JSON, no fields: anything else in brackets is a subsearch.
//!
//! ## Examples
//!
//! ```spl
//! eval all = json_array("dubois", json_object("name", "patel"), n, missing)
//! ```
//! ```json in
//! {"n": "1.50"}
//! ```
//! ```json out
//! {"n": "1.50", "all": "[\"dubois\",{\"name\":\"patel\"},1.50,null]"}
//! ```
//!
//! ```spl
//! eval none = json_array(), quoted = json_array("1", "[2]")
//! ```
//! ```json out
//! {"none": "[]", "quoted": "[\"1\",\"[2]\"]"}
//! ```
//!
//! ```spl
//! eval all = ["dubois", {"name": "patel"}, 1.50], rest = json_delete({"a": 1, "b": 2, "c": 3}, ["a", "c"])
//! ```
//! ```json out
//! {"all": "[\"dubois\",{\"name\":\"patel\"},1.50]", "rest": "{\"b\":2}"}
//! ```
//!
//! ```spl
//! eval all = json_array(
//! ```
//! ```error
//! error[E0002]: expected an expression, found the end
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::{Json, argument, as_text};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `json_array(<value>, …)`
pub const FUNCTION: Function = Function::lazy(Arity::at_least(0), Type::Text, array);

fn array(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    as_text(&Json::Array(arguments.iter().map(|value| argument(value, row)).collect()))
}
