//! The least frequent values of fields, with how often they occur.
//!
//! ## Syntax
//! `rare [<n>] [limit=<n>] [countfield=<name>] [percentfield=<name>] [showcount=<bool>] [showperc=<bool>]
//! [useother=<bool>] [otherstr=<text>] <field>[, <field>...] [BY <field>...]`
//!
//! ## Description
//! As `top`, with the least frequent combinations of values instead of the most frequent, the rarest first.
//!
//! ## Examples
//!
//! ```spl
//! rare user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! {"user": "ada"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "bob", "count": 1, "percent": 25.000000}
//! {"user": "ada", "count": 3, "percent": 75.000000}
//! ```
//!
//! ```spl
//! rare limit=1 user BY host showperc=f
//! ```
//! ```json in
//! {"host": "web", "user": "ada"}
//! {"host": "web", "user": "ada"}
//! {"host": "web", "user": ["bob", "eve"]}
//! {"host": "db", "user": "bob"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"host": "db", "user": "bob", "count": 1}
//! {"host": "web", "user": "bob", "count": 1}
//! ```
//!
//! ```spl
//! rare user*
//! ```
//! ```error
//! error[E0205]: a field is counted by its name, and `user*` has a wildcard
//! ```
//!
//! ## Differences from Splunk
//! As for `top`.

use super::Command;
use super::top::frequency::Frequency;
use crate::diagnostic::Result;
use crate::parse::args::Args;

/// Reads the arguments of `rare`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Frequency::parse(args, false)
}
