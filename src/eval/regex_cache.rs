//! Regular expressions, compiled once for each thread.
//!
//! Patterns are PCRE in meaning (see [`pcre`](super::pcre)). A pattern that needs back-tracking has a step
//! limit for each value, as Splunk has (limits.conf, `match_limit`): where it is reached the value does not
//! match, and a warning says so.

use std::cell::RefCell;
use std::error::Error as _;
use std::rc::Rc;
use std::sync::OnceLock;

use fancy_regex::{
    CaptureMatches, CaptureNames, Captures, CompileError, Error, Match, ParseError, RegexBuilder,
};
use hashbrown::HashMap;

use super::pcre::translate;

/// Steps that a pattern may take on one value (limits.conf, `match_limit` of `rex`).
pub const REGEX_STEPS: usize = 100_000;

/// Instructions that a pattern may become: recursion is written out.
const LARGEST_PROGRAM: usize = 1 << 16;

/// Patterns kept per thread; beyond that all are forgotten. Searches use a handful; patterns taken from
/// event fields could be endless.
const KEPT: usize = 512;

thread_local! {
    static CACHE: RefCell<HashMap<String, Option<Rc<Regex>>, foldhash::fast::RandomState>> =
        RefCell::new(HashMap::default());
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Regex {
    quick: fancy_regex::Regex,
    careful: Option<Box<Careful>>,
}

/// The slower form of a pattern, and the texts that need it.
#[derive(Clone, Debug)]
struct Careful {
    pattern: String,
    /// Texts beyond ASCII need it.
    boundary: bool,
    /// Texts that end with a newline need it.
    line_end: bool,
    regex: OnceLock<Option<fancy_regex::Regex>>,
}

impl Regex {
    /// Whether it matches somewhere; an error when the step limit is reached.
    pub fn is_match(&self, text: &str) -> fancy_regex::Result<bool> {
        self.on(text).is_match(text)
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> fancy_regex::Result<Option<Match<'t>>> {
        self.on(text).find(text)
    }

    /// The first match with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> fancy_regex::Result<Option<Captures<'t, str>>> {
        self.on(text).captures(text)
    }

    /// The first match from a place on, with its groups; what stands before is looked at all the same.
    pub fn captures_from<'t>(
        &self,
        text: &'t str,
        at: usize,
    ) -> fancy_regex::Result<Option<Captures<'t, str>>> {
        self.on(text).captures_from_pos(text, at)
    }

    /// All matches with their groups.
    pub fn captures_iter<'r, 't>(&'r self, text: &'t str) -> CaptureMatches<'r, 't, str> {
        self.on(text).captures_iter(text)
    }

    /// The names of its groups, group 0 first.
    pub fn capture_names(&self) -> CaptureNames<'_> {
        self.quick.capture_names()
    }

    /// How many groups it has, group 0 among them.
    pub fn captures_len(&self) -> usize {
        self.quick.captures_len()
    }

    /// The form that is right for this text.
    fn on(&self, text: &str) -> &fancy_regex::Regex {
        let Some(careful) = &self.careful else { return &self.quick };
        let needed = (careful.line_end && text.ends_with('\n')) || (careful.boundary && !text.is_ascii());
        if !needed {
            return &self.quick;
        }
        let build = || translate(&careful.pattern, true).ok().and_then(|exact| build(&exact.text).ok());
        // What the quick form compiles to, the careful form does too, but for limits of size.
        careful.regex.get_or_init(build).as_ref().unwrap_or(&self.quick)
    }
}

/// Compiles a pattern, or gives the compiled one again: knowledge names the same in every search. The error is
/// a diagnostic's message of one line.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let kept = CACHE.with_borrow(|cache| cache.get(pattern).cloned().flatten());
    if let Some(regex) = kept {
        return Ok(Regex::clone(&regex));
    }
    let regex = compile_anew(pattern)?;
    keep(pattern, Some(Rc::new(regex.clone())));
    Ok(regex)
}

fn keep(pattern: &str, regex: Option<Rc<Regex>>) {
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= KEPT {
            cache.clear();
        }
        cache.insert(pattern.to_string(), regex);
    });
}

fn compile_anew(pattern: &str) -> Result<Regex, String> {
    let says = |reason: &str| {
        let shown = pattern.replace('\n', "\\n");
        format!("the regular expression `{shown}` does not compile: {}", reason.replace('\n', " "))
    };
    let translation = translate(pattern, false).map_err(|reason| says(&reason))?;
    let quick = build(&translation.text).map_err(|error| says(&reason(&error)))?;
    let careful = (translation.boundary || translation.line_end).then(|| {
        let (boundary, line_end) = (translation.boundary, translation.line_end);
        Box::new(Careful { pattern: pattern.to_string(), boundary, line_end, regex: OnceLock::new() })
    });
    Ok(Regex { quick, careful })
}

fn build(pattern: &str) -> Result<fancy_regex::Regex, Error> {
    RegexBuilder::new(pattern).backtrack_limit(REGEX_STEPS).max_prog_size(LARGEST_PROGRAM).build()
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
    let kept = CACHE.with_borrow(|cache| cache.get(pattern).cloned());
    let found = kept.unwrap_or_else(|| {
        let regex = compile_anew(pattern).ok().map(Rc::new);
        keep(pattern, regex.clone());
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
        assert!(says("[b-a]").contains("runs backwards"), "{}", says("[b-a]"));
        assert!(says(r"\p{foo}").contains("property"), "{}", says(r"\p{foo}"));
        assert!(!says("[b-a]\nx").contains('\n'));
    }
}
