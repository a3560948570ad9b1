//! Lines that cannot match are told by a search for literals over the whole chunk, before anything is
//! parsed.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem;

/// A literal that a line must contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// The bytes.
    pub text: Vec<u8>,
    /// Whether ASCII letters match in any case.
    pub any_case: bool,
}

/// Literals one of which a line must contain.
#[derive(Clone, Debug)]
pub struct Prefilter {
    needles: Vec<Needle>,
    searchers: Vec<Searcher>,
}

#[derive(Clone, Debug)]
enum Searcher {
    One(memmem::Finder<'static>),
    Many(AhoCorasick),
}

/// JSON may write any character as `\u` and four digits: a line with one may hold a literal unseen.
const ESCAPE: &[u8] = b"\\u";

/// Letters beyond ASCII whose lower case is, or begins with, an ASCII letter: the Kelvin sign and the dotted
/// capital i (Unicode, UnicodeData.txt and SpecialCasing.txt).
const LOWER_CASE_IS_ASCII: [&str; 2] = ["\u{212a}", "\u{130}"];

impl Prefilter {
    /// A search for these literals; none if it cannot be built. No literal at all: no line matches.
    pub fn new(needles: Vec<Needle>) -> Option<Prefilter> {
        let (any_case, exact): (Vec<Needle>, Vec<Needle>) =
            needles.iter().cloned().partition(|needle| needle.any_case);
        let mut searchers = Vec::new();
        let exact: Vec<Vec<u8>> = exact.into_iter().map(|needle| needle.text).collect();
        match exact.as_slice() {
            [] => {}
            [one] => searchers.push(Searcher::One(memmem::Finder::new(one).into_owned())),
            many => searchers.push(Searcher::Many(automaton(many, false)?)),
        }
        if !any_case.is_empty() {
            let mut texts: Vec<Vec<u8>> = any_case.into_iter().map(|needle| needle.text).collect();
            texts.extend(LOWER_CASE_IS_ASCII.map(|c| c.as_bytes().to_vec()));
            searchers.push(Searcher::Many(automaton(&texts, true)?));
        }
        if !needles.is_empty() {
            searchers.push(Searcher::One(memmem::Finder::new(ESCAPE).into_owned()));
        }
        Some(Prefilter { needles, searchers })
    }

    /// The literals.
    pub fn needles(&self) -> &[Needle] {
        &self.needles
    }

    /// The place of the next literal in a text, from `at` on; the end of the text if there is none.
    pub fn next(&self, text: &[u8], at: usize, found: &mut Found) -> usize {
        found.places.resize(self.searchers.len(), None);
        let mut nearest = text.len();
        for (searcher, place) in self.searchers.iter().zip(&mut found.places) {
            let known = place.filter(|&place| place >= at);
            let next = known.unwrap_or_else(|| searcher.find(text, at));
            *place = Some(next);
            nearest = nearest.min(next);
        }
        nearest
    }
}

/// Where each search stands: a place that was found is not looked for again.
#[derive(Debug, Default)]
pub struct Found {
    places: Vec<Option<usize>>,
}

impl Searcher {
    fn find(&self, text: &[u8], at: usize) -> usize {
        let rest = text.get(at..).unwrap_or(&[]);
        let found = match self {
            Searcher::One(finder) => finder.find(rest),
            Searcher::Many(automaton) => automaton.find(rest).map(|found| found.start()),
        };
        found.map_or(text.len(), |start| at + start)
    }
}

fn automaton(texts: &[Vec<u8>], any_case: bool) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .kind(if any_case { Some(AhoCorasickKind::DFA) } else { None })
        .ascii_case_insensitive(any_case)
        .build(texts)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needle(text: &str, any_case: bool) -> Needle {
        Needle { text: text.as_bytes().to_vec(), any_case }
    }

    fn places(needles: Vec<Needle>, text: &str) -> Vec<usize> {
        let prefilter = Prefilter::new(needles).unwrap();
        let (mut found, mut at, mut out) = (Found::default(), 0, Vec::new());
        loop {
            let next = prefilter.next(text.as_bytes(), at, &mut found);
            if next == text.len() {
                return out;
            }
            out.push(next);
            at = next + 1;
        }
    }

    #[test]
    fn literals_and_escapes_are_found_in_turn() {
        assert_eq!(
            places(vec![needle("ab", false), needle("CD", true)], r"xab cd AB \u0061 Cd"),
            [1, 4, 10, 17]
        );
        assert_eq!(places(vec![needle("ab", false)], "no such"), Vec::<usize>::new());
        assert_eq!(places(vec![], r"\u0061"), Vec::<usize>::new());
    }
}
