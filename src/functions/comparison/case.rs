//! Chooses the value of the first condition that is true.
//!
//! ## Syntax
//! `case(<condition>, <value>, <condition>, <value>, ...)`
//!
//! ## Description
//! Conditions are evaluated from left to right until one is true; its value is the result, and nothing after
//! it is evaluated. A condition that is null is not true. Without a true condition the result is null; end
//! with `true(), <value>` for a default.
//!
//! ## Examples
//!
//! ```spl
//! eval level = case(score >= 80, "high", score >= 40, "medium", true(), "low")
//! ```
//! ```json in
//! {"score": "95"}
//! {"score": "40"}
//! {"score": "7"}
//! ```
//! ```json out
//! {"score": "95", "level": "high"}
//! {"score": "40", "level": "medium"}
//! {"score": "7", "level": "low"}
//! ```
//!
//! No condition is true: the field is not set.
//!
//! ```spl
//! eval meaning = case(status == 200, "OK", status == 404, "not found")
//! ```
//! ```json in
//! {"status": "404"}
//! {"status": "406"}
//! ```
//! ```json out
//! {"status": "404", "meaning": "not found"}
//! {"status": "406"}
//! ```
//!
//! ```spl
//! eval meaning = case(status == 200, "OK", "other")
//! ```
//! ```error
//! error[E0302]: the function `case` takes pairs of arguments, not 3
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::conditions;
use crate::parse::expr::Expr;
use crate::value::Value;

/// `case(<condition>, <value>, ...)`
pub const FUNCTION: Function =
    Function::lazy(Arity::pairs(), Type::Any, choose).checked(|arguments| conditions(arguments, 2));

fn choose(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    for pair in arguments.chunks_exact(2) {
        if let [condition, value] = pair
            && row.eval(condition).is_true()
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
    fn the_first_true_condition_decides() {
        let (yes, no, unknown) = (|| field(true), || field(false), || field(Value::Null));
        assert_eq!(call("case", &[no(), field("a"), yes(), field("b"), yes(), field("c")]), "b".into());
        assert_eq!(call("case", &[unknown(), field("a"), yes(), field("b")]), "b".into());
        assert_eq!(call("case", &[no(), field("a")]), Value::Null);
    }
}
