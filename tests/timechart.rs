//! `timechart` and the time range of a search.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use speleo::diagnostic::Sources;
use speleo::plan::{Settings, TimeRange};

/// Ten past nine to half past eleven, 2026-03-16.
const RANGE: TimeRange = TimeRange { earliest: Some(1_773_652_200.0), latest: Some(1_773_660_600.0) };

/// One event at 10:00 and one at 10:50.
const ROWS: &str = r#"{"_time": "1773655200"}
{"_time": "1773658200"}"#;

fn rows(search: &str, range: TimeRange, input: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let parsed = common::parse(&mut sources, search).unwrap();
    let knowledge = common::knowledge(&mut sources);
    let settings = Settings { range, ..common::settings() };
    let start = common::start_of(search);
    let plan = speleo::plan::plan(&parsed, start, &settings, &knowledge, &mut sources).unwrap();
    let lines = |size| common::lines(&common::run(&plan, common::batches(input, size), 1).unwrap());
    let whole = lines(usize::MAX);
    assert_eq!(lines(1), whole);
    whole
}

fn times(search: &str, range: TimeRange) -> Vec<String> {
    let time = |line: &String| line[10..20].to_string();
    rows(search, range, ROWS).iter().map(time).collect()
}

#[test]
fn bins_are_those_of_the_range() {
    let all = ["1773651600", "1773655200", "1773658800"];
    assert_eq!(times("timechart span=1h count", RANGE), all);
    assert_eq!(times("timechart span=1h partial=f count", RANGE), all[1..2]);
    assert_eq!(times("timechart span=1h fixedrange=f count", RANGE), all[1..2]);
    assert_eq!(times("timechart span=1h cont=f count", RANGE), all[1..2]);
    // A range that ends where a bin begins has nothing of it.
    let until_eleven = TimeRange { latest: Some(1_773_658_800.0), ..RANGE };
    assert_eq!(times("timechart span=1h count", until_eleven), all[..2]);
    assert_eq!(times("timechart span=1h partial=f count", until_eleven), all[1..2]);
    let open = TimeRange { earliest: None, ..RANGE };
    assert_eq!(times("timechart span=1h count", open), all[1..]);
}

#[test]
fn the_range_decides_the_span() {
    // 140 minutes: 140 bins of one minute are too many.
    assert_eq!(times("timechart count", RANGE).len(), 28);
    assert_eq!(times("timechart bins=200 count", RANGE).len(), 140);
    assert_eq!(times("timechart minspan=15m count", RANGE).len(), 5);
}

#[test]
fn nothing_to_show_of_nothing() {
    assert!(rows("timechart span=1h count", RANGE, "").is_empty());
    assert!(rows("timechart count BY host", RANGE, "").is_empty());
}
