//! How far the numbers in a field stand from their average.
//!
//! ## Syntax
//! `stdev(<field>)` | `stdevp(<field>)` | `var(<field>)` | `varp(<field>)`
//!
//! ## Description
//! `var` is the variance of a sample, the squared distances from the average over the count less one; `varp`
//! that of a population, over the count. `stdev` and `stdevp` are their square roots. Of a single number all
//! are 0. Values that are not numbers do not count; of a multivalue field every value counts.
//!
//! Sums are exact and rounded once, so results do not depend on how the work is shared out; from them variance is
//! computed as Splunk does it, in doubles, unless the numbers are so close together that nothing would be left.
//!
//! ## Examples
//!
//! The average is 5, the squared distances add up to 32.
//!
//! ```spl
//! stats stdev(n), stdevp(n), var(n), varp(n)
//! ```
//! ```json in
//! {"n": "2"}
//! {"n": "4"}
//! {"n": "4"}
//! {"n": "4"}
//! {"n": "5"}
//! {"n": "5"}
//! {"n": "7"}
//! {"n": "9"}
//! ```
//! ```json out
//! {"stdev(n)": 2.138089935299395, "stdevp(n)": 2, "var(n)": 4.571428571428571, "varp(n)": 4}
//! ```
//!
//! ```spl
//! stats stdev(n), var(n) BY host
//! ```
//! ```json in
//! {"host": "a", "n": "5"}
//! {"host": "b", "n": "none"}
//! ```
//! ```json out
//! {"host": "a", "stdev(n)": 0, "var(n)": 0}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats stddev(n)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `stddev`
//! ```

use super::support::{Moments, numbers};
use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::Value;

/// `stdev`, `stdevp`, `var` and `varp`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    let (population, root) = match name {
        "stdev" => (false, true),
        "stdevp" => (true, true),
        "var" => (false, false),
        "varp" => (true, false),
        _ => return None,
    };
    Some(erase(Spread { population, root }))
}

struct Spread {
    population: bool,
    root: bool,
}

impl Aggregate for Spread {
    type State = Moments;

    fn update(&self, state: &mut Moments, input: Input<'_>) {
        numbers(input.value).for_each(|number| state.add(number));
    }

    fn merge(&self, state: &mut Moments, other: Moments, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Moments) -> Value {
        let variance = if self.population { state.population_variance() } else { state.sample_variance() };
        variance
            .map_or(Value::Null, |variance| Value::number(if self.root { variance.sqrt() } else { variance }))
    }
}
