//! Numbers: doubles that remember how many decimals they were written with.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A double and the decimals it prints with.
///
/// A literal keeps its written precision (`5.0` prints `5.0`), `round(10, 2)` prints `10.00`, times from
/// `strptime` print six decimals. Multiplication and division round to the significant digits of the
/// least precise operand (Search Reference, `eval`: `8.250 * 0.20` is `1.7`); integers and computed
/// doubles are exact.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Number {
    /// The value; always finite.
    pub value: f64,
    /// Printed decimals, or none for the shortest exact form.
    pub decimals: Option<u8>,
}

impl Number {
    /// A number that prints in its shortest exact form.
    pub const fn exact(value: f64) -> Number {
        Number { value, decimals: None }
    }

    /// A number that prints with this many decimals.
    pub const fn fixed(value: f64, decimals: u8) -> Number {
        Number { value, decimals: Some(decimals) }
    }

    /// Significant digits as written; none when exact.
    pub fn significant_digits(self) -> Option<usize> {
        self.decimals.filter(|&decimals| decimals > 0)?;
        let text = self.to_string();
        let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|&digit| digit == b'0').count();
        Some(digits.max(1))
    }

    /// The result `value` of two operands, rounded to the least precise of them. Whole digits are never
    /// rounded away: `1.00 * 1111` is 1111, and only `sigfig()` makes 1110 of it (Search Reference,
    /// Mathematical functions).
    pub fn rounded_like(value: f64, left: Number, right: Number) -> Number {
        let digits = match (left.significant_digits(), right.significant_digits()) {
            // A product beyond all doubles has no digits; who computed it sees that.
            _ if !value.is_finite() => return Number::exact(value),
            (None, None) => return Number::exact(value),
            (Some(digits), None) | (None, Some(digits)) => digits,
            (Some(a), Some(b)) => a.min(b),
        };
        let whole = if value.abs() >= 1.0 { value.abs().log10() as usize + 1 } else { 0 };
        Number::significant(value, digits.max(whole))
    }

    /// `value` rounded to so many significant digits, and printed with them.
    pub fn significant(value: f64, digits: usize) -> Number {
        if value == 0.0 || !value.is_finite() {
            return Number::exact(value);
        }
        let digits = digits.clamp(1, 17);
        // The exponent is read off the rounded form, so that 9.99 at two digits gives 10 and not 10.0.
        let rounded = format!("{value:.*e}", digits - 1);
        let exponent = rounded.rsplit('e').next().and_then(|text| text.parse::<i32>().ok()).unwrap_or(0);
        let decimals = (digits as i32 - 1 - exponent).clamp(0, 30) as u8;
        match rounded.parse::<f64>() {
            Ok(value) if decimals == 0 => Number::exact(value),
            Ok(value) => Number::fixed(value, decimals),
            Err(_) => Number::exact(value),
        }
    }

    /// Whether it is a whole number in form and value.
    pub fn is_integer(self) -> bool {
        self.decimals.unwrap_or(0) == 0 && self.value.fract() == 0.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // -0 prints as 0.
        let value = if self.value == 0.0 { 0.0 } else { self.value };
        match self.decimals {
            Some(decimals) => write!(f, "{value:.*}", usize::from(decimals)),
            None if value != 0.0 && !(1e-5..1e20).contains(&value.abs()) => write_exponent(f, value),
            None => write!(f, "{value}"),
        }
    }
}

/// C's exponent form, two digits at least: `1e+20`.
fn write_exponent(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(f, "{mantissa}e{sign}{:02}", exponent.abs())
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.value.to_bits() == other.value.to_bits() && self.decimals == other.decimals
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.to_bits().hash(state);
        self.decimals.hash(state);
    }
}

/// Reads text that is a number from end to end: optional sign, digits, optional fraction and exponent.
/// Blanks, `0x`, `inf` and `nan` are not numbers; a field may well hold a user called `inf`.
pub fn parse_number(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    let unsigned = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    if !matches!(unsigned.first(), Some(b'0'..=b'9' | b'.')) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let plain = !bytes.iter().any(|byte| matches!(byte, b'e' | b'E'));
    match memchr::memchr(b'.', bytes) {
        // More decimals than that say nothing about a double.
        Some(dot) if plain && bytes.len() - dot - 1 <= 30 => {
            Some(Number::fixed(value, u8::try_from(bytes.len() - dot - 1).unwrap_or(30)))
        }
        _ => Some(Number::exact(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(a: &str, b: &str) -> String {
        let (a, b) = (parse_number(a).unwrap(), parse_number(b).unwrap());
        Number::rounded_like(a.value * b.value, a, b).to_string()
    }

    #[test]
    fn products_keep_the_least_precision() {
        // Search Reference, eval: the documented table.
        assert_eq!(times("8.250", "0.2"), "2");
        assert_eq!(times("8.250", "0.20"), "1.7");
        assert_eq!(times("8.250", "0.200"), "1.65");
        assert_eq!(times("3", "0.5"), "2");
        assert_eq!(times("3", "5"), "15");
        // Search Reference, sigfig.
        assert_eq!(times("1.00", "1111"), "1111");
        assert_eq!(times("0.5", "1110"), "555");
        let half = Number::fixed(0.5, 1);
        assert_eq!(Number::rounded_like(f64::INFINITY, half, half), Number::exact(f64::INFINITY));
    }

    #[test]
    fn printing() {
        assert_eq!(Number::exact(3.0).to_string(), "3");
        assert_eq!(Number::exact(-0.0).to_string(), "0");
        assert_eq!(Number::exact(3.9900000000000055).to_string(), "3.9900000000000055");
        assert_eq!(Number::fixed(10.0, 2).to_string(), "10.00");
        assert_eq!(Number::exact(1e20).to_string(), "1e+20");
        assert_eq!(Number::exact(0.00001).to_string(), "0.00001");
    }

    #[test]
    fn what_reads_as_a_number() {
        for yes in ["1", "-1", "+1.5", ".5", "5.", "1e5", "007"] {
            assert!(parse_number(yes).is_some(), "{yes}");
        }
        for no in ["", " 1", "1 ", "0x1F", "inf", "NaN", "1_000", "1,000", "-", ".", "e5", "1e999"] {
            assert!(parse_number(no).is_none(), "{no}");
        }
    }
}
