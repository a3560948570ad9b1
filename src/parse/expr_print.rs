//! Expressions as text that parses to the same tree.

use std::fmt;

use super::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use super::lexeme;

impl BinaryOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Modulo => "%",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Concatenate => ".",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::And => "AND",
            BinaryOp::Or => "OR",
            BinaryOp::Xor => "XOR",
        }
    }

    fn level(self) -> u8 {
        match self {
            BinaryOp::Xor => 0,
            BinaryOp::Or => 1,
            BinaryOp::And => 2,
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concatenate => 5,
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 6,
            _ => 4,
        }
    }
}

fn level(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Binary(op, ..) => op.level(),
        ExprKind::Unary(UnaryOp::Not, _) => 3,
        ExprKind::Unary(..) => 7,
        _ => 8,
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(number) => write!(f, "{number}"),
            ExprKind::Text(text) => write_string(f, text),
            ExprKind::Field(field) => write_field(f, &field.name),
            ExprKind::Unary(UnaryOp::Not, operand) => {
                f.write_str("NOT ")?;
                write_operand(f, operand, 3)
            }
            ExprKind::Unary(op, operand) => {
                f.write_str(if *op == UnaryOp::Minus { "-" } else { "+" })?;
                write_operand(f, operand, 7)
            }
            ExprKind::Binary(op, left, right) => {
                write_operand(f, left, op.level())?;
                write!(f, " {} ", op.symbol())?;
                write_operand(f, right, op.level() + 1)
            }
            ExprKind::Call(call) => {
                write!(f, "{}(", call.name)?;
                let written = call.arguments.len() - usize::from(call.function.reads.is_some());
                for (at, argument) in call.arguments.iter().take(written).enumerate() {
                    f.write_str(if at > 0 { ", " } else { "" })?;
                    write!(f, "{argument}")?;
                }
                f.write_str(")")
            }
            ExprKind::SearchMatch(search) => {
                f.write_str("searchmatch(")?;
                write_string(f, &search.text)?;
                f.write_str(")")
            }
        }
    }
}

fn write_operand(f: &mut fmt::Formatter<'_>, operand: &Expr, at_least: u8) -> fmt::Result {
    if level(operand) < at_least { write!(f, "({operand})") } else { write!(f, "{operand}") }
}

/// A string literal with the escapes that an expression reads.
fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

/// A field, in single quotes where it would read as something else.
fn write_field(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    const WORDS: [&str; 8] = ["and", "or", "not", "xor", "in", "like", "true", "false"];
    let word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(name));
    let whole = matches!(lexeme::bare_field(name), Ok(("", _)));
    if whole && !word {
        f.write_str(name)
    } else {
        write!(f, "'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}
