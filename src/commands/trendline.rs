//! Moving averages of fields.
//!
//! ## Syntax
//! `trendline <sma|ema|wma><n>(<field>) [AS <name>] ...`
//!
//! ## Description
//! Of the last n numbers of the field, from 2 to 10,000, up to each row: `sma` is their average; `wma` their average
//! with the weights 1 for the oldest to n for the newest; `ema` is exponential: each number counts `2/(n+1)`, what
//! was before the rest, and the first number begins it. The new field is called as the call is written if it has no
//! other name. The first n-1 rows with a number have no result, and rows without a number are passed over.
//!
//! ## Examples
//!
//! ```spl
//! trendline sma2(n) AS even wma3(n)
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "none"}
//! {"n": "6"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"n": "2", "even": 1.5}
//! {"n": "none"}
//! {"n": "6", "even": 4, "wma3(n)": 3.8333333333333335}
//! ```
//!
//! ```spl
//! trendline ema3(n) AS n
//! ```
//! ```json in
//! {"n": "8"}
//! {"n": "4"}
//! {"n": "2"}
//! {"n": "4"}
//! ```
//! ```json out
//! {"n": "8"}
//! {"n": "4"}
//! {"n": 4}
//! {"n": 4}
//! ```
//!
//! ```spl
//! trendline sma1(n)
//! ```
//! ```error
//! error[E0204]: `sma` needs a number of rows from 2 to 10000 and got `1`
//! ```
//!
//! ```spl
//! trendline avg5(n)
//! ```
//! ```error
//! error[E0002]: expected `sma`, `ema` or `wma`, found `avg5(n)`
//! ```
//!
//! ## Differences from Splunk
//! What an exponential average begins with is not documented.

use std::collections::VecDeque;
use std::fmt;

use super::Command;
use super::accum::along::{Along, Course, Kind, Step};
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::parse::args::{Args, write_name};
use crate::parse::lexeme;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// How many numbers may be averaged (Search Reference, `trendline`).
const PERIODS: std::ops::RangeInclusive<usize> = 2..=10_000;

/// `trendline`
#[derive(Clone, Debug)]
pub struct Trendline {
    courses: Vec<Course<Average>>,
}

/// A moving average.
#[derive(Clone, Copy, Debug)]
struct Average {
    weights: Weights,
    period: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weights {
    Equal,
    Exponential,
    Rising,
}

const KINDS: [(&str, Weights); 3] =
    [("sma", Weights::Equal), ("ema", Weights::Exponential), ("wma", Weights::Rising)];

/// Reads the arguments of `trendline`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut courses = Vec::new();
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        courses.push(course(args)?);
    }
    if courses.is_empty() {
        return Err(args.error("`trendline` needs an average, such as `sma5(count)`"));
    }
    Ok(Box::new(Trendline { courses }))
}

fn course(args: &mut Args<'_>) -> Result<Course<Average>> {
    let start = args.cursor.position();
    let place = args.cursor.clone();
    let name: Option<&str> = args.cursor.lex(lexeme::identifier);
    let lower = name.unwrap_or_default().to_ascii_lowercase();
    let found = KINDS.iter().find_map(|(name, weights)| Some((name, weights, lower.strip_prefix(name)?)));
    let Some((kind, weights, digits)) = found else {
        return Err(place.expected("`sma`, `ema` or `wma`"));
    };
    let Some(period) = digits.parse().ok().filter(|period| PERIODS.contains(period)) else {
        let (least, most) = (PERIODS.start(), PERIODS.end());
        let message = format!("`{kind}` needs a number of rows from {least} to {most} and got `{digits}`");
        return Err(Diagnostic::error(Code::OptionValue, message).at(args.cursor.span_from(start), ""));
    };
    if !args.cursor.eat('(') {
        return Err(args.cursor.expected("`(` and a field"));
    }
    let open = args.cursor.before();
    let field = args.aggregation_field()?.text;
    args.cursor.close(open, "`)`")?;
    let name = name.unwrap_or_default();
    let target = args.alias()?.map_or_else(|| Text::from(format!("{name}({field})")), |word| word.text);
    Ok(Course { field, target, kind: Average { weights: *weights, period } })
}

impl fmt::Display for Trendline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("trendline")?;
        for course in &self.courses {
            let Average { weights, period } = course.kind;
            let name = KINDS.iter().find(|(_, kind)| *kind == weights).map_or("", |(name, _)| name);
            write!(f, " {name}{period}(")?;
            write_name(f, &course.field)?;
            f.write_str(") AS ")?;
            write_name(f, &course.target)?;
        }
        Ok(())
    }
}

impl Command for Trendline {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        Along::needs(&self.courses, after)
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(Along(self.courses.clone()));
        Ok(())
    }
}

impl Kind for Average {
    fn start(&self) -> Box<dyn Step> {
        Box::new(Moving { average: *self, last: VecDeque::new(), count: 0, exponential: 0.0 })
    }
}

struct Moving {
    average: Average,
    /// The last numbers, the oldest first.
    last: VecDeque<f64>,
    count: usize,
    exponential: f64,
}

impl Step for Moving {
    fn next(&mut self, value: &Value) -> Option<Value> {
        let number = value.as_number()?;
        let Average { weights, period } = self.average;
        let n = period as f64;
        self.count += 1;
        if weights == Weights::Exponential {
            let weight = 2.0 / (n + 1.0);
            let first = self.count == 1;
            self.exponential =
                if first { number } else { weight * number + (1.0 - weight) * self.exponential };
        } else {
            self.last.push_back(number);
            if self.last.len() > period {
                self.last.pop_front();
            }
        }
        if self.count < period {
            return None;
        }
        let rising = |(at, number): (usize, &f64)| (at + 1) as f64 * number;
        Some(Value::number(match weights {
            Weights::Exponential => self.exponential,
            Weights::Equal => self.last.iter().sum::<f64>() / n,
            Weights::Rising => self.last.iter().enumerate().map(rising).sum::<f64>() / (n * (n + 1.0) / 2.0),
        }))
    }
}
