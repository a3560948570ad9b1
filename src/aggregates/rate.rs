//! How much a counter grows per second.
//!
//! ## Syntax
//! `rate(<field>)`
//!
//! ## Description
//! The newest value less the oldest, over the seconds between them (see `earliest` and `latest`). There is no result
//! unless both are numbers and their times differ. Rows without `_time` do not count.
//!
//! ## Examples
//!
//! ```spl
//! stats rate(bytes)
//! ```
//! ```json in
//! {"_time": "110", "bytes": "700"}
//! {"_time": "105", "bytes": "900"}
//! {"_time": "100", "bytes": "200"}
//! ```
//! ```json out
//! {"rate(bytes)": 50}
//! ```
//!
//! One row has no rate, and text has none.
//!
//! ```spl
//! stats rate(bytes) AS rate BY host
//! ```
//! ```json in
//! {"_time": "110", "host": "a", "bytes": "700"}
//! {"_time": "110", "host": "b", "bytes": "many"}
//! {"_time": "100", "host": "b", "bytes": "5"}
//! ```
//! ```json out
//! {"host": "a"}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats rates(bytes)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `rates`
//! ```

use super::earliest::{Age, Dated};
use super::{Aggregate, AnyAggregate, Arrival, Input, Order, erase};
use crate::value::Value;

/// `rate`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "rate").then(|| erase(Rate))
}

struct Rate;

impl Aggregate for Rate {
    type State = (Dated, Dated);

    const USES_TIME: bool = true;

    fn update(&self, (oldest, newest): &mut Self::State, input: Input<'_>) {
        for (age, state) in [(Age::Earliest, oldest), (Age::Latest, newest)] {
            if let (Some(time), Some(value)) = (input.time, age.pick(input.value)) {
                age.keep(state, time, input.arrival, || value.clone());
            }
        }
    }

    fn merge(&self, (oldest, newest): &mut Self::State, other: Self::State, arrival: Arrival) {
        for (age, state, other) in [(Age::Earliest, oldest, other.0), (Age::Latest, newest, other.1)] {
            if let Some((time, value)) = other {
                age.keep(state, time, arrival, || value);
            }
        }
    }

    fn finish(&self, state: &Self::State) -> Value {
        let (Some((start, old)), Some((end, new))) = state else { return Value::Null };
        match (old.as_number(), new.as_number()) {
            (Some(old), Some(new)) if end > start => Value::number((new - old) / (end - start)),
            _ => Value::Null,
        }
    }

    fn order(&self) -> Order {
        Order::Ties
    }
}
