//! Chunks become batches; called for many chunks at the same time.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::chunk::{Chunk, Layout};
use super::json::{Fault, Rows, is_blank};
use super::lossy;
use super::prefilter::{Found, Lines, Prefilter};
use super::problems::{Place, Problems, Trouble};
use super::split::Event;
use super::text::{Content, Texts};
use crate::batch::{Batch, FieldSet};

/// The rows of a chunk.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// One row for each event, in order.
    pub batch: Batch,
    /// What was wrong, the problems of the chunk included.
    pub problems: Problems,
}

/// Makes rows of chunks: one row for each event, with the needed fields that it has, by Splunk's names for
/// the places in JSON (`userIdentity.type`, `items{}.id`), and `_raw`, the event's text, when needed.
///
/// Values are text as it stands in the event: `677.0` stays `677.0`, true and false are words, null is the
/// word `null`. Values of one name are one multivalue field in the order of the event; empty lists and
/// objects give nothing. A line that is not JSON gives no row; bytes that are not UTF-8 become U+FFFD.
///
/// With a prefilter, only events with one of its literals become rows. Lines without are checked for UTF-8
/// and for looking like an object from end to end; damage further inside goes unseen.
pub struct Reader<'n> {
    rows: Rows<'n>,
    prefilter: Option<&'n Prefilter>,
    found: Found,
    lines: Lines,
    problems: Problems,
    /// The next line, of the file or of the section that is being read.
    line: u64,
}

impl<'n> Reader<'n> {
    /// Rows of these fields; nothing is read yet.
    pub fn new(needs: &'n FieldSet, prefilter: Option<&'n Prefilter>) -> Reader<'n> {
        let (rows, found, lines) = (Rows::new(needs), Found::default(), Lines::default());
        Reader { rows, prefilter, found, lines, problems: Problems::new(), line: 1 }
    }

    /// Reads the events of a chunk: those of one file in their order.
    pub fn read(&mut self, chunk: &Chunk) {
        self.problems.merge(chunk.problems.clone());
        self.line = chunk.first_line.unwrap_or(self.line);
        match (&chunk.layout, self.prefilter) {
            (Layout::Lines { cut, longest }, Some(prefilter)) => {
                let mut lines = std::mem::take(&mut self.lines);
                prefilter.sift(&chunk.text, &mut lines);
                Parser::new(chunk, self, lines.is_ascii()).some_lines(&lines, *cut, *longest);
                self.lines = lines;
            }
            (Layout::Lines { cut, longest }, None) => {
                Parser::new(chunk, self, false).all_lines(*cut, *longest);
            }
            (Layout::Events(events), prefilter) => {
                let ascii = prefilter.is_some() && chunk.text.is_ascii();
                self.found.restart(ascii);
                Parser::new(chunk, self, ascii).events(events);
            }
        }
        if let Some(trouble) = chunk.passed_over {
            self.trouble(chunk, trouble, self.line);
            self.line += 1;
        }
        if let Some(section) = chunk.section {
            self.problems.lines(chunk.file, &chunk.name, section, self.line.saturating_sub(1));
        }
    }

    fn trouble(&mut self, chunk: &Chunk, trouble: Trouble, line: u64) {
        let place = Place { section: chunk.section.unwrap_or(0), line };
        self.problems.add(chunk.file, &chunk.name, trouble, place);
    }

    /// How many rows were made since they were taken.
    pub fn rows(&self) -> usize {
        self.rows.count()
    }

    /// The rows so far.
    pub fn take_batch(&mut self) -> Batch {
        self.rows.take()
    }

    /// What was wrong so far.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// What was wrong since it was taken.
    pub fn take_problems(&mut self) -> Problems {
        std::mem::take(&mut self.problems)
    }
}

/// The rows of one chunk: see [`Reader`]; of text `_raw` and `_time`, of records under a header their fields
/// and `_raw`.
pub fn parse_chunk(chunk: &Chunk, needs: &FieldSet, prefilter: Option<&Prefilter>) -> Parsed {
    match (&chunk.layout, &chunk.content) {
        (Layout::Events(events), Content::Text(stamp, before)) => {
            return Texts::new(chunk, needs, prefilter).texts(events, stamp, *before);
        }
        (Layout::Events(events), Content::Csv(header)) => {
            return Texts::new(chunk, needs, prefilter).records(events, header);
        }
        _ => {}
    }
    let mut reader = Reader::new(needs, prefilter);
    reader.read(chunk);
    Parsed { batch: reader.take_batch(), problems: reader.take_problems() }
}

/// A longer line than this is parsed whether it can match or not: few events are, and many kinds of damage.
const ORDINARY_LINE: usize = 64 * 1024;

