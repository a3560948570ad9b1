//! About how many different values a field has, in little memory.
//!
//! ## Syntax
//! `estdc(<field>)` | `estdc_error(<field>)`
//!
//! ## Description
//! Up to 2048 different values a group's count is exact. Beyond that it is estimated in 16 KiB, however many there
//! are, with a standard error of 0.8 per cent (a HyperLogLog sketch of 16384 registers). `estdc_error` is the error to
//! expect, as a share of the count: 0 while the count is exact. Values are different when their text is; of a
//! multivalue field every value counts.
//!
//! ## Examples
//!
//! ```spl
//! stats estdc(user), estdc_error(user)
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": ["ada", "bob"]}
//! {}
//! ```
//! ```json out
//! {"estdc(user)": 2, "estdc_error(user)": 0}
//! ```
//!
//! ```spl
//! stats estdc(user) AS users BY host
//! ```
//! ```json in
//! {"host": "a", "user": "ada"}
//! {"host": "b"}
//! ```
//! ```json out
//! {"host": "a", "users": 1}
//! {"host": "b", "users": 0}
//! ```
//!
//! ```spl
//! stats estimate(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `estimate`
//! ```
//!
//! ## Differences from Splunk
//! The estimate of a large count is not the number that Splunk estimates: both are within their error.

use serde::{Deserialize, Serialize};

use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::Value;

/// `estdc` and `estdc_error`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    match name {
        "estdc" => Some(erase(Estimate::Count)),
        "estdc_error" => Some(erase(Estimate::Error)),
        _ => None,
    }
}

enum Estimate {
    Count,
    Error,
}

/// Hashes that are kept before they are estimated.
const EXACT: usize = 2048;

/// Bits of a hash that choose its register.
const BITS: u32 = 14;

/// 2^14.
const REGISTERS: usize = 1 << BITS;

/// Bits of a hash whose leading zeros are counted.
const REST: u32 = u64::BITS - BITS;

/// The hashes of the values, or once there are too many, for each register the longest run of zeros.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Sketch {
    Hashes(std::collections::BTreeSet<u64>),
    Registers(Vec<u8>),
}

impl Default for Sketch {
    fn default() -> Sketch {
        Sketch::Hashes(Default::default())
    }
}

impl Sketch {
    fn add(&mut self, hash: u64) {
        match self {
            Sketch::Registers(registers) => {
                let zeros = (hash << BITS).leading_zeros().min(REST) as u8 + 1;
                if let Some(register) = registers.get_mut((hash >> REST) as usize) {
                    *register = zeros.max(*register);
                }
            }
            Sketch::Hashes(hashes) => {
                hashes.insert(hash);
                if hashes.len() > EXACT {
                    self.registers();
                }
            }
        }
    }

    /// Goes over to registers.
    fn registers(&mut self) {
        if let Sketch::Hashes(hashes) = std::mem::replace(self, Sketch::Registers(vec![0; REGISTERS])) {
            hashes.into_iter().for_each(|hash| self.add(hash));
        }
    }

    fn merge(&mut self, other: Sketch) {
        match other {
            Sketch::Hashes(hashes) => hashes.into_iter().for_each(|hash| self.add(hash)),
            Sketch::Registers(theirs) => {
                if matches!(self, Sketch::Hashes(_)) {
                    self.registers();
                }
                if let Sketch::Registers(mine) = self {
                    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine = theirs.max(*mine));
                }
            }
        }
    }

    fn count(&self) -> f64 {
        match self {
            Sketch::Hashes(hashes) => hashes.len() as f64,
            Sketch::Registers(registers) => estimate(registers),
        }
    }
}

/// O. Ertl's estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm
/// 6): one formula without thresholds or tables.
fn estimate(registers: &[u8]) -> f64 {
    let count = REGISTERS as f64;
    let share =
        |level: u32| registers.iter().filter(|&&zeros| u32::from(zeros) == level).count() as f64 / count;
    let mut sum = count * tau(1.0 - share(REST + 1));
    for level in (1..=REST).rev() {
        sum = 0.5 * (sum + count * share(level));
    }
    sum += count * sigma(share(0));
    (count / (2.0 * std::f64::consts::LN_2) * count / sum).round()
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

/// FNV-1a with a final mix: the same on every machine, because sketches travel.
fn hash(text: &str) -> u64 {
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^ (hash >> 33)
}

impl Aggregate for Estimate {
    type State = Sketch;

    const REPEATS_MATTER: bool = false;

    fn update(&self, state: &mut Sketch, input: Input<'_>) {
        input.value.values().iter().for_each(|value| state.add(hash(&value.to_text())));
    }

    fn merge(&self, state: &mut Sketch, other: Sketch, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Sketch) -> Value {
        match (self, state) {
            (Estimate::Count, state) => Value::number(state.count()),
            (Estimate::Error, Sketch::Hashes(_)) => Value::number(0.0),
            // The standard error of the sketch is 1.04 over the root of the registers.
            (Estimate::Error, Sketch::Registers(_)) => Value::number(1.04 / (REGISTERS as f64).sqrt()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(values: std::ops::Range<u32>) -> Sketch {
        let mut sketch = Sketch::default();
        values.for_each(|value| sketch.add(hash(&value.to_string())));
        sketch
    }

    #[test]
    fn exact_while_there_are_few() {
        assert_eq!(sketch(0..2048).count(), 2048.0);
        assert!(matches!(sketch(0..2048), Sketch::Hashes(_)));
    }

    #[test]
    fn within_three_standard_errors() {
        for count in [3000_u32, 20_000, 60_000, 400_000] {
            let error = (sketch(0..count).count() - f64::from(count)).abs() / f64::from(count);
            assert!(error < 3.0 * 0.008125, "{count}: {error}");
        }
    }

    #[test]
    fn parts_overlap() {
        let mut left = sketch(0..1500);
        left.merge(sketch(1000..2500));
        assert_eq!(left.count(), sketch(0..2500).count());
        let mut few = sketch(0..10);
        few.merge(sketch(5..9000));
        assert_eq!(few.count(), sketch(0..9000).count());
    }
}
