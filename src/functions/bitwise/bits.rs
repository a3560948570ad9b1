//! The bits that are set in all of several numbers, in any, or in an odd count of them.
//!
//! ## Syntax
//! `bit_and(<number>, <number>, ...)`
//! `bit_or(<number>, <number>, ...)`
//! `bit_xor(<number>, <number>, ...)`
//!
//! ## Description
//! Numbers are whole, from 0 to 9007199254740991 (53 bits); any other argument makes the result null.
//!
//! ## Examples
//!
//! ```spl
//! eval all = bit_and(12, 9), any = bit_or(4, 2), odd = bit_xor(3, 2)
//! ```
//! ```json out
//! {"all": 8, "any": 6, "odd": 1}
//! ```
//!
//! ```spl
//! eval flag = bit_and(flags, 2)
//! ```
//! ```json in
//! {"flags": "7"}
//! {"flags": "-7"}
//! {"flags": "0.5"}
//! {"flags": "9007199254740992"}
//! ```
//! ```json out
//! {"flags": "7", "flag": 2}
//! {"flags": "-7"}
//! {"flags": "0.5"}
//! {"flags": "9007199254740992"}
//! ```
//!
//! ```spl
//! eval flag = bit_or(flags)
//! ```
//! ```error
//! error[E0302]: the function `bit_or` takes at least 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{bits, number};
use crate::functions::math::check_numbers;
use crate::value::Value;

/// `bit_and(<number>, <number>, ...)`
pub const AND: Function = Function::strict(Arity::at_least(2), Type::Number, and).checked(check_numbers);

/// `bit_or(<number>, <number>, ...)`
pub const OR: Function = Function::strict(Arity::at_least(2), Type::Number, or).checked(check_numbers);

/// `bit_xor(<number>, <number>, ...)`
pub const XOR: Function = Function::strict(Arity::at_least(2), Type::Number, xor).checked(check_numbers);

fn and(arguments: &[Value], _: &EvalContext) -> Value {
    fold(arguments, |a, b| a & b)
}

fn or(arguments: &[Value], _: &EvalContext) -> Value {
    fold(arguments, |a, b| a | b)
}

fn xor(arguments: &[Value], _: &EvalContext) -> Value {
    fold(arguments, |a, b| a ^ b)
}

fn fold(arguments: &[Value], step: fn(u64, u64) -> u64) -> Value {
    let all: Option<Vec<u64>> = arguments.iter().map(bits).collect();
    all.and_then(|all| all.into_iter().reduce(step)).map_or(Value::Null, number)
}
