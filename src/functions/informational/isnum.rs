//! Tells numbers and text apart: `isnum`, `isint`, `isdouble` and `isstr`.
//!
//! ## Syntax
//! `isnum(<value>)`
//!
//! `isint(<value>)`
//!
//! `isdouble(<value>)`
//!
//! `isstr(<value>)`
//!
//! ## Description
//! A field is a number when all of it reads as one, and then it is no text. Text in quotation marks and the
//! result of a function of text are text, whatever they look like. A number written with decimals is a
//! double, also when these are zeros; any other whole number is an integer. Truth values, multivalue fields
//! and null are neither numbers nor text. `NaN` in a field is both: a number that is none, and text.
//!
//! ## Examples
//!
//! ```spl
//! eval number = if(isnum(x), "yes", "no"), integer = if(isint(x), "yes", "no")
//! ```
//! ```json in
//! {"x": "17"}
//! {"x": "17.0"}
//! {"x": "17 apples"}
//! ```
//! ```json out
//! {"x": "17", "number": "yes", "integer": "yes"}
//! {"x": "17.0", "number": "yes", "integer": "no"}
//! {"x": "17 apples", "number": "no", "integer": "no"}
//! ```
//!
//! A field and the same text in quotation marks.
//!
//! ```spl
//! eval field = if(isstr(x), "text", "number"), quoted = if(isstr("17"), "text", "number")
//! ```
//! ```json in
//! {"x": "17"}
//! ```
//! ```json out
//! {"x": "17", "field": "number", "quoted": "text"}
//! ```
//!
//! ```spl
//! eval number = if(isnum(x), "yes", "no"), text = if(isstr(x), "yes", "no"), quoted = if(isnum("NaN"), "yes", "no")
//! ```
//! ```json in
//! {"x": "NaN"}
//! ```
//! ```json out
//! {"x": "NaN", "number": "yes", "text": "yes", "quoted": "no"}
//! ```
//!
//! ```spl
//! where isnum(x, y)
//! ```
//! ```error
//! error[E0302]: the function `isnum` takes 1 argument, not 2
//! ```

use super::super::{Arity, Evaluator, Function, Type};
use crate::parse::expr::Expr;
use crate::value::{Number, Value};

/// `isnum(<value>)`
pub const ISNUM: Function = Function::lazy(Arity::exactly(1), Type::Bool, isnum);

/// `isint(<value>)`
pub const ISINT: Function = Function::lazy(Arity::exactly(1), Type::Bool, isint);

/// `isdouble(<value>)`
pub const ISDOUBLE: Function = Function::lazy(Arity::exactly(1), Type::Bool, isdouble);

/// `isstr(<value>)`
pub const ISSTR: Function = Function::lazy(Arity::exactly(1), Type::Bool, isstr);

/// What a value counts as when its type is asked for.
pub(super) enum Kind {
    Number(Number),
    /// `NaN` in a field: a number that is none, and text too.
    NotANumber,
    Text,
    Other(Value),
}

/// The kind of a function's only argument.
pub(super) fn kind(arguments: &[Expr], row: &Evaluator<'_>) -> Kind {
    let Some(argument) = arguments.first() else { return Kind::Other(Value::Null) };
    let value = row.eval(argument);
    match value.as_numeric() {
        Some(number) if argument.static_type() != Type::Text => Kind::Number(number),
        _ if value.is_nan() && argument.static_type() != Type::Text => Kind::NotANumber,
        _ if matches!(value, Value::Text(_)) => Kind::Text,
        _ => Kind::Other(value),
    }
}

fn isnum(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    Value::Bool(matches!(kind(arguments, row), Kind::Number(_) | Kind::NotANumber))
}

fn isint(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    Value::Bool(matches!(kind(arguments, row), Kind::Number(number) if number.is_integer()))
}

fn isdouble(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    Value::Bool(matches!(kind(arguments, row), Kind::Number(number) if !number.is_integer()))
}

fn isstr(arguments: &[Expr], row: &Evaluator<'_>) -> Value {
    Value::Bool(matches!(kind(arguments, row), Kind::Text | Kind::NotANumber))
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{Argument, call, field, literal, many};
    use crate::value::Value;

    fn kinds(argument: fn() -> Argument) -> [bool; 4] {
        ["isnum", "isint", "isdouble", "isstr"].map(|name| call(name, &[argument()]).is_true())
    }

    #[test]
    fn by_look_and_by_type() {
        assert_eq!(kinds(|| field("17")), [true, true, false, false]);
        assert_eq!(kinds(|| field("3.546")), [true, false, true, false]);
        assert_eq!(kinds(|| field("5.0")), [true, false, true, false]);
        assert_eq!(kinds(|| literal(1_000_000.0)), [true, true, false, false]);
        assert_eq!(kinds(|| literal("17")), [false, false, false, true]);
        assert_eq!(kinds(|| field("")), [false, false, false, true]);
        assert_eq!(kinds(|| field(true)), [false; 4]);
        assert_eq!(kinds(|| field(many(&["1", "2"]))), [false; 4]);
    }

    #[test]
    fn null_is_neither() {
        for name in ["isnum", "isint", "isdouble", "isstr"] {
            assert_eq!(call(name, &[field(Value::Null)]), false.into());
        }
    }
}
