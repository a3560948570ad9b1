//! Events that are text become rows.

use std::borrow::Cow;

use super::super::chunk::Chunk;
use super::super::lossy;
use super::super::parse::Parsed;
use super::super::prefilter::{Found, Prefilter};
use super::super::problems::{Problems, Trouble};
use super::super::split::Event;
use super::Header;
use crate::batch::{BatchBuilder, FieldSet};
use crate::time::Stamp;
use crate::value::Value;

/// One chunk of text being read.
pub struct Texts<'c, 'n> {
    chunk: &'c Chunk,
    /// All of it, if it is UTF-8.
    text: Option<&'c str>,
    needs: &'n FieldSet,
    prefilter: Option<&'n Prefilter>,
    found: Found,
    problems: Problems,
    builder: BatchBuilder,
}

impl<'c, 'n> Texts<'c, 'n> {
    /// The needed fields of the events of a chunk; those that cannot match are passed over.
    pub fn new(chunk: &'c Chunk, needs: &'n FieldSet, prefilter: Option<&'n Prefilter>) -> Texts<'c, 'n> {
        let text = str::from_utf8(&chunk.text).ok();
        let mut found = Found::default();
        found.restart(text.is_some_and(str::is_ascii));
        let (problems, builder) = (chunk.problems.clone(), BatchBuilder::new());
        Texts { chunk, text, needs, prefilter, found, problems, builder }
    }

    /// `_raw` and, if needed, `_time`; an event without a time has that of the one before.
    pub fn texts(mut self, events: &[Event], stamp: &Stamp, before: Option<f64>) -> Parsed {
        let mut column = |name| self.needs.contains(name).then(|| self.builder.column(name));
        let (raw, time) = (column("_raw"), column("_time"));
        // The last event whose time is known.
        let mut known = (0, before);
        for (at, event) in events.iter().enumerate() {
            if self.cannot_match(event) {
                continue;
            }
            let text = self.text_of(event);
            if let Some(raw) = raw {
                self.builder.set_text_at(raw, &text);
            }
            if let Some(time) = time {
                let between = || events.get(known.0..at).unwrap_or(&[]).iter().rev();
                let earlier = || between().find_map(|event| stamp.read(&self.quiet_text(event)));
                let found = stamp.read(&text).or_else(earlier).or(known.1);
                known = (at + 1, found);
                self.builder.set_at(time, found.map_or(Value::Null, Value::number));
            }
            self.builder.end_row();
        }
        self.finish()
    }

    /// The fields under a header, and `_raw`.
    pub fn records(mut self, events: &[Event], header: &Header) -> Parsed {
        // A column of this name has the event's text.
        let own = header.names.iter().any(|name| name == "_raw");
        for event in events {
            if self.cannot_match(event) {
                continue;
            }
            let text = self.text_of(event);
            for (name, value) in header.fields(&text).filter(|(name, _)| self.needs.contains(name)) {
                self.builder.set(name, Value::text(&*value));
            }
            if !own && self.needs.contains("_raw") {
                self.builder.set("_raw", Value::text(&*text));
            }
            self.builder.end_row();
        }
        self.finish()
    }

    fn finish(self) -> Parsed {
        Parsed { batch: self.builder.finish(), problems: self.problems }
    }

    /// Whether an event has none of the literals that it must have to count.
    fn cannot_match(&mut self, event: &Event) -> bool {
        let Some(prefilter) = self.prefilter else { return false };
        prefilter.next(&self.chunk.text, event.start, &mut self.found) >= event.end
    }

    /// An event's text; what is not UTF-8 is said.
    fn text_of(&mut self, event: &Event) -> Cow<'c, str> {
        let text = self.quiet_text(event);
        if matches!(text, Cow::Owned(_)) {
            self.problems.add(self.chunk.file, &self.chunk.name, Trouble::NotUtf8, event.line);
        }
        text
    }

    fn quiet_text(&self, event: &Event) -> Cow<'c, str> {
        match self.text {
            Some(text) => Cow::Borrowed(text.get(event.start..event.end).unwrap_or("")),
            None => lossy(self.chunk.text.get(event.start..event.end).unwrap_or(&[])),
        }
    }
}
