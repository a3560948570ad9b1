//! A field's values, each changed by an expression.
//!
//! ## Syntax
//! `mvmap(<field or expression>, <expression>)`
//!
//! ## Description
//! The first argument names one field, and says which values to go through: those of the field, or of an expression over
//! it. The second is evaluated once for each: inside it the field stands for one value. Other fields in it keep theirs.
//! Null results are left out.
//!
//! ## Examples
//!
//! ```spl
//! eval tenfold = mvmap(n, n * 10)
//! ```
//! ```json in
//! {"n": ["1", "x", "3"]}
//! {"n": "5"}
//! {}
//! ```
//! ```json out
//! {"n": ["1", "x", "3"], "tenfold": [10, 30]}
//! {"n": "5", "tenfold": 50}
//! {}
//! ```
//!
//! The values that another field does not have: a null result is left out.
//!
//! ```spl
//! eval new = mvmap(now, if(mvcount(mvfind(old, now)) > 0, unset, now))
//! ```
//! ```json in
//! {"old": ["ada", "bob"], "now": ["bob", "eve"]}
//! ```
//! ```json out
//! {"old": ["ada", "bob"], "now": ["bob", "eve"], "new": "eve"}
//! ```
//!
//! ```spl
//! eval some = mvmap(mvindex(n, 1, 2), n . unit)
//! ```
//! ```json in
//! {"n": ["1", "2", "3", "4"], "unit": "ms"}
//! ```
//! ```json out
//! {"n": ["1", "2", "3", "4"], "unit": "ms", "some": ["2ms", "3ms"]}
//! ```
//!
//! ```spl
//! eval sums = mvmap(a + b, a)
//! ```
//! ```error
//! error[E0302]: the first argument of `mvmap` names one field, not 2
//! ```
//!
//! ```spl
//! eval tenfold = mvmap(n)
//! ```
//! ```error
//! error[E0302]: the function `mvmap` takes 2 arguments, not 1
//! ```

use super::super::support::each::{for_each, subject, subjects};
use super::super::{Arity, Evaluator, Function, Misuse, Type};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `mvmap(<field or expression>, <expression>)`
pub const FUNCTION: Function = Function::lazy(Arity::exactly(2), Type::Any, map).shaped(shape);

fn shape(arguments: &[Expr]) -> Result<(), Misuse> {
    let count = arguments.first().map_or(0, |source| subjects(source).len());
    if count == 1 {
        return Ok(());
    }
    let message = format!("the first argument of `mvmap` names one field, not {count}");
    Err(Misuse { message, argument: 0, regex: false })
}

fn map(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let [source, expression] = arguments else { return Value::Null };
    let Some(field) = subject(source) else { return Value::Null };
    let values = row.eval(source);
    let mut mapped = Vec::new();
    for_each(row, field.slot, values.values(), |one, _| mapped.push(one.eval(expression)));
    Value::from_values(mapped)
}
