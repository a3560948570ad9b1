//! Computes fields.
//!
//! ## Syntax
//! `eval <field> = <expression> [, <field> = <expression>]...`
//!
//! ## Description
//! Assignments run from left to right, and each sees those before it. A result of null takes the field away
//! from the row. A field's name may stand in quotes; `{other}` in it stands for the value of the field
//! `other` in that row. A truth value cannot be assigned: `if(<predicate>, ..., ...)` makes a value of it.
//!
//! A division by 0 is null. A result too large for a number is `inf` or `-inf`, and one that is none is `NaN`; calculations go
//! on with them.
//!
//! ## Examples
//!
//! ```spl
//! eval total = price * count, note = "sum: " . total
//! ```
//! ```json in
//! {"price": "3", "count": "4"}
//! {"price": "3"}
//! ```
//! ```json out
//! {"price": "3", "count": "4", "total": 12, "note": "sum: 12"}
//! {"price": "3"}
//! ```
//!
//! The name of the field from the row.
//!
//! ```spl
//! eval {kind}_id = id
//! ```
//! ```json in
//! {"kind": "user", "id": "7"}
//! {"kind": "host", "id": "8"}
//! ```
//! ```json out
//! {"kind": "user", "id": "7", "user_id": "7"}
//! {"kind": "host", "id": "8", "host_id": "8"}
//! ```
//!
//! A truth value from a branch becomes text; trailing blanks belong to a name in quotes.
//!
//! ```spl
//! eval "is late  " = if(isnum(hour), hour > 22, "unknown"), copy = 'is late  '
//! ```
//! ```json in
//! {"hour": "23"}
//! {"hour": "noon"}
//! ```
//! ```json out
//! {"hour": "23", "is late  ": "True", "copy": "True"}
//! {"hour": "noon", "is late  ": "unknown", "copy": "unknown"}
//! ```
//!
//! Beyond the largest number.
//!
//! ```spl
//! eval a = 1e200 * 1e200, b = -a, c = a - a, d = 1 / a, e = 1 / 0
//! ```
//! ```json out
//! {"a": "inf", "b": "-inf", "c": "NaN", "d": 0}
//! ```
//!
//! Null takes a field away.
//!
//! ```spl
//! eval user = if(user == "-", null(), user)
//! ```
//! ```json in
//! {"user": "-", "host": "a"}
//! {"user": "ada", "host": "b"}
//! ```
//! ```json out
//! {"host": "a"}
//! {"user": "ada", "host": "b"}
//! ```
//!
//! ```spl
//! eval late = hour > 22
//! ```
//! ```error
//! error[E0303]: the field `late` cannot be assigned a truth value
//! ```
//!
//! ```spl
//! eval p = "{p}", v_{p} = p
//! ```
//! ```error
//! error[E0003]: the name of a field never ends: `p` is `{p}`
//! ```
//!
//! ## Differences from Splunk
//! In the name that a value gives, `{other}` is not replaced again.

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Program;
use crate::exec::{RunContext, Streaming};
use crate::functions::Type;
use crate::parse::args::{Args, Word};
use crate::parse::expr::Expr;
use crate::parse::{lexeme, search::write_value};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `eval <field> = <expression>, ...`
#[derive(Debug)]
pub struct Eval {
    assignments: Vec<Assignment>,
}

#[derive(Clone, Debug, PartialEq)]
struct Assignment {
    target: Target,
    expr: Expr,
}

/// What is assigned to.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    Field(Text),
    /// `pre_{field}_post`: literal parts and fields in turn.
    Dynamic(Vec<Part>),
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal(Text),
    Field(Text),
}

/// Reads the arguments of `eval`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut assignments = Vec::new();
    loop {
        let target = target(args)?;
        if !args.cursor.eat('=') {
            return Err(args.cursor.expected("`=`"));
        }
        let expr = args.expression()?;
        if expr.static_type() == Type::Bool {
            let message = format!("the field `{}` cannot be assigned a truth value", target.text);
            return Err(Diagnostic::error(Code::TypeCheck, message)
                .at(expr.span, "")
                .help("`if(<predicate>, <value>, <other value>)` makes a value of it"));
        }
        assignments.push(Assignment { target: Target::new(&target), expr });
        if !args.cursor.eat(',') {
            return Ok(Box::new(Eval { assignments }));
        }
    }
}

fn target(args: &mut Args<'_>) -> Result<Word> {
    args.cursor.blanks();
    let start = args.cursor.position();
    let quoted = args.cursor.peek();
    let name = match quoted {
        Some('\'') => args.cursor.lex(lexeme::single_quoted),
        Some('"') => args.cursor.lex(lexeme::search_string),
        _ => args.cursor.lex(lexeme::word("=,|()+%<>!")),
    };
    match name {
        Some(name) => Ok(Word { text: Text::from(name), span: args.cursor.span_from(start), quoted: false }),
        None if args.at_end() => Err(args.error("`eval` needs an assignment: `field = expression`")),
        None => Err(args.cursor.expected("a field to assign to")),
    }
}

