//! Lines that cannot match are told by a search for literals over the whole chunk, before anything is
//! parsed.

mod folded;
mod sieve;

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::{memchr_iter, memmem};

use folded::Folded;
use sieve::Sieve;

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
    /// A faster way through lines, where the processor has it: made when the first text is there.
    sieve: OnceLock<Option<Sieve>>,
}

#[derive(Clone, Debug)]
enum Searcher {
    One(Box<memmem::Finder<'static>>),
    /// As One, of a letter beyond ASCII.
    Letter(Box<memmem::Finder<'static>>),
    Many(AhoCorasick),
    Folded(Box<Folded>),
}

/// With less text than this, making a sieve takes longer than it saves.
const SIEVE_PAYS: usize = 32 * 1024;

/// JSON may write any character as `\u` and four digits: a line with one may hold a literal unseen.
const ESCAPE: &[u8] = b"\\u";

/// Letters beyond ASCII whose lower case is, or begins with, an ASCII letter: the Kelvin sign and the dotted
/// capital i (Unicode, UnicodeData.txt and SpecialCasing.txt). They matter to literals with that letter only.
const LOWER_CASE_IS_ASCII: [(&str, u8); 2] = [("\u{212a}", b'k'), ("\u{130}", b'i')];

impl Prefilter {
    /// A search for these literals; none if it cannot be built. No literal at all: no line matches.
    pub fn new(needles: Vec<Needle>) -> Option<Prefilter> {
        let (any_case, exact): (Vec<Needle>, Vec<Needle>) =
            needles.iter().cloned().partition(|needle| needle.any_case);
        let mut searchers = Vec::new();
        let exact: Vec<Vec<u8>> = exact.into_iter().map(|needle| needle.text).collect();
        match exact.as_slice() {
            [] => {}
            [one] => searchers.push(one_literal(one)),
            many => searchers.push(Searcher::Many(automaton(many, false)?)),
        }
        if !any_case.is_empty() {
            let texts: Vec<Vec<u8>> = any_case.into_iter().map(|needle| needle.text).collect();
            searchers.push(match Folded::new(&texts) {
                Some(folded) => Searcher::Folded(Box::new(folded)),
                None => Searcher::Many(automaton(&texts, true)?),
            });
            let occurs = |ascii: u8| texts.iter().flatten().any(|byte| byte.to_ascii_lowercase() == ascii);
            let letters = LOWER_CASE_IS_ASCII.iter().filter(|(_, ascii)| occurs(*ascii));
            searchers.extend(letters.map(|(letter, _)| Searcher::Letter(finder(letter.as_bytes()))));
        }
        if !needles.is_empty() {
            searchers.push(one_literal(ESCAPE));
        }
        Some(Prefilter { needles, searchers, sieve: OnceLock::new() })
    }

    /// The literals.
    pub fn needles(&self) -> &[Needle] {
        &self.needles
    }

    /// Tells the lines of a text apart into those that have a literal and the others.
    pub fn sift(&self, text: &[u8], lines: &mut Lines) {
        lines.clear();
        let sieve = match text.len() {
            ..SIEVE_PAYS => None,
            _ => self.sieve.get_or_init(|| Sieve::new(&self.needles, ESCAPE, text)).as_ref(),
        };
        match sieve {
            Some(sieve) => self.through(sieve, text, lines),
            None => self.search(text, lines),
        }
    }

    fn through(&self, sieve: &Sieve, text: &[u8], lines: &mut Lines) {
        sieve.sift(text, lines);
        if lines.ascii {
            return;
        }
        // A letter beyond ASCII may stand for one of a literal.
        for searcher in &self.searchers {
            let Searcher::Letter(finder) = searcher else { continue };
            for place in finder.find_iter(text) {
                lines.mark(place);
            }
        }
    }

    /// As [`Prefilter::sift`], by one search for each kind of literal and one for newlines.
    fn search(&self, text: &[u8], lines: &mut Lines) {
        lines.ascii = text.is_ascii();
        let mut found = Found::default();
        found.restart(lines.ascii);
        let mut hit = self.next(text, 0, &mut found);
        let ends = memchr_iter(b'\n', text).chain((!text.ends_with(b"\n")).then_some(text.len()));
        for end in ends {
            lines.push(end, hit < end);
            if hit < end {
                hit = self.next(text, end, &mut found);
            }
        }
    }

    /// The place of the next literal in a text, from `at` on; the end of the text if there is none.
    pub fn next(&self, text: &[u8], at: usize, found: &mut Found) -> usize {
        found.places.resize(self.searchers.len(), None);
        let mut nearest = text.len();
        for (searcher, place) in self.searchers.iter().zip(&mut found.places) {
            let known = place.filter(|&place| place >= at);
            let next = known.unwrap_or_else(|| match searcher {
                Searcher::Letter(_) if found.ascii => text.len(),
                searcher => searcher.find(text, at),
            });
            *place = Some(next);
            nearest = nearest.min(next);
        }
        nearest
    }
}

/// The lines of a text, told apart. Used again from text to text.
#[derive(Debug, Default)]
pub struct Lines {
    /// Where each ends: at its newline, the last where the text ends; and whether it has a literal.
    lines: Vec<(usize, bool)>,
    /// Whether all of the text is ASCII.
    ascii: bool,
}

impl Lines {
    fn clear(&mut self) {
        self.lines.clear();
        self.ascii = false;
    }

    fn push(&mut self, end: usize, has_literal: bool) {
        self.lines.push((end, has_literal));
    }

    /// The line of a place has a literal.
    fn mark(&mut self, place: usize) {
        let line = self.lines.partition_point(|&(end, _)| end < place);
        if let Some((_, has_literal)) = self.lines.get_mut(line) {
            *has_literal = true;
        }
    }

    /// Where each line ends, without its newline, and whether it has a literal.
    pub fn iter(&self) -> impl Iterator<Item = (usize, bool)> {
        self.lines.iter().copied()
    }

    /// Whether all of the text is ASCII.
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }
}

/// Where each search stands: a place that was found is not looked for again.
#[derive(Debug, Default)]
pub struct Found {
    places: Vec<Option<usize>>,
    /// Whether the text is known to be ASCII.
    ascii: bool,
}

impl Found {
    /// At the beginning of another text.
    pub fn restart(&mut self, ascii: bool) {
        self.places.clear();
        self.ascii = ascii;
    }
}

impl Searcher {
    fn find(&self, text: &[u8], at: usize) -> usize {
        let rest = text.get(at..).unwrap_or(&[]);
        let found = match self {
            Searcher::One(finder) | Searcher::Letter(finder) => finder.find(rest),
            Searcher::Many(automaton) => automaton.find(rest).map(|found| found.start()),
            Searcher::Folded(folded) => folded.find(rest),
        };
        found.map_or(text.len(), |start| at + start)
    }
}

fn finder(text: &[u8]) -> Box<memmem::Finder<'static>> {
    Box::new(memmem::Finder::new(text).into_owned())
}

