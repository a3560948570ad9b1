//! The story of a detection: Initial learns the past, the detection finds what is new today and only that,
//! Update learns it too, and the detection is silent. The rows are those of `samples/EXPECTED.md`.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fs;
use std::sync::Arc;

use common::record::{call, launch};
use common::world::{IMAGES, Ran, SEEN_IMAGES, SEEN_SOURCES, SOURCES, World, project};
use serde_json::{Value, json};
use speleo::knowledge::GeoDatabase;

/// `-24h@h` of the time of the tests.
const YESTERDAY: &str = "2026-03-15T12:00:00Z";
const TODAY: &str = "2026-03-16T12:00:00Z";
const TOMORROW: &str = "2026-03-17T12:00:00Z";

fn initial(table: &str) -> String {
    format!("{table}_initial")
}

fn update(table: &str) -> String {
    format!("{table}_update")
}

#[test]
fn one_new_image_and_only_it() {
    let mut world = World::of_events(&[
        launch("2026-03-01T08:00:00Z", "ada", "ami-old", &["i-01"]),
        launch("2026-03-16T08:00:00Z", "ada", "ami-old", &["i-02"]),
        launch("2026-03-16T09:00:00Z", "ada", "ami-new", &["i-03"]),
    ]);
    world.at(YESTERDAY).between("", YESTERDAY).query(&initial(SEEN_IMAGES));
    assert_eq!(world.at(TODAY).between("-24h", "").query(IMAGES).field("image_id"), ["ami-new"]);
    world.query(&update(SEEN_IMAGES));
    assert_eq!(world.at(TOMORROW).between("", "").query(IMAGES).ndjson, "");
}

#[test]
fn one_new_source_and_only_it() {
    let create = |time: &str, src: &str, bucket: &str| {
        call(time, "ada", src, "CreateBucket", "s3", json!({"bucketName": bucket}), Value::Null)
    };
    let mut world = World::of_events(&[
        create("2026-03-01T08:00:00Z", "192.0.2.10", "one"),
        create("2026-03-16T11:00:00Z", "192.0.2.10", "two"),
        create("2026-03-16T11:30:00Z", "203.0.113.9", "three"),
    ]);
    world.at(YESTERDAY).between("", YESTERDAY).query(&initial(SEEN_SOURCES));
    let expected = json!({
        "firstTime": "2026-03-16T11:30:00", "src": "203.0.113.9", "user": "ada", "object_id": "three",
        "command": "CreateBucket",
    });
    assert_eq!(world.at(TODAY).between("-70m", "").query(SOURCES).rows(), [expected]);
    world.query(&update(SEEN_SOURCES));
    assert_eq!(world.at(TOMORROW).between("", "").query(SOURCES).ndjson, "");
}

/// The columns of a baseline's rows that say what was seen when.
fn seen(ran: &Ran, key: &str) -> Vec<(String, i64, i64)> {
    let row = |row: &Value| {
        assert_eq!(row["enough_data"], 1, "{row}");
        let time = |name: &str| row[name].as_i64().expect("a time");
        (row[key].as_str().expect("a key").to_string(), time("firstTimeSeen"), time("lastTimeSeen"))
    };
    ran.rows().iter().map(row).collect()
}

/// The same columns of a table that was written.
fn written(world: &World, table: &str, key: &str) -> Vec<(String, i64, i64)> {
    let text = world.table(table).expect("a table that was written");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let columns = [at(key), at("firstTimeSeen"), at("lastTimeSeen")];
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        let [key, first, last] = columns.map(|column| row[column].to_string());
        (key, first.parse().expect("a time"), last.parse().expect("a time"))
    });
    rows.collect()
}

fn expected(rows: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    rows.iter().map(|(key, first, last)| (key.to_string(), *first, *last)).collect()
}

