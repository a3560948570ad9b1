//! `iplocation`, and the database that the tests look addresses up in.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::Path;

use common::mmdb::Database;
use common::{App, batches, lines, run, settings};
use serde_json::{Value, json};
use speleo::diagnostic::{Code, Sources};
use speleo::knowledge::GeoDatabase;
use speleo::plan::Settings;

/// Networks that are set aside for documentation (RFC 5737, RFC 3849), each put somewhere.
fn networks() -> Vec<(&'static str, Value)> {
    let zurich = json!({
        "city": {"names": {"de": "Zürich", "en": "Zurich"}},
        "continent": {"code": "EU", "names": {"de": "Europa", "en": "Europe"}},
        "country": {"iso_code": "CH", "names": {"de": "Schweiz", "en": "Switzerland"}},
        "location": {"latitude": 47.3667, "longitude": 8.55, "time_zone": "Europe/Zurich"},
        "subdivisions": [{"iso_code": "ZH", "names": {"en": "Zurich"}}],
    });
    let mountain_view = json!({
        "city": {"names": {"en": "Mountain View"}},
        "continent": {"code": "NA", "names": {"de": "Nordamerika", "en": "North America"}},
        "country": {"iso_code": "US", "names": {"de": "USA", "en": "United States"}},
        "location": {"latitude": 37.4043, "longitude": -122.0748, "metro_code": 807, "time_zone": "America/Los_Angeles"},
        "subdivisions": [{"iso_code": "CA", "names": {"de": "Kalifornien", "en": "California"}}],
    });
    let japan = json!({
        "continent": {"code": "AS", "names": {"de": "Asien", "en": "Asia"}},
        "country": {"iso_code": "JP", "names": {"de": "Japan", "en": "Japan"}},
        "location": {"latitude": 35.69, "longitude": 139.69, "time_zone": "Asia/Tokyo"},
    });
    let london = json!({
        "city": {"names": {"de": "London", "en": "London"}},
        "continent": {"code": "EU", "names": {"de": "Europa", "en": "Europe"}},
        "country": {"iso_code": "GB", "names": {"de": "Vereinigtes Königreich", "en": "United Kingdom"}},
        "location": {"latitude": 51.5142, "longitude": -0.0931, "time_zone": "Europe/London"},
        "subdivisions": [{"iso_code": "ENG", "names": {"de": "England", "en": "England"}}, {"iso_code": "WSM", "names": {"en": "Westminster"}}],
    });
    vec![
        ("192.0.2.0/24", zurich),
        ("198.51.100.0/24", mountain_view),
        ("203.0.113.0/24", japan),
        ("2001:db8:1::/48", london),
    ]
}

fn database() -> Vec<u8> {
    let networks = networks();
    Database::of(networks.iter().map(|(network, record)| (*network, record)))
        .bytes("Speleo-Test-City", &["de", "en"])
}

/// The file is what the writer makes of the networks above; `UPDATE=1` writes it again.
#[test]
fn the_database_of_the_tests_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/geo.mmdb");
    let bytes = database();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &bytes).expect("the file is written");
    }
    assert!(std::fs::read(&path).expect("the file") == bytes, "run the tests with UPDATE=1");
}

/// The reader agrees with the writer about every network's first and last address, and about what lies
/// beside them.
#[test]
fn networks_end_where_they_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("g.mmdb");
    std::fs::write(&path, database()).expect("a file");
    let database = GeoDatabase::open(&path).expect("a database");
    let country = |address: &str| {
        let found = database.locate(address.parse().expect("an address"), "en");
        found.and_then(|place| place.country).map(|name| name.to_string())
    };
    for (inside, name) in [
        ("192.0.2.0", "Switzerland"),
        ("192.0.2.255", "Switzerland"),
        ("::192.0.2.1", "Switzerland"),
        ("203.0.113.128", "Japan"),
        ("2001:db8:1:ffff:ffff:ffff:ffff:ffff", "United Kingdom"),
    ] {
        assert_eq!(country(inside).as_deref(), Some(name), "{inside}");
    }
    for outside in ["192.0.1.255", "192.0.3.0", "0.0.0.0", "255.255.255.255", "2001:db8:2::", "::", "::1"] {
        assert_eq!(country(outside), None, "{outside}");
    }
}

#[test]
fn without_a_database_nothing_is_added_and_it_is_said_once() {
    let app = App::new(&[]);
    let settings = Settings { geo: None, ..settings() };
    let search = "iplocation src | iplocation prefix=again_ src";
    let plan = app.plan_with(search, &settings, &mut Sources::new()).expect("a plan");
    let rows = "{\"src\": \"192.0.2.1\", \"City\": \"Bern\"}\n{\"src\": \"10.0.0.1\"}";
    assert_eq!(lines(&run(&plan, batches(rows, 1), 1).expect("rows")).join("\n"), rows);
    let codes: Vec<Code> = plan.trouble().iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::GeoMissing]);
    assert!(plan.notes.iter().any(|note| note.contains("iplocation")));
}

/// A row that is somewhere gets all fields anew, one that is nowhere keeps what it has.
#[test]
fn what_was_there_before() {
    let app = App::new(&[]);
    let rows = "{\"src\": \"203.0.113.1\", \"City\": \"Bern\", \"Country\": \"Bern\"}\n{\"src\": \"10.0.0.1\", \"City\": \"Bern\"}";
    let out = app.run("iplocation src | table src, City, Country", batches(rows, 2)).expect("rows");
    assert_eq!(
        out,
        [r#"{"src": "203.0.113.1", "Country": "Japan"}"#, r#"{"src": "10.0.0.1", "City": "Bern"}"#]
    );
    for row in [
        r#"{"src": ["192.0.2.1", "192.0.2.2"]}"#,
        r#"{"src": "192.0.2.1 "}"#,
        r#"{"src": 1}"#,
        r#"{"a": "b"}"#,
    ] {
        assert_eq!(app.run("iplocation src", batches(row, 1)).expect("rows"), [row]);
    }
}

#[test]
fn what_iplocation_does_not_take() {
    let app = App::new(&[]);
    for (search, code, words) in [
        ("iplocation", Code::Arguments, "iplocation"),
        ("iplocation src dest", Code::Arguments, "dest"),
        ("iplocation allfields=2 src", Code::OptionValue, "2"),
        ("iplocation prefx=a src", Code::UnknownOption, "prefx="),
        ("iplocation src lang=", Code::Arguments, "iplocation"),
    ] {
        let mut sources = Sources::new();
        let Err(mistakes) = app.plan_with(search, &settings(), &mut sources) else { panic!("`{search}`") };
        let label = mistakes[0].labels.first().map(|label| sources.slice(label.span).to_string());
        assert_eq!((mistakes[0].code, label.unwrap_or_default().as_str()), (code, words), "{search}");
    }
}

#[test]
fn files_that_are_no_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = database();
    let cut = whole.len() / 2;
    for (name, bytes) in [("text", &b"no database"[..]), ("empty", b""), ("cut", &whole[..cut])] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        let error = GeoDatabase::open(&path).expect_err("no database");
        assert_eq!((error.code, error.place), (Code::GeoDatabase, Some(path.display().to_string())));
    }
    assert_eq!(GeoDatabase::open(&folder.path().join("none")).expect_err("no file").code, Code::GeoDatabase);
}
