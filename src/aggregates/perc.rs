//! The number below which a share of the numbers in a field lies.
//!
//! ## Syntax
//! `perc<N>(<field>)` | `p<N>(<field>)` | `exactperc<N>(<field>)` | `upperperc<N>(<field>)`
//!
//! ## Description
//! `N` is a percentage from 0 to 100, with or without a fraction: `perc95`, `p99.9`. The numbers are ranked from 0 to
//! n - 1; the result is the number at rank N / 100 · (n - 1), and between two ranks as far between their numbers.
//! Values that are not numbers do not count; of a multivalue field every value counts.
//!
//! Every different number is kept, some 20 bytes each, so all four forms are exact and give the same.
//!
//! ## Examples
//!
//! ```spl
//! stats perc50(n), p95(n)
//! ```
//! ```json in
//! {"n": "10"}
//! {"n": "9"}
//! {"n": "8"}
//! {"n": "7"}
//! {"n": "6"}
//! {"n": "5"}
//! {"n": "4"}
//! {"n": "3"}
//! {"n": "2"}
//! {"n": "1"}
//! ```
//! ```json out
//! {"perc50(n)": 5.5, "p95(n)": 9.55}
//! ```
//!
//! ```spl
//! stats exactperc25(n) AS low, upperperc62.5(n) AS high, p100(n) AS most
//! ```
//! ```json in
//! {"n": ["10", "20", "30", "40", "50"]}
//! {"n": "none"}
//! ```
//! ```json out
//! {"low": 20, "high": 35, "most": 50}
//! ```
//!
//! ```spl
//! stats perc101(n)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `perc101`
//! ```
//!
//! ## Differences from Splunk
//! Splunk's `perc` and `upperperc` approximate beyond a thousand different numbers; these do not.

use super::support::{Ranked, numbers};
use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::Value;

/// `perc<N>`, `p<N>`, `exactperc<N>` and `upperperc<N>`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    let digits = ["exactperc", "upperperc", "perc", "p"].iter().find_map(|form| name.strip_prefix(form))?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let percent: f64 = digits.parse().ok().filter(|percent| plain && (0.0..=100.0).contains(percent))?;
    Some(erase(Percentile { percent }))
}

struct Percentile {
    percent: f64,
}

impl Aggregate for Percentile {
    type State = Ranked;

    fn update(&self, state: &mut Ranked, input: Input<'_>) {
        numbers(input.value).for_each(|number| state.add(number));
    }

    fn merge(&self, state: &mut Ranked, other: Ranked, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Ranked) -> Value {
        // In hundredths of a rank, so that a whole percentage rounds nowhere.
        let position = self.percent * state.count().saturating_sub(1) as f64;
        let rank = (position / 100.0).floor();
        let fraction = (position - rank * 100.0) / 100.0;
        match state.pair_at(rank as u64) {
            None => Value::Null,
            Some((low, _)) if fraction <= 0.0 => Value::number(low),
            Some((low, high)) => Value::number(low + (high - low) * fraction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["perc95", "p0", "p100", "p99.9", "exactperc5", "upperperc50"] {
            assert!(make(name).is_some(), "{name}");
        }
        for name in ["perc", "p", "p101", "p-1", "p1e1", "pinf", "perc95x", "percentile95", "p1.2.3"] {
            assert!(make(name).is_none(), "{name}");
        }
    }

    #[test]
    fn between_ranks() {
        let mut state = Ranked::default();
        [10.0, 20.0, 30.0, 40.0, 50.0].iter().for_each(|&number| state.add(number));
        let percentile = |percent| Percentile { percent }.finish(&state);
        assert_eq!(percentile(95.0), Value::number(48.0));
        assert_eq!(percentile(25.0), Value::number(20.0));
        assert_eq!(percentile(100.0), Value::number(50.0));
        assert_eq!(Percentile { percent: 50.0 }.finish(&Ranked::default()), Value::Null);
    }
}
