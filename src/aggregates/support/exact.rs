//! A sum without rounding: the same for every order and every split of its addends.

use serde::{Deserialize, Serialize};

/// Bits in a limb.
const LIMB: usize = 32;

/// The exponent of the lowest bit that a double can have.
const LOWEST: i32 = 1074;

/// Limbs for every double, 2^64 times over, and a sign.
const LIMBS: usize = 70;

/// Additions after which limbs must be carried: each adds less than 2^34 to a limb of 63 bits.
const CARRY_AFTER: u32 = 1 << 28;

/// The largest whole number below which every whole number is a double.
const WHOLE_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The exact sum of doubles. Whole numbers are added as integers; the limbs, some 560 bytes, are there
/// only once another number has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Exact {
    whole: i128,
    limbs: Vec<i64>,
    pending: u32,
    /// An addend was infinite: the square of a number beyond 1e154.
    infinite: bool,
}

/// The number as an integer, if it is whole and small enough to be known to the last digit.
pub fn as_whole(number: f64) -> Option<i128> {
    (number.fract() == 0.0 && number.abs() < WHOLE_LIMIT).then_some(number as i128)
}

impl Exact {
    /// Adds a number so many times.
    pub fn add(&mut self, number: f64, times: u64) {
        if let Some(whole) = as_whole(number) {
            self.add_whole(whole.saturating_mul(i128::from(times)));
        } else if number.is_finite() {
            let bits = number.to_bits();
            let exponent = ((bits >> 52) & 0x7ff) as usize;
            let fraction = bits & ((1 << 52) - 1);
            let mantissa = if exponent == 0 { fraction } else { fraction | (1 << 52) };
            let place = exponent.max(1) - 1;
            self.deposit(number < 0.0, u128::from(mantissa) * u128::from(times), place);
        } else {
            self.infinite = true;
        }
    }

    /// Adds an integer.
    pub fn add_whole(&mut self, whole: i128) {
        self.whole = self.whole.saturating_add(whole);
    }

