//! A field's values in the order of their bytes.
//!
//! ## Syntax
//! `mvsort(<field>)`
//!
//! ## Description
//! Text is compared byte by byte: `10` stands before `9`, and capital letters before small ones.
//!
//! ## Examples
//!
//! ```spl
//! eval n = mvsort(n)
//! ```
//! ```json in
//! {"n": ["10", "9", "70", "100"]}
//! ```
//! ```json out
//! {"n": ["10", "100", "70", "9"]}
//! ```
//!
//! ```spl
//! eval user = mvsort(mvappend("b", "B", "a", "b"))
//! ```
//! ```json out
//! {"user": ["B", "a", "b", "b"]}
//! ```
//!
//! ```spl
//! eval n = mvsort()
//! ```
//! ```error
//! error[E0302]: the function `mvsort` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `mvsort(<field>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Any, sort);

fn sort(arguments: &[Value], _: &EvalContext) -> Value {
    let [field] = arguments else { return Value::Null };
    let mut values: Vec<Value> = field.values().to_vec();
    values.sort_by_cached_key(|value| value.to_text().into_owned().into_bytes());
    Value::from_values(values)
}
