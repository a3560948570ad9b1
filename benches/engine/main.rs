//! What the engine's parts take, on inputs small enough that all of it is over in two minutes.
//!
//! ```text
//! cargo bench
//! cargo bench -- group            # what has this in its name
//! SPELEO_BENCH_LARGE=1 cargo bench -- sort
//! SPELEO_SECURITY_CONTENT=FOLDER cargo bench -- planning
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark ends where its input is wrong"
)]

mod columns;
mod events;
mod group;
mod lookup;
mod planning;
mod rows;
mod scan;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .without_plots()
        .configure_from_args();
    scan::bench(&mut criterion);
    columns::bench(&mut criterion);
    group::bench(&mut criterion);
    lookup::bench(&mut criterion);
    planning::bench(&mut criterion);
    criterion.final_summary();
}

/// Whether the large inputs were asked for.
fn large() -> bool {
    std::env::var_os("SPELEO_BENCH_LARGE").is_some()
}