/// Whether a line begins and ends as an object does that nobody indented.
fn is_plainly_whole(line: &[u8]) -> bool {
    line.starts_with(b"{\"") && line.ends_with(b"}") && line.len() <= ORDINARY_LINE
}

/// Whether a line begins and ends as an object does.
fn looks_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let inside = line.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let begins = inside.is_some_and(|inside| inside.starts_with(b"\"") || inside.starts_with(b"}"));
    begins && line.ends_with(b"}") && line.len() <= ORDINARY_LINE
}

/// One chunk being read.
struct Parser<'c, 'r, 'n> {
    chunk: &'c Chunk,
    /// Whether all of it is UTF-8.
    valid: bool,
    /// All of it, where it was looked at for that.
    text: Option<&'c str>,
    reader: &'r mut Reader<'n>,
}

impl<'c, 'r, 'n> Parser<'c, 'r, 'n> {
    /// Where most lines are passed over, it is enough to have seen that all is ASCII.
    fn new(chunk: &'c Chunk, reader: &'r mut Reader<'n>, ascii: bool) -> Parser<'c, 'r, 'n> {
        let text = if ascii { None } else { str::from_utf8(&chunk.text).ok() };
        Parser { chunk, valid: ascii || text.is_some(), text, reader }
    }

    /// Every line is read.
    fn all_lines(&mut self, cut: bool, longest: usize) {
        let bytes: &[u8] = &self.chunk.text;
        let mut start = 0;
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let newline = memchr(b'\n', rest);
            let end = start + newline.unwrap_or(rest.len());
            self.line(start..end, true, cut && newline.is_none(), longest);
            start = end + 1;
        }
    }

    /// Only lines with a literal are read, and those that do not look as if they were events.
    fn some_lines(&mut self, lines: &Lines, cut: bool, longest: usize) {
        let bytes: &[u8] = &self.chunk.text;
        let mut start = 0;
        for (end, has_literal) in lines.iter() {
            if !has_literal && self.valid && bytes.get(start..end).is_some_and(is_plainly_whole) {
                self.reader.line += 1;
            } else if start < bytes.len() {
                self.line(start..end, has_literal, cut && end == bytes.len(), longest);
            }
            start = end + 1;
        }
    }

    fn line(&mut self, range: Range<usize>, can_match: bool, last: bool, longest: usize) {
        if let Some(trouble) = self.trouble_of(range, can_match, last, longest) {
            self.reader.trouble(self.chunk, trouble, self.reader.line);
        }
        self.reader.line += 1;
    }

    /// Reads a line; says what is wrong with it.
    fn trouble_of(
        &mut self,
        range: Range<usize>,
        can_match: bool,
        last: bool,
        longest: usize,
    ) -> Option<Trouble> {
        let line = self.chunk.text.get(range.clone()).unwrap_or(&[]);
        let blanks = line.iter().position(|&byte| !is_blank(byte))?;
        if !can_match && looks_whole(line) {
            let utf8 = self.valid || str::from_utf8(line).is_ok();
            return (!utf8).then_some(Trouble::NotUtf8);
        }
        if !matches!(line.get(blanks), Some(b'{' | b'[')) {
            return Some(Trouble::Line);
        }
        if line.len() - blanks > longest {
            return Some(Trouble::TooLong);
        }
        let text = self.text_at(range);
        match self.reader.rows.add_line(&text) {
            Ok(()) if matches!(text, Cow::Owned(_)) => return Some(Trouble::NotUtf8),
            Ok(()) => {}
            Err(Fault::End) if last => return Some(Trouble::CutEvent),
            Err(_) => return Some(Trouble::Line),
        }
        None
    }

    fn events(&mut self, events: &[Event]) {
        for event in events {
            let bytes: &[u8] = &self.chunk.text;
            let mut hit = |prefilter: &Prefilter| prefilter.next(bytes, event.start, &mut self.reader.found);
            if self.reader.prefilter.is_some_and(|prefilter| hit(prefilter) >= event.end) {
                continue;
            }
            let text = self.text_at(event.start..event.end);
            let trouble = match self.reader.rows.add_event(&text) {
                Ok(()) if matches!(text, Cow::Borrowed(_)) => continue,
                Ok(()) => Trouble::NotUtf8,
                Err(_) => Trouble::Event,
            };
            self.reader.trouble(self.chunk, trouble, event.line);
        }
    }

    /// Part of the text, with U+FFFD for what is not UTF-8. What is replaced is never ASCII, so lines,
    /// strings and brackets stay where they are.
    fn text_at(&self, range: Range<usize>) -> Cow<'c, str> {
        match self.text {
            Some(text) => Cow::Borrowed(text.get(range).unwrap_or("")),
            None => lossy(self.chunk.text.get(range).unwrap_or(&[])),
        }
    }
}
