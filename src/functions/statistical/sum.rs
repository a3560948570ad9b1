//! The sum or the mean of the arguments that are numbers.
//!
//! ## Syntax
//! `sum(<value>, ...)`
//! `avg(<value>, ...)`
//!
//! ## Description
//! Fields that are missing or hold no number are passed over; a multivalue field gives each of its
//! values. Null when there is no number. A quoted string is refused, also one that looks like a number.
//!
//! ## Examples
//!
//! ```spl
//! eval x = sum(a, b, c), mean = avg(a, b, c)
//! ```
//! ```json in
//! {"a": "5.0", "b": "9"}
//! {"a": "somedata", "b": ["2", "3"]}
//! {"a": "somedata"}
//! ```
//! ```json out
//! {"a": "5.0", "b": "9", "x": 14, "mean": 7}
//! {"a": "somedata", "b": ["2", "3"], "x": 5, "mean": 2.5}
//! {"a": "somedata"}
//! ```
//!
//! ```spl
//! eval c = avg(1, 2, 3), d = sum(0.1, 0.2)
//! ```
//! ```json out
//! {"c": 2, "d": 0.3}
//! ```
//!
//! ```spl
//! eval c = sum(1, 2, "3")
//! ```
//! ```error
//! error[E0302]: the text "3" stands where a number is needed
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::functions::math::check_numbers;
use crate::functions::math::round::round_decimal;
use crate::value::Value;

/// `sum(<value>, ...)`
pub const SUM: Function =
    Function::strict(Arity::at_least(1), Type::Number, sum).handling_nulls().checked(check_numbers);

/// `avg(<value>, ...)`
pub const AVG: Function =
    Function::strict(Arity::at_least(1), Type::Number, avg).handling_nulls().checked(check_numbers);

fn sum(arguments: &[Value], _: &EvalContext) -> Value {
    total(arguments).map_or(Value::Null, |(total, _)| Value::number(total))
}

fn avg(arguments: &[Value], _: &EvalContext) -> Value {
    total(arguments).map_or(Value::Null, |(total, count)| Value::number(total / count as f64))
}

/// The sum of all numbers, and how many they are; none if there are none. Decimals add up as decimals,
/// as with `+`: 0.1 and 0.2 make 0.3.
fn total(arguments: &[Value]) -> Option<(f64, usize)> {
    let mut total = 0.0;
    let mut count = 0;
    let mut decimals = Some(0);
    for number in arguments.iter().flat_map(Value::values).filter_map(Value::as_numeric) {
        total += number.value;
        count += 1;
        let whole = (number.value.fract() == 0.0).then_some(0);
        decimals = decimals.zip(number.decimals.or(whole)).map(|(a, b)| a.max(b));
    }
    let total = match decimals {
        Some(decimals) if total.is_finite() && decimals <= 15 => round_decimal(total, decimals),
        _ => total,
    };
    (count > 0).then_some((total, count))
}
