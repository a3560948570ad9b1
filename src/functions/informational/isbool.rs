//! Tells whether a value is a truth value.
//!
//! ## Syntax
//! `isbool(<value>)`
//!
//! ## Description
//! Only the result of a predicate is a truth value. Fields are not, not even with the text `true`.
//!
//! ## Examples
//!
//! ```spl
//! eval truth = if(isbool(1 == 2), "yes", "no")
//! ```
//! ```json out
//! {"truth": "yes"}
//! ```
//!
//! ```spl
//! eval truth = if(isbool(mfa), "yes", "no")
//! ```
//! ```json in
//! {"mfa": "true"}
//! ```
//! ```json out
//! {"mfa": "true", "truth": "no"}
//! ```
//!
//! ```spl
//! where isbool()
//! ```
//! ```error
//! error[E0302]: the function `isbool` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `isbool(<value>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Bool, isbool).handling_nulls();

fn isbool(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(matches!(arguments, [Value::Bool(_)]))
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field};
    use crate::value::Value;

    #[test]
    fn truth_values_only() {
        assert_eq!(call("isbool", &[field(false)]), true.into());
        assert_eq!(call("isbool", &[field("true")]), false.into());
        assert_eq!(call("isbool", &[field(Value::Null)]), false.into());
    }
}
