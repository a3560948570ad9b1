//! What can be refused before any row is read (Search Reference, "Evaluation functions"; the wording of
//! Splunk's own errors is «Type checking failed. '+' only takes two strings or two numbers.»).

use super::expr::{BinaryOp, Expr, UnaryOp};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::functions::{Check, Function, Nulls, Type};
use crate::value::Value;

/// Checks the operands of an operator of two.
pub fn binary(op: BinaryOp, name: &str, left: &Expr, right: &Expr, span: Span) -> Result<()> {
    let types = (left.static_type(), right.static_type());
    let literals = left.literal().is_some() && right.literal().is_some();
    let message = match op {
        BinaryOp::Add if literals && types.0 != types.1 => "only takes two strings or two numbers",
        BinaryOp::Add if has(types, Type::Bool) || has(types, Type::Null) => {
            "only takes two strings or two numbers"
        }
        BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => {
            let text = is_text_literal(left) || is_text_literal(right);
            if !text && !has(types, Type::Bool) && !has(types, Type::Null) {
                return Ok(());
            }
            "only takes numbers"
        }
        BinaryOp::Concatenate if has(types, Type::Null) || has(types, Type::Bool) => {
            "only takes strings and numbers"
        }
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
            let wrong = |kind| matches!(kind, Type::Number | Type::Text | Type::Null);
            if !wrong(types.0) && !wrong(types.1) {
                return Ok(());
            }
            "only takes booleans"
        }
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessOrEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterOrEqual
            if has(types, Type::Null) || (literals && types.0 != types.1) =>
        {
            "received different types"
        }
        _ => return Ok(()),
    };
    Err(Diagnostic::error(Code::TypeCheck, format!("type checking failed: `{name}` {message}")).at(span, ""))
}

fn has(types: (Type, Type), wanted: Type) -> bool {
    types.0 == wanted || types.1 == wanted
}

fn is_text_literal(expr: &Expr) -> bool {
    matches!(expr.literal(), Some(Value::Text(_)))
}

/// Checks the operand of a sign.
pub fn sign(op: UnaryOp, operand: &Expr) -> Result<()> {
    let wrong = is_text_literal(operand) || matches!(operand.static_type(), Type::Bool | Type::Null);
    if !wrong {
        return Ok(());
    }
    let name = if op == UnaryOp::Minus { "-" } else { "+" };
    let message = format!("type checking failed: `{name}` only takes numbers");
    Err(Diagnostic::error(Code::TypeCheck, message).at(operand.span, ""))
}

/// Checks a call: the count of arguments, a `null()` where a value is needed, and literals.
pub fn call(name: &str, function: &Function, arguments: &[Expr], span: Span) -> Result<()> {
    if !function.arity.accepts(arguments.len()) {
        let wanted = function.arity.describe();
        let message = format!("the function `{name}` takes {wanted}, not {}", arguments.len());
        return Err(Diagnostic::error(Code::FunctionArguments, message).at(span, ""));
    }
    if function.nulls == Nulls::Propagate
        && let Some(null) = arguments.iter().find(|argument| argument.static_type() == Type::Null)
    {
        let message = format!("the function `{name}` does not take `null()`");
        return Err(Diagnostic::error(Code::TypeCheck, message).at(null.span, ""));
    }
    let literals = |check: Check| check(&arguments.iter().map(Expr::literal).collect::<Vec<_>>());
    let shape = function.shape.map_or(Ok(()), |shape| shape(arguments));
    shape.and_then(|()| function.check.map_or(Ok(()), literals)).map_err(|misuse| {
        let code = if misuse.regex { Code::Regex } else { Code::FunctionArguments };
        let place = arguments.get(misuse.argument).map_or(span, |argument| argument.span);
        Diagnostic::error(code, misuse.message).at(place, "")
    })
}

/// Checks that an expression can be a predicate.
pub fn predicate(expr: &Expr, command: &str) -> Result<()> {
    if matches!(expr.static_type(), Type::Bool | Type::Any) {
        return Ok(());
    }
    let message = format!("`{command}` needs a predicate, something that is true or false");
    Err(Diagnostic::error(Code::TypeCheck, message).at(expr.span, "this is not"))
}
