//! Files made to be awkward, read with chunks of every size.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::diagnostic::{Code, Severity};

/// Chunk sizes that must not make a difference.
const SIZES: [usize; 6] = [1, 7, 64, 4096, 1 << 20, 1 << 30];

/// What a file gives: the values of `a` and of `_raw` row by row, and what is said about it.
#[derive(Debug, PartialEq)]
struct Outcome {
    a: Vec<String>,
    raw: Vec<String>,
    said: Vec<String>,
}

fn read(files: &[InputFile], options: &ReadOptions) -> Outcome {
    let (batches, problems) = read_all(files, &FieldSet::of(["a", "_raw"]), options);
    let batch = Batch::concat(&batches);
    let column = |name| (0..batch.rows()).map(|row| batch.get(name, row).to_text().into_owned()).collect();
    let said = problems.diagnostics().into_iter().map(|told| {
        let place = told.place.unwrap_or_default();
        format!("{}: {}", place.rsplit('/').next().unwrap_or(""), told.message)
    });
    Outcome { a: column("a"), raw: column("_raw"), said: said.collect() }
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> InputFile {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    InputFile::new(Origin::Path(path.clone()), path.display().to_string())
}

/// Reads a file in all chunk sizes, plain and gzipped, and checks that it makes no difference.
fn outcome_of(bytes: &[u8], longest_event: usize) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let plain = [file(folder.path(), "f", bytes)];
    let zipped = [file(folder.path(), "f.gz", &gzip(bytes))];
    let mut outcomes = Vec::new();
    for chunk_size in SIZES {
        let options = ReadOptions { chunk_size, longest_event, ..ReadOptions::default() };
        outcomes.push(read(&plain, &options));
        let mut unzipped = read(&zipped, &options);
        unzipped.said.iter_mut().for_each(|said| *said = said.replace("f.gz", "f"));
        outcomes.push(unzipped);
    }
    let first = outcomes.swap_remove(0);
    for (other, outcome) in outcomes.iter().enumerate() {
        assert_eq!(*outcome, first, "outcome {other} differs");
    }
    first
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Checks the values of `a`, joined with blanks, and what is said.
#[track_caller]
fn check(bytes: impl AsRef<[u8]>, a: &str, said: &[&str]) -> Outcome {
    let outcome = outcome_of(bytes.as_ref(), LONGEST_EVENT);
    assert_eq!((outcome.a.join(" ").as_str(), &outcome.said[..]), (a, &said.map_strings()[..]));
    outcome
}

trait MapStrings {
    fn map_strings(&self) -> Vec<String>;
}

impl MapStrings for &[&str] {
    fn map_strings(&self) -> Vec<String> {
        self.iter().map(|text| text.to_string()).collect()
    }
}

#[test]
fn lines() {
    let outcome = check("{\"a\":1}\n\n  {\"a\" : 2} \r\n{\"b\":3}\n{\"a\":4}", "1 2  4", &[]);
    assert_eq!(outcome.raw, ["{\"a\":1}", "{\"a\" : 2}", "{\"b\":3}", "{\"a\":4}"]);
    check("\u{feff}{\"a\":1}\n{\"a\":2}\n", "1 2", &[]);
    check("\n\r\n \t\n{\"a\":1}\nx\n", "1", &["f:5: 1 line is not JSON and was passed over"]);
    check("{\"a\":1}{\"a\":2}\n[{\"a\":3},{\"a\":4}]\n", "1 2 3 4", &[]);
}

#[test]
fn a_malformed_line_loses_only_itself() {
    let text = "{\"a\":1}\n{\"a\":\n{\"a\":2}\nnull\n{\"a\":3} }\n{\"a\":\"x\n{\"a\":4}\n\"a\"\n";
    check(text, "1 2 4", &["f:2: 5 lines are not JSON and were passed over"]);
    let cut_first = "se\"}\n{\"a\":\"x\n{\"a\":1}\n{\"a\":2}\n";
    check(cut_first, "1 2", &["f:1: 2 lines are not JSON and were passed over"]);
    let cut_first = "{\"b\":{\"c\":1\n{\"a\":1}\n{\"a\":{}\n{\"a\":2}\n";
    check(cut_first, "1 2", &["f:1: 2 events are not JSON and were passed over"]);
}

#[test]
fn the_last_line_may_be_cut() {
    check("{\"a\":1}\n{\"a\":2", "1", &["f:2: ends in the middle of an event, which was passed over"]);
    check("{\"a\":1}\n{\"a\":2}}", "1", &["f:2: 1 line is not JSON and was passed over"]);
    check("{\"a\":1}\n{\"a\":2\n", "1", &["f:2: 1 line is not JSON and was passed over"]);
    check(
        "{\"a\":1}\n{\"a\":\"\u{e9}\"}\n{\"a\":\"\u{20ac}".as_bytes().split_last().unwrap().1,
        "1 é",
        &["f:3: ends in the middle of an event, which was passed over"],
    );
    check("{\"a\"", "", &["f:1: ends in the middle of an event, which was passed over"]);
}

#[test]
fn lists() {
    let pretty = "[\n  {\n    \"a\": \"]\\\"}\",\n    \"b\": [1, {}]\n  },\n  {\"a\": 2}\n]\n";
    let outcome = check(pretty, "]\"} 2", &[]);
    assert_eq!(outcome.raw[0], "{\n    \"a\": \"]\\\"}\",\n    \"b\": [1, {}]\n  }");
    check("[{\"a\":1},{\"a\":2}]", "1 2", &[]);
    check("[{\"a\":1},{\"a\":2}]\n{\"a\":3}\n[{\"a\":4}][]", "1 2 3 4", &[]);
    check("[\n{\"a\":1},\n{\"a\":2}\n]", "1 2", &[]);
    let nested = check("[[{\"a\":1}],{\"a\":[2,[3]]}]", " ", &[]);
    assert_eq!(nested.raw, ["[{\"a\":1}]", "{\"a\":[2,[3]]}"]);
}

#[test]
fn records() {
    check("{\"Records\":[{\"a\":1},{\"a\":2}]}", "1 2", &[]);
    check("{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"a\":2},{\"a\":3}]}\n{\"a\":4}\n", "1 2 3 4", &[]);
    check("{\"Records\":[{\"a\":1}]}{\"Records\":[{\"a\":2}]}", "1 2", &[]);
    let pretty = "\u{feff}\n{\n  \"Records\" : [\n    {\n \"a\": 1 },\n    { \"a\": 2 }\n  ],\n \"next\": {\"x\":[\"}\"]}\n}\n{\n\"a\":3}";
    check(pretty, "1 2 3", &[]);
    let inner = check("{\n\"a\":1,\n\"Records\":[{\"a\":2}]}", "1", &[]);
    assert_eq!(inner.raw.len(), 1);
    let inner = check("[{\"Records\":[{\"a\":2}]}]", "", &[]);
    assert_eq!(inner.raw, ["{\"Records\":[{\"a\":2}]}"]);
}

#[test]
fn values_over_several_lines() {
    check("{\n\"a\":\n1\n}\n{\n\"a\":2}{\"a\":3}  {\"a\"\n:4}\n", "1 2 3 4", &[]);
    check("{\n\"a\":1,}\n{\"a\":2}\n", "2", &["f:1: 1 event is not JSON and was passed over"]);
    check("{\n\"a\":1}\nxyz {\"a\":7}\n{\"a\":2}\n", "1 2", &["f:3: 1 line is not JSON and was passed over"]);
    check("{\n\"a\":1}\n{\n\"a\":", "1", &["f:3: ends in the middle of an event, which was passed over"]);
    // A writer that stopped in the middle and began again.
    check("{\n \"a\": {\n{\n \"a\": 2\n}\n", "2", &["f:1: 1 event is not JSON and was passed over"]);
    check("{\n \"a\": \"x\n{\n \"a\": 2\n}\n", "2", &["f:1: 1 event is not JSON and was passed over"]);
}

#[test]
fn elements_of_lists_that_are_not_events() {
    let text = "[{\"a\":1},\n2, \"a,]{\",\n{\"a\":01}, null,\n{\"a\":3}]";
    check(text, "1 3", &["f:2: 4 events are not JSON and were passed over"]);
    check(
        "[{\"a\":1}\n{\"a\":2},,{\"a\":3},]",
        "1 2 3",
        &["f:2: 3 events are not JSON and were passed over"],
    );
    check("[{\"a\":1}]]\n{\"a\":2}", "1 2", &["f:1: 1 line is not JSON and was passed over"]);
    check("[{\"a\":1},{\"a\":[}},{\"a\":2}]", "1 2", &["f:1: 1 event is not JSON and was passed over"]);
}

#[test]
fn lists_that_are_cut() {
    check("[{\"a\":1},\n{\"a\":2}", "1 2", &["f:2: ends before its list of events does"]);
    check("[{\"a\":1},\n{\"a\":", "1", &["f:2: ends in the middle of an event, which was passed over"]);
    check("{\"Records\":[{\"a\":1}]", "1", &["f:1: ends before its list of events does"]);
    check("{\"Records\":[{\"a\":1}],\"x\":\n[1", "1", &["f:2: ends before its list of events does"]);
    check("[[[[", "", &["f:1: ends in the middle of an event, which was passed over"]);
    check("[".repeat(100_000), "", &["f:1: 1 event is not JSON and was passed over"]);
    check(
        "{\"a\":1}\n".to_string() + &"[".repeat(100_000),
        "1",
        &["f:2: 1 line is not JSON and was passed over"],
    );
}

#[test]
fn files_without_events() {
    for text in ["", "\n \n", "\u{feff}", "[]", "{\"Records\":[]}", "{\"Records\":[]}\n[ ]\n"] {
        check(text, "", &["f: no events in it"]);
    }
    check("# nothing\n\n", "", &["f:1: 1 line is not JSON and was passed over"]);
    check("# exported\n{\n\"a\":1\n}", "1", &["f:1: 1 line is not JSON and was passed over"]);
}

#[test]
fn bytes_that_are_not_utf8() {
    let text = b"{\"a\":\"x\xff\"}\n{\"a\":\"\xc3\"}\n{\"a\":\"\xc3\xa9\"}\n\xff\n";
    let said = ["f:1: 2 events are not UTF-8: their unreadable bytes became U+FFFD"];
    check(text, "x\u{fffd} \u{fffd} é", &["f:4: 1 line is not JSON and was passed over", said[0]]);
    check(b"[{\"a\":\"\xe2\x82\"},\n{\"a\xff\":1,\"a\":2}]", "\u{fffd} 2", &said);
}

#[test]
fn events_that_are_too_long() {
    let long = "x".repeat(300_000);
    let said = ["f:2: 1 event is too long and was passed over".to_string()];
    for text in [
        format!("{{\"a\":1}}\n{{\"a\":\"{long}\"}}\n{{\"a\":2}}\n"),
        format!("[{{\"a\":1}},\n{{\"a\":\"{long}\"}},{{\"a\":2}}]"),
        format!("{{\n\"a\":1}}{{\"a\":\"{long}\"}}{{\"a\":2}}"),
        "{\"a\":1}\n{\"a\":2}\n".to_string(),
    ] {
        let outcome = outcome_of(text.as_bytes(), 200_000);
        assert_eq!(outcome.a, ["1", "2"]);
        assert_eq!(outcome.said, if text.len() > 300_000 { &said[..] } else { &[] });
        assert_eq!(outcome_of(text.as_bytes(), LONGEST_EVENT).said, [""; 0]);
    }
    let blanks = " ".repeat(300_000);
    let outcome = outcome_of(format!("{{\"a\":1}}\n{blanks}{{\"a\":2}}\n").as_bytes(), 200_000);
    assert_eq!((outcome.a.len(), outcome.said.len()), (2, 0));
}

#[test]
fn what_cannot_be_an_event_is_not_kept() {
    let zeros = vec![0_u8; 40 << 20];
    let folder = tempfile::tempdir().unwrap();
    for (name, before, after) in [
        ("junk.gz", "", "\n{\"a\":1}"),
        ("lines.gz", "{\"a\":1}\n", ""),
        ("list.gz", "[{\"a\":1},", ",{\"a\":2}]"),
        ("value.gz", "{\n", "\n{\"a\":1}"),
        ("blanks.gz", "[", "{\"a\":1}]"),
    ] {
        let filler = if name == "blanks.gz" { vec![b' '; zeros.len()] } else { zeros.clone() };
        let bytes = [before.as_bytes(), &filler, after.as_bytes()].concat();
        let input = [file(folder.path(), name, &gzip(&bytes))];
        let options = ReadOptions::default();
        let mut rows = 0;
        for chunk in chunks(&input, &options) {
            assert!(chunk.text.capacity() < 4 << 20, "{name}: {}", chunk.text.capacity());
            rows += parse_chunk(&chunk, &FieldSet::all(), None).batch.rows();
        }
        assert!(rows >= 1, "{name}");
    }
}

#[test]
fn gzip_in_members_and_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..20_000).map(|n| format!("{{\"a\":{n}}}\n")).collect();
    let (head, tail) = lines.split_at(lines.len() / 3);
    let members = [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat();
    let whole = [file(folder.path(), "members.gz", &members)];
    let mut cut = gzip(lines.as_bytes());
    cut.truncate(cut.len() / 2);
    let cut = [file(folder.path(), "cut.gz", &cut)];
    let mut damaged = gzip(lines.as_bytes());
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xff);
    let damaged = [file(folder.path(), "damaged.gz", &damaged)];
    let mut first: Option<[Outcome; 3]> = None;
    for chunk_size in [64, 4096, 1 << 20] {
        let options = ReadOptions { chunk_size, ..ReadOptions::default() };
        let outcomes = [read(&whole, &options), read(&cut, &options), read(&damaged, &options)];
        let [whole, cut, damaged] = first.get_or_insert(outcomes);
        assert_eq!((whole.a.len(), whole.said.len()), (20_000, 0));
        assert!(cut.a.len() > 5_000 && cut.a.len() < 15_000);
        assert!(
            cut.said.contains(&"cut.gz: the gzip data is cut short; what came before is used".to_string())
        );
        assert!(
            damaged.said.iter().any(|said| said.contains("the gzip data is damaged")),
            "{:?}",
            damaged.said
        );
        assert_eq!(&read(&[file(folder.path(), "x", lines.as_bytes())], &options).a, &whole.a);
        let again = [read(&[file(folder.path(), "members.gz", &members)], &options)];
        assert_eq!(again[0], *whole);
    }
    for files in [&cut, &damaged] {
        let outcomes = [64, 4096, 1 << 20]
            .map(|chunk_size| read(files, &ReadOptions { chunk_size, ..ReadOptions::default() }));
        assert!(outcomes[0] == outcomes[1] && outcomes[1] == outcomes[2]);
    }
}

