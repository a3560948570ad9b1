//! Tells whether there is a value: `isnull` and `isnotnull`.
//!
//! ## Syntax
//! `isnull(<value>)`
//!
//! `isnotnull(<value>)`
//!
//! ## Description
//! A field is null in a row that does not have it. Empty text is a value, and so is the word `null`.
//!
//! ## Examples
//!
//! ```spl
//! eval known = if(isnull(user), "no", "yes")
//! ```
//! ```json in
//! {"host": "a", "user": "ann"}
//! {"host": "b", "user": ""}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "a", "user": "ann", "known": "yes"}
//! {"host": "b", "user": "", "known": "yes"}
//! {"host": "c", "known": "no"}
//! ```
//!
//! ```spl
//! where isnotnull(user)
//! ```
//! ```json in
//! {"host": "a", "user": "ann"}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "a", "user": "ann"}
//! ```
//!
//! ```spl
//! where isnull()
//! ```
//! ```error
//! error[E0302]: the function `isnull` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `isnull(<value>)`
pub const ISNULL: Function = Function::strict(Arity::exactly(1), Type::Bool, isnull).handling_nulls();

/// `isnotnull(<value>)`
pub const ISNOTNULL: Function = Function::strict(Arity::exactly(1), Type::Bool, isnotnull).handling_nulls();

fn isnull(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(arguments.first().is_none_or(Value::is_null))
}

fn isnotnull(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(arguments.first().is_some_and(|value| !value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field};
    use crate::value::Value;

    #[test]
    fn only_null_is_null() {
        assert_eq!(call("isnull", &[field(Value::Null)]), true.into());
        assert_eq!(call("isnotnull", &[field(Value::Null)]), false.into());
        for value in ["", "null", "0"] {
            assert_eq!(call("isnull", &[field(value)]), false.into(), "{value}");
            assert_eq!(call("isnotnull", &[field(value)]), true.into(), "{value}");
        }
    }
}
