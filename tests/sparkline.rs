//! `sparkline`: its names, its bins in a zone, what is cut, and its mistakes.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{App, batches, lines, run, settings};
use speleo::diagnostic::{Code, Sources};
use speleo::plan::Settings;
use speleo::time::TimeZone;

fn rows(search: &str, given: &str) -> Vec<String> {
    let plan = common::plan(search).expect("a plan");
    let whole = lines(&run(&plan, batches(given, usize::MAX), 1).expect("rows"));
    for size in 1..=given.lines().count() {
        assert_eq!(lines(&run(&plan, batches(given, size), 2).expect("rows")), whole, "batches of {size}");
    }
    whole
}

const MARK: &str = r###""##__SPARKLINE__##""###;

/// The column is called as it was written, without quotation marks; a wildcard stands for each field.
#[test]
fn names() {
    let given = "{\"_time\": \"60\", \"ms in\": \"1\", \"ms out\": \"2\"}\n{\"_time\": \"130\", \"ms in\": \"3\", \"ms out\": \"4\"}";
    // From 60 to 130 are 71 seconds.
    let seconds = format!("1, {}1", "0, ".repeat(69));
    assert_eq!(
        rows("stats sparkline( Avg(\"ms in\") ,1m ), SPARKLINE, sparkline(c,1m) AS n", given),
        [format!(
            r#"{{"sparkline(Avg(ms in),1m)": [{MARK}, 1, 3], "SPARKLINE": [{MARK}, {seconds}], "n": [{MARK}, 1, 1]}}"#
        )]
    );
    assert_eq!(
        rows("stats sparkline(sum(ms*), 1m), sparkline(max(ms*), 1m) AS top*", given),
        [format!(
            r#"{{"sparkline(sum(ms in), 1m)": [{MARK}, 1, 3], "sparkline(sum(ms out), 1m)": [{MARK}, 2, 4], "top in": [{MARK}, 1, 3], "top out": [{MARK}, 2, 4]}}"#
        )]
    );
}

/// All lines have the bins of all rows: also that of a condition, of a field that few rows have, of a group
/// that has none of it.
#[test]
fn all_lines_have_the_same_bins() {
    let given = concat!(
        "{\"_time\": \"0\", \"host\": \"a\"}\n",
        "{\"_time\": \"70\", \"host\": \"b\", \"ms\": \"5\"}\n",
        "{\"host\": \"b\", \"ms\": \"6\"}\n",
        "{\"_time\": \"1e20\", \"host\": \"b\", \"ms\": \"7\"}\n",
        "{\"_time\": \"190\", \"host\": \"c\"}",
    );
    assert_eq!(
        rows(
            "stats sparkline(count(eval(ms > 4)), 1m) AS slow, sparkline(avg(m*), 1m) AS m*, sparkline(count(none), 1m) AS none BY host",
            given
        ),
        [
            format!(r#"{{"host": "a", "slow": [{MARK}, 0, 0, 0, 0], "none": [{MARK}, 0, 0, 0, 0]}}"#),
            format!(
                r#"{{"host": "b", "slow": [{MARK}, 0, 1, 0, 0], "ms": [{MARK}, 0, 5, 0, 0], "none": [{MARK}, 0, 0, 0, 0]}}"#
            ),
            format!(r#"{{"host": "c", "slow": [{MARK}, 0, 0, 0, 0], "none": [{MARK}, 0, 0, 0, 0]}}"#),
        ]
    );
    assert_eq!(rows("stats sparkline(avg(ms), 1m), sparkline", "{\"ms\": \"1\"}"), [""; 0]);
}

/// Days are those of the zone: 2026-03-15T23:30Z is the 16th in Berlin.
#[test]
fn days_of_the_zone() {
    let app = App::new(&[]);
    let settings = Settings { zone: TimeZone::get("Europe/Berlin").expect("a zone"), ..settings() };
    let plan =
        app.plan_with("stats sparkline(count, 1d) AS n", &settings, &mut Sources::new()).expect("a plan");
    let given = "{\"_time\": \"1773617400\"}\n{\"_time\": \"1773619200\"}\n{\"_time\": \"1773610000\"}";
    let out = run(&plan, batches(given, 2), 2).expect("rows");
    assert_eq!(lines(&out), [format!(r#"{{"n": [{MARK}, 1, 2]}}"#)]);
}

#[test]
fn what_is_cut_is_said() {
    let plan = common::plan("stats sparkline(count, 1s) AS n").expect("a plan");
    let given = "{\"_time\": \"5\"}\n{\"_time\": \"104\"}\n{\"_time\": \"105\"}";
    let out = lines(&run(&plan, batches(given, 1), 1).expect("rows"));
    assert_eq!(out, [format!(r#"{{"n": [{MARK}, 1, {}1]}}"#, "0, ".repeat(98))]);
    let trouble = plan.trouble();
    assert_eq!((trouble.len(), trouble[0].code), (1, Code::Limit));
    assert_eq!(trouble[0].message, "a sparkline has more than 100 bins of 1s: the first 100 are shown");
}

#[test]
fn mistakes_are_shown() {
    for (search, code, words) in [
        ("stats sparkline(values(ms), 1h)", Code::Arguments, "values(ms)"),
        ("stats sparkline(sparkline, 1h)", Code::Arguments, "sparkline"),
        ("stats sparkline(cuont, 1h)", Code::UnknownAggregate, "cuont"),
        ("stats sparkline(avg, 1h)", Code::Syntax, ","),
        ("stats sparkline()", Code::Syntax, ")"),
        ("stats sparkline(avg(), 1h)", Code::Arguments, "avg()"),
        ("stats sparkline(count,)", Code::Syntax, ")"),
        ("stats sparkline(count, 0h)", Code::Time, "0h"),
        ("stats sparkline(count, 1h, 2h)", Code::Syntax, ","),
        ("stats per_hour(bytes)", Code::NotSupported, "per_hour"),
        ("| mstats rate_sum(requests) where index=*", Code::NotSupported, "rate_sum"),
        ("eventstats count, Per_Second(bytes) BY host", Code::NotSupported, "Per_Second"),
        ("| tstats sparkline(count, 1h) from datamodel=Change", Code::Arguments, "sparkline(count, 1h)"),
    ] {
        let mut sources = Sources::new();
        let Err(mistakes) = common::parse(&mut sources, search) else { panic!("`{search}` has no mistake") };
        let label = mistakes[0].labels.first().map(|label| sources.slice(label.span));
        assert_eq!((mistakes[0].code, label.as_deref()), (code, Some(words)), "{search}");
    }
}

/// A printed search means the same; what was written decides the name of the column.
#[test]
fn printing() {
    for (search, printed) in [
        ("stats sparkline", "stats sparkline"),
        ("stats SPARKLINE AS s BY host", "stats SPARKLINE AS s BY host"),
        (
            "stats sparkline(avg(\"a b\"), 1hr)",
            "stats sparkline(avg(\"a b\"), 1h) AS \"sparkline(avg(a b), 1hr)\"",
        ),
        ("stats sparkline(dc(eval(a.b))) AS n", "stats sparkline(dc(eval(a . b))) AS n"),
        ("stats avg, c", "stats avg, c"),
    ] {
        let mut sources = Sources::new();
        assert_eq!(common::parse(&mut sources, search).expect("a search").to_string(), printed);
        assert_eq!(common::parse(&mut sources, printed).expect("a search").to_string(), printed);
    }
}
