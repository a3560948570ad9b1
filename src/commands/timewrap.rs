//! Puts periods of a chart over time beside each other.
//!
//! ## Syntax
//! `timewrap <span> [align=now|end] [series=relative|exact|short] [time_format=<format>]`
//!
//! A span is a number, 1 if there is none, and a unit of time: `day`, `2w`, `1mon`.
//!
//! ## Description
//! The rows of a `timechart` are cut into periods as long as the span. The last ends with the last row, or, with
//! `align=now`, at the current time. Each column becomes one for each period, the oldest first, and rows are put
//! together that lie at the same place in their periods; `_time` is that in the last period.
//!
//! Columns are called by how long before the last period they are: `latest_day`, `1day_before`, `2days_before`; with
//! `series=short` `s0`, `s1`, `s2`; with `series=exact` by the time of the first row of the period, in the form of
//! `time_format`. Where the chart has several columns, the name of the column and `_` stand before that.
//!
//! ## Examples
//!
//! ```spl
//! timewrap 1d
//! ```
//! ```json in
//! {"_time": 1773446400, "count": 1}
//! {"_time": 1773489600, "count": 2}
//! {"_time": 1773532800, "count": 3}
//! {"_time": 1773576000, "count": 4}
//! {"_time": 1773619200, "count": 5}
//! ```
//! ```json out
//! {"_time": 1773576000, "1day_before": 2, "latest_day": 4}
//! {"_time": 1773619200, "2days_before": 1, "1day_before": 3, "latest_day": 5}
//! ```
//!
//! Two columns, by the names of the weeks.
//!
//! ```spl
//! timewrap w series=exact time_format="%d.%m."
//! ```
//! ```json in
//! {"_time": 1773014400, "read": 1, "write": 2}
//! {"_time": 1773619200, "read": 3, "write": 4}
//! ```
//! ```json out
//! {"_time": 1773619200, "read_09.03.": 1, "write_09.03.": 2, "read_16.03.": 3, "write_16.03.": 4}
//! ```
//!
//! ```spl
//! timewrap often
//! ```
//! ```error
//! error[E0204]: `timewrap` needs a span of time, such as 1d and got `often`
//! ```
//!
//! ```spl
//! timewrap 1w series=exact
//! ```
//! ```error
//! error[E0205]: `series=exact` needs `time_format=`
//! ```
//!
//! ## Differences from Splunk
//! What Splunk calls the columns of a chart that has one, and those of a span of several units, is not documented in
//! full. Days that a month does not have count as its last.

use std::collections::BTreeMap;
use std::fmt;

use jiff::tz::TimeZone;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, Word};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::time::{Span, strftime};
use crate::value::{Text, Value};

/// How many periods may stand beside each other; more is a mistake of the span.
const MOST_PERIODS: usize = 1000;

/// The units of a span, by the symbols that it is printed with.
const UNITS: [(&str, &str); 8] = [
    ("s", "second"),
    ("m", "minute"),
    ("h", "hour"),
    ("d", "day"),
    ("w", "week"),
    ("mon", "month"),
    ("q", "quarter"),
    ("y", "year"),
];

/// `timewrap`
#[derive(Clone, Debug)]
pub struct Timewrap {
    span: Span,
    count: usize,
    unit: &'static str,
    now: bool,
    series: Series,
}

/// What columns are called.
#[derive(Clone, Debug, PartialEq)]
enum Series {
    Relative,
    Short,
    Exact(Text),
}

/// Reads the arguments of `timewrap`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut span, mut now, mut series, mut format) = (None, false, None, None);
    while !args.at_end() {
        match args.option(&["align", "series", "time_format"])? {
            Some(("align", value)) => {
                now = match value.text.to_ascii_lowercase().as_str() {
                    "now" => true,
                    "end" => false,
                    _ => return Err(value.wrong("align", "now or end")),
                }
            }
            Some(("series", value)) => series = Some(value),
            Some((_, value)) => format = Some(value.text),
            None if span.is_none() => span = Some(read_span(&args.word("a span of time")?)?),
            None => args.end()?,
        }
    }
    let Some((span, count, unit)) = span else { return Err(args.error("`timewrap` needs a span of time")) };
    let series = match series.as_ref().map(|value| value.text.to_ascii_lowercase()).as_deref() {
        None | Some("relative") => Series::Relative,
        Some("short") => Series::Short,
        Some("exact") => match format.take() {
            Some(format) => Series::Exact(format),
            None => return Err(args.error("`series=exact` needs `time_format=`")),
        },
        Some(_) => {
            let wrong = |value: &Word| value.wrong("series", "relative, exact or short");
            return Err(series.as_ref().map_or_else(|| args.error("`series`"), wrong));
        }
    };
    if format.is_some() {
        return Err(args.error("`time_format` is for `series=exact`"));
    }
    Ok(Box::new(Timewrap { span, count, unit, now, series }))
}

