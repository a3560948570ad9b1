//! The value of an expression with all its digits.
//!
//! ## Syntax
//! `exact(<expression>)`
//!
//! ## Description
//! A product or quotient has only the significant digits of its least precise operand. Inside `exact`
//! nothing is rounded to significant digits, and the result counts as exact in what is computed with it.
//! What is no number gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval short = 8.250 * 0.2, full = exact(8.250 * 0.2), half = 8.250 * exact(0.2)
//! ```
//! ```json out
//! {"short": 2, "full": 1.65, "half": 1.650}
//! ```
//!
//! ```spl
//! eval n = exact(3.14 * num)
//! ```
//! ```json in
//! {"num": "2.5"}
//! {"num": "two"}
//! ```
//! ```json out
//! {"num": "2.5", "n": 7.85}
//! {"num": "two"}
//! ```
//!
//! ```spl
//! eval n = exact("0.2")
//! ```
//! ```error
//! error[E0302]: the text "0.2" stands where a number is needed
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::check_numbers;
use crate::parse::expr::Expr;
use crate::value::Value;

/// `exact(<expression>)`
pub const FUNCTION: Function = Function::lazy(Arity::exactly(1), Type::Number, exact).checked(check_numbers);

fn exact(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let Some(argument) = arguments.first() else { return Value::Null };
    let value = Evaluator { row: row.row, context: row.context, exact: true }.eval(argument);
    value.as_number().map_or(Value::Null, Value::number)
}
