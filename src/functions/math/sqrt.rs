//! The square root of a number.
//!
//! ## Syntax
//! `sqrt(<number>)`
//!
//! ## Description
//! A negative number has none and gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval root = sqrt(9), none = sqrt(-1)
//! ```
//! ```json out
//! {"root": 3}
//! ```
//!
//! ```spl
//! eval root = sqrt(n)
//! ```
//! ```json in
//! {"n": "2"}
//! {"n": "x"}
//! ```
//! ```json out
//! {"n": "2", "root": 1.4142135623730951}
//! {"n": "x"}
//! ```
//!
//! ```spl
//! eval root = sqrt("x")
//! ```
//! ```error
//! error[E0302]: the text "x" stands where a number is needed
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{check_numbers, of_one};
use crate::value::Value;

/// `sqrt(<number>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Number, sqrt).checked(check_numbers);

fn sqrt(arguments: &[Value], _: &EvalContext) -> Value {
    of_one(arguments, f64::sqrt)
}
