//! JSON in fields: a field holds JSON as text.

mod document;

#[allow(clippy::module_inception, reason = "the file of the function `json`")]
pub mod json;
pub mod json_append;
pub mod json_array;
pub mod json_array_to_mv;
pub mod json_delete;
pub mod json_entries;
pub mod json_extract;
pub mod json_has_key_exact;
pub mod json_keys;
pub mod json_object;
pub mod json_set;
pub mod json_valid;

pub use document::{Json, Object, Path, Step};

use super::{Evaluator, Misuse, Type};
use crate::parse::expr::{Expr, ExprKind};
use crate::value::Value;

/// A document as a field holds it.
pub fn as_text(json: &Json) -> Value {
    Value::text(json.to_string())
}

/// The document that a field holds; none if it holds none, or several values.
pub fn document(value: &Value) -> Option<Json> {
    match value {
        Value::Null | Value::Multi(_) => None,
        Value::Bool(truth) => Some(Json::Bool(*truth)),
        one => Json::parse(&one.to_text()),
    }
}

/// A part of a document as a field of its own: strings without quotation marks, numbers as they are
/// spelled, objects and arrays as JSON text, and JSON's null as nothing.
pub fn native(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::String(text) | Json::Number(text) => Value::Text(text.clone()),
        other => as_text(other),
    }
}

/// An argument as a part of a document to be made. A quoted string is a string. In a field, text that is
/// an object or an array is embedded as such, and text that looks like a number is one, as everywhere in
/// `eval`.
pub fn argument(expr: &Expr, row: &Evaluator<'_>) -> Json {
    match &expr.kind {
        ExprKind::Text(text) => Json::String(text.clone()),
        _ => part(&row.eval(expr), expr.static_type() != Type::Text),
    }
}

fn part(value: &Value, numbers: bool) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Number(number) => Json::Number(number.to_string().into()),
        Value::Multi(values) => Json::Array(values.iter().map(|value| part(value, numbers)).collect()),
        Value::Text(text) => match Json::parse(text) {
            Some(container @ (Json::Object(_) | Json::Array(_))) => container,
            Some(Json::Number(number)) if numbers => Json::Number(number),
            _ => Json::String(text.clone()),
        },
    }
}

/// Checks that after the document come pairs.
fn pairs_after_document(arguments: &[Expr]) -> Result<(), Misuse> {
    if arguments.len() % 2 == 1 {
        return Ok(());
    }
    let message = "after the document come pairs of a path and a value".to_string();
    Err(Misuse { message, argument: arguments.len().saturating_sub(1), regex: false })
}

/// Changes the document in the first argument by the pairs in the others, from left to right. Null if
/// there is no document, or a key or path is missing.
fn change_by_pairs(
    arguments: &[Expr],
    row: &Evaluator<'_>,
    mut change: impl FnMut(&mut Json, &str, Json),
) -> Value {
    let Some((first, pairs)) = arguments.split_first() else { return Value::Null };
    let Some(mut document) = document(&row.eval(first)) else { return Value::Null };
    for pair in pairs.chunks(2) {
        let [path, value] = pair else { continue };
        let path = row.eval(path);
        if matches!(path, Value::Null | Value::Multi(_)) {
            return Value::Null;
        }
        change(&mut document, &path.to_text(), argument(value, row));
    }
    as_text(&document)
}
