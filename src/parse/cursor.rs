//! A place in a text that moves forward, and knows where it is.

use nom::Parser;

use super::lexeme;
use crate::diagnostic::{Code, Diagnostic, Result, SourceId, Span};

/// How deep parentheses and brackets may stand in each other. A recursive grammar must stop before the
/// stack does; no search that a person wrote comes near.
pub const MAX_DEPTH: usize = 100;

/// A stretch of a text, read from left to right.
#[derive(Clone, Debug)]
pub struct Cursor<'t> {
    text: &'t str,
    source: SourceId,
    at: usize,
    end: usize,
    depth: usize,
    /// The literal that the text stood in: the place of everything in it.
    literal: Option<Span>,
}

impl<'t> Cursor<'t> {
    /// The bytes `start..end` of a text.
    pub fn new(text: &'t str, source: SourceId, start: usize, end: usize) -> Cursor<'t> {
        let end = end.min(text.len());
        Cursor { text, source, at: start.min(end), end, depth: 0, literal: None }
    }

    /// All of a text that stands in a string literal. Escapes move its characters, so that every place in it
    /// is that of the literal.
    pub fn of_literal(text: &'t str, literal: Span) -> Cursor<'t> {
        Cursor { literal: Some(literal), ..Cursor::new(text, literal.source, 0, text.len()) }
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    /// The place of the next byte.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes back, or forward, to a place that [`Cursor::position`] gave.
    pub fn jump(&mut self, position: usize) {
        self.at = position.min(self.end);
    }

    /// From a place to here.
    pub fn span_from(&self, start: usize) -> Span {
        self.literal.unwrap_or_else(|| Span::new(self.source, start, self.at.max(start)))
    }

    /// The next character, or the end.
    pub fn here(&self) -> Span {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        self.literal.unwrap_or_else(|| Span::new(self.source, self.at, self.at + width))
    }

    /// The text being read.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Runs a lexeme's parser here; moves past it if it fits.
    pub fn lex<T>(
        &mut self,
        mut parser: impl Parser<&'t str, Output = T, Error = nom::error::Error<&'t str>>,
    ) -> Option<T> {
        let (rest, found) = parser.parse(self.rest()).ok()?;
        self.at = self.end - rest.len();
        Some(found)
    }

    /// Moves past blanks.
    pub fn blanks(&mut self) {
        self.lex(lexeme::blanks);
    }

    /// Moves past blanks and commas: what separates the members of a list.
    pub fn separators(&mut self) {
        let skipped = self.rest().trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        self.at = self.end - skipped.len();
    }

    /// Whether nothing but blanks is left.
    pub fn at_end(&mut self) -> bool {
        self.blanks();
        self.at >= self.end
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves past a character if it is the next one after blanks.
    pub fn eat(&mut self, wanted: char) -> bool {
        self.blanks();
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Moves past a keyword in any case if it is the next word after blanks.
    pub fn eat_keyword(&mut self, name: &'static str) -> bool {
        self.blanks();
        self.lex(lexeme::keyword(name)).is_some()
    }

    /// Whether a keyword in any case is the next word after blanks.
    pub fn sees_keyword(&mut self, name: &'static str) -> bool {
        self.clone().eat_keyword(name)
    }

    /// Runs a grammar one level deeper.
    pub fn deeper<T>(&mut self, grammar: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep");
            return Err(Diagnostic::error(Code::TooDeep, message).at(self.here(), "too deep here"));
        }
        self.depth += 1;
        let result = grammar(self);
        self.depth -= 1;
        result
    }

    /// Moves past the parenthesis that closes the one at `open`; `what` may stand here instead.
    ///
    /// # Errors
    /// The text ends, or something else stands here.
    pub fn close(&mut self, open: Span, what: &str) -> Result<()> {
        if self.eat(')') {
            return Ok(());
        }
        if self.at_end() {
            let message = "a parenthesis is not closed";
            return Err(Diagnostic::error(Code::Unbalanced, message).at(open, "opened here"));
        }
        Err(self.expected(what).see(open, "opened here"))
    }

    /// The last character that was read.
    pub fn before(&self) -> Span {
        let width =
            self.text.get(..self.at).and_then(|text| text.chars().next_back()).map_or(0, char::len_utf8);
        Span::new(self.source, self.at - width, self.at)
    }

    /// "expected so and so", here.
    pub fn expected(&self, what: &str) -> Diagnostic {
        let found = match self.rest().chars().next() {
            None => "the end".to_string(),
            Some(_) => {
                let word: String = self.rest().chars().take_while(|c| !c.is_whitespace()).take(30).collect();
                format!("`{word}`")
            }
        };
        Diagnostic::error(Code::Syntax, format!("expected {what}, found {found}")).at(self.here(), "")
    }
}
