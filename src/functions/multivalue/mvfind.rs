//! Which of a field's values matches a regular expression.
//!
//! ## Syntax
//! `mvfind(<field>, <regular expression>)`
//!
//! ## Description
//! The index of the first value in which the expression finds something, counted from 0; null if there is none. The
//! expression is PCRE and may match anywhere in the value.
//!
//! ## Examples
//!
//! ```spl
//! eval at = mvfind(message, "err\d+")
//! ```
//! ```json in
//! {"message": ["ok", "x err12", "err7"]}
//! {"message": "ok"}
//! ```
//! ```json out
//! {"message": ["ok", "x err12", "err7"], "at": 1}
//! {"message": "ok"}
//! ```
//!
//! ```spl
//! eval at = mvfind(message, wanted)
//! ```
//! ```json in
//! {"message": ["a", "b"], "wanted": "^b$"}
//! {"message": ["a", "b"]}
//! ```
//! ```json out
//! {"message": ["a", "b"], "wanted": "^b$", "at": 1}
//! {"message": ["a", "b"]}
//! ```
//!
//! ```spl
//! eval at = mvfind(message, "(err")
//! ```
//! ```error
//! error[E0304]: the regular expression `(err` does not compile: opening parenthesis without closing parenthesis
//! ```
//!
//! ## Differences from Splunk
//! An expression taken from a field that does not compile gives null and a warning.

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{REGEX_STEPS, compile, with_regex};
use crate::value::Value;

/// `mvfind(<field>, <regular expression>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Number, find).checked(check);

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    let Some(Some(Value::Text(pattern))) = arguments.get(1) else { return Ok(()) };
    match compile(pattern) {
        Ok(_) => Ok(()),
        Err(message) => Err(Misuse { message, argument: 1, regex: true }),
    }
}

fn find(arguments: &[Value], context: &EvalContext) -> Value {
    let [field, pattern] = arguments else { return Value::Null };
    if matches!(pattern, Value::Multi(_)) {
        return Value::Null;
    }
    let pattern = pattern.to_text();
    for (index, value) in field.values().iter().enumerate() {
        match with_regex(&pattern, |regex| regex.is_match(value.to_text().as_ref())) {
            Some(Ok(true)) => return Value::number(index as f64),
            Some(Ok(false)) => {}
            Some(Err(_)) => context.warnings.add(Diagnostic::warning(
                Code::RegexLimit,
                format!(
                    "the regular expression `{pattern}` took more than {REGEX_STEPS} steps on a value, \
                     which therefore does not match"
                ),
            )),
            None => {
                let message = format!("the regular expression `{pattern}` does not compile");
                context.warnings.add(Diagnostic::warning(Code::Regex, message));
                return Value::Null;
            }
        }
    }
    Value::Null
}
