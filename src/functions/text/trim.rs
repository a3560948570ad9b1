//! A text without blanks, or other characters, at its ends.
//!
//! ## Syntax
//! `trim(<text>[, <characters>])`
//! `ltrim(<text>[, <characters>])`
//! `rtrim(<text>[, <characters>])`
//!
//! ## Description
//! `trim` works on both ends, `ltrim` on the left, `rtrim` on the right. The characters are a set, in any
//! order; without them blanks and tabs go, and line ends stay. A multivalue field gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval both = trim(" ZZZZabcZZ ", " Z"), left = ltrim(" ZZZZabcZZ ", " Z"), right = rtrim(" ZZZZabcZZ ", " Z")
//! ```
//! ```json out
//! {"both": "abc", "left": "abcZZ ", "right": " ZZZZabc"}
//! ```
//!
//! ```spl
//! eval dest = trim(dest, "$")
//! ```
//! ```json in
//! {"dest": "WS01$"}
//! {"dest": "ws02"}
//! {"dest": ["a$", "b$"]}
//! ```
//! ```json out
//! {"dest": "WS01"}
//! {"dest": "ws02"}
//! {}
//! ```
//!
//! ```spl
//! eval name = trim(" a ", " ", "b")
//! ```
//! ```error
//! error[E0302]: the function `trim` takes 1 or 2 arguments, not 3
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::single;
use crate::value::Value;

/// `trim(<text>[, <characters>])`
pub const TRIM: Function = Function::strict(Arity::between(1, 2), Type::Text, trim);

/// `ltrim(<text>[, <characters>])`
pub const LTRIM: Function = Function::strict(Arity::between(1, 2), Type::Text, ltrim);

/// `rtrim(<text>[, <characters>])`
pub const RTRIM: Function = Function::strict(Arity::between(1, 2), Type::Text, rtrim);

fn trim(arguments: &[Value], _: &EvalContext) -> Value {
    with(arguments, |text, set| text.trim_matches(set))
}

fn ltrim(arguments: &[Value], _: &EvalContext) -> Value {
    with(arguments, |text, set| text.trim_start_matches(set))
}

fn rtrim(arguments: &[Value], _: &EvalContext) -> Value {
    with(arguments, |text, set| text.trim_end_matches(set))
}

fn with(arguments: &[Value], cut: for<'t> fn(&'t str, &[char]) -> &'t str) -> Value {
    let Some(text) = arguments.first().and_then(single) else { return Value::Null };
    let set: Vec<char> = match arguments.get(1) {
        None => vec![' ', '\t'],
        Some(characters) => match single(characters) {
            Some(characters) => characters.chars().collect(),
            None => return Value::Null,
        },
    };
    Value::text(cut(&text, &set))
}
