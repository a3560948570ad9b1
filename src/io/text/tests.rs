//! Files that are not JSON, read with chunks of every size.

use std::sync::Arc;

use crate::eval::{Regex, compile};
use jiff::tz::TimeZone;

use super::super::discover::{InputFile, Origin};
use super::super::{ReadOptions, chunks, parse_chunk, read_all};
use super::{Breaking, Content, Csv, Form, Merge, Separator};
use crate::batch::{Batch, FieldSet};
use crate::time::Stamp;
use crate::value::Text;

const SIZES: [usize; 5] = [1, 7, 64, 4096, 1 << 20];

/// The events and what is said, the same for chunks of every size.
fn read(form: &Form, text: &[u8], longest_event: usize) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    std::fs::write(&path, text).unwrap();
    let file = InputFile { form: form.clone(), ..InputFile::new(Origin::Path(path), "f") };
    let outcome = |chunk_size| {
        let options = ReadOptions { chunk_size, longest_event, ..ReadOptions::default() };
        let (batches, problems) = read_all(std::slice::from_ref(&file), &FieldSet::all(), &options);
        let batch = Batch::concat(&batches);
        let raw = (0..batch.rows()).map(|row| batch.get("_raw", row).to_text().into_owned()).collect();
        let said = problems.diagnostics();
        let said =
            said.iter().map(|told| format!("{}: {}", told.place.as_deref().unwrap_or(""), told.message));
        (raw, said.collect())
    };
    let first: (Vec<String>, Vec<String>) = outcome(1 << 30);
    for size in SIZES {
        assert_eq!(outcome(size), first, "chunks of {size}");
    }
    first
}

#[track_caller]
fn check(form: &Form, text: &str, events: &[&str], said: &[&str]) {
    let (raw, told) = read(form, text.as_bytes(), 1 << 20);
    assert_eq!(raw, events);
    assert_eq!(told, said);
}

fn lines() -> Breaking {
    let stamp = Arc::new(Stamp::automatic(TimeZone::UTC, 1_709_251_200.0));
    Breaking { breaker: None, merge: None, truncate: None, stamp }
}

fn xml() -> Form {
    Form::Xml(lines().stamp)
}

fn form(breaking: Breaking) -> Form {
    Form::Text(Arc::new(breaking))
}

fn regex(pattern: &str) -> Option<Regex> {
    Some(compile(pattern).unwrap())
}

#[test]
fn each_line_an_event() {
    check(&form(lines()), "\u{feff}one\r\n\n  two\n \t\nthree", &["one", "  two", "three"], &[]);
    check(&form(lines()), "\n \n", &[], &["f: no events in it"]);
    check(&form(Breaking { truncate: Some(4), ..lines() }), "abcdef\naéé\n", &["abcd", "aé"], &[]);
}

#[test]
fn lines_that_are_too_long() {
    let text = format!("a\n{}\nb\n", "x".repeat(200_000));
    let (events, said) = read(&form(lines()), text.as_bytes(), 1000);
    assert_eq!(events, ["a", "b"]);
    assert_eq!(said, ["f:2: 1 event is too long and was passed over"]);
}

#[test]
fn lines_go_on_until_a_date() {
    let merged = form(Breaking { merge: Some(Merge::default()), ..lines() });
    let text = "2024-02-28 10:00:00 a\n  at x\n\n  at y\n2024-02-28 10:00:01 b\nmore";
    check(&merged, text, &["2024-02-28 10:00:00 a\n  at x\n  at y", "2024-02-28 10:00:01 b\nmore"], &[]);
}

#[test]
fn where_events_must_and_must_not_break() {
    let with = |merge: Merge| form(Breaking { merge: Some(merge), ..lines() });
    let before = Merge { before_date: false, before: regex("^#"), ..Merge::default() };
    check(&with(before.clone()), "x\n#1\na\n#2\nb", &["x", "#1\na", "#2\nb"], &[]);
    let most = Merge { most_lines: 2, ..before.clone() };
    check(&with(most), "#1\na\nb\nc", &["#1\na", "b\nc"], &[]);
    let after = Merge { must_after: regex("end$"), before: None, ..before.clone() };
    check(&with(after.clone()), "a\nb end\nc\nd", &["a\nb end", "c\nd"], &[]);
    let held = Merge { must_not_after: regex("hold$"), before: regex("^#"), ..after };
    check(&with(held), "#1 hold\n#2\n#3 end\n#4\n#5", &["#1 hold\n#2\n#3 end", "#4", "#5"], &[]);
    let not_before = Merge { must_not_before: regex("^#2"), ..before };
    check(&with(not_before), "#1\n#2\n#3", &["#1\n#2", "#3"], &[]);
}

#[test]
fn a_breaker_of_its_own() {
    let with = |pattern: &str| form(Breaking { breaker: regex(pattern), ..lines() });
    check(&with(r"(;\s*)"), "a; b;\nc", &["a", "b", "c"], &[]);
    check(&with(r"()(?=<a>)"), "<a>1\n<a>2<a>3", &["<a>1\n", "<a>2", "<a>3"], &[]);
    check(&with(r"end([\r\n]+)start"), "start 1\nmore end\nstart 2", &["start 1\nmore end", "start 2"], &[]);
    let long: String = (0..20_000).map(|n| format!("line {n};")).collect();
    let (events, _) = read(&with("(;)"), long.as_bytes(), 1 << 20);
    assert_eq!((events.len(), events[19_999].as_str()), (20_000, "line 19999"));
}

