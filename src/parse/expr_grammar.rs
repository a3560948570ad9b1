//! Expressions of `eval` and `where`: the grammar.
//!
//! From loosest to tightest: XOR, OR, AND, NOT, comparison (with LIKE and IN), `+ - .`, `* / %`, sign
//! (Search Reference, "Types of eval expressions").

use super::cursor::Cursor;
use super::expr::{BinaryOp, Call, Expr, ExprKind, Field, UnaryOp};
use super::{lexeme, typecheck};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::functions::{self, Body};
use crate::value::{Text, parse_number};

/// How deep an expression's tree may be: `a + b + c` is one of depth 2. What evaluates, prints or drops it
/// is recursive.
const MAX_TREE: usize = 500;

/// Reads one expression; stops before what cannot belong to it.
pub fn expression(cursor: &mut Cursor<'_>) -> Result<Expr> {
    cursor.deeper(|cursor| binary(cursor, 0))
}

/// The binary operators, loosest first; NOT stands between AND and comparison.
const LEVELS: &[&[(&str, BinaryOp)]] = &[
    &[("XOR", BinaryOp::Xor)],
    &[("OR", BinaryOp::Or)],
    &[("AND", BinaryOp::And)],
    &[],
    &[
        ("==", BinaryOp::Equal),
        ("!=", BinaryOp::NotEqual),
        ("<=", BinaryOp::LessOrEqual),
        (">=", BinaryOp::GreaterOrEqual),
        ("=", BinaryOp::Equal),
        ("<", BinaryOp::Less),
        (">", BinaryOp::Greater),
    ],
    &[("+", BinaryOp::Add), ("-", BinaryOp::Subtract), (".", BinaryOp::Concatenate)],
    &[("*", BinaryOp::Multiply), ("/", BinaryOp::Divide), ("%", BinaryOp::Modulo)],
];

/// Where NOT stands among [`LEVELS`].
const NOT_LEVEL: usize = 3;
/// Where comparisons stand among [`LEVELS`].
const COMPARISON_LEVEL: usize = 4;

/// An operand and the operators of this level or a tighter one that follow it. One function for all levels:
/// parentheses would need a stack of levels in each other otherwise.
fn binary(cursor: &mut Cursor<'_>, loosest: usize) -> Result<Expr> {
    let mut left = if loosest <= NOT_LEVEL { not(cursor)? } else { sign(cursor)? };
    loop {
        if loosest <= COMPARISON_LEVEL
            && let Some(call) = word_comparison(cursor, &left)?
        {
            left = call;
        } else if let Some((level, name, op)) = operator(cursor, loosest) {
            if cursor.at_end() || matches!(cursor.peek(), Some(')' | ',')) {
                return Err(missing_after(cursor, name));
            }
            let right = binary(cursor, level + 1)?;
            let span = left.span.to(right.span);
            typecheck::binary(op, name, &left, &right, span)?;
            left = Expr::new(ExprKind::Binary(op, Box::new(left), Box::new(right)), span);
        } else {
            return Ok(left);
        }
        if left.depth() > MAX_TREE {
            let message = format!("more than {MAX_TREE} operators in a row");
            return Err(Diagnostic::error(Code::TooDeep, message).at(cursor.here(), "too many by here"));
        }
    }
}

fn missing_after(cursor: &Cursor<'_>, name: &str) -> Diagnostic {
    Diagnostic::error(Code::Syntax, format!("an expression is missing after `{name}`")).at(cursor.here(), "")
}

/// The operator of this level or a tighter one that stands here, with its level.
fn operator(cursor: &mut Cursor<'_>, loosest: usize) -> Option<(usize, &'static str, BinaryOp)> {
    cursor.blanks();
    for (level, operators) in LEVELS.iter().enumerate().skip(loosest) {
        for &(name, op) in *operators {
            let word = name.starts_with(char::is_alphabetic);
            let found = if word { cursor.eat_keyword(name) } else { eat_symbol(cursor, name) };
            if found {
                return Some((level, name, op));
            }
        }
    }
    None
}

fn eat_symbol(cursor: &mut Cursor<'_>, symbol: &'static str) -> bool {
    cursor.lex(|input| nom::bytes::complete::tag(symbol)(input)).is_some()
}

