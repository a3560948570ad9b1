//! Gives the value of the first condition that is false.
//!
//! ## Syntax
//! `validate(<condition>, <value>, <condition>, <value>, ...)`
//!
//! ## Description
//! The opposite of `case`: made for checks, with a message for each. Nothing after the first false condition
//! is evaluated. A condition that is null is not false. When no condition is false the result is null.
//!
//! ## Examples
//!
//! ```spl
//! eval problem = validate(isint(port), "not an integer", port >= 1 AND port <= 65535, "out of range")
//! ```
//! ```json in
//! {"port": "443"}
//! {"port": "70000"}
//! {"port": "http"}
//! ```
//! ```json out
//! {"port": "443"}
//! {"port": "70000", "problem": "out of range"}
//! {"port": "http", "problem": "not an integer"}
//! ```
//!
//! ```spl
//! eval problem = validate(1 == 1, "never", 1 == 2, "always")
//! ```
//! ```json out
//! {"problem": "always"}
//! ```
//!
//! ```spl
//! eval problem = validate(isint(port))
//! ```
//! ```error
//! error[E0302]: the function `validate` takes pairs of arguments, not 1
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::conditions;
use crate::parse::expr::Expr;
use crate::value::Value;

/// `validate(<condition>, <value>, ...)`
pub const FUNCTION: Function =
    Function::lazy(Arity::pairs(), Type::Any, first_failure).checked(|arguments| conditions(arguments, 2));

fn first_failure(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    for pair in arguments.chunks_exact(2) {
        if let [condition, value] = pair
            && matches!(row.eval(condition), Value::Bool(false))
        {
            return row.eval(value);
        }
    }
    Value::Null
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field};
    use crate::value::Value;

    #[test]
    fn the_first_false_condition_decides() {
        let (yes, no, unknown) = (|| field(true), || field(false), || field(Value::Null));
        assert_eq!(call("validate", &[yes(), field("a"), no(), field("b"), no(), field("c")]), "b".into());
        assert_eq!(call("validate", &[unknown(), field("a"), no(), field("b")]), "b".into());
        assert_eq!(call("validate", &[yes(), field("a"), unknown(), field("b")]), Value::Null);
    }
}
