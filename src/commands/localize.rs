//! Finds the ranges of time that events lie in.
//!
//! ## Syntax
//! `localize [maxpause=<span>] [timeafter=<span>] [timebefore=<span>]`
//!
//! ## Description
//! Events belong to one range while there is no pause between them longer than `maxpause`, by default 60s. There is a
//! row for each range, the latest first: `starttime`, its first event less `timebefore`, and `endtime`, its last event
//! and `timeafter`, in seconds since 1970; both spans are 30s unless something is said. The ranges are meant for `map`.
//!
//! ## Examples
//!
//! ```spl
//! localize
//! ```
//! ```json in
//! {"_time": "1000"}
//! {"_time": "310"}
//! {"_time": "250"}
//! {"_time": "200"}
//! ```
//! ```json out
//! {"starttime": 970, "endtime": 1030}
//! {"starttime": 170, "endtime": 340}
//! ```
//!
//! ```spl
//! localize maxpause=5m timebefore=0s timeafter=1h
//! ```
//! ```json in
//! {"_time": "700"}
//! {"_time": "400"}
//! {"n": 1}
//! ```
//! ```json out
//! {"starttime": 400, "endtime": 4300}
//! ```
//!
//! ```spl
//! localize maxpause=long
//! ```
//! ```error
//! error[E0204]: `maxpause` needs a span of time, such as 5m and got `long`
//! ```
//!
//! ## Differences from Splunk
//! Which other fields Splunk's rows have is not documented.

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, Word};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// Splunk's spans where nothing is said (Search Reference, `localize`).
const DEFAULTS: [(&str, &str); 3] = [("maxpause", "60s"), ("timeafter", "30s"), ("timebefore", "30s")];

/// `localize`: the spans as they are written, and in seconds.
#[derive(Clone, Debug)]
pub struct Localize {
    pause: (Text, f64),
    after: (Text, f64),
    before: (Text, f64),
}

/// Reads the arguments of `localize`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = Localize {
        pause: (Text::from("60s"), 60.0),
        after: (Text::from("30s"), 30.0),
        before: (Text::from("30s"), 30.0),
    };
    while let Some((name, value)) = args.option(&DEFAULTS.map(|(name, _)| name))? {
        let span = (value.text.clone(), seconds(name, &value)?);
        match name {
            "maxpause" => parsed.pause = span,
            "timeafter" => parsed.after = span,
            _ => parsed.before = span,
        }
    }
    Ok(Box::new(parsed))
}

fn seconds(name: &str, value: &Word) -> Result<f64> {
    // A span of nothing is none, and is no pause.
    let digits = value.text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    if digits.parse() == Ok(0) {
        return Ok(0.0);
    }
    let span: crate::time::Span = value.text.parse().map_err(|error: crate::time::TimeSpecError| {
        value.wrong(name, "a span of time, such as 5m").help(error.to_string())
    })?;
    Ok(span.nominal_seconds())
}

impl fmt::Display for Localize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pause, after, before) = (&self.pause.0, &self.after.0, &self.before.0);
        write!(f, "localize maxpause={pause} timeafter={after} timebefore={before}")
    }
}

impl Command for Localize {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of(["_time"])
    }

    fn order_matters(&self, _: bool) -> bool {
        false
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Localize {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let columns = batches.iter().filter_map(|batch| batch.column("_time"));
        let mut times: Vec<f64> = columns
            .flat_map(|column| column.iter().filter_map(|time| time.as_number()).collect::<Vec<_>>())
            .collect();
        times.sort_by(|a, b| b.total_cmp(a));
        let mut ranges: Vec<(f64, f64)> = Vec::new();
        for time in times {
            match ranges.last_mut() {
                Some((start, _)) if *start - time <= self.pause.1 => *start = time,
                _ => ranges.push((time, time)),
            }
        }
        let mut out = Batch::with_rows(ranges.len());
        out.ordered = true;
        let column = |of: &dyn Fn(&(f64, f64)) -> f64| {
            Column::from_values(ranges.iter().map(|range| Value::number(of(range))).collect())
        };
        out.set("starttime".into(), column(&|range| range.0 - self.before.1));
        out.set("endtime".into(), column(&|range| range.1 + self.after.1));
        Ok(vec![out])
    }
}
