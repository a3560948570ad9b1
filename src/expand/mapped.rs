//! Text that knows where each stretch of it was written.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Calls, Origin, Segment, Span};

/// Text made of stretches from several places.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    text: String,
    segments: Vec<Segment>,
}

impl Mapped {
    /// A stretch of one place.
    pub fn from_place(text: &str, span: Span, calls: Calls) -> Mapped {
        let mut mapped = Mapped::default();
        mapped.push(text, Origin { span, calls });
        mapped
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text and where its stretches came from.
    pub fn into_parts(self) -> (String, Vec<Segment>) {
        (self.text, self.segments)
    }

    /// Adds text that was written in one place.
    pub fn push(&mut self, text: &str, origin: Origin) {
        if !text.is_empty() {
            self.segments.push(Segment { start: self.text.len(), origin });
            self.text.push_str(text);
        }
    }

    /// Adds a part of another mapped text, with its places.
    pub fn push_part(&mut self, other: &Mapped, range: Range<usize>) {
        let first = other.segments.partition_point(|segment| segment.start <= range.start).saturating_sub(1);
        let ends = other.segments.iter().skip(first + 1).map(|next| next.start).chain([other.text.len()]);
        for (segment, end) in other.segments.iter().skip(first).zip(ends) {
            let (from, to) = (segment.start.max(range.start), end.min(range.end));
            if segment.start >= range.end {
                break;
            }
            if from >= to {
                continue;
            }
            let mut origin = segment.origin.clone();
            origin.span.start = (origin.span.start + (from - segment.start)).min(origin.span.end);
            origin.span.end = origin.span.end.min(origin.span.start + (to - from)).max(origin.span.start);
            self.push(other.text.get(from..to).unwrap_or(""), origin);
        }
    }

    /// A part, with its places.
    pub fn part(&self, range: Range<usize>) -> Mapped {
        let mut part = Mapped::default();
        part.push_part(self, range);
        part
    }

    /// Where a range was written, and the calls that led there.
    pub fn origin(&self, range: Range<usize>, fallback: Span) -> Origin {
        let part = self.part(range);
        match (part.segments.first(), part.segments.last()) {
            (Some(first), Some(last)) if first.origin.span.source == last.origin.span.source => {
                Origin { span: first.origin.span.to(last.origin.span), calls: first.origin.calls.clone() }
            }
            (Some(first), _) => first.origin.clone(),
            _ => Origin { span: fallback, calls: Calls::default() },
        }
    }

    /// The same text, every stretch of it reached by one more call, inside of its own.
    pub fn called_from(mut self, span: Span, name: &Arc<str>) -> Mapped {
        let mut last: Option<(Calls, Calls)> = None;
        for Segment { origin, .. } in &mut self.segments {
            let longer = match &last {
                Some((own, longer)) if own.is(&origin.calls) => longer.clone(),
                _ => origin.calls.then(span, Arc::clone(name)),
            };
            let own = std::mem::replace(&mut origin.calls, longer.clone());
            last = Some((own, longer));
        }
        self
    }
}
