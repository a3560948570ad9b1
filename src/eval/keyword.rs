//! Terms of the search language in an event's raw text.
//!
//! Splunk cuts raw text into tokens at major breakers, and those again at minor breakers; a keyword is
//! found where it stands between breakers of either kind, `TERM(…)` between major ones (Getting Data In,
//! "About event segmentation"; Search Reference, `search`).

use crate::parse::search::{Keyword, KeywordKind};

/// A term made ready to be looked for.
#[derive(Clone, Debug)]
pub struct Term {
    /// The text between its `*`, in lower case unless `case_sensitive`.
    pieces: Vec<String>,
    case_sensitive: bool,
    /// Breakers of which kind must stand around it.
    major_only: bool,
}

impl Term {
    /// Makes a keyword ready.
    pub fn new(keyword: &Keyword) -> Term {
        let case_sensitive = keyword.kind == KeywordKind::Case;
        let text = if case_sensitive { keyword.text.clone() } else { keyword.text.to_lowercase() };
        let pieces = text.split('*').map(String::from).collect();
        Term { pieces, case_sensitive, major_only: keyword.kind == KeywordKind::Term }
    }

    /// Whether the term occurs in an event's text.
    pub fn occurs(&self, raw: &str) -> bool {
        if self.case_sensitive { self.occurs_in(raw) } else { self.occurs_in(&raw.to_lowercase()) }
    }

    fn occurs_in(&self, raw: &str) -> bool {
        let Some(first) = self.pieces.iter().position(|piece| !piece.is_empty()) else { return true };
        let Some(piece) = self.pieces.get(first) else { return true };
        memchr::memmem::find_iter(raw.as_bytes(), piece.as_bytes()).any(|start| {
            let open = first > 0 || self.is_boundary(raw, start);
            open && self.rest_fits(raw, start + piece.len(), first + 1)
        })
    }

    /// Whether the pieces from `next` on follow, each in the same token as the one before.
    fn rest_fits(&self, raw: &str, from: usize, next: usize) -> bool {
        let Some(piece) = self.pieces.get(next) else { return self.is_boundary(raw, from) };
        let rest = raw.get(from..).unwrap_or("");
        let token = rest.find(is_major).map_or(rest, |end| rest.get(..end).unwrap_or(rest));
        if piece.is_empty() {
            // A trailing `*` takes the rest of the token; the last piece of all is always looked at.
            return next + 1 == self.pieces.len() || self.rest_fits(raw, from, next + 1);
        }
        memchr::memmem::find_iter(token.as_bytes(), piece.as_bytes())
            .any(|at| self.rest_fits(raw, from + at + piece.len(), next + 1))
    }

    /// Whether a token may begin or end between the characters around this place.
    fn is_boundary(&self, raw: &str, at: usize) -> bool {
        let breaks = |c: char| is_major(c) || (!self.major_only && is_minor(c));
        let before = raw.get(..at).and_then(|text| text.chars().next_back());
        let after = raw.get(at..).and_then(|text| text.chars().next());
        before.is_none_or(breaks) || after.is_none_or(breaks)
    }
}

/// Major breakers (segmenters.conf).
fn is_major(c: char) -> bool {
    c.is_whitespace() || "[]<>(){}|!;,'\"*&?+".contains(c)
}

/// Minor breakers (segmenters.conf).
fn is_minor(c: char) -> bool {
    "/:=@.-$#%\\_".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, Span};

    fn occurs(kind: KeywordKind, text: &str, raw: &str) -> bool {
        let source = Sources::new().add("", "");
        Term::new(&Keyword { text: text.into(), kind, span: Span::new(source, 0, 0) }).occurs(raw)
    }

    #[test]
    fn words_between_breakers_in_any_case() {
        let raw = r#"{"eventName":"DeleteTrail","src":"10.1.2.3"}"#;
        assert!(occurs(KeywordKind::Plain, "deletetrail", raw));
        assert!(occurs(KeywordKind::Plain, "10.1", raw));
        assert!(!occurs(KeywordKind::Plain, "delete", raw));
        assert!(occurs(KeywordKind::Plain, "*Trail*", raw));
        assert!(occurs(KeywordKind::Plain, "delete*", raw));
        assert!(!occurs(KeywordKind::Plain, "*delete", raw));
        assert!(!occurs(KeywordKind::Plain, "event*src", raw));
    }

    #[test]
    fn term_and_case() {
        let raw = "ip=10.1.2.3 user=Ada";
        assert!(!occurs(KeywordKind::Term, "10.1.2.3", raw));
        assert!(occurs(KeywordKind::Term, "ip=10.1.2.3", raw));
        assert!(occurs(KeywordKind::Case, "Ada", raw));
        assert!(!occurs(KeywordKind::Case, "ada", raw));
        assert!(occurs(KeywordKind::Plain, "user ada", "a user ada b"));
    }
}
