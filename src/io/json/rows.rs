//! Events become rows: the walk that picks the needed values out of an event, and their way into columns.

use std::ops::Range;

use super::marks::Marks;
use super::paths::{Paths, RAW};
use super::scan::{Fault, Scanner, is_blank};
use super::walk::{Found, Hit, Walk};
use super::ways::Ways;
use crate::batch::{Batch, BatchBuilder, FieldSet};
use crate::value::Value;

/// Collects rows. What an event holds is kept aside until all of it proved to be JSON:
/// a malformed event leaves no trace.
pub struct Rows<'n> {
    paths: Paths<'n>,
    ways: Ways,
    /// Of the text that is being read.
    marks: Marks,
    builder: BatchBuilder,
    /// The column of `_raw`, if it is needed.
    raw: Option<usize>,
    found: Found,
    /// Events that are read but not yet rows.
    waiting: Vec<Event>,
    /// For each column the row that last had a value in it (from 1) and the number of that value.
    latest: Vec<(usize, usize)>,
}

/// An event that was read.
struct Event {
    /// Where it stands in the text.
    range: Range<usize>,
    /// One past its last value.
    values: usize,
}

impl<'n> Rows<'n> {
    /// No rows yet, of these fields.
    pub fn new(needs: &'n FieldSet) -> Rows<'n> {
        let mut builder = BatchBuilder::new();
        let raw = needs.contains(RAW).then(|| builder.column(RAW));
        let (found, waiting, latest) = (Found::default(), Vec::new(), Vec::new());
        let (paths, ways, marks) = (Paths::new(needs), Ways::default(), Marks::none());
        Rows { paths, ways, marks, builder, raw, found, waiting, latest }
    }

    /// Adds the one event that a text is, from end to end.
    pub fn add_event(&mut self, text: &str) -> Result<(), Fault> {
        self.read(text, |rows, marks| match only_blanks(text, rows.read_event(text, marks, 0)?) {
            true => Ok(()),
            false => Err(Fault::Syntax),
        })
    }

    /// Adds the events of a line: an object, several, an array of events or `{"Records": [...]}`. Either all
    /// of it is JSON, or nothing of it becomes a row.
    pub fn add_line(&mut self, text: &str) -> Result<(), Fault> {
        self.read(text, |rows, marks| rows.read_line(text, marks))
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.builder.rows()
    }

    /// The rows as a batch. What was learned of the paths stays.
    pub fn take(&mut self) -> Batch {
        let mut builder = BatchBuilder::new();
        self.raw = self.raw.map(|_| builder.column(RAW));
        self.paths.forget_columns();
        self.latest.clear();
        std::mem::replace(&mut self.builder, builder).finish()
    }

    /// Reads a text; what was found becomes rows if all of it could be read.
    fn read(
        &mut self,
        text: &str,
        read: impl FnOnce(&mut Rows<'n>, &Marks) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut marks = std::mem::take(&mut self.marks);
        marks.set(text.as_bytes());
        let read = read(self, &marks);
        self.marks = marks;
        if read.is_ok() {
            self.keep(text);
        }
        self.waiting.clear();
        self.found.values.clear();
        self.found.unescaped.clear();
        read
    }

    fn read_line(&mut self, text: &str, marks: &Marks) -> Result<(), Fault> {
        let mut at = 0;
        while !only_blanks(text, at) {
            let list = list_start(text.as_bytes().get(at..).unwrap_or(&[]));
            at = match list {
                ListStart::At { inside, records } => self.read_list(text, marks, at + inside, records)?,
                _ => self.read_event(text, marks, at)?,
            };
        }
        Ok(())
    }

    /// Reads the elements of a list up to its end, and what follows them in `{"Records": [...], ...}`.
    fn read_list(&mut self, text: &str, marks: &Marks, inside: usize, records: bool) -> Result<usize, Fault> {
        let mut scanner = Scanner::with(marks, text.as_bytes(), inside);
        let mut open = !scanner.take(b']')?;
        while open {
            scanner.at = self.read_event(text, marks, scanner.at)?;
            open = scanner.take(b',')?;
            if !open && !scanner.take(b']')? {
                return Err(Fault::Syntax);
            }
        }
        while records && !scanner.take(b'}')? {
            if !scanner.take(b',')? {
                return Err(Fault::Syntax);
            }
            scanner.key()?;
            scanner.skip(1)?;
        }
        Ok(scanner.at)
    }

    /// Reads one event, which begins after blanks at `at`; gives where it ends.
    fn read_event(&mut self, text: &str, marks: &Marks, at: usize) -> Result<usize, Fault> {
        let mut scanner = Scanner::with(marks, text.as_bytes(), at);
        if !matches!(scanner.token()?, b'{' | b'[') {
            return Err(Fault::Syntax);
        }
        let start = scanner.at;
        let (paths, ways, found) = (&mut self.paths, &mut self.ways, &mut self.found);
        let mut walk = Walk { text, scanner, paths, ways, found };
        walk.event()?;
        let end = walk.scanner.at;
        self.waiting.push(Event { range: start..end, values: self.found.values.len() });
        Ok(end)
    }

    /// Makes rows of the events that were read.
    fn keep(&mut self, text: &str) {
        let mut from = 0;
        for at in 0..self.waiting.len() {
            let Some(event) = self.waiting.get(at) else { break };
            let (values, range) = (from..event.values, event.range.clone());
            from = event.values;
            self.link(values.clone());
            self.fill(text, values);
            if let Some(raw) = self.raw {
                self.builder.set_text_at(raw, text.get(range).unwrap_or(""));
            }
            self.builder.end_row();
        }
    }

    /// Finds each value's column and chains the values of one column, in the order of the event.
    fn link(&mut self, values: Range<usize>) {
        let row = self.builder.rows() + 1;
        for at in values {
            let Some(node) = self.found.values.get(at).map(|hit| hit.node) else { break };
            let Some(node) = self.paths.node_mut(node) else { continue };
            let column = *node.column.get_or_insert_with(|| self.builder.column(&node.name));
            if self.latest.len() <= column {
                self.latest.resize(column + 1, (0, 0));
            }
            let Some(latest) = self.latest.get_mut(column) else { continue };
            let before = std::mem::replace(latest, (row, at));
            let follows = before.0 == row;
            if follows && let Some(hit) = self.found.values.get_mut(before.1) {
                hit.next = Some(at);
            }
            if let Some(hit) = self.found.values.get_mut(at) {
                (hit.column, hit.follows) = (column, follows);
            }
        }
    }

    /// Puts the values into their columns.
    fn fill(&mut self, text: &str, values: Range<usize>) {
        let found = &self.found;
        let text_of = |hit: &Hit| {
            let source = if hit.unescaped { found.unescaped.as_str() } else { text };
            source.get(hit.range.clone()).unwrap_or("")
        };
        for hit in found.values.get(values).unwrap_or(&[]).iter().filter(|hit| !hit.follows) {
            if hit.next.is_none() {
                self.builder.set_text_at(hit.column, text_of(hit));
                continue;
            }
            let next = |hit: &&Hit| hit.next.and_then(|next| found.values.get(next));
            let all = std::iter::successors(Some(hit), next).map(|hit| Value::text(text_of(hit)));
            self.builder.set_at(hit.column, Value::from_values(all));
        }
    }
}

fn only_blanks(text: &str, from: usize) -> bool {
    text.as_bytes().get(from..).unwrap_or(&[]).iter().all(|&byte| is_blank(byte))
}

/// Whether a value is a list of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListStart {
    /// Its first element or its end is expected at this place; `records` for the form in an object.
    At {
        /// Bytes up to the inside of the list.
        inside: usize,
        /// Whether it is `{"Records": [...]}`.
        records: bool,
    },
    /// It is something else.
    No,
    /// It goes on beyond the end of the text.
    Open,
}

/// Whether text begins with a list of events: an array, or an object whose first key is `Records` with an
/// array (CloudTrail's log files).
pub fn list_start(bytes: &[u8]) -> ListStart {
    let mut scanner = Scanner::new(bytes, 0);
    let mut expected = [b'{', b'"', b':', b'['].into_iter();
    if scanner.take(b'[') == Ok(true) {
        return ListStart::At { inside: scanner.at, records: false };
    }
    loop {
        let Some(byte) = expected.next() else {
            return ListStart::At { inside: scanner.at, records: true };
        };
        match scanner.take(byte) {
            Ok(true) if byte == b'"' => {
                let rest = bytes.get(scanner.at..).unwrap_or(&[]);
                let key = b"Records\"";
                if !rest.starts_with(key) {
                    return if key.starts_with(rest) { ListStart::Open } else { ListStart::No };
                }
                scanner.at += key.len();
            }
            Ok(true) => {}
            Ok(false) => return ListStart::No,
            Err(_) => return ListStart::Open,
        }
    }
}
