//! Calling functions in tests, through the evaluator and by name.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::super::{EvalContext, Evaluator, Misuse, find};
use crate::diagnostic::{Sources, Span};
use crate::eval::Warnings;
use crate::parse::expr::{Call, Expr, ExprKind, Field};
use crate::value::Value;

/// An argument: a field that holds a value, or a literal.
pub enum Argument {
    Field(Value),
    Literal(Value),
}

pub fn field(value: impl Into<Value>) -> Argument {
    Argument::Field(value.into())
}

pub fn literal(value: impl Into<Value>) -> Argument {
    Argument::Literal(value.into())
}

pub fn many(values: &[&str]) -> Value {
    Value::from_values(values.iter().map(|value| Value::from(*value)))
}

/// In UTC, at 2023-11-14T22:13:20.75Z.
pub fn context() -> EvalContext {
    EvalContext::new(1_700_000_000.75, TimeZone::UTC, Warnings::new())
}

pub fn call(name: &str, arguments: &[Argument]) -> Value {
    call_in(name, arguments, &context())
}

pub fn call_in(name: &str, arguments: &[Argument], context: &EvalContext) -> Value {
    let (name, function) = find(name).unwrap();
    assert!(function.arity.accepts(arguments.len()), "{name} takes {}", function.arity.describe());
    let span = Span::new(Sources::new().add("test", ""), 0, 0);
    let mut row = Vec::new();
    let mut expressions = Vec::new();
    for argument in arguments {
        let kind = match argument {
            Argument::Literal(Value::Text(text)) => ExprKind::Text(text.clone()),
            Argument::Literal(Value::Number(number)) => ExprKind::Number(*number),
            Argument::Literal(other) | Argument::Field(other) => {
                row.push(Cow::Borrowed(other));
                ExprKind::Field(Field { name: "field".into(), slot: row.len() - 1 })
            }
        };
        expressions.push(Expr::new(kind, span));
    }
    let call = ExprKind::Call(Call { name, function, arguments: expressions });
    Evaluator { row: &row, context, exact: false }.eval(&Expr::new(call, span))
}

/// What the function's check says of literal arguments.
pub fn check(name: &str, arguments: &[Option<Value>]) -> Result<(), Misuse> {
    find(name).unwrap().1.check.unwrap()(arguments)
}
