//! A number with each of its bits turned round.
//!
//! ## Syntax
//! `bit_not(<number>[, <mask>])`
//!
//! ## Description
//! Numbers are whole, from 0 to 9007199254740991 (53 bits); any other argument makes the result null. Only
//! bits that are set in the mask remain; without one, all 53.
//!
//! ## Examples
//!
//! ```spl
//! eval long = bit_not(9), short = bit_not(9, 15)
//! ```
//! ```json out
//! {"long": 9007199254740982, "short": 6}
//! ```
//!
//! ```spl
//! eval n = bit_not(n, 7)
//! ```
//! ```json in
//! {"n": "9"}
//! {"n": "-1"}
//! ```
//! ```json out
//! {"n": 6}
//! {}
//! ```
//!
//! ```spl
//! eval n = bit_not(9, "1111")
//! ```
//! ```error
//! error[E0302]: the text "1111" stands where a number is needed
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{ALL_ONES, bits, number};
use crate::functions::math::check_numbers;
use crate::value::Value;

/// `bit_not(<number>[, <mask>])`
pub const FUNCTION: Function =
    Function::strict(Arity::between(1, 2), Type::Number, not).checked(check_numbers);

fn not(arguments: &[Value], _: &EvalContext) -> Value {
    let mask = arguments.get(1).map_or(Some(ALL_ONES), bits);
    match (arguments.first().and_then(bits), mask) {
        (Some(value), Some(mask)) => number(!value & mask),
        _ => Value::Null,
    }
}
