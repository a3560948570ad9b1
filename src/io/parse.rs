//! Chunks become batches; called for many chunks at the same time.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::chunks::{Chunk, Layout};
use super::json::{Fault, Rows, is_blank};
use super::prefilter::{Found, Prefilter};
use super::problems::{Problems, Trouble};
use super::split::Event;
use crate::batch::{Batch, FieldSet};

/// The rows of a chunk.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// One row for each event, in order.
    pub batch: Batch,
    /// What was wrong, the problems of the chunk included.
    pub problems: Problems,
}

/// Parses the events of a chunk: one row each, with the needed fields that it has, by Splunk's names for
/// the places in JSON (`userIdentity.type`, `items{}.id`), and `_raw`, the event's text, when needed.
///
/// Values are text as it stands in the event: `677.0` stays `677.0`, true and false are words, null is the
/// word `null`. Values of one name are one multivalue field in the order of the event; empty lists and
/// objects give nothing. A line that is not JSON gives no row; bytes that are not UTF-8 become U+FFFD.
///
/// With a prefilter, only events with one of its literals become rows. Lines without are checked for UTF-8
/// and for looking like an object from end to end; damage further inside goes unseen.
pub fn parse_chunk(chunk: &Chunk, needs: &FieldSet, prefilter: Option<&Prefilter>) -> Parsed {
    let parser = Parser {
        chunk,
        // Checked once for all events: nearly all chunks are UTF-8 throughout.
        text: str::from_utf8(&chunk.text).ok(),
        rows: Rows::new(needs),
        problems: chunk.problems.clone(),
        prefilter,
        found: Found::default(),
    };
    match &chunk.layout {
        Layout::Lines { cut, longest } => parser.lines(*cut, *longest),
        Layout::Events(events) => parser.events(events),
    }
}

/// A longer line than this is parsed whether it can match or not: few events are, and many kinds of damage.
const ORDINARY_LINE: usize = 64 * 1024;

/// Whether a line begins and ends as an object does.
fn looks_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let inside = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let begins = inside.is_some_and(|inside| inside.starts_with(b"\"") || inside.starts_with(b"}"));
    begins && line.ends_with(b"}") && line.len() <= ORDINARY_LINE
}

/// The text of the chunk's first event, if it has one: what a source type is recognised by.
pub fn first_event(chunk: &Chunk) -> Option<Cow<'_, str>> {
    let bytes = match &chunk.layout {
        Layout::Lines { .. } => {
            chunk.text.split(|&byte| byte == b'\n').find(|line| !line.iter().all(|&byte| is_blank(byte)))?
        }
        Layout::Events(events) => events.first().and_then(|event| chunk.text.get(event.start..event.end))?,
    };
    Some(String::from_utf8_lossy(bytes))
}

struct Parser<'c, 'n> {
    chunk: &'c Chunk,
    text: Option<&'c str>,
    rows: Rows<'n>,
    problems: Problems,
    prefilter: Option<&'n Prefilter>,
    found: Found,
}

impl<'c> Parser<'c, '_> {
    fn lines(mut self, cut: bool, longest: usize) -> Parsed {
        let bytes = self.chunk.text.as_slice();
        let (mut start, mut number) = (0, self.chunk.first_line);
        while start < bytes.len() {
            let rest = bytes.get(start..).unwrap_or(&[]);
            let newline = memchr(b'\n', rest);
            let end = start + newline.unwrap_or(rest.len());
            let last = cut && newline.is_none();
            if let Some(trouble) = self.line(start..end, last, longest) {
                self.problems.add(self.chunk.file, &self.chunk.name, trouble, number);
            }
            start = end + 1;
            number += 1;
        }
        self.finish()
    }

    fn line(&mut self, range: Range<usize>, last: bool, longest: usize) -> Option<Trouble> {
        let line = self.chunk.text.get(range.clone()).unwrap_or(&[]);
        let blanks = line.iter().position(|&byte| !is_blank(byte))?;
        if self.cannot_match(&range) && looks_whole(line) {
            let utf8 = self.text.is_some() || str::from_utf8(line).is_ok();
            return (!utf8).then_some(Trouble::NotUtf8);
        }
        if !matches!(line.get(blanks), Some(b'{' | b'[')) {
            return Some(Trouble::Line);
        }
        if line.len() - blanks > longest {
            return Some(Trouble::TooLong);
        }
        let text = self.text_at(range);
        match self.rows.add_line(&text) {
            Ok(()) if matches!(text, Cow::Owned(_)) => return Some(Trouble::NotUtf8),
            Ok(()) => {}
            Err(Fault::End) if last => return Some(Trouble::CutEvent),
            Err(_) => return Some(Trouble::Line),
        }
        None
    }

    fn events(mut self, events: &[Event]) -> Parsed {
        for event in events {
            if self.cannot_match(&(event.start..event.end)) {
                continue;
            }
            let text = self.text_at(event.start..event.end);
            let trouble = match self.rows.add_event(&text) {
                Ok(()) if matches!(text, Cow::Borrowed(_)) => continue,
                Ok(()) => Trouble::NotUtf8,
                Err(_) => Trouble::Event,
            };
            self.problems.add(self.chunk.file, &self.chunk.name, trouble, event.line);
        }
        self.finish()
    }

    /// Whether a range has none of the literals that an event must have to count.
    fn cannot_match(&mut self, range: &Range<usize>) -> bool {
        let Some(prefilter) = self.prefilter else { return false };
        prefilter.next(&self.chunk.text, range.start, &mut self.found) >= range.end
    }

    /// Part of the text, with U+FFFD for what is not UTF-8. What is replaced is never ASCII, so lines,
    /// strings and brackets stay where they are.
    fn text_at(&self, range: Range<usize>) -> Cow<'c, str> {
        match self.text {
            Some(text) => Cow::Borrowed(text.get(range).unwrap_or("")),
            None => String::from_utf8_lossy(self.chunk.text.get(range).unwrap_or(&[])),
        }
    }

    fn finish(self) -> Parsed {
        Parsed { batch: self.rows.finish(), problems: self.problems }
    }
}
