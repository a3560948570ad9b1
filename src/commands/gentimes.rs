//! Makes rows of spans of time.
//!
//! ## Syntax
//! `gentimes start=<time> [end=<time>] [increment=<n><unit>]`
//!
//! ## Description
//! A row for each span from `start` to before `end`, which is the last midnight unless said otherwise. A span begins every
//! `increment`, a number and `s`, `m`, `h` or `d`, one day unless said otherwise, and ends a second before the next. A time is
//! `m/d/y`, `m/d/y:H:M:S`, or a number of days from today's midnight, such as -7. `starttime` and `endtime` are epoch seconds,
//! `starthuman` and `endhuman` the same to read.
//!
//! ## Examples
//!
//! ```spl
//! | gentimes start=10/1/07 end=10/3/07
//! ```
//! ```json out
//! {"endhuman": "Mon Oct 1 23:59:59 2007", "endtime": 1191283199, "starthuman": "Mon Oct 1 00:00:00 2007", "starttime": 1191196800}
//! {"endhuman": "Tue Oct 2 23:59:59 2007", "endtime": 1191369599, "starthuman": "Tue Oct 2 00:00:00 2007", "starttime": 1191283200}
//! ```
//!
//! ```spl
//! | gentimes start=-1 increment=12h | fields starttime, starthuman
//! ```
//! ```json out
//! {"starttime": 1773532800, "starthuman": "Sun Mar 15 00:00:00 2026"}
//! {"starttime": 1773576000, "starthuman": "Sun Mar 15 12:00:00 2026"}
//! ```
//!
//! ```spl
//! | gentimes start=10/1/2007:12:30:00 end=10/1/2007:12:31:00 increment=30s | fields starthuman, endhuman
//! ```
//! ```json out
//! {"starthuman": "Mon Oct 1 12:30:00 2007", "endhuman": "Mon Oct 1 12:30:29 2007"}
//! {"starthuman": "Mon Oct 1 12:30:30 2007", "endhuman": "Mon Oct 1 12:30:59 2007"}
//! ```
//!
//! ```spl
//! | gentimes start=yesterday
//! ```
//! ```error
//! error[E0204]: `start` needs a date such as 10/1/2026 or a number of days and got `yesterday`
//! ```
//!
//! ```spl
//! | gentimes end=10/1/07
//! ```
//! ```error
//! error[E0205]: `gentimes` needs `start`
//! ```

use std::fmt;

use super::{Command, Position};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Generating, RunContext};
use crate::parse::args::{Args, Word};
use crate::plan::Planner;
use crate::time::{Span, TimeZone, strftime, strptime};
use crate::value::{Text, Value};

/// `gentimes`
#[derive(Clone, Debug)]
pub struct GenTimes {
    start: Point,
    /// None for the last midnight.
    end: Option<Point>,
    increment: Text,
    span: Span,
}

/// A time as it is written.
#[derive(Clone, Debug)]
enum Point {
    Date(Text),
    /// Days from today's midnight.
    Days(i32),
}

/// The rows are made at once, and have to fit into memory.
const MOST_ROWS: usize = 1_000_000;

/// Reads the arguments of `gentimes`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut start, mut end, mut increment) = (None, None, Text::from("1d"));
    let mut span = None;
    loop {
        args.cursor.separators();
        match args.option(&["start", "end", "increment"])? {
            Some(("start", value)) => start = Some(point("start", &value)?),
            Some(("end", value)) => end = Some(point("end", &value)?),
            Some((_, value)) => {
                let known = value.text.ends_with(['s', 'm', 'h', 'd']);
                let read = value.text.parse().ok().filter(|_| known);
                let wanted = "a number and `s`, `m`, `h` or `d`";
                span = Some(read.ok_or_else(|| value.wrong("increment", wanted))?);
                increment = value.text;
            }
            None => break,
        }
    }
    let Some(start) = start else { return Err(args.error("`gentimes` needs `start`")) };
    let day = || "1d".parse().map_err(|_| args.error("`increment` cannot be read"));
    let span = span.map_or_else(day, Ok)?;
    Ok(Box::new(GenTimes { start, end, increment, span }))
}

fn point(option: &str, word: &Word) -> Result<Point> {
    if let Ok(days) = word.text.parse() {
        return Ok(Point::Days(days));
    }
    let point = Point::Date(word.text.clone());
    match point.epoch(0.0, &TimeZone::UTC) {
        Some(_) => Ok(point),
        None => Err(word.wrong(option, "a date such as 10/1/2026 or a number of days")),
    }
}

impl Point {
    fn epoch(&self, now: f64, zone: &TimeZone) -> Option<f64> {
        match self {
            Point::Days(days) => {
                let day: Span = "1d".parse().ok()?;
                let midnight = day.floor(now, zone)?;
                let (steps, forward) = (days.unsigned_abs(), *days >= 0);
                let step =
                    |time: f64| if forward { day.add(time, zone) } else { day.floor(time - 1.0, zone) };
                (0..steps).try_fold(midnight, |time, _| step(time))
            }
            Point::Date(text) => {
                let (date, time) = text.split_once(':').unwrap_or((text, "0:0:0"));
                let year = date.rsplit('/').next()?;
                let format = if year.len() <= 2 { "%m/%d/%y:%H:%M:%S" } else { "%m/%d/%Y:%H:%M:%S" };
                strptime(&format!("{date}:{time}"), format, zone, now)
            }
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Point::Date(text) => f.write_str(text),
            Point::Days(days) => write!(f, "{days}"),
        }
    }
}

impl fmt::Display for GenTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gentimes start={}", self.start)?;
        if let Some(end) = &self.end {
            write!(f, " end={end}")?;
        }
        write!(f, " increment={}", self.increment)
    }
}

impl Command for GenTimes {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.generating(self.clone());
        Ok(())
    }
}

impl Generating for GenTimes {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        let (now, zone) = (context.eval.now, &context.eval.zone);
        let outside =
            || Diagnostic::error(Code::Time, "`gentimes` reaches beyond the years that can be told");
        let mut time = self.start.epoch(now, zone).ok_or_else(outside)?;
        let today = Point::Days(0);
        let end = self.end.as_ref().unwrap_or(&today).epoch(now, zone).ok_or_else(outside)?;
        let mut rows: Vec<(f64, f64)> = Vec::new();
        while time < end {
            if rows.len() >= MOST_ROWS {
                let message = format!("`gentimes` makes more than {MOST_ROWS} rows");
                return Err(Diagnostic::error(Code::Arguments, message));
            }
            let next = self.span.add(time, zone).ok_or_else(outside)?;
            rows.push((time, next - 1.0));
            time = next;
        }
        // Days are not padded (Search Reference, `gentimes`).
        let text = |time: f64| strftime(time, "%a %b %e %H:%M:%S %Y", zone);
        let human = |time: f64| text(time).map_or(Value::Null, |text| Value::text(text.replace("  ", " ")));
        let column = |value: &dyn Fn(f64, f64) -> Value| {
            Column::from_values(rows.iter().map(|&(start, end)| value(start, end)).collect())
        };
        let mut batch = Batch::with_rows(rows.len());
        batch.set("endhuman".into(), column(&|_, end| human(end)));
        batch.set("endtime".into(), column(&|_, end| Value::number(end)));
        batch.set("starthuman".into(), column(&|start, _| human(start)));
        batch.set("starttime".into(), column(&|start, _| Value::number(start)));
        batch.ordered = true;
        Ok(vec![batch])
    }
}
