//! Makes rows of a table, or adds its rows to those that are there.
//!
//! ## Syntax
//! `inputlookup [append=<bool>] [strict=<bool>] [start=<n>] [max=<n>] <lookup> [WHERE <filter>]`
//!
//! ## Description
//! The lookup is a definition of transforms.conf, or a file `<name>.csv` or `<name>.csv.gz` in the `lookups/`
//! of an app. Each row of the table becomes a row with the columns as fields, in the table's order; an empty
//! cell is no value. `start` passes over so many rows, `max` reads at most so many after them; of what was
//! read, `WHERE` keeps the rows that fit. Its filter compares columns as `search` does. Options may also stand
//! after the lookup's name.
//!
//! It is the first command of a search; with `append=true` it may stand anywhere and adds the table's rows
//! after those that are there. A table that an earlier command of the same search wrote is read as it was
//! written.
//!
//! A lookup that is defined and whose table does not exist gives no rows and a warning, or with
//! `strict=true` an error.
//!
//! ## Examples
//!
//! ```spl
//! | inputlookup staff
//! ```
//! ```json out
//! {"user": "ada", "department": "research", "level": "3"}
//! {"user": "bob", "department": "sales", "level": "1"}
//! {"user": "*-svc", "department": "machines", "level": "0"}
//! ```
//!
//! ```spl
//! | inputlookup rota.csv start=1 max=2 where shift=L* OR user=ada
//! ```
//! ```json out
//! {"user": "bob", "day": "wed", "shift": "late"}
//! {"user": "ada", "day": "tue", "shift": "late"}
//! ```
//!
//! What is known already, and what is new.
//!
//! ```spl
//! inputlookup staff append=t where level > 0 | stats count BY user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"user": "ada", "count": 2}
//! {"user": "bob", "count": 1}
//! {"user": "eve", "count": 1}
//! ```
//!
//! ```spl
//! inputlookup append=true max=1 zones
//! ```
//! ```json in
//! {"host": "web", "zone": "lab"}
//! ```
//! ```json out
//! {"host": "web", "zone": "lab"}
//! {"zone": "inside", "network": "10.0.0.0/8"}
//! ```
//!
//! ```spl
//! inputlookup staff
//! ```
//! ```error
//! error[E0206]: `inputlookup` makes rows and must be the first command
//! ```
//!
//! ```spl
//! | inputlookup staff WHERE research
//! ```
//! ```error
//! error[E0205]: `WHERE` compares columns: `research` is no comparison
//! ```

use super::Command;
use super::support::{InputTable, TableKind};
use crate::diagnostic::Result;
use crate::parse::args::Args;

/// Reads the arguments of `inputlookup`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    Ok(Box::new(InputTable::parse(args, TableKind::Lookup)?))
}
