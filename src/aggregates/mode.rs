//! The value that a field has most often.
//!
//! ## Syntax
//! `mode(<field>)` | `mode(eval(<expression>))`
//!
//! ## Description
//! Values are the same when their text is. Of several that are equally often, the first in the order of their bytes.
//! Of a multivalue field every value counts. Every different value is kept.
//!
//! ## Examples
//!
//! ```spl
//! stats mode(age)
//! ```
//! ```json in
//! {"age": "32"}
//! {"age": "45"}
//! {"age": "29"}
//! {"age": "45"}
//! ```
//! ```json out
//! {"mode(age)": "45"}
//! ```
//!
//! ```spl
//! stats mode(user) AS busiest BY host
//! ```
//! ```json in
//! {"host": "a", "user": "bob"}
//! {"host": "a", "user": "ada"}
//! {"host": "b"}
//! ```
//! ```json out
//! {"host": "a", "busiest": "ada"}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats modus(age)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `modus`
//! ```
//!
//! ## Differences from Splunk
//! Splunk does not say which of several equally frequent values it returns.

use std::collections::BTreeMap;

use super::support::Kept;
use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::{Text, Value};

/// `mode`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "mode").then(|| erase(Mode))
}

struct Mode;

fn add(state: &mut BTreeMap<Text, (u64, Kept)>, text: Text, count: u64, kept: Kept) {
    let entry = state.entry(text).or_insert((0, kept));
    *entry = (entry.0 + count, entry.1.and(kept));
}

impl Aggregate for Mode {
    type State = BTreeMap<Text, (u64, Kept)>;

    fn update(&self, state: &mut Self::State, input: Input<'_>) {
        for value in input.value.values() {
            add(state, value.to_text().into(), 1, Kept::of(value));
        }
    }

    fn merge(&self, state: &mut Self::State, other: Self::State, _: Arrival) {
        for (text, (count, kept)) in other {
            add(state, text, count, kept);
        }
    }

    fn finish(&self, state: &Self::State) -> Value {
        // Of equals `max_by_key` takes the last, so the texts come backwards.
        let most = state.iter().rev().max_by_key(|(_, (count, _))| *count);
        most.map_or(Value::Null, |(text, (_, kept))| kept.value(text))
    }
}
