//! Tells whether a regular expression finds something in text.
//!
//! ## Syntax
//! `match(<text>, <regular expression>)`
//!
//! ## Description
//! The expression is PCRE. It may match anywhere: put it between `^` and `$` for the whole text. Case counts
//! unless it begins with `(?i)`. A multivalue field matches when one of its values does; null gives null.
//!
//! As in PCRE, `\w`, `\d`, `\s` and `\b` are about ASCII, and `$` also stands before a newline at the end. All
//! kinds of groups, references, look-around, possessive and lazy repetition, recursion, `\K`, `\h`, `\R`,
//! `\Q…\E`, POSIX classes and inline options are there; verbs such as `(*SKIP)`, groups that begin with `(?|`,
//! `\X` and conditions that look around are refused.
//!
//! An expression that needs back-tracking may take 100000 steps on a value; beyond that the value does not
//! match, and a warning says so.
//!
//! ## Examples
//!
//! ```spl
//! where match(user, "^svc-\d+$")
//! ```
//! ```json in
//! {"user": "svc-17"}
//! {"user": "svc-backup"}
//! ```
//! ```json out
//! {"user": "svc-17"}
//! ```
//!
//! ```spl
//! eval client = if(match(agent, "(?i)curl|wget"), "tool", "browser")
//! ```
//! ```json in
//! {"agent": "Wget/1.21"}
//! {"agent": "Mozilla/5.0"}
//! ```
//! ```json out
//! {"agent": "Wget/1.21", "client": "tool"}
//! {"agent": "Mozilla/5.0", "client": "browser"}
//! ```
//!
//! A letter beyond ASCII is no `\w`; a back-reference finds a doubled word.
//!
//! ```spl
//! eval word = if(match(text, "^\w+$"), "yes", "no"), twice = if(match(text, "\b(\w+) \1\b"), "yes", "no")
//! ```
//! ```json in
//! {"text": "Zürich"}
//! {"text": "the the"}
//! {"text": "Bern"}
//! ```
//! ```json out
//! {"text": "Zürich", "word": "no", "twice": "no"}
//! {"text": "the the", "word": "no", "twice": "yes"}
//! {"text": "Bern", "word": "yes", "twice": "no"}
//! ```
//!
//! ```spl
//! where match(user)
//! ```
//! ```error
//! error[E0302]: the function `match` takes 2 arguments, not 1
//! ```
//!
//! ```spl
//! where match(user, "(svc-\d+")
//! ```
//! ```error
//! error[E0304]: the regular expression `(svc-\d+` does not compile: opening parenthesis without closing parenthesis
//! ```
//!
//! ## Differences from Splunk
//! An expression taken from a field that does not compile gives null and a warning. Four things of PCRE are
//! refused, see above.

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{REGEX_STEPS, compile, with_regex};
use crate::value::Value;

/// `match(<text>, <regular expression>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Bool, find).checked(check);

fn find(arguments: &[Value], context: &EvalContext) -> Value {
    let [text, pattern] = arguments else { return Value::Null };
    let mut unknown = false;
    for pattern in pattern.values() {
        let pattern = pattern.to_text();
        for text in text.values() {
            match finds(&pattern, &text.to_text(), context) {
                Some(true) => return Value::Bool(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
    }
    if unknown { Value::Null } else { Value::Bool(false) }
}

/// None where the pattern does not compile.
fn finds(pattern: &str, text: &str, context: &EvalContext) -> Option<bool> {
    let Some(found) = with_regex(pattern, |regex| regex.is_match(text)) else {
        let message = format!("the regular expression `{pattern}` does not compile");
        context.warnings.add(Diagnostic::warning(Code::Regex, message));
        return None;
    };
    Some(found.unwrap_or_else(|_| {
        let message = format!(
            "the regular expression `{pattern}` took more than {REGEX_STEPS} steps on a value: it does not match"
        );
        context.warnings.add(Diagnostic::warning(Code::RegexLimit, message));
        false
    }))
}

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    let Some(Some(pattern)) = arguments.get(1) else { return Ok(()) };
    match compile(&pattern.to_text()) {
        Ok(_) => Ok(()),
        Err(message) => Err(Misuse { message, argument: 1, regex: true }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, call_in, check, context, field, literal, many};
    use crate::value::Value;

    #[test]
    fn anywhere_and_by_case() {
        assert_eq!(call("match", &[field("abc"), literal("b")]), true.into());
        assert_eq!(call("match", &[field("abc"), literal("B")]), false.into());
        assert_eq!(call("match", &[field(many(&["x", "abc"])), literal("^a")]), true.into());
        assert_eq!(call("match", &[field(Value::Null), literal("a")]), Value::Null);
    }

    #[test]
    fn trouble_is_told() {
        let misuse = check("match", &[None, Some("(svc-\\d+".into())]).unwrap_err();
        assert!(misuse.regex && misuse.argument == 1);
        assert!(misuse.message.contains("parenthesis"), "{}", misuse.message);
        let context = context();
        assert_eq!(call_in("match", &[field("a"), field("(")], &context), Value::Null);
        let endless = field("ab".repeat(50));
        assert_eq!(call_in("match", &[endless, field("^(a|b|ab)*(?!z)\\1c")], &context), false.into());
        let codes: Vec<_> = context.warnings.take().iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(codes, ["E0304", "W0307"]);
    }
}