fn not(cursor: &mut Cursor<'_>) -> Result<Expr> {
    cursor.blanks();
    let start = cursor.position();
    let bang = cursor.peek() == Some('!') && !cursor.rest().starts_with("!=");
    if bang {
        cursor.eat('!');
    } else if !cursor.eat_keyword("not") {
        return sign(cursor);
    }
    let operand = cursor.deeper(|cursor| binary(cursor, NOT_LEVEL))?;
    Ok(Expr::new(ExprKind::Unary(UnaryOp::Not, Box::new(operand)), cursor.span_from(start)))
}

/// `x LIKE p` and `x IN (a, b)`, also `x NOT IN (…)`.
fn word_comparison(cursor: &mut Cursor<'_>, left: &Expr) -> Result<Option<Expr>> {
    let start = cursor.position();
    let negated = cursor.eat_keyword("not");
    let call = if cursor.eat_keyword("like") {
        let pattern = binary(cursor, COMPARISON_LEVEL + 1)?;
        let span = left.span.to(pattern.span);
        Some(call("like", left.span, span, vec![left.clone(), pattern])?)
    } else if cursor.eat_keyword("in") {
        if !cursor.eat('(') {
            return Err(cursor.expected("`(` after `IN`"));
        }
        let mut arguments = vec![left.clone()];
        arguments.extend(arguments_until_close(cursor)?);
        let span = left.span.to(cursor.span_from(start));
        Some(call("in", left.span, span, arguments)?)
    } else {
        None
    };
    match call {
        Some(call) if negated => {
            let span = call.span;
            Ok(Some(Expr::new(ExprKind::Unary(UnaryOp::Not, Box::new(call)), span)))
        }
        None if negated => {
            cursor.jump(start);
            Ok(None)
        }
        other => Ok(other),
    }
}

fn sign(cursor: &mut Cursor<'_>) -> Result<Expr> {
    cursor.blanks();
    let start = cursor.position();
    let op = match cursor.peek() {
        Some('-') => UnaryOp::Minus,
        Some('+') => UnaryOp::Plus,
        _ => return primary(cursor),
    };
    cursor.lex(lexeme::any);
    let operand = cursor.deeper(sign)?;
    let span = cursor.span_from(start);
    typecheck::sign(op, &operand)?;
    Ok(Expr::new(ExprKind::Unary(op, Box::new(operand)), span))
}

fn primary(cursor: &mut Cursor<'_>) -> Result<Expr> {
    cursor.blanks();
    let start = cursor.position();
    let kind = match cursor.peek() {
        Some('(') => return parenthesised(cursor),
        Some('{') => return json_object(cursor),
        Some('[') => return json_array(cursor),
        Some('"') => match cursor.lex(lexeme::eval_string) {
            Some(text) => ExprKind::Text(Text::from(text)),
            None => return Err(unclosed(cursor, "quotation mark")),
        },
        Some('\'') => match cursor.lex(lexeme::single_quoted) {
            Some(name) => field(name),
            None => return Err(unclosed(cursor, "quotation mark")),
        },
        Some(c) if c.is_ascii_digit() || c == '.' => number(cursor)?,
        Some(c) if c.is_alphabetic() || c == '_' => return named(cursor),
        _ => return Err(cursor.expected("an expression")),
    };
    Ok(Expr::new(kind, cursor.span_from(start)))
}

fn field(name: impl Into<Text>) -> ExprKind {
    ExprKind::Field(Field { name: name.into(), slot: 0 })
}

fn unclosed(cursor: &Cursor<'_>, what: &str) -> Diagnostic {
    Diagnostic::error(Code::Unbalanced, format!("a {what} is not closed")).at(cursor.here(), "opened here")
}

fn parenthesised(cursor: &mut Cursor<'_>) -> Result<Expr> {
    let open = cursor.here();
    cursor.eat('(');
    let inner = expression(cursor)?;
    cursor.close(open, "`)`")?;
    Ok(inner)
}

