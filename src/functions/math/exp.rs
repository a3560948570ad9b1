//! e to the power of a number.
//!
//! ## Syntax
//! `exp(<number>)`
//!
//! ## Examples
//!
//! ```spl
//! eval one = exp(0), e = exp(1)
//! ```
//! ```json out
//! {"one": 1, "e": 2.718281828459045}
//! ```
//!
//! What is too large for a number is `inf`.
//!
//! ```spl
//! eval n = exp(n)
//! ```
//! ```json in
//! {"n": "0"}
//! {"n": "1000"}
//! ```
//! ```json out
//! {"n": 1}
//! {"n": "inf"}
//! ```
//!
//! ```spl
//! eval n = exp()
//! ```
//! ```error
//! error[E0302]: the function `exp` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{check_numbers, growing};
use crate::value::Value;

/// `exp(<number>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Number, exp).checked(check_numbers);

fn exp(arguments: &[Value], _: &EvalContext) -> Value {
    growing(arguments, f64::exp)
}
