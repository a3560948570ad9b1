//! The first hundred values of a field, in the order of the rows.
//!
//! ## Syntax
//! `list(<field>)` | `list(eval(<expression>))`
//!
//! ## Description
//! Values that come again are listed again. Of a multivalue field every value counts. Beyond a hundred the rest is
//! left out, as in Splunk (limits.conf, `list_maxsize`).
//!
//! ## Examples
//!
//! ```spl
//! stats list(user)
//! ```
//! ```json in
//! {"user": "bob"}
//! {"user": ["ada", "bob"]}
//! {}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"list(user)": ["bob", "ada", "bob", "ada"]}
//! ```
//!
//! ```spl
//! stats list(user) AS users BY host
//! ```
//! ```json in
//! {"host": "a", "user": "bob"}
//! {"host": "b"}
//! ```
//! ```json out
//! {"host": "a", "users": "bob"}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats lists(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `lists`
//! ```

use super::{Aggregate, AnyAggregate, Arrival, Input, Order, erase};
use crate::value::Value;

/// `list`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    (name == "list").then(|| erase(List))
}

struct List;

/// Values in a list (limits.conf, `list_maxsize`).
const LONGEST: usize = 100;

impl Aggregate for List {
    type State = Vec<Value>;

    fn update(&self, state: &mut Vec<Value>, input: Input<'_>) {
        let room = LONGEST.saturating_sub(state.len());
        state.extend(input.value.values().iter().take(room).cloned());
    }

    fn merge(&self, state: &mut Vec<Value>, other: Vec<Value>, _: Arrival) {
        let room = LONGEST.saturating_sub(state.len());
        state.extend(other.into_iter().take(room));
    }

    fn finish(&self, state: &Vec<Value>) -> Value {
        Value::from_values(state.iter().cloned())
    }

    fn order(&self) -> Order {
        Order::Arrival
    }
}