#[test]
fn zstd_in_frames_and_cut() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..20_000).map(|n| format!("{{\"a\":{n}}}\n")).collect();
    let (head, tail) = lines.split_at(lines.len() / 3);
    let packed = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    // A frame that is to be passed over, of four bytes.
    let note = b"\x50\x2a\x4d\x18\x04\0\0\0note".to_vec();
    let whole = file(folder.path(), "whole.zst", &[note, packed(head), packed(tail)].concat());
    let mut cut = packed(&lines);
    cut.truncate(cut.len() / 2);
    let cut = file(folder.path(), "cut.zst", &cut);
    for chunk_size in [64, 4096, 1 << 20] {
        let options = ReadOptions { chunk_size, ..ReadOptions::default() };
        let outcome = read(std::slice::from_ref(&whole), &options);
        assert_eq!((outcome.a.len(), outcome.said.len()), (20_000, 0));
        let outcome = read(std::slice::from_ref(&cut), &options);
        assert!(outcome.a.len() < 20_000);
        let said = "cut.zst: the zstd data is cut short; what came before is used";
        assert!(outcome.said.iter().any(|told| told == said), "{:?}", outcome.said);
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "good", b"{\"a\":1}");
    let xz = file(folder.path(), "events.xz", b"\xfd7zXZ\0\0");
    let gone = folder.path().join("gone");
    let gone = InputFile::new(Origin::Path(gone.clone()), gone.display().to_string());
    let files = [gone, xz, good];
    let outcome = read(&files, &ReadOptions::default());
    assert_eq!(outcome.a, ["1"]);
    assert!(outcome.said[0].starts_with("gone: cannot be read to the end: "), "{:?}", outcome.said);
    assert_eq!(outcome.said[1], "events.xz: xz data cannot be read");
    let (_, problems) = read_all(&files, &FieldSet::all(), &ReadOptions::default());
    let told = problems.diagnostics();
    assert!(told.iter().all(|told| told.code == Code::EventsUnreadable && told.severity == Severity::Error));
    assert!(told[1].help[0].contains("xz -dc"));
}

