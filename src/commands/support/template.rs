//! Text that becomes a search when its tokens are known: `map`, `foreach`, saved searches.

use std::ops::Range;

use crate::diagnostic::{Calls, Origin, SourceId, Sources, Span};
use crate::expand::Mapped;
use crate::value::Text;

/// A text with tokens.
#[derive(Clone, Debug)]
pub struct Template {
    /// The text.
    pub text: Text,
    /// Where it stands.
    pub span: Span,
}

impl Template {
    /// The text with what `of` gives for each token, as a source of its own, and where what was put in stands.
    /// `next` finds the next token of a text: its place, and what stands in it.
    pub fn fill(
        &self,
        name: &str,
        sources: &mut Sources,
        next: impl Fn(&str) -> Option<(Range<usize>, Text)>,
        of: impl Fn(&str) -> Option<String>,
    ) -> (SourceId, Vec<Span>) {
        // A text in quotation marks may be shorter than what stands in the search: places in it are rough.
        let whole = Mapped::from_place(&self.text, self.span, Calls::default());
        let (mut out, mut filled) = (Mapped::default(), Vec::new());
        let (mut copied, mut at) = (0, 0);
        while let Some((range, token)) = self.text.get(at..).and_then(&next) {
            let (start, end) = (at + range.start, at + range.end);
            at = end;
            let Some(value) = of(&token) else { continue };
            out.push_part(&whole, copied..start);
            let from = out.text().len();
            out.push(&value, Origin { span: self.span, calls: Calls::default() });
            filled.push(from..out.text().len());
            copied = end;
        }
        out.push_part(&whole, copied..self.text.len());
        let (text, segments) = out.into_parts();
        let id = sources.add_expanded(name, text, segments);
        (id, filled.into_iter().map(|range| Span::new(id, range.start, range.end)).collect())
    }
}
