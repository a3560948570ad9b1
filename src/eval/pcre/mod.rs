//! Regular expressions in PCRE's dialect, written anew in the engine's.
//!
//! Splunk's patterns are PCRE's. The engine has nearly all of it, in a dialect of its own: there `\w` is a
//! letter of any script, `\<` the start of a word, `[a&&b]` an intersection. What can be said exactly is said
//! in the engine's words; what cannot is an error before a row is read.
//!
//! Two things cost time to say exactly: `\b` is a boundary of ASCII words, and `$` also stands before a
//! newline that ends the text. A pattern that has them is written twice, the quick way for the texts where
//! that is the same.

mod class;
mod escape;
mod group;

#[cfg(test)]
mod tests;

use group::Flags;

/// A pattern in the engine's dialect.
#[derive(Debug)]
pub struct Translation {
    /// The pattern.
    pub text: String,
    /// It has `\b` or `\B`: the quick way is wrong for texts beyond ASCII.
    pub boundary: bool,
    /// It has `$` that is not the end of every line: the quick way is wrong for texts that end with a newline.
    pub line_end: bool,
}

/// Writes a pattern in the engine's dialect; `exact` for every text.
///
/// # Errors
/// What the engine cannot do, as the end of a sentence.
pub fn translate(pattern: &str, exact: bool) -> Result<Translation, String> {
    let first = Translator::run(pattern, exact, 0)?;
    // Whether `\12` is a group or a character depends on how many groups there are.
    let done = if first.ambiguous { Translator::run(pattern, exact, first.groups)? } else { first };
    // The engine takes such a condition, and fails when it runs.
    if done.condition > done.groups {
        return Err(format!("a condition asks for group {}, which is not there", done.condition));
    }
    Ok(Translation { text: done.out, boundary: done.boundary, line_end: done.line_end })
}

/// A pattern half read.
struct Translator<'p> {
    rest: &'p str,
    out: String,
    exact: bool,
    boundary: bool,
    line_end: bool,
    /// Whether a number after a backslash was not clearly a group's.
    ambiguous: bool,
    /// `(*UCP)`: classes are of all scripts.
    unicode: bool,
    flags: Flags,
    outer_flags: Vec<Flags>,
    /// Groups that have begun.
    groups: usize,
    /// Groups of the whole pattern, if they were counted.
    total: usize,
    /// The highest number of a group that a condition asks for.
    condition: usize,
}

impl<'p> Translator<'p> {
    fn run(pattern: &'p str, exact: bool, total: usize) -> Result<Translator<'p>, String> {
        let mut translator = Translator {
            rest: pattern,
            out: String::with_capacity(pattern.len() + 16),
            exact,
            boundary: false,
            line_end: false,
            ambiguous: false,
            unicode: false,
            flags: Flags::default(),
            outer_flags: Vec::new(),
            groups: 0,
            total,
            condition: 0,
        };
        translator.options()?;
        while let Some(c) = translator.rest.chars().next() {
            translator.item(c)?;
        }
        Ok(translator)
    }

    fn item(&mut self, c: char) -> Result<(), String> {
        match c {
            '\\' => return self.escape(),
            '[' => return self.class(),
            '(' => return self.open_group(),
            ')' => {
                self.flags = self.outer_flags.pop().unwrap_or(self.flags);
                self.out.push(')');
            }
            '$' if !self.flags.multi_line => {
                self.line_end = true;
                self.out.push_str(if self.exact { r"(?=\n?\z)" } else { "$" });
            }
            '{' => {
                let quantifier = quantifier(self.rest);
                self.out.push_str(quantifier.unwrap_or(r"\{"));
                self.skip(quantifier.map_or(1, str::len));
                return Ok(());
            }
            '#' if self.flags.extended => {
                let line = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
                self.skip(line);
                return Ok(());
            }
            c if self.flags.extended && c.is_ascii_whitespace() => {}
            c => self.out.push(c),
        }
        self.skip(c.len_utf8());
        Ok(())
    }

    /// Moves past so many bytes.
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    /// Moves past this text if it stands here.
    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The text up to this one, if it stands further on; moves past both.
    fn until(&mut self, end: &str) -> Option<&'p str> {
        let (inside, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(inside)
    }
}

/// `{2}`, `{2,}` or `{2,5}` at the start of a text. Every other brace is only a brace.
fn quantifier(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('{')?.split('}').next()?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let end = inside.len() + 2;
    (!least.is_empty() && digits(least) && digits(most)).then(|| text.get(..end)).flatten()
}

/// A character that stands for itself.
fn push_literal(out: &mut String, c: char) {
    if c.is_control() || c.is_whitespace() {
        out.push_str(&format!(r"\x{{{:X}}}", u32::from(c)));
        return;
    }
    if "\\.+*?()|[]{}^$#&-~/".contains(c) {
        out.push('\\');
    }
    out.push(c);
}
