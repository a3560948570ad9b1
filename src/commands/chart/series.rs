//! Which series a chart shows, and what they are called.

use std::fmt;

use crate::aggregates::{self, Arrival};
use crate::batch::Column;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::parse::args::{Args, Word};
use crate::parse::lexeme;
use crate::parse::search::write_value;
use crate::value::{Number, Text, Value, parse_number};

/// How many series are shown where nothing is said (Search Reference, `chart`).
const DEFAULT_LIMIT: usize = 10;

/// Series are shown by their score.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// `limit=`: so many with the greatest score, or the least; 0 for all.
    Limit(Best),
    /// `where avg in top5`, `where max > 10`: the score is this function of the series' values.
    Where(Text, Test),
}

/// A few of the series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    /// How many.
    pub count: usize,
    /// Whether those with the least score.
    pub least: bool,
}

/// What a score must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `in top5`, or `notin`.
    Rank(Best, bool),
    /// `< 5`
    Less(Number),
    /// `> 5`
    Greater(Number),
}

/// What is asked of the series.
#[derive(Clone, Debug)]
pub struct Series {
    /// Which are shown.
    pub choice: Choice,
    /// Whether rows without the field are a series, and its name.
    pub null: Option<Text>,
    /// Whether what is not shown becomes a series, and its name.
    pub other: Option<Text>,
    /// Between aggregation and value in a column's name.
    pub separator: Text,
    /// With `$AGG$` and `$VAL$`, in place of the separator.
    pub format: Option<Text>,
}

impl Default for Series {
    fn default() -> Series {
        Series {
            choice: Choice::Limit(Best { count: DEFAULT_LIMIT, least: false }),
            null: Some(Text::from("NULL")),
            other: Some(Text::from("OTHER")),
            separator: Text::from(": "),
            format: None,
        }
    }
}

/// The options as they are read.
#[derive(Clone, Debug, Default)]
pub struct SeriesOptions {
    series: Series,
    use_null: Option<bool>,
    use_other: Option<bool>,
}

impl SeriesOptions {
    /// The names of the options.
    pub const NAMES: [&'static str; 7] =
        ["limit", "sep", "format", "usenull", "useother", "nullstr", "otherstr"];

    /// Takes an option of [`SeriesOptions::NAMES`]; a number may follow the value of `limit`.
    ///
    /// # Errors
    /// Its value is not of the kind that it takes.
    pub fn take(&mut self, name: &str, value: &Word, args: &mut Args<'_>) -> Result<()> {
        match name {
            "limit" => self.series.choice = Choice::Limit(best(value, args)?),
            "sep" => self.series.separator = value.text.clone(),
            "format" => self.series.format = Some(value.text.clone()),
            "usenull" => self.use_null = Some(value.truth(name)?),
            "useother" => self.use_other = Some(value.truth(name)?),
            "nullstr" => self.series.null = Some(value.text.clone()),
            _ => self.series.other = Some(value.text.clone()),
        }
        Ok(())
    }

    /// Reads what follows the word WHERE.
    ///
    /// # Errors
    /// It is no function with a test.
    pub fn take_where(&mut self, args: &mut Args<'_>) -> Result<()> {
        let word = args.word("a statistical function")?;
        // `sum<10`
        let end = word.text.find(['<', '>']).unwrap_or(word.text.len());
        let function = Text::from(word.text.split_at(end).0);
        args.cursor.jump(args.cursor.position() - (word.text.len() - end));
        if aggregates::find(&function).is_none() {
            let message = format!("unknown statistical function `{function}`");
            return Err(Diagnostic::error(Code::UnknownAggregate, message)
                .at(word.span, "")
                .suggest(&function, aggregates::names()));
        }
        let test = if args.keyword("in") {
            Test::Rank(best_of_where(args)?, false)
        } else if args.keyword("notin") {
            Test::Rank(best_of_where(args)?, true)
        } else {
            args.cursor.blanks();
            let Some(operator) = args.cursor.lex(lexeme::operator(&["<", ">"])) else {
                return Err(args.cursor.expected("`in`, `notin`, `<` or `>`"));
            };
            let word = args.word("a number")?;
            let number = parse_number(&word.text).ok_or_else(|| word.wrong("where", "a number"))?;
            if operator == "<" { Test::Less(number) } else { Test::Greater(number) }
        };
        self.series.choice = Choice::Where(function, test);
        Ok(())
    }

    /// What the options come to.
    pub fn finish(self) -> Series {
        let mut series = self.series;
        series.null = series.null.filter(|_| self.use_null.unwrap_or(true));
        series.other = series.other.filter(|_| self.use_other.unwrap_or(true));
        series
    }
}

/// `10`, `top10`, `top 10`, `bottom10`.
fn best(word: &Word, args: &mut Args<'_>) -> Result<Best> {
    let text = word.text.to_ascii_lowercase();
    let (least, count) = match (text.strip_prefix("top"), text.strip_prefix("bottom")) {
        (Some(count), _) => (false, count),
        (_, Some(count)) => (true, count),
        (None, None) => (false, text.as_str()),
    };
    let following = if count.is_empty() { Some(args.word("a count")?.text) } else { None };
    let count = following.as_deref().unwrap_or(count).parse();
    count
        .map(|count| Best { count, least })
        .map_err(|_| word.wrong("limit", "a number, top or bottom and a number"))
}

fn best_of_where(args: &mut Args<'_>) -> Result<Best> {
    let word = args.word("top or bottom and a number")?;
    best(&word, args)
}

impl Series {
    /// Of so many series those that are shown, by their values in the first column and by how many rows they
    /// have; `names` breaks ties. All that were counted are one value of a column each.
    pub fn chosen(&self, values: &[Vec<Value>], rows: &[f64], names: &[Value], single: bool) -> Vec<bool> {
        let events = || -> Vec<Option<f64>> { rows.iter().map(|&rows| Some(rows)).collect() };
        let of_function = |function: &str| -> Vec<Option<f64>> {
            values.iter().map(|values| score(function, values)).collect()
        };
        match &self.choice {
            Choice::Limit(Best { count: 0, .. }) => vec![true; names.len()],
            // With several aggregations a series counts by how often its value occurs (Search Reference, `timechart`).
            Choice::Limit(best) if single => ranked(*best, &of_function("sum"), names),
            Choice::Limit(best) => ranked(*best, &events(), names),
            Choice::Where(function, test) => {
                // `count` is that of the events of a series, not of its cells (Search Reference, `timechart`, the
                // examples of WHERE).
                let counts = matches!(function.to_ascii_lowercase().as_str(), "count" | "c");
                let scores = if counts { events() } else { of_function(function) };
                let than = |limit: &Number, order: std::cmp::Ordering| {
                    let fits = |score: f64| score.total_cmp(&limit.value) == order;
                    scores.iter().map(|score| score.is_some_and(fits)).collect()
                };
                match test {
                    Test::Rank(best, false) => ranked(*best, &scores, names),
                    Test::Rank(best, true) => {
                        ranked(*best, &scores, names).iter().map(|shown| !shown).collect()
                    }
                    Test::Less(limit) => than(limit, std::cmp::Ordering::Less),
                    Test::Greater(limit) => than(limit, std::cmp::Ordering::Greater),
                }
            }
        }
    }

