//! A number rounded to so many decimals.
//!
//! ## Syntax
//! `round(<number>[, <decimals>])`
//!
//! ## Description
//! Halves go away from zero, as the number is written in decimal. Without decimals the result is a whole
//! number; with them it prints exactly so many, 30 at most. A negative count of decimals gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval whole = round(3.5), two = round(2.555, 2), padded = round(10, 2)
//! ```
//! ```json out
//! {"whole": 4, "two": 2.56, "padded": 10.00}
//! ```
//!
//! ```spl
//! eval n = round(n, 1)
//! ```
//! ```json in
//! {"n": "-0.25"}
//! {"n": "9.96"}
//! {"n": "ten"}
//! ```
//! ```json out
//! {"n": -0.3}
//! {"n": 10.0}
//! {}
//! ```
//!
//! ```spl
//! eval n = round(3.5, 1, 2)
//! ```
//! ```error
//! error[E0302]: the function `round` takes 1 or 2 arguments, not 3
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::check_numbers;
use crate::value::{Number, Value};

/// `round(<number>[, <decimals>])`
pub const FUNCTION: Function =
    Function::strict(Arity::between(1, 2), Type::Number, round).checked(check_numbers);

/// Decimals that a result can print.
const MAX_DECIMALS: f64 = 30.0;

fn round(arguments: &[Value], _: &EvalContext) -> Value {
    let Some(number) = arguments.first().and_then(Value::as_number) else { return Value::Null };
    let decimals = match arguments.get(1).map(Value::as_number) {
        None => 0.0,
        Some(Some(decimals)) if decimals >= 0.0 => decimals,
        Some(_) => return Value::Null,
    };
    let decimals = decimals.min(MAX_DECIMALS) as u8;
    let rounded = round_decimal(number, decimals);
    Value::Number(if decimals == 0 { Number::exact(rounded) } else { Number::fixed(rounded, decimals) })
}

/// Rounds the shortest decimal form of a finite number, halves away from zero: 2.555 is 2.56 although
/// the double is a little less than that.
pub fn round_decimal(value: f64, decimals: u8) -> f64 {
    let text = value.abs().to_string();
    let Some((whole, fraction)) = text.split_once('.') else { return value };
    let kept = usize::from(decimals);
    let Some(next) = fraction.as_bytes().get(kept) else { return value };
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes().take(kept)).collect();
    if *next >= b'5' {
        let nines = digits.iter().rev().take_while(|digit| **digit == b'9').count();
        let end = digits.len() - nines;
        digits.iter_mut().skip(end).for_each(|digit| *digit = b'0');
        match digits.iter_mut().take(end).next_back() {
            Some(digit) => *digit += 1,
            None => digits.insert(0, b'1'),
        }
    }
    digits.insert(digits.len() - kept, b'.');
    let rounded = String::from_utf8_lossy(&digits).parse().unwrap_or(value);
    if value < 0.0 { -rounded } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::round_decimal;

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(round_decimal(2.555, 2), 2.56);
        assert_eq!(round_decimal(1.005, 2), 1.01);
        assert_eq!(round_decimal(-2.5, 0), -3.0);
        assert_eq!(round_decimal(10.5, 0), 11.0);
        assert_eq!(round_decimal(0.4999999999999999, 0), 0.0);
        assert_eq!(round_decimal(99.995, 2), 100.0);
        assert_eq!(round_decimal(-0.5, 0), -1.0);
        assert_eq!(round_decimal(1e300, 2), 1e300);
        assert_eq!(round_decimal(5e-324, 30), 0.0);
        assert_eq!(round_decimal(1.25, 5), 1.25);
    }
}
