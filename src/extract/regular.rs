//! A regular expression of a command's argument.

use std::fmt;

use fancy_regex::Captures;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::{REGEX_STEPS, Regex, Warnings, compile};
use crate::parse::args::{Word, write_regex};
use crate::value::Text;

/// A regular expression, compiled, and as it was written.
#[derive(Clone)]
pub struct Regular {
    text: Text,
    regex: Regex,
}

impl Regular {
    /// Compiles an argument.
    ///
    /// # Errors
    /// It does not compile.
    pub fn new(word: &Word) -> Result<Regular> {
        match compile(&word.text) {
            Ok(regex) => Ok(Regular { text: word.text.clone(), regex }),
            Err(message) => Err(Diagnostic::error(Code::Regex, message).at(word.span, "")),
        }
    }

    /// The names of its groups, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.regex.capture_names().flatten()
    }

    /// How many groups it has, the whole match included.
    pub fn groups(&self) -> usize {
        self.regex.captures_len()
    }

    /// Whether it matches anywhere in a text; where it takes too many steps it does not, and a warning says so.
    pub fn is_match(&self, text: &str, warnings: &Warnings) -> bool {
        self.regex.is_match(text).unwrap_or_else(|_| {
            self.warn(warnings);
            false
        })
    }

    /// Its matches in a text, in order, up to where it takes too many steps: a warning says so.
    pub fn matches<'t>(
        &'t self,
        text: &'t str,
        warnings: &'t Warnings,
    ) -> impl Iterator<Item = Captures<'t, str>> {
        self.regex
            .captures_iter(text)
            .map_while(|captures| captures.inspect_err(|_| self.warn(warnings)).ok())
    }

    fn warn(&self, warnings: &Warnings) {
        let message =
            format!("the regular expression `{}` took more than {REGEX_STEPS} steps on a value", self.text);
        warnings.add(Diagnostic::warning(Code::RegexLimit, message));
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Regular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// As an argument of a command.
impl fmt::Display for Regular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_regex(f, &self.text)
    }
}
