//! Puts the values of a field into bins: spans of time, or of numbers.
//!
//! ## Syntax
//! `bin [span=<width>] [bins=<n>] [minspan=<width>] [start=<number>] [end=<number>] [aligntime=<time>] <field>
//! [AS <name>]`
//!
//! A width is a number (`10`, `0.5`), a span of time (`5m`, `1h`, `1d`, `1w@w1`, `1mon`), or, of powers of a base,
//! `[<coefficient>]log[<base>]`, such as `2log10`. `bucket` and `discretize` are other names for the command.
//!
//! ## Description
//! `_time`, and any field that is given a span of time, becomes the start of the bin, in seconds since the epoch.
//! Any other number becomes text, `from-to`; the first belongs to the bin and the second to the next. Bounds are
//! written with the decimals of the width. What is no number stays as it is.
//!
//! Bins of hours or less are counted from the epoch, or from `aligntime`: a time as in `earliest=`, or `earliest`
//! or `latest`, the bounds of the search's time range. Bins of days or more begin at midnight of the zone, and
//! `aligntime` does not move them. A plain number of `_time` is seconds.
//!
//! Without `span` the values decide. For `_time` the width is the shortest of 1s, 5s, 10s, 30s, 1m, 5m, 10m, 30m,
//! 1h, 1d and 1mon that gives at most `bins` bins (100 if it is not said) and is at least `minspan`. For numbers it
//! is the largest power of ten that is not more than the range of the values; if that is less than `minspan`, the
//! next power of ten that is not; and with `bins` the smallest that gives at most so many. `start` and `end` make
//! the range longer, never shorter. Of several of these options `minspan` counts before `bins`, and `bins` before
//! `start` and `end`. With `span` none of them counts.
//!
//! ## Examples
//!
//! ```spl
//! bin _time span=5m
//! ```
//! ```json in
//! {"_time": "1773651899.75", "user": "ada"}
//! {"_time": "1773651900", "user": "bob"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"_time": 1773651600, "user": "ada"}
//! {"_time": 1773651900, "user": "bob"}
//! {"user": "eve"}
//! ```
//!
//! Numbers become a span of numbers.
//!
//! ```spl
//! bin span=0.5 ms AS range
//! ```
//! ```json in
//! {"ms": "1"}
//! {"ms": "-0.2"}
//! {"ms": "slow"}
//! ```
//! ```json out
//! {"ms": "1", "range": "1.0-1.5"}
//! {"ms": "-0.2", "range": "-0.5-0.0"}
//! {"ms": "slow", "range": "slow"}
//! ```
//!
//! Without a width it is a power of ten that fits the range, here from 1 to 4; with `bins=2`, one that gives no more.
//!
//! ```spl
//! bin n | bin m bins=2 AS m
//! ```
//! ```json in
//! {"n": "4", "m": "4"}
//! {"n": "1", "m": "1"}
//! ```
//! ```json out
//! {"n": "4-5", "m": "0-10"}
//! {"n": "1-2", "m": "0-10"}
//! ```
//!
//! Powers of ten, times two.
//!
//! ```spl
//! bucket span=2log10 bytes
//! ```
//! ```json in
//! {"bytes": "1999"}
//! {"bytes": "2000"}
//! {"bytes": "0.5"}
//! ```
//! ```json out
//! {"bytes": "200-2000"}
//! {"bytes": "2000-20000"}
//! {"bytes": "0.2-2"}
//! ```
//!
//! Half days from three o'clock, and weeks from Monday: 2026-03-16 is one.
//!
//! ```spl
//! bin span=12h aligntime=@d+3h _time AS half | bin span=1w@w1 _time AS week
//! ```
//! ```json in
//! {"_time": "1773624600"}
//! ```
//! ```json out
//! {"_time": "1773624600", "half": 1773586800, "week": 1773619200}
//! ```
//!
//! ```spl
//! bin span=often _time
//! ```
//! ```error
//! error[E0204]: `span` needs a width, such as 10, 5m or 2log10 and got `often`
//! ```
//!
//! ```spl
//! bin span=log10 _time
//! ```
//! ```error
//! error[E0204]: `span=1log10` is no span of time
//! ```
//!
//! ## Differences from Splunk
//! Which width Splunk chooses for numbers is not documented; the rule here agrees with what was measured. Nor is it
//! documented what becomes of numbers that are not above 0 where bins are powers: they stay as they are.

mod cutter;
mod options;

pub(super) use cutter::{Automatic, Cut, Cutter};
pub(super) use options::{BinOptions, Width};

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext, Streaming};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::Text;

/// `bin`
#[derive(Clone, Debug)]
pub struct Bin {
    options: BinOptions,
    field: Text,
    alias: Option<Text>,
}

/// Reads the arguments of `bin`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut options, mut field, mut alias) = (BinOptions::default(), None, None);
    while !args.at_end() {
        match args.option(&BinOptions::NAMES)? {
            Some((name, value)) => options.take(name, &value)?,
            None if field.is_none() => field = Some(args.word("a field")?.text),
            None if alias.is_none() && args.sees(&["as"]) => alias = args.alias()?.map(|word| word.text),
            None => args.end()?,
        }
    }
    let field = field.ok_or_else(|| args.error(format!("`{}` needs a field", args.command())))?;
    Ok(Box::new(Bin { options, field, alias }))
}

impl fmt::Display for Bin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bin{} ", self.options)?;
        write_name(f, &self.field)?;
        if let Some(alias) = &self.alias {
            f.write_str(" AS ")?;
            write_name(f, alias)?;
        }
        Ok(())
    }
}

impl Bin {
    fn target(&self) -> &Text {
        self.alias.as_ref().unwrap_or(&self.field)
    }
}

impl Command for Bin {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut needed = after.clone();
        needed.remove(self.target());
        needed.add(self.field.clone());
        needed
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let target = self.target().clone();
        let cut = Cut::new(&self.options, &self.field, planner);
        match cut.map_err(|problem| planner.place(problem))? {
            Cut::Known(cutter) => {
                planner.streaming(Cutting { cutter: Some(cutter), field: self.field.clone(), target });
            }
            Cut::Unknown(automatic) => {
                planner.dataset(CuttingAll { automatic, field: self.field.clone(), target })
            }
        }
        Ok(())
    }
}

/// Cuts a field into bins that are known.
pub(super) struct Cutting {
    /// The bins; without any, values stay as they are.
    pub cutter: Option<Cutter>,
    /// The field.
    pub field: Text,
    /// The field that gets the bins.
    pub target: Text,
}

impl Streaming for Cutting {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        if let Some(column) = batch.column(&self.field) {
            let bins = match &self.cutter {
                Some(cutter) => column.map(|value| cutter.cut(value)),
                None => column.clone(),
            };
            batch.set(self.target.clone(), bins);
        }
        Ok(batch)
    }
}

/// Cuts a field into bins that its values decide.
pub(super) struct CuttingAll {
    /// How bins are found.
    pub automatic: Automatic,
    /// The field.
    pub field: Text,
    /// The field that gets the bins.
    pub target: Text,
}

impl Dataset for CuttingAll {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let columns = batches.iter().filter_map(|batch| batch.column(&self.field));
        let cutter = self.automatic.decide(columns);
        let stage = Cutting { cutter, field: self.field.clone(), target: self.target.clone() };
        batches.into_iter().map(|batch| stage.map(batch, context)).collect()
    }
}
