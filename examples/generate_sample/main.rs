//! Writes the sample: five weeks of invented CloudTrail events and the lookups that the Initial
//! baselines would have made of them a day before they end.
//!
//! ```text
//! cargo run --example generate_sample -- samples/
//! ```
//!
//! The same bytes come out every time: the clock is fixed, and identifiers are derived from a running
//! number. Accounts, names, addresses (RFC 5737 and RFC 3849) and identifiers are invented; the shapes
//! are those of the records that AWS delivers. `samples/EXPECTED.md` says what the shipped searches
//! must find here.

mod calls;
mod ids;
mod output;
mod people;
mod plan;
mod record;

use std::env;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        return Err("usage: generate_sample FOLDER".into());
    };
    let folder = PathBuf::from(folder);
    let calls = plan::plan();
    output::write_events(&folder, &calls)?;
    output::write_lookups(&folder, &calls)
}
