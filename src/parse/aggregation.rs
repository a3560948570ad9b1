//! Lists of aggregations: `count, dc(user) AS users, avg(eval(bytes / 1024)) BY host`.

use std::fmt;

use super::args::{Args, Word, write_name, write_names};
use super::expr::Expr;
use super::{expression, lexeme};
use crate::aggregates::{self, SPARKLINE_FUNCTIONS};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::time;
use crate::value::Text;

/// One aggregation of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregation {
    /// The function, as written.
    pub function: Text,
    /// What it is applied to.
    pub argument: Argument,
    /// `sparkline(…)` around the function: how it cuts time.
    pub sparkline: Option<Bins>,
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

/// The bins of a sparkline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bins {
    /// `sparkline(count)`: of a span that the rows decide.
    Automatic,
    /// `sparkline(count, 1h)`
    Of(time::Span),
}

/// The seconds that a function of `timechart` alone is a sum for: `per_hour` is 3600 (Search Reference, "Time
/// functions").
pub fn rate_seconds(function: &str) -> Option<f64> {
    const RATES: [(&str, f64); 4] =
        [("per_second", 1.0), ("per_minute", 60.0), ("per_hour", 3600.0), ("per_day", 86_400.0)];
    RATES.iter().find(|(name, _)| name.eq_ignore_ascii_case(function)).map(|(_, seconds)| *seconds)
}

impl Aggregation {
    /// `count`: how many rows there are. `span` is where that is asked for.
    pub fn count(span: Span) -> Aggregation {
        let name = Text::from("count");
        Aggregation {
            function: name.clone(),
            argument: Argument::Rows,
            sparkline: None,
            alias: None,
            default_name: name,
            span,
        }
    }

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

impl Aggregation {
    /// A call whose printed form differs from what was written, blanks in an expression say, has what was
    /// written for its alias: printed and parsed again it stays the same.
    fn settle_name(&mut self) {
        let Argument::Eval(_) = &self.argument else { return };
        let printed = Text::from(self.call(""));
        let written = std::mem::replace(&mut self.default_name, printed);
        if self.alias.is_none() && written != self.default_name {
            self.alias = Some(written);
        }
    }

    /// Whether it computes the same and only its name differs (Search Reference, `stats`: that is not valid).
    fn is_renamed_otherwise(&self, other: &Aggregation) -> bool {
        self.function.eq_ignore_ascii_case(&other.function)
            && self.argument == other.argument
            && self.sparkline == other.sparkline
            && self.alias.is_some()
            && other.alias.is_some()
            && self.alias != other.alias
    }

    /// The call, with the field's name as given.
    fn call(&self, field: &str) -> String {
        let function = &self.function;
        let call = match &self.argument {
            Argument::Rows => function.to_string(),
            Argument::Field(_) => format!("{function}({field})"),
            Argument::Eval(expr) => format!("{function}(eval({expr}))"),
        };
        match self.sparkline {
            None => call,
            Some(Bins::Automatic) => format!("sparkline({call})"),
            Some(Bins::Of(span)) => format!("sparkline({call}, {span})"),
        }
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut quoted, mut plain) = (String::new(), "");
        if let Argument::Field(name) = &self.argument {
            write_name(&mut quoted, name)?;
            plain = name;
        }
        // The default name is what was written: printing it keeps the column's name when the printed
        // form differs. A function without parentheses is its own name.
        let bare = !self.default_name.contains('(');
        f.write_str(if bare { &self.default_name } else { "" })?;
        f.write_str(&if bare { String::new() } else { self.call(&quoted) })?;
        if self.alias.is_some() || (!bare && self.call(plain) != self.default_name.as_str()) {
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
            let aggregation = self.aggregation()?;
            if let Some(twin) =
                list.iter().find(|other: &&Aggregation| other.is_renamed_otherwise(&aggregation))
            {
                let message = format!("`{}` has two names", aggregation.default_name);
                return Err(Diagnostic::error(Code::Arguments, message)
                    .at(aggregation.span, "")
                    .see(twin.span, "the other"));
            }
            list.push(aggregation);
        }
    }

