//! Detections with the rows that a real Splunk printed, when `SPELEO_RESULTS` names the file of them and
//! `SPELEO_CONTENT` the folder of macros and lookups they lean on.
//!
//! The events behind the rows are not there, and need not be: a row of `tstats count min(_time) max(_time) BY ...`
//! says which events of the data model it may have been made of. Those are made, given to the search under the
//! model's field names, and every column, its place, its form and the order of the rows must be Splunk's. For a row of
//! a `join` there are events of both of its sides.

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
    row.get(column).map(instant)
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

/// The datasets that a `join` of registry and process events takes its rows of.
const SIDES: [&str; 2] = ["Registry", "Processes"];

/// Events of both sides of a `join`, each with the fields of its dataset that the search groups by, and no others:
/// those that the row has, or `unknown`. Several registry values of a row are an event each.
fn of_both_sides(file: &str, search: &str, row: &Row) -> Vec<Row> {
    let time = row.get("_time").or_else(|| row.get("firstTime")).map_or(1_700_000_000, instant);
    let mut found = Vec::new();
    for side in SIDES {
        let grouped = search.split(side).skip(1).filter_map(|rest| rest.strip_prefix('.'));
        let names =
            grouped.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap());
        let mut event: Row = names
            .map(|name| (name.to_string(), row.get(name).cloned().unwrap_or_else(|| "unknown".into())))
            .collect();
        event.insert("_time".into(), time.into());
        // What the search asks of the registry, and does not print.
        let asked: &[(&str, &str)] = match (side, file) {
            ("Registry", "windows_deleted_registry_by_a_non_critical_process_file_path.yml") => {
                // The hive is not printed, and comes before the path in the order of the rows.
                let hive = match row["registry_path"].as_str().unwrap().split('\\').next() {
                    Some("HKU") => "A",
                    Some("HKLM") => "B",
                    _ => "C",
                };
                event.insert("registry_hive".into(), hive.into());
                &[("action", "deleted")]
            }
            ("Registry", "windows_modify_registry_qakbot_binary_data_registry.yml") => {
                let key = row["values(registry_key_name)"].clone();
                event.insert("registry_key_name".into(), key);
                &[
                    ("registry_value_data", "Binary Data"),
                    ("registry_path", "HKU\\S-1-5\\SOFTWARE\\Microsoft\\x"),
                ]
            }
            _ => &[],
        };
        for (name, value) in asked {
            event.insert((*name).to_string(), (*value).into());
        }
        match event.get("registry_value_name").cloned() {
            Some(Value::Array(values)) => found.extend(values.into_iter().map(|value| {
                let mut event = event.clone();
                event.insert("registry_value_name".into(), value);
                event
            })),
            _ => found.push(event),
        }
    }
    found
}

/// A time as Splunk exports it, in seconds.
fn instant(time: &Value) -> i64 {
    let time = time.as_str().unwrap();
    let with_zone = time.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second);
    with_zone.unwrap_or_else(|_| {
        let civil: jiff::civil::DateTime = time.parse().unwrap();
        civil.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second()
    })
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

/// Whether a search brings registry and process events together.
fn is_join(record: &Value) -> bool {
    record["spl_query"].as_str().unwrap().contains("join process_guid")
}

/// What is wrong with the rows of one detection, if anything is.
fn check(record: &Value, content: &str) -> Result<(), String> {
    let file = record["file_name"].as_str().unwrap();
    let search = record["spl_query"].as_str().unwrap();
    let mut rows: Vec<&Row> =
        record["results"].as_array().unwrap().iter().map(|row| row.as_object().unwrap()).collect();
    // The built-in model takes the missing name of a process from such a path, Splunk's leaves it unknown.
    rows.retain(|row| row.get("process_path").is_none_or(|path| path != "&lt;unknown process&gt;"));
    let Some(model) = search.split("datamodel=").nth(1).and_then(|rest| rest.split(['.', ' ']).next()) else {
        return Err("it reads no data model".to_string());
    };
    let mut lines = String::new();
    for row in &rows {
        let made = match is_join(record) {
            true => of_both_sides(file, search, row),
            false => events(row).into_iter().chain(beside(file, row)).collect(),
        };
        for event in made {
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
        let mut row = row.clone();
        // Rows come out as numbers of seconds.
        if let Some(time) = row.get_mut("_time") {
            *time = instant(time).into();
        }
        let (found, row) = (as_text(found), as_text(&row));
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
    let with_rows = |record: &&Value| !record["results"].as_array().unwrap().is_empty();
    let (mut same, mut report) = (0, String::new());
    for record in records.iter().filter(with_rows) {
        match check(record, &content) {
            Ok(()) => same += 1,
            Err(why) => drop(writeln!(report, "{}: {why}", record["file_name"].as_str().unwrap())),
        }
    }
    println!(
        "{same} detections print what Splunk printed; {} have no rows",
        records.len() - records.iter().filter(with_rows).count()
    );
    assert!(report.is_empty(), "{report}");
}
