//! Arithmetic.

pub mod abs;
pub mod ceil;
pub mod exact;
pub mod exp;
pub mod log;
pub mod pi;
pub mod pow;
pub mod round;
pub mod sigfig;
pub mod sqrt;

use super::Misuse;
use crate::value::{Number, Value};

/// A function of one number; null where the argument is none, and where the result is not finite.
///
/// The result has the significant digits of the argument, as a product has: the Search Reference gives
/// 0.46 for `atan(0.50)` and -1.00000000000 for `cos(pi())`.
pub(super) fn of_one(arguments: &[Value], function: fn(f64) -> f64) -> Value {
    match arguments.first().and_then(Value::as_numeric) {
        Some(number) => finite(Number::rounded_like(function(number.value), number, number)),
        None => Value::Null,
    }
}

/// A function of two numbers, with the significant digits of the less precise one.
pub(super) fn of_two(arguments: &[Value], function: fn(f64, f64) -> f64) -> Value {
    let number = |at: usize| arguments.get(at).and_then(Value::as_numeric);
    match (number(0), number(1)) {
        (Some(a), Some(b)) => finite(Number::rounded_like(function(a.value, b.value), a, b)),
        _ => Value::Null,
    }
}

/// A function of two numbers that has the significant digits of the first: the second, an exponent or a
/// base, says what to compute and is not a measurement.
pub(super) fn of_first(arguments: &[Value], function: fn(f64, f64) -> f64) -> Value {
    let number = |at: usize| arguments.get(at).and_then(Value::as_numeric);
    match (number(0), number(1)) {
        (Some(a), Some(b)) => finite(Number::rounded_like(function(a.value, b.value), a, a)),
        _ => Value::Null,
    }
}

/// A function of one number that grows beyond all numbers: there it is `inf` or `-inf`.
pub fn growing(arguments: &[Value], function: fn(f64) -> f64) -> Value {
    match arguments.first().and_then(Value::as_numeric) {
        Some(number) => Value::computed(Number::rounded_like(function(number.value), number, number)),
        None => Value::Null,
    }
}

fn finite(number: Number) -> Value {
    if number.value.is_finite() { Value::Number(number) } else { Value::Null }
}

/// Refuses quoted strings where only numbers make sense: a quoted string is text by its type, whatever
/// it looks like (Search Reference, `sum`: `sum(1, 2, "3")` is an error).
pub(super) fn check_numbers(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    (0..arguments.len()).try_for_each(|argument| check_number(arguments, argument))
}

/// The same for one argument.
pub(super) fn check_number(arguments: &[Option<Value>], argument: usize) -> Result<(), Misuse> {
    match arguments.get(argument) {
        Some(Some(Value::Text(text))) => {
            let message = format!("the text \"{text}\" stands where a number is needed");
            Err(Misuse { message, argument, regex: false })
        }
        _ => Ok(()),
    }
}
