//! The parts of a text between separators.
//!
//! ## Syntax
//! `split(<text>, <separator>)`
//!
//! ## Description
//! The separator is taken literally and may be longer than a character. Between two neighbouring separators stands an
//! empty value. Without a separator in it the text stays as it is. An empty separator takes the text apart into its
//! characters. Of a multivalue field every value is taken apart.
//!
//! ## Examples
//!
//! ```spl
//! eval parts = split(path, "::")
//! ```
//! ```json in
//! {"path": "name::value"}
//! {"path": "a::::b"}
//! {"path": "plain"}
//! {"path": ""}
//! ```
//! ```json out
//! {"path": "name::value", "parts": ["name", "value"]}
//! {"path": "a::::b", "parts": ["a", "", "b"]}
//! {"path": "plain", "parts": "plain"}
//! {"path": "", "parts": ""}
//! ```
//!
//! ```spl
//! eval letters = split("äbc", "")
//! ```
//! ```json out
//! {"letters": ["ä", "b", "c"]}
//! ```
//!
//! ```spl
//! eval parts = split(path)
//! ```
//! ```error
//! error[E0302]: the function `split` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::{Text, Value};

/// `split(<text>, <separator>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Any, split);

fn split(arguments: &[Value], _: &EvalContext) -> Value {
    let [field, separator] = arguments else { return Value::Null };
    let separator = separator.to_text();
    field.map_each(|value| {
        let text = value.to_text();
        if separator.is_empty() && !text.is_empty() {
            return Value::from_values(text.chars().map(|c| Value::Text(Text::from(c))));
        }
        if separator.is_empty() {
            return value.clone();
        }
        Value::from_values(text.split(separator.as_ref()).map(Value::text))
    })
}
