//! The most frequent values of fields, with how often they occur.
//!
//! ## Syntax
//! `top [<n>] [limit=<n>] [countfield=<name>] [percentfield=<name>] [showcount=<bool>] [showperc=<bool>]
//! [useother=<bool>] [otherstr=<text>] <field>[, <field>...] [BY <field>...]`
//!
//! ## Description
//! A row for each of the 10, or so many, most frequent combinations of values of the fields; 0 for all. Rows
//! without one of the fields do not count; a row with a multivalue field counts for each value. `count` is how many
//! rows have the combination, and `percent` what part that is of the rows that have all fields. With BY that is
//! done for each combination of the values of the BY fields. `useother=true` adds a row for the rest, in which each
//! field has the value `OTHER`, or that of `otherstr`.
//!
//! ## Examples
//!
//! ```spl
//! top limit=2 useother=t user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! {"user": "ada"}
//! {"host": "web"}
//! {"user": "eve"}
//! {"user": "bob"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "ada", "count": 3, "percent": 50.000000}
//! {"user": "bob", "count": 2, "percent": 33.333333}
//! {"user": "OTHER", "count": 1, "percent": 16.666667}
//! ```
//!
//! For each host, and of two fields. What is as frequent comes in descending order.
//!
//! ```spl
//! top 1 showperc=f countfield=n user, action BY host
//! ```
//! ```json in
//! {"host": "web", "user": "ada", "action": "read"}
//! {"host": "db", "user": "bob", "action": "read"}
//! {"host": "web", "user": "ada", "action": "write"}
//! {"host": "db", "user": "bob", "action": "read"}
//! ```
//! ```json out
//! {"host": "db", "user": "bob", "action": "read", "n": 2}
//! {"host": "web", "user": "ada", "action": "write", "n": 1}
//! ```
//!
//! ```spl
//! top 5
//! ```
//! ```error
//! error[E0205]: `top` needs at least one field
//! ```
//!
//! ```spl
//! top count
//! ```
//! ```error
//! error[E0205]: `top` would give two columns the name `count`
//! ```
//!
//! ## Differences from Splunk
//! In which order values come that are as frequent is not documented; it agrees with the example of the Search
//! Reference. Splunk also adds a hidden field `_tc` with the number of rows that percentages are of.

pub(super) mod frequency;

use super::Command;
use crate::diagnostic::Result;
use crate::parse::args::Args;
use frequency::Frequency;

/// Reads the arguments of `top`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Frequency::parse(args, true)
}
