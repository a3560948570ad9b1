//! A number with its bits moved to the left or to the right.
//!
//! ## Syntax
//! `bit_shift_left(<number>, <offset>)`
//! `bit_shift_right(<number>, <offset>)`
//!
//! ## Description
//! Numbers are whole, from 0 to 9007199254740991 (53 bits); any other argument makes the result null. Bits
//! that leave the 53 are lost.
//!
//! ## Examples
//!
//! ```spl
//! eval left = bit_shift_left(2, 1), right = bit_shift_right(4, 1), lost = bit_shift_left(3, 52), gone = bit_shift_left(3, 57)
//! ```
//! ```json out
//! {"left": 4, "right": 2, "lost": 4503599627370496, "gone": 0}
//! ```
//!
//! ```spl
//! eval n = bit_shift_left(n, offset)
//! ```
//! ```json in
//! {"n": "67", "offset": "1"}
//! {"n": "3", "offset": "-2"}
//! ```
//! ```json out
//! {"n": 134, "offset": "1"}
//! {"offset": "-2"}
//! ```
//!
//! ```spl
//! eval n = bit_shift_right(4)
//! ```
//! ```error
//! error[E0302]: the function `bit_shift_right` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{ALL_ONES, bits, number};
use crate::functions::math::check_numbers;
use crate::value::Value;

/// `bit_shift_left(<number>, <offset>)`
pub const LEFT: Function = Function::strict(Arity::exactly(2), Type::Number, left).checked(check_numbers);

/// `bit_shift_right(<number>, <offset>)`
pub const RIGHT: Function = Function::strict(Arity::exactly(2), Type::Number, right).checked(check_numbers);

fn left(arguments: &[Value], _: &EvalContext) -> Value {
    shift(arguments, u64::checked_shl)
}

fn right(arguments: &[Value], _: &EvalContext) -> Value {
    shift(arguments, u64::checked_shr)
}

fn shift(arguments: &[Value], shift: fn(u64, u32) -> Option<u64>) -> Value {
    match (arguments.first().and_then(bits), arguments.get(1).and_then(bits)) {
        (Some(value), Some(offset)) => {
            let shifted = u32::try_from(offset).ok().and_then(|offset| shift(value, offset));
            number(shifted.unwrap_or(0) & ALL_ONES)
        }
        _ => Value::Null,
    }
}
