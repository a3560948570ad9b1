//! Turns text into numbers: `tonumber`, `toint` (rounded down) and `todouble` (with decimals).
//!
//! ## Syntax
//! `tonumber(<text>[, <base>])`
//!
//! `toint(<value>[, <base>])`
//!
//! `todouble(<value>[, <base>])`
//!
//! ## Description
//! The text must be a number from end to end, without blanks; otherwise the result is null, and text in
//! quotation marks that `tonumber` cannot read is an error. Decimals stay as they were written.
//!
//! The base, from 2 to 36, is that of text (10 if left out); in base 16 a leading `0x` is accepted. A number
//! is itself whatever the base. Whole numbers beyond 2^53 lose their last digits. Each value of a multivalue
//! field is converted.
//!
//! ## Examples
//!
//! ```spl
//! eval n = tonumber(price)
//! ```
//! ```json in
//! {"price": "7.50"}
//! {"price": "007"}
//! {"price": " 7"}
//! {"price": "seven"}
//! ```
//! ```json out
//! {"price": "7.50", "n": 7.50}
//! {"price": "007", "n": 7}
//! {"price": " 7"}
//! {"price": "seven"}
//! ```
//!
//! ```spl
//! eval mask = tonumber("ff", 16), bits = tonumber("0101", 2)
//! ```
//! ```json out
//! {"mask": 255, "bits": 5}
//! ```
//!
//! ```spl
//! eval whole = toint("-3.2"), double = todouble(5)
//! ```
//! ```json out
//! {"whole": -4, "double": 5.0}
//! ```
//!
//! ```spl
//! eval n = tonumber("seven")
//! ```
//! ```error
//! error[E0302]: `seven` is not a number in base 10
//! ```

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use crate::value::{Number, Value, parse_number};

/// `tonumber(<text>[, <base>])`
pub const TONUMBER: Function =
    Function::strict(Arity::between(1, 2), Type::Number, tonumber).checked(check_text_and_base);

/// `toint(<value>[, <base>])`
pub const TOINT: Function = Function::strict(Arity::between(1, 2), Type::Number, toint).checked(check_base);

/// `todouble(<value>[, <base>])`
pub const TODOUBLE: Function =
    Function::strict(Arity::between(1, 2), Type::Number, todouble).checked(check_base);

fn tonumber(arguments: &[Value], _: &EvalContext) -> Value {
    convert(arguments, |number| number)
}

fn toint(arguments: &[Value], _: &EvalContext) -> Value {
    convert(arguments, |number| Number::exact(number.value.floor()))
}

fn todouble(arguments: &[Value], _: &EvalContext) -> Value {
    convert(arguments, |number| if number.is_integer() { Number::fixed(number.value, 1) } else { number })
}

fn convert(arguments: &[Value], finish: fn(Number) -> Number) -> Value {
    let (Some(value), Some(base)) = (arguments.first(), base_of(arguments.get(1))) else {
        return Value::Null;
    };
    value.map_each(|one| read(one, base).map_or(Value::Null, |number| Value::Number(finish(number))))
}

/// None for a base that does not exist.
fn base_of(argument: Option<&Value>) -> Option<u32> {
    let Some(argument) = argument else { return Some(10) };
    let base = argument.as_number()?;
    (base.fract() == 0.0 && (2.0..=36.0).contains(&base)).then_some(base as u32)
}

fn read(value: &Value, base: u32) -> Option<Number> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) if base == 10 => parse_number(text),
        Value::Text(text) => parse_in_base(text, base),
        _ => None,
    }
}

fn parse_in_base(text: &str, base: u32) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixed = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let digits = prefixed.filter(|_| base == 16).unwrap_or(digits);
    if digits.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for digit in digits.chars() {
        value = value * f64::from(base) + f64::from(digit.to_digit(base)?);
    }
    let value: f64 = sign * value;
    value.is_finite().then_some(Number::exact(value))
}

fn check_base(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    match arguments.get(1) {
        Some(Some(base)) if base_of(Some(base)).is_none() => {
            let message = format!("a base is a whole number from 2 to 36, not `{}`", base.to_text());
            Err(Misuse { message, argument: 1, regex: false })
        }
        _ => Ok(()),
    }
}

fn check_text_and_base(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    check_base(arguments)?;
    let base = match arguments.get(1) {
        Some(None) => None,
        Some(base) => base_of(base.as_ref()),
        None => Some(10),
    };
    match (arguments.first(), base) {
        (Some(Some(text)), Some(base)) if read(text, base).is_none() => {
            let message = format!("`{}` is not a number in base {base}", text.to_text());
            Err(Misuse { message, argument: 0, regex: false })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, check, field, literal, many};
    use crate::value::Value;

    fn printed(name: &str, text: &str, base: f64) -> String {
        call(name, &[field(text), literal(base)]).to_text().into_owned()
    }

    #[test]
    fn text_in_bases() {
        assert_eq!(printed("tonumber", "0A4", 16.0), "164");
        assert_eq!(printed("tonumber", "0x1f", 16.0), "31");
        assert_eq!(printed("tonumber", "-zz", 36.0), "-1295");
        assert_eq!(printed("tonumber", "0101", 2.0), "5");
        assert_eq!(printed("tonumber", "1.50", 10.0), "1.50");
        for (text, base) in [("102", 2.0), ("", 16.0), ("0x", 16.0), ("f ", 16.0), ("1.5", 16.0), ("1", 37.0)]
        {
            assert_eq!(call("tonumber", &[field(text), field(base)]), Value::Null, "{text} {base}");
        }
    }

    #[test]
    fn whole_and_double() {
        assert_eq!(call("toint", &[field("24")]).to_text(), "24");
        assert_eq!(call("toint", &[literal(-3.25)]).to_text(), "-4");
        assert_eq!(call("todouble", &[field("16.00")]).to_text(), "16.00");
        assert_eq!(call("todouble", &[literal(5.0)]).to_text(), "5.0");
        assert_eq!(call("toint", &[literal("number")]), Value::Null);
    }

    #[test]
    fn numbers_nulls_and_multivalues() {
        assert_eq!(call("tonumber", &[field(10.0), literal(16.0)]), 10.0.into());
        assert_eq!(call("tonumber", &[field(Value::Null)]), Value::Null);
        let values = Value::from_values([1.0.into(), 3.0.into()]);
        assert_eq!(call("tonumber", &[field(many(&["1", "x", "3"]))]), values);
    }

    #[test]
    fn misuse() {
        assert_eq!(check("tonumber", &[Some("seven".into())]).unwrap_err().argument, 0);
        assert_eq!(check("tonumber", &[None, Some(1.0.into())]).unwrap_err().argument, 1);
        assert!(check("tonumber", &[Some("ff".into()), None]).is_ok());
        assert!(check("todouble", &[Some("number".into())]).is_ok());
    }
}
