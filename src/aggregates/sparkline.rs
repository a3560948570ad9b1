//! The course of another statistical function over time, for a chart the size of a word.
//!
//! ## Syntax
//! `sparkline` | `sparkline(<function>[, <span>])`
//!
//! The function is `count`, or one of `count`, `dc`, `estdc`, `avg`, `mean`, `sum`, `sumsq`, `min`, `max`, `range`,
//! `stdev`, `stdevp`, `var`, `varp`, `median`, `mode` and the percentiles of a field or of `eval(<expression>)`.
//!
//! ## Description
//! Time is cut into bins of the span, such as `30m`, and the function computed in each. Without a span it is the
//! shortest of 1s, 5s, 10s, 30s, 1m, 5m, 10m, 30m, 1h, 1d and 1mon that gives at most 100 bins. `sparkline` alone is
//! `sparkline(count)`.
//!
//! The result is a multivalue field: the text `##__SPARKLINE__##`, by which a display knows it, and a value for
//! each bin in the order of time. A bin in which there is nothing to compute has 0. The bins go from that of the
//! first row that the command sees to that of the last, in every line, so that lines can be compared. A group
//! without any value has no line, or, of counts, one of zeros. Rows without `_time` do not count.
//!
//! A sparkline has at most 100 values. Where a span gives more bins the first 100 are shown, with a warning.
//!
//! ## Examples
//!
//! Three hours, of which the second had nothing.
//!
//! ```spl
//! stats sparkline(count, 1h) AS trend, count BY host
//! ```
//! ```json in
//! {"_time": "1773658800", "host": "web"}
//! {"_time": "1773652000", "host": "db"}
//! {"_time": "1773651700", "host": "web"}
//! {"_time": "1773651600", "host": "web"}
//! ```
//! ```json out
//! {"host": "db", "trend": ["##__SPARKLINE__##", 1, 0, 0], "count": 1}
//! {"host": "web", "trend": ["##__SPARKLINE__##", 2, 0, 1], "count": 3}
//! ```
//!
//! Without a span: six seconds are few enough for bins of one.
//!
//! ```spl
//! stats sparkline(max(ms)), sparkline(perc50(ms)) AS middle, sparkline(estdc(ms)) AS kinds, sparkline
//! ```
//! ```json in
//! {"_time": "1773651605.2", "ms": "30"}
//! {"_time": "1773651600.9", "ms": "7"}
//! {"_time": "1773651600.1", "ms": "12"}
//! {"_time": "1773651603"}
//! ```
//! ```json out
//! {"sparkline(max(ms))": ["##__SPARKLINE__##", 12, 0, 0, 0, 0, 30], "middle": ["##__SPARKLINE__##", 9.5, 0, 0, 0, 0, 30], "kinds": ["##__SPARKLINE__##", 2, 0, 0, 0, 0, 1], "sparkline": ["##__SPARKLINE__##", 2, 0, 0, 1, 0, 1]}
//! ```
//!
//! Counts by the hour, as `tstats` gives them, summed up by the day.
//!
//! ```spl
//! eventstats sparkline(sum(count), 1d) AS days
//! ```
//! ```json in
//! {"_time": "1773619200", "count": 2}
//! {"_time": "1773622800", "count": 3}
//! {"_time": "1773532800", "count": 4}
//! ```
//! ```json out
//! {"_time": "1773619200", "count": 2, "days": ["##__SPARKLINE__##", 4, 5]}
//! {"_time": "1773622800", "count": 3, "days": ["##__SPARKLINE__##", 4, 5]}
//! {"_time": "1773532800", "count": 4, "days": ["##__SPARKLINE__##", 4, 5]}
//! ```
//!
//! ```spl
//! stats sparkline(values(user), 1h)
//! ```
//! ```error
//! error[E0205]: `sparkline` does not take the function `values`
//! ```
//!
//! ```spl
//! stats sparkline(count, 1 hour)
//! ```
//! ```error
//! error[E0002]: expected `)`, found `hour)`
//! ```
//!
//! ```spl
//! stats sparkline(count, often)
//! ```
//! ```error
//! error[E0306]: `often` is not a unit of time: expected s, m, h, d, w, mon, q or y or one of their longer names
//! ```
//!
//! ## Differences from Splunk
//! Splunk's bins cover the time range of the search, also where it has no rows; these go from the first bin with
//! a row to the last. What Splunk shows for a bin in which there is nothing to compute, and beyond 100 bins, its
//! documentation does not say. Sums are exact and rounded once.

