//! What percentiles remember: every number, in order, equal ones once with their count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Numbers by rank. Memory grows with the different numbers, some 20 bytes each.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ranked {
    counts: BTreeMap<u64, u64>,
    count: u64,
}

const SIGN: u64 = 1 << 63;

/// An integer that sorts as the number does.
fn key(number: f64) -> u64 {
    // -0 and 0 are the same number.
    let bits = (number + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn number(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN })
}

impl Ranked {
    /// Takes in a number.
    pub fn add(&mut self, number: f64) {
        self.count += 1;
        *self.counts.entry(key(number)).or_default() += 1;
    }

    /// Takes in those of another part.
    pub fn merge(&mut self, other: Ranked) {
        self.count += other.count;
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The numbers at a rank, counted from 0, and at the next; the last number has no next and stands for
    /// both.
    pub fn pair_at(&self, rank: u64) -> Option<(f64, f64)> {
        let mut before = 0;
        let mut low = None;
        for (&key, &count) in &self.counts {
            before += count;
            if low.is_none() && before > rank {
                low = Some(number(key));
            }
            if let Some(low) = low
                && before > rank + 1
            {
                return Some((low, number(key)));
            }
        }
        low.map(|low| (low, low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_every_number() {
        let mut ranked = Ranked::default();
        for number in [3.0, -1.5, 0.0, -0.0, 3.0, -7.0] {
            ranked.add(number);
        }
        // In order: -7, -1.5, 0, 0, 3, 3.
        assert_eq!(ranked.count(), 6);
        assert_eq!(ranked.pair_at(0), Some((-7.0, -1.5)));
        assert_eq!(ranked.pair_at(1), Some((-1.5, 0.0)));
        assert_eq!(ranked.pair_at(2), Some((0.0, 0.0)));
        assert_eq!(ranked.pair_at(3), Some((0.0, 3.0)));
        assert_eq!(ranked.pair_at(5), Some((3.0, 3.0)));
        assert_eq!(ranked.pair_at(6), None);
    }
}
