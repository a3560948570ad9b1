//! A field's value at an index, or its values between two.
//!
//! ## Syntax
//! `mvindex(<field>, <start>)` | `mvindex(<field>, <start>, <end>)`
//!
//! ## Description
//! Indexes are counted from 0, negative ones from the end: -1 is the last. Both ends of a range belong to it. Without an
//! end only the one value. What lies outside of the field is left out; if nothing remains the result is null.
//!
//! ## Examples
//!
//! ```spl
//! eval second = mvindex(user, 1), last = mvindex(user, -1), some = mvindex(user, 1, 2)
//! ```
//! ```json in
//! {"user": ["ada", "bob", "carol", "dan"]}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": ["ada", "bob", "carol", "dan"], "second": "bob", "last": "dan", "some": ["bob", "carol"]}
//! {"user": "ada", "last": "ada"}
//! ```
//!
//! ```spl
//! eval tail = mvindex(user, -2, -1), most = mvindex(user, 0, 9), none = mvindex(user, 2, 1)
//! ```
//! ```json in
//! {"user": ["ada", "bob", "carol"]}
//! ```
//! ```json out
//! {"user": ["ada", "bob", "carol"], "tail": ["bob", "carol"], "most": ["ada", "bob", "carol"]}
//! ```
//!
//! ```spl
//! eval first = mvindex(user)
//! ```
//! ```error
//! error[E0302]: the function `mvindex` takes 2 or 3 arguments, not 1
//! ```
//!
//! ## Differences from Splunk
//! The Search Reference calls the result null when an index is out of range; a range of which a part exists gives that
//! part.

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mvindex(<field>, <start>)` | `mvindex(<field>, <start>, <end>)`
pub const FUNCTION: Function = Function::strict(Arity::between(2, 3), Type::Any, index);

fn index(arguments: &[Value], _: &EvalContext) -> Value {
    let Some((field, ends)) = arguments.split_first() else { return Value::Null };
    let values = field.values();
    // From the end if negative; below 0 if it lies before the field.
    let place = |end: &Value| {
        let at = end.as_number()?.trunc();
        Some(if at < 0.0 { at + values.len() as f64 } else { at })
    };
    let (Some(start), Some(end)) = (ends.first().and_then(place), ends.last().and_then(place)) else {
        return Value::Null;
    };
    if end < start || end < 0.0 || start >= values.len() as f64 {
        return Value::Null;
    }
    let count = end - start.max(0.0) + 1.0;
    Value::from_values(values.iter().skip(start as usize).take(count as usize).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Warnings;

    #[test]
    fn ranges_are_cut_to_the_field() {
        let context = EvalContext::new(0.0, jiff::tz::TimeZone::UTC, Warnings::new());
        let field = Value::from_values(["a".into(), "b".into(), "c".into()]);
        let text = |ends: &[f64]| {
            let mut arguments = vec![field.clone()];
            arguments.extend(ends.iter().map(|&end| Value::number(end)));
            index(&arguments, &context).to_text().replace('\n', "")
        };
        assert_eq!(text(&[0.0, 1.0]), "ab");
        assert_eq!(text(&[-9.0, 0.0]), "a");
        assert_eq!(text(&[-9.0, 1e18]), "abc");
        assert_eq!(text(&[3.0]), "");
        assert_eq!(text(&[-4.0]), "");
        assert_eq!(text(&[-2.0, -1.0]), "bc");
        assert_eq!(index(&[field, "x".into()], &context), Value::Null);
    }
}
