//! The average of the numbers in a field.
//!
//! ## Syntax
//! `avg(<field>)` | `mean(<field>)` | `avg(eval(<expression>))`
//!
//! ## Description
//! Values that are not numbers, and do not look like one, do not count. Of a multivalue field every value
//! counts. Without any number there is no result.
//!
//! The numbers are added as `sum` adds them, and the sum is divided by their count.
//!
//! ## Examples
//!
//! ```spl
//! stats avg(ms)
//! ```
//! ```json in
//! {"ms": "10"}
//! {"ms": "25"}
//! {"ms": "timeout"}
//! ```
//! ```json out
//! {"avg(ms)": 17.5}
//! ```
//!
//! ```spl
//! stats mean(ms) BY host
//! ```
//! ```json in
//! {"host": "a", "ms": ["1", "2", "3"]}
//! {"host": "b"}
//! ```
//! ```json out
//! {"host": "a", "mean(ms)": 2}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats average(ms)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `average`
//! ```

use super::support::{Addition, SlidingSum, numbers};
use super::{Aggregate, AnyAggregate, Arrival, Input, Sliding, erase};
use crate::value::Value;

/// `avg` and `mean`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    matches!(name, "avg" | "mean").then(|| erase(Average))
}

struct Average;

impl Aggregate for Average {
    type State = Addition;

    fn update(&self, state: &mut Addition, input: Input<'_>) {
        numbers(input.value).for_each(|number| state.add(number));
    }

    fn merge(&self, state: &mut Addition, other: Addition, _: Arrival) {
        state.merge(other);
    }

    fn finish(&self, state: &Addition) -> Value {
        state.total().map_or(Value::Null, |total| Value::number(total / state.count() as f64))
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        Some(Box::new(SlidingSum::new(true)))
    }
}