#[test]
fn what_is_not_utf8() {
    let (events, said) = read(&form(lines()), b"a\xff\nb\n", 1 << 20);
    assert_eq!(events, ["a\u{fffd}", "b"]);
    assert_eq!(said, ["f:1: 1 event is not UTF-8: its unreadable bytes became U+FFFD"]);
    let (events, _) = read(&form(Breaking { breaker: regex("(;)"), ..lines() }), b"a\xff;b", 1 << 20);
    assert_eq!(events, ["a\u{fffd}", "b"]);
}

#[test]
fn windows_events_in_any_arrangement() {
    let (a, b) = (
        "<Event xmlns='x'><System/><EventData>\n1</EventData></Event>",
        "<Event><EventID>2</EventID></Event>",
    );
    for between in ["\n", "", "\r\n\r\n", ",\n", "</Events>\n<?xml version='1.0'?><Events>"] {
        check(&xml(), &format!("{a}{between}{b}"), &[a, b], &[]);
    }
    check(&xml(), &format!("<?xml version=\"1.0\"?>\n<Events>\n{a}\n{b}\n</Events>\n"), &[a, b], &[]);
    let stray = format!("{a}\nstray\n{b}\n");
    check(&xml(), &stray, &[a, b], &["f:2: text outside of `<Event>` was passed over"]);
    let cut = format!("<Event><System>\n{a}\n<Event xm");
    let said = [
        "f:4: ends in the middle of an event, which was passed over",
        "f:1: 1 event is no whole `<Event>` and was passed over",
    ];
    let (events, told) = read(&xml(), cut.as_bytes(), 1 << 20);
    assert_eq!(events, [a]);
    assert_eq!(told.len(), 2, "{told:?}");
    for said in said {
        assert!(told.iter().any(|told| told == said), "{told:?}");
    }
    check(&xml(), "", &[], &["f: no events in it"]);
    let long = format!("<Event>{}</Event>{b}", "x".repeat(300_000));
    let (events, said) = read(&xml(), long.as_bytes(), 1000);
    assert_eq!(events, [b]);
    assert_eq!(said, ["f:1: 1 event is too long and was passed over"]);
}

fn csv() -> Csv {
    Csv::of_nobody(b',')
}

/// The rows as `name=value` lists.
fn rows(csv: Csv, text: &str) -> Vec<String> {
    let form = Form::Csv(Arc::new(csv));
    read(&form, text.as_bytes(), 1 << 20);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    std::fs::write(&path, text).unwrap();
    let file = InputFile { form, ..InputFile::new(Origin::Path(path), "f") };
    let options = ReadOptions { chunk_size: 10, ..ReadOptions::default() };
    let mut found = Vec::new();
    for chunk in chunks(&[file], &options) {
        let batch = parse_chunk(&chunk, &FieldSet::all(), None).batch;
        for row in 0..batch.rows() {
            let cell = |name: &Text| format!("{name}={}", batch.get(name, row).to_text());
            let names = batch.names().filter(|name| *name != "_raw" && !batch.get(name, row).is_null());
            found.push(names.map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    found
}

#[test]
fn records_under_a_header() {
    let text = "user,Source IP,note\nada,192.0.2.1,\"one, \"\"two\"\"\nthree\"\n\nbob,,5\" disk\n";
    assert_eq!(
        rows(csv(), text),
        ["user=ada Source_IP=192.0.2.1 note=one, \"two\"\nthree", "user=bob note=5\" disk"]
    );
    let text = "a line\nuser;n\nada;-\n";
    let other =
        Csv { delimiter: Separator::Byte(b';'), preamble: regex("^a "), missing: regex("^-$"), ..csv() };
    assert_eq!(rows(other, text), ["user=ada"]);
    assert_eq!(rows(Csv { header_line: Some(2), ..csv() }, "x\nuser\nada\n"), ["user=ada"]);
    assert_eq!(rows(Csv { names: vec!["user".into()], ..csv() }, "ada\nbob"), ["user=ada", "user=bob"]);
}

#[test]
fn the_extended_log_format() {
    let text =
        "#Software: x\n#Fields: date cs-method\n2024-01-01 GET\n#Fields: date c-ip\n2024-01-02 192.0.2.1\n";
    let w3c = Csv {
        delimiter: Separator::Byte(b' '),
        quote: None,
        missing: regex("^-$"),
        directives: true,
        ..csv()
    };
    assert_eq!(rows(w3c, text), ["date=2024-01-01 cs-method=GET", "date=2024-01-02 c-ip=192.0.2.1"]);
}

#[test]
fn a_chunk_knows_the_time_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    std::fs::write(&path, "2024-02-28T09:30:15Z a\nb\nc\n").unwrap();
    let file = InputFile { form: form(lines()), ..InputFile::new(Origin::Path(path), "f") };
    let options = ReadOptions { chunk_size: 1, ..ReadOptions::default() };
    let carried = |chunk: super::super::Chunk| match chunk.content {
        Content::Text(_, time) => time,
        _ => None,
    };
    let times: Vec<Option<f64>> = chunks(&[file], &options).map(carried).collect();
    assert_eq!(times[..3], [None, Some(1_709_112_615.0), Some(1_709_112_615.0)]);
}
