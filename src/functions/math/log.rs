//! The logarithm of a number.
//!
//! ## Syntax
//! `ln(<number>)`
//! `log(<number>[, <base>])`
//!
//! ## Description
//! `ln` is the natural logarithm; the base of `log` is 10 unless another is given. Zero and negative
//! numbers have no logarithm and give null.
//!
//! ## Examples
//!
//! ```spl
//! eval ten = log(1000), two = log(number, 2), natural = ln(1)
//! ```
//! ```json in
//! {"number": "8"}
//! {"number": "-8"}
//! ```
//! ```json out
//! {"number": "8", "ten": 3, "two": 3, "natural": 0}
//! {"number": "-8", "ten": 3, "natural": 0}
//! ```
//!
//! ```spl
//! eval nothing = ln(0), one = log(5, 5)
//! ```
//! ```json out
//! {"one": 1}
//! ```
//!
//! ```spl
//! eval n = log(8, 2, 1)
//! ```
//! ```error
//! error[E0302]: the function `log` takes 1 or 2 arguments, not 3
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{check_numbers, of_first, of_one};
use crate::value::Value;

/// `ln(<number>)`
pub const LN: Function = Function::strict(Arity::exactly(1), Type::Number, ln).checked(check_numbers);

/// `log(<number>[, <base>])`
pub const LOG: Function = Function::strict(Arity::between(1, 2), Type::Number, log).checked(check_numbers);

fn ln(arguments: &[Value], _: &EvalContext) -> Value {
    of_one(arguments, f64::ln)
}

fn log(arguments: &[Value], _: &EvalContext) -> Value {
    if arguments.len() == 1 {
        return of_one(arguments, f64::log10);
    }
    // The logarithms of 10 and 2 are exact where a quotient of natural logarithms is not.
    of_first(arguments, |number, base| match base {
        10.0 => number.log10(),
        2.0 => number.log2(),
        base => number.ln() / base.ln(),
    })
}
