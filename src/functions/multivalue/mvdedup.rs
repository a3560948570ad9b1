//! A field's values, each once.
//!
//! ## Syntax
//! `mvdedup(<field>)`
//!
//! ## Description
//! The first of several equal values stays in its place. Values are equal when their text is.
//!
//! ## Examples
//!
//! ```spl
//! eval user = mvdedup(user)
//! ```
//! ```json in
//! {"user": ["bob", "ada", "bob", "Bob"]}
//! {"user": "ada"}
//! {}
//! ```
//! ```json out
//! {"user": ["bob", "ada", "Bob"]}
//! {"user": "ada"}
//! {}
//! ```
//!
//! ```spl
//! eval user = mvdedup(split("a,a", ","))
//! ```
//! ```json out
//! {"user": "a"}
//! ```
//!
//! ```spl
//! eval user = mvdedup()
//! ```
//! ```error
//! error[E0302]: the function `mvdedup` takes 1 argument, not 0
//! ```

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mvdedup(<field>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Any, dedup);

fn dedup(arguments: &[Value], _: &EvalContext) -> Value {
    let [value] = arguments else { return Value::Null };
    let mut seen: HashSet<Cow<'_, str>, foldhash::fast::RandomState> = HashSet::default();
    Value::from_values(value.values().iter().filter(|one| seen.insert(one.to_text())).cloned())
}