use std::any::Any;
use std::sync::Arc;

use indexmap::IndexSet;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::support::{Bins, MOST_BINS, Total, has_bin, places, seconds};
use super::{Accumulator, AnyAggregate, Arrival, Order, erase, find};
use crate::batch::Column;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Warnings;
use crate::time::Span;
use crate::value::Value;

/// The first value of a sparkline.
const MARK: &str = "##__SPARKLINE__##";

/// Whether a sparkline can be of a function, in lower case.
pub fn is_of_sparkline(function: &str) -> bool {
    let is_of = |name: &str| match name.strip_suffix("<N>") {
        Some(family) => function.strip_prefix(family).is_some_and(|share| share.parse::<f64>().is_ok()),
        None => name == function,
    };
    FUNCTIONS.iter().any(|name| is_of(name)) && find(function).is_some()
}

/// The functions that a sparkline can be of (Search Reference, `stats`, "Sparkline function options"). None of
/// them cares for the order of its rows, once sums are exact: rows meet in another order than they came where
/// short bins are put together to longer ones.
///
/// The pages of `estdc`, `exactperc` and `upperperc` (Search Reference, "Aggregate functions") have sparklines too.
pub const FUNCTIONS: [&str; 22] = [
    "avg",
    "c",
    "count",
    "dc",
    "distinct_count",
    "estdc",
    "exactperc<N>",
    "max",
    "mean",
    "median",
    "min",
    "mode",
    "p<N>",
    "perc<N>",
    "range",
    "stdev",
    "stdevp",
    "sum",
    "sumsq",
    "upperperc<N>",
    "var",
    "varp",
];

/// `sparkline` alone, in UTC.
pub fn make(name: &str) -> Option<Box<dyn AnyAggregate>> {
    if name == "sparkline" { sparkline("count", None, TimeZone::UTC, Warnings::new()) } else { None }
}

/// The sparkline of a function, with bins of a span or of one that is chosen by the rows. Days and months are
/// those of the zone. None if a sparkline cannot be of this function.
pub fn sparkline(
    function: &str,
    span: Option<Span>,
    zone: TimeZone,
    warnings: Warnings,
) -> Option<Box<dyn AnyAggregate>> {
    let function = function.to_ascii_lowercase();
    if !is_of_sparkline(&function) {
        return None;
    }
    let cell = match function.as_str() {
        "sum" => erase(Total::Sum),
        "avg" | "mean" => erase(Total::Mean),
        "sumsq" => erase(Total::Squares),
        other => find(other)?,
    };
    let bins = match span {
        Some(span) => Bins::of(span, zone),
        None => Bins::automatic(zone),
    };
    Some(Box::new(Sparkline(Arc::new(Line { cell, bins, warnings }))))
}

struct Sparkline(Arc<Line>);

/// What is computed in each bin, and the bins.
struct Line {
    cell: Box<dyn AnyAggregate>,
    bins: Bins,
    warnings: Warnings,
}