const IMAGES_BEFORE: [(&str, i64, i64); 8] = [
    ("ami-0a11ba5e000000001", 1_770_909_000, 1_773_328_200),
    ("ami-0a11ba5e000000002", 1_770_628_800, 1_773_048_000),
    ("ami-0a11ba5e000000003", 1_770_999_600, 1_773_418_800),
    ("ami-0b01d000000000001", 1_770_717_900, 1_770_717_900),
    ("ami-0b01d000000000002", 1_771_322_700, 1_771_322_700),
    ("ami-0b01d000000000003", 1_771_927_500, 1_771_927_500),
    ("ami-0b01d000000000004", 1_772_532_300, 1_772_532_300),
    ("ami-0b01d000000000005", 1_773_137_100, 1_773_137_100),
];

const IMAGES_AFTER: [(&str, i64, i64); 11] = [
    ("ami-0a11ba5e000000001", 1_770_909_000, 1_773_588_600),
    ("ami-0a11ba5e000000002", 1_770_628_800, 1_773_639_900),
    ("ami-0a11ba5e000000003", 1_770_999_600, 1_773_418_800),
    ("ami-0b01d000000000001", 1_770_717_900, 1_770_717_900),
    ("ami-0b01d000000000002", 1_771_322_700, 1_771_322_700),
    ("ami-0b01d000000000003", 1_771_927_500, 1_771_927_500),
    ("ami-0b01d000000000004", 1_772_532_300, 1_772_532_300),
    ("ami-0b01d000000000005", 1_773_137_100, 1_773_659_100),
    ("ami-0bad0000000000001", 1_773_605_520, 1_773_648_900),
    ("ami-0bad0000000000002", 1_773_592_800, 1_773_622_800),
    ("ami-0bad0000000000003", 1_773_651_720, 1_773_651_720),
];

fn new_images() -> Vec<Value> {
    let row = |time: &str, user: &str, image: &str, count: u32, dest: Value| json!({"firstTime": time, "user": user, "image_id": image, "count": count, "dest": dest});
    let three = ["i-0bad00000000000a0", "i-0bad00000000000a1", "i-0bad00000000000b2", "unknown"];
    vec![
        row("2026-03-15T20:12:00", "alice", "ami-0bad0000000000001", 3, json!(three)),
        row("2026-03-16T08:15:00", "carol", "ami-0bad0000000000001", 1, json!("i-0bad00000000000c3")),
        row("2026-03-16T01:00:00", "bob", "ami-0bad0000000000002", 1, json!("unknown")),
        row("2026-03-15T16:40:00", "ci-runner", "ami-0bad0000000000002", 1, json!("unknown")),
        row("2026-03-16T09:02:00", "unknown", "ami-0bad0000000000003", 1, json!("i-0bad00000000000d4")),
    ]
}

#[test]
fn images_of_the_sample() {
    let mut world = World::sample_events();
    assert_eq!(world.query(IMAGES).rows(), [] as [Value; 0], "an empty table says nothing");

    let learned = world.at(YESTERDAY).between("", YESTERDAY).query(&initial(SEEN_IMAGES));
    assert_eq!(seen(&learned, "image_id"), expected(&IMAGES_BEFORE));
    assert_eq!(written(&world, SEEN_IMAGES, "image_id"), expected(&IMAGES_BEFORE));

    assert_eq!(world.at(TODAY).between("-24h", "").query(IMAGES).rows(), new_images());
    assert_eq!(world.between("", "").query(IMAGES).rows(), new_images());

    for earliest in [YESTERDAY, YESTERDAY, ""] {
        let learned = world.between(earliest, "").query(&update(SEEN_IMAGES));
        assert_eq!(seen(&learned, "image_id"), expected(&IMAGES_AFTER));
        assert_eq!(written(&world, SEEN_IMAGES, "image_id"), expected(&IMAGES_AFTER));
    }

    // What was first seen less than a day ago still counts as new; a day later nothing does.
    assert_eq!(world.between("", "").query(IMAGES).rows(), new_images());
    assert_eq!(world.at(TOMORROW).query(IMAGES).rows(), [] as [Value; 0]);

    // Three months later only what was seen in the last ninety days is left.
    let kept = world.at("2026-06-14T12:00:00Z").between("-1d", "").query(&update(SEEN_IMAGES));
    let young: Vec<_> = IMAGES_AFTER.into_iter().filter(|(_, _, last)| *last >= 1_773_619_200).collect();
    assert_eq!(seen(&kept, "image_id"), expected(&young));
    assert_eq!(young.len(), 5);
}

