//! Turns a value into text, a number in one of four formats.
//!
//! ## Syntax
//! `tostring(<value>[, <format>])`
//!
//! ## Description
//! A truth value gives `True` or `False`, a missing field `Null`. The format applies to numbers only,
//! computed or read from a field; text in quotation marks stays as it is.
//!
//! - `binary`, `hex`: whole numbers from 0 to 2^53 - 1; others give null.
//! - `commas`: commas between the thousands, and exactly two decimals if the number has any.
//! - `duration`: seconds as `HH:MM:SS`, from one day on with the days and a `+` before; decimals are kept.
//!
//! Each value of a multivalue field is converted.
//!
//! ## Examples
//!
//! ```spl
//! eval hex = tostring(255, "hex"), bits = tostring(9, "binary"), sum = tostring(1234567.891, "commas")
//! ```
//! ```json out
//! {"hex": "0xFF", "bits": "1001", "sum": "1,234,567.89"}
//! ```
//!
//! ```spl
//! eval time = tostring(seconds, "duration")
//! ```
//! ```json in
//! {"seconds": "615"}
//! {"seconds": "93784"}
//! {"seconds": "soon"}
//! ```
//! ```json out
//! {"seconds": "615", "time": "00:10:15"}
//! {"seconds": "93784", "time": "1+02:03:04"}
//! {"seconds": "soon", "time": "soon"}
//! ```
//!
//! ```spl
//! eval truth = tostring(1 == 1), nothing = tostring(missing)
//! ```
//! ```json out
//! {"truth": "True", "nothing": "Null"}
//! ```
//!
//! ```spl
//! eval n = tostring(8, "octal")
//! ```
//! ```error
//! error[E0302]: `octal` is not a format: expected binary, commas, duration or hex
//! ```

use super::super::support::digits::group_thousands;
use super::super::{Arity, Evaluator, Function, Misuse, Type};
use crate::parse::expr::Expr;
use crate::value::{Number, Value};

/// `tostring(<value>[, <format>])`
pub const FUNCTION: Function = Function::lazy(Arity::between(1, 2), Type::Text, tostring).checked(check);

/// Writes a number; none if the format cannot hold it.
type Format = fn(Number) -> Option<String>;

fn tostring(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let Some(argument) = arguments.first() else { return Value::Null };
    let format = match arguments.get(1).map(|format| format_of(&row.eval(format))) {
        Some(None) => return Value::Null,
        Some(format) => format,
        None => None,
    };
    let value = row.eval(argument);
    if value.is_null() {
        return Value::text("Null");
    }
    let is_text = argument.static_type() == Type::Text;
    value.map_each(|one| match (format, one.as_numeric()) {
        (Some(format), Some(number)) if !is_text => format(number).map_or(Value::Null, Value::from),
        _ => Value::Text(one.clone().into_text()),
    })
}

fn format_of(name: &Value) -> Option<Format> {
    match name.to_text().as_ref() {
        "binary" => Some(binary),
        "commas" => Some(commas),
        "duration" => Some(duration),
        "hex" => Some(hex),
        _ => None,
    }
}

fn binary(number: Number) -> Option<String> {
    whole(number).map(|whole| format!("{whole:b}"))
}

fn hex(number: Number) -> Option<String> {
    whole(number).map(|whole| format!("0x{whole:X}"))
}

/// "Only integers in the range of 0 to 2^53 - 1" (Search Reference, `tostring`).
fn whole(number: Number) -> Option<u64> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    let fits = number.value.fract() == 0.0 && (0.0..=LARGEST).contains(&number.value);
    fits.then_some(number.value as u64)
}

fn commas(number: Number) -> Option<String> {
    let decimals = if number.is_integer() { 0 } else { 2 };
    Some(group_thousands(&format!("{:.decimals$}", number.value)))
}

fn duration(number: Number) -> Option<String> {
    let length = number.value.abs();
    // Not the number's own form, which turns to exponents for the very small.
    let text = match number.decimals {
        Some(decimals) => format!("{length:.*}", usize::from(decimals)),
        None => length.to_string(),
    };
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let seconds: u64 = whole.parse().ok()?;
    let sign = if number.value < 0.0 { "-" } else { "" };
    let days = match seconds / 86_400 {
        0 => String::new(),
        days => format!("{days}+"),
    };
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    Some(format!("{sign}{days}{hours:02}:{minutes:02}:{:02}{fraction}", seconds % 60))
}

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    match arguments.get(1) {
        Some(Some(name)) if format_of(name).is_none() => {
            let message =
                format!("`{}` is not a format: expected binary, commas, duration or hex", name.to_text());
            Err(Misuse { message, argument: 1, regex: false })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, check, field, literal, many};
    use crate::value::Value;

    fn printed(text: &str, format: &str) -> Value {
        call("tostring", &[field(text), literal(format)])
    }

    #[test]
    fn formats() {
        assert_eq!(printed("15", "hex"), "0xF".into());
        assert_eq!(printed("9", "binary"), "1001".into());
        assert_eq!(printed("-1", "hex"), Value::Null);
        assert_eq!(printed("1.5", "binary"), Value::Null);
        assert_eq!(printed("12345.6789", "commas"), "12,345.68".into());
        assert_eq!(printed("-1234", "commas"), "-1,234".into());
        assert_eq!(printed("1000.0", "commas"), "1,000.00".into());
        assert_eq!(printed("615", "duration"), "00:10:15".into());
        assert_eq!(printed("86400.500000", "duration"), "1+00:00:00.500000".into());
        assert_eq!(printed("-61", "duration"), "-00:01:01".into());
        assert_eq!(printed("1e30", "duration"), Value::Null);
    }

    #[test]
    fn what_is_no_number_keeps_its_form() {
        assert_eq!(call("tostring", &[literal("5"), literal("binary")]), "5".into());
        assert_eq!(printed("abc", "hex"), "abc".into());
        assert_eq!(call("tostring", &[field(true)]), "True".into());
        assert_eq!(call("tostring", &[field(Value::Null)]), "Null".into());
        assert_eq!(call("tostring", &[field(2.5)]), "2.5".into());
        let values = call("tostring", &[field(many(&["10", "x"])), literal("hex")]);
        assert_eq!(values, many(&["0xA", "x"]));
    }

    #[test]
    fn misuse() {
        assert_eq!(check("tostring", &[None, Some("octal".into())]).unwrap_err().argument, 1);
        assert_eq!(call("tostring", &[field(8.0), field("octal")]), Value::Null);
    }
}
