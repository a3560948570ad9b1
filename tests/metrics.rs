//! `mstats` over metrics in the forms that events have them.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use speleo::diagnostic::Sources;
use speleo::parse::Start;
use speleo::plan::{EventInput, Settings};

/// The rows that a search gives over events.
fn rows(events: &str, search: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("metrics.ndjson");
    std::fs::write(&file, events).expect("events");
    let files = speleo::io::discover(&[file.display().to_string()]).expect("the events");
    let events = EventInput {
        files: Arc::new(files),
        source_type: None,
        source: None,
        host: None,
        index: Some("metrics".into()),
        data_model: None,
    };
    let settings = Settings { events: Some(events), ..common::settings() };
    let mut sources = Sources::new();
    let parsed = common::parse(&mut sources, search).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let knowledge = common::knowledge(&mut sources);
    let plan = speleo::plan::plan(&parsed, Start::Fresh, &settings, &knowledge, &mut sources)
        .unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    common::lines(&common::run(&plan, Vec::new(), 1).expect("a run"))
}

/// Several measurements to an event, one to an event, and in `fields`.
const METRICS: &str = r#"{"time":"2026-03-16T08:00:01Z","metric_name:cpu.user":10,"metric_name:cpu.idle":90,"node":"a"}
{"time":"2026-03-16T08:00:02Z","metric_name":"cpu.user","_value":30,"node":"a"}
{"time":"2026-03-16T08:00:13Z","event":"metric","fields":{"metric_name:cpu.user":4,"node":"b"}}
{"time":"2026-03-16T08:00:14Z","message":"no measurement","node":"b"}
{"time":"2026-03-16T08:00:15Z","metric_name:cpu.user":50}
"#;

#[test]
fn measurements_count_by_metric_and_dimension() {
    let search = "| mstats avg(cpu.user) count(cpu.user) AS n WHERE index=metrics BY node";
    assert_eq!(
        rows(METRICS, search),
        [r#"{"node": "a", "avg(cpu.user)": 20, "n": 2}"#, r#"{"node": "b", "avg(cpu.user)": 4, "n": 1}"#]
    );
    let search = "| mstats max(cpu.*) AS top_* WHERE index=metrics BY node fillnull_value=none";
    assert_eq!(
        rows(METRICS, search),
        [
            r#"{"node": "a", "top_idle": 90, "top_user": 30}"#,
            r#"{"node": "b", "top_user": 4}"#,
            r#"{"node": "none", "top_user": 50}"#
        ]
    );
}

#[test]
fn a_star_is_metrics_and_no_dimensions() {
    let search = "| mstats sum(*) AS * WHERE index=metrics node=a";
    assert_eq!(rows(METRICS, search), [r#"{"cpu.idle": 90, "cpu.user": 40}"#]);
}

#[test]
fn bins_of_time_come_first() {
    let search = "| mstats sum(cpu.user) AS s WHERE index=metrics span=10s";
    assert_eq!(
        rows(METRICS, search),
        [r#"{"_time": 1773648000, "s": 40}"#, r#"{"_time": 1773648010, "s": 54}"#]
    );
}

#[test]
fn each_measurement_by_itself() {
    let search = "| mstats avg(_value) AS a WHERE index=metrics metric_name=cpu.* BY metric_name";
    assert_eq!(
        rows(METRICS, search),
        [r#"{"metric_name": "cpu.idle", "a": 90}"#, r#"{"metric_name": "cpu.user", "a": 23.5}"#]
    );
}

#[test]
fn statistics_may_be_made_later() {
    let search = "| mstats prestats=t avg(cpu.user) WHERE index=metrics BY node \
                  | mstats prestats=t append=t avg(cpu.user) WHERE index=metrics node=b BY node \
                  | stats avg(cpu.user) count(cpu.user) BY node";
    assert_eq!(
        rows(METRICS, search),
        [
            r#"{"node": "a", "avg(cpu.user)": 20, "count(cpu.user)": 2}"#,
            r#"{"node": "b", "avg(cpu.user)": 4, "count(cpu.user)": 2}"#
        ]
    );
}

#[test]
fn a_chart_of_metrics_is_that_of_chart_and_timechart() {
    let search = "| mstats chart=t chart.useother=f avg(cpu.user) AS a WHERE index=metrics BY node";
    assert_eq!(rows(METRICS, search), [r#"{"node": "a", "a": 20}"#, r#"{"node": "b", "a": 4}"#]);
    let search = "| mstats chart=t sum(cpu.user) AS s WHERE index=metrics BY node span=10s";
    assert_eq!(
        rows(METRICS, search),
        [r#"{"_time": 1773648000, "a": 40}"#, r#"{"_time": 1773648010, "b": 4}"#]
    );
}

#[test]
fn samples_are_the_first_bin_of_each_time() {
    let search = "| mstats sum(cpu.user) AS s WHERE index=metrics span=10s every=1m";
    assert_eq!(rows(METRICS, search), [r#"{"_time": 1773648000, "s": 40}"#]);
}
