//! The order in which events come.

use crate::batch::Batch;
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};

/// Puts events into the order of a search: newest first, and of one time the last read first (Search
/// Reference, `search`). Events without a time come last.
pub struct TimeOrder;

impl Dataset for TimeOrder {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let times: Vec<f64> = (0..all.rows())
            .map(|row| all.get("_time", row).as_number().unwrap_or(f64::NEG_INFINITY))
            .collect();
        let mut rows: Vec<usize> = (0..all.rows()).rev().collect();
        let time = |row: &usize| times.get(*row).copied().unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| time(b).total_cmp(&time(a)));
        Ok(vec![all.take(&rows)])
    }
}
