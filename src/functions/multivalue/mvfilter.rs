//! The values of a field for which a predicate is true.
//!
//! ## Syntax
//! `mvfilter(<predicate>)`
//!
//! ## Description
//! The predicate names one field, and is evaluated once for each of its values: inside it the field stands for one
//! value. Without such a value the result is null.
//!
//! ## Examples
//!
//! ```spl
//! eval mail = mvfilter(like(user, "%.org") OR user == "root")
//! ```
//! ```json in
//! {"user": ["a@x.org", "b@y.com", "root"]}
//! {"user": "b@y.com"}
//! {}
//! ```
//! ```json out
//! {"user": ["a@x.org", "b@y.com", "root"], "mail": ["a@x.org", "root"]}
//! {"user": "b@y.com"}
//! {}
//! ```
//!
//! Text stands above numbers.
//!
//! ```spl
//! eval high = mvfilter(port >= 1024)
//! ```
//! ```json in
//! {"port": ["22", "8080", "443", "x"]}
//! ```
//! ```json out
//! {"port": ["22", "8080", "443", "x"], "high": ["8080", "x"]}
//! ```
//!
//! ```spl
//! eval same = mvfilter(user == owner)
//! ```
//! ```error
//! error[E0302]: the predicate of `mvfilter` names one field, not 2
//! ```
//!
//! ```spl
//! eval all = mvfilter(user, owner)
//! ```
//! ```error
//! error[E0302]: the function `mvfilter` takes 1 argument, not 2
//! ```

use super::super::support::each::{for_each, subject, subjects};
use super::super::{Arity, Evaluator, Function, Misuse, Type};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `mvfilter(<predicate>)`
pub const FUNCTION: Function = Function::lazy(Arity::exactly(1), Type::Any, filter).shaped(shape);

fn shape(arguments: &[Expr]) -> Result<(), Misuse> {
    let count = arguments.first().map_or(0, |predicate| subjects(predicate).len());
    if count == 1 {
        return Ok(());
    }
    let message = format!("the predicate of `mvfilter` names one field, not {count}");
    Err(Misuse { message, argument: 0, regex: false })
}

fn filter(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let [predicate] = arguments else { return Value::Null };
    let Some(field) = subject(predicate) else { return Value::Null };
    let values = row.row.get(field.slot).map(|value| value.values()).unwrap_or_default();
    let mut kept = Vec::new();
    for_each(row, field.slot, values, |one, value| {
        if one.eval(predicate).is_true() {
            kept.push(value.clone());
        }
    });
    Value::from_values(kept)
}
