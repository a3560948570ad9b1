//! The smallest and the largest value of a field, and the distance between them.
//!
//! ## Syntax
//! `min(<field>)` | `max(<field>)` | `range(<field>)`
//!
//! ## Description
//! If any value is a number, or looks like one, only numbers count. Otherwise `min` and `max` compare text
//! byte by byte, and `range` has no result. Of a multivalue field every value counts.
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

use super::{Aggregate, AnyAggregate, Arrival, Input, erase};
use crate::value::{Text, Value};

/// `min`, `max` and `range`.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    match name {
        "min" => Some(erase(Extreme::Min)),
        "max" => Some(erase(Extreme::Max)),
        "range" => Some(erase(Extreme::Range)),
        _ => None,
    }
}

enum Extreme {
    Min,
    Max,
    Range,
}

/// Both ends of the numbers and of the text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Ends {
    numbers: Option<(f64, f64)>,
    texts: Option<(Text, Text)>,
}

impl Ends {
    fn add_numbers(&mut self, low: f64, high: f64) {
        self.numbers = Some(match self.numbers {
            Some((least, most)) => (least.min(low), most.max(high)),
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

impl Aggregate for Extreme {
    type State = Ends;

    const REPEATS_MATTER: bool = false;

    fn update(&self, state: &mut Ends, input: Input<'_>) {
        for value in input.value.values() {
            match value.as_number() {
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
            (Extreme::Min, Some((least, _)), _) => Value::number(least),
            (Extreme::Max, Some((_, most)), _) => Value::number(most),
            (Extreme::Range, Some((least, most)), _) => Value::number(most - least),
            (Extreme::Min, None, Some((least, _))) => Value::Text(least.clone()),
            (Extreme::Max, None, Some((_, most))) => Value::Text(most.clone()),
            _ => Value::Null,
        }
    }
}
