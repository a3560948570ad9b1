//! Lists of aggregations: `count, dc(user) AS users, avg(eval(bytes / 1024)) BY host`.

use std::fmt;

use super::args::{Args, Word, write_name, write_names};
use super::expr::Expr;
use super::{expression, lexeme};
use crate::aggregates;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::value::Text;

/// One aggregation of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregation {
    /// The function, as written.
    pub function: Text,
    /// What it is applied to.
    pub argument: Argument,
    /// `AS name`
    pub alias: Option<Text>,
    /// The name without `AS`: what was written, less its quotes.
    pub default_name: Text,
    /// Where it stands.
    pub span: Span,
}

/// What an aggregation is applied to.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// The rows themselves: `count`.
    Rows,
    /// A field, or all fields that fit a wildcard.
    Field(Text),
    /// `eval(…)`
    Eval(Expr),
}

impl Aggregation {
    /// The name of its column.
    pub fn name(&self) -> &Text {
        self.alias.as_ref().unwrap_or(&self.default_name)
    }

    /// The fields it reads, as names or wildcards.
    pub fn fields(&self) -> Vec<Text> {
        match &self.argument {
            Argument::Rows => Vec::new(),
            Argument::Field(name) => vec![name.clone()],
            Argument::Eval(expr) => expr.fields(),
        }
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.function)?;
        match &self.argument {
            Argument::Rows => {}
            Argument::Field(name) => {
                f.write_str("(")?;
                write_name(f, name)?;
                f.write_str(")")?;
            }
            Argument::Eval(expr) => write!(f, "(eval({expr}))")?,
        }
        // The default name is what was written: printing it keeps the column's name when the printed
        // form differs.
        let printed_name = match &self.argument {
            Argument::Rows => self.function.to_string(),
            Argument::Field(name) => format!("{}({name})", self.function),
            Argument::Eval(expr) => format!("{}(eval({expr}))", self.function),
        };
        if self.alias.is_some() || printed_name != self.default_name.as_str() {
            f.write_str(" AS ")?;
            write_name(f, self.name())?;
        }
        Ok(())
    }
}

/// Prints a list and its BY clause.
pub fn write_list(f: &mut fmt::Formatter<'_>, list: &[Aggregation], by: &[Text]) -> fmt::Result {
    for (at, aggregation) in list.iter().enumerate() {
        f.write_str(if at > 0 { ", " } else { "" })?;
        write!(f, "{aggregation}")?;
    }
    if !by.is_empty() {
        f.write_str(" BY ")?;
        write_names(f, by.iter().map(Text::as_str))?;
    }
    Ok(())
}

impl Args<'_> {
    /// Aggregations up to the end, an option or one of these keywords.
    pub fn aggregations(&mut self, stop: &[&'static str]) -> Result<Vec<Aggregation>> {
        let mut list = Vec::new();
        loop {
            self.cursor.separators();
            if self.at_end() || self.sees(stop) || self.sees_option() {
                return Ok(list);
            }
            list.push(self.aggregation()?);
        }
    }

    fn aggregation(&mut self) -> Result<Aggregation> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let name = |input| {
            nom::bytes::complete::take_while1(|c: char| c.is_alphanumeric() || c == '_' || c == '.')(input)
        };
        let Some(function) = self.cursor.lex(name) else {
            return Err(self.cursor.expected("a statistical function"));
        };
        let function_span = self.cursor.span_from(start);
        if function.eq_ignore_ascii_case("sparkline") {
            let message = "the statistical function `sparkline` is not supported";
            return Err(Diagnostic::error(Code::NotSupported, message).at(function_span, ""));
        }
        if aggregates::find(function).is_none() {
            let message = format!("unknown statistical function `{function}`");
            return Err(Diagnostic::error(Code::UnknownAggregate, message)
                .at(function_span, format!("not a function of {}", self.command()))
                .suggest(function, aggregates::names()));
        }
        let mut default_name = Text::from(function);
        let mut ahead = self.cursor.clone();
        let argument = if ahead.eat('(') {
            self.cursor = ahead;
            let (argument, written) = self.aggregation_argument(self.cursor.before())?;
            default_name = Text::from(format!("{function}({written})"));
            argument
        } else if matches!(function.to_ascii_lowercase().as_str(), "count" | "c") {
            Argument::Rows
        } else {
            // A bare function means all fields (Search Reference, `stats`, deprecated form).
            Argument::Field(Text::from("*"))
        };
        let span = self.cursor.span_from(start);
        let alias = self.alias()?.map(|word| word.text);
        Ok(Aggregation { function: Text::from(function), argument, alias, default_name, span })
    }

    /// What stands between the parentheses, and how it was written.
    fn aggregation_argument(&mut self, open: Span) -> Result<(Argument, String)> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let mut ahead = self.cursor.clone();
        if ahead.eat_keyword("eval") && ahead.eat('(') {
            self.cursor = ahead;
            let expr = expression(&mut self.cursor)?;
            self.cursor.close(open, "`)` after the expression")?;
            let written = self.written_since(start);
            self.cursor.close(open, "`)`")?;
            return Ok((Argument::Eval(expr), written));
        }
        if self.cursor.eat(')') {
            return Ok((Argument::Rows, String::new()));
        }
        let field = self.aggregation_field()?;
        self.cursor.close(open, "`)`")?;
        let written = field.text.to_string();
        Ok((Argument::Field(field.text), written))
    }

    fn written_since(&self, start: usize) -> String {
        let mut from = self.cursor.clone();
        from.jump(start);
        let length = self.cursor.position().saturating_sub(start);
        from.rest().get(..length).unwrap_or("").trim().to_string()
    }

    /// A field inside parentheses: quoted, or bare with balanced parentheses of its own.
    fn aggregation_field(&mut self) -> Result<Word> {
        let start = self.cursor.position();
        let quoted = matches!(self.cursor.peek(), Some('"' | '\''));
        let text = match self.cursor.peek() {
            Some('\'') => self.cursor.lex(lexeme::single_quoted),
            Some('"') => self.cursor.lex(lexeme::word("(),|")),
            _ => self.cursor.lex(balanced_name),
        };
        let Some(text) = text else { return Err(self.cursor.expected("a field")) };
        Ok(Word { text: Text::from(text.trim()), span: self.cursor.span_from(start), quoted })
    }
}

/// Characters up to the parenthesis that closes what is open: `aceFlags(inheritance)` is one name.
fn balanced_name(input: &str) -> nom::IResult<&str, String> {
    let mut depth = 0usize;
    let end = input.find(|c: char| {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            '|' | ',' => return true,
            _ => {}
        }
        false
    });
    let (name, rest) = input.split_at(end.unwrap_or(input.len()));
    if name.trim().is_empty() {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::TakeWhile1)));
    }
    Ok((rest, name.to_string()))
}
