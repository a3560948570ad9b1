//! The value of a calculation, rounded to the digits that its operands justify.
//!
//! ## Syntax
//! `sigfig(<expression>)`
//!
//! ## Description
//! A product or quotient gets the significant digits of the operand that has fewest, whole digits too; a
//! sum or difference the decimals of the operand that has fewest. Every digit that an operand is written
//! with counts, also those of whole numbers. A single number stays as it is.
//!
//! ## Examples
//!
//! ```spl
//! eval product = sigfig(1.00 * 1111), sum = sigfig(123.0 + 4.567)
//! ```
//! ```json out
//! {"product": 1110, "sum": 127.6}
//! ```
//!
//! Two decimals of an average:
//!
//! ```spl
//! eval test = sigfig(test * 1.00)
//! ```
//! ```json in
//! {"test": "3.990000000000215"}
//! {"test": "none"}
//! ```
//! ```json out
//! {"test": 3.99}
//! {}
//! ```
//!
//! ```spl
//! eval n = sigfig(1.00, 2)
//! ```
//! ```error
//! error[E0302]: the function `sigfig` takes 1 argument, not 2
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::check_numbers;
use super::round::round_decimal;
use crate::parse::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::value::{Number, Value};

/// `sigfig(<expression>)`
pub const FUNCTION: Function = Function::lazy(Arity::exactly(1), Type::Number, sigfig).checked(check_numbers);

/// A number and how well it is known.
#[derive(Clone, Copy)]
struct Measure {
    value: f64,
    /// The decimal place of its last significant digit: 2 for 0.25, 0 for 7, -1 for 1110 of three digits.
    place: i32,
}

fn sigfig(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let Some(argument) = arguments.first() else { return Value::Null };
    let Some(measure) = measure(argument, row) else { return Value::Null };
    if !measure.value.is_finite() {
        return Value::Null;
    }
    let number = match argument.kind {
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..) if measure.place >= 0 => {
            let decimals = measure.place.min(30) as u8;
            let value = round_decimal(measure.value, decimals);
            if decimals == 0 { Number::exact(value) } else { Number::fixed(value, decimals) }
        }
        ExprKind::Binary(..) => Number::significant(measure.value, measure.digits()),
        _ => return row.eval(argument).as_numeric().map_or(Value::Null, Value::Number),
    };
    Value::Number(number)
}

/// Follows the arithmetic of an expression; what is no arithmetic is known as it prints.
fn measure(expr: &Expr, row: &Evaluator<'_>) -> Option<Measure> {
    match &expr.kind {
        ExprKind::Unary(UnaryOp::Minus, operand) => {
            let measure = measure(operand, row)?;
            Some(Measure { value: -measure.value, ..measure })
        }
        ExprKind::Binary(op, left, right) => {
            let product = |value: f64, a: Measure, b: Measure| {
                let digits = a.digits().min(b.digits()) as i32;
                Measure { value, place: digits - 1 - exponent(value) }
            };
            let sum = |value: f64, a: Measure, b: Measure| Measure { value, place: a.place.min(b.place) };
            let (a, b) = match op {
                BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Add | BinaryOp::Subtract => {
                    (measure(left, row)?, measure(right, row)?)
                }
                _ => return leaf(expr, row),
            };
            match op {
                BinaryOp::Multiply => Some(product(a.value * b.value, a, b)),
                BinaryOp::Divide if b.value == 0.0 => None,
                BinaryOp::Divide => Some(product(a.value / b.value, a, b)),
                BinaryOp::Add => Some(sum(a.value + b.value, a, b)),
                _ => Some(sum(a.value - b.value, a, b)),
            }
        }
        _ => leaf(expr, row),
    }
}

fn leaf(expr: &Expr, row: &Evaluator<'_>) -> Option<Measure> {
    let number = row.eval(expr).as_numeric()?;
    let text = number.to_string();
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i32);
    Some(Measure { value: number.value, place: decimals - power.parse::<i32>().unwrap_or(0) })
}

/// The power of ten of the first digit.
fn exponent(value: f64) -> i32 {
    if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 }
}

impl Measure {
    fn digits(self) -> usize {
        (exponent(self.value) + 1 + self.place).max(1) as usize
    }
}
