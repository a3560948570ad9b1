//! All values of its arguments in one multivalue field.
//!
//! ## Syntax
//! `mvappend(<value>, …)`
//!
//! ## Description
//! Values come in the order of the arguments, those of a multivalue argument in theirs. Nulls are left out; of
//! nothing but nulls the result is null.
//!
//! ## Examples
//!
//! ```spl
//! eval all = mvappend("localhost", src, dest)
//! ```
//! ```json in
//! {"src": "10.0.0.1", "dest": ["10.0.0.2", "10.0.0.3"]}
//! {"dest": "10.0.0.2"}
//! ```
//! ```json out
//! {"src": "10.0.0.1", "dest": ["10.0.0.2", "10.0.0.3"], "all": ["localhost", "10.0.0.1", "10.0.0.2", "10.0.0.3"]}
//! {"dest": "10.0.0.2", "all": ["localhost", "10.0.0.2"]}
//! ```
//!
//! A single value is no list.
//!
//! ```spl
//! eval all = mvappend(src, dest), one = mvappend("a", src)
//! ```
//! ```json out
//! {"one": "a"}
//! ```
//!
//! ```spl
//! eval all = mvappend()
//! ```
//! ```error
//! error[E0302]: the function `mvappend` takes at least 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mvappend(<value>, …)`
pub const FUNCTION: Function = Function::strict(Arity::at_least(1), Type::Any, append).handling_nulls();

fn append(arguments: &[Value], _: &EvalContext) -> Value {
    Value::from_values(arguments.iter().cloned())
}
