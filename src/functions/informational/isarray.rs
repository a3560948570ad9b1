//! Tells whether text is JSON: `isarray` and `isobject`.
//!
//! ## Syntax
//! `isarray(<value>)`
//!
//! `isobject(<value>)`
//!
//! ## Description
//! Arrays and objects are JSON text; a multivalue field is not an array. JSON nested more than 127 deep is
//! not recognised.
//!
//! ## Examples
//!
//! ```spl
//! eval array = if(isarray("[1, 2, 3]"), "yes", "no"), number = if(isarray(1), "yes", "no")
//! ```
//! ```json out
//! {"array": "yes", "number": "no"}
//! ```
//!
//! ```spl
//! where isobject(detail)
//! ```
//! ```json in
//! {"detail": "{\"port\": 22}"}
//! {"detail": "{port: 22}"}
//! ```
//! ```json out
//! {"detail": "{\"port\": 22}"}
//! ```
//!
//! ```spl
//! where isobject()
//! ```
//! ```error
//! error[E0302]: the function `isobject` takes 1 argument, not 0
//! ```

use super::super::support::json_text::{array, object};
use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `isarray(<value>)`
pub const ISARRAY: Function = Function::strict(Arity::exactly(1), Type::Bool, isarray).handling_nulls();

/// `isobject(<value>)`
pub const ISOBJECT: Function = Function::strict(Arity::exactly(1), Type::Bool, isobject).handling_nulls();

fn isarray(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(matches!(arguments, [Value::Text(text)] if array(text).is_some()))
}

fn isobject(arguments: &[Value], _: &EvalContext) -> Value {
    Value::Bool(matches!(arguments, [Value::Text(text)] if object(text).is_some()))
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, literal, many};
    use crate::value::Value;

    #[test]
    fn json_text() {
        assert_eq!(call("isarray", &[literal("[1, 2, 3]")]), true.into());
        assert_eq!(call("isarray", &[literal(1.0)]), false.into());
        assert_eq!(call("isarray", &[field(many(&["1", "2"]))]), false.into());
        assert_eq!(call("isobject", &[literal("{cities: \"3\"}")]), false.into());
        assert_eq!(call("isobject", &[literal("{\"cities\": \"3\"}")]), true.into());
        assert_eq!(call("isobject", &[field(Value::Null)]), false.into());
    }
}
