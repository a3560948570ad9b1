//! The middle of the numbers in a field.
//!
//! ## Syntax
//! `median(<field>)` | `median(eval(<expression>))`
//!
//! ## Description
//! With an odd count the number in the middle. With an even count the average of the two in the middle; where
//! that ends in exactly .5 it is rounded up, as Splunk does: the median of 1 and 2 is 2. `perc50` does not round.
//! Values that are not numbers do not count; of a multivalue field every value counts.
//!
//! Every different number is kept, some 20 bytes each.
//!
//! ## Examples
//!
//! ```spl
//! stats median(n), perc50(n)
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "4"}
//! ```
//! ```json out
//! {"median(n)": 3, "perc50(n)": 2.5}
//! ```
//!
//! ```spl
//! stats median(n)
//! ```
//! ```json in
//! {"n": "70"}
//! {"n": ["1", "5"]}
//! {"n": "none"}
//! ```
//! ```json out
//! {"median(n)": 5}
//! ```
//!
//! ```spl
//! stats middle(n)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `middle`
//! ```

use super::support::{Ranked, numbers};
use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::Value;

/// `median`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "median").then(|| erase(Median))
}

struct Median;

impl Aggregate for Median {
    type State = Ranked;

    fn update(&self, state: &mut Ranked, input: Input<'_>) {
        numbers(input.value).for_each(|number| state.add(number));
    }

    fn merge(&self, state: &mut Ranked, other: Ranked, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Ranked) -> Value {
        let count = state.count();
        let Some((low, high)) = state.pair_at(count.saturating_sub(1) / 2) else { return Value::Null };
        if count % 2 == 1 {
            return Value::number(low);
        }
        let mean = decimal_mean(low, high);
        Value::number(if mean.fract().abs() == 0.5 { mean.ceil() } else { mean })
    }
}

/// The mean of two numbers as they print, which has at most one decimal more: of 1.2 and 1.4 it is 1.3, and
/// not the double next to it.
fn decimal_mean(low: f64, high: f64) -> f64 {
    let mean = low.midpoint(high);
    let decimals = |number: f64| number.to_string().split_once('.').map_or(0, |(_, digits)| digits.len());
    let longest = decimals(low).max(decimals(high));
    if longest > 16 {
        return mean;
    }
    format!("{mean:.*}", longest + 1).parse().unwrap_or(mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_half_is_rounded_up() {
        let median = |numbers: &[f64]| {
            let mut state = Ranked::default();
            numbers.iter().for_each(|&number| state.add(number));
            Median.finish(&state)
        };
        // Measured on Splunk 10.
        assert_eq!(median(&[1.0, 2.0]), Value::number(2.0));
        assert_eq!(median(&[1.2, 1.4]), Value::number(1.3));
        assert_eq!(median(&[10.0, 20.0, 30.0, 40.0, 50.0, 60.0]), Value::number(35.0));
        assert_eq!(median(&[1.0, 2.25]), Value::number(1.625));
        assert_eq!(median(&[3.5]), Value::number(3.5));
        assert_eq!(median(&[]), Value::Null);
    }
}
