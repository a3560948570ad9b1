//! Conditions through expressions.

use super::{Case, Condition, ValueTest};
use crate::batch::Pattern;
use crate::parse::expr::{BinaryOp, Call, Expr, ExprKind};
use crate::value::{Text, Value, parse_number};

/// What must hold of the row for an expression's value to pass a test.
pub fn of_value(expr: &Expr, test: &ValueTest) -> Condition {
    match &expr.kind {
        ExprKind::Text(text) => known(test.admits(text)),
        ExprKind::Number(number) => known(test.admits(&number.to_string())),
        ExprKind::Field(field) => Condition::Field(field.name.clone(), test.clone()),
        ExprKind::Call(call) => of_call(call, test),
        _ => Condition::True,
    }
}

fn known(truth: bool) -> Condition {
    if truth { Condition::True } else { Condition::False }
}

fn of_call(call: &Call, test: &ValueTest) -> Condition {
    let arguments = call.arguments.as_slice();
    match (call.name, arguments) {
        ("null", _) => Condition::False,
        ("coalesce" | "ifnull", _) => {
            Condition::any(arguments.iter().map(|argument| of_value(argument, test)))
        }
        ("if", [predicate, value, other]) => {
            let chosen = Condition::all([of_predicate(predicate), of_value(value, test)]);
            Condition::any([chosen, of_value(other, test)])
        }
        ("case", _) => Condition::any(arguments.chunks(2).map(|branch| match branch {
            [predicate, value] => Condition::all([of_predicate(predicate), of_value(value, test)]),
            _ => Condition::True,
        })),
        _ => Condition::True,
    }
}

/// What must hold of the row for a predicate to be true.
pub fn of_predicate(expr: &Expr) -> Condition {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::And, left, right) => {
            Condition::all([of_predicate(left), of_predicate(right)])
        }
        ExprKind::Binary(BinaryOp::Or, left, right) => {
            Condition::any([of_predicate(left), of_predicate(right)])
        }
        ExprKind::Binary(BinaryOp::Equal, left, right) => match (&left.kind, &right.kind) {
            (ExprKind::Field(field), _) => equals(&field.name, right.literal()),
            (_, ExprKind::Field(field)) => equals(&field.name, left.literal()),
            _ => Condition::True,
        },
        ExprKind::Call(call) => predicate_call(call),
        _ => Condition::True,
    }
}

/// A field that equals a literal. A number may be spelled in other ways: then the field is there at least.
fn equals(field: &Text, literal: Option<Value>) -> Condition {
    match literal {
        Some(Value::Text(text)) if parse_number(&text).is_none() && !text.contains('*') => {
            Condition::Field(field.clone(), ValueTest::exactly([text]))
        }
        Some(_) => Condition::Field(field.clone(), ValueTest::exists()),
        None => Condition::True,
    }
}

fn predicate_call(call: &Call) -> Condition {
    let [subject, rest @ ..] = call.arguments.as_slice() else {
        return known(call.name != "false");
    };
    let ExprKind::Field(field) = &subject.kind else { return Condition::True };
    match call.name {
        "in" => Condition::any(rest.iter().map(|choice| equals(&field.name, choice.literal()))),
        "like" => match rest.first().and_then(Expr::literal) {
            Some(Value::Text(pattern)) if !pattern.contains('*') => {
                let pattern = Pattern::new(pattern.as_str().replace(['%', '_'], "*"));
                Condition::Field(field.name.clone(), ValueTest::patterns([pattern], Case::Exact))
            }
            _ => Condition::Field(field.name.clone(), ValueTest::exists()),
        },
        "isnotnull" | "match" => Condition::Field(field.name.clone(), ValueTest::exists()),
        _ => Condition::True,
    }
}
