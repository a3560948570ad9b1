//! A number to the power of another.
//!
//! ## Syntax
//! `pow(<number>, <exponent>)`
//!
//! ## Examples
//!
//! ```spl
//! eval kilo = pow(2, 10), root = pow(2, 0.5), part = pow(10, -2)
//! ```
//! ```json out
//! {"kilo": 1024, "root": 1.4142135623730951, "part": 0.01}
//! ```
//!
//! A result that is not a real number is null; one that is too large for a number is `inf` or `-inf`.
//!
//! ```spl
//! eval n = pow(base, exponent)
//! ```
//! ```json in
//! {"base": "-8", "exponent": "3"}
//! {"base": "-8", "exponent": "0.5"}
//! {"base": "10", "exponent": "400"}
//! ```
//! ```json out
//! {"base": "-8", "exponent": "3", "n": -512}
//! {"base": "-8", "exponent": "0.5"}
//! {"base": "10", "exponent": "400", "n": "inf"}
//! ```
//!
//! ```spl
//! eval n = pow(2)
//! ```
//! ```error
//! error[E0302]: the function `pow` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use super::{check_numbers, of_first};
use crate::value::{Number, Value};

/// `pow(<number>, <exponent>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Number, pow).checked(check_numbers);

fn pow(arguments: &[Value], _: &EvalContext) -> Value {
    let raised = of_first(arguments, f64::powf);
    let number = |at: usize| arguments.get(at).and_then(Value::as_number);
    match (&raised, number(0), number(1)) {
        // Too large, if it is not 0 to a negative power, which is a division by 0.
        (Value::Null, Some(base), Some(exponent)) if base != 0.0 && base.powf(exponent).is_infinite() => {
            Value::computed(Number::exact(base.powf(exponent)))
        }
        _ => raised,
    }
}
