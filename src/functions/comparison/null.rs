//! The values that have no other spelling: `null()`, `true()` and `false()`.
//!
//! ## Syntax
//! `null()`
//!
//! `true()`
//!
//! `false()`
//!
//! ## Description
//! `null()` is no value: setting a field to it removes the field from the row. `true()` serves as the last
//! condition of a `case`. A field cannot hold a truth value.
//!
//! ## Examples
//!
//! ```spl
//! eval user = if(user == "-", null(), user)
//! ```
//! ```json in
//! {"host": "a", "user": "-"}
//! {"host": "b", "user": "ann"}
//! ```
//! ```json out
//! {"host": "a"}
//! {"host": "b", "user": "ann"}
//! ```
//!
//! ```spl
//! eval kind = case(status == 404, "missing", false(), "never", true(), "other")
//! ```
//! ```json in
//! {"status": "404"}
//! {"status": "500"}
//! ```
//! ```json out
//! {"status": "404", "kind": "missing"}
//! {"status": "500", "kind": "other"}
//! ```
//!
//! ```spl
//! eval user = null(user)
//! ```
//! ```error
//! error[E0302]: the function `null` takes no arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `null()`
pub const NULL: Function = Function::strict(Arity::exactly(0), Type::Null, null);

/// `true()`
pub const TRUE: Function = Function::strict(Arity::exactly(0), Type::Bool, truth);

/// `false()`
pub const FALSE: Function = Function::strict(Arity::exactly(0), Type::Bool, falsehood);

fn null(_: &[Value], _: &EvalContext) -> Value {
    Value::Null
}

fn truth(_: &[Value], _: &EvalContext) -> Value {
    Value::Bool(true)
}

fn falsehood(_: &[Value], _: &EvalContext) -> Value {
    Value::Bool(false)
}