#[test]
fn initial_over_everything_is_what_update_comes_to() {
    let world = World::sample_events();
    let images = world.query(&initial(SEEN_IMAGES));
    assert_eq!(seen(&images, "image_id"), expected(&IMAGES_AFTER));
    let sources = world.query(&initial(SEEN_SOURCES));
    assert_eq!(seen(&sources, "src"), expected(&SOURCES_AFTER));
}

/// The tables that are shipped with the sample are those that Initial writes.
#[test]
fn the_tables_of_the_sample_are_up_to_date() {
    let mut world = World::sample_events();
    world.at(YESTERDAY).between("", YESTERDAY);
    for table in [SEEN_IMAGES, SEEN_SOURCES] {
        world.query(&initial(table));
        let shipped = fs::read_to_string(project(&format!("samples/app/lookups/{table}.csv")));
        assert_eq!(world.table(table), shipped.ok(), "{table}");
    }
}

const SOURCES_BEFORE: [(&str, i64, i64); 5] = [
    ("192.0.2.10", 1_770_628_800, 1_773_147_600),
    ("198.51.100.24", 1_770_909_000, 1_773_388_920),
    ("2001:db8:10::25", 1_770_820_200, 1_773_239_400),
    ("203.0.113.7", 1_770_717_900, 1_773_137_100),
    ("autoscaling.amazonaws.com", 1_770_778_800, 1_773_198_000),
];

const SOURCES_AFTER: [(&str, i64, i64); 8] = [
    ("192.0.2.10", 1_770_628_800, 1_773_651_720),
    ("192.0.2.77", 1_773_660_000, 1_773_660_000),
    ("198.51.100.24", 1_770_909_000, 1_773_588_600),
    ("2001:db8:10::25", 1_770_820_200, 1_773_607_620),
    ("203.0.113.7", 1_770_717_900, 1_773_659_100),
    ("203.0.113.99", 1_773_627_060, 1_773_627_960),
    ("autoscaling.amazonaws.com", 1_770_778_800, 1_773_583_500),
    ("cloudformation.amazonaws.com", 1_773_639_900, 1_773_639_900),
];

fn new_sources() -> Vec<Value> {
    let row = |time: &str, src: &str, user: &str, object: Value, command: &str| json!({"firstTime": time, "src": src, "user": user, "object_id": object, "command": command});
    let started = ["i-0a110000000000401", "i-0a110000000000405", "i-0a110000000009901"];
    vec![
        row("2026-03-16T11:20:00", "192.0.2.77", "carol", json!("vol-0a110000000008801"), "CreateVolume"),
        row("2026-03-16T02:20:00", "203.0.113.99", "bob", json!(started), "StartInstances"),
        row("2026-03-16T02:11:00", "203.0.113.99", "svc-backup", json!("AIDASVCBACKUPEXAMPLE"), "CreateUser"),
        row(
            "2026-03-16T05:45:00",
            "cloudformation.amazonaws.com",
            "stack-deployer",
            json!("i-0a110000000008803"),
            "RunInstances",
        ),
    ]
}

