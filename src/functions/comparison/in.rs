//! Tells whether a value is one of a list.
//!
//! ## Syntax
//! `<value> IN (<value>, ...)`
//!
//! `in(<value>, <value>, ...)`
//!
//! ## Description
//! True if the first value equals, as `=` has it, one of the others: case counts, and `*` and `%` stand for
//! themselves. Text is quoted; a word without quotation marks is a field, and a multivalue field stands for
//! each of its values. Null if no value matches and one of them, or the first, is null.
//!
//! ## Examples
//!
//! ```spl
//! where status IN ("400", "404")
//! ```
//! ```json in
//! {"status": "200"}
//! {"status": "404"}
//! ```
//! ```json out
//! {"status": "404"}
//! ```
//!
//! A value sought in several fields.
//!
//! ```spl
//! eval seen = if("10.0.0.5" IN (src, dest), "yes", "no")
//! ```
//! ```json in
//! {"src": "10.0.0.5", "dest": "10.0.0.9"}
//! {"src": "10.0.0.7", "dest": "10.0.0.9"}
//! {"dest": "10.0.0.5"}
//! ```
//! ```json out
//! {"src": "10.0.0.5", "dest": "10.0.0.9", "seen": "yes"}
//! {"src": "10.0.0.7", "dest": "10.0.0.9", "seen": "no"}
//! {"dest": "10.0.0.5", "seen": "yes"}
//! ```
//!
//! ```spl
//! where in(status)
//! ```
//! ```error
//! error[E0302]: the function `in` takes at least 2 arguments, not 1
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use crate::parse::expr::Expr;
use crate::value::{Value, eval_equal};

/// `in(<value>, <value>, ...)`
pub const FUNCTION: Function = Function::lazy(Arity::at_least(2), Type::Bool, is_in);

fn is_in(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let Some((sought, list)) = arguments.split_first() else { return Value::Null };
    let value = row.eval(sought);
    let sought_text = sought.static_type() == Type::Text;
    let mut unknown = false;
    for candidate in list {
        let as_text = sought_text || candidate.static_type() == Type::Text;
        match eval_equal(&value, &row.eval(candidate), as_text) {
            Some(true) => return Value::Bool(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { Value::Null } else { Value::Bool(false) }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, literal, many};
    use crate::value::Value;

    #[test]
    fn membership_is_equality_with_any() {
        assert_eq!(call("in", &[field("b"), literal("a"), literal("b")]), true.into());
        assert_eq!(call("in", &[field("B"), literal("a"), literal("b")]), false.into());
        assert_eq!(call("in", &[field("404"), literal(404.0)]), true.into());
        assert_eq!(call("in", &[field("ab"), literal("a*")]), false.into());
        assert_eq!(call("in", &[field("b"), field(many(&["a", "b"]))]), true.into());
    }

    #[test]
    fn nulls_leave_it_open_unless_another_matches() {
        assert_eq!(call("in", &[field(Value::Null), literal("a")]), Value::Null);
        assert_eq!(call("in", &[field("a"), field(Value::Null)]), Value::Null);
        assert_eq!(call("in", &[field("a"), field(Value::Null), literal("a")]), true.into());
    }
}
