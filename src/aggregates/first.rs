//! The value of a field in the first, or the last, row that has one.
//!
//! ## Syntax
//! `first(<field>)` | `last(<field>)`
//!
//! ## Description
//! First and last in the order of the rows: events come newest first, so `first` of events is the newest. After `sort`
//! it is what stands at the top. `earliest` and `latest` go by time. Of a multivalue field `first` takes the first
//! value and `last` the last.
//!
//! ## Examples
//!
//! ```spl
//! stats first(user), last(user)
//! ```
//! ```json in
//! {}
//! {"user": "carol"}
//! {"user": "bob"}
//! {"user": ["ada", "eve"]}
//! ```
//! ```json out
//! {"first(user)": "carol", "last(user)": "eve"}
//! ```
//!
//! ```spl
//! stats first(n) AS top, last(n) AS bottom BY host
//! ```
//! ```json in
//! {"host": "a", "n": "3"}
//! {"host": "a", "n": "2"}
//! {"host": "b"}
//! ```
//! ```json out
//! {"host": "a", "top": "3", "bottom": "2"}
//! {"host": "b"}
//! ```
//!
//! ```spl
//! stats frist(user)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `frist`
//! ```
//!
//! ## Differences from Splunk
//! Splunk does not document which value of a multivalue field it takes.

use std::collections::VecDeque;

use super::{Aggregate, AnyAggregate, Arrival, Input, Order, Sliding, erase};
use crate::value::Value;

/// `first` and `last`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    match name {
        "first" => Some(erase(End::First)),
        "last" => Some(erase(End::Last)),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

impl Aggregate for End {
    type State = Option<Value>;

    fn update(&self, state: &mut Option<Value>, input: Input<'_>) {
        match self {
            End::First if state.is_none() => *state = input.value.values().first().cloned(),
            End::First => {}
            End::Last => *state = input.value.values().last().cloned().or(state.take()),
        }
    }

    fn merge(&self, state: &mut Option<Value>, other: Option<Value>, _: Arrival) {
        *state = match self {
            End::First => state.take().or(other),
            End::Last => other.or(state.take()),
        };
    }

    fn finish(&self, state: &Option<Value>) -> Value {
        state.clone().unwrap_or_default()
    }

    fn order(&self) -> Order {
        Order::Arrival
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        Some(Box::new(Window { of: *self, values: VecDeque::new() }))
    }
}

/// The values of the rows in a window.
struct Window {
    of: End,
    values: VecDeque<Value>,
}

impl Sliding for Window {
    fn push(&mut self, value: &Value) {
        self.values.push_back(value.clone());
    }

    fn pop(&mut self, _: &Value) {
        self.values.pop_front();
    }

    fn value(&self) -> Value {
        let found = match self.of {
            End::First => self.values.front().and_then(|row| row.values().first()),
            End::Last => self.values.back().and_then(|row| row.values().last()),
        };
        found.cloned().unwrap_or_default()
    }
}
