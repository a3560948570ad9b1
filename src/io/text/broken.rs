//! A file that is not JSON, on its way into events.

use super::super::buffer::Buffer;
use super::super::problems::Problems;
use super::super::split::Event;
use super::{Breaker, Content, Cut, Form};
use crate::value::Text;

/// What breaks a file, and what it has cut.
pub struct Broken {
    breaker: Breaker,
    cut: Cut,
}

/// What was cut since it was taken.
pub struct Cuts {
    /// The events, one after the other.
    pub text: Vec<u8>,
    /// Where they stand in it.
    pub events: Vec<Event>,
    /// What they are made of.
    pub content: Content,
    /// What was wrong.
    pub problems: Problems,
    /// Whether there is more of the file.
    pub more: bool,
    /// Whether the file is at its end and had no events.
    pub empty: bool,
}

impl Broken {
    /// At the beginning of a file; none for JSON, which is cut elsewhere.
    pub fn new(form: &Form, (file, name): (usize, Text), longest: usize) -> Option<Broken> {
        let breaker = Breaker::new(form)?;
        Some(Broken { breaker, cut: Cut::new(file, name, 1, longest) })
    }

    /// Cuts what was read, until a chunk is full or the file is at its end; otherwise how many more bytes are
    /// wanted at least.
    pub fn feed(&mut self, pending: &mut Buffer, ended: bool, full: usize) -> Option<usize> {
        loop {
            let read = self.breaker.feed(pending, ended, full, &mut self.cut);
            pending.drop_front(read);
            if self.cut.is_full(full) || ended && pending.is_empty() && self.breaker.is_done() {
                return None;
            }
            if !ended {
                // What one block does not finish is looked at again with twice as much.
                return Some(if read == 0 { pending.len() } else { 0 });
            }
        }
    }

    /// What was cut.
    pub fn take(&mut self, full: usize) -> Cuts {
        let cut = &mut self.cut;
        let more = cut.is_full(full);
        cut.ends = false;
        let content = self.breaker.content(cut);
        Cuts {
            text: std::mem::take(&mut cut.text),
            events: std::mem::take(&mut cut.events),
            content,
            problems: std::mem::take(&mut cut.problems),
            more,
            empty: !more && !cut.met,
        }
    }
}
