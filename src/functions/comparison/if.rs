//! Chooses between two values.
//!
//! ## Syntax
//! `if(<predicate>, <value>, <other value>)`
//!
//! ## Description
//! The value if the predicate is true; the other value if it is false or null. Only the chosen one is
//! evaluated.
//!
//! ## Examples
//!
//! ```spl
//! eval verdict = if(status == 200, "OK", "failed")
//! ```
//! ```json in
//! {"status": "200"}
//! {"status": "404"}
//! ```
//! ```json out
//! {"status": "200", "verdict": "OK"}
//! {"status": "404", "verdict": "failed"}
//! ```
//!
//! A missing field makes the comparison null, which is not true.
//!
//! ```spl
//! eval verdict = if(status == 200, "OK", "failed")
//! ```
//! ```json out
//! {"verdict": "failed"}
//! ```
//!
//! ```spl
//! eval verdict = if(200, "OK", "failed")
//! ```
//! ```error
//! error[E0302]: a condition is true or false, not a number or a text
//! ```
//!
//! ```spl
//! eval verdict = if(status == 200, "OK")
//! ```
//! ```error
//! error[E0302]: the function `if` takes 3 arguments, not 2
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::conditions;
use crate::parse::expr::Expr;
use crate::value::Value;

/// `if(<predicate>, <value>, <other value>)`
pub const FUNCTION: Function =
    Function::lazy(Arity::exactly(3), Type::Any, choose).checked(|arguments| conditions(arguments, 3));

fn choose(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let [predicate, value, other] = arguments else { return Value::Null };
    if row.eval(predicate).is_true() { row.eval(value) } else { row.eval(other) }
}
