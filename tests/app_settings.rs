//! Settings of an app that a command leans on: transaction types, event types, searches.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Folder, Ran};

const VISITS: &str = r#"{"time":"2026-03-16T08:00:00Z","user":"ada","page":"home"}
{"time":"2026-03-16T08:00:30Z","user":"ada","page":"cart"}
{"time":"2026-03-16T08:01:00Z","user":"ada","page":"home"}
{"time":"2026-03-16T08:01:10Z","user":"bob","page":"home"}
{"time":"2026-03-16T08:09:00Z","user":"ada","page":"help"}
"#;

const TYPES: &[u8] = b"[default]\nmaxpause = 1m\n\n[visit]\nfields = user\nstartswith = page=home\n\
    mvlist = page\ndelim = \", \"\n\n[round]\nfields = user\nstartswith = eval(page == \"home\")\nendswith = (page=cart)\n\
    colour = red\nshape = round\n";

fn run(search: &str) -> Ran {
    let folder =
        Folder::new(&[("visits.ndjson", VISITS.as_bytes()), ("app/local/transactiontypes.conf", TYPES)]);
    folder.run(&["search", search, "--events", "visits.ndjson", "--app", "app", "--format", "ndjson"])
}

/// The rows, without quotation marks.
fn rows(search: &str) -> Vec<String> {
    let ran = run(search);
    ran.quietly();
    ran.out.lines().map(|line| line.replace('"', "")).collect()
}

#[test]
fn a_transaction_type_says_what_the_search_does_not() {
    let end = "| nomv page | table user page duration";
    assert_eq!(
        rows(&format!("index=main | transaction name=visit {end}")),
        [
            "{user:bob,page:home,duration:0}",
            "{user:ada,page:home,duration:0}",
            "{user:ada,page:home, cart,duration:30}",
        ]
    );
    // The end of `round` holds, the pause of all is 1m unless the search says otherwise.
    assert_eq!(
        rows(&format!("index=main | transaction name=round delim=+ {end}")),
        ["{user:ada,page:cart+home,duration:30}"]
    );
    assert_eq!(
        rows("index=main | transaction page name=visit startswith=eval(1=1) maxpause=-1 | stats count"),
        ["{count:5}"]
    );
}

#[test]
fn a_setting_that_a_transaction_type_does_not_have_is_told() {
    let folder = Folder::new(&[("app/local/transactiontypes.conf", TYPES)]);
    folder.run(&["check", "--app", "app"]).gives(
        1,
        &[
            "app/local/transactiontypes.conf:14: the setting `colour` is not honoured",
            "app/local/transactiontypes.conf:15: the setting `shape` is not honoured",
            "2 settings are not honoured",
        ],
    );
}

#[test]
fn an_event_type_looks_at_the_beginning_of_an_event() {
    let folder = Folder::new(&[("app/local/eventtypes.conf", b"[late]\nsearch = \"the end\"\n" as &[u8])]);
    let typed = |maxlen: &str| {
        let search = format!(
            "| makeresults | eval _raw=\"begin, then the end\" | typer {maxlen} | fields - _time _raw"
        );
        let ran = folder.run(&["search", &search, "--app", "app", "--format", "ndjson"]);
        ran.quietly();
        ran.out
    };
    assert_eq!(typed(""), "{\"eventtype\":\"late\"}\n");
    assert_eq!(typed("maxlen=12"), "{}\n");
}

const DETECTION: &[u8] = b"name: Many Visits\nid: 1\ndescription: Somebody looks around.\nsearch: '`visits` user=ada\n  | stats count by user\n  | `many_visits_filter`'\n";

#[test]
fn a_search_in_a_file_of_its_own_is_a_saved_search() {
    let folder = Folder::new(&[
        ("visits.ndjson", VISITS.as_bytes()),
        ("app/detections/web/many_visits.yml", DETECTION),
        ("app/detections/web/other.yml", b"name: Other\nsearch: '| makeresults | eval a=1 | table a'\n"),
        ("app/macros/visits.yml", b"name: visits\ndefinition: index=main\n"),
        ("app/macros/many_visits_filter.yml", b"name: many_visits_filter\ndefinition: search *\n"),
        ("app/local/savedsearches.conf", b"[Other]\nsearch = | makeresults | eval a=2 | table a\n"),
    ]);
    let run = |search: &str| folder.run(&["search", search, "--events", "visits.ndjson", "--app", "app"]);
    for name in ["Many Visits", "ESCU - Many Visits - Rule"] {
        run(&format!("| savedsearch \"{name}\"")).gives(0, &[r#"{"user":"ada","count":4}"#]);
    }
    run("| from savedsearch:\"Many Visits\"").gives(0, &[r#"{"user":"ada","count":4}"#]);
    // What savedsearches.conf has wins.
    run("| savedsearch Other").gives(0, &[r#"{"a":2}"#]);
    run("| savedsearch \"Many Visit\"").refused().says(&["E0414", "did you mean `Many Visits`?"]);
}