#[test]
fn a_strict_run_ends_at_the_first_fault() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        file(folder.path(), "good", b"{\"a\":1}\n{\"a\":2}\n"),
        file(folder.path(), "bad", b"{\"a\":3}\n}\n{\"a\":4}\n"),
        file(folder.path(), "unread", b"{\"a\":5}\n"),
    ];
    let options = ReadOptions { fail_on_malformed: true, chunk_size: 1, ..ReadOptions::default() };
    let (batches, problems) = read_all(&files, &FieldSet::all(), &options);
    assert_eq!(Batch::concat(&batches).rows(), 3);
    let error = problems.verdict(&options).unwrap_err();
    assert_eq!((error.code, error.severity), (Code::EventsMalformed, Severity::Error));
    assert!(error.place.unwrap().ends_with("bad:2"));
}

#[test]
fn fields_have_splunks_names() {
    let folder = tempfile::tempdir().unwrap();
    let event = r#"{"Records":[{"eventName":"RunInstances","requestParameters":{"items":[{"imageId":"ami-1"},{"imageId":"ami-2","n":[]}],"o":{}},
        "resources":[["x","y"],["z"]],"responseElements":null,"ok":true,"maxItems":677.0,"a.b":"dot","key":"é\n"}]}"#;
    let files = [file(folder.path(), "ct.json", event.as_bytes())];
    let (batches, problems) = read_all(&files, &FieldSet::all(), &ReadOptions::default());
    assert!(problems.is_empty());
    let batch = Batch::concat(&batches);
    let fields: Vec<(String, String)> = batch
        .columns()
        .filter(|(name, _)| *name != "_raw")
        .map(|(name, column)| (name.to_string(), column.get(0).to_text().into_owned()))
        .collect();
    let expected = [
        ("eventName", "RunInstances"),
        ("requestParameters.items{}.imageId", "ami-1\nami-2"),
        ("resources{}{}", "x\ny\nz"),
        ("responseElements", "null"),
        ("ok", "true"),
        ("maxItems", "677.0"),
        ("a.b", "dot"),
        ("key", "é\n"),
    ];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_string(), value.to_string())));
}

