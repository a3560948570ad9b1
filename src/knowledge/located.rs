//! Text that was read from a file of knowledge and knows where it stood.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Calls, Code, Diagnostic, Origin, Segment, SourceId, Sources, Span};
use crate::value::Text;

/// A file of knowledge.
#[derive(Debug, PartialEq, Eq)]
pub struct KnowledgeFile {
    /// The path as diagnostics print it.
    pub path: String,
    /// The name of the app it belongs to.
    pub app: Arc<str>,
    /// Its text.
    pub source: SourceId,
}

/// A setting's value, or part of one, with the place it was read from.
///
/// The value is not always a stretch of its file: a line that is continued has a newline where the file
/// has a backslash, and a JSON string has its escapes decoded. [`Located::register`] makes the value a
/// text of its own whose spans are shown in the file.
#[derive(Clone)]
pub struct Located {
    text: Text,
    file: Arc<KnowledgeFile>,
    line: u64,
    pieces: Vec<Piece>,
}

/// A stretch of a value that stands in the file as it is. It ends where the next piece begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// First byte in the value.
    pub start: usize,
    /// First byte in the file.
    pub at: usize,
    /// How many bytes in the file.
    pub length: usize,
}

impl Located {
    /// A value made of pieces that ascend by `start`; `line` (from 1) is where its setting begins.
    pub(super) fn new(text: Text, file: Arc<KnowledgeFile>, line: u64, pieces: Vec<Piece>) -> Located {
        Located { text, file, line, pieces }
    }

    /// Another text that this value stands for, shown where the value stands.
    #[must_use]
    pub fn with_text(&self, text: impl Into<Text>) -> Located {
        let span = self.span();
        let pieces = vec![Piece { start: 0, at: span.start, length: span.end - span.start }];
        Located { text: text.into(), pieces, ..self.clone() }
    }

    /// The value.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value, shared.
    pub fn to_text(&self) -> Text {
        self.text.clone()
    }

    /// The file it was read from.
    pub fn file(&self) -> &KnowledgeFile {
        &self.file
    }

    /// The line (from 1) where the setting begins.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// File and line as diagnostics print them.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.path, self.line)
    }

    /// The place in the file, from the first to the last byte.
    pub fn span(&self) -> Span {
        let start = self.pieces.first().map_or(0, |piece| piece.at);
        let end = self.pieces.last().map_or(start, |piece| piece.at + piece.length);
        Span::new(self.file.source, start, end)
    }

    /// Makes the value a text of its own: spans into it are shown where they stand in the file.
    pub fn register(&self, sources: &mut Sources) -> SourceId {
        let segment = |piece: &Piece| Segment {
            start: piece.start,
            origin: Origin {
                span: Span::new(self.file.source, piece.at, piece.at + piece.length),
                calls: Calls::default(),
            },
        };
        sources.add_expanded(
            self.file.path.clone(),
            self.text.as_str(),
            self.pieces.iter().map(segment).collect(),
        )
    }

    /// A part of the value, by its bytes; empty when the range does not lie on characters.
    pub fn slice(&self, range: Range<usize>) -> Located {
        let text = self.text.get(range.clone()).unwrap_or("");
        let ends = self.pieces.iter().skip(1).map(|next| next.start).chain([self.text.len()]);
        let mut pieces = Vec::new();
        for (piece, end) in self.pieces.iter().zip(ends) {
            let (from, to) = (piece.start.max(range.start), end.min(range.end));
            if from < to {
                let skipped = (from - piece.start).min(piece.length);
                // A whole rest keeps its length in the file: a decoded escape is longer there.
                let length = if to == end { piece.length - skipped } else { to - from };
                pieces.push(Piece { start: from - range.start, at: piece.at + skipped, length });
            }
        }
        if pieces.is_empty() {
            let before = self.pieces.iter().rev().find(|piece| piece.start <= range.start);
            let at = before.map_or(0, |piece| piece.at + (range.start - piece.start).min(piece.length));
            pieces.push(Piece { start: 0, at, length: 0 });
        }
        Located { text: text.into(), file: Arc::clone(&self.file), line: self.line, pieces }
    }

    /// The value without blanks at its ends.
    pub fn trimmed(&self) -> Located {
        let start = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim_end().len().max(start);
        if start == 0 && end == self.text.len() { self.clone() } else { self.slice(start..end) }
    }

    /// An error about this value.
    pub fn error(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message).in_file(&self.file.path, Some(self.line))
    }

    /// A warning about this value.
    pub fn warning(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(code, message).in_file(&self.file.path, Some(self.line))
    }
}

/// Equal when the text is: where it stood says nothing about what it is.
impl PartialEq for Located {
    fn eq(&self, other: &Located) -> bool {
        self.text == other.text
    }
}

impl Eq for Located {}

impl fmt::Debug for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({})", self.text, self.place())
    }
}