impl AnyAggregate for Sparkline {
    fn start(&self) -> Box<dyn Accumulator> {
        Box::new(Lines { line: Arc::clone(&self.0), step: 0, range: None, cells: Cells::none(&self.0) })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Accumulator>> {
        let stored: Stored = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        let states = self.0.cell.load(&stored.states)?;
        let cells = Cells { keys: stored.keys.into_iter().collect(), states };
        Ok(Box::new(Lines { line: Arc::clone(&self.0), step: stored.step, range: stored.range, cells }))
    }

    fn order(&self) -> Order {
        Order::Any
    }
}

/// The lines of all groups.
struct Lines {
    line: Arc<Line>,
    /// Which step the grains in `cells` are of.
    step: usize,
    /// The times of the first and the last row.
    range: Option<(f64, f64)>,
    cells: Cells,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    step: usize,
    range: Option<(f64, f64)>,
    keys: Vec<(u32, i64)>,
    states: Vec<u8>,
}

/// The states of the function within: its groups are pairs of a group and the start of a grain or a bin.
struct Cells {
    keys: IndexSet<(u32, i64), foldhash::fast::RandomState>,
    states: Box<dyn Accumulator>,
}

impl Cells {
    fn none(line: &Line) -> Cells {
        Cells { keys: IndexSet::default(), states: line.cell.start() }
    }

    fn number(&mut self, group: u32, start: i64) -> u32 {
        self.keys.insert_full((group, start)).0 as u32
    }

    /// Takes in other cells, each in the place that `place` gives for its own.
    fn absorb(&mut self, other: Cells, place: impl Fn(u32, i64) -> (u32, i64)) {
        let mut numbers = Vec::with_capacity(other.keys.len());
        for &(group, start) in &other.keys {
            let (group, start) = place(group, start);
            numbers.push(self.number(group, start));
        }
        self.states.resize(self.keys.len());
        // No function of a sparkline asks which way rows arrive.
        self.states.merge(other.states, &numbers, Arrival::default());
    }
}

impl Lines {
    /// Makes room for a range: grains are those of the first step that is enough.
    fn reach(&mut self, range: (f64, f64)) {
        let range = self.range.map_or(range, |(from, to)| (from.min(range.0), to.max(range.1)));
        self.range = Some(range);
        let step = self.line.bins.step_for(self.step, range);
        self.coarsen(step);
    }

    fn coarsen(&mut self, step: usize) {
        if step <= self.step {
            return;
        }
        self.step = step;
        let line = Arc::clone(&self.line);
        let fine = std::mem::replace(&mut self.cells, Cells::none(&line));
        let place = |group: u32, start: i64| {
            (group, line.bins.grain(step, seconds(start)).map_or(start, |(start, _)| start))
        };
        self.cells.absorb(fine, place);
    }

    /// Group by group the line over bins that start at these times.
    fn draw(&self, cells: &Cells, starts: &[i64], groups: usize) -> Vec<Value> {
        let values = cells.states.finish(cells.keys.len());
        let nothing = self.line.cell.start().finish(1).pop().unwrap_or_default();
        let at = |group: u32, start: i64| {
            let number = cells.keys.get_index_of(&(group, start));
            number.and_then(|number| values.get(number)).unwrap_or(&nothing)
        };
        let line = |group: usize| {
            let values: Vec<&Value> = starts.iter().map(|&start| at(group as u32, start)).collect();
            if values.iter().all(|value| value.is_null()) {
                return Value::Null;
            }
            let or_zero = |value: &Value| if value.is_null() { Value::number(0.0) } else { value.clone() };
            Value::from_values(std::iter::once(Value::text(MARK)).chain(values.into_iter().map(or_zero)))
        };
        (0..groups).map(line).collect()
    }
}

impl Accumulator for Lines {
    /// Groups have cells when they have rows.
    fn resize(&mut self, _: usize) {}

