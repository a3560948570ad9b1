//! What a field holds: text, a number, several values, or nothing.
//!
//! Field text keeps its bytes: what came in as `677.0` goes out as `677.0`. Whether text counts as a
//! number is decided by its look at the moment it is used (Search Reference, "Evaluation functions").

mod compare;
mod number;
mod rank;
mod texts;

pub use compare::{compare_group_key, eval_equal, eval_order};
pub use number::{Number, parse_number};
pub use rank::{order_of_texts, rank_of, sort_by};
pub use texts::{Texts, same_bytes};

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use ecow::{EcoString, EcoVec};
use serde::{Deserialize, Serialize};

/// The text of a field or a field's name: inline when short, shared when long.
pub type Text = EcoString;

/// One cell of a row.
///
/// `Multi` never holds fewer than two values, never a null and never another `Multi`; build it with
/// [`Value::from_values`], which keeps that true.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub enum Value {
    /// The field is missing.
    #[default]
    Null,
    /// The result of a predicate. It exists inside expressions only: no field can hold one.
    Bool(bool),
    /// A computed number.
    Number(Number),
    /// Text, from an event, a table or a function.
    Text(Text),
    /// A multivalue field.
    Multi(EcoVec<Value>),
}

impl Value {
    /// Text from anything that reads as a string.
    pub fn text(text: impl Into<Text>) -> Value {
        Value::Text(text.into())
    }

    /// A number that prints in its shortest exact form; NaN and infinities are nothing in SPL.
    pub fn number(value: f64) -> Value {
        if value.is_finite() { Value::Number(Number::exact(value)) } else { Value::Null }
    }

    /// Nothing, one value, or a multivalue field, after dropping nulls and flattening.
    pub fn from_values(values: impl IntoIterator<Item = Value>) -> Value {
        let mut flat = EcoVec::new();
        for value in values {
            match value {
                Value::Null => {}
                Value::Multi(inner) => flat.extend(inner),
                one => flat.push(one),
            }
        }
        match flat.len() {
            0 => Value::Null,
            1 => flat.pop().unwrap_or_default(),
            _ => Value::Multi(flat),
        }
    }

    /// Whether the field is missing.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this is strictly true: what `where` keeps.
    pub fn is_true(&self) -> bool {
        matches!(self, Value::Bool(true))
    }

    /// What was computed: one too large for a number is `inf` or `-inf`, and what is none is `NaN` (Search
    /// Reference, `eval`, "Numeric calculations").
    pub fn computed(number: Number) -> Value {
        match number.value {
            value if value.is_finite() => Value::Number(number),
            value if value.is_nan() => Value::text("NaN"),
            value => Value::text(if value > 0.0 { "inf" } else { "-inf" }),
        }
    }

    /// Whether it is the text that stands for a number that is none (Search Reference, Informational functions).
    pub fn is_nan(&self) -> bool {
        matches!(self, Value::Text(text) if text.eq_ignore_ascii_case("nan"))
    }

    /// The number that it counts as in a calculation: also `NaN`, `inf` and `-inf` do.
    pub fn as_calculated(&self) -> Option<f64> {
        match self {
            Value::Text(text) if text == "inf" => Some(f64::INFINITY),
            Value::Text(text) if text == "-inf" => Some(f64::NEG_INFINITY),
            value if value.is_nan() => Some(f64::NAN),
            value => value.as_number(),
        }
    }

    /// The single values in it: none for null, the elements of a multivalue, else itself.
    pub fn values(&self) -> &[Value] {
        match self {
            Value::Null => &[],
            Value::Multi(values) => values,
            one => std::slice::from_ref(one),
        }
    }

    /// The number it is, or looks like; a multivalue is no number.
    pub fn as_number(&self) -> Option<f64> {
        self.as_numeric().map(|number| number.value)
    }

    /// The number it is, or looks like, with the precision it was written in.
    pub fn as_numeric(&self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => parse_number(text),
            _ => None,
        }
    }

    /// How a single value prints. A multivalue prints its values on lines of their own, as Splunk's
    /// `nomv` does; null is empty.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Value::Null => Cow::Borrowed(""),
            Value::Bool(true) => Cow::Borrowed("True"),
            Value::Bool(false) => Cow::Borrowed("False"),
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Text(text) => Cow::Borrowed(text),
            Value::Multi(values) => {
                let parts: Vec<_> = values.iter().map(Value::to_text).collect();
                Cow::Owned(parts.join("\n"))
            }
        }
    }

    /// The same as [`Value::to_text`], sharing the text where there is one.
    pub fn into_text(self) -> Text {
        match self {
            Value::Text(text) => text,
            other => Text::from(other.to_text()),
        }
    }

    /// Applies `map` to each single value: how a text function that allows it treats a multivalue.
    pub fn map_each(&self, mut map: impl FnMut(&Value) -> Value) -> Value {
        match self {
            Value::Multi(values) => Value::from_values(values.iter().map(map)),
            one => map(one),
        }
    }
}

/// Two values are the same cell: same kind, same bytes. This is not SPL's `=`; see [`eval_equal`].
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Multi(a), Value::Multi(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Value::Null => {}
            Value::Bool(value) => value.hash(state),
            Value::Number(number) => number.hash(state),
            Value::Text(text) => text.hash(state),
            Value::Multi(values) => values.hash(state),
        }
    }
}

/// Text that hashes as the [`Value::Text`] of the same bytes does: a look-up without a value in hand.
#[derive(Clone, Copy, Debug)]
pub struct TextKey<'t>(pub &'t str);

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        const TEXT: Value = Value::Text(Text::new());
        std::mem::discriminant(&TEXT).hash(state);
        self.0.hash(state);
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::number(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multivalue_of_one_is_the_value() {
        assert_eq!(Value::from_values([Value::text("a")]), Value::text("a"));
        assert_eq!(Value::from_values([Value::Null]), Value::Null);
        let nested = Value::from_values([Value::from_values(["a".into(), "b".into()]), "c".into()]);
        assert_eq!(nested.values().len(), 3);
    }

    #[test]
    fn borrowed_text_hashes_as_the_value() {
        use std::hash::BuildHasher;
        let hasher = foldhash::fast::RandomState::default();
        for text in ["", "a", "fifteen bytes..", "a text that is too long to be inline"] {
            assert_eq!(hasher.hash_one(TextKey(text)), hasher.hash_one(Value::text(text)), "{text}");
        }
    }

    #[test]
    fn text_that_looks_like_a_number_is_one() {
        assert_eq!(Value::text("677.0").as_number(), Some(677.0));
        assert_eq!(Value::text(" 5").as_number(), None);
        assert_eq!(Value::text("nan").as_number(), None);
    }
}
