//! The time of events that name none, or only a part of it (Getting Data In, "How timestamp assignment works"; props.conf,
//! "Timestamp extraction configuration").

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

/// 2026-03-16T08:00:00Z, when the files were last written.
const WRITTEN: u64 = 1_773_648_000;

/// The events of a file with their times, the last read first where they have the same.
fn times(name: &str, content: &str, props: &str) -> Vec<String> {
    let folder = Folder::new(&[("app/local/props.conf", props.as_bytes())]);
    folder.write_at(name, content.as_bytes(), WRITTEN);
    let search = "* | reverse | eval at=strftime(_time, \"%F %T\") | table at n";
    let of = |threads: &str| {
        let more =
            ["--sourcetype", "s", "--app", "app", "--now", "2026-03-17T00:00:00Z", "--threads", threads];
        let ran = folder.run(&[&["search", search, "--events", name], &more[..]].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.out
    };
    assert_eq!(of("1"), of("4"));
    of("1")
        .lines()
        .map(|line| line.replace(['"', '{', '}'], "").replace("at:", "").replace(",n:", " "))
        .collect()
}

const PLAIN: &str = "[s]\nSHOULD_LINEMERGE = false\n";

#[test]
fn an_event_without_a_time_has_that_of_the_one_before_and_the_first_that_of_the_file() {
    let text = "n=1\n2026-03-15 07:00:00 n=2\nn=3\n2026-03-15 06:00:00 n=4\nn=5\n";
    let found = times("a.log", text, PLAIN);
    let expected = [
        "2026-03-15 06:00:00 4",
        "2026-03-15 06:00:00 5",
        "2026-03-15 07:00:00 2",
        "2026-03-15 07:00:00 3",
        "2026-03-16 08:00:00 1",
    ];
    assert_eq!(found, expected);
    // Many of them, over many chunks.
    let many = format!("2026-03-15 07:00:00 n=0\n{}", "n=1 and some text\n".repeat(60_000));
    let folder = Folder::new(&[("app/local/props.conf", PLAIN.as_bytes())]);
    folder.write_at("many.log", many.as_bytes(), WRITTEN);
    let counted = ["search", "n=1 | stats count by _time", "--events", "many.log"];
    let ran = folder.run(&[&counted[..], &["--app", "app", "--sourcetype", "s"]].concat());
    ran.gives(0, &[r#"{"_time":1773558000,"count":60000}"#]).quietly();
}

#[test]
fn json_and_tables_without_a_time_have_that_of_their_file() {
    let lines = "{\"n\":1}\n{\"n\":2,\"time\":\"2026-03-15T07:00:00Z\"}\n";
    assert_eq!(times("a.json", lines, ""), ["2026-03-15 07:00:00 2", "2026-03-16 08:00:00 1"]);
    assert_eq!(times("a.csv", "n,m\n1,x\n", "[s]\nINDEXED_EXTRACTIONS = csv\n"), ["2026-03-16 08:00:00 1"]);
    // The search has no other time.
    let folder = Folder::new(&[]);
    let arguments = ["search", "* | table _time n", "--events", "-", "--now", "2026-03-17T00:00:00Z"];
    folder
        .run_with(b"{\"n\":1}\n", &arguments)
        .gives(0, &[r#"{"_time":1773705600,"n":"1"}"#])
        .says(&["warning[W0506]", "that of the search"]);
    folder.run_with(b"n=1\n", &arguments).gives(0, &[r#"{"_time":1773705600,"n":"1"}"#]).quietly();
    // What is found by its time is found by that, too.
    folder.write_at("a.json", b"{\"n\":1}\n", WRITTEN);
    let at = ["search", "*", "--events", "a.json", "--earliest", "2026-03-16", "--latest", "2026-03-17"];
    assert_eq!(folder.run(&at).out.lines().count(), 1);
}

#[test]
fn a_time_of_day_is_that_of_the_day_in_the_name_or_when_the_file_was_written() {
    let text = "09:30:15 n=1\n10:00:00.500 n=2\nn=3\n";
    let of = |day: &str| ["09:30:15 1", "10:00:00 2", "10:00:00 3"].map(|rest| format!("{day} {rest}"));
    assert_eq!(times("app-2024-02-28.log", text, PLAIN), of("2024-02-28"));
    assert_eq!(times("20240228/app.log", text, PLAIN), of("2024-02-28"));
    assert_eq!(times("app.log", text, PLAIN), of("2026-03-16"));
    let format = format!("{PLAIN}TIME_FORMAT = %H:%M:%S\n");
    assert_eq!(times("app-2024-02-28.log", text, &format), of("2024-02-28"));
    // On the clock of the source type.
    let zone = format!("{PLAIN}TZ = Europe/Berlin\n");
    assert_eq!(times("app-2024-02-28.log", "09:30:15 n=1\n", &zone), ["2024-02-28 08:30:15 1"]);
    // Events that name a date need none; a date alone in a name is no time of an event.
    let dated = "2026-03-15 07:00:00 n=1\n09:30:15 n=2\n";
    assert_eq!(times("app-2024-02-28.log", dated, PLAIN), ["2026-03-15 07:00:00 1", "2026-03-15 07:00:00 2"]);
    assert_eq!(times("app-2024-02-28.log", "n=1\n", PLAIN), ["2026-03-16 08:00:00 1"]);
}

#[test]
fn what_datetime_config_says() {
    for (config, time) in [("CURRENT", "2026-03-17 00:00:00"), ("NONE", "2026-03-16 08:00:00")] {
        let props = format!("{PLAIN}DATETIME_CONFIG = {config}\n");
        let json = "{\"time\":\"2026-03-15T07:00:00Z\",\"n\":1}\n";
        for (name, text) in [("a.log", "2026-03-15 07:00:00 n=1\n"), ("a.json", json)] {
            assert_eq!(times(name, text, &props), [format!("{time} 1")], "{config}: {name}");
        }
        let folder = Folder::new(&[("app/local/props.conf", props.as_bytes()), ("a.json", json.as_bytes())]);
        folder.run(&["search", "*", "--events", "a.json", "--sourcetype", "s", "--app", "app"]).quietly();
    }
}

#[test]
fn times_that_are_too_old_or_too_new_are_those_of_the_last_that_is_neither() {
    let props = format!("{PLAIN}MAX_DAYS_AGO = 10\nMAX_DAYS_HENCE = 2\n");
    let text = "2026-03-15 07:00:00 n=1\n2020-01-01 00:00:00 n=2\n2030-01-01 00:00:00 n=3\n";
    let found = times("a.log", text, &props);
    assert_eq!(found, ["2026-03-15 07:00:00 1", "2026-03-15 07:00:00 2", "2026-03-15 07:00:00 3"]);
}

#[test]
fn a_time_under_an_unknown_key_is_found_in_the_first_letters() {
    let near = "{\"when\":\"2026-03-15T07:00:00Z\",\"n\":1}\n";
    assert_eq!(times("a.json", near, ""), ["2026-03-15 07:00:00 1"]);
    let far = format!("{{\"pad\":\"{}\",\"when\":\"2026-03-15T07:00:00Z\",\"n\":1}}\n", "x".repeat(128));
    assert_eq!(times("a.json", &far, ""), ["2026-03-16 08:00:00 1"]);
    let props = "[s]\nMAX_TIMESTAMP_LOOKAHEAD = 300\n";
    assert_eq!(times("a.json", &far, props), ["2026-03-15 07:00:00 1"]);
}
