//! A place in a text that moves forward, and knows where it is.

use std::ops::Range;

use nom::Parser;

use super::lexeme;
use super::pipeline::skip_string;
use crate::diagnostic::{Code, Diagnostic, Result, SourceId, Span};

/// How deep parentheses and brackets may stand in each other. A recursive grammar must stop before the
/// stack does; no search that a person wrote comes near.
pub const MAX_DEPTH: usize = 100;

/// How deep searches may stand in each other: a search takes more of the stack than a parenthesis.
pub const MAX_BRACKETS: usize = 20;

/// A stretch of a text, read from left to right.
#[derive(Clone, Debug)]
pub struct Cursor<'t> {
    text: &'t str,
    source: SourceId,
    at: usize,
    end: usize,
    depth: usize,
    /// How many brackets are open around it.
    brackets: usize,
    /// The literal that the text stood in: the place of everything in it.
    literal: Option<Span>,
}

impl<'t> Cursor<'t> {
    /// The bytes `start..end` of a text.
    pub fn new(text: &'t str, source: SourceId, start: usize, end: usize) -> Cursor<'t> {
        let end = end.min(text.len());
        Cursor { text, source, at: start.min(end), end, depth: 0, brackets: 0, literal: None }
    }

    /// All of a text that stands in a string literal. Escapes move its characters, so that every place in it
    /// is that of the literal.
    pub fn of_literal(text: &'t str, literal: Span) -> Cursor<'t> {
        Cursor { literal: Some(literal), ..Cursor::new(text, literal.source, 0, text.len()) }
    }

    /// The bytes `start..end` of the same text, as deep as this.
    pub fn part(&self, start: usize, end: usize) -> Cursor<'t> {
        let end = end.min(self.end);
        Cursor { at: start.min(end), end, ..self.clone() }
    }

    /// What stands in brackets outside of quotation marks, from `[` to behind its `]`; brackets in brackets
    /// are theirs.
    pub fn brackets(&self) -> Vec<Range<usize>> {
        let (mut found, mut open) = (Vec::new(), Vec::new());
        let mut bytes = self.rest().bytes().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' => {
                    bytes.next();
                }
                b'"' => {
                    skip_string(&mut bytes);
                }
                b'[' => open.push(self.at + at),
                b']' => {
                    if let (Some(start), true) = (open.pop(), open.is_empty()) {
                        found.push(start..self.at + at + 1);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// What is in the brackets that stand here, one level deeper; moves past them.
    ///
    /// # Errors
    /// Something else stands here, or brackets stand too deep in each other.
    pub fn bracketed(&mut self) -> Result<Cursor<'t>> {
        self.blanks();
        let whole = match self.brackets().into_iter().next() {
            Some(whole) if whole.start == self.at => whole,
            _ => return Err(self.expected("`[`")),
        };
        let inside = self.inside(&whole)?;
        self.at = whole.end;
        Ok(inside)
    }

    /// What is in brackets, one level deeper.
    ///
    /// # Errors
    /// Brackets stand too deep in each other.
    pub fn inside(&self, brackets: &Range<usize>) -> Result<Cursor<'t>> {
        if self.brackets >= MAX_BRACKETS {
            let message = format!("searches stand more than {MAX_BRACKETS} deep in each other");
            let place = self.span_of(brackets.start, brackets.start + 1);
            return Err(Diagnostic::error(Code::TooDeep, message).at(place, "too deep here"));
        }
        let part = self.part(brackets.start + 1, brackets.end.saturating_sub(1));
        Ok(Cursor { brackets: self.brackets + 1, ..part })
    }

    /// All that is still to be read, as a place.
    pub fn all(&self) -> Span {
        self.span_of(self.at, self.end)
    }

    /// A range of the text as a place.
    pub fn span_of(&self, start: usize, end: usize) -> Span {
        self.literal.unwrap_or_else(|| Span::new(self.source, start, end))
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
