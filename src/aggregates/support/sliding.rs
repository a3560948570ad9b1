//! Statistics over a window of rows that slides: nothing is computed anew when a row comes or goes.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::exact::as_whole;
use super::{Addition, numbers};
use crate::value::Value;

/// A statistic over the rows in a window.
pub trait Sliding: Send {
    /// A row comes in at the end; its value is not null.
    fn push(&mut self, value: &Value);

    /// The oldest row that came in and has not gone goes; this is its value.
    fn pop(&mut self, value: &Value);

    /// The statistic of the rows inside: what [`super::super::Aggregate`] computes of them.
    fn value(&self) -> Value;
}

/// `sum` and `avg`: whole numbers are added and taken away; a sum with fractions is added up from left to right, so
/// that it is rounded as it would be without a window.
#[derive(Default)]
pub struct SlidingSum {
    numbers: VecDeque<f64>,
    whole: i128,
    fractions: usize,
    mean: bool,
}

impl SlidingSum {
    /// A sum, or a mean, of nothing yet.
    pub fn new(mean: bool) -> SlidingSum {
        SlidingSum { mean, ..SlidingSum::default() }
    }
}

impl Sliding for SlidingSum {
    fn push(&mut self, value: &Value) {
        for number in numbers(value) {
            match as_whole(number) {
                Some(whole) => self.whole += whole,
                None => self.fractions += 1,
            }
            self.numbers.push_back(number);
        }
    }

    fn pop(&mut self, value: &Value) {
        for _ in numbers(value) {
            match self.numbers.pop_front().map(as_whole) {
                Some(Some(whole)) => self.whole -= whole,
                Some(None) => self.fractions -= 1,
                None => {}
            }
        }
    }

    fn value(&self) -> Value {
        let total = match self.fractions {
            _ if self.numbers.is_empty() => return Value::Null,
            0 => self.whole as f64,
            _ => {
                let mut sum = Addition::default();
                self.numbers.iter().for_each(|&number| sum.add(number));
                sum.total().unwrap_or_default()
            }
        };
        Value::number(if self.mean { total / self.numbers.len() as f64 } else { total })
    }
}

/// What is the least of the values in a window: those that are followed by a lesser one are let go of at once.
pub struct Least<T> {
    candidates: VecDeque<(u64, T)>,
    next: u64,
    oldest: u64,
}

impl<T> Default for Least<T> {
    fn default() -> Least<T> {
        Least { candidates: VecDeque::new(), next: 0, oldest: 0 }
    }
}

impl<T> Least<T> {
    /// A row with these values comes in; `order` is the order of values.
    pub fn push(&mut self, values: impl Iterator<Item = T>, order: impl Fn(&T, &T) -> Ordering) {
        for value in values {
            while self.candidates.back().is_some_and(|(_, last)| order(last, &value).is_gt()) {
                self.candidates.pop_back();
            }
            self.candidates.push_back((self.next, value));
        }
        self.next += 1;
    }

    /// The oldest row goes.
    pub fn pop(&mut self) {
        self.oldest += 1;
        while self.candidates.front().is_some_and(|(row, _)| *row < self.oldest) {
            self.candidates.pop_front();
        }
    }

    /// The least value inside.
    pub fn get(&self) -> Option<&T> {
        self.candidates.front().map(|(_, value)| value)
    }
}
