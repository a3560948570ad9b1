//! The constant pi, to 11 decimals.
//!
//! ## Syntax
//! `pi()`
//!
//! ## Description
//! 3.14159265358: the digits after that are cut off, not rounded, and what is computed with it has its
//! twelve significant digits.
//!
//! ## Examples
//!
//! ```spl
//! eval pi = pi(), degrees = acos(0) * 180 / pi()
//! ```
//! ```json out
//! {"pi": 3.14159265358, "degrees": 90.0000000003}
//! ```
//!
//! ```spl
//! eval area_circle = pi() * pow(radius, 2)
//! ```
//! ```json in
//! {"radius": "10"}
//! ```
//! ```json out
//! {"radius": "10", "area_circle": 314.159265358}
//! ```
//!
//! ```spl
//! eval n = pi(2)
//! ```
//! ```error
//! error[E0302]: the function `pi` takes no arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::{Number, Value};

/// `pi()`
pub const FUNCTION: Function = Function::strict(Arity::exactly(0), Type::Number, pi);

/// The Search Reference: "pi to 11 digits of precision", and 90.0000000003 for `acos(0)*180/pi()`.
fn pi(_: &[Value], _: &EvalContext) -> Value {
    Value::Number(Number::fixed(314_159_265_358.0 / 1e11, 11))
}
