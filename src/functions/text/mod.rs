//! Text.

pub mod len;
pub mod lower;
pub mod replace;
pub mod spath;
pub mod substr;
pub mod trim;
pub mod urldecode;

use std::borrow::Cow;

use crate::value::Value;

/// The text of a single value. Null and multivalues have none: the functions that the Search Reference
/// calls "not supported on multivalue fields" give null for them.
fn single(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null | Value::Multi(_) => None,
        one => Some(one.to_text()),
    }
}

#[cfg(test)]
fn context() -> super::EvalContext {
    let warnings = crate::eval::Warnings::new();
    super::EvalContext::new(0.0, jiff::tz::TimeZone::UTC, warnings)
}