impl Target {
    fn new(word: &Word) -> Target {
        // `{}` is part of a JSON path and no template.
        let mut parts = Vec::new();
        let mut rest = word.text.as_str();
        let mut literal = Text::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            literal.push_str(before);
            if name.is_empty() {
                literal.push_str("{}");
            } else {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
                parts.push(Part::Field(Text::from(name)));
            }
            rest = tail;
        }
        if parts.is_empty() {
            return Target::Field(word.text.clone());
        }
        literal.push_str(rest);
        parts.push(Part::Literal(literal));
        parts.retain(|part| *part != Part::Literal(Text::new()));
        Target::Dynamic(parts)
    }

    fn reads(&self) -> Vec<Text> {
        match self {
            Target::Field(_) => Vec::new(),
            Target::Dynamic(parts) => {
                let field = |part: &Part| match part {
                    Part::Field(name) => Some(name.clone()),
                    Part::Literal(_) => None,
                };
                parts.iter().filter_map(field).collect()
            }
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Field(name) if name.chars().all(|c| c.is_alphanumeric() || "_.{}:".contains(c)) => {
                f.write_str(name)
            }
            Target::Field(name) => write_value(f, name),
            Target::Dynamic(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Literal(literal) => text.push_str(literal),
                        Part::Field(name) => text.extend(["{", name, "}"]),
                    }
                }
                f.write_str(&text)
            }
        }
    }
}

impl fmt::Display for Eval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("eval ")?;
        for (at, assignment) in self.assignments.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write!(f, "{}={}", assignment.target, assignment.expr)?;
        }
        Ok(())
    }
}

impl Command for Eval {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut needed = after.clone();
        for assignment in self.assignments.iter().rev() {
            if let Target::Field(name) = &assignment.target {
                needed.remove(name);
            }
            needed.extend(&FieldSet::of(assignment.expr.fields()));
            needed.extend(&FieldSet::of(assignment.target.reads()));
        }
        needed
    }

    fn sets(&self) -> Option<Vec<Text>> {
        let name = |assignment: &Assignment| match &assignment.target {
            Target::Field(name) => Some(name.clone()),
            Target::Dynamic(_) => None,
        };
        self.assignments.iter().map(name).collect()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let mut program =
            |assignment: &Assignment| Ok((assignment.target.clone(), planner.program(&assignment.expr)?));
        let assignments = self.assignments.iter().map(&mut program).collect::<Result<_>>()?;
        planner.streaming(Assign(assignments));
        Ok(())
    }
}

struct Assign(Vec<(Target, Program)>);

impl Streaming for Assign {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        for (target, program) in &self.0 {
            let column = without_truth(program.column(&batch, &context.eval));
            match target {
                Target::Field(name) => batch.set(name.clone(), column),
                Target::Dynamic(parts) => assign_dynamic(&mut batch, parts, &column)?,
            }
        }
        Ok(batch)
    }
}

/// A truth value that slips past the check before the run, from a branch of `if`, becomes text (Search
/// Reference, Informational functions, `isnum`).
fn without_truth(column: Column) -> Column {
    let is_truth = |value: &Value| matches!(value, Value::Bool(_));
    let any = match &column {
        Column::Dictionary(dictionary) => dictionary.values().iter().any(is_truth),
        Column::Values(values) => values.iter().any(is_truth),
        _ => false,
    };
    if any {
        column.map(|value| if is_truth(value) { Value::text(value.to_text()) } else { value.clone() })
    } else {
        column
    }
}

fn assign_dynamic(batch: &mut Batch, parts: &[Part], column: &Column) -> Result<()> {
    let rows = batch.rows();
    let mut names: Vec<Option<Text>> = Vec::with_capacity(rows);
    for row in 0..rows {
        let mut name = Some(Text::new());
        for part in parts {
            match part {
                Part::Literal(literal) => name = name.map(|name| name + literal.as_str()),
                Part::Field(field) => {
                    let value = batch.get(field, row);
                    if value.to_text().contains(&format!("{{{field}}}")) {
                        let message =
                            format!("the name of a field never ends: `{field}` is `{}`", value.to_text());
                        return Err(Diagnostic::error(Code::TooDeep, message));
                    }
                    name = name.filter(|_| !value.is_null()).map(|name| name + &*value.to_text());
                }
            }
        }
        names.push(name.filter(|name| !name.is_empty()));
    }
    let mut seen: Vec<Text> = Vec::new();
    for name in names.iter().flatten() {
        if seen.contains(name) {
            continue;
        }
        seen.push(name.clone());
        let mine: Vec<bool> = names.iter().map(|other| other.as_ref() == Some(name)).collect();
        let before = batch.column(name).cloned().unwrap_or(Column::Null(rows));
        batch.set(name.clone(), column.select(&mine, &before));
    }
    Ok(())
}
