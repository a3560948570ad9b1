//! Names the type of a value.
//!
//! ## Syntax
//! `typeof(<value>)`
//!
//! ## Description
//! `Number`, `String`, `Bool`, `Multivalue`, or `Invalid` for a missing field and for `null()`. A field
//! whose text reads as a number is one; text in quotation marks is a string, whatever it looks like.
//!
//! ## Examples
//!
//! ```spl
//! eval type = typeof(x)
//! ```
//! ```json in
//! {"host": "a", "x": "12"}
//! {"host": "b", "x": "twelve"}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "a", "x": "12", "type": "Number"}
//! {"host": "b", "x": "twelve", "type": "String"}
//! {"host": "c", "type": "Invalid"}
//! ```
//!
//! ```spl
//! eval quoted = typeof("12"), predicate = typeof(1 == 2)
//! ```
//! ```json out
//! {"quoted": "String", "predicate": "Bool"}
//! ```
//!
//! ```spl
//! eval type = typeof(x, y)
//! ```
//! ```error
//! error[E0302]: the function `typeof` takes 1 argument, not 2
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use super::isnum::{Kind, kind};
use crate::parse::expr::Expr;
use crate::value::Value;

/// `typeof(<value>)`
pub const FUNCTION: Function = Function::lazy(Arity::exactly(1), Type::Text, type_name);

fn type_name(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    Value::text(match kind(arguments, row) {
        Kind::Number(_) | Kind::NotANumber => "Number",
        Kind::Text => "String",
        Kind::Other(Value::Bool(_)) => "Bool",
        Kind::Other(Value::Multi(_)) => "Multivalue",
        Kind::Other(_) => "Invalid",
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{Argument, call, field, literal, many};
    use crate::value::Value;

    #[test]
    fn names() {
        let name = |argument: Argument| call("typeof", &[argument]).to_text().into_owned();
        assert_eq!(name(literal(12.0)), "Number");
        assert_eq!(name(field("12")), "Number");
        assert_eq!(name(literal("12")), "String");
        assert_eq!(name(field("")), "String");
        assert_eq!(name(field(true)), "Bool");
        assert_eq!(name(field(many(&["a", "b"]))), "Multivalue");
        assert_eq!(name(field(Value::Null)), "Invalid");
    }
}