    /// The name of a column.
    pub fn column_name(&self, aggregation: &str, value: &str, single: bool) -> Text {
        match &self.format {
            // A column is not hidden because a value begins like an internal field.
            _ if single && value.starts_with('_') => Text::from(format!("VALUE{value}")),
            _ if single => Text::from(value),
            Some(format) => Text::from(format.replace("$AGG$", aggregation).replace("$VAL$", value)),
            None => Text::from(format!("{aggregation}{}{value}", self.separator)),
        }
    }
}

/// A statistical function of a series' values; none if there is nothing to compute.
fn score(function: &str, values: &[Value]) -> Option<f64> {
    let mut state = aggregates::find(function)?.start();
    state.resize(1);
    let rows: Vec<(u32, u32)> = (0..values.len() as u32).map(|row| (row, 0)).collect();
    state.update(&rows, &Column::Values(values.to_vec()), None, Arrival::SearchOrder);
    state.value(0).as_number()
}

/// Those with the greatest scores, or the least; of equal ones the first by name.
fn ranked(best: Best, scores: &[Option<f64>], names: &[Value]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    let score = |at: usize| scores.get(at).copied().flatten().unwrap_or(f64::NEG_INFINITY);
    let name = |at: usize| names.get(at).map(Value::to_text);
    order.sort_by(|&a, &b| {
        let by_score = score(a).total_cmp(&score(b));
        let by_score = if best.least { by_score } else { by_score.reverse() };
        by_score.then_with(|| name(a).cmp(&name(b)))
    });
    let mut shown = vec![false; names.len()];
    for at in order.into_iter().take(best.count) {
        if let Some(shown) = shown.get_mut(at) {
            *shown = true;
        }
    }
    shown
}

impl fmt::Display for Best {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.least { "bottom" } else { "top" }, self.count)
    }
}

impl fmt::Display for Series {
    /// The options, each with a blank before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standard = Series::default();
        if let Choice::Limit(best) = &self.choice
            && self.choice != standard.choice
        {
            write!(f, " limit={best}")?;
        }
        for (name, value, default) in
            [("null", &self.null, &standard.null), ("other", &self.other, &standard.other)]
        {
            match value {
                None => write!(f, " use{name}=false")?,
                Some(_) if value == default => {}
                Some(text) => {
                    write!(f, " {name}str=")?;
                    write_value(f, text)?;
                }
            }
        }
        if self.separator != standard.separator {
            f.write_str(" sep=")?;
            write_value(f, &self.separator)?;
        }
        if let Some(format) = &self.format {
            f.write_str(" format=")?;
            write_value(f, format)?;
        }
        Ok(())
    }
}

impl Series {
    /// Prints the WHERE clause, if there is one, with a blank before it.
    pub fn write_where(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.choice {
            Choice::Limit(_) => Ok(()),
            Choice::Where(function, Test::Rank(best, not)) => {
                write!(f, " WHERE {function} {} {best}", if *not { "notin" } else { "in" })
            }
            Choice::Where(function, Test::Less(number)) => write!(f, " WHERE {function} < {number}"),
            Choice::Where(function, Test::Greater(number)) => write!(f, " WHERE {function} > {number}"),
        }
    }
}