    fn update(&mut self, rows: &[(u32, u32)], column: &Column, times: Option<&Column>, arrival: Arrival) {
        let Some(times) = times else { return };
        let mut timed = Vec::with_capacity(rows.len());
        for &(row, group) in rows {
            let time = times.get(row as usize).as_number().filter(|time| has_bin(*time));
            if let Some(time) = time
                && !column.get(row as usize).is_null()
            {
                timed.push((row, group, time));
            }
        }
        let times_only = || timed.iter().map(|(_, _, time)| *time);
        let Some(range) = times_only().map(|time| (time, time)).reduce(|(a, b), (c, d)| (a.min(c), b.max(d)))
        else {
            return;
        };
        self.reach(range);
        // Rows mostly come in the order of time.
        let mut last = (1, 0);
        let mut members = Vec::with_capacity(timed.len());
        for (row, group, time) in timed {
            if !(seconds(last.0)..seconds(last.1)).contains(&time) {
                let Some(grain) = self.line.bins.grain(self.step, time) else { continue };
                last = grain;
            }
            members.push((row, self.cells.number(group, last.0)));
        }
        self.cells.states.resize(self.cells.keys.len());
        self.cells.states.update(&members, column, Some(times), arrival);
    }

    fn cover(&mut self, times: (f64, f64)) {
        self.reach(times);
    }

    fn merge(&mut self, other: Box<dyn Accumulator>, groups: &[u32], _: Arrival) {
        let Ok(mut other) = other.into_any().downcast::<Lines>() else { return };
        let Some(range) = other.range else { return };
        self.reach(range);
        other.coarsen(self.step);
        let place = |group: u32, start: i64| (groups.get(group as usize).copied().unwrap_or(group), start);
        self.cells.absorb(other.cells, place);
    }

    fn split(self: Box<Self>, of: &[u32], shards: usize) -> Vec<Box<dyn Accumulator>> {
        let places = places(of, shards);
        let shard_of = |group: u32| of.get(group as usize).copied().unwrap_or(0);
        let mut keys = vec![IndexSet::default(); shards];
        for &(group, start) in &self.cells.keys {
            let place = places.get(group as usize).copied().unwrap_or(group);
            keys.get_mut(shard_of(group) as usize)
                .map(|keys: &mut IndexSet<_, _>| keys.insert((place, start)));
        }
        let of_cells: Vec<u32> = self.cells.keys.iter().map(|&(group, _)| shard_of(group)).collect();
        let lines = |(keys, states)| Lines {
            line: Arc::clone(&self.line),
            step: self.step,
            range: self.range,
            cells: Cells { keys, states },
        };
        let states = self.cells.states.split(&of_cells, shards);
        keys.into_iter().zip(states).map(|cells| Box::new(lines(cells)) as Box<dyn Accumulator>).collect()
    }

    fn finish(&self, groups: usize) -> Vec<Value> {
        let Some(range) = self.range else { return vec![Value::Null; groups] };
        let bins = &self.line.bins;
        let mut starts = bins.starts(self.step, range);
        if starts.len() > MOST_BINS {
            let span = bins.span(self.step);
            let message = format!(
                "a sparkline has more than {MOST_BINS} bins of {span}: the first {MOST_BINS} are shown"
            );
            self.line.warnings.add(Diagnostic::warning(Code::Limit, message));
            starts.truncate(MOST_BINS);
        }
        if bins.are_fixed() {
            return self.draw(&self.cells, &starts, groups);
        }
        let mut whole = Cells::none(&self.line);
        let place = |group: u32, start: i64| (group, bins.start(self.step, seconds(start)).unwrap_or(start));
        whole.absorb(self.cells.copy(), place);
        self.draw(&whole, &starts, groups)
    }

    fn save(&self) -> Result<Vec<u8>> {
        let keys = self.cells.keys.iter().copied().collect();
        let stored = Stored { step: self.step, range: self.range, keys, states: self.cells.states.save()? };
        postcard::to_stdvec(&stored)
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }

    fn copy(&self) -> Box<dyn Accumulator> {
        let line = Arc::clone(&self.line);
        Box::new(Lines { line, step: self.step, range: self.range, cells: self.cells.copy() })
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Cells {
    fn copy(&self) -> Cells {
        Cells { keys: self.keys.clone(), states: self.states.copy() }
    }
}
