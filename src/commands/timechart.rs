//! Statistics over time, in columns.
//!
//! ## Syntax
//! `timechart [span=<span>] [bins=<n>] [minspan=<span>] [aligntime=<time>] [partial=<bool>] [cont=<bool>]
//! [fixedrange=<bool>] [<options>] <aggregation>... [BY <field> [<bins>] [<series>]]`
//!
//! Aggregations, options, bins and series are those of `chart`; an aggregation may also be `per_second(<field>)`,
//! `per_minute(<field>)`, `per_hour(<field>)` or `per_day(<field>)`. A `span` of time is that of the time bins,
//! wherever it stands; other options of bins after BY are of the field before them.
//!
//! ## Description
//! `chart` over `_time`: a row for each bin of time, the oldest first, and a column for each aggregation, or with BY
//! for each value of a field. Rows of the input without `_time` are left out.
//!
//! Bins have the width `span`. Without it the width is the shortest of 1s, 5s, 10s, 30s, 1m, 5m, 10m, 30m, 1h, 1d
//! and 1mon that is at least `minspan` and cuts the search's time range into at most `bins` bins, 100 if nothing
//! is said; where the search's time range has no beginning or no end, that of the rows. `bin` says where bins
//! begin.
//!
//! Bins go from the beginning of the search's time range to its end, and where it has none, from that of the first
//! row or to that of the last; with `fixedrange=false` always that. Bins without rows are shown, with `cont=false`
//! not. With `partial=false` the first and the last bin are left out if they reach beyond the time range. Without
//! any row in the input there is nothing to show.
//!
//! `per_hour(x)` is the sum of x in a bin, divided by the length of the bin in hours; so are the other three.
//!
//! ## Examples
//!
//! ```spl
//! timechart span=1h count, max(ms) AS worst
//! ```
//! ```json in
//! {"_time": "1773658800", "ms": "4"}
//! {"_time": "1773652000"}
//! {"_time": "1773651600", "ms": "7"}
//! {"ms": "9"}
//! ```
//! ```json out
//! {"_time": 1773651600, "count": 2, "worst": 7}
//! {"_time": 1773655200, "count": 0}
//! {"_time": 1773658800, "count": 1, "worst": 4}
//! ```
//!
//! By a field, with a bin that is empty, and per hour in bins of half an hour.
//!
//! ```spl
//! timechart per_hour(bytes) BY host span=30m
//! ```
//! ```json in
//! {"_time": "1773658800", "host": "web", "bytes": "10"}
//! {"_time": "1773658801", "host": "db", "bytes": "1"}
//! {"_time": "1773655200", "host": "web", "bytes": "2"}
//! {"_time": "1773655230", "bytes": "3"}
//! ```
//! ```json out
//! {"_time": 1773655200, "web": 4, "NULL": 6}
//! {"_time": 1773657000}
//! {"_time": 1773658800, "db": 2, "web": 20}
//! ```
//!
//! Without a span: bins of 1 second would be 102, which is too many, so they are of 5.
//!
//! ```spl
//! timechart cont=f count
//! ```
//! ```json in
//! {"_time": "1773658807"}
//! {"_time": "1773658908"}
//! ```
//! ```json out
//! {"_time": 1773658805, "count": 1}
//! {"_time": 1773658905, "count": 1}
//! ```
//!
//! The two series with most rows; two aggregations of each.
//!
//! ```spl
//! timechart span=1d limit=2 useother=f sep=" " count sum(n) BY user
//! ```
//! ```json in
//! {"_time": "1773658800", "user": "ada", "n": "1"}
//! {"_time": "1773658801", "user": "bob", "n": "1"}
//! {"_time": "1773658802", "user": "eve", "n": "100"}
//! {"_time": "1773658803", "user": "bob", "n": "2"}
//! ```
//! ```json out
//! {"_time": 1773619200, "count ada": 1, "count bob": 2, "sum(n) ada": 1, "sum(n) bob": 3}
//! ```
//!
//! ```spl
//! timechart span=1h
//! ```
//! ```error
//! error[E0205]: `timechart` needs at least one aggregation
//! ```
//!
//! ```spl
//! timechart span=10s count
//! ```
//! ```json in
//! {"_time": "0"}
//! {"_time": "1773658803"}
//! ```
//! ```error
//! error[E0205]: the chart has more than 50000 bins
//! ```
//!
//! ## Differences from Splunk
//! Those of `chart`. Splunk also adds hidden fields, `_span` and `_spandays`, that its displays use.

use std::fmt;

use super::Command;
use super::chart::clause::Clause;
use super::chart::pivot;
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::parse::args::Args;
use crate::plan::Planner;

/// `timechart`
#[derive(Clone, Debug)]
pub struct Timechart {
    clause: Clause,
}

/// Reads the arguments of `timechart`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(Timechart { clause: Clause::parse(args, true)? }))
}

impl fmt::Display for Timechart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timechart{}", self.clause)
    }
}

impl Command for Timechart {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        self.clause.fields_read()
    }

    fn order_matters(&self, _: bool) -> bool {
        self.clause.needs_order()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        pivot::plan(&self.clause, planner)
    }
}
