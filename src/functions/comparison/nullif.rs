//! Removes a value that equals another.
//!
//! ## Syntax
//! `nullif(<value>, <other value>)`
//!
//! ## Description
//! Null if the two are equal as `=` has it, otherwise the first. A null second value equals nothing.
//!
//! ## Examples
//!
//! ```spl
//! eval actor = nullif(user, owner)
//! ```
//! ```json in
//! {"user": "ann", "owner": "ann"}
//! {"user": "ann", "owner": "bob"}
//! {"user": "ann"}
//! ```
//! ```json out
//! {"user": "ann", "owner": "ann"}
//! {"user": "ann", "owner": "bob", "actor": "ann"}
//! {"user": "ann", "actor": "ann"}
//! ```
//!
//! ```spl
//! eval user = nullif(user, "-")
//! ```
//! ```json in
//! {"host": "a", "user": "-"}
//! {"host": "b", "user": "bob"}
//! ```
//! ```json out
//! {"host": "a"}
//! {"host": "b", "user": "bob"}
//! ```
//!
//! ```spl
//! eval user = nullif(user)
//! ```
//! ```error
//! error[E0302]: the function `nullif` takes 2 arguments, not 1
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use crate::parse::expr::Expr;
use crate::value::{Value, eval_equal};

/// `nullif(<value>, <other value>)`
pub const FUNCTION: Function = Function::lazy(Arity::exactly(2), Type::Any, nullif);

fn nullif(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    let [first, second] = arguments else { return Value::Null };
    let value = row.eval(first);
    let as_text = first.static_type() == Type::Text || second.static_type() == Type::Text;
    match eval_equal(&value, &row.eval(second), as_text) {
        Some(true) => Value::Null,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, literal};
    use crate::value::Value;

    #[test]
    fn equality_is_that_of_expressions() {
        assert_eq!(call("nullif", &[field("1.0"), field("1")]), Value::Null);
        assert_eq!(call("nullif", &[field("1.0"), literal("1")]), "1.0".into());
        assert_eq!(call("nullif", &[field("a"), field(Value::Null)]), "a".into());
        assert_eq!(call("nullif", &[field(Value::Null), field("a")]), Value::Null);
    }
}
