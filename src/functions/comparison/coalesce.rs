//! The first of several values that is not null: `coalesce`, and `ifnull` for exactly two.
//!
//! ## Syntax
//! `coalesce(<value>, ...)`
//!
//! `ifnull(<value>, <other value>)`
//!
//! ## Description
//! Values are evaluated from left to right until one is not null. Empty text is a value like any other.
//!
//! ## Examples
//!
//! ```spl
//! eval address = coalesce(src, dest, "unknown")
//! ```
//! ```json in
//! {"src": "10.0.0.1", "dest": "10.0.0.2"}
//! {"dest": "10.0.0.3"}
//! {"dest": ""}
//! ```
//! ```json out
//! {"src": "10.0.0.1", "dest": "10.0.0.2", "address": "10.0.0.1"}
//! {"dest": "10.0.0.3", "address": "10.0.0.3"}
//! {"dest": "", "address": ""}
//! ```
//!
//! ```spl
//! eval attempts = ifnull(attempts, 0)
//! ```
//! ```json out
//! {"attempts": 0}
//! ```
//!
//! ```spl
//! eval address = coalesce()
//! ```
//! ```error
//! error[E0302]: the function `coalesce` takes at least 1 argument, not 0
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `coalesce(<value>, ...)`
pub const COALESCE: Function = Function::lazy(Arity::at_least(1), Type::Any, first_value);

/// `ifnull(<value>, <other value>)`
pub const IFNULL: Function = Function::lazy(Arity::exactly(2), Type::Any, first_value);

fn first_value(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    arguments.iter().map(|value| row.eval(value)).find(|value| !value.is_null()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field};
    use crate::value::Value;

    #[test]
    fn empty_text_is_a_value() {
        assert_eq!(call("coalesce", &[field(Value::Null), field(""), field("b")]), "".into());
        assert_eq!(call("coalesce", &[field(Value::Null)]), Value::Null);
        assert_eq!(call("ifnull", &[field(Value::Null), field(7.0)]), 7.0.into());
    }
}