fn one_literal(text: &[u8]) -> Searcher {
    Searcher::One(finder(text))
}

fn automaton(texts: &[Vec<u8>], any_case: bool) -> Option<AhoCorasick> {
    let kind = MatchKind::LeftmostFirst;
    AhoCorasick::builder().match_kind(kind).ascii_case_insensitive(any_case).build(texts).ok()
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
        let needles = vec![needle("abc", false), needle("CDE", true)];
        assert_eq!(places(needles, r"xabc cde ABC \u0061 Cde"), [1, 5, 13, 20]);
        assert_eq!(places(vec![needle("ab", false)], "no such"), Vec::<usize>::new());
        assert_eq!(places(vec![], r"\u0061"), Vec::<usize>::new());
    }

    #[test]
    fn any_case_means_every_letter() {
        let text = "x DELETETRAIL deletetrail DeleteTrail deleteTrai deletetrails k\u{212a}";
        assert_eq!(places(vec![needle("DeleteTrail", true)], text), [2, 14, 26, 49]);
        // The Kelvin sign may stand for the `k` of a literal, and only for that.
        assert_eq!(places(vec![needle("kelvin", true)], "x \u{212a}elvin KELVIN"), [2, 11]);
        // Two literals with the same rare bytes.
        let both = vec![needle("axyzw1", true), needle("bxyzw2", true)];
        assert_eq!(places(both, "BXYZW2 aXyZw1 cxyzw1"), [0, 7]);
    }

    /// Which lines have a literal, without a sieve and by every kind of it.
    fn all_ways(prefilter: &Prefilter, text: &[u8]) -> Vec<(Vec<(usize, bool)>, bool)> {
        let mut searched = Lines::default();
        prefilter.search(text, &mut searched);
        let sieves = Sieve::every(&prefilter.needles, ESCAPE, text);
        let sifted = sieves.iter().map(|sieve| {
            let mut lines = Lines::default();
            prefilter.through(sieve, text, &mut lines);
            lines
        });
        std::iter::once(searched)
            .chain(sifted)
            .map(|lines| (lines.iter().collect(), lines.is_ascii()))
            .collect()
    }

    #[test]
    fn lines_are_told_apart() {
        let prefilter = Prefilter::new(vec![needle("abc", false), needle("CDE", true)]).unwrap();
        let text = "xabc\nABC\n\ncde\nab\nc\n\\u00\nabc";
        let expected =
            [(4, true), (8, false), (9, false), (13, true), (16, false), (18, false), (23, true), (27, true)];
        for (lines, ascii) in all_ways(&prefilter, text.as_bytes()) {
            assert_eq!((lines.as_slice(), ascii), (expected.as_slice(), true));
        }
        let kelvin = Prefilter::new(vec![needle("kelvin", true)]).unwrap();
        for (lines, ascii) in all_ways(&kelvin, "no\nx \u{212a}elvin\nKelvin\n".as_bytes()) {
            assert_eq!((lines.as_slice(), ascii), ([(2, false), (13, true), (20, true)].as_slice(), false));
        }
    }

    #[test]
    fn the_sieve_and_the_searches_agree() {
        // A small alphabet, so that literals and beginnings of them come often, and every length of text.
        let alphabet =
            [b'a', b'B', b'b', b'A', b'\n', b'\\', b'u', b'x', 0xc3, 0xa9, b'"', b'k', 0xe2, 0x84, 0xaa];
        let mut seed = 7_u64;
        let mut next = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for round in 0..2000 {
            let needles: Vec<Needle> = (0..1 + next(9))
                .map(|_| {
                    let letters = (0..1 + next(5)).map(|_| ['a', 'B', 'x', '"', 'é', 'k'][next(6)]);
                    needle(&letters.collect::<String>(), next(2) == 0)
                })
                .collect();
            let prefilter = Prefilter::new(needles.clone()).unwrap();
            let kinds = 2 + next(alphabet.len() - 1);
            let text: Vec<u8> = (0..round % 150).map(|_| alphabet[next(kinds)]).collect();
            let mut ways = all_ways(&prefilter, &text).into_iter();
            let searched = ways.next().unwrap();
            for sifted in ways {
                assert_eq!(sifted, searched, "{needles:?} in {:?}", String::from_utf8_lossy(&text));
            }
        }
    }
}
