//! The time of the oldest, or the newest, row that has a field.
//!
//! ## Syntax
//! `earliest_time(<field>)` | `latest_time(<field>)`
//!
//! ## Description
//! Epoch seconds with six decimals. Rows without `_time` do not count.
//!
//! ## Examples
//!
//! ```spl
//! stats earliest_time(user), latest_time(user)
//! ```
//! ```json in
//! {"_time": "300"}
//! {"_time": "200.5", "user": "bob"}
//! {"_time": "100", "user": "ada"}
//! ```
//! ```json out
//! {"earliest_time(user)": 100.000000, "latest_time(user)": 200.500000}
//! ```
//!
//! ```spl
//! stats latest_time(user) AS seen BY host
//! ```
//! ```json in
//! {"_time": "2", "host": "a", "user": "x"}
//! {"_time": "1", "host": "b"}
//! ```
//! ```json out
//! {"host": "a", "seen": 2.000000}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats first_time(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `first_time`
//! ```

use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::{Number, Value};

/// `earliest_time` and `latest_time`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    match name {
        "earliest_time" => Some(erase(TimeOf::Earliest)),
        "latest_time" => Some(erase(TimeOf::Latest)),
        _ => None,
    }
}

enum TimeOf {
    Earliest,
    Latest,
}

impl TimeOf {
    fn keep(&self, state: &mut Option<f64>, time: f64) {
        *state = Some(match (self, *state) {
            (_, None) => time,
            (TimeOf::Earliest, Some(known)) => known.min(time),
            (TimeOf::Latest, Some(known)) => known.max(time),
        });
    }
}

impl Aggregate for TimeOf {
    type State = Option<f64>;

    const USES_TIME: bool = true;

    fn update(&self, state: &mut Option<f64>, input: Input<'_>) {
        if let Some(time) = input.time {
            self.keep(state, time);
        }
    }

    fn merge(&self, state: &mut Option<f64>, other: Option<f64>, _: Arrival) {
        if let Some(time) = other {
            self.keep(state, time);
        }
    }

    fn finish(&self, state: &Option<f64>) -> Value {
        state.map_or(Value::Null, |time| Value::Number(Number::fixed(time, 6)))
    }
}
