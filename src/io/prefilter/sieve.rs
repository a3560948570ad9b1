//! One pass over lines for everything that is asked of all bytes: where the lines end, whether a line may have
//! one of the literals, and whether all is ASCII.
//!
//! The literals are found as in Hyperscan's "Teddy" (Wang et al., NSDI 2019): of three neighbouring bytes of each
//! literal two tables, one for the low and one for the high half of a byte, say in which of eight groups of
//! literals the byte may stand; what all six tables agree on is compared with the literals of the group. Case is a
//! matter of the tables, so a literal in any case costs no more than another. Which bytes of a literal are looked at,
//! and which literals share a group, is chosen by a text like those to come.

mod blocks;
mod windows;

use super::{Lines, Needle};
use blocks::{BLOCK, Width};
use windows::{Halves, Pairs, WIDTH};

/// Groups of literals: as many as a byte has bits.
const GROUPS: usize = 8;

/// With more literals than this a group is hit too often.
const MOST_LITERALS: usize = 64;

/// How much text, in bytes, shows how often a window is found in vain, and how often is seldom.
const SAMPLE: usize = 32 * 1024;
const FEW: usize = 32;

/// The groups that a byte may belong to, at one place of the window.
#[derive(Clone, Copy, Debug)]
struct Table {
    /// By the low and by the high half of the byte: both have to agree.
    low: [u8; 16],
    high: [u8; 16],
    /// By its seventh bit and the six below. Bytes beyond ASCII share the place of the byte without the highest bit: what is found
    /// in vain is told apart later.
    whole: [[u8; BLOCK]; 2],
}

impl Table {
    fn new(low: [u8; 16], high: [u8; 16]) -> Table {
        let halves = Table { low, high, whole: [[0; BLOCK]; 2] };
        let both = |byte: usize| halves.groups(byte as u8) | halves.groups(byte as u8 | 0x80);
        let whole = [0, BLOCK].map(|from| std::array::from_fn(|at| both(from + at)));
        Table { whole, ..halves }
    }

    fn groups(&self, byte: u8) -> u8 {
        let at = |table: &[u8; 16], half: u8| table.get(usize::from(half)).copied().unwrap_or(0);
        at(&self.low, byte & 15) & at(&self.high, byte >> 4)
    }
}

/// A literal, and where in it the window stands.
#[derive(Clone, Debug)]
struct Literal {
    text: Vec<u8>,
    any_case: bool,
    window: usize,
}

