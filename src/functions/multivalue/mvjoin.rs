//! A field's values in one text, with something between them.
//!
//! ## Syntax
//! `mvjoin(<field>, <separator>)`
//!
//! ## Description
//! A single value has nothing to be joined with and stays as it is.
//!
//! ## Examples
//!
//! ```spl
//! eval users = mvjoin(user, " OR ")
//! ```
//! ```json in
//! {"user": ["ada", "bob", "carol"]}
//! {"user": "ada"}
//! {}
//! ```
//! ```json out
//! {"user": ["ada", "bob", "carol"], "users": "ada OR bob OR carol"}
//! {"user": "ada", "users": "ada"}
//! {}
//! ```
//!
//! ```spl
//! eval letters = mvjoin(split("abc", ""), "")
//! ```
//! ```json out
//! {"letters": "abc"}
//! ```
//!
//! ```spl
//! eval users = mvjoin(user)
//! ```
//! ```error
//! error[E0302]: the function `mvjoin` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::{Text, Value};

/// `mvjoin(<field>, <separator>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Text, join);

fn join(arguments: &[Value], _: &EvalContext) -> Value {
    let [field, separator] = arguments else { return Value::Null };
    let separator = separator.to_text();
    let mut joined = Text::new();
    for (at, value) in field.values().iter().enumerate() {
        joined.push_str(if at > 0 { &separator } else { "" });
        joined.push_str(&value.to_text());
    }
    Value::Text(joined)
}
