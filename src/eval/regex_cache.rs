//! Regular expressions, compiled once for each thread.
//!
//! Patterns are PCRE in meaning. A pattern that needs back-tracking has a step limit for each value, as
//! Splunk has (limits.conf, `match_limit`): where it is reached the value does not match, and a warning
//! says so.

use std::cell::RefCell;
use std::error::Error as _;
use std::rc::Rc;

use fancy_regex::{CompileError, Error, ParseError, Regex, RegexBuilder};
use hashbrown::HashMap;

/// Steps that a pattern may take on one value (limits.conf, `match_limit` of `rex`).
pub const REGEX_STEPS: usize = 100_000;

/// Patterns kept per thread; beyond that all are forgotten. Searches use a handful; patterns taken from
/// event fields could be endless.
const KEPT: usize = 512;

thread_local! {
    static CACHE: RefCell<HashMap<String, Option<Rc<Regex>>, foldhash::fast::RandomState>> =
        RefCell::new(HashMap::default());
}

/// Compiles a pattern; the error is a diagnostic's message of one line.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern).backtrack_limit(REGEX_STEPS).build();
    built.map_err(|error| {
        let shown = pattern.replace('\n', "\\n");
        format!("the regular expression `{shown}` does not compile: {}", reason(&error).replace('\n', " "))
    })
}

/// What is wrong, in lower case and without the engine's words about its stages.
fn reason(error: &Error) -> String {
    let text = match error {
        Error::ParseError(_, ParseError::GeneralParseError(reason)) => reason.clone(),
        Error::ParseError(_, reason) => reason.to_string(),
        Error::CompileError(inner) => match &**inner {
            // The linear engine draws the pattern over several lines; the last says what is wrong.
            CompileError::InnerError(inner) => {
                let drawn = inner.source().map_or_else(|| inner.to_string(), ToString::to_string);
                let last = drawn.lines().last().unwrap_or(&drawn);
                last.strip_prefix("error: ").unwrap_or(last).to_string()
            }
            other => other.to_string(),
        },
        other => other.to_string(),
    };
    let mut letters = text.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Calls `with` on the compiled pattern; none if it does not compile.
pub fn with_regex<T>(pattern: &str, with: impl FnOnce(&Regex) -> T) -> Option<T> {
    let found = CACHE.with_borrow_mut(|cache| {
        if let Some(regex) = cache.get(pattern) {
            return regex.clone();
        }
        if cache.len() >= KEPT {
            cache.clear();
        }
        let regex = compile(pattern).ok().map(Rc::new);
        cache.insert(pattern.to_string(), regex.clone());
        regex
    });
    found.map(|regex| with(&regex))
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        let says = |pattern: &str| compile(pattern).unwrap_err();
        let expected = "the regular expression `(a` does not compile: ";
        assert_eq!(says("(a"), format!("{expected}opening parenthesis without closing parenthesis"));
        assert!(says("[b-a]").contains("invalid character class range"), "{}", says("[b-a]"));
        assert!(says(r"\p{foo}").contains("property"), "{}", says(r"\p{foo}"));
        assert!(!says("[b-a]\nx").contains('\n'));
    }
}
