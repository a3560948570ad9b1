//! Two fields' values joined pair by pair.
//!
//! ## Syntax
//! `mvzip(<field>, <field>)` | `mvzip(<field>, <field>, <separator>)`
//!
//! ## Description
//! The first value of the one with the first of the other, and so on until one of them has no more. Between them stands
//! the separator, a comma if there is none.
//!
//! ## Examples
//!
//! ```spl
//! eval server = mvzip(host, port), pair = mvzip(host, port, ":")
//! ```
//! ```json in
//! {"host": ["a", "b", "c"], "port": ["80", "443"]}
//! ```
//! ```json out
//! {"host": ["a", "b", "c"], "port": ["80", "443"], "server": ["a,80", "b,443"], "pair": ["a:80", "b:443"]}
//! ```
//!
//! ```spl
//! eval three = mvzip(mvzip(x, y, "|"), z, "|")
//! ```
//! ```json in
//! {"x": ["1", "2"], "y": ["3", "4"], "z": ["5", "6"]}
//! {"x": "1"}
//! ```
//! ```json out
//! {"x": ["1", "2"], "y": ["3", "4"], "z": ["5", "6"], "three": ["1|3|5", "2|4|6"]}
//! {"x": "1"}
//! ```
//!
//! ```spl
//! eval server = mvzip(host)
//! ```
//! ```error
//! error[E0302]: the function `mvzip` takes 2 or 3 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::{Text, Value};

/// `mvzip(<field>, <field>)` | `mvzip(<field>, <field>, <separator>)`
pub const FUNCTION: Function = Function::strict(Arity::between(2, 3), Type::Any, zip);

fn zip(arguments: &[Value], _: &EvalContext) -> Value {
    let [left, right, rest @ ..] = arguments else { return Value::Null };
    let separator = rest.first().map_or(",".into(), Value::to_text);
    let pairs = left.values().iter().zip(right.values());
    Value::from_values(pairs.map(|(left, right)| {
        let mut pair = Text::from(left.to_text());
        pair.push_str(&separator);
        pair.push_str(&right.to_text());
        Value::Text(pair)
    }))
}
