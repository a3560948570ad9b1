//! `inputlookup`: mistakes, missing tables, and what it adds to events.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{App, batches, lines, run, settings};
use speleo::batch::Batch;
use speleo::diagnostic::{Code, Sources};
use speleo::exec::Flow;
use speleo::io::ReadOptions;
use speleo::plan::RunOptions;

const FILES: [(&str, &str); 2] = [
    ("lookups/t.csv", "a,b\n1,x\n2,\n3,z\n4,x\n"),
    ("lookups/transforms.conf", "[t]\nfilename = t.csv\n[gone]\nfilename = gone.csv\n"),
];

#[test]
fn what_inputlookup_does_not_take() {
    let app = App::new(&FILES);
    for (search, code, words) in [
        ("| inputlookup", Code::Arguments, "inputlookup"),
        ("| inputlookup where a=1", Code::Arguments, "inputlookup"),
        ("| inputlookup tt", Code::UnknownLookup, "tt"),
        ("| inputlookup gone strict=t", Code::LookupFile, "gone"),
        ("| inputlookup t strict=perhaps", Code::OptionValue, "perhaps"),
        ("| inputlookup t max=-1", Code::OptionValue, "-1"),
        ("| inputlookup t start=x", Code::OptionValue, "x"),
        ("| inputlookup t limit=1", Code::UnknownOption, "limit="),
        ("| inputlookup max=1 t max=2", Code::RepeatedOption, "max="),
        ("| inputlookup t where", Code::Arguments, "inputlookup"),
        ("| inputlookup t a=1", Code::UnknownOption, "a="),
        ("| inputlookup t u", Code::Arguments, "u"),
        ("| inputlookup t where earliest=1", Code::Arguments, "earliest=1"),
        ("| inputlookup t where a=1 OR (b=2 TERM(x))", Code::Arguments, "TERM(x)"),
        ("| inputlookup append=f t | inputlookup t", Code::CommandPosition, "inputlookup"),
    ] {
        let mut sources = Sources::new();
        let Err(mistakes) = app.plan_with(search, &settings(), &mut sources) else { panic!("`{search}`") };
        let label = mistakes[0].labels.first().map(|label| sources.slice(label.span).to_string());
        assert_eq!((mistakes[0].code, label.unwrap_or_default().as_str()), (code, words), "{search}");
    }
}

#[test]
fn options_before_and_after_the_name() {
    let app = App::new(&FILES);
    let rows = |search: &str| app.run(search, Vec::new()).expect("rows");
    assert_eq!(rows("| inputlookup start=1 t.csv max=2"), [r#"{"a": "2"}"#, r#"{"a": "3", "b": "z"}"#]);
    assert_eq!(rows("| inputlookup t start=4 max=9"), [""; 0]);
    assert_eq!(rows("| inputlookup t max=0"), [""; 0]);
    assert_eq!(rows("| inputlookup append=t t max=1 | inputlookup t append=T max=1").len(), 2);
    // What is read is counted, not what passes the filter; an empty cell is no value.
    assert_eq!(rows("| inputlookup t max=3 where b=x"), [r#"{"a": "1", "b": "x"}"#]);
    assert_eq!(rows("| inputlookup t where NOT b=*"), [r#"{"a": "2"}"#]);
    assert_eq!(rows("| inputlookup t where b!=x a>2"), [r#"{"a": "3", "b": "z"}"#]);
    assert_eq!(rows("| inputlookup t where a IN (1, 4) | table b"), [r#"{"b": "x"}"#, r#"{"b": "x"}"#]);
}

#[test]
fn a_missing_table_has_no_rows_and_is_said() {
    let app = App::new(&FILES);
    let plan = app.plan("| inputlookup t max=1 | inputlookup append=t gone").expect("a plan");
    assert_eq!(lines(&run(&plan, Vec::new(), 1).expect("rows")), [r#"{"a": "1", "b": "x"}"#]);
    let trouble = plan.trouble();
    assert_eq!(trouble.len(), 1);
    assert_eq!(trouble[0].code, Code::LookupMissing);
    assert_eq!(trouble[0].place.as_deref(), Some(app.path("lookups/transforms.conf:3").as_str()));
    assert_eq!(trouble[0].labels.len(), 1);
}

#[test]
fn a_table_without_rows_has_its_columns() {
    let app = App::new(&[("lookups/t.csv", "b,a\n")]);
    let plan = app.plan("| inputlookup t.csv").expect("a plan");
    let all = Batch::concat(&run(&plan, Vec::new(), 1).expect("rows"));
    assert_eq!((all.rows(), all.display_order()), (0, vec![&"b".into(), &"a".into()]));
}

/// A table of several batches comes whole and in order.
#[test]
fn long_tables() {
    let table: String =
        std::iter::once("n\n".to_string()).chain((0..20_000).map(|n| format!("{n}\n"))).collect();
    let app = App::new(&[("lookups/long.csv", &table)]);
    let rows = app.run("| inputlookup long.csv start=1 max=18000 | where n % 1000 = 0", Vec::new());
    let expected: Vec<String> = (1..=18).map(|n| format!("{{\"n\": \"{}\"}}", n * 1000)).collect();
    assert_eq!(rows.expect("rows"), expected);
}

/// Events have no order of columns, so what follows them has none: any cut of the input prints the same.
#[test]
fn added_to_events_in_any_cut() {
    let app = App::new(&[("lookups/t.csv", "zone,eventName,answer\nz,e,42\n")]);
    let search = "| search eventName=*Instances | fields eventName, errorMessage | inputlookup append=t t.csv | fields - _*";
    let cut = |chunk_size: usize, threads: usize| {
        let plan = app.plan(search).expect("a plan");
        let read = ReadOptions { chunk_size, ..ReadOptions::default() };
        let mut out = Vec::new();
        let mut sink = |batch| {
            out.push(batch);
            Ok(Flow::More)
        };
        plan.run(Vec::new(), &RunOptions { threads, read, deadline: None }, &mut sink).expect("a run");
        lines(&out)
    };
    let whole = cut(1 << 20, 1);
    assert_eq!(
        whole,
        [
            r#"{"eventName": "StopInstances"}"#,
            r#"{"errorMessage": "You are not authorized to perform this operation.", "eventName": "RunInstances"}"#,
            r#"{"eventName": "DescribeInstances"}"#,
            r#"{"eventName": "RunInstances"}"#,
            r#"{"answer": "42", "eventName": "e", "zone": "z"}"#,
        ]
    );
    for chunk_size in [1, 600, 2000] {
        assert_eq!(cut(chunk_size, 1), whole);
        assert_eq!(cut(chunk_size, 2), whole);
    }
}

/// Rows in an order of columns keep it; the table's own columns follow in the order of the table.
#[test]
fn added_to_rows_in_any_cut() {
    let app = App::new(&[("lookups/t.csv", "z,b,c\n1,2,3\n")]);
    let given = "{\"b\": \"x\", \"a\": \"y\"}\n{\"a\": \"w\"}\n{\"b\": \"v\"}";
    for size in 1..4 {
        let rows = app.run("inputlookup append=t t.csv", batches(given, size)).expect("rows");
        assert_eq!(rows[3], r#"{"b": "2", "z": "1", "c": "3"}"#);
    }
    // `head` ends the reading, and the table's rows still come.
    let rows = app.run("head 1 | inputlookup t.csv append=t | stats count", batches(given, 1)).expect("rows");
    assert_eq!(rows, [r#"{"count": 2}"#]);
}
