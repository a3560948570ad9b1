//! The different values of a field, in the order of their bytes.
//!
//! ## Syntax
//! `values(<field>)` | `values(eval(<expression>))`
//!
//! ## Description
//! A multivalue result without a limit; of a multivalue field every value counts. Values are different when their
//! text is, and are ordered byte by byte: `10` stands before `9`, and capital letters before small ones.
//!
//! ## Examples
//!
//! ```spl
//! stats values(n)
//! ```
//! ```json in
//! {"n": "9"}
//! {"n": "10"}
//! {"n": ["9", "a", "B"]}
//! ```
//! ```json out
//! {"values(n)": ["10", "9", "B", "a"]}
//! ```
//!
//! A single value is no list, and an empty text is a value.
//!
//! ```spl
//! stats values(user) AS users BY host
//! ```
//! ```json in
//! {"host": "a", "user": "bob"}
//! {"host": "b", "user": ""}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "a", "users": "bob"}
//! {"host": "b", "users": ""}
//! {"host": "c"}
//! ```
//!
//! ```spl
//! stats value(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `value`
//! ```

use std::collections::BTreeMap;

use super::support::Kept;
use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::{Text, Value};

/// `values`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "values").then(|| erase(Values))
}

struct Values;

impl Aggregate for Values {
    type State = BTreeMap<Text, Kept>;

    const REPEATS_MATTER: bool = false;

    fn update(&self, state: &mut Self::State, input: Input<'_>) {
        for value in input.value.values() {
            let (text, kept) = (value.to_text(), Kept::of(value));
            match state.get_mut(text.as_ref()) {
                Some(known) => *known = known.and(kept),
                None => {
                    state.insert(text.into(), kept);
                }
            }
        }
    }

    fn merge(&self, state: &mut Self::State, other: Self::State, _: Arrival) {
        for (text, kept) in other {
            let known = state.entry(text).or_insert(kept);
            *known = known.and(kept);
        }
    }

    fn finish(&self, state: &Self::State) -> Value {
        Value::from_values(state.iter().map(|(text, kept)| kept.value(text)))
    }
}
