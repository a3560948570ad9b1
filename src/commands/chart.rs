//! Statistics in rows and columns.
//!
//! ## Syntax
//! `chart [<options>] <aggregation>... [OVER <row field> [<bins>]] [BY <column field> [<bins>] [<series>]]`
//!
//! `chart [<options>] <aggregation>... [BY <row field> [<bins>] [<column field> [<bins>] [<series>]]]`
//!
//! An aggregation is one of `stats`, or `eval(<expression>)` over aggregations, with `AS <name>` for a name of its
//! own; `agg=<aggregation>` is another way to write it.
//!
//! Bins are the options of `bin`: `span`, `bins`, `minspan`, `start`, `end`, `aligntime`. They are of the field
//! before them, or of the row field if they stand before all fields.
//!
//! Series are `limit=<n>|top<n>|bottom<n>`, `useother=<bool>`, `otherstr=<text>`, `usenull=<bool>`,
//! `nullstr=<text>` and `WHERE <function> in|notin top<n>|bottom<n>` or `WHERE <function> <|> <number>`.
//!
//! Options are `sep=<text>`, `format=<text>`, `cont=<bool>`, `dedup_splitvals=<bool>`; they and those of series may
//! stand anywhere.
//!
//! ## Description
//! One row for each value of the row field, sorted, and a column for each aggregation. With a column field there is
//! a column for each of its values, and, of several aggregations, one for each aggregation and value, named
//! `aggregation: value`; `sep` is what stands between the two, and `format` says it in full, with `$AGG$` and
//! `$VAL$`. Rows of the input without the row field are left out. Where there is nothing to compute there is no
//! value; `count` and `dc` give 0.
//!
//! Columns are sorted by the value. Rows of the input without the column field are a column of their own, `NULL`,
//! after the others; `nullstr` is another name for it, and `usenull=false` leaves it out.
//!
//! Not more than 10 values have a column, or so many as `limit` says; 0 is all. They are those with the greatest
//! sum over their column, or with `bottom` the least; with several aggregations those that most rows of the input
//! have. Of equal ones the first by name are taken. A WHERE clause chooses otherwise: its function is computed of
//! the values in a column, and those are shown whose result is among the greatest or least, or is not, or is less
//! or greater than a number. All that is not chosen is one column, `OTHER`, the last, computed from all its rows;
//! `otherstr` is another name for it, and `useother=false` leaves it out. `NULL` is not chosen among.
//!
//! Where the row field is cut into bins, those between the first and the last that have no rows are shown too;
//! `cont=false` leaves them out.
//!
//! ## Examples
//!
//! ```spl
//! chart count OVER host BY action
//! ```
//! ```json in
//! {"host": "web", "action": "read"}
//! {"host": "db", "action": "write"}
//! {"host": "web", "action": "read"}
//! {"host": "web"}
//! {"action": "read"}
//! ```
//! ```json out
//! {"host": "db", "read": 0, "write": 1, "NULL": 0}
//! {"host": "web", "read": 2, "write": 0, "NULL": 1}
//! ```
//!
//! An expression over aggregations, and one series of many.
//!
//! ```spl
//! chart eval(sum(bytes) / count) AS mean BY host user limit=1
//! ```
//! ```json in
//! {"host": "web", "user": "ada", "bytes": "8"}
//! {"host": "web", "user": "bob", "bytes": "1"}
//! {"host": "web", "user": "eve", "bytes": "2"}
//! {"host": "db", "user": "ada", "bytes": "2"}
//! {"host": "db", "user": "ada", "bytes": "4"}
//! ```
//! ```json out
//! {"host": "db", "ada": 3}
//! {"host": "web", "ada": 8, "OTHER": 1.5}
//! ```
//!
//! Two aggregations, and rows in bins; the one from 10 to 20 is empty.
//!
//! ```spl
//! chart count max(ms) AS worst OVER ms span=10 BY host format="$VAL$ $AGG$"
//! ```
//! ```json in
//! {"ms": "25", "host": "web"}
//! {"ms": "3", "host": "web"}
//! {"ms": "9", "host": "db"}
//! ```
//! ```json out
//! {"ms": "0-10", "db count": 1, "web count": 1, "db worst": 9, "web worst": 3}
//! {"ms": "10-20", "db count": 0, "web count": 0}
//! {"ms": "20-30", "db count": 0, "web count": 1, "web worst": 25}
//! ```
//!
//! Series that have a value above 5.
//!
//! ```spl
//! chart useother=f max(n) BY day user WHERE max > 5
//! ```
//! ```json in
//! {"day": "1", "user": "ada", "n": "9"}
//! {"day": "1", "user": "bob", "n": "5"}
//! {"day": "2", "user": "ada", "n": "1"}
//! ```
//! ```json out
//! {"day": "1", "ada": 9}
//! {"day": "2", "ada": 1}
//! ```
//!
//! Of series a WHERE with `count` looks at how many events they have. Bins that are powers are not filled up, and what
//! lies in none of them comes first. Where a value begins with `_`, its column is called `VALUE_...`: it would be hidden.
//!
//! ```spl
//! chart limit=0 count BY duration span=log2 index WHERE count > 1
//! ```
//! ```json in
//! {"duration": "9", "index": "_audit"}
//! {"duration": "0", "index": "_audit"}
//! {"duration": "1", "index": "main"}
//! ```
//! ```json out
//! {"duration": "0", "VALUE_audit": 1, "OTHER": 0}
//! {"duration": "1-2", "VALUE_audit": 0, "OTHER": 1}
//! {"duration": "8-16", "VALUE_audit": 1, "OTHER": 0}
//! ```
//!
//! ```spl
//! chart count BY host, user, action
//! ```
//! ```error
//! error[E0205]: `chart` does not take one more field, `action`
//! ```
//!
//! ```spl
//! chart eval(avg(bytes) / limit) BY host
//! ```
//! ```error
//! error[E0205]: the field `limit` stands outside of a statistical function
//! ```
//!
//! ## Differences from Splunk
//! Splunk's documentation says that numbers are cut into bins by default; it is not seen to do so, and here they
//! are cut where an option says so. How Splunk computes `OTHER` of an average is not documented; here it is the
//! average of all rows that it stands for. `first`, `last` and `list` of `OTHER` take the series one after the
//! other.

pub(super) mod clause;
pub(super) mod pivot;
mod rows;
mod series;
mod terms;

use std::fmt;

use super::Command;
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::parse::args::Args;
use crate::plan::Planner;
use clause::Clause;

/// `chart`
#[derive(Clone, Debug)]
pub struct Chart {
    clause: Clause,
}

/// Reads the arguments of `chart`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(Chart { clause: Clause::parse(args, false)? }))
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "chart{}", self.clause)
    }
}

impl Command for Chart {
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
