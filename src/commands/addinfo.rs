//! Adds what is known about the search to each row.
//!
//! ## Syntax
//! `addinfo`
//!
//! ## Description
//! | field | is |
//! |---|---|
//! | `info_min_time` | the earliest time of the search, epoch seconds; `0.000` without one |
//! | `info_max_time` | its latest time; `+Infinity` without one |
//! | `info_search_time` | when it began |
//! | `info_sid` | its name: when it began, and `.1` |
//!
//! Times that the search states win over those of the run.
//!
//! ## Examples
//!
//! ```spl
//! addinfo
//! ```
//! ```json in
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "ada", "info_min_time": 0.000, "info_max_time": "+Infinity", "info_sid": "1773662400.1", "info_search_time": 1773662400.000}
//! ```
//!
//! ```spl
//! | search earliest=-1d@d latest=@d | head 1 | addinfo | table info_min_time, info_max_time
//! ```
//! ```json out
//! {"info_min_time": 1773532800.000, "info_max_time": 1773619200.000}
//! ```
//!
//! ```spl
//! addinfo all
//! ```
//! ```error
//! error[E0205]: `addinfo` does not take `all` here
//! ```
//!
//! ## Differences from Splunk
//! There is no search job, so its name is made of the time alone.

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::Args;
use crate::plan::Planner;
use crate::value::{Number, Value};

/// `addinfo`
#[derive(Clone, Debug)]
pub struct AddInfo;

const FIELDS: [&str; 4] = ["info_min_time", "info_max_time", "info_sid", "info_search_time"];

/// Reads the arguments of `addinfo`: none.
pub fn parse(_: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(AddInfo))
}

impl fmt::Display for AddInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("addinfo")
    }
}

impl Command for AddInfo {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut before = after.clone();
        FIELDS.iter().for_each(|field| before.remove(field));
        before
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (range, now) = (planner.range(), planner.settings.now);
        let seconds = |time: f64| Value::Number(Number::fixed(time, 3));
        planner.streaming(Info([
            seconds(range.earliest.unwrap_or(0.0)),
            range.latest.map_or_else(|| "+Infinity".into(), seconds),
            Value::text(format!("{now}.1")),
            seconds(now),
        ]));
        Ok(())
    }
}

/// The values, in the order of the fields.
struct Info([Value; 4]);

impl Streaming for Info {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        for (field, value) in FIELDS.into_iter().zip(&self.0) {
            batch.set(field.into(), Column::constant(value.clone(), batch.rows()));
        }
        Ok(batch)
    }
}
