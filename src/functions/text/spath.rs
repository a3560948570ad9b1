//! A value out of JSON or XML text, by its path.
//!
//! ## Syntax
//! `spath(<text>, <path>)`
//!
//! ## Description
//! A path names the members of objects, with dots between them, and elements of arrays in braces: `a.b{0}.c`, counted from
//! 0; `{}` is every element. Several values make a multivalue field. Strings come without quotation marks, numbers as they
//! are spelled, JSON's null as `null`, objects and arrays as JSON text. In XML `a{2}` is an element among those of its
//! name, counted from 1, `a` every one, and `a{@c}` its attribute. Null if the text is neither, or the path leads
//! nowhere. A multivalue text gives null; of a multivalue path every value is followed.
//!
//! ## Examples
//!
//! ```spl
//! eval first = spath(_raw, "instances{0}.id"), all = spath(_raw, "instances{}.id"), one = spath(_raw, "instances{1}")
//! ```
//! ```json in
//! {"_raw": "{\"instances\": [{\"id\": \"i-1\"}, {\"id\": \"i-2\", \"n\": 1.50}]}"}
//! {"_raw": "none"}
//! ```
//! ```json out
//! {"_raw": "{\"instances\": [{\"id\": \"i-1\"}, {\"id\": \"i-2\", \"n\": 1.50}]}", "first": "i-1", "all": ["i-1", "i-2"], "one": "{\"id\":\"i-2\",\"n\":1.50}"}
//! {"_raw": "none"}
//! ```
//!
//! ```spl
//! eval n = spath("{\"a\":[1,2]}", where)
//! ```
//! ```json in
//! {"where": "a{1}"}
//! {"where": ["a{0}", "a"]}
//! {"where": "b"}
//! ```
//! ```json out
//! {"where": "a{1}", "n": "2"}
//! {"where": ["a{0}", "a"], "n": ["1", "[1,2]"]}
//! {"where": "b"}
//! ```
//!
//! ```spl
//! eval n = spath(x, "a.b{@id}"), x = spath(x, "a.b{2}")
//! ```
//! ```json in
//! {"x": "<a><b id='1'>p</b><b id='2'>q</b></a>"}
//! ```
//! ```json out
//! {"x": "q", "n": ["1", "2"]}
//! ```
//!
//! ```spl
//! eval n = spath(_raw)
//! ```
//! ```error
//! error[E0302]: the function `spath` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::extract::{Structured, StructuredPath};
use crate::value::Value;

/// `spath(<text>, <path>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Any, spath);

fn spath(arguments: &[Value], _: &EvalContext) -> Value {
    let [text, paths] = arguments else { return Value::Null };
    if matches!(text, Value::Multi(_)) {
        return Value::Null;
    }
    let Some(document) = Structured::parse(&text.to_text()) else { return Value::Null };
    let paths = paths.values().iter().filter_map(|path| StructuredPath::parse(&path.to_text()));
    Value::from_values(paths.flat_map(|path| document.select(&path)))
}
