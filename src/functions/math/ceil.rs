//! The next whole number above or below.
//!
//! ## Syntax
//! `ceil(<number>)` | `ceiling(<number>)`
//! `floor(<number>)`
//!
//! ## Examples
//!
//! ```spl
//! eval above = ceil(1.9), below = floor(1.9)
//! ```
//! ```json out
//! {"above": 2, "below": 1}
//! ```
//!
//! ```spl
//! eval above = ceiling(n), below = floor(n)
//! ```
//! ```json in
//! {"n": "-1.5"}
//! {"n": "4"}
//! {"n": "four"}
//! ```
//! ```json out
//! {"n": "-1.5", "above": -1, "below": -2}
//! {"n": "4", "above": 4, "below": 4}
//! {"n": "four"}
//! ```
//!
//! ```spl
//! eval n = floor("1.9")
//! ```
//! ```error
//! error[E0302]: the text "1.9" stands where a number is needed
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::check_numbers;
use crate::value::Value;

/// `ceil(<number>)`
pub const CEIL: Function = Function::strict(Arity::exactly(1), Type::Number, ceil).checked(check_numbers);

/// `floor(<number>)`
pub const FLOOR: Function = Function::strict(Arity::exactly(1), Type::Number, floor).checked(check_numbers);

fn ceil(arguments: &[Value], _: &EvalContext) -> Value {
    whole(arguments, f64::ceil)
}

fn floor(arguments: &[Value], _: &EvalContext) -> Value {
    whole(arguments, f64::floor)
}

fn whole(arguments: &[Value], function: fn(f64) -> f64) -> Value {
    arguments.first().and_then(Value::as_number).map_or(Value::Null, |number| Value::number(function(number)))
}