/// The story of the sources; `learned` looks at what each baseline printed.
fn sources_of_the_sample(geo: Option<Arc<GeoDatabase>>, learned: impl Fn(&World, &Ran)) {
    let mut world = World { geo, ..World::sample_events() };
    assert_eq!(world.query(SOURCES).rows(), [] as [Value; 0], "an empty table says nothing");

    let ran = world.at(YESTERDAY).between("", YESTERDAY).query(&initial(SEEN_SOURCES));
    assert_eq!(seen(&ran, "src"), expected(&SOURCES_BEFORE));
    assert_eq!(written(&world, SEEN_SOURCES, "src"), expected(&SOURCES_BEFORE));
    learned(&world, &ran);

    let new = new_sources();
    assert_eq!(world.at(TODAY).between("-24h", "").query(SOURCES).rows(), new);
    assert_eq!(world.between("", "").query(SOURCES).rows(), new);
    assert_eq!(world.between("-70m", "").query(SOURCES).rows(), new[..1]);

    for earliest in [YESTERDAY, YESTERDAY, ""] {
        let ran = world.between(earliest, "").query(&update(SEEN_SOURCES));
        assert_eq!(seen(&ran, "src"), expected(&SOURCES_AFTER));
        assert_eq!(written(&world, SEEN_SOURCES, "src"), expected(&SOURCES_AFTER));
        learned(&world, &ran);
    }

    // Seventy minutes after its first call a source is no longer new.
    assert_eq!(world.between("", "").query(SOURCES).rows(), new[..1]);
    assert_eq!(world.at("2026-03-16T12:29:00Z").query(SOURCES).rows(), new[..1]);
    assert_eq!(world.at("2026-03-16T12:30:00Z").query(SOURCES).rows(), [] as [Value; 0]);

    let kept = world.at("2026-06-14T12:00:00Z").between("-1d", "").query(&update(SEEN_SOURCES));
    let young: Vec<_> = SOURCES_AFTER.into_iter().filter(|(_, _, last)| *last >= 1_773_619_200).collect();
    assert_eq!(seen(&kept, "src"), expected(&young));
    assert_eq!(young.len(), 5);
    learned(&world, &kept);
}

#[test]
fn sources_of_the_sample_without_places() {
    sources_of_the_sample(None, |world, ran| {
        let [warning] = ran.said.as_slice() else { panic!("it is said once: {:?}", ran.said) };
        assert!(warning.contains("iplocation"), "{warning}");
        let places = ["City", "Country", "Region"].map(|name| ran.field(name));
        assert!(places.iter().flatten().all(Value::is_null), "{places:?}");
        let table = world.table(SEEN_SOURCES).expect("a table that was written");
        assert!(table.lines().skip(1).all(|line| line.contains(",,,,")), "{table}");
    });
}

/// City, country and region of an address in the database of the tests, which knows three of the networks
/// that documents use (and not that of 2001:db8:10::25, nor any service's name).
fn place(src: &str) -> [Option<&'static str>; 3] {
    if src.starts_with("192.0.2.") {
        [Some("Zurich"), Some("Switzerland"), Some("Zurich")]
    } else if src.starts_with("198.51.100.") {
        [Some("Mountain View"), Some("United States"), Some("California")]
    } else if src.starts_with("203.0.113.") {
        [None, Some("Japan"), None]
    } else {
        [None; 3]
    }
}

/// The rows printed and the table written have the place of every source.
fn has_places(world: &World, ran: &Ran) {
    let table = world.table(SEEN_SOURCES).expect("a table that was written");
    for row in ran.rows() {
        let src = row["src"].as_str().expect("a source");
        let place = place(src);
        assert_eq!(["City", "Country", "Region"].map(|name| row[name].as_str()), place, "{src}");
        let line =
            table.lines().find(|line| line.starts_with(&format!("{src},"))).expect("a row of the table");
        let columns = place.map(Option::unwrap_or_default).join(",");
        assert!(line.starts_with(&format!("{src},{columns},")), "{line}");
    }
}

fn geo() -> Option<Arc<GeoDatabase>> {
    Some(Arc::new(GeoDatabase::open(&project("tests/fixtures/geo.mmdb")).expect("the database of the tests")))
}

#[test]
fn sources_of_the_sample_with_places() {
    sources_of_the_sample(geo(), |world, ran| {
        assert_eq!(ran.said, [] as [String; 0]);
        has_places(world, ran);
    });
}

/// An Update that has no database keeps the places that the table has.
#[test]
fn places_outlast_an_update_without_a_database() {
    let mut world = World { geo: geo(), ..World::sample_events() };
    world.at(YESTERDAY).between("", YESTERDAY).query(&initial(SEEN_SOURCES));
    world.geo = None;
    let ran = world.at(TODAY).between(YESTERDAY, "").query(&update(SEEN_SOURCES));
    let country = |src: &str| {
        let row = ran.rows().into_iter().find(|row| row["src"] == src).expect("a source");
        row["Country"].as_str().map(str::to_string)
    };
    assert_eq!(country("192.0.2.10").as_deref(), Some("Switzerland"));
    assert_eq!(country("192.0.2.77"), None, "seen first when there was no database");
}
