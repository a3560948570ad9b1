//! How many events are going on when an event begins.
//!
//! ## Syntax
//! `concurrency duration=<field> [start=<field>] [output=<field>]`
//!
//! ## Description
//! Each event lasts from its start, by default `_time`, for as many seconds as `duration` says. It gets, as
//! `concurrency` or under the name of `output`, the number of events that have begun by its start and are not over
//! before it, itself among them. Rows without a number in one of the two fields are no events and stay as they are.
//!
//! ## Examples
//!
//! ```spl
//! concurrency duration=seconds
//! ```
//! ```json in
//! {"_time": "100", "seconds": "20"}
//! {"_time": "110", "seconds": "5"}
//! {"_time": "120", "seconds": "0"}
//! {"_time": "121"}
//! {"_time": "130", "seconds": "1"}
//! ```
//! ```json out
//! {"_time": "100", "seconds": "20", "concurrency": 1}
//! {"_time": "110", "seconds": "5", "concurrency": 2}
//! {"_time": "120", "seconds": "0", "concurrency": 2}
//! {"_time": "121"}
//! {"_time": "130", "seconds": "1", "concurrency": 1}
//! ```
//!
//! ```spl
//! concurrency start=from duration=lasts output=n
//! ```
//! ```json in
//! {"from": "2", "lasts": "1"}
//! {"from": "2", "lasts": "9"}
//! ```
//! ```json out
//! {"from": "2", "lasts": "1", "n": 2}
//! {"from": "2", "lasts": "9", "n": 2}
//! ```
//!
//! ```spl
//! concurrency start=_time
//! ```
//! ```error
//! error[E0205]: `concurrency` needs `duration=`
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `concurrency`
#[derive(Clone, Debug)]
pub struct Concurrency {
    duration: Text,
    start: Text,
    output: Text,
}

/// Reads the arguments of `concurrency`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut duration, mut start, mut output) = (None, Text::from("_time"), Text::from("concurrency"));
    while let Some((name, value)) = args.option(&["duration", "start", "output"])? {
        match name {
            "duration" => duration = Some(value.text),
            "start" => start = value.text,
            _ => output = value.text,
        }
    }
    let duration = duration.ok_or_else(|| args.error("`concurrency` needs `duration=`"))?;
    Ok(Box::new(Concurrency { duration, start, output }))
}

impl fmt::Display for Concurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("concurrency duration=")?;
        write_name(f, &self.duration)?;
        f.write_str(" start=")?;
        write_name(f, &self.start)?;
        f.write_str(" output=")?;
        write_name(f, &self.output)
    }
}

impl Command for Concurrency {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of([self.duration.clone(), self.start.clone()]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Concurrency {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let mut all = Batch::concat(&batches);
        let event = |row: usize| {
            let start = all.get(&self.start, row).as_number()?;
            Some((start, start + all.get(&self.duration, row).as_number()?))
        };
        let events: Vec<Option<(f64, f64)>> = (0..all.rows()).map(event).collect();
        let mut starts: Vec<f64> = events.iter().flatten().map(|(start, _)| *start).collect();
        // An event of negative length goes on at its start alone.
        let mut ends: Vec<f64> = events.iter().flatten().map(|(start, end)| end.max(*start)).collect();
        starts.sort_by(f64::total_cmp);
        ends.sort_by(f64::total_cmp);
        let going_on = |at: f64| {
            let begun = starts.partition_point(|start| *start <= at);
            let over = ends.partition_point(|end| *end < at);
            Value::number((begun - over) as f64)
        };
        let old = |row: usize| all.get(&self.output, row).into_owned();
        let cell = |(row, event): (usize, &Option<(f64, f64)>)| match event {
            Some((start, _)) => going_on(*start),
            None => old(row),
        };
        let cells = events.iter().enumerate().map(cell).collect();
        all.set(self.output.clone(), Column::from_values(cells));
        Ok(vec![all])
    }
}