    /// One aggregation, with `AS`.
    pub fn aggregation(&mut self) -> Result<Aggregation> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let sparkline =
            self.cursor.clone().lex(function_name).is_some_and(|name| name.eq_ignore_ascii_case("sparkline"));
        let mut aggregation = if sparkline { self.sparkline()? } else { self.function()? };
        aggregation.span = self.cursor.span_from(start);
        aggregation.alias = self.alias()?.map(|word| word.text);
        aggregation.settle_name();
        Ok(aggregation)
    }

    /// A function and what it is applied to.
    pub fn function(&mut self) -> Result<Aggregation> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let Some(function) = self.cursor.lex(function_name) else {
            return Err(self.cursor.expected("a statistical function"));
        };
        let span = self.cursor.span_from(start);
        self.check_function(function, span)?;
        let mut default_name = Text::from(function);
        let mut ahead = self.cursor.clone();
        let argument = if ahead.eat('(') {
            self.cursor = ahead;
            let (argument, written) = self.aggregation_argument(self.cursor.before())?;
            if argument == Argument::Rows && !counts_rows(function) {
                let message = format!("`{function}` needs a field");
                return Err(Diagnostic::error(Code::Arguments, message).at(self.cursor.span_from(start), ""));
            }
            default_name = Text::from(format!("{function}({written})"));
            argument
        } else if counts_rows(function) {
            Argument::Rows
        } else {
            // A bare function means all fields (Search Reference, `stats`, deprecated form).
            Argument::Field(Text::from("*"))
        };
        let function = Text::from(function);
        Ok(Aggregation { function, argument, sparkline: None, alias: None, default_name, span })
    }

    fn check_function(&self, function: &str, span: Span) -> Result<()> {
        if rate_seconds(function).is_some() {
            if self.command() == "timechart" {
                return Ok(());
            }
            let message = format!("`{function}` is a function of `timechart`, not of `{}`", self.command());
            return Err(Diagnostic::error(Code::NotSupported, message).at(span, ""));
        }
        if ["rate_avg", "rate_sum"].iter().any(|name| function.eq_ignore_ascii_case(name)) {
            let message = format!("`{function}` is not supported");
            return Err(Diagnostic::error(Code::NotSupported, message)
                .at(span, "")
                .help("`rate` BY all dimensions is the rate of each time series; `stats` adds them up"));
        }
        if aggregates::find(function).is_none() {
            let message = format!("unknown statistical function `{function}`");
            return Err(Diagnostic::error(Code::UnknownAggregate, message)
                .at(span, format!("not a function of {}", self.command()))
                .suggest(function, aggregates::names()));
        }
        Ok(())
    }

    /// `sparkline`, `sparkline(count)`, `sparkline(avg(bytes), 1h)`.
    fn sparkline(&mut self) -> Result<Aggregation> {
        let start = self.cursor.position();
        let name = self.cursor.lex(function_name).unwrap_or_default();
        let span = self.cursor.span_from(start);
        let mut ahead = self.cursor.clone();
        if !ahead.eat('(') {
            let (function, default_name) = (Text::from("count"), Text::from(name));
            let sparkline = Some(Bins::Automatic);
            return Ok(Aggregation {
                function,
                argument: Argument::Rows,
                sparkline,
                alias: None,
                default_name,
                span,
            });
        }
        self.cursor = ahead;
        let open = self.cursor.before();
        let mut inner = self.function_of_sparkline()?;
        let after = self.cursor.position();
        let bins = if self.cursor.eat(',') { Bins::Of(self.bins()?) } else { Bins::Automatic };
        let written = self.written_since(after);
        self.cursor.close(open, "`)`")?;
        inner.default_name = Text::from(format!("{name}({}{written})", inner.default_name));
        inner.sparkline = Some(bins);
        Ok(inner)
    }

    fn function_of_sparkline(&mut self) -> Result<Aggregation> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let inner = self.function()?;
        let name = inner.function.to_ascii_lowercase();
        if !aggregates::is_of_sparkline(&name) {
            let message = format!("`sparkline` does not take the function `{}`", inner.function);
            return Err(Diagnostic::error(Code::Arguments, message)
                .at(self.cursor.span_from(start), "")
                .help(format!("it takes {}", SPARKLINE_FUNCTIONS.join(", "))));
        }
        if matches!(inner.argument, Argument::Field(_)) && !inner.default_name.contains('(') {
            return Err(self.cursor.expected("`(` and a field"));
        }
        Ok(inner)
    }

    fn bins(&mut self) -> Result<time::Span> {
        self.cursor.blanks();
        let start = self.cursor.position();
        let span = |input| {
            nom::bytes::complete::take_while1(|c: char| !c.is_whitespace() && !"(),|".contains(c))(input)
        };
        let Some(written) = self.cursor.lex(span) else { return Err(self.cursor.expected("a span of time")) };
        let place = self.cursor.span_from(start);
        let written: &str = written;
        written.parse().map_err(|error: time::TimeSpecError| {
            Diagnostic::error(Code::Time, error.to_string()).at(place, "")
        })
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
    pub fn aggregation_field(&mut self) -> Result<Word> {
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

/// Whether a function has a meaning without a field.
fn counts_rows(function: &str) -> bool {
    matches!(function.to_ascii_lowercase().as_str(), "count" | "c")
}

fn function_name(input: &str) -> nom::IResult<&str, &str> {
    nom::bytes::complete::take_while1(|c: char| c.is_alphanumeric() || c == '_' || c == '.')(input)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::parse::cursor::Cursor;

    #[test]
    fn only_counts_do_without_a_field() {
        let parse = |text: &str| {
            let mut sources = Sources::new();
            let id = sources.add("test", text);
            let cursor = Cursor::new(text, id, 0, text.len());
            let found = Args::new(cursor.clone(), "stats", cursor.span_from(0), &sources).aggregations(&[]);
            found.map_err(|mistake| (mistake.code, sources.slice(mistake.labels[0].span)))
        };
        assert_eq!(parse("c() AS n").unwrap()[0].argument, Argument::Rows);
        assert_eq!(parse("count, sum( ) AS n").unwrap_err(), (Code::Arguments, "sum( )".to_string()));
    }
}
