//! Lines that cannot match are told by a search for literals over the whole chunk, before anything is
//! parsed.

use aho_corasick::packed;
use aho_corasick::{AhoCorasick, MatchKind};
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
    One(Box<memmem::Finder<'static>>),
    /// As One, of a letter beyond ASCII.
    Letter(Box<memmem::Finder<'static>>),
    Many(AhoCorasick),
    Folded(Box<Folded>),
}

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

/// Literals in any case, by SIMD search for a few bytes of each in every case they can have. A general
/// automaton reads byte by byte: several times slower.
#[derive(Clone, Debug)]
struct Folded {
    literals: Vec<Vec<u8>>,
    searcher: packed::Searcher,
    /// For each pattern of the searcher its literal, and where in that it stands.
    windows: Vec<(usize, usize)>,
}

/// How many patterns the SIMD search takes.
const MOST_PATTERNS: usize = 64;

/// How common a byte is in events, by rank: a window of rare bytes is seldom found in vain.
fn commonness(byte: u8) -> u32 {
    match byte.to_ascii_lowercase() {
        b'e' | b't' | b'a' | b's' | b'n' | b'i' | b'r' | b'o' | b'c' | b'"' | b'0'..=b'9' => 4,
        b'd' | b'l' | b'm' | b'p' | b'u' | b'.' | b'-' | b':' | b',' => 3,
        b'g' | b'f' | b'h' | b'b' | b'v' | b'y' | b'w' => 2,
        _ => 1,
    }
}

impl Folded {
    fn new(literals: &[Vec<u8>]) -> Option<Folded> {
        // The longest windows whose cases fit.
        let (width, places) = [4, 3, 2].into_iter().find_map(|width| {
            let places: Vec<usize> = literals.iter().map(|literal| rarest_window(literal, width)).collect();
            let counts =
                literals.iter().zip(&places).map(|(literal, &at)| cases(window(literal, at, width)).len());
            (counts.sum::<usize>() <= MOST_PATTERNS).then_some((width, places))
        })?;
        let mut builder = packed::Config::new().builder();
        let mut windows = Vec::new();
        for (number, (literal, at)) in literals.iter().zip(places).enumerate() {
            for case in cases(window(literal, at, width)) {
                builder.add(case);
                windows.push((number, at));
            }
        }
        Some(Folded { literals: literals.to_vec(), searcher: builder.build()?, windows })
    }

    fn find(&self, text: &[u8]) -> Option<usize> {
        let mut from = 0;
        loop {
            let found = self.searcher.find_in(text, packed_span(from, text.len()))?;
            let pattern = found.pattern().as_usize();
            // Patterns with the same bytes belong to several literals: all of them are looked at.
            let bytes = text.get(found.start()..found.end()).unwrap_or(&[]);
            let whole = self.literals_at(pattern, bytes).find_map(|(literal, offset)| {
                let start = found.start().checked_sub(offset)?;
                let there = text.get(start..start + literal.len())?;
                there.eq_ignore_ascii_case(literal).then_some(start)
            });
            if whole.is_some() {
                return whole;
            }
            from = found.start() + 1;
        }
    }

    /// The literals that have the found bytes in their window, with the window's place.
    fn literals_at<'l>(
        &'l self,
        pattern: usize,
        bytes: &'l [u8],
    ) -> impl Iterator<Item = (&'l Vec<u8>, usize)> {
        let first = self.windows.get(pattern).copied();
        let mut last = None;
        self.windows
            .iter()
            .copied()
            .filter(move |window| {
                let new = last != Some(*window);
                last = Some(*window);
                new && first.is_some()
            })
            .filter_map(move |(number, at)| {
                let literal = self.literals.get(number)?;
                window(literal, at, bytes.len()).eq_ignore_ascii_case(bytes).then_some((literal, at))
            })
    }
}

fn packed_span(start: usize, end: usize) -> aho_corasick::Span {
    aho_corasick::Span { start, end }
}

fn window(literal: &[u8], at: usize, width: usize) -> &[u8] {
    literal.get(at..literal.len().min(at + width)).unwrap_or(literal)
}

/// Where the least common bytes of a literal stand side by side.
fn rarest_window(literal: &[u8], width: usize) -> usize {
    let sum = |at: usize| window(literal, at, width).iter().map(|&byte| commonness(byte)).sum::<u32>();
    (0..=literal.len().saturating_sub(width)).min_by_key(|&at| sum(at)).unwrap_or(0)
}

/// The bytes with every letter in both cases.
fn cases(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = vec![Vec::new()];
    for &byte in bytes {
        let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
        let with = |last: u8| {
            move |mut text: Vec<u8>| {
                text.push(last);
                text
            }
        };
        let lowers: Vec<Vec<u8>> = all.iter().cloned().map(with(lower)).collect();
        let uppers = all.into_iter().filter(|_| lower != upper).map(with(upper));
        all = lowers.into_iter().chain(uppers).collect();
    }
    all
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
}
