//! The sum of the squares of the numbers in a field.
//!
//! ## Syntax
//! `sumsq(<field>)` | `sumsq(eval(<expression>))`
//!
//! ## Description
//! Values that are not numbers do not count; of a multivalue field every value counts. The squares are added as
//! `sum` adds.
//!
//! ## Examples
//!
//! ```spl
//! stats sumsq(n)
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "3"}
//! {"n": "x"}
//! ```
//! ```json out
//! {"sumsq(n)": 14}
//! ```
//!
//! ```spl
//! stats sumsq(n) AS squares
//! ```
//! ```json in
//! {"n": ["0.5", "-2"]}
//! ```
//! ```json out
//! {"squares": 4.25}
//! ```
//!
//! ```spl
//! stats sumsqr(n)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `sumsqr`
//! ```

use super::support::{Addition, numbers};
use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::Value;

/// `sumsq`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "sumsq").then(|| erase(SumOfSquares))
}

struct SumOfSquares;

impl Aggregate for SumOfSquares {
    type State = Addition;

    fn update(&self, state: &mut Addition, input: Input<'_>) {
        numbers(input.value).for_each(|number| state.add(number * number));
    }

    fn merge(&self, state: &mut Addition, other: Addition, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Addition) -> Value {
        state.total().map_or(Value::Null, Value::number)
    }
}
