//! Makes rows of a file that `outputcsv` wrote, or adds its rows to those that are there.
//!
//! ## Syntax
//! `inputcsv [append=<bool>] [strict=<bool>] [start=<n>] [max=<n>] [events=<bool>] [dispatch=false] <file> [WHERE <filter>]`
//!
//! ## Description
//! The file stands in the `csv/` of the last `--app`, or of `./speleo-app` without one; `.csv` is added to a
//! name that does not end in `.csv` or `.csv.gz`. Each of its rows becomes a row with the columns as fields,
//! in the file's order; an empty cell is no value. `start` passes over so many rows, `max` reads at most so
//! many after them; of what was read, `WHERE` keeps the rows that fit. Its filter compares columns as `search`
//! does. Options may also stand after the file's name.
//!
//! It is the first command of a search; with `append=true` it may stand anywhere and adds the file's rows
//! after those that are there. A file that an earlier command of the same search wrote is read as it was
//! written.
//!
//! A file that does not exist gives no rows and a warning, or with `strict=true` an error.
//!
//! ## Examples
//!
//! ```spl
//! outputcsv seen | head 0 | inputcsv append=true seen
//! ```
//! ```json in
//! {"_time": "5", "user": "ada", "level": 3}
//! {"_time": "6", "user": "bob"}
//! ```
//! ```json out
//! {"_time": "5", "user": "ada", "level": "3"}
//! {"_time": "6", "user": "bob"}
//! ```
//!
//! ```spl
//! outputcsv seen.csv | head 0 | inputcsv append=true start=1 max=2 seen.csv WHERE user=b* OR level>4
//! ```
//! ```json in
//! {"user": "bea", "level": 9}
//! {"user": "ada", "level": 3}
//! {"user": "bob", "level": 1}
//! {"user": "eve", "level": 7}
//! ```
//! ```json out
//! {"user": "bob", "level": "1"}
//! ```
//!
//! ```spl
//! | inputcsv strict=true nobody
//! ```
//! ```error
//! error[E0403]: the file `nobody` does not exist
//! ```
//!
//! ```spl
//! | inputcsv ../nobody
//! ```
//! ```error
//! error[E0404]: `../nobody` is not the name of a file: results stand in the csv/ of an app
//! ```
//!
//! ```spl
//! | inputcsv dispatch=true nobody
//! ```
//! ```error
//! error[E0207]: `dispatch=true` is not supported
//! ```
//!
//! ## Differences from Splunk
//! Splunk's folder is `var/run/splunk/csv`, and may have folders in it. No search has a folder of its own, so
//! `dispatch=true` is refused. `events` says whether Splunk draws a timeline of the rows: here it changes nothing.

use super::Command;
use super::support::{InputTable, TableKind};
use crate::diagnostic::Result;
use crate::parse::args::Args;

/// Reads the arguments of `inputcsv`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(InputTable::parse(args, TableKind::Results)?))
}
