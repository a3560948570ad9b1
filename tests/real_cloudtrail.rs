//! The shipped searches over CloudTrail files of real accounts, which are not part of the project:
//! `SPELEO_CLOUDTRAIL` names their folder. What must come out was worked out by reading the events and is in
//! `.ci/cloudtrail_expected.json`, together with the rules by which it is compared.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::world::{SEEN_IMAGES, SEEN_SOURCES, World, project};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Fields whose text comes from an event: the expectation has only its hash.
const HASHED: [&str; 5] = ["user", "src", "image_id", "dest", "object_id"];

/// The files that a run names, as paths; a pattern is one argument of `--events`.
fn world(folder: &Path, run: &Json) -> World {
    let world = World::empty();
    let patterns = run["events"].as_array().expect("the events of a run").iter();
    let patterns = patterns.map(|name| folder.join(name.as_str().expect("a name")).display().to_string());
    World { events: patterns.collect(), threads: 2, ..world }
}

/// A text as the expectation writes it.
fn hidden(text: &str) -> String {
    if text == "unknown" {
        return text.to_string();
    }
    let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("#{}", &digest[..16])
}

/// A value as the expectation writes it: numbers as numbers, hashed where the field is an event's.
fn shown(field: &str, value: &Json) -> Json {
    match value {
        Json::Array(items) => items.iter().map(|item| shown(field, item)).collect(),
        Json::String(text) if HASHED.contains(&field) => hidden(text).into(),
        Json::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

/// The expectation's own value, its numbers made comparable.
fn wanted(value: &Json) -> Json {
    match value {
        Json::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

/// The rows that differ, told with the rows as they came.
fn compare(step: &Json, rows: &[Json]) -> Result<(), String> {
    let expected = step["rows"].as_array().expect("the rows of a step");
    assert_eq!(step["count"].as_u64(), Some(expected.len() as u64), "the expectation contradicts itself");
    if rows.len() != expected.len() {
        return Err(format!("{} rows, not {}\n  {}", rows.len(), expected.len(), list(rows)));
    }
    for (at, (row, wants)) in rows.iter().zip(expected).enumerate() {
        for (field, value) in wants.as_object().expect("a row is an object") {
            let (got, value) = (shown(field, &row[field]), wanted(value));
            if got != value {
                return Err(format!("row {at}, `{field}`: {got}, not {value}\n  {row}"));
            }
        }
    }
    Ok(())
}

fn list(rows: &[Json]) -> String {
    rows.iter().map(Json::to_string).collect::<Vec<_>>().join("\n  ")
}

/// The rows of a table in an app, with its numbers read as numbers.
fn table_rows(world: &World, lookup: &str) -> Vec<Json> {
    let Some(text) = world.table(lookup) else { return Vec::new() };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_string).collect();
    let cell = |text: &str| text.parse::<f64>().map_or_else(|_| Json::from(text), Json::from);
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        header.iter().zip(row.iter()).map(|(name, text)| (name.clone(), cell(text))).collect::<Json>()
    });
    rows.collect()
}

/// Runs one step, and compares what it prints and what it writes.
fn check(world: &mut World, step: &Json) -> Result<(), String> {
    let text = |key: &str| step[key].as_str().unwrap_or_default();
    world.at(text("now")).between(text("earliest"), text("latest"));
    let rows = world.query(text("query")).rows();
    compare(step, &rows)?;
    let written = [SEEN_IMAGES, SEEN_SOURCES].into_iter().find(|table| text("query").starts_with(table));
    match written {
        Some(table) => compare(step, &table_rows(world, table)).map_err(|why| format!("the table: {why}")),
        None => Ok(()),
    }
}

#[test]
fn shipped_searches_over_real_events() {
    let Some(folder) = std::env::var_os("SPELEO_CLOUDTRAIL") else {
        println!("cloudtrail: no real events given: skipped");
        return;
    };
    let text = fs::read_to_string(project(".ci/cloudtrail_expected.json")).expect("the expectation");
    let expectation: Json = serde_json::from_str(&text).expect("the expectation is JSON");
    let (mut agree, mut differ, mut report) = (0, 0, String::new());
    for run in expectation["runs"].as_array().expect("runs") {
        let mut world = world(Path::new(&folder), run);
        for (number, step) in run["steps"].as_array().expect("steps").iter().enumerate() {
            match check(&mut world, step) {
                Ok(()) => agree += 1,
                Err(why) => {
                    differ += 1;
                    let _ = writeln!(report, "{}, step {number} ({}): {why}", run["id"], step["query"]);
                }
            }
        }
    }
    print!("{report}");
    println!("cloudtrail: {agree} steps agree, {differ} differ");
    assert!(agree + differ > 0, "no steps");
    assert_eq!(differ, 0, "{report}");
}

/// The events that the expectation was worked out from are the ones that are read.
#[test]
fn real_events_are_all_read() {
    let Some(folder) = std::env::var_os("SPELEO_CLOUDTRAIL") else {
        println!("cloudtrail: no real events given: skipped");
        return;
    };
    let text = fs::read_to_string(project(".ci/cloudtrail_expected.json")).expect("the expectation");
    let expectation: Json = serde_json::from_str(&text).expect("the expectation is JSON");
    for input in expectation["inputs"].as_array().expect("inputs") {
        let world = world(Path::new(&folder), input);
        // Where an event's own time cannot be read it has that of its file, which is no part of the expectation.
        let search = r#"search * | eval own=if(match(eventTime, "^\d{4}-\d\d-\d\dT"), _time, null())
            | stats count count(own) as timed count(_time) as all max(own) as last | convert timeformat="%FT%TZ" ctime(last)"#;
        let row = &world.search(search).rows()[0];
        let read = input["read"].as_u64().expect("a count");
        let timed = read - input["without_a_readable_time"].as_u64().expect("a count");
        assert_eq!(
            ["count", "timed", "all"].map(|name| row[name].as_u64()),
            [read, timed, read].map(Some),
            "{}",
            input["events"]
        );
        assert_eq!(row["last"], input["last"], "{}", input["events"]);
    }
}
