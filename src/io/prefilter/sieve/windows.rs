//! Which bytes of a literal are looked at, and which literals share a group.

/// How many neighbouring bytes of a literal are looked at, at most.
pub const WIDTH: usize = 3;

/// For the halves of a byte, low and high, which values they may have: one bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Halves {
    /// Of the low half.
    pub low: u16,
    /// Of the high half.
    pub high: u16,
}

impl Halves {
    const ANY: Halves = Halves { low: u16::MAX, high: u16::MAX };

    fn of(byte: u8) -> Halves {
        Halves { low: 1 << (byte & 15), high: 1 << (byte >> 4) }
    }

    fn or(self, other: Halves) -> Halves {
        Halves { low: self.low | other.low, high: self.high | other.high }
    }

    /// How many bytes have such halves.
    fn bytes(self) -> u32 {
        self.low.count_ones() * self.high.count_ones()
    }
}

/// The bytes of one or more literals in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window([Halves; WIDTH]);

impl Window {
    fn of(bytes: &[u8], any_case: bool) -> Window {
        Window(std::array::from_fn(|at| match bytes.get(at) {
            Some(byte) if any_case => {
                Halves::of(byte.to_ascii_lowercase()).or(Halves::of(byte.to_ascii_uppercase()))
            }
            Some(byte) => Halves::of(*byte),
            // Behind a literal that is shorter than the window any byte may follow.
            None => Halves::ANY,
        }))
    }

    fn or(self, other: Window) -> Window {
        let mut places = self.0;
        places.iter_mut().zip(other.0).for_each(|(place, other)| *place = place.or(other));
        Window(places)
    }

    /// How many sequences of bytes it lets through.
    fn sequences(&self) -> u32 {
        self.0.iter().map(|place| place.bytes()).product()
    }

    /// Its places, one after the other.
    pub fn places(&self) -> [Halves; WIDTH] {
        self.0
    }
}

/// How much of a text is counted: as much as a few events.
const COUNTED: usize = 64 * 1024;

/// How often which two bytes follow each other in a text.
pub struct Pairs {
    counts: Vec<u32>,
}

impl Pairs {
    /// Those of the beginning of a text.
    pub fn of(text: &[u8]) -> Pairs {
        let mut counts = vec![0; 1 << 16];
        for pair in text.get(..COUNTED).unwrap_or(text).array_windows() {
            if let Some(count) = counts.get_mut(usize::from(u16::from_le_bytes(*pair))) {
                *count += 1;
            }
        }
        Pairs { counts }
    }

    /// How often two bytes follow each other, once more than was seen: what was not seen may come.
    fn count(&self, one: u8, two: u8, any_case: bool) -> u64 {
        let cases = |byte: u8| [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
        let count = |one: u8, two: u8| {
            self.counts.get(usize::from(u16::from_le_bytes([one, two]))).copied().map_or(0, u64::from)
        };
        1 + match any_case {
            true => cases(one).into_iter().flat_map(|one| cases(two).map(|two| count(one, two))).sum(),
            false => count(one, two),
        }
    }

    /// Where a window of so many bytes of a literal stands best, and what is in it: where they seldom follow each
    /// other.
    pub fn rarest_window(&self, literal: &[u8], any_case: bool, width: usize) -> (usize, Window) {
        let pairs = |bytes: &[u8]| -> u64 {
            bytes.array_windows().map(|&[one, two]| self.count(one, two, any_case)).product()
        };
        let window = |at: usize| literal.get(at..literal.len().min(at + width)).unwrap_or(literal);
        let last = literal.len().saturating_sub(width);
        let at = (0..=last).min_by_key(|&at| pairs(window(at))).unwrap_or(0);
        (at, Window::of(window(at), any_case))
    }
}

/// Puts literals together, those first that look alike, until there are no more groups than so many: what a group
/// lets through in vain is to be least.
pub fn grouped<T>(literals: Vec<(Window, Vec<T>)>, most: usize) -> Vec<(Window, Vec<T>)> {
    let mut groups = literals;
    while groups.len() > most {
        let mut best: Option<(u32, usize, usize)> = None;
        for (later, (one, _)) in groups.iter().enumerate() {
            for (earlier, (other, _)) in groups.iter().take(later).enumerate() {
                let apart = one.sequences() + other.sequences();
                let more = one.or(*other).sequences().saturating_sub(apart);
                if best.is_none_or(|(least, ..)| more < least) {
                    best = Some((more, earlier, later));
                }
            }
        }
        let Some((_, earlier, later)) = best else { break };
        let (window, literals) = groups.swap_remove(later);
        if let Some(group) = groups.get_mut(earlier) {
            group.0 = group.0.or(window);
            group.1.extend(literals);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_bytes_are_looked_at() {
        let pairs = Pairs::of(b"aaaaaaaaaaa abab ababab");
        assert_eq!(pairs.rarest_window(b"aaaaxyzaaa", false, 3).0, 3);
        assert_eq!(pairs.rarest_window(b"aaaaXYZaaa", true, 3).0, 3);
        assert_eq!(pairs.rarest_window(b"ab", false, 3), (0, Window::of(b"ab", false)));
    }

    #[test]
    fn what_looks_alike_shares_a_group() {
        let one = |text: &'static str| (Window::of(text.as_bytes(), false), vec![text]);
        let groups = grouped(["abc", "xyz", "abd", "x"].map(one).to_vec(), 3);
        let mut literals: Vec<_> = groups.into_iter().map(|(_, literals)| literals).collect();
        literals.sort();
        assert_eq!(literals, [vec!["abc", "abd"], vec!["x"], vec!["xyz"]]);
    }
}
