//! Sums that come out as a loop over the rows would have them, however the rows were split.

use serde::{Deserialize, Serialize};

use super::exact::{Exact, as_whole};

/// Addends with a fraction that are remembered, equal neighbours counting as one: 32 KiB a group.
pub const REMEMBERED: usize = 1024;

/// A sum of doubles, from left to right.
///
/// Splunk adds one value after the other and prints what rounding leaves: the average of a hundred times
/// 3.99 is 3.9900000000000055. Partial sums would round elsewhere. So the addends are remembered in their
/// order, and a part that is merged is added value by value. Whole numbers do not round: neighbours are
/// added up at once, and a sum of whole numbers alone remembers nothing. Beyond [`REMEMBERED`] addends the
/// sum is exact and rounded once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Addition {
    /// How many addends.
    count: u64,
    /// The whole numbers before the first piece.
    lead: i128,
    pieces: Vec<Piece>,
    /// The sum of all but the last whole numbers.
    running: f64,
    /// The whole sum, once there were too many addends to remember.
    exact: Option<Box<Exact>>,
}

/// A number with a fraction, so many times, then whole numbers.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Piece {
    number: f64,
    times: u64,
    whole: i128,
}

impl Addition {
    /// Adds a number.
    pub fn add(&mut self, number: f64) {
        self.count += 1;
        match as_whole(number) {
            Some(whole) => self.push_whole(whole),
            None => self.push(number, 1),
        }
    }

    /// Adds the sum of a later part.
    pub fn merge(&mut self, other: Addition) {
        self.count += other.count;
        if let Some(exact) = other.exact {
            self.forget().merge(*exact);
            return;
        }
        self.push_whole(other.lead);
        for piece in other.pieces {
            self.push(piece.number, piece.times);
            self.push_whole(piece.whole);
        }
    }

    /// How many numbers were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum; none of nothing.
    pub fn total(&self) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        Some(match &self.exact {
            Some(exact) => exact.round(),
            None => self.running + self.last_whole() as f64,
        })
    }

    fn last_whole(&self) -> i128 {
        self.pieces.last().map_or(self.lead, |piece| piece.whole)
    }

    fn push_whole(&mut self, whole: i128) {
        if let Some(exact) = &mut self.exact {
            exact.add_whole(whole);
        } else {
            let last = self.pieces.last_mut().map_or(&mut self.lead, |piece| &mut piece.whole);
            *last = last.saturating_add(whole);
        }
    }

    fn push(&mut self, number: f64, times: u64) {
        if let Some(exact) = &mut self.exact {
            exact.add(number, times);
            return;
        }
        self.running += self.last_whole() as f64;
        for _ in 0..times {
            self.running += number;
        }
        match self.pieces.last_mut() {
            Some(last) if last.whole == 0 && last.number == number => last.times += times,
            _ => self.pieces.push(Piece { number, times, whole: 0 }),
        }
        if self.pieces.len() > REMEMBERED {
            self.forget();
        }
    }

    /// Goes over to the exact sum.
    fn forget(&mut self) -> &mut Exact {
        let (lead, pieces) = (self.lead, std::mem::take(&mut self.pieces));
        self.exact.get_or_insert_with(|| {
            let mut exact = Box::new(Exact::default());
            exact.add_whole(lead);
            for piece in pieces {
                exact.add(piece.number, piece.times);
                exact.add_whole(piece.whole);
            }
            exact
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(numbers: &[f64]) -> Addition {
        let mut sum = Addition::default();
        numbers.iter().for_each(|&number| sum.add(number));
        sum
    }

    #[test]
    fn from_left_to_right() {
        // Search Reference, "Mathematical functions": what Splunk prints.
        let sum = add(&[3.99; 100]);
        assert_eq!(sum.total().map(|total| total / 100.0), Some(3.9900000000000055));
        assert_eq!(sum.pieces.len(), 1);
        assert_eq!(add(&[0.1, 0.2]).total(), Some(0.30000000000000004));
        assert_eq!(add(&[]).total(), None);
    }

    #[test]
    fn whole_numbers_leave_no_trace() {
        let many: Vec<f64> = (0..5000).map(f64::from).collect();
        let sum = add(&many);
        assert_eq!((sum.total(), sum.pieces.len()), (Some(12_497_500.0), 0));
    }

    #[test]
    fn too_many_are_summed_exactly() {
        // 0.1, 1.1, 2.1 …: 2000 of them are 1999000 + 200, and the doubles' errors are far below the
        // last place of the sum.
        let many: Vec<f64> = (0..2000).map(|n| f64::from(n) + 0.1).collect();
        let sum = add(&many);
        assert!(sum.exact.is_some() && sum.pieces.is_empty());
        let mut reversed = many.clone();
        reversed.reverse();
        assert_eq!(sum.total(), add(&reversed).total());
        assert!((sum.total().unwrap() - 1_999_200.0).abs() < 1e-9);
    }

    #[test]
    fn every_cut_gives_the_same() {
        let numbers = [0.1, 0.2, 3.0, -3.0, 0.2, 0.2, 7.0, 1e16, 0.3, 1e16, -2.5, 1.0, 2.0];
        let whole = add(&numbers).total();
        for cut in 0..=numbers.len() {
            let (left, right) = numbers.split_at(cut);
            let mut sum = add(left);
            sum.merge(add(right));
            assert_eq!(sum.total(), whole, "{cut}");
        }
    }
}
