//! `allnum=true`: a statistic of numbers is one only where every value is a number.

use std::any::Any;
use std::sync::Arc;

use crate::aggregates::{Accumulator, AnyAggregate, Arrival, Order};
use crate::batch::Column;
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

/// The functions that are of numbers alone; `min`, `max` and the others are of text too.
const OF_NUMBERS: [&str; 11] =
    ["avg", "mean", "median", "range", "rate", "stdev", "stdevp", "sum", "sumsq", "var", "varp"];

/// Families of functions, each with a percentage in its name.
const PERCENTILES: [&str; 4] = ["exactperc", "upperperc", "perc", "p"];

/// Whether a function, in any case, is one of numbers alone.
pub fn is_of_numbers(function: &str) -> bool {
    let name = function.to_ascii_lowercase();
    let percentile = |family: &str| {
        name.strip_prefix(family).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    OF_NUMBERS.contains(&name.as_str()) || PERCENTILES.iter().any(|family| percentile(family))
}

/// A function that gives nothing for a group with a value that is no number.
pub struct AllNumbers(pub Arc<dyn AnyAggregate>);

struct States {
    inner: Box<dyn Accumulator>,
    /// For each group whether there was a value that is no number.
    text: Vec<bool>,
}

impl AnyAggregate for AllNumbers {
    fn start(&self) -> Box<dyn Accumulator> {
        Box::new(States { inner: self.0.start(), text: Vec::new() })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Accumulator>, Diagnostic> {
        let (text, inner): (Vec<bool>, Vec<u8>) = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        Ok(Box::new(States { inner: self.0.load(&inner)?, text }))
    }

    fn order(&self) -> Order {
        self.0.order()
    }
}

impl States {
    fn unless_text(&self, group: usize, value: Value) -> Value {
        if self.text.get(group).copied().unwrap_or(false) { Value::Null } else { value }
    }
}

impl Accumulator for States {
    fn resize(&mut self, groups: usize) {
        self.inner.resize(groups);
        self.text.resize(groups.max(self.text.len()), false);
    }

    fn update(&mut self, rows: &[(u32, u32)], column: &Column, times: Option<&Column>, arrival: Arrival) {
        let has_text = column.mask(|value| value.values().iter().any(|value| value.as_number().is_none()));
        for &(row, group) in rows {
            if let Some(text) = self.text.get_mut(group as usize) {
                *text |= has_text.get(row as usize).copied().unwrap_or(false);
            }
        }
        self.inner.update(rows, column, times, arrival);
    }

    fn cover(&mut self, times: (f64, f64)) {
        self.inner.cover(times);
    }

    fn merge(&mut self, other: Box<dyn Accumulator>, groups: &[u32], arrival: Arrival) {
        let Ok(other) = other.into_any().downcast::<States>() else { return };
        for (text, &group) in other.text.iter().zip(groups) {
            self.resize(group as usize + 1);
            if let Some(mine) = self.text.get_mut(group as usize) {
                *mine |= text;
            }
        }
        self.inner.merge(other.inner, groups, arrival);
    }

    fn split(self: Box<Self>, of: &[u32], shards: usize) -> Vec<Box<dyn Accumulator>> {
        let texts = super::split(self.text, of, shards);
        let inner = self.inner.split(of, shards);
        inner.into_iter().zip(texts).map(|(inner, text)| Box::new(States { inner, text }) as Box<_>).collect()
    }

    fn finish(&self, groups: usize) -> Vec<Value> {
        let values = self.inner.finish(groups).into_iter().enumerate();
        values.map(|(group, value)| self.unless_text(group, value)).collect()
    }

    fn value(&self, group: usize) -> Value {
        self.unless_text(group, self.inner.value(group))
    }

    fn save(&self) -> Result<Vec<u8>, Diagnostic> {
        postcard::to_stdvec(&(&self.text, self.inner.save()?))
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }

    fn copy(&self) -> Box<dyn Accumulator> {
        Box::new(States { inner: self.inner.copy(), text: self.text.clone() })
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
