//! Events that are not JSON: how the text of a file is broken into them.
//!
//! [`Form`] says what a file is made of; a [`Breaker`] cuts a file of such a form into events, block after
//! block, in little memory. What is broken depends on the file alone, never on the size of blocks or chunks.

mod broken;
mod csv;
mod lines;
mod merge;
mod rows;
mod xml;

#[cfg(test)]
mod tests;

pub use broken::{Broken, Cuts};
pub use csv::{Csv, Header, Separator};
pub use lines::Breaking;
pub use merge::Merge;
pub use rows::Texts;

use std::sync::Arc;

use crate::eval::Regex;

use super::lossy;
use super::problems::Problems;
use super::split::Event;
use crate::time::Stamp;
use crate::value::Text;

/// What a file is made of.
#[derive(Clone, Debug, Default)]
pub enum Form {
    /// JSON: one event a line, or in any other way that JSON can stand.
    #[default]
    Json,
    /// Lines of text.
    Text(Arc<Breaking>),
    /// Elements `<Event>` of Windows, one after the other, whatever stands between them.
    Xml(Arc<Stamp>),
    /// Values with separators under a header.
    Csv(Arc<Csv>),
}

/// What the parser must know of a chunk to make rows of it.
#[derive(Clone, Debug, Default)]
pub enum Content {
    /// JSON.
    #[default]
    Json,
    /// Text with a time in it.
    Text(Arc<Stamp>, Before),
    /// Records under a header.
    Csv(Arc<Header>),
}

/// The time of the event before the first of a chunk, for events without one.
pub type Before = Option<f64>;

/// What the breakers share: the events of the chunk being filled.
#[derive(Debug)]
pub struct Cut {
    /// The events of the chunk, one after the other.
    pub text: Vec<u8>,
    /// Where they stand in it.
    pub events: Vec<Event>,
    /// What was wrong so far.
    pub problems: Problems,
    /// Whether any event was cut.
    pub met: bool,
    /// The line of the next byte of input, from 1.
    pub line: u64,
    /// Whether the chunk must end here.
    pub ends: bool,
    file: usize,
    name: Text,
    longest: usize,
}

/// Cuts one file.
#[derive(Debug)]
pub enum Breaker {
    /// Lines of text.
    Lines(lines::Lines),
    /// Windows events.
    Xml(xml::Elements),
    /// Records.
    Csv(csv::Records),
}

impl Breaker {
    /// At the beginning of a file; none for JSON, which is cut elsewhere.
    pub fn new(form: &Form) -> Option<Breaker> {
        match form {
            Form::Json => None,
            Form::Text(breaking) => Some(Breaker::Lines(lines::Lines::new(Arc::clone(breaking)))),
            Form::Xml(stamp) => Some(Breaker::Xml(xml::Elements::new(Arc::clone(stamp)))),
            Form::Csv(csv) => Some(Breaker::Csv(csv::Records::new(Arc::clone(csv)))),
        }
    }

    /// Reads on until the chunk is full or more bytes are needed; gives how many were read. `ended` when the
    /// bytes are all that is left of the file: then all are read, unless the chunk is full before.
    pub fn feed(&mut self, bytes: &[u8], ended: bool, full: usize, cut: &mut Cut) -> usize {
        match self {
            Breaker::Lines(lines) => lines.feed(bytes, ended, full, cut),
            Breaker::Xml(elements) => elements.feed(bytes, ended, full, cut),
            Breaker::Csv(records) => records.feed(bytes, ended, full, cut),
        }
    }

    /// Whether nothing waits for more of the file.
    pub fn is_done(&self) -> bool {
        match self {
            Breaker::Lines(lines) => lines.is_done(),
            Breaker::Xml(_) | Breaker::Csv(_) => true,
        }
    }

    /// What the parser must know of the events that were just cut.
    pub fn content(&mut self, cut: &Cut) -> Content {
        match self {
            Breaker::Lines(lines) => lines.content(cut),
            Breaker::Xml(elements) => elements.content(cut),
            Breaker::Csv(records) => Content::Csv(records.header()),
        }
    }
}

impl Cut {
    /// At a line of a file.
    pub fn new(file: usize, name: Text, line: u64, longest: usize) -> Cut {
        Cut {
            text: Vec::new(),
            events: Vec::new(),
            problems: Problems::new(),
            met: false,
            line,
            ends: false,
            file,
            name,
            longest,
        }
    }

    /// Adds an event; `line` is that of its first byte.
    fn event(&mut self, text: &[u8], line: u64) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        self.events.push(Event { start, end: self.text.len(), line });
        self.met = true;
    }

    /// Whether the chunk is as full as it may be.
    pub fn is_full(&self, full: usize) -> bool {
        !self.events.is_empty() && (self.ends || self.text.len() >= full)
    }

    fn trouble(&mut self, trouble: super::problems::Trouble, line: u64) {
        self.problems.add(self.file, &self.name, trouble, line);
    }

    /// Goes over bytes of the input.
    fn pass(&mut self, bytes: &[u8]) {
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
    }
}

/// Whether there is an expression, and it matches.
fn fits(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.is_some_and(|regex| regex.is_match(text).unwrap_or(false))
}

/// The last time that was met in a file.
#[derive(Debug)]
struct LastTime {
    stamp: Arc<Stamp>,
    time: Before,
}

impl LastTime {
    /// What the parser must know of the events that were just cut.
    fn content(&mut self, cut: &Cut) -> Content {
        let before = self.time;
        let time = |event: &Event| {
            let text = cut.text.get(event.start..event.end).unwrap_or(&[]);
            self.stamp.read(&lossy(text))
        };
        self.time = cut.events.iter().rev().find_map(time).or(before);
        Content::Text(Arc::clone(&self.stamp), before)
    }
}
