//! A field's values from the last to the first.
//!
//! ## Syntax
//! `mvreverse(<field>)`
//!
//! ## Examples
//!
//! ```spl
//! eval a = mvreverse(split("1,2,3", ","))
//! ```
//! ```json out
//! {"a": ["3", "2", "1"]}
//! ```
//!
//! ```spl
//! eval user = mvreverse(user)
//! ```
//! ```json in
//! {"user": "ada"}
//! {}
//! ```
//! ```json out
//! {"user": "ada"}
//! {}
//! ```
//!
//! ```spl
//! eval a = mvreverse(b, c)
//! ```
//! ```error
//! error[E0302]: the function `mvreverse` takes 1 argument, not 2
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mvreverse(<field>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Any, reverse);

fn reverse(arguments: &[Value], _: &EvalContext) -> Value {
    let [field] = arguments else { return Value::Null };
    Value::from_values(field.values().iter().rev().cloned())
}
