//! Terms of the search language that bound its time range, over events of known times.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

/// One event an hour on 2026-03-15 and 2026-03-16, UTC; now is noon of the 16th.
fn hours(search: &str) -> Vec<String> {
    hours_of(search, &[])
}

fn hours_of(search: &str, more: &[&str]) -> Vec<String> {
    let event = |day: u32, hour: u32| format!("{{\"time\":\"2026-03-{day}T{hour:02}:00:00Z\"}}\n");
    let events: String = [15, 16].iter().flat_map(|day| (0..24).map(move |hour| event(*day, hour))).collect();
    let folder = Folder::new(&[("events.ndjson", events.as_bytes())]);
    let search = format!("{search} | sort 0 _time | eval t=strftime(_time, \"%d.%H\") | table t");
    let mut args = vec!["search", &search, "--events", "events.ndjson", "--now", "2026-03-16T12:00:00Z"];
    args.extend(more);
    let ran = folder.run(&args);
    ran.quietly();
    let time = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["t"].as_str().unwrap().to_string()
    };
    ran.out.lines().map(time).collect()
}

/// Search Reference, "Time modifiers".
#[test]
fn every_term_bounds_the_range() {
    let cases: [(&str, &[&str]); 19] = [
        ("earliest=-2h latest=now", &["16.10", "16.11"]),
        ("earliest=-2h", &["16.10", "16.11"]),
        ("earliest>=-2h latest<-1h", &["16.10"]),
        ("earliest>-2h@h latest<=now", &["16.11", "16.12"]),
        ("earliest=\"03/16/2026:10:00:00\" latest=\"03/16/2026:11:30:00\"", &["16.10", "16.11"]),
        ("starttime=\"03/16/2026:10:00:00\" endtime=\"03/16/2026:12:00:00\"", &["16.10", "16.11"]),
        ("timeformat=\"%Y-%m-%d\" starttime=2026-03-16 latest=@d+2h", &["16.00", "16.01"]),
        ("starttimeu=1773655200 endtimeu=1773662400", &["16.10", "16.11"]),
        ("starthoursago=2", &["16.10", "16.11"]),
        ("hoursago=2 endhoursago=1", &["16.10"]),
        ("startminutesago=120 endminutesago=60", &["16.10"]),
        ("daysago=1 endhoursago=22", &["15.12", "15.13"]),
        ("startdaysago=1 searchtimespanhours=2", &["15.12", "15.13"]),
        ("enddaysago=1 searchtimespanhours=2", &["15.10", "15.11"]),
        ("searchtimespanminutes=60", &["16.11"]),
        ("startmonthsago=1 endhoursago=35", &["15.00"]),
        ("_index_earliest=-2h _index_latest=-1h", &["16.10"]),
        (
            "(earliest=-2h latest=-1h) OR (earliest=\"3/15/2026:05:00:00\" latest=\"3/15/2026:06:00:00\")",
            &["15.05", "16.10"],
        ),
        ("((earliest=-13h latest<@d) OR (earliest>=@d+11h))", &["15.23", "16.11"]),
    ];
    for (terms, expected) in cases {
        let found = hours(&format!("index=main {terms}"));
        let found: Vec<&str> = found.iter().map(String::as_str).take(4).collect();
        assert_eq!(found, expected, "{terms}");
    }
}

#[test]
fn what_a_search_states_wins_over_the_run() {
    let run = ["--earliest", "2026-03-15T00:00:00Z", "--latest", "2026-03-15T02:00:00Z"];
    assert_eq!(hours_of("index=main", &run), ["15.00", "15.01"]);
    assert_eq!(hours_of("index=main earliest=-1h", &run), ["16.11"]);
    // Past the first command the terms are a filter.
    assert_eq!(hours_of("index=main | search starthoursago=36 endhoursago=34", &run), ["15.00", "15.01"]);
}

/// A field that a command made is compared like any other.
#[test]
fn fields_named_like_terms_are_compared_with_numbers() {
    let search = "index=main | eval earliest=5, latest=7 | search earliest>4 latest<8 | tail 1";
    assert_eq!(hours(search).len(), 1);
    assert!(hours("index=main | eval earliest=5 | search earliest>5").is_empty());
}

/// Times that hardly repeat are not coded by a dictionary; each is read as it is written all the same.
#[test]
fn thousands_of_different_times() {
    let time = |second: u32| {
        let zone = if second == 2500 { "+01:00" } else { "Z" };
        format!("2026-03-15T{:02}:{:02}:{:02}{zone}", second / 3600, second / 60 % 60, second % 60)
    };
    let event = |second: u32| format!("{{\"time\":\"{}\"}}\n", time(second));
    let events: String = (0..2999).map(event).collect::<String>() + "{\"time\":\"1773540000\"}\n";
    let folder = Folder::new(&[("events.ndjson", events.as_bytes())]);
    let search = "* | stats count dc(_time) min(_time) max(_time)";
    let ran = folder.run(&["search", search, "--events", "events.ndjson"]);
    ran.quietly();
    // 2026-03-15T00:00:00Z is 1773532800.
    let row = r#"{"count":3000,"dc(_time)":3000,"min(_time)":1773531700,"max(_time)":1773540000}"#;
    assert_eq!(ran.out.trim(), row);
}
