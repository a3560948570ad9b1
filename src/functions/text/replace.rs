//! A text in which every match of a regular expression is replaced.
//!
//! ## Syntax
//! `replace(<text>, <regular expression>, <replacement>)`
//!
//! ## Description
//! In the replacement `\1` is the text of the first group, `\0` the whole match, `\\` a backslash; a group
//! that took no part in the match is empty. Text without a match stays as it is. A multivalue field gives
//! null. Before the expression sees it, a quoted string has been read once by `eval`: a literal backslash
//! is written `\\\\`.
//!
//! ## Examples
//!
//! ```spl
//! eval date = replace(date, "^(\d{1,2})/(\d{1,2})/", "\2/\1/")
//! ```
//! ```json in
//! {"date": "1/14/2023"}
//! {"date": "2023-01-14"}
//! ```
//! ```json out
//! {"date": "14/1/2023"}
//! {"date": "2023-01-14"}
//! ```
//!
//! ```spl
//! eval name = replace(path, "^.*\\\\", ""), spaced = replace(path, "[a-z]", "\0.")
//! ```
//! ```json in
//! {"path": "C:\\ab\\c"}
//! ```
//! ```json out
//! {"path": "C:\\ab\\c", "name": "c", "spaced": "C:\\a.b.\\c."}
//! ```
//!
//! ```spl
//! eval name = replace(path, "(", "")
//! ```
//! ```error
//! error[E0304]: the regular expression `(` does not compile: opening parenthesis without closing parenthesis
//! ```

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use super::single;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::{REGEX_STEPS, Regex, compile, with_regex};
use crate::value::Value;

/// `replace(<text>, <regular expression>, <replacement>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(3), Type::Text, replace).checked(check);

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    let Some(Some(Value::Text(pattern))) = arguments.get(1) else { return Ok(()) };
    match compile(pattern) {
        Ok(_) => Ok(()),
        Err(message) => Err(Misuse { message, argument: 1, regex: true }),
    }
}

fn replace(arguments: &[Value], context: &EvalContext) -> Value {
    let [input, pattern, replacement] = arguments else { return Value::Null };
    let (Some(text), Some(pattern), Some(replacement)) =
        (single(input), single(pattern), single(replacement))
    else {
        return Value::Null;
    };
    match with_regex(&pattern, |regex| substitute(regex, &text, &replacement)) {
        Some(Ok(Some(replaced))) => Value::text(replaced),
        Some(Ok(None)) => Value::Text(input.clone().into_text()),
        Some(Err(_)) => {
            let message = format!(
                "the regular expression `{pattern}` took more than {REGEX_STEPS} steps on a value: \
                 the result is null"
            );
            context.warnings.add(Diagnostic::warning(Code::RegexLimit, message));
            Value::Null
        }
        None => {
            if let Err(message) = compile(&pattern) {
                context.warnings.add(Diagnostic::warning(Code::Regex, message));
            }
            Value::Null
        }
    }
}

/// The text with every match replaced; none if there is no match.
pub fn substitute(regex: &Regex, text: &str, replacement: &str) -> fancy_regex::Result<Option<String>> {
    let pieces = pieces(replacement, regex.captures_len());
    let mut out = String::new();
    let mut copied = 0;
    let mut found = false;
    for captures in regex.captures_iter(text) {
        let captures = captures?;
        let Some(whole) = captures.get(0) else { continue };
        found = true;
        out.push_str(text.get(copied..whole.start()).unwrap_or_default());
        for piece in &pieces {
            out.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Group(number) => captures.get(*number).map_or("", |group| group.as_str()),
            });
        }
        copied = whole.end();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Ok(found.then_some(out))
}

/// A part of a replacement.
#[derive(Debug, PartialEq)]
enum Piece<'r> {
    Text(&'r str),
    Group(usize),
}

/// Takes a replacement apart. `\12` is the twelfth group if the expression has so many (`groups`, with
/// the whole match), else the first and a 2.
fn pieces(replacement: &str, groups: usize) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        pieces.push(Piece::Text(before));
        let digits = escape.bytes().skip(1).take(2).take_while(u8::is_ascii_digit).count();
        let number = |digits: usize| escape.get(1..=digits).and_then(|text| text.parse::<usize>().ok());
        let used = match (digits, number(1), number(2)) {
            (2, _, Some(group)) if group < groups => {
                pieces.push(Piece::Group(group));
                3
            }
            (1 | 2, Some(group), _) => {
                pieces.push(Piece::Group(group));
                2
            }
            _ => {
                pieces.push(Piece::Text("\\"));
                if escape.starts_with("\\\\") { 2 } else { 1 }
            }
        };
        rest = escape.get(used..).unwrap_or_default();
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, pattern: &str, replacement: &str) -> Value {
        replace(&[text.into(), pattern.into(), replacement.into()], &crate::functions::text::context())
    }

    #[test]
    fn groups_and_backslashes() {
        assert_eq!(run("1/14/2023", r"^(\d{1,2})/(\d{1,2})/", r"\2/\1/"), "14/1/2023".into());
        assert_eq!(run("2F2E", "([0-9A-F]{2})", r"%\1"), "%2F%2E".into());
        assert_eq!(run("a/b", "/", r"\"), r"a\b".into());
        assert_eq!(run("a/b", "/", r"\\"), r"a\b".into());
        assert_eq!(run("a/b", "/", r"\d"), r"a\db".into());
        assert_eq!(run("ab", "(a)", r"\12"), "a2b".into());
        assert_eq!(run("ab", "(x)?a", r"<\1>"), "<>b".into());
        assert_eq!(run("abc", "x*", "-"), "-a-b-c-".into());
        assert_eq!(run("äb", "(?=b)", "é"), "äéb".into());
    }

    #[test]
    fn what_does_not_match_or_is_several_stays_or_is_nothing() {
        assert_eq!(run("abc", "x", "y"), "abc".into());
        let many = Value::from_values(["a".into(), "b".into()]);
        let context = crate::functions::text::context();
        assert_eq!(replace(&[many, "a".into(), "b".into()], &context), Value::Null);
        assert!(context.warnings.take().is_empty());
    }

    #[test]
    fn bad_patterns_are_refused_or_warned_of_once() {
        let misuse = check(&[None, Some("(".into()), None]).unwrap_err();
        assert!(misuse.regex && misuse.argument == 1, "{misuse:?}");
        assert!(!misuse.message.contains('\n'), "{misuse:?}");
        let context = crate::functions::text::context();
        for _ in 0..2 {
            assert_eq!(replace(&["a".into(), "[".into(), "b".into()], &context), Value::Null);
        }
        let warnings = context.warnings.take();
        assert_eq!(warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [Code::Regex]);
    }

    #[test]
    fn a_pattern_without_end_stops() {
        let context = crate::functions::text::context();
        let text = "a".repeat(40);
        let pattern = r"(a|a)*\1b(?=c)";
        assert_eq!(replace(&[text.into(), pattern.into(), "".into()], &context), Value::Null);
        let warnings = context.warnings.take();
        assert_eq!(warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), [Code::RegexLimit]);
    }
}
