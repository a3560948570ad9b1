//! A value out of a JSON document.
//!
//! ## Syntax
//! `json_extract(<document>)` | `json_extract(<document>, <path>, …)`
//! `json_extract_exact(<document>)` | `json_extract_exact(<document>, <key>, …)`
//!
//! ## Description
//! A path names the members of objects, with dots between them, and elements of arrays in braces: `a.b{0}.c`, counted from
//! 0; `{}` is every element, and alone the whole document. A string comes out without quotation marks, a number as it is
//! spelled, an object or array as JSON text, and JSON's null as null. A path with `{}` gives a JSON array of all values.
//! In an object with one member, an array, braces at the start of a path are those of the array.
//! Without a path the document itself is meant; several paths give a JSON array with one element each.
//!
//! `json_extract_exact` takes keys of the document's own object literally, dots and braces included.
//!
//! ## Examples
//!
//! ```spl
//! eval third = json_extract(city, "bridges{0}.length"), names = json_extract(city, "bridges{}.name"), both = json_extract(city, "name", "size")
//! ```
//! ```json in
//! {"city": "{\"name\": \"London\", \"bridges\": [{\"name\": \"Tower\", \"length\": 801}, {\"name\": \"Millennium\"}]}"}
//! {"city": "London"}
//! ```
//! ```json out
//! {"city": "{\"name\": \"London\", \"bridges\": [{\"name\": \"Tower\", \"length\": 801}, {\"name\": \"Millennium\"}]}", "third": "801", "names": "[\"Tower\",\"Millennium\"]", "both": "[\"London\",null]"}
//! {"city": "London"}
//! ```
//!
//! ```spl
//! eval path = json_extract_exact(event, "system.path"), none = json_extract(event, "system.path"), event = json_extract(event)
//! ```
//! ```json in
//! {"event": "{\"system.path\": \"/opt\"}"}
//! ```
//! ```json out
//! {"event": "{\"system.path\":\"/opt\"}", "path": "/opt"}
//! ```
//!
//! ```spl
//! eval first = json_extract(cities, "{0}.name"), names = json_extract(cities, "{}.name"), all = json_extract(cities, "{}")
//! ```
//! ```json in
//! {"cities": "[{\"name\":\"London\"},{\"name\":\"Venice\"}]"}
//! {"cities": "{\"cities\":[{\"name\":\"London\"},{\"name\":\"Venice\"}]}"}
//! {"cities": "{\"cities\":[{\"name\":\"London\"}],\"year\":2026}"}
//! ```
//! ```json out
//! {"cities": "[{\"name\":\"London\"},{\"name\":\"Venice\"}]", "first": "London", "names": "[\"London\",\"Venice\"]", "all": "[{\"name\":\"London\"},{\"name\":\"Venice\"}]"}
//! {"cities": "{\"cities\":[{\"name\":\"London\"},{\"name\":\"Venice\"}]}", "first": "London", "names": "[\"London\",\"Venice\"]", "all": "{\"cities\":[{\"name\":\"London\"},{\"name\":\"Venice\"}]}"}
//! {"cities": "{\"cities\":[{\"name\":\"London\"}],\"year\":2026}", "all": "{\"cities\":[{\"name\":\"London\"}],\"year\":2026}"}
//! ```
//!
//! ```spl
//! eval name = json_extract()
//! ```
//! ```error
//! error[E0302]: the function `json_extract` takes at least 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{Json, Path, as_text, document, native};
use crate::value::Value;

/// `json_extract(<document>, <path>, …)`
pub const EXTRACT: Function = Function::strict(Arity::at_least(1), Type::Any, extract);

/// `json_extract_exact(<document>, <key>, …)`
pub const EXTRACT_EXACT: Function = Function::strict(Arity::at_least(1), Type::Any, extract_exact);

fn extract(arguments: &[Value], _: &EvalContext) -> Value {
    values(arguments, |document, path| {
        let path = Path::parse(path)?;
        let found = path.select(only_array(document).filter(|_| path.is_into_array()).unwrap_or(document));
        let alone = found.len() == 1 && found.first().is_some_and(|first| std::ptr::eq(*first, document));
        if path.is_wild() && !alone && !found.is_empty() {
            return Some(Json::Array(found.into_iter().cloned().collect()));
        }
        found.first().copied().cloned()
    })
}

/// The array that an object consists of. `{0}` of `{"cities": […]}` is the first city (Search Reference,
/// json_extract, examples 2 to 8).
fn only_array(document: &Json) -> Option<&Json> {
    let Json::Object(members) = document else { return None };
    let mut values = members.values();
    match (values.next(), values.next()) {
        (Some(array @ Json::Array(_)), None) => Some(array),
        _ => None,
    }
}

fn extract_exact(arguments: &[Value], _: &EvalContext) -> Value {
    values(arguments, |document, key| match document {
        Json::Object(members) => members.get(key).cloned(),
        _ => None,
    })
}

fn values(arguments: &[Value], find: impl Fn(&Json, &str) -> Option<Json>) -> Value {
    let Some((first, paths)) = arguments.split_first() else { return Value::Null };
    let Some(document) = document(first) else { return Value::Null };
    let found = |path: &Value| find(&document, &path.to_text());
    match paths {
        [] => native(&document),
        [path] => found(path).map_or(Value::Null, |json| native(&json)),
        paths => {
            let elements = paths.iter().map(|path| found(path).unwrap_or(Json::Null));
            as_text(&Json::Array(elements.collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Warnings;

    #[test]
    fn native_types() {
        let context = EvalContext::new(0.0, jiff::tz::TimeZone::UTC, Warnings::new());
        let document = r#"{"a": 1.50, "b": true, "c": null, "d": "x\"y", "e": {"f": []}}"#;
        let run = |path: &str| extract(&[document.into(), path.into()], &context);
        assert_eq!(run("a"), "1.50".into());
        assert_eq!(run("b"), "true".into());
        assert_eq!(run("c"), Value::Null);
        assert_eq!(run("d"), "x\"y".into());
        assert_eq!(run("e"), r#"{"f":[]}"#.into());
        assert_eq!(run("e.f{}"), Value::Null);
        assert_eq!(run("e..f"), Value::Null);
        assert_eq!(run("{}"), r#"{"a":1.50,"b":true,"c":null,"d":"x\"y","e":{"f":[]}}"#.into());
    }
}
