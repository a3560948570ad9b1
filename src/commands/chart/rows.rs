//! The rows of a chart: in order, and with bins that no row of the input lies in.

use std::collections::HashMap;

use super::pivot::{Pivot, compare};
use crate::commands::bin::Cutter;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Value;

/// How many bins a chart has at most (limits.conf, `maxbins`).
const MOST_ROWS: usize = 50_000;

/// The least step of time that is told apart, in seconds.
const MOMENT: f64 = 1e-6;

/// The rows in order, those that are to be there although the input has none of them included.
pub fn arranged(pivot: &Pivot, mut rows: Vec<Value>, cutter: Option<&Cutter>) -> Result<Vec<Value>> {
    rows.sort_by(|a, b| compare(a, b, cutter));
    let Some(cutter) = cutter.filter(|_| !rows.is_empty()) else { return Ok(rows) };
    // Bins of powers are not filled up (Search Reference, `chart`, the example of transactions by duration).
    if pivot.clause.cont && !matches!(cutter, Cutter::Log { .. }) {
        rows = filled(pivot, rows, cutter)?;
    }
    if let Some(time) = pivot.clause.time
        && !time.partial
    {
        rows.retain(|row| whole(pivot, row, cutter));
    }
    Ok(rows)
}

/// With the bins between the first and the last.
fn filled(pivot: &Pivot, rows: Vec<Value>, cutter: &Cutter) -> Result<Vec<Value>> {
    let mut starts: Vec<f64> = rows.iter().filter_map(|row| cutter.start_of(row)).collect();
    if pivot.clause.time.is_some_and(|time| time.fixed_range) {
        let range = [pivot.range.earliest, pivot.range.latest.map(|latest| latest - MOMENT)];
        starts.extend(range.into_iter().flatten().filter_map(|time| cutter.start(time)));
    }
    let (first, last) = starts.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(first, last), &start| {
        (first.min(start), last.max(start))
    });
    let mut bins: HashMap<String, Value> = HashMap::new();
    let mut others = Vec::new();
    for row in rows {
        match cutter.start_of(&row) {
            Some(_) => drop(bins.insert(row.to_text().into_owned(), row)),
            None => others.push(row),
        }
    }
    let mut all = Vec::new();
    let mut start = first;
    while start <= last {
        if all.len() >= MOST_ROWS {
            let message = format!("the chart has more than {MOST_ROWS} bins");
            return Err(Diagnostic::error(Code::Arguments, message).help("a longer span gives fewer"));
        }
        let bin = cutter.cut(&Value::number(start));
        bins.remove(bin.to_text().as_ref());
        all.push(bin);
        match cutter.next(start) {
            Some(next) if next > start => start = next,
            _ => break,
        }
    }
    // What the steps did not meet, because times were made up: in its place.
    all.extend(bins.into_values());
    all.sort_by(|a, b| compare(a, b, Some(cutter)));
    all.extend(others);
    Ok(all)
}

/// Whether a bin lies in the time range as a whole.
fn whole(pivot: &Pivot, row: &Value, cutter: &Cutter) -> bool {
    let Some(start) = row.as_number() else { return true };
    let begins = pivot.range.earliest.is_none_or(|earliest| start >= earliest);
    let ends = pivot.range.latest.is_none_or(|latest| cutter.next(start).is_none_or(|end| end <= latest));
    begins && ends
}

/// How long a bin of time is, in seconds.
pub fn length(row: &Value, cutter: Option<&Cutter>) -> Option<f64> {
    let start = row.as_number()?;
    Some(cutter?.next(start)? - start)
}
