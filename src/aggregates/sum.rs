//! The sum of the numbers in a field.
//!
//! ## Syntax
//! `sum(<field>)` | `sum(eval(<expression>))`
//!
//! ## Description
//! Values that are not numbers, and do not look like one, do not count. Of a multivalue field every value
//! counts. Without any number there is no result.
//!
//! The result does not depend on how the work is shared out. Addends with a fraction are remembered, equal
//! neighbours as one, and added in the order of the rows, which leaves the rounding that Splunk prints;
//! beyond 1024 of them in a group the sum is exact and rounded once. Whole numbers are added exactly.
//!
//! ## Examples
//!
//! ```spl
//! stats sum(bytes)
//! ```
//! ```json in
//! {"bytes": "100"}
//! {"bytes": ["20", "3"]}
//! {"bytes": "-"}
//! {}
//! ```
//! ```json out
//! {"sum(bytes)": 123}
//! ```
//!
//! A fraction is a double, and prints as one.
//!
//! ```spl
//! stats sum(price) AS total BY shop
//! ```
//! ```json in
//! {"shop": "a", "price": "0.1"}
//! {"shop": "a", "price": "0.2"}
//! {"shop": "b", "price": "5"}
//! {"shop": "c", "price": "free"}
//! ```
//! ```json out
//! {"shop": "a", "total": 0.30000000000000004}
//! {"shop": "b", "total": 5}
//! {"shop": "c"}
//! ```
//!
//! ```spl
//! stats summ(bytes)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `summ`
//! ```
//!
//! ## Differences from Splunk
//! A group's sum of more than 1024 numbers with fractions is rounded once, where Splunk rounds at each of them:
//! the last digits can differ. So they can where whole numbers stand between fractions, because whole numbers
//! that follow one another are added up first.

use super::support::{Addition, SlidingSum, numbers};
use super::{Aggregate, AnyAggregate, Arrival, Input, Sliding, erase};
use crate::value::Value;

/// `sum`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "sum").then(|| erase(Sum))
}

struct Sum;

impl Aggregate for Sum {
    type State = Addition;

    fn update(&self, state: &mut Addition, input: Input<'_>) {
        numbers(input.value).for_each(|number| state.add(number));
    }

    fn merge(&self, state: &mut Addition, other: Addition, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Addition) -> Value {
        state.total().map_or(Value::Null, Value::number)
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        Some(Box::new(SlidingSum::new(false)))
    }
}
