//! Values kept by their text.

use serde::{Deserialize, Serialize};

use crate::value::{Number, Value};

/// How a value that was kept by its text is given back: as a number if every value of that text was a
/// computed number, else as text. This does not depend on which of them came first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Kept(Option<Number>);

impl Kept {
    /// Of a single value.
    pub fn of(value: &Value) -> Kept {
        match value {
            Value::Number(number) => Kept(Some(*number)),
            _ => Kept(None),
        }
    }

    /// Of two values of the same text.
    pub fn and(self, other: Kept) -> Kept {
        if self.0.is_none() { self } else { other }
    }

    /// The value of this text.
    pub fn value(self, text: &str) -> Value {
        self.0.map_or_else(|| Value::text(text), Value::Number)
    }
}
