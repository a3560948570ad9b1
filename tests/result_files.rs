//! `outputcsv` and `collect`: what stands in their files, and when there is one.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{App, batches};

const ROWS: &str = r#"{"_time": 0, "user": "ada"}"#;

fn run(app: &App, search: &str) -> Vec<String> {
    app.run(search, batches(ROWS, usize::MAX)).unwrap_or_else(|mistake| panic!("{search}: {mistake:?}"))
}

#[test]
fn a_file_of_results_without_rows() {
    let app = App::new(&[("csv/old.csv", "user\nbob\n")]);
    run(&app, "table _time, user | outputcsv new");
    assert_eq!(app.read("csv/new.csv").unwrap(), "_time,user\n0,ada\n");
    run(&app, "head 0 | outputcsv override_if_empty=false old");
    assert_eq!(app.read("csv/old.csv").unwrap(), "user\nbob\n");
    run(&app, "head 0 | outputcsv create_empty=true new");
    assert_eq!(app.read("csv/new.csv").unwrap(), "");
    run(&app, "head 0 | outputcsv old");
    assert_eq!(app.files("csv"), [".lock", "new.csv"]);
}

#[test]
fn collected_events_are_added() {
    let app = App::new(&[("summary/s.stash", "before\n")]);
    let event = "01/01/1970 00:00:00 +0000, user=\"ada\"\n";
    run(&app, "collect index=s addinfo=false");
    run(&app, "head 0 | collect index=s | collect index=none");
    run(&app, "collect index=s addinfo=false | collect index=none testmode=true");
    assert_eq!(app.read("summary/s.stash").unwrap(), format!("before\n{event}{event}"));
    assert_eq!(app.files("summary"), [".lock", "s.stash"]);
}