impl Literal {
    /// Whether it stands in a text where its window would be at this place.
    fn is_at(&self, text: &[u8], place: usize) -> bool {
        let there = place.checked_sub(self.window).and_then(|start| text.get(start..start + self.text.len()));
        there.is_some_and(|there| match self.any_case {
            true => there.eq_ignore_ascii_case(&self.text),
            false => there == self.text,
        })
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Sieve {
    tables: [Table; WIDTH],
    groups: Vec<Vec<Literal>>,
    /// Whether the last place of the windows is not looked at: any byte may stand there.
    narrow: bool,
    /// The instructions that look through it.
    width: Width,
}

impl Sieve {
    /// A sieve for lines with one of the needles or with the escape, made for texts like the one given; none where
    /// the processor has not even AVX2, there are too many needles, or one goes over the end of a line.
    pub fn new(needles: &[Needle], escape: &[u8], like: &[u8]) -> Option<Sieve> {
        let lines = needles.iter().any(|needle| needle.text.contains(&b'\n') || needle.text.is_empty());
        if lines || needles.len() > MOST_LITERALS {
            return None;
        }
        let width = blocks::widest()?;
        let pairs = Pairs::of(like);
        let narrow = Sieve::of_windows(WIDTH - 1, width, needles, escape, &pairs);
        // Two bytes are quicker to look at, where that is not too often in vain.
        let sample = like.get(..SAMPLE).unwrap_or(like);
        let seldom = (0..sample.len()).filter(|&place| narrow.groups_at(sample, place) != 0).count() < FEW;
        Some(if seldom { narrow } else { Sieve::of_windows(WIDTH, width, needles, escape, &pairs) })
    }

    /// Every kind of sieve that the processor can use.
    #[cfg(test)]
    pub fn every(needles: &[Needle], escape: &[u8], like: &[u8]) -> Vec<Sieve> {
        let kinds = blocks::every().into_iter().flat_map(|width| [(WIDTH - 1, width), (WIDTH, width)]);
        kinds
            .map(|(window, width)| Sieve::of_windows(window, width, needles, escape, &Pairs::of(like)))
            .collect()
    }

    fn of_windows(window: usize, width: Width, needles: &[Needle], escape: &[u8], pairs: &Pairs) -> Sieve {
        let literal = |Needle { text, any_case }: &Needle| {
            let (start, bytes) = pairs.rarest_window(text, *any_case, window);
            (bytes, vec![Literal { text: text.clone(), any_case: *any_case, window: start }])
        };
        // The first group is the escape's alone.
        let escape = Needle { text: escape.to_vec(), any_case: false };
        let mut groups = windows::grouped(needles.iter().map(literal).collect(), GROUPS - 1);
        groups.insert(0, literal(&escape));
        let windows: Vec<[Halves; WIDTH]> = groups.iter().map(|(window, _)| window.places()).collect();
        let tables = std::array::from_fn(|place| {
            let halves = || windows.iter().filter_map(|window| window.get(place));
            Table::new(
                by_half(halves().map(|halves| halves.low)),
                by_half(halves().map(|halves| halves.high)),
            )
        });
        let groups = groups.into_iter().map(|(_, literals)| literals).collect();
        Sieve { tables, groups, narrow: window < WIDTH, width }
    }

    /// The groups that may have a window at a place of a text.
    fn groups_at(&self, text: &[u8], place: usize) -> u8 {
        let byte = |at: usize| text.get(place + at).copied().unwrap_or(0);
        let groups = self.tables.iter().enumerate().map(|(at, table)| table.groups(byte(at)));
        groups.fold(u8::MAX, |all, groups| all & groups)
    }

    /// Tells the lines of a text apart; see [`super::Prefilter::sift`].
    pub fn sift(&self, text: &[u8], lines: &mut Lines) {
        let mut sifted = Sifted { sieve: self, text, lines, has_literal: false };
        let (rest, mut ascii) = blocks::sift(&mut sifted);
        // The last bytes, too few for a block.
        for (place, &byte) in text.iter().enumerate().skip(rest) {
            ascii &= byte.is_ascii();
            sifted.look(place);
        }
        if !text.ends_with(b"\n") {
            sifted.newline(text.len());
        }
        lines.ascii = ascii;
    }
}

/// For each value of a half of a byte the groups that have it: one bit for each, the first the lowest.
fn by_half(groups: impl Iterator<Item = u16> + Clone) -> [u8; 16] {
    std::array::from_fn(|half| {
        let has = |(_, values): &(usize, u16)| values & (1 << half) != 0;
        groups.clone().enumerate().filter(has).fold(0, |all, (number, _)| all | 1 << number)
    })
}

/// A text on its way through the sieve.
struct Sifted<'s> {
    sieve: &'s Sieve,
    text: &'s [u8],
    lines: &'s mut Lines,
    /// Whether the line that has begun is known to have a literal.
    has_literal: bool,
}

impl Sifted<'_> {
    /// Looks at a place where there may be a newline or a literal's window: never both.
    #[inline]
    fn look(&mut self, place: usize) {
        match self.text.get(place) {
            Some(b'\n') => self.newline(place),
            _ if self.has_literal => {}
            _ => self.candidate(place),
        }
    }

    fn newline(&mut self, place: usize) {
        self.lines.push(place, self.has_literal);
        self.has_literal = false;
    }

    fn candidate(&mut self, place: usize) {
        let groups = self.sieve.groups_at(self.text, place);
        let hit = self.sieve.groups.iter().enumerate().filter(|(number, _)| groups & (1 << number) != 0);
        let mut literals = hit.flat_map(|(_, literals)| literals);
        self.has_literal = literals.any(|literal| literal.is_at(self.text, place));
    }
}
