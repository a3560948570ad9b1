//! Values with separators under a header: props.conf's `INDEXED_EXTRACTIONS` `csv`, `tsv`, `psv` and `w3c`, with
//! `FIELD_DELIMITER`, `FIELD_QUOTE`, `HEADER_FIELD_LINE_NUMBER`, `FIELD_HEADER_REGEX`, `FIELD_NAMES`, `PREAMBLE_REGEX`,
//! `HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS` and `MISSING_VALUE_REGEX`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::eval::Regex;

use super::super::lossy;
use super::super::problems::Trouble;
use super::{Cut, fits};
use crate::value::Text;

/// What separates values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// A character: between two of them stands a value, if only an empty one.
    Byte(u8),
    /// Blanks, one or several (`FIELD_DELIMITER = whitespace`).
    Blanks,
}

impl Separator {
    fn is(self, byte: u8) -> bool {
        match self {
            Separator::Byte(separator) => byte == separator,
            Separator::Blanks => matches!(byte, b' ' | b'\t'),
        }
    }
}

/// How records are written.
#[derive(Clone, Debug)]
pub struct Csv {
    /// What separates values.
    pub delimiter: Separator,
    /// What stands around values that hold separators or ends of lines.
    pub quote: Option<u8>,
    /// The line of the header, from 1; the first line that is none of the preamble otherwise.
    pub header_line: Option<u64>,
    /// The names, where the file has no header.
    pub names: Vec<Text>,
    /// Lines before the header that this matches are passed over.
    pub preamble: Option<Regex>,
    /// The first line that this matches is the header: what its group holds, or what stands behind the match.
    pub header: Option<Regex>,
    /// The characters that names keep besides letters, digits and `_`.
    pub special: Text,
    /// A value that this matches is none.
    pub missing: Option<Regex>,
    /// Lines that begin with `#` are no records, and `#Fields:` is the header (W3C extended log format).
    pub directives: bool,
}

impl Csv {
    /// The special characters that names in a header keep where nobody has described the records: what names of fields may
    /// have, so that results that were written are read as they were. Splunk keeps none but `_`
    /// (`HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS`), and the aliases of add-ons count on it.
    pub const SPECIAL: &str = ".:{}@-";

    /// Records that nobody has described.
    pub fn of_nobody(delimiter: u8) -> Csv {
        Csv {
            delimiter: Separator::Byte(delimiter),
            quote: Some(b'"'),
            header_line: None,
            names: Vec::new(),
            preamble: None,
            missing: None,
            header: None,
            special: Csv::SPECIAL.into(),
            directives: false,
        }
    }
}

/// A header, and how the records under it are written.
#[derive(Clone, Debug)]
pub struct Header {
    /// The names of the values, in order.
    pub names: Vec<Text>,
    delimiter: Separator,
    quote: Option<u8>,
    missing: Option<Regex>,
}

impl Default for Header {
    fn default() -> Header {
        Header { names: Vec::new(), delimiter: Separator::Byte(b','), quote: Some(b'"'), missing: None }
    }
}

/// Cuts records.
#[derive(Debug)]
pub struct Records {
    csv: Arc<Csv>,
    header: Arc<Header>,
    /// Whether the header was read.
    under: bool,
    /// How much of the record was looked at, and in what state that left.
    searched: usize,
    place: Place,
    too_long: bool,
}

/// Where in a record a byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Where a value begins.
    #[default]
    Start,
    /// In a value without quotation marks, or behind the closing one.
    Plain,
    /// Between quotation marks.
    Quoted,
    /// Behind a quotation mark in such a value: its end, or the first of two.
    Mark,
}

impl Records {
    pub(super) fn new(csv: Arc<Csv>) -> Records {
        let names = csv.names.clone();
        let header =
            Header { names, delimiter: csv.delimiter, quote: csv.quote, missing: csv.missing.clone() };
        let under = !csv.names.is_empty();
        let (header, place) = (Arc::new(header), Place::Start);
        Records { csv, header, under, searched: 0, place, too_long: false }
    }

    /// The header of the records that were just cut.
    pub(super) fn header(&self) -> Arc<Header> {
        Arc::clone(&self.header)
    }

    pub(super) fn feed(&mut self, bytes: &[u8], ended: bool, full: usize, cut: &mut Cut) -> usize {
        let mut at = 0;
        while !cut.is_full(full) {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let end = match self.record_end(rest) {
                Some(end) => end,
                None if ended && !rest.is_empty() && rest.len() <= cut.longest => {
                    if self.place == Place::Quoted {
                        cut.trouble(Trouble::CutEvent, cut.line);
                        cut.pass(rest);
                        return at + rest.len();
                    }
                    rest.len()
                }
                None => {
                    at += self.drop_long(rest, cut);
                    break;
                }
            };
            // A header in the middle of the file holds for what follows: the chunk ends before it.
            if self.is_header(rest) && self.under && !cut.events.is_empty() {
                (self.searched, self.place, cut.ends) = (0, Place::Start, true);
                break;
            }
            (self.searched, self.place) = (0, Place::Start);
            if !std::mem::take(&mut self.too_long) {
                self.record(rest.get(..end).unwrap_or(&[]), cut);
            }
            cut.pass(rest.get(..end).unwrap_or(&[]));
            at += end;
        }
        at
    }

