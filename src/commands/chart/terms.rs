//! What a chart computes: aggregations, and expressions over aggregations.

use std::fmt;

use crate::aggregates::{self, Order};
use crate::batch::{Batch, Column};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Program;
use crate::exec::RunContext;
use crate::parse::aggregation::{Aggregation, Argument};
use crate::parse::args::{Args, write_name};
use crate::parse::cursor::Cursor;
use crate::parse::expr::Expr;
use crate::parse::{expression, lexeme};
use crate::value::{Text, Value};

/// One of the things that a chart computes.
#[derive(Clone, Debug)]
pub enum Term {
    /// An aggregation.
    Plain(Aggregation),
    /// `eval(avg(a) / max(b))`
    Formula(Formula),
}

/// An expression over aggregations.
#[derive(Clone, Debug)]
pub struct Formula {
    /// As it stands in the parentheses.
    written: Text,
    /// The expression; the field `#0` is the result of the first of the parts.
    expr: Expr,
    parts: Vec<Aggregation>,
    alias: Option<Text>,
}

/// The results of one aggregation: for each of its fields, if a wildcard stands for several, the name of its
/// column and the values.
pub type Results = Vec<(Text, Vec<Value>)>;

impl Term {
    /// Reads the terms up to the end, an option or one of these keywords.
    pub fn list(args: &mut Args<'_>, stop: &[&'static str]) -> Result<Vec<Term>> {
        let mut terms = Vec::new();
        loop {
            args.cursor.separators();
            if args.at_end() || args.sees(stop) || args.sees_option() {
                return Ok(terms);
            }
            terms.push(Term::one(args)?);
        }
    }

    /// Reads one term.
    pub fn one(args: &mut Args<'_>) -> Result<Term> {
        let mut ahead = args.cursor.clone();
        if ahead.eat_keyword("eval") && ahead.eat('(') {
            args.cursor = ahead;
            return formula(args).map(Term::Formula);
        }
        args.aggregation().map(Term::Plain)
    }

    /// The aggregations that it is made of.
    pub fn aggregations(&self) -> &[Aggregation] {
        match self {
            Term::Plain(aggregation) => std::slice::from_ref(aggregation),
            Term::Formula(formula) => &formula.parts,
        }
    }

    /// The columns, of the results of its aggregations, a list for each.
    pub fn results(&self, parts: &[Results], context: &RunContext) -> Results {
        match self {
            Term::Plain(_) => parts.first().cloned().unwrap_or_default(),
            Term::Formula(formula) => vec![(formula.name(), formula.values(parts, context))],
        }
    }

    /// Whether one of the aggregations needs its rows in search order.
    pub fn needs_order(&self) -> bool {
        let order = |part: &Aggregation| aggregates::find(&part.function).map(|found| found.order());
        self.aggregations().iter().filter_map(order).any(|order| order == Order::Arrival)
    }
}

/// Reads the expression of a formula, and the parenthesis after it.
fn formula(args: &mut Args<'_>) -> Result<Formula> {
    let (open, start) = (args.cursor.before(), args.cursor.position());
    let all = args.cursor.rest();
    let (mut text, mut parts, mut depth) = (String::new(), Vec::new(), 0usize);
    loop {
        let (here, rest) = (args.cursor.position(), args.cursor.rest());
        let Some(c) = rest.chars().next() else {
            args.cursor.close(open, "`)`")?;
            break;
        };
        if c == ')' && depth == 0 {
            break;
        }
        let name: Option<&str> = args.cursor.lex(lexeme::identifier);
        if let Some(name) = name {
            if is_aggregation(name, args) {
                args.cursor.jump(here);
                text.push_str(&format!("'#{}'", parts.len()));
                parts.push(args.function()?);
            } else {
                text.push_str(name);
            }
            continue;
        }
        let quoted = match c {
            '"' => args.cursor.lex(lexeme::search_string).is_some(),
            '\'' => args.cursor.lex(lexeme::single_quoted).is_some(),
            _ => false,
        };
        if !quoted {
            args.cursor.jump(here + c.len_utf8());
        }
        let length = args.cursor.position() - here;
        text.push_str(rest.get(..length).unwrap_or_default());
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    let span = args.cursor.span_from(start);
    let written = Text::from(all.get(..args.cursor.position() - start).unwrap_or_default().trim());
    args.cursor.close(open, "`)`")?;
    let mut inner = Cursor::of_literal(&text, span);
    let expr = expression(&mut inner)?;
    if !inner.at_end() {
        return Err(inner.expected("an operator"));
    }
    if let Some(field) = expr.fields().iter().find(|field| !field.starts_with('#')) {
        let message = format!("the field `{field}` stands outside of a statistical function");
        return Err(Diagnostic::error(Code::Arguments, message).at(span, ""));
    }
    check_parts(&parts)?;
    let alias = args.alias()?.map(|word| word.text);
    Ok(Formula { written, expr, parts, alias })
}

/// Whether a name that was read is that of a statistical function, and its argument follows.
fn is_aggregation(name: &str, args: &Args<'_>) -> bool {
    aggregates::find(name).is_some() && (args.cursor.clone().eat('(') || name.eq_ignore_ascii_case("count"))
}

fn check_parts(parts: &[Aggregation]) -> Result<()> {
    let wildcard =
        |part: &&Aggregation| matches!(&part.argument, Argument::Field(name) if name.contains('*'));
    match parts.iter().find(wildcard) {
        None => Ok(()),
        Some(part) => {
            let message = format!("`{}` in an expression needs one field", part.default_name);
            Err(Diagnostic::error(Code::Arguments, message).at(part.span, ""))
        }
    }
}

impl Formula {
    fn name(&self) -> Text {
        self.alias.clone().unwrap_or_else(|| Text::from(format!("eval({})", self.written)))
    }

    fn values(&self, parts: &[Results], context: &RunContext) -> Vec<Value> {
        let columns: Vec<&Vec<Value>> =
            parts.iter().filter_map(|part| part.first()).map(|(_, values)| values).collect();
        let mut batch = Batch::with_rows(columns.first().map_or(0, |values| values.len()));
        for (at, values) in columns.into_iter().enumerate() {
            batch.set(Text::from(format!("#{at}")), Column::from_values(values.clone()));
        }
        let column = Program::new(self.expr.clone()).column(&batch, &context.eval);
        column.iter().map(std::borrow::Cow::into_owned).collect()
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Plain(aggregation) => write!(f, "{aggregation}"),
            Term::Formula(formula) => {
                write!(f, "eval({})", formula.written)?;
                match &formula.alias {
                    None => Ok(()),
                    Some(alias) => {
                        f.write_str(" AS ")?;
                        write_name(f, alias)
                    }
                }
            }
        }
    }
}
