//! Tells whether a field has several values.
//!
//! ## Syntax
//! `ismv(<value>)`
//!
//! ## Description
//! A multivalue field of one value is that value, and not a multivalue.
//!
//! ## Examples
//!
//! ```spl
//! stats values(user) as user by host | eval several = if(ismv(user), "yes", "no")
//! ```
//! ```json in
//! {"host": "a", "user": "ann"}
//! {"host": "a", "user": "bob"}
//! {"host": "b", "user": "ann"}
//! ```
//! ```json out
//! {"host": "a", "user": ["ann", "bob"], "several": "yes"}
//! {"host": "b", "user": "ann", "several": "no"}
//! ```
//!
//! ```spl
//! eval several = if(ismv("a,b"), "yes", "no")
//! ```
//! ```json out
//! {"several": "no"}
//! ```
//!
//! ```spl
//! where ismv(user, host)
//! ```
//! ```error
//! error[E0302]: the function `ismv` takes 1 argument, not 2
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `ismv(<value>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Bool, ismv).handling_nulls();

fn ismv(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(matches!(arguments, [Value::Multi(_)]))
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, many};
    use crate::value::Value;

    #[test]
    fn several_values_only() {
        assert_eq!(call("ismv", &[field(many(&["1", " 2"]))]), true.into());
        assert_eq!(call("ismv", &[field(many(&["1"]))]), false.into());
        assert_eq!(call("ismv", &[field(Value::Null)]), false.into());
    }
}
