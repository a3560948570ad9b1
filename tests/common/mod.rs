//! What the integration tests share: rows as JSON, and running a search over them.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod app;
pub mod mmdb;
pub mod record;
pub mod world;

#[allow(unused_imports, reason = "each test binary uses its own part")]
pub use app::App;

use speleo::batch::{Batch, BatchBuilder};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use speleo::diagnostic::{Diagnostic, Sources};
use speleo::exec::Flow;
use speleo::knowledge::{GeoDatabase, Knowledge};
use speleo::parse::{Search, Start};
use speleo::plan::{EventInput, Plan, RunOptions, Settings};
use speleo::value::Value;

/// The fixed time of every test: 2026-03-16T12:00:00Z.
pub const NOW: f64 = 1_773_662_400.0;

/// A row's cell from JSON: text, a number, or several values.
pub fn cell(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::String(text) => Value::text(text.as_str()),
        serde_json::Value::Number(number) => number.as_f64().map_or(Value::Null, Value::number),
        serde_json::Value::Array(items) => Value::from_values(items.iter().map(cell)),
        other => Value::text(other.to_string()),
    }
}

/// Rows from JSON objects, one a line; `size` rows a batch.
pub fn batches(lines: &str, size: usize) -> Vec<Batch> {
    let objects: Vec<serde_json::Value> = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}")))
        .collect();
    objects
        .chunks(size.max(1))
        .map(|chunk| {
            let mut builder = BatchBuilder::new();
            for object in chunk {
                for (name, value) in object.as_object().expect("a row is an object") {
                    builder.set(name, cell(value));
                }
                builder.end_row();
            }
            // Rows that are given have their columns in the order given.
            let mut batch = builder.finish();
            batch.ordered = true;
            batch
        })
        .collect()
}

/// Rows as the pages write them: `{"host": "a", "n": 1}`, one a line, keys in column order.
pub fn lines(batches: &[Batch]) -> Vec<String> {
    let all = Batch::concat(batches);
    let names: Vec<_> = all.display_order().into_iter().cloned().collect();
    (0..all.rows())
        .map(|row| {
            let cells: Vec<String> = names
                .iter()
                .filter_map(|name| {
                    let value = all.get(name, row);
                    (!value.is_null()).then(|| format!("{}: {}", quote(name), json(&value)))
                })
                .collect();
            format!("{{{}}}", cells.join(", "))
        })
        .collect()
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn json(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Multi(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(", ")),
        other => quote(&other.to_text()),
    }
}

/// The geographical database of the tests; `tests/iplocation.rs` says what is in it.
pub fn geo() -> Arc<GeoDatabase> {
    static DATABASE: OnceLock<Arc<GeoDatabase>> = OnceLock::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/geo.mmdb");
    let open = || Arc::new(GeoDatabase::open(&path).expect("the database of the tests"));
    Arc::clone(DATABASE.get_or_init(open))
}

/// Settings at [`NOW`] in UTC, over the events of `tests/fixtures/events.ndjson`, with a geographical database.
pub fn settings() -> Settings {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events.ndjson");
    let files = speleo::io::discover(&[path.display().to_string()]).expect("the events of the tests");
    let events = EventInput {
        files: Arc::new(files),
        source_type: None,
        source: Some("events".into()),
        host: None,
        index: None,
        data_model: None,
    };
    Settings { now: NOW, events: Some(events), geo: Some(geo()), ..Settings::default() }
}

/// Parses a search that stands alone or, without a leading `|`, runs over given rows.
pub fn parse(sources: &mut Sources, search: &str) -> Result<Search, Vec<Diagnostic>> {
    let id = sources.add("search", search);
    let start = start_of(search);
    speleo::parse::parse(sources, id, start)
}

/// Whether a search stands alone.
pub fn start_of(search: &str) -> Start {
    if search.trim_start().starts_with('|') { Start::Fresh } else { Start::Rows }
}

/// Plans a search under [`settings`].
pub fn plan(search: &str) -> Result<Plan, Vec<Diagnostic>> {
    let mut sources = Sources::new();
    let parsed = parse(&mut sources, search)?;
    let knowledge = knowledge(&mut sources);
    speleo::plan::plan(&parsed, start_of(search), &settings(), &knowledge, &mut sources)
}

/// The built-in app, and an app for what the examples need (`tests/fixtures/app`). Lookups are written to a
/// folder of this thread's own, which [`run`] takes away again.
pub fn knowledge(sources: &mut Sources) -> Arc<Knowledge> {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/app");
    let (knowledge, _) = Knowledge::load(&[app], &written(), sources).expect("the knowledge of the tests");
    Arc::new(knowledge)
}

/// Where the searches of this thread write lookups.
fn written() -> PathBuf {
    let thread = format!("{:?}", std::thread::current().id()).replace(['(', ')'], "-");
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("written-{}-{thread}", std::process::id()))
}

/// Runs a plan over rows.
pub fn run(plan: &Plan, given: Vec<Batch>, threads: usize) -> Result<Vec<Batch>, Diagnostic> {
    let mut out = Vec::new();
    let ran = plan.run(given, &RunOptions { threads, ..RunOptions::default() }, &mut |batch| {
        out.push(plan.shown(batch));
        Ok(Flow::More)
    });
    if let Err(error) = std::fs::remove_dir_all(written()) {
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    }
    ran.map(|()| out)
}
