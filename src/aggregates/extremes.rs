//! The smallest and the largest value of a field, and the distance between them.
//!
//! ## Syntax
//! `min(<field>)` | `max(<field>)` | `range(<field>)`
//!
//! ## Description
//! If any value is a number, or looks like one, only numbers count. Otherwise `min` and `max` compare text
//! byte by byte, and `range` has no result. Of a multivalue field every value counts. The ends keep the decimals that
//! they were written with.
//!
//! ## Examples
//!
//! A number wins over text.
//!
//! ```spl
//! stats min(v), max(v), range(v)
//! ```
//! ```json in
//! {"v": "1"}
//! {"v": "a"}
//! {"v": ["30", "7"]}
//! ```
//! ```json out
//! {"min(v)": 1, "max(v)": 30, "range(v)": 29}
//! ```
//!
//! Decimals stay as they are written.
//!
//! ```spl
//! stats min(depth), max(depth), range(depth)
//! ```
//! ```json in
//! {"depth": "7.70"}
//! {"depth": "-0.60"}
//! {"depth": "0.8"}
//! ```
//! ```json out
//! {"min(depth)": -0.60, "max(depth)": 7.70, "range(depth)": 8.3}
//! ```
//!
//! Capital letters stand before small ones.
//!
//! ```spl
//! stats min(user) AS first, max(user) AS last, range(user) AS width
//! ```
//! ```json in
//! {"user": "bob"}
//! {"user": "Zoe"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"first": "Zoe", "last": "bob"}
//! ```
//!
//! ```spl
//! stats maximum(v)
//! ```
//! ```error
//! error[E0305]: unknown statistical function `maximum`
//! ```
//!
//! ## Differences from Splunk
//! The Search Reference describes an order of numbers and text in which text stands above numbers; Splunk 10
//! lets a number win over text, and so does this.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::support::Least;
use super::{Aggregate, AnyAggregate, Arrival, Input, Sliding, erase};
use crate::value::{Number, Text, Value};

/// `min`, `max` and `range`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    match name {
        "min" => Some(erase(Extreme::Min)),
        "max" => Some(erase(Extreme::Max)),
        "range" => Some(erase(Extreme::Range)),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Extreme {
    Min,
    Max,
    Range,
}

/// Both ends of the numbers and of the text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Ends {
    /// As they were written: the least of `-0.60` and `7.70` is `-0.60` (Search Reference, `case`: the example of
    /// earthquakes).
    numbers: Option<(Number, Number)>,
    texts: Option<(Text, Text)>,
}

impl Ends {
    fn add_numbers(&mut self, low: Number, high: Number) {
        self.numbers = Some(match self.numbers {
            Some((least, most)) => (
                if order(low, least).is_lt() { low } else { least },
                if order(high, most).is_gt() { high } else { most },
            ),
            None => (low, high),
        });
    }

    fn add_texts(&mut self, low: &str, high: &str) {
        match &mut self.texts {
            Some((least, most)) => {
                if low.cmp(least.as_str()) == Ordering::Less {
                    *least = low.into();
                }
                if high.cmp(most.as_str()) == Ordering::Greater {
                    *most = high.into();
                }
            }
            none => *none = Some((low.into(), high.into())),
        }
    }
}

/// By value; of equal numbers by how they were written, so that the order of rows does not matter.
fn order(a: Number, b: Number) -> Ordering {
    a.value.total_cmp(&b.value).then(a.decimals.cmp(&b.decimals))
}

impl Aggregate for Extreme {
    type State = Ends;

    const REPEATS_MATTER: bool = false;

    fn update(&self, state: &mut Ends, input: Input<'_>) {
        for value in input.value.values() {
            match value.as_numeric() {
                Some(number) => state.add_numbers(number, number),
                None if state.numbers.is_some() => {}
                None => {
                    let text = value.to_text();
                    state.add_texts(&text, &text);
                }
            }
        }
    }

    fn merge(&self, state: &mut Ends, other: Ends, _: Arrival) {
        if let Some((low, high)) = other.numbers {
            state.add_numbers(low, high);
        }
        if let Some((low, high)) = &other.texts {
            state.add_texts(low, high);
        }
    }

    fn finish(&self, state: &Ends) -> Value {
        match (self, state.numbers, &state.texts) {
            (Extreme::Min, Some((least, _)), _) => Value::Number(least),
            (Extreme::Max, Some((_, most)), _) => Value::Number(most),
            (Extreme::Range, Some((least, most)), _) => Value::number(most.value - least.value),
            (Extreme::Min, None, Some((least, _))) => Value::Text(least.clone()),
            (Extreme::Max, None, Some((_, most))) => Value::Text(most.clone()),
            _ => Value::Null,
        }
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        let (least, most) = (Least::default(), Least::default());
        Some(Box::new(Window { of: *self, least, most, first: Least::default(), last: Least::default() }))
    }
}

/// The ends of the numbers and of the texts in a window.
struct Window {
    of: Extreme,
    least: Least<Number>,
    most: Least<Number>,
    first: Least<Text>,
    last: Least<Text>,
}

impl Sliding for Window {
    fn push(&mut self, value: &Value) {
        let numbers = || value.values().iter().filter_map(Value::as_numeric);
        self.least.push(numbers(), |a, b| order(*a, *b));
        self.most.push(numbers(), |a, b| order(*b, *a));
        let of_text = |value: &&Value| value.as_numeric().is_none();
        let texts = || value.values().iter().filter(of_text).cloned().map(Value::into_text);
        self.first.push(texts(), Text::cmp);
        self.last.push(texts(), |a, b| b.cmp(a));
    }

    fn pop(&mut self, _: &Value) {
        self.least.pop();
        self.most.pop();
        self.first.pop();
        self.last.pop();
    }

    fn value(&self) -> Value {
        let numbers = self.least.get().copied().zip(self.most.get().copied());
        let texts = self.first.get().cloned().zip(self.last.get().cloned());
        self.of.finish(&Ends { numbers, texts })
    }
}