/// `{"name": "maria", "roles": ["admin"]}` is `json_object("name", "maria", "roles", json_array("admin"))`.
fn json_object(cursor: &mut Cursor<'_>) -> Result<Expr> {
    json(cursor, "json_object", '{', '}', |cursor, members| {
        cursor.blanks();
        if cursor.peek() != Some('"') {
            return Err(cursor.expected("a key in quotation marks"));
        }
        members.push(primary(cursor)?);
        if !cursor.eat(':') {
            return Err(cursor.expected("`:` after the key"));
        }
        members.push(expression(cursor)?);
        Ok(())
    })
}

/// `["admin", 7]` is `json_array("admin", 7)`.
fn json_array(cursor: &mut Cursor<'_>) -> Result<Expr> {
    json(cursor, "json_array", '[', ']', |cursor, elements| {
        elements.push(expression(cursor)?);
        Ok(())
    })
}

/// What stands between these, with commas, as arguments of a function.
fn json(
    cursor: &mut Cursor<'_>,
    function: &str,
    open: char,
    close: char,
    mut next: impl FnMut(&mut Cursor<'_>, &mut Vec<Expr>) -> Result<()>,
) -> Result<Expr> {
    let start = cursor.position();
    cursor.eat(open);
    let (name, mut arguments) = (cursor.span_from(start), Vec::new());
    if !cursor.eat(close) {
        loop {
            cursor.deeper(|cursor| next(cursor, &mut arguments))?;
            if cursor.eat(close) {
                break;
            }
            if cursor.at_end() {
                let message = format!("a `{open}` is not closed");
                return Err(Diagnostic::error(Code::Unbalanced, message).at(name, "opened here"));
            }
            if !cursor.eat(',') {
                return Err(cursor.expected(&format!("`,` or `{close}`")).see(name, "opened here"));
            }
        }
    }
    call(function, name, cursor.span_from(start), arguments)
}

fn number(cursor: &mut Cursor<'_>) -> Result<ExprKind> {
    let start = cursor.position();
    let number = cursor.lex(lexeme::number).and_then(parse_number);
    let glued = cursor.peek().is_some_and(|c| c.is_alphabetic() || c == '_');
    match number {
        Some(number) if !glued => Ok(ExprKind::Number(number)),
        _ => {
            cursor.jump(start);
            Err(cursor
                .expected("a number")
                .help("a field name that begins with a digit stands in single quotes: `'2xx'`"))
        }
    }
}

fn named(cursor: &mut Cursor<'_>) -> Result<Expr> {
    let start = cursor.position();
    let name = cursor.lex(lexeme::bare_field).unwrap_or_default();
    let span = cursor.span_from(start);
    let mut ahead = cursor.clone();
    if ahead.eat('(') {
        *cursor = ahead;
        let arguments = arguments_until_close(cursor)?;
        return call(name, span, cursor.span_from(start), arguments);
    }
    // `true` and `false` without parentheses are the literals since 9.x; `null` is the field that is
    // never there, which comes to the same.
    if name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false") {
        return call(name, span, span, Vec::new());
    }
    Ok(Expr::new(field(name), span))
}

/// Arguments after an opening parenthesis.
fn arguments_until_close(cursor: &mut Cursor<'_>) -> Result<Vec<Expr>> {
    let open = cursor.before();
    let mut arguments = Vec::new();
    if cursor.eat(')') {
        return Ok(arguments);
    }
    loop {
        arguments.push(expression(cursor)?);
        if !cursor.eat(',') {
            cursor.close(open, "`,` or `)`")?;
            return Ok(arguments);
        }
    }
}

fn call(name: &str, name_span: Span, span: Span, mut arguments: Vec<Expr>) -> Result<Expr> {
    let Some((name, function)) = functions::find(name) else {
        return Err(Diagnostic::error(Code::UnknownFunction, format!("unknown function `{name}`"))
            .at(name_span, "not a function of eval")
            .suggest(name, functions::names()));
    };
    typecheck::call(name, function, &arguments, span)?;
    let unwritten = |name: &str| ExprKind::Field(Field { name: name.into(), slot: 0 });
    arguments.extend(function.reads.map(|name| Expr::new(unwritten(name), span)));
    let kind = match function.body {
        Body::Form(read) => read(&arguments)?,
        _ => ExprKind::Call(Call { name, function, arguments }),
    };
    Ok(Expr::new(kind, span))
}
