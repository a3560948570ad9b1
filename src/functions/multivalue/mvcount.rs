//! How many values a field has.
//!
//! ## Syntax
//! `mvcount(<field>)`
//!
//! ## Description
//! 1 for a single value; null for a missing field, not 0.
//!
//! ## Examples
//!
//! ```spl
//! eval n = mvcount(user)
//! ```
//! ```json in
//! {"user": ["ada", "bob"]}
//! {"user": ""}
//! {}
//! ```
//! ```json out
//! {"user": ["ada", "bob"], "n": 2}
//! {"user": "", "n": 1}
//! {}
//! ```
//!
//! ```spl
//! eval n = mvcount(split(to, "@")) - 1
//! ```
//! ```json in
//! {"to": "a@x.org,b@y.org"}
//! ```
//! ```json out
//! {"to": "a@x.org,b@y.org", "n": 2}
//! ```
//!
//! ```spl
//! eval n = mvcount(a, b)
//! ```
//! ```error
//! error[E0302]: the function `mvcount` takes 1 argument, not 2
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mvcount(<field>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Number, count);

fn count(arguments: &[Value], _: &EvalContext) -> Value {
    arguments.first().map_or(Value::Null, |value| Value::number(value.values().len() as f64))
}