/// The span, with its number and its unit.
fn read_span(word: &Word) -> Result<(Span, usize, &'static str)> {
    let span: Span = word.text.parse().map_err(|error: crate::time::TimeSpecError| {
        word.wrong("timewrap", "a span of time, such as 1d").help(error.to_string())
    })?;
    let printed = span.to_string();
    let digits = printed.find(|c: char| !c.is_ascii_digit()).unwrap_or(printed.len());
    let (count, symbol) = printed.split_at(digits);
    let unit = UNITS.iter().find(|(known, _)| *known == symbol);
    match (count.parse(), unit) {
        (Ok(count), Some((_, unit))) => Ok((span, count, unit)),
        _ => Err(word.wrong("timewrap", "a span of seconds or longer units")),
    }
}

impl fmt::Display for Timewrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timewrap {}", self.span)?;
        f.write_str(if self.now { " align=now" } else { "" })?;
        match &self.series {
            Series::Relative => Ok(()),
            Series::Short => f.write_str(" series=short"),
            Series::Exact(format) => {
                f.write_str(" series=exact time_format=")?;
                write_value(f, format)
            }
        }
    }
}

impl Command for Timewrap {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

/// A row at its place in the last period.
struct Placed {
    row: usize,
    /// How many periods before the last it lies.
    period: usize,
    /// The same place in the last period.
    time: f64,
}

impl Dataset for Timewrap {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let (zone, now) = (&context.eval.zone, context.eval.now);
        let placed = self.placed(&all, zone, now)?;
        let fields: Vec<&Text> =
            all.display_order().into_iter().filter(|name| !name.starts_with('_')).collect();
        // Rows by their time in the last period; times are told apart to the microsecond.
        let mut rows: BTreeMap<i64, (f64, BTreeMap<usize, usize>)> = BTreeMap::new();
        let mut first_of: BTreeMap<usize, f64> = BTreeMap::new();
        for one in &placed {
            let row = rows.entry((one.time * 1e6).round() as i64).or_insert((one.time, BTreeMap::new()));
            row.1.insert(one.period, one.row);
            let time = all.get("_time", one.row).as_number().unwrap_or(one.time);
            first_of.entry(one.period).and_modify(|first| *first = first.min(time)).or_insert(time);
        }
        let mut out = Batch::with_rows(rows.len());
        out.ordered = true;
        let times = rows.values().map(|(time, _)| Value::number(*time)).collect();
        out.set("_time".into(), Column::from_values(times));
        for (&period, &first) in first_of.iter().rev() {
            let name = self.period_name(period, first, zone);
            for field in &fields {
                let cell = |(_, of_period): &(f64, BTreeMap<usize, usize>)| match of_period.get(&period) {
                    Some(&row) => all.get(field, row).into_owned(),
                    None => Value::Null,
                };
                let name = if fields.len() == 1 { name.clone() } else { format!("{field}_{name}") };
                out.set(Text::from(name), Column::from_values(rows.values().map(cell).collect()));
            }
        }
        Ok(vec![out])
    }
}

impl Timewrap {
    /// The rows that have a time, each moved forward by periods until it lies in the last.
    fn placed(&self, all: &Batch, zone: &TimeZone, now: f64) -> Result<Vec<Placed>> {
        let times: Vec<(usize, f64)> =
            (0..all.rows()).filter_map(|row| Some((row, all.get("_time", row).as_number()?))).collect();
        let last = times.iter().map(|(_, time)| *time).fold(f64::NEG_INFINITY, f64::max);
        let mut placed = Vec::new();
        for (row, mut time) in times {
            let mut period = 0;
            while let Some(next) = self.span.add(time, zone) {
                // A period has its end, and not its beginning: what lies a whole one before the last row is
                // another.
                let is_last = if self.now { next > now } else { next > last };
                if is_last {
                    break;
                }
                if period >= MOST_PERIODS {
                    let message = format!("`timewrap {}` makes more than {MOST_PERIODS} periods", self.span);
                    return Err(Diagnostic::error(Code::Arguments, message).help("a longer span gives fewer"));
                }
                (period, time) = (period + 1, next);
            }
            placed.push(Placed { row, period, time });
        }
        Ok(placed)
    }

    fn period_name(&self, period: usize, first: f64, zone: &TimeZone) -> String {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        match &self.series {
            Series::Short => format!("s{period}"),
            Series::Exact(format) => strftime(first, format, zone).unwrap_or_else(|| format!("s{period}")),
            Series::Relative if period == 0 && self.count == 1 => format!("latest_{}", self.unit),
            Series::Relative if period == 0 => format!("latest_{}{}s", self.count, self.unit),
            Series::Relative => {
                let count = period * self.count;
                format!("{count}{}{}_before", self.unit, plural(count))
            }
        }
    }
}
