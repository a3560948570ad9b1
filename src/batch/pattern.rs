//! Field names and values with `*`.

use std::fmt;

use crate::value::Text;

/// Text in which `*` stands for any run of characters, the empty one included. Splunk has no way to
/// write a literal asterisk (Search Reference, `search`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: Text,
}

impl Pattern {
    /// A pattern as written.
    pub fn new(text: impl Into<Text>) -> Pattern {
        Pattern { text: text.into() }
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text itself when it has no `*`.
    pub fn literal(&self) -> Option<&Text> {
        (!self.text.contains('*')).then_some(&self.text)
    }

    /// How many `*` it has.
    pub fn wildcards(&self) -> usize {
        self.text.bytes().filter(|&byte| byte == b'*').count()
    }

    /// Whether the whole of `text` fits, letter for letter.
    pub fn matches(&self, text: &str) -> bool {
        fits(self.text.as_bytes(), text.as_bytes())
    }

    /// Whether the whole of `text` fits when both are in lower case.
    pub fn matches_ignoring_case(&self, text: &str) -> bool {
        if text.is_ascii() && self.text.is_ascii() {
            return fits_by(self.text.as_bytes(), text.as_bytes(), |a, b| a.eq_ignore_ascii_case(&b));
        }
        fits(self.text.to_lowercase().as_bytes(), text.to_lowercase().as_bytes())
    }

    /// What each `*` stands for when the whole of `text` fits; the earliest and shortest for each.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let mut pieces = self.text.split('*');
        let mut rest = text.strip_prefix(pieces.next()?)?;
        let mut parts: Vec<&str> = Vec::new();
        let pieces: Vec<&str> = pieces.collect();
        for (at, piece) in pieces.iter().enumerate() {
            if at + 1 == pieces.len() {
                parts.push(rest.strip_suffix(piece)?);
                rest = "";
            } else {
                let (before, after) = rest.split_once(piece)?;
                parts.push(before);
                rest = after;
            }
        }
        rest.is_empty().then_some(parts)
    }

    /// The pattern with each `*` filled in turn.
    pub fn fill(&self, parts: &[&str]) -> Text {
        let mut out = Text::new();
        let mut parts = parts.iter();
        for (at, piece) in self.text.split('*').enumerate() {
            if at > 0 {
                out.push_str(parts.next().copied().unwrap_or(""));
            }
            out.push_str(piece);
        }
        out
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn fits(pattern: &[u8], text: &[u8]) -> bool {
    fits_by(pattern, text, |a, b| a == b)
}

/// Greedy matching with one point of return: linear in practice, quadratic at worst, never exponential.
fn fits_by(pattern: &[u8], text: &[u8], same: impl Fn(u8, u8) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                last_star = Some((p + 1, t));
                p += 1;
            }
            Some(&expected) if same(expected, byte) => {
                p += 1;
                t += 1;
            }
            _ => match last_star {
                Some((after, from)) => {
                    p = after;
                    t = from + 1;
                    last_star = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|&byte| byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_text_must_fit() {
        assert!(Pattern::new("*\\temp\\*").matches("C:\\temp\\x"));
        assert!(Pattern::new("a*b*c").matches("aXbYbc"));
        assert!(!Pattern::new("a*b").matches("abc"));
        assert!(Pattern::new("*").matches(""));
        assert!(Pattern::new("CREATED").matches_ignoring_case("created"));
        assert!(Pattern::new("straße*").matches_ignoring_case("STRAßE 1"));
    }

    #[test]
    fn captured_parts_fill_another_pattern() {
        let parts = Pattern::new("All_Changes.*").captures("All_Changes.user").unwrap();
        assert_eq!(Pattern::new("*").fill(&parts), "user");
        assert_eq!(Pattern::new("*ip*").captures("src_ip_x").unwrap(), ["src_", "_x"]);
        assert!(Pattern::new("a*").captures("b").is_none());
        assert_eq!(Pattern::new("ab").captures("ab").unwrap(), Vec::<&str>::new());
    }
}
