//! The absolute value of a number.
//!
//! ## Syntax
//! `abs(<number>)`
//!
//! ## Examples
//!
//! ```spl
//! eval n = abs(number)
//! ```
//! ```json in
//! {"number": "-4.50"}
//! {"number": "7"}
//! {"number": "seven"}
//! ```
//! ```json out
//! {"number": "-4.50", "n": 4.50}
//! {"number": "7", "n": 7}
//! {"number": "seven"}
//! ```
//!
//! ```spl
//! eval n = abs(-3)
//! ```
//! ```json out
//! {"n": 3}
//! ```
//!
//! ```spl
//! eval n = abs()
//! ```
//! ```error
//! error[E0302]: the function `abs` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::check_numbers;
use crate::value::{Number, Value};

/// `abs(<number>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Number, abs).checked(check_numbers);

fn abs(arguments: &[Value], _: &EvalContext) -> Value {
    match arguments.first().and_then(Value::as_numeric) {
        Some(number) => Value::Number(Number { value: number.value.abs(), ..number }),
        None => Value::Null,
    }
}
