//! Detections with the rows that a real Splunk printed, when `SPELEO_RESULTS` names the file of them and
//! `SPELEO_CONTENT` the folder of macros and lookups they lean on.
//!
//! The events behind the rows are not there, and need not be: a row of `tstats count min(_time) max(_time) BY ...`
//! says which events of the data model it may have been made of. Those are made, given to the search under the
//! model's field names, and every column, its place, its form and the order of the rows must be Splunk's.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::fmt::Write as _;
use std::path::Path;

use program::Folder;
use serde_json::{Map, Value};

type Row = Map<String, Value>;

/// What a row has that its events do not.
const MADE: [&str; 3] = ["count", "firstTime", "lastTime"];

fn epoch(row: &Row, column: &str) -> Option<i64> {
    let time: jiff::civil::DateTime = row.get(column)?.as_str()?.parse().unwrap();
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second())
}

/// Events that a row may have been made of: as many as it counts, at its first and its last time.
fn events(row: &Row) -> Vec<Row> {
    let (first, last) = (epoch(row, "firstTime").unwrap_or(1_700_000_000), epoch(row, "lastTime"));
    let last = last.unwrap_or(first);
    let counted = row.get("count").and_then(|count| count.as_str()?.parse().ok());
    let count = counted.unwrap_or(1 + usize::from(first != last));
    let field = |(name, value): (&String, &Value)| {
        // The text null stands for a field that was missing.
        let there = !MADE.contains(&name.as_str()) && value != "null";
        there.then(|| (name.clone(), value.clone()))
    };
    let event = |at: usize| {
        let mut event: Row = row.iter().filter_map(field).collect();
        event.insert("_time".into(), if at + 1 == count { last } else { first }.into());
        event
    };
    (0..count).map(event).collect()
}

/// What a second search inside the first must find for the rows to be there.
fn beside(file: &str, row: &Row) -> Option<Row> {
    let of_row = |name: &str| row.get(name).cloned().unwrap_or_default();
    let made: Vec<(&str, Value)> = match file {
        "suspicious_reg_exe_process.yml" => vec![
            ("parent_process_name", "cmd.exe".into()),
            ("process_name", "reg.exe".into()),
            ("parent_process_id", of_row("process_id")),
            ("dest", of_row("dest")),
        ],
        _ => return None,
    };
    Some(made.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

/// Every value as the text that Splunk exports.
fn as_text(row: &Row) -> Vec<(String, Value)> {
    let text = |value: &Value| match value {
        Value::String(_) => value.clone(),
        other => Value::String(other.to_string()),
    };
    let cell = |value: &Value| match value {
        Value::Array(items) => Value::Array(items.iter().map(text).collect()),
        other => text(other),
    };
    row.iter().map(|(name, value)| (name.clone(), cell(value))).collect()
}

/// What is wrong with the rows of one detection, if anything is.
fn check(record: &Value, content: &str) -> Result<(), String> {
    let file = record["file_name"].as_str().unwrap();
    let search = record["spl_query"].as_str().unwrap();
    let rows: Vec<&Row> =
        record["results"].as_array().unwrap().iter().map(|row| row.as_object().unwrap()).collect();
    let Some(model) = search.split("datamodel=").nth(1).and_then(|rest| rest.split(['.', ' ']).next()) else {
        return Err("it reads no data model".to_string());
    };
    let mut lines = String::new();
    for row in &rows {
        for event in events(row).into_iter().chain(beside(file, row)) {
            let _ = writeln!(lines, "{}", Value::Object(event));
        }
    }
    let folder = Folder::new(&[("q.spl", search.as_bytes()), ("events.ndjson", lines.as_bytes())]);
    let ran = folder.run(&[
        "run",
        "q.spl",
        "--events",
        "events.ndjson",
        "--datamodel",
        model,
        "--app",
        content,
        "-q",
    ]);
    if ran.code != Some(0) {
        return Err(ran.err.lines().next().unwrap_or_default().to_string());
    }
    let found: Vec<Row> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    if found.len() != rows.len() {
        return Err(format!("{} rows, not {}", found.len(), rows.len()));
    }
    for (number, (found, row)) in found.iter().zip(rows).enumerate() {
        let (found, row) = (as_text(found), as_text(row));
        if let Some((ours, splunk)) = found.iter().zip(&row).find(|(ours, splunk)| ours != splunk) {
            return Err(format!("row {}: {ours:?}, not {splunk:?}", number + 1));
        }
        if found.len() != row.len() {
            return Err(format!("row {}: {} columns, not {}", number + 1, found.len(), row.len()));
        }
    }
    Ok(())
}

#[test]
fn detections_print_what_splunk_printed() {
    let (Ok(results), Ok(content)) = (std::env::var("SPELEO_RESULTS"), std::env::var("SPELEO_CONTENT"))
    else {
        return;
    };
    let content = Path::new(&content).canonicalize().unwrap().display().to_string();
    let text = std::fs::read_to_string(results).unwrap();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // The rows of a `join` do not say which events were on which side of it.
    let joins = |record: &Value| record["spl_query"].as_str().unwrap().contains("join process_guid");
    let with_rows = |record: &&Value| !record["results"].as_array().unwrap().is_empty() && !joins(record);
    let (mut same, mut report) = (0, String::new());
    for record in records.iter().filter(with_rows) {
        match check(record, &content) {
            Ok(()) => same += 1,
            Err(why) => drop(writeln!(report, "{}: {why}", record["file_name"].as_str().unwrap())),
        }
    }
    println!(
        "{same} detections print what Splunk printed; {} have no rows or are joins",
        records.len() - records.iter().filter(with_rows).count()
    );
    assert!(report.is_empty(), "{report}");
}
