//! The largest or the smallest of the arguments.
//!
//! ## Syntax
//! `max(<value>, ...)`
//! `min(<value>, ...)`
//!
//! ## Description
//! All numbers are smaller than all text; text is compared byte by byte. A field that looks like a number
//! is one, and is returned as it was written; a quoted string is text even if it looks like a number.
//! Missing fields are passed over; a multivalue field gives each of its values. Null when nothing is left.
//!
//! ## Examples
//!
//! ```spl
//! eval n = min(3, 6, 7, "maria", size), m = max(1, 3, "foo", name)
//! ```
//! ```json in
//! {"size": "9", "name": "baz"}
//! {"size": "1.0", "name": "zaz"}
//! {}
//! ```
//! ```json out
//! {"size": "9", "name": "baz", "n": 3, "m": "foo"}
//! {"size": "1.0", "name": "zaz", "n": "1.0", "m": "zaz"}
//! {"n": 3, "m": "foo"}
//! ```
//!
//! ```spl
//! eval text = min("10", "9"), most = max(n), least = min(n), none = min(nosuchfield)
//! ```
//! ```json in
//! {"n": ["3", "10", "9"]}
//! ```
//! ```json out
//! {"n": ["3", "10", "9"], "text": "10", "most": "10", "least": "3"}
//! ```
//!
//! ```spl
//! eval n = max()
//! ```
//! ```error
//! error[E0302]: the function `max` takes at least 1 argument, not 0
//! ```

use std::cmp::Ordering;

use super::super::{Arity, Evaluator, Function, Type};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `max(<value>, ...)`
pub const MAX: Function = Function::lazy(Arity::at_least(1), Type::Any, max);

/// `min(<value>, ...)`
pub const MIN: Function = Function::lazy(Arity::at_least(1), Type::Any, min);

fn max(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    extreme(arguments, row, Ordering::Greater)
}

fn min(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    extreme(arguments, row, Ordering::Less)
}

/// The first of the values that no other stands before in this direction.
fn extreme(arguments: &[Expr], row: &Evaluator<'_>, direction: Ordering) -> Value {
    let mut best: Option<(Option<f64>, Value)> = None;
    for argument in arguments {
        let is_text = argument.static_type() == Type::Text;
        for value in row.eval(argument).values() {
            let number = if is_text { None } else { value.as_number() };
            let better = match &best {
                None => true,
                Some((other, text)) => compare((number, value), (*other, text)) == direction,
            };
            if better {
                best = Some((number, value.clone()));
            }
        }
    }
    best.map_or(Value::Null, |(_, value)| value)
}

fn compare(left: (Option<f64>, &Value), right: (Option<f64>, &Value)) -> Ordering {
    match (left.0, right.0) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.1.to_text().as_bytes().cmp(right.1.to_text().as_bytes()),
    }
}
