//! Terms of the search language over events: words, fields that every event has, tags, saved searches.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Folder, Ran};

const EVENTS: &str = r#"{"time":"2026-03-16T08:05:00Z","n":"1","server":"web-1","msg":"Login FAILED for user=ada from 10.1.2.3","path":"C:\\Temp\\a.exe"}
{"time":"2026-03-16T09:15:00Z","n":"2","server":"db-1","msg":"login ok; session-id=77","status":"404"}
{"time":"2026-03-17T10:25:00Z","n":"3","server":"web-2","msg":"disk full","status":"500","tries":["1","2"]}
"#;

fn folder() -> Folder {
    Folder::new(&[
        ("events.ndjson", EVENTS.as_bytes()),
        ("app/local/savedsearches.conf", b"[logins]\nsearch = login NOT disk\n[bad logins]\nsearch = savedsearch=logins FAILED\n[round]\nsearch = savedsearch=round\n[report]\nsearch = login | stats count\n"),
        ("app/local/eventtypes.conf", b"[signin]\nsearch = login\n"),
        ("app/local/tags.conf", b"[eventtype=signin]\nauthentication = enabled\n[host=localhost]\nhere = enabled\n[server=web-1]\nfront = enabled\n"),
        ("app/local/props.conf", b"[plain]\nKV_MODE = json\n"),
    ])
}

fn run(search: &str) -> Ran {
    let arguments = ["search", search, "--events", "events.ndjson", "--app", "app", "--sourcetype", "plain"];
    folder().run(&arguments)
}

/// Which events a filter lets pass.
fn found(filter: &str) -> String {
    let ran = run(&format!("{filter} | sort n | table n"));
    ran.quietly();
    ran.out
        .lines()
        .map(|line| line.replace(r#"{"n":""#, "").replace(r#""}"#, ""))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn words_and_phrases() {
    for (filter, expected) in [
        ("login", "1 2"),
        ("LOGIN failed", "1"),
        ("log*", "1 2"),
        ("\"login ok\"", "2"),
        ("10.1.2.3", "1"),
        ("10.1", "1"),
        ("0.1", ""),
        ("user=ada", ""),
        ("\"user=ada\"", "1"),
        ("session", "2"),
        ("sess", ""),
        ("TERM(session-id=77)", "2"),
        ("TERM(session-id)", ""),
        ("CASE(FAILED)", "1"),
        ("CASE(failed)", ""),
        ("login OR disk full", "3"),
        ("(login OR disk) NOT ok", "1 3"),
        ("NOT login", "3"),
        ("*", "1 2 3"),
    ] {
        assert_eq!(found(&format!("index=main {filter}")), expected, "{filter}");
    }
}

#[test]
fn comparisons_of_fields() {
    for (filter, expected) in [
        ("status=404", "2"),
        ("status>450", "3"),
        ("status=4* OR status=5*", "2 3"),
        ("NOT status=404", "1 3"),
        ("status!=404", "3"),
        ("status IN (404, 50*)", "2 3"),
        ("tries{}=2", "3"),
        ("\"tries{}\"!=2", "3"),
        ("server=WEB*", "1 3"),
        ("server::web-1", "1"),
        (r#"path="c:\\temp\\*""#, "1"),
        (r"path=*\\a.exe", "1"),
        ("n<=2", "1 2"),
        ("nosuch=*", ""),
        ("status=*", "2 3"),
    ] {
        assert_eq!(found(&format!("index=main {filter}")), expected, "{filter}");
    }
}

/// Knowledge Manager Manual, "Use default fields".
#[test]
fn fields_that_every_event_has() {
    for (filter, expected) in [
        ("date_hour=9", "2"),
        ("date_hour>8 date_hour<=10", "2 3"),
        ("date_wday=tuesday", "3"),
        ("date_mday=16 date_month=march date_year=2026 date_zone=0", "1 2"),
        ("date_minute=5 date_second=0", "1"),
        ("linecount=1", "1 2 3"),
        ("splunk_server=local", "1 2 3"),
        ("punct=\"{\\\"\\\":\\\"*\"", "1 2 3"),
    ] {
        assert_eq!(found(&format!("index=main {filter}")), expected, "{filter}");
    }
    let ran = run("index=main | sort n | head 1 | table n date_m*");
    ran.gives(0, &[r#"{"n":"1","date_mday":"16","date_minute":"5","date_month":"march"}"#]);
    run("| tstats count by date_hour | search date_hour=9").gives(0, &[r#"{"date_hour":"9","count":1}"#]);
}

#[test]
fn tags_and_event_types() {
    for (filter, expected) in [
        ("tag=authentication", "1 2"),
        ("tag=front", "1"),
        ("tag::server=front", "1"),
        ("tag::host=here", "1 2 3"),
        ("hosttag=here tag=front", "1"),
        ("tag::eventtype=authentication", "1 2"),
        ("eventtypetag=auth*", "1 2"),
        ("eventtype=signin NOT tag=front", "2"),
        ("NOT tag=auth*", "3"),
    ] {
        assert_eq!(found(&format!("index=main {filter}")), expected, "{filter}");
    }
}

#[test]
fn saved_searches_are_filters() {
    assert_eq!(found("index=main savedsearch=logins"), "1 2");
    assert_eq!(found("index=main savedsearch=\"bad logins\""), "1");
    assert_eq!(found("index=main NOT savedsplunk=logins"), "3");
    assert_eq!(found("index=main | search savedsearch=logins"), "1 2");
    run("index=main savedsearch=round").refused().says(&["error[E0003]", "`round` names itself"]);
    run("index=main savedsearch=none").refused().says(&["error[E0414]"]);
    run("index=main savedsearch=report").refused().says(&["app/local/savedsearches.conf:8"]);
}
