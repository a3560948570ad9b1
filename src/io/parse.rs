//! Chunks become batches; called for many chunks at the same time.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::chunk::{Chunk, Layout};
use super::json::{Fault, Rows, is_blank};
use super::prefilter::{Found, Prefilter};
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
    problems: Problems,
    /// The next line, of the file or of the section that is being read.
    line: u64,
}

impl<'n> Reader<'n> {
    /// Rows of these fields; nothing is read yet.
    pub fn new(needs: &'n FieldSet, prefilter: Option<&'n Prefilter>) -> Reader<'n> {
        let (rows, found) = (Rows::new(needs), Found::default());
        Reader { rows, prefilter, found, problems: Problems::new(), line: 1 }
    }

    /// Reads the events of a chunk: those of one file in their order.
    pub fn read(&mut self, chunk: &Chunk) {
        self.problems.merge(chunk.problems.clone());
        self.line = chunk.first_line.unwrap_or(self.line);
        let (valid, text) = self.check(chunk);
        self.found.restart(valid && text.is_none());
        let mut parser = Parser { chunk, valid, text, reader: self };
        match &chunk.layout {
            Layout::Lines { cut, longest } => parser.lines(*cut, *longest),
            Layout::Events(events) => parser.events(events),
        }
        if let Some(trouble) = chunk.passed_over {
            self.trouble(chunk, trouble, self.line);
            self.line += 1;
        }
        if let Some(section) = chunk.section {
            self.problems.lines(chunk.file, &chunk.name, section, self.line.saturating_sub(1));
        }
    }

    /// Whether a chunk is UTF-8 throughout, as nearly all are, and, if all of it is going to be read, its text.
    /// Where most lines are passed over, it is enough to see that it is ASCII, which is faster.
    fn check<'c>(&self, chunk: &'c Chunk) -> (bool, Option<&'c str>) {
        if self.prefilter.is_some() && chunk.text.is_ascii() {
            return (true, None);
        }
        let text = str::from_utf8(&chunk.text).ok();
        (text.is_some(), text)
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
    /// All of it.
    text: Option<&'c str>,
    reader: &'r mut Reader<'n>,
}

impl<'c> Parser<'c, '_, '_> {
    fn lines(&mut self, cut: bool, longest: usize) {
        let bytes: &[u8] = &self.chunk.text;
        let mut start = 0;
        while start < bytes.len() {
            let hit = self.next_hit(start);
            start = self.pass_over(start, hit, longest);
            let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) else { break };
            // The line with the literal, or the last, which has no end.
            let from = hit.max(start);
            let newline = bytes.get(from..).and_then(|rest| memchr(b'\n', rest)).map(|at| from + at);
            let end = newline.unwrap_or(start + rest.len());
            self.line(start..end, end > hit, cut && newline.is_none(), longest);
            start = end + 1;
        }
    }

    /// The next place in the text, from one on, where a line may matter.
    fn next_hit(&mut self, from: usize) -> usize {
        match self.reader.prefilter {
            Some(prefilter) => prefilter.next(&self.chunk.text, from, &mut self.reader.found),
            None => from,
        }
    }

    /// Passes over the lines that end before a place; gives where the next begins.
    fn pass_over(&mut self, start: usize, before: usize, longest: usize) -> usize {
        let bytes: &[u8] = &self.chunk.text;
        let mut start = start;
        let from = start;
        for newline in memchr_iter(b'\n', bytes.get(from..before).unwrap_or(&[])) {
            let end = from + newline;
            if self.valid && bytes.get(start..end).is_some_and(is_plainly_whole) {
                self.reader.line += 1;
            } else {
                self.line(start..end, false, false, longest);
            }
            start = end + 1;
        }
        start
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
            if self.next_hit(event.start) >= event.end {
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
            None => String::from_utf8_lossy(self.chunk.text.get(range).unwrap_or(&[])),
        }
    }
}
