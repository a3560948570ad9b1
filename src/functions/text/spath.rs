//! A value out of JSON text, by its path.
//!
//! ## Syntax
//! `spath(<text>, <path>)`
//!
//! ## Description
//! A path names the members of objects, with dots between them, and elements of arrays in braces: `a.b{0}.c`, counted from
//! 0; `{}` is every element. Several values make a multivalue field. Strings come without quotation marks, numbers as they
//! are spelled, JSON's null as `null`, objects and arrays as JSON text. Null if the text is not JSON, or the path leads
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
//! eval n = spath(_raw)
//! ```
//! ```error
//! error[E0302]: the function `spath` takes 2 arguments, not 1
//! ```
//!
//! ## Differences from Splunk
//! XML is not read: it gives null and a warning.

use super::super::json::{Json, Path, as_text, document};
use super::super::{Arity, EvalContext, Function, Type};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

/// `spath(<text>, <path>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Any, spath);

fn spath(arguments: &[Value], context: &EvalContext) -> Value {
    let [text, paths] = arguments else { return Value::Null };
    let Some(document) = document(text) else {
        if matches!(text, Value::Text(text) if text.trim_start().starts_with('<')) {
            let message = "`spath` reads JSON: a value that is XML gives null";
            context.warnings.add(Diagnostic::warning(Code::NotSupported, message));
        }
        return Value::Null;
    };
    let mut found = Vec::new();
    for path in paths.values().iter().filter_map(|path| Path::parse(&path.to_text())) {
        found.extend(path.select(&document).into_iter().map(|json| match json {
            Json::String(text) | Json::Number(text) => Value::Text(text.clone()),
            other => as_text(other),
        }));
    }
    Value::from_values(found)
}
