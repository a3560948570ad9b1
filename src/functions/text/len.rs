//! The length of a text in characters.
//!
//! ## Syntax
//! `len(<text>)` | `length(<text>)`
//!
//! ## Description
//! Counts Unicode code points, not bytes. A multivalue field has no length.
//!
//! ## Examples
//!
//! ```spl
//! eval length = len(names)
//! ```
//! ```json in
//! {"names": "buttercup"}
//! {"names": "Zoë"}
//! {"names": ["a", "b"]}
//! ```
//! ```json out
//! {"names": "buttercup", "length": 9}
//! {"names": "Zoë", "length": 3}
//! {"names": ["a", "b"]}
//! ```
//!
//! Text can be empty and is still text; a missing field is nothing.
//!
//! ```spl
//! eval empty = len(""), missing = length(nosuchfield)
//! ```
//! ```json out
//! {"empty": 0}
//! ```
//!
//! ```spl
//! eval n = len()
//! ```
//! ```error
//! error[E0302]: the function `len` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::single;
use crate::value::Value;

/// `len(<text>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Number, len);

fn len(arguments: &[Value], _: &EvalContext) -> Value {
    match arguments.first().and_then(single) {
        Some(text) => Value::number(text.chars().count() as f64),
        None => Value::Null,
    }
}
