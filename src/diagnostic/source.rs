//! Named texts, places in them, and where expanded text came from.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// Which text of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

/// A range of bytes in a text.
///
/// Spans say where something stood, not what it is: all spans are equal to each other, so that two
/// trees of the same search written differently compare equal.
#[derive(Clone, Copy)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A range of bytes in a text.
    pub const fn new(source: SourceId, start: usize, end: usize) -> Span {
        Span { source, start, end }
    }

    /// From the start of this to the end of the other.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.start), ..self }
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Span) -> bool {
        true
    }
}

impl Eq for Span {}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

/// Where a stretch of expanded text came from.
#[derive(Clone, Debug)]
pub struct Segment {
    /// First byte in the expanded text; the stretch ends where the next begins.
    pub start: usize,
    /// Where.
    pub origin: Origin,
}

/// The place a stretch of expanded text was copied from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The place itself.
    pub span: Span,
    /// The macro calls that led there.
    pub calls: Calls,
}

/// Macro calls in each other, the outermost first. A list that is shared: each of a million stretches of
/// text has one.
#[derive(Clone, Debug, Default)]
pub struct Calls(Option<Arc<Call>>);

#[derive(Debug)]
struct Call {
    span: Span,
    name: Arc<str>,
    outer: Calls,
}

impl Calls {
    /// These, and one inside of them: where the call stands, and the macro's name.
    #[must_use]
    pub fn then(&self, span: Span, name: impl Into<Arc<str>>) -> Calls {
        Calls(Some(Arc::new(Call { span, name: name.into(), outer: self.clone() })))
    }

    /// From the innermost to the outermost.
    pub fn inwards_out(&self) -> impl Iterator<Item = (Span, &str)> {
        let calls = std::iter::successors(self.0.as_deref(), |call| call.outer.0.as_deref());
        calls.map(|call| (call.span, &*call.name))
    }

    /// Whether this is the very list that another is.
    pub fn is(&self, other: &Calls) -> bool {
        match (&self.0, &other.0) {
            (Some(this), Some(other)) => Arc::ptr_eq(this, other),
            (None, None) => true,
            _ => false,
        }
    }
}

#[derive(Debug)]
struct Source {
    name: String,
    text: Arc<str>,
    expanded_from: Vec<Segment>,
}

/// All texts that spans can point into. A clone is the same list: what a running search parses is shown
/// like what was there before.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Arc<RwLock<Vec<Source>>>,
}

impl Sources {
    /// No text yet.
    pub fn new() -> Sources {
        Sources::default()
    }

    fn list(&self) -> RwLockReadGuard<'_, Vec<Source>> {
        self.list.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a text under the name that diagnostics print, such as a file's path.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        self.add_expanded(name, text, Vec::new())
    }

    /// Adds a text that macro expansion made; `segments` ascend by `start` and say where it came from.
    pub fn add_expanded(
        &mut self,
        name: impl Into<String>,
        text: impl Into<Arc<str>>,
        segments: Vec<Segment>,
    ) -> SourceId {
        let mut list = self.list.write().unwrap_or_else(PoisonError::into_inner);
        let id = SourceId(list.len() as u32);
        list.push(Source { name: name.into(), text: text.into(), expanded_from: segments });
        id
    }

    /// The name of a text.
    pub fn name(&self, id: SourceId) -> String {
        self.list().get(id.0 as usize).map_or_else(String::new, |source| source.name.clone())
    }

    /// The text.
    pub fn text(&self, id: SourceId) -> Arc<str> {
        self.list().get(id.0 as usize).map_or_else(|| Arc::from(""), |source| Arc::clone(&source.text))
    }

    /// The text of a span; empty when the span does not lie on characters of its text.
    pub fn slice(&self, span: Span) -> String {
        self.text(span.source).get(span.start..span.end).unwrap_or("").to_string()
    }

    /// Where a span of expanded text was written: the place, and the macro calls that led there.
    pub fn written(&self, span: Span) -> Origin {
        written(&self.list(), span)
    }
}

fn written(list: &[Source], span: Span) -> Origin {
    let itself = Origin { span, calls: Calls::default() };
    let Some(source) = list.get(span.source.0 as usize) else { return itself };
    let after = source.expanded_from.partition_point(|segment| segment.start <= span.start);
    let Some(segment) = after.checked_sub(1).and_then(|at| source.expanded_from.get(at)) else {
        return itself;
    };
    let origin = segment.origin.span;
    let start = (origin.start + (span.start - segment.start)).min(origin.end);
    // A span that runs over the end of its stretch is cut there: its first part is what counts.
    let end = (start + span.end.saturating_sub(span.start)).min(origin.end.max(start));
    let written = written(list, Span { source: origin.source, start, end });
    let inner: Vec<(Span, &str)> = written.calls.inwards_out().collect();
    let outer = segment.origin.calls.clone();
    let calls = inner.into_iter().rev().fold(outer, |outer, (span, name)| outer.then(span, name));
    Origin { span: written.span, calls }
}
