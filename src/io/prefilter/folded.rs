//! Literals in any case.

use aho_corasick::packed;

/// Literals in any case, by SIMD search for a few bytes of each in every case they can have. A general
/// automaton reads byte by byte: several times slower.
#[derive(Clone, Debug)]
pub struct Folded {
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
    /// A search for these; none where there are too many.
    pub fn new(literals: &[Vec<u8>]) -> Option<Folded> {
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

    /// Where the first of them begins.
    pub fn find(&self, text: &[u8]) -> Option<usize> {
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