    /// One past the end of the first record, its line's end included.
    fn record_end(&mut self, text: &[u8]) -> Option<usize> {
        let lines_only = !self.under || (self.csv.directives && text.starts_with(b"#"));
        let quote = self.csv.quote.filter(|_| !(lines_only && self.csv.directives));
        let mut place = self.place;
        for (at, &byte) in text.iter().enumerate().skip(self.searched) {
            place = match (place, byte) {
                (Place::Quoted, byte) if Some(byte) == quote => Place::Mark,
                (Place::Quoted, _) => Place::Quoted,
                (Place::Mark, byte) if Some(byte) == quote => Place::Quoted,
                (Place::Start, byte) if Some(byte) == quote => Place::Quoted,
                (_, b'\n') => return Some(at + 1),
                (_, byte) if self.csv.delimiter.is(byte) => Place::Start,
                _ => Place::Plain,
            };
        }
        (self.searched, self.place) = (text.len(), place);
        None
    }

    fn drop_long(&mut self, rest: &[u8], cut: &mut Cut) -> usize {
        if rest.len() <= cut.longest {
            return 0;
        }
        if !std::mem::replace(&mut self.too_long, true) {
            cut.trouble(Trouble::TooLong, cut.line);
        }
        cut.pass(rest);
        (self.searched, self.place) = (0, Place::Plain);
        rest.len()
    }

    /// Whether a record names the fields of those that follow.
    fn is_header(&self, record: &[u8]) -> bool {
        self.csv.directives && record.get(..8).is_some_and(|head| head.eq_ignore_ascii_case(b"#fields:"))
    }

    fn record(&mut self, record: &[u8], cut: &mut Cut) {
        let line = cut.line;
        let record = record.trim_ascii_end();
        if record.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let text = lossy(record);
        let directive = self.csv.directives && record.starts_with(b"#");
        if self.is_header(record) {
            self.set_header(text.get(8..).unwrap_or("").trim());
        } else if self.under && !directive {
            cut.event(record, line);
        } else if !directive
            && !self.is_preamble(&text, line)
            && let Some(header) = self.header_in(&text)
        {
            self.set_header(header);
        }
    }

    /// The names that a line holds, if it is the header.
    fn header_in<'t>(&self, line: &'t str) -> Option<&'t str> {
        let Some(regex) = &self.csv.header else { return Some(line) };
        let captures = regex.captures(line).ok().flatten()?;
        match captures.get(1) {
            Some(group) => line.get(group.range()),
            None => line.get(captures.get(0)?.end()..),
        }
    }

    /// Whether a line stands before the header.
    fn is_preamble(&self, text: &str, line: u64) -> bool {
        self.csv.header_line.is_some_and(|header| line < header) || fits(self.csv.preamble.as_ref(), text)
    }

    fn set_header(&mut self, text: &str) {
        let names: Vec<Text> =
            self.header.values(text).into_iter().map(|name| clean(&name, &self.csv.special)).collect();
        self.header = Arc::new(Header { names, ..(*self.header).clone() });
        self.under = true;
    }
}

impl Header {
    /// The values of a record, in order.
    pub fn values<'t>(&self, record: &'t str) -> Vec<Cow<'t, str>> {
        let delimiter = |c: char| c.is_ascii() && self.delimiter.is(c as u8);
        let blanks = self.delimiter == Separator::Blanks;
        let record = if blanks { record.trim_matches(delimiter) } else { record };
        let Some(quote) = self.quote.map(char::from) else {
            let values = record.split(delimiter).filter(|value| !blanks || !value.is_empty());
            return values.map(Cow::Borrowed).collect();
        };
        let mut values = Vec::new();
        let mut rest = record;
        loop {
            if blanks {
                rest = rest.trim_start_matches(delimiter);
            }
            let (value, after) = match rest.strip_prefix(quote) {
                Some(inside) => quoted(inside, quote),
                None => {
                    let end = rest.find(delimiter).unwrap_or(rest.len());
                    let (value, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                    (Cow::Borrowed(value), after)
                }
            };
            values.push(value);
            // Whatever stands between a closing mark and the separator belongs to nothing.
            match after.split_once(delimiter) {
                Some((_, next)) => rest = next,
                None => return values,
            }
        }
    }

    /// The fields that a record has, without those that are empty.
    pub fn fields<'h, 't>(&'h self, record: &'t str) -> impl Iterator<Item = (&'h Text, Cow<'t, str>)> {
        self.names
            .iter()
            .zip(self.values(record))
            .filter(|(_, value)| !value.is_empty() && !fits(self.missing.as_ref(), value))
    }
}

/// A value up to its closing mark, and what follows that.
fn quoted(inside: &str, quote: char) -> (Cow<'_, str>, &str) {
    let mut value: Option<String> = None;
    let mut rest = inside;
    loop {
        let Some((part, after)) = rest.split_once(quote) else {
            let whole = value.map_or(Cow::Borrowed(rest), |value| Cow::Owned(value + rest));
            return (whole, "");
        };
        match after.strip_prefix(quote) {
            Some(next) => {
                let value = value.get_or_insert_default();
                value.push_str(part);
                value.push(quote);
                rest = next;
            }
            None => return (value.map_or(Cow::Borrowed(part), |value| Cow::Owned(value + part)), after),
        }
    }
}

/// The name of a field from a header: blanks and what no name has become `_`.
fn clean(name: &str, special: &str) -> Text {
    let keeps = |c: char| c.is_alphanumeric() || c == '_' || special.contains(c);
    name.trim().chars().map(|c| if keeps(c) { c } else { '_' }).collect::<String>().into()
}
