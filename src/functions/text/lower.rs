//! A text in small or in capital letters.
//!
//! ## Syntax
//! `lower(<text>)`
//! `upper(<text>)`
//!
//! ## Description
//! Works on each value of a multivalue field.
//!
//! ## Examples
//!
//! ```spl
//! eval user = lower(user)
//! ```
//! ```json in
//! {"user": "Admin"}
//! {"user": ["Ada", "BOB"]}
//! ```
//! ```json out
//! {"user": "admin"}
//! {"user": ["ada", "bob"]}
//! ```
//!
//! ```spl
//! eval process = upper("cmd.exe")
//! ```
//! ```json out
//! {"process": "CMD.EXE"}
//! ```
//!
//! ```spl
//! eval user = lower("A", "B")
//! ```
//! ```error
//! error[E0302]: the function `lower` takes 1 argument, not 2
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `lower(<text>)`
pub const LOWER: Function = Function::strict(Arity::exactly(1), Type::Text, lower);

/// `upper(<text>)`
pub const UPPER: Function = Function::strict(Arity::exactly(1), Type::Text, upper);

fn lower(arguments: &[Value], _: &EvalContext) -> Value {
    map(arguments, |text| text.chars().any(|letter| !letter.is_lowercase()), str::to_lowercase)
}

fn upper(arguments: &[Value], _: &EvalContext) -> Value {
    map(arguments, |text| text.chars().any(|letter| !letter.is_uppercase()), str::to_uppercase)
}

/// Changes each value that may need it; the others are shared.
fn map(arguments: &[Value], changes: fn(&str) -> bool, change: fn(&str) -> String) -> Value {
    let Some(value) = arguments.first() else { return Value::Null };
    value.map_each(|one| match one {
        Value::Text(text) if !changes(text) => Value::Text(text.clone()),
        one => Value::text(change(&one.to_text())),
    })
}
