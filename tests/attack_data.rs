//! Published detections over the raw files that their own tests name, when `SPELEO_SHARED` names a folder that holds
//! `security_content/` and `data/attack_data/`. Each must do what Splunk's test tool asks: give a row, with every field
//! that is named as an object of risk or threat there and not `null`. The list is printed.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::mmdb::Database;
use serde::Deserialize;
use serde_json::{Value, json};
use speleo::compile::compile;
use speleo::diagnostic::{Sources, render};
use speleo::exec::Flow;
use speleo::io::{Format, discover, write};
use speleo::knowledge::{GeoDatabase, Knowledge};
use speleo::plan::{EventInput, RunOptions, Settings};

#[derive(Deserialize)]
struct Detection {
    search: String,
    #[serde(default)]
    tags: Tags,
    #[serde(default)]
    tests: Vec<Test>,
}

#[derive(Default, Deserialize)]
struct Tags {
    #[serde(default)]
    observable: Vec<Observable>,
}

#[derive(Deserialize)]
struct Observable {
    name: String,
}

#[derive(Deserialize)]
struct Test {
    #[serde(default)]
    attack_data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    data: String,
}

/// What cannot fire on its file by what the search itself says, and why.
const CANNOT: [(&str, &str); 1] = [(
    "windows_ad_abnormal_object_access_activity",
    "asks for more than the average and three deviations; of two users none can be",
)];

/// A file whose times are not what they look like: day and month are exchanged, as its messages show.
const DAY_BEFORE_MONTH: &str =
    "[source::PINGID]\nTIME_FORMAT = %Y-%d-%mT%H:%M:%S.%3NZ\nTIME_PREFIX = \"recorded\"\\s*:\\s*\"\n";
const EXCHANGED: [&str; 1] = ["pingid_new_mfa_method_after_credential_reset"];

/// The detections under a folder.
fn detections(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => detections(&path, found),
            false if path.extension().is_some_and(|it| it == "yml") => found.push(path),
            false => {}
        }
    }
}

/// The files that a detection's tests name, if all are here.
fn files_of(detection: &Detection, data: &Path) -> Option<Vec<String>> {
    let named = detection.tests.iter().flat_map(|test| &test.attack_data);
    let path =
        |it: &Data| it.data.split_once("/master/").map(|(_, path)| data.join(path).display().to_string());
    let files: Vec<String> = named.map(path).collect::<Option<_>>()?;
    (!files.is_empty() && files.iter().all(|file| Path::new(file).exists())).then_some(files)
}

/// A database in which the lower half of all addresses is in one country and the upper half in another.
fn two_countries() -> Arc<GeoDatabase> {
    let country = |name: &str| json!({"country": {"iso_code": name, "names": {"en": name}}});
    let (lower, upper) = (country("Lower"), country("Upper"));
    let bytes =
        Database::of([("0.0.0.0/1", &lower), ("128.0.0.0/1", &upper)]).bytes("GeoLite2-City", &["en"]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two.mmdb");
    std::fs::write(&path, bytes).expect("a file");
    Arc::new(GeoDatabase::open(&path).expect("a database"))
}

/// The rows of a detection.
fn rows(name: &str, search: &str, files: &[String], content: &Path, geo: &Arc<GeoDatabase>) -> Vec<Value> {
    let app = common::App::new(&[]);
    if EXCHANGED.contains(&name) {
        app.write("local/props.conf", DAY_BEFORE_MONTH);
    }
    let mut sources = Sources::new();
    let folder = PathBuf::from(app.path(""));
    let apps = [content.to_path_buf(), folder.clone()];
    let (knowledge, _) = Knowledge::load(&apps, &folder, &mut sources).expect("the apps");
    let events = EventInput { files: Arc::new(discover(files).expect("events")), ..EventInput::default() };
    let settings = Settings {
        now: common::NOW,
        events: Some(events),
        geo: Some(Arc::clone(geo)),
        ..Settings::default()
    };
    let compiled = compile(name, search, &settings, &Arc::new(knowledge), &mut sources);
    let compiled = compiled.unwrap_or_else(|mistakes| panic!("{}", render(&mistakes[0], &sources, false)));
    let mut batches = Vec::new();
    let ran = compiled.plan.run(Vec::new(), &RunOptions::default(), &mut |batch| {
        batches.push(batch);
        Ok(Flow::More)
    });
    ran.unwrap_or_else(|mistake| panic!("{}", render(&mistake, &sources, false)));
    let mut out = Vec::new();
    write(&batches, Format::Ndjson, &mut out, None).expect("a vector takes everything");
    let text = String::from_utf8(out).expect("JSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect()
}

#[test]
fn detections_fire_on_the_files_of_their_own_tests() {
    let Some(shared) = std::env::var_os("SPELEO_SHARED").map(PathBuf::from) else { return };
    let content = shared.join("security_content");
    let data = shared.join("data/attack_data");
    let mut paths = Vec::new();
    detections(&content.join("detections"), &mut paths);
    paths.sort();
    let geo = two_countries();
    let (mut fired, mut silent) = (0, Vec::new());
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file");
        if !text.contains("attack_data") {
            continue;
        }
        let Ok(detection) = serde_saphyr::from_str::<Detection>(&text) else { continue };
        let Some(files) = files_of(&detection, &data) else { continue };
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let rows = rows(&name, &detection.search, &files, &content, &geo);
        let absent = |name: &&str| {
            rows.iter().any(|row| row[*name].is_null() || row[*name] == "null" || row[*name] == "")
        };
        let objects: BTreeSet<&str> = detection.tags.observable.iter().map(|it| it.name.as_str()).collect();
        let absent: Vec<&str> = objects.into_iter().filter(absent).collect();
        let reason = CANNOT.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason);
        println!("{:3} rows  {name}{}", rows.len(), reason.map(|it| format!(": {it}")).unwrap_or_default());
        match (rows.is_empty() || !absent.is_empty(), reason) {
            (false, _) => fired += 1,
            (true, Some(_)) => {}
            (true, None) => silent.push(format!("{name}: {} rows, without {absent:?}", rows.len())),
        }
    }
    println!("detections on their own files: {fired} fire");
    assert_eq!(silent, [] as [String; 0]);
    assert!(fired >= 13, "{fired}");
}