#[test]
fn lines_that_cannot_match_are_checked_as_far_as_is_cheap() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.ndjson");
    let mut text = b"{\"a\":\"wanted\"}\n{\"a\":\"other\"}\nno json\n{bad: json}\n{\"a\":\"cut\n".to_vec();
    text.extend_from_slice(b"{\"a\":\"\xff\"}\n{\"a\": damage inside}\n");
    std::fs::write(&path, text).unwrap();
    let files = discover(&[path.display().to_string()]).unwrap();
    let prefilter = Prefilter::new(vec![Needle { text: b"wanted".to_vec(), any_case: false }]).unwrap();
    for chunk_size in [1, 20, 4096] {
        let options = ReadOptions { chunk_size, ..ReadOptions::default() };
        let (mut rows, mut problems) = (0, Problems::new());
        for chunk in chunks(&files, &options) {
            let parsed = parse_chunk(&chunk, &FieldSet::all(), Some(&prefilter));
            rows += parsed.batch.rows();
            problems.merge(parsed.problems);
        }
        assert_eq!(rows, 1);
        // `no json`, `{bad: json}` and the cut line; not the damage inside.
        assert_eq!(problems.events_lost(), 3, "{:?}", problems.diagnostics());
        assert!(problems.diagnostics().iter().any(|told| told.code == Code::EventsNotUtf8));
    }
}
