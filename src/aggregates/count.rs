//! How many values a field has, or how many rows there are.
//!
//! ## Syntax
//! `count` | `c` | `count(<field>)` | `count(eval(<expression>))`
//!
//! ## Description
//! Without an argument, the number of rows. With a field, the number of its values: a missing field counts
//! nothing, a multivalue field each of its values. With an expression, the rows for which it is true, or
//! has a value.
//!
//! ## Examples
//!
//! ```spl
//! stats count, count(user)
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": ["ada", "bob"]}
//! {}
//! ```
//! ```json out
//! {"count": 3, "count(user)": 3}
//! ```
//!
//! ```spl
//! stats count(eval(status >= 400)) AS failed
//! ```
//! ```json in
//! {"status": "200"}
//! {"status": "404"}
//! {"status": "500"}
//! ```
//! ```json out
//! {"failed": 2}
//! ```
//!
//! ```spl
//! stats count(eval(status >=)) AS failed
//! ```
//! ```error
//! error[E0002]: an expression is missing after `>=`
//! ```

use super::{Aggregate, AnyAggregate, Arrival, Input, Sliding, erase};
use crate::value::Value;

/// `count` and `c`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    matches!(name, "count" | "c").then(|| erase(Count))
}

struct Count;

impl Aggregate for Count {
    type State = u64;

    fn update(&self, state: &mut u64, input: Input<'_>) {
        *state += input.value.values().len() as u64;
    }

    fn merge(&self, state: &mut u64, other: u64, _: Arrival) {
        *state += other;
    }

    fn finish(&self, state: &u64) -> Value {
        Value::number(*state as f64)
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        Some(Box::new(Window(0)))
    }
}

struct Window(u64);

impl Sliding for Window {
    fn push(&mut self, value: &Value) {
        self.0 += value.values().len() as u64;
    }

    fn pop(&mut self, value: &Value) {
        self.0 -= value.values().len() as u64;
    }

    fn value(&self) -> Value {
        Value::number(self.0 as f64)
    }
}