    /// Adds the product of two numbers, exactly.
    pub fn add_product(&mut self, left: f64, right: f64, times: u64) {
        let high = left * right;
        self.add(high, times);
        if high.is_finite() {
            self.add(left.mul_add(right, -high), times);
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Exact) {
        self.add_whole(other.whole);
        self.infinite |= other.infinite;
        if self.limbs.is_empty() {
            self.limbs = other.limbs;
            self.pending = other.pending;
        } else if !other.limbs.is_empty() {
            for (mine, theirs) in self.limbs.iter_mut().zip(other.carried()) {
                *mine += theirs;
            }
            self.pending += 1;
            self.carry_if_due();
        }
    }

    /// The sum, rounded once to the nearest double; not finite if it is beyond all doubles.
    pub fn round(&self) -> f64 {
        if self.infinite {
            return f64::NAN;
        }
        if self.limbs.is_empty() {
            return self.whole as f64;
        }
        let mut all = self.clone();
        all.deposit(self.whole < 0, self.whole.unsigned_abs(), LOWEST as usize);
        let mut limbs = all.carried();
        let negative = limbs.last().is_some_and(|&top| top < 0);
        if negative {
            limbs.iter_mut().for_each(|limb| *limb = -*limb);
            carry(&mut limbs);
        }
        let magnitude = magnitude(&limbs);
        if negative { -magnitude } else { magnitude }
    }

    /// The sum as doubles that add up to it exactly, the largest first.
    pub fn parts(&self) -> Vec<f64> {
        let mut rest = self.clone();
        let mut parts = Vec::new();
        // Each part takes 53 bits off the front, so a few dozen exhaust the widest sum.
        while parts.len() < 64 {
            let part = rest.round();
            if part == 0.0 || !part.is_finite() {
                break;
            }
            parts.push(part);
            rest.add(-part, 1);
        }
        parts
    }

    /// Adds a number of 128 bits that begins `place` bits above the lowest.
    fn deposit(&mut self, negative: bool, number: u128, place: usize) {
        self.limbs.resize(LIMBS, 0);
        let (first, shift) = (place / LIMB, place % LIMB);
        for digit in 0..4 {
            let wide = u64::from((number >> (LIMB * digit)) as u32) << shift;
            for (limb, half) in [wide & 0xffff_ffff, wide >> LIMB].into_iter().enumerate() {
                if let Some(limb) = self.limbs.get_mut(first + digit + limb) {
                    *limb += if negative { -(half as i64) } else { half as i64 };
                }
            }
        }
        self.pending += 1;
        self.carry_if_due();
    }

    fn carry_if_due(&mut self) {
        if self.pending >= CARRY_AFTER {
            carry(&mut self.limbs);
            self.pending = 0;
        }
    }

    fn carried(&self) -> Vec<i64> {
        let mut limbs = self.limbs.clone();
        carry(&mut limbs);
        limbs
    }
}

/// Brings every limb but the last, which has the sign, into `0..2^32`.
fn carry(limbs: &mut [i64]) {
    let Some((top, lower)) = limbs.split_last_mut() else { return };
    let mut carried = 0;
    for limb in lower {
        let sum = *limb + carried;
        *limb = sum & 0xffff_ffff;
        carried = sum >> LIMB;
    }
    *top += carried;
}

/// The nearest double to limbs of which none is negative.
fn magnitude(limbs: &[i64]) -> f64 {
    let Some(top) = limbs.iter().rposition(|&limb| limb != 0) else { return 0.0 };
    // Three limbs hold at least 65 bits; of the rest only matters whether there is any.
    let lowest = top.saturating_sub(2);
    let (below, leading) = limbs.split_at(lowest);
    let mut bits: u128 = 0;
    for &limb in leading.iter().take(3).rev() {
        bits = (bits << LIMB) | u128::from(limb.unsigned_abs());
    }
    if below.iter().any(|&limb| limb != 0) {
        bits |= 1;
    }
    // In two steps, because 2^-1074 times a large power is not a double in one.
    let exponent = (lowest * LIMB) as i32 - LOWEST;
    bits as f64 * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(numbers: &[f64]) -> f64 {
        let mut sum = Exact::default();
        numbers.iter().for_each(|&number| sum.add(number, 1));
        sum.round()
    }

    #[test]
    fn known_sums() {
        assert_eq!(sum(&[]), 0.0);
        assert_eq!(sum(&[1.0, 2.0, -4.0]), -1.0);
        // Ten tenths of a double are a little more than one; rounded once they are one.
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e308, 1e308, -1e308]), 1e308);
        assert_eq!(sum(&[1e308, 1e308]), f64::INFINITY);
        assert_eq!(sum(&[1e16, 1e-300, -1e16]), 1e-300);
        assert_eq!(sum(&[5e-324, 5e-324]), 1e-323);
        assert_eq!(sum(&[f64::MAX, -f64::MAX, -0.5]), -0.5);
        // Half way between two doubles goes to the even one, unless something stands below the half.
        assert_eq!(sum(&[9_007_199_254_740_992.0, 1.0, 0.5, -0.5]), 9_007_199_254_740_992.0);
        assert_eq!(sum(&[9_007_199_254_740_992.0, 1.0, 1e-200]), 9_007_199_254_740_994.0);
    }

    #[test]
    fn many_times_is_often() {
        let mut many = Exact::default();
        many.add(0.1, 1000);
        assert_eq!(many.round(), sum(&[0.1; 1000]));
    }

    #[test]
    fn products_are_exact() {
        let mut sum = Exact::default();
        sum.add_product(1.0 + f64::EPSILON, 1.0 + f64::EPSILON, 1);
        sum.add(-1.0, 1);
        sum.add(-2.0 * f64::EPSILON, 1);
        assert_eq!(sum.round(), f64::EPSILON * f64::EPSILON);
        sum.add_product(1e200, 1e200, 1);
        assert!(sum.round().is_nan());
    }

    proptest! {
        /// Numbers with nine bits after the point are integers in disguise.
        #[test]
        fn agrees_with_integers(numbers in prop::collection::vec(-(1i64 << 52)..(1i64 << 52), 0..40)) {
            let total: i128 = numbers.iter().map(|&number| i128::from(number)).sum();
            let doubles: Vec<f64> = numbers.iter().map(|&number| number as f64 / 512.0).collect();
            prop_assert_eq!(sum(&doubles), total as f64 / 512.0);
        }

        #[test]
        fn parts_add_up(numbers in prop::collection::vec(any::<f64>(), 0..10)) {
            let finite: Vec<f64> = numbers.into_iter().filter(|n| n.is_finite()).map(|n| n / 16.0).collect();
            let mut exact = Exact::default();
            finite.iter().for_each(|&number| exact.add(number, 1));
            for part in exact.parts() {
                exact.add(-part, 1);
            }
            prop_assert_eq!(exact.round(), 0.0);
        }
    }
}
