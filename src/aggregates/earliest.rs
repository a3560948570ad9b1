//! The value of a field in the oldest, or the newest, row that has one.
//!
//! ## Syntax
//! `earliest(<field>)` | `latest(<field>)`
//!
//! ## Description
//! Oldest and newest by `_time`. Rows without a time do not count. Of rows of the same time the first in the order of
//! the search, which is newest first, counts as the newest. Of a multivalue field `earliest` takes the first value
//! and `latest` the last.
//!
//! ## Examples
//!
//! ```spl
//! stats earliest(user), latest(user)
//! ```
//! ```json in
//! {"_time": "300"}
//! {"_time": "200", "user": "bob"}
//! {"_time": "100", "user": "ada"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"earliest(user)": "ada", "latest(user)": "bob"}
//! ```
//!
//! ```spl
//! stats earliest(_time) AS firstTime, latest(_time) AS lastTime BY host
//! ```
//! ```json in
//! {"_time": "1787507200", "host": "a"}
//! {"_time": "1787503600", "host": "b"}
//! {"_time": "1787500000.5", "host": "a"}
//! ```
//! ```json out
//! {"host": "a", "firstTime": "1787500000.5", "lastTime": "1787507200"}
//! {"host": "b", "firstTime": "1787503600", "lastTime": "1787503600"}
//! ```
//!
//! ```spl
//! stats oldest(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `oldest`
//! ```
//!
//! ## Differences from Splunk
//! Splunk does not document which value of a multivalue field it takes.

use super::{Aggregate, AnyAggregate, Arrival, Input, Order, erase};
use crate::value::Value;

/// `earliest` and `latest`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    match name {
        "earliest" => Some(erase(Age::Earliest)),
        "latest" => Some(erase(Age::Latest)),
        _ => None,
    }
}

/// Which end of time.
pub(super) enum Age {
    Earliest,
    Latest,
}

/// A value and its time.
pub(super) type Dated = Option<(f64, Value)>;

impl Age {
    /// Keeps the older, or the newer, of a value and one that arrived later.
    pub(super) fn keep(&self, state: &mut Dated, time: f64, arrival: Arrival, value: impl FnOnce() -> Value) {
        let ties = match self {
            Age::Earliest => arrival == Arrival::SearchOrder,
            Age::Latest => arrival == Arrival::FileOrder,
        };
        let replaces = match state {
            None => true,
            Some((known, _)) if time == *known => ties,
            Some((known, _)) => (time < *known) == matches!(self, Age::Earliest),
        };
        if replaces {
            *state = Some((time, value()));
        }
    }

    /// The value of a row that stands for it.
    pub(super) fn pick<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Age::Earliest => value.values().first(),
            Age::Latest => value.values().last(),
        }
    }
}

impl Aggregate for Age {
    type State = Dated;

    const USES_TIME: bool = true;

    fn update(&self, state: &mut Dated, input: Input<'_>) {
        if let (Some(time), Some(value)) = (input.time, self.pick(input.value)) {
            self.keep(state, time, input.arrival, || value.clone());
        }
    }

    fn merge(&self, state: &mut Dated, other: Dated, arrival: Arrival) {
        if let Some((time, value)) = other {
            self.keep(state, time, arrival, || value);
        }
    }

    fn finish(&self, state: &Dated) -> Value {
        state.as_ref().map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn order(&self) -> Order {
        Order::Ties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(age: &Age, arrival: Arrival) -> String {
        let mut state = None;
        for (time, value) in [(2.0, "a"), (2.0, "b"), (1.0, "c"), (1.0, "d")] {
            let value = Value::text(value);
            age.update(&mut state, Input { value: &value, time: Some(time), arrival });
        }
        age.finish(&state).to_text().into_owned()
    }

    #[test]
    fn ties() {
        // Newest first: of equal times the first is the newest, the last the oldest.
        assert_eq!(run(&Age::Latest, Arrival::SearchOrder), "a");
        assert_eq!(run(&Age::Earliest, Arrival::SearchOrder), "d");
        // As they stand in a log: the other way round.
        assert_eq!(run(&Age::Latest, Arrival::FileOrder), "b");
        assert_eq!(run(&Age::Earliest, Arrival::FileOrder), "c");
    }
}
