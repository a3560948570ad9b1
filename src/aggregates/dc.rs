//! How many different values a field has.
//!
//! ## Syntax
//! `dc(<field>)` | `distinct_count(<field>)` | `dc(eval(<expression>))`
//!
//! ## Description
//! Values are different when their text is: `1` and `1.0` are two. Of a multivalue field every value counts. A field
//! that is never there has 0. Every different value is kept; `estdc` needs less memory.
//!
//! ## Examples
//!
//! An empty text is a value, a missing field is none.
//!
//! ```spl
//! stats dc(user)
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": ["ada", "bob"]}
//! {"user": ""}
//! {}
//! ```
//! ```json out
//! {"dc(user)": 3}
//! ```
//!
//! ```spl
//! stats distinct_count(n) AS different BY host
//! ```
//! ```json in
//! {"host": "a", "n": "1"}
//! {"host": "a", "n": "1.0"}
//! {"host": "b"}
//! ```
//! ```json out
//! {"host": "a", "different": 2}
//! {"host": "b", "different": 0}
//! ```
//!
//! ```spl
//! stats distinct(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `distinct`
//! ```

use std::collections::HashSet;

use hashbrown::HashMap;

use super::{Aggregate, AnyAggregate, Arrival, Input, Sliding, erase};
use crate::value::{Text, Value};

/// `dc` and `distinct_count`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    matches!(name, "dc" | "distinct_count").then(|| erase(DistinctCount))
}

struct DistinctCount;

impl Aggregate for DistinctCount {
    type State = HashSet<Text, foldhash::fast::RandomState>;

    const REPEATS_MATTER: bool = false;

    fn update(&self, state: &mut Self::State, input: Input<'_>) {
        for value in input.value.values() {
            let text = value.to_text();
            if !state.contains(text.as_ref()) {
                state.insert(text.into());
            }
        }
    }

    fn merge(&self, state: &mut Self::State, other: Self::State, _: Arrival) {
        state.extend(other);
    }

    fn finish(&self, state: &Self::State) -> Value {
        Value::number(state.len() as f64)
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        Some(Box::new(Window::default()))
    }
}

/// How often each value is in a window.
#[derive(Default)]
struct Window(HashMap<Text, u64, foldhash::fast::RandomState>);

impl Sliding for Window {
    fn push(&mut self, value: &Value) {
        for value in value.values() {
            let text = value.to_text();
            match self.0.get_mut(text.as_ref()) {
                Some(times) => *times += 1,
                None => drop(self.0.insert(text.into(), 1)),
            }
        }
    }

    fn pop(&mut self, value: &Value) {
        for value in value.values() {
            let text = value.to_text();
            match self.0.get_mut(text.as_ref()) {
                Some(times) if *times > 1 => *times -= 1,
                _ => drop(self.0.remove(text.as_ref())),
            }
        }
    }

    fn value(&self) -> Value {
        Value::number(self.0.len() as f64)
    }
}
