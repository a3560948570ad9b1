//! `outputlookup`: what is written and when, and that a table is there as a whole or not at all.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{App, batches, lines, run, settings};
use proptest::prelude::*;
use speleo::batch::Batch;
use speleo::diagnostic::{Code, Diagnostic, Sources};
use speleo::exec::Flow;
use speleo::io::ReadOptions;
use speleo::plan::{EventInput, Plan, RunOptions, Settings};
use speleo::value::Value;

const TABLE: &str = "user,level\nada,3\n";

fn app() -> App {
    App::new(&[
        ("lookups/staff.csv", TABLE),
        ("lookups/transforms.conf", "[staff]\nfilename = staff.csv\n[fresh]\nfilename = fresh.csv\n"),
    ])
}

fn write(app: &App, search: &str, rows: &str) -> Vec<String> {
    app.run(search, batches(rows, usize::MAX)).unwrap_or_else(|mistake| panic!("{search}: {mistake:?}"))
}

fn no_rows(app: &App, search: &str) -> Vec<String> {
    write(app, &format!("where 1=2 | {search}"), r#"{"user": "bob", "level": "1"}"#)
}

#[test]
fn what_is_written_is_read_by_the_next_run() {
    let app = app();
    let rows = "{\"user\": \"bob\", \"level\": 1.5}\n{\"user\": \"e, \\\"ve\\\"\"}\n{\"level\": \"a\\nb\"}";
    let passed = write(&app, "outputlookup fresh", rows);
    assert_eq!(passed[0], r#"{"user": "bob", "level": 1.5}"#);
    assert_eq!(
        app.read("lookups/fresh.csv").unwrap(),
        "user,level\nbob,1.5\n\"e, \"\"ve\"\"\",\n,\"a\nb\"\n"
    );
    let read = app.run("| inputlookup fresh", Vec::new()).unwrap();
    assert_eq!(
        read,
        [r#"{"user": "bob", "level": "1.5"}"#, r#"{"user": "e, \"ve\""}"#, r#"{"level": "a\nb"}"#]
    );
    // And by the same run, also where there was no such table before.
    let read = write(&app, "outputlookup new.csv | stats count | inputlookup append=t new.csv max=1", rows);
    assert_eq!(read, [r#"{"count": 3}"#, r#"{"user": "bob", "level": "1.5"}"#]);
    assert_eq!(write(&app, "outputlookup a.csv.gz | inputlookup append=t a.csv.gz", rows).len(), 6);
    // Nothing but the tables is left behind.
    assert_eq!(
        app.files("lookups"),
        [".lock", "a.csv.gz", "fresh.csv", "new.csv", "staff.csv", "transforms.conf"]
    );
}

#[test]
fn columns_that_are_declared_are_written_and_internal_ones_are_not() {
    let app = app();
    write(&app, "table user, City, _time, _raw | outputlookup fresh", r#"{"user": "ada", "_raw": "x"}"#);
    assert_eq!(app.read("lookups/fresh.csv").unwrap(), "user,City,_time\nada,,\n");
    // Rows without an order of columns: by name, and only what has a value.
    let mut given = Batch::from_rows(
        &["b".into(), "none".into(), "a".into(), "_time".into()],
        [vec!["1".into(), Value::Null, Value::from_values(["x".into(), "y".into()]), 5.0.into()]],
    );
    given.ordered = false;
    app.run("outputlookup fresh", vec![given]).unwrap();
    assert_eq!(app.read("lookups/fresh.csv").unwrap(), "_time,a,b\n5,x y,1\n");
}

#[test]
fn appending_keeps_the_header() {
    let app = app();
    let plan = app.plan("outputlookup append=t staff").unwrap();
    let rows = r#"{"level": "1", "team": "red", "user": "bob"}"#;
    assert_eq!(run(&plan, batches(rows, 1), 1).map(|out| lines(&out)).unwrap(), [rows]);
    assert_eq!(app.read("lookups/staff.csv").unwrap(), "user,level\nada,3\nbob,1\n");
    let trouble = plan.trouble();
    assert_eq!(trouble.len(), 1);
    assert_eq!(
        (trouble[0].code, trouble[0].place.clone()),
        (Code::LookupRow, Some(app.path("lookups/staff.csv:1")))
    );
    assert!(trouble[0].message.contains("`team`"), "{}", trouble[0].message);
    // A table that is not there yet is made with the columns of the rows.
    write(&app, "outputlookup append=t fresh", rows);
    assert_eq!(app.read("lookups/fresh.csv").unwrap(), "level,team,user\n1,red,bob\n");
    write(&app, "outputlookup max=1 staff", "{\"user\": \"x\"}\n{\"user\": \"y\"}");
    assert_eq!(app.read("lookups/staff.csv").unwrap(), "user\nx\n");
}

#[test]
fn without_rows() {
    let app = app();
    for search in ["outputlookup override_if_empty=f staff", "outputlookup append=t staff"] {
        assert_eq!(no_rows(&app, search), [""; 0]);
        assert_eq!(app.read("lookups/staff.csv").as_deref(), Some(TABLE), "{search}");
    }
    no_rows(&app, "outputlookup create_empty=t staff");
    assert_eq!(app.read("lookups/staff.csv").as_deref(), Some("user,level\n"));
    no_rows(&app, "outputlookup staff");
    assert_eq!(app.read("lookups/staff.csv"), None);
    no_rows(&app, "outputlookup fresh create_empty=f");
    assert_eq!(app.read("lookups/fresh.csv"), None);
    // The same run: what was to be made and was not counts as missing.
    let plan = app.plan("where 1=2 | outputlookup never.csv | inputlookup append=t never.csv").unwrap();
    assert_eq!(run(&plan, batches("{}", 1), 1).map(|out| lines(&out)).unwrap(), [""; 0]);
    assert_eq!(plan.trouble().iter().map(|warning| warning.code).collect::<Vec<_>>(), [Code::LookupMissing]);
    let strict = "where 1=2 | outputlookup never.csv | inputlookup append=t strict=t never.csv";
    assert_eq!(app.run(strict, batches("{}", 1)).unwrap_err().code, Code::UnknownLookup);
}

#[test]
fn what_outputlookup_does_not_take() {
    let app = app();
    for (search, code, words) in [
        ("outputlookup", Code::Arguments, "outputlookup"),
        ("outputlookup stuff", Code::UnknownLookup, "stuff"),
        ("outputlookup ../staff.csv", Code::LookupPath, "../staff.csv"),
        ("outputlookup staff fresh", Code::Arguments, "fresh"),
        ("outputlookup append=maybe staff", Code::OptionValue, "maybe"),
        ("outputlookup max=all staff", Code::OptionValue, "all"),
        ("outputlookup key_field=user staff", Code::NotSupported, "user"),
        ("outputlookup createinapp=f staff", Code::NotSupported, "f"),
        ("outputlookup output_format=json staff", Code::OptionValue, "json"),
        ("outputlookup overwrite=t staff", Code::UnknownOption, "overwrite="),
    ] {
        let mut sources = Sources::new();
        let Err(mistakes) = app.plan_with(search, &settings(), &mut sources) else { panic!("`{search}`") };
        let label = mistakes[0].labels.first().map(|label| sources.slice(label.span).to_string());
        assert_eq!((mistakes[0].code, label.unwrap_or_default().as_str()), (code, words), "{search}");
    }
    let mut sources = Sources::new();
    assert!(app.plan_with("| outputlookup staff", &settings(), &mut sources).is_err());
    app.plan("outputlookup append=t output_format=splunk_sv_csv createinapp=true staff").unwrap();
    assert_eq!(app.read("lookups/staff.csv").as_deref(), Some(TABLE));
}

/// A table of the command line is not written, and that is said before anything runs.
#[test]
fn a_table_of_the_command_line_stays() {
    let app = app();
    let mut sources = Sources::new();
    let parsed = common::parse(&mut sources, "outputlookup staff").unwrap();
    let mut knowledge = app.knowledge(&mut sources);
    knowledge.set_lookup_file("staff", app.path("other.csv"));
    let start = common::start_of("outputlookup staff");
    let planned = speleo::plan::plan(&parsed, start, &settings(), &Arc::new(knowledge), &mut sources);
    assert_eq!(planned.err().map(|mistakes| mistakes[0].code), Some(Code::LookupWrite));
}

fn over_events(app: &App, events: &Path, search: &str) -> Result<Vec<String>, Diagnostic> {
    let files = speleo::io::discover(&[events.display().to_string()])?;
    let events = EventInput {
        files: Arc::new(files),
        source_type: None,
        source: None,
        host: None,
        index: None,
        data_model: None,
    };
    let settings = Settings { events: Some(events), ..settings() };
    let plan: Plan =
        app.plan_with(search, &settings, &mut Sources::new()).map_err(|mut all| all.remove(0))?;
    let read = ReadOptions { fail_on_malformed: true, chunk_size: 16, ..ReadOptions::default() };
    let mut out = Vec::new();
    plan.run(Vec::new(), &RunOptions { threads: 1, read, deadline: None }, &mut |batch| {
        out.push(batch);
        Ok(Flow::More)
    })?;
    Ok(lines(&out))
}

/// Reading ends at a broken event after rows were already seen: nothing is written.
#[test]
fn a_search_that_fails_writes_nothing() {
    let app = app();
    app.write("good.ndjson", "{\"user\": \"bob\", \"level\": 1}\n{\"user\": \"eve\", \"level\": 2}\n");
    app.write(
        "bad.ndjson",
        "{\"user\": \"bob\", \"level\": 1}\n{\"user\": \"eve\", \"level\": 2}\n{\"user\": \n",
    );
    let search = "| search user=* | table user, level | outputlookup staff | outputlookup fresh";
    let error = over_events(&app, Path::new(&app.path("bad.ndjson")), search).unwrap_err();
    assert_eq!(error.code, Code::EventsMalformed);
    assert_eq!(app.read("lookups/staff.csv").as_deref(), Some(TABLE));
    assert_eq!(app.files("lookups"), ["staff.csv", "transforms.conf"]);
    over_events(&app, Path::new(&app.path("good.ndjson")), search).unwrap();
    assert_eq!(app.read("lookups/staff.csv").as_deref(), Some("user,level\neve,2\nbob,1\n"));
}

/// Where the table's place cannot be taken, the error says so and nothing half-written stays.
#[test]
fn a_table_that_cannot_be_written() {
    let app = app();
    std::fs::create_dir_all(app.path("lookups/fresh.csv/inside")).unwrap();
    let error = app.run("outputlookup fresh", batches("{\"a\": \"1\"}", 1)).unwrap_err();
    assert_eq!((error.code, error.labels.len()), (Code::LookupWrite, 1));
    assert_eq!(error.place, Some(app.path("lookups/fresh.csv")));
    assert_eq!(app.files("lookups"), [".lock", "fresh.csv", "staff.csv", "transforms.conf"]);
}

/// The program itself, in a process of its own.
fn start(app: &App, search: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_speleo"))
        .args(["search", search, "--app"])
        .arg(PathBuf::from(app.path("")))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs")
}

const ROWS: usize = 2_000;

fn search(writer: usize, options: &str) -> String {
    format!(
        "| makeresults count={ROWS} | eval who=\"w{writer}\" | fields - _time | outputlookup {options} t.csv | head 0"
    )
}

/// Who stands in the rows of the table, each run of equal ones once, and how many rows there are.
fn writers(table: &str) -> (Vec<&str>, usize) {
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("who"));
    let rows: Vec<&str> = lines.collect();
    let mut runs = rows.clone();
    runs.dedup();
    (runs, rows.len())
}

/// Processes that write one table at once: it is always the table of one of them, for whoever reads it.
#[test]
fn two_runs_at_once_do_not_mix_rows() {
    let app = App::new(&[("lookups/t.csv", "who\nold\n")]);
    let children: Vec<Child> = (0..4).map(|writer| start(&app, &search(writer, ""))).collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let table = app.read("lookups/t.csv").expect("there is always a table");
                let (runs, rows) = writers(&table);
                assert_eq!(runs.len(), 1, "mixed: {runs:?}");
                assert!(rows == ROWS || runs == ["old"], "half a table: {rows} rows");
            }
        });
        for mut child in children {
            let ended = child.wait().expect("an end");
            if !ended.success() {
                done.store(true, Ordering::Relaxed);
                panic!("a writer ended with {ended}");
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    let table = app.read("lookups/t.csv").expect("a table");
    assert_eq!(writers(&table).1, ROWS);
    assert_eq!(app.files("lookups"), [".lock", "t.csv"]);
}

/// Processes that append to one table at once: all rows are there, those of each together.
#[test]
fn two_runs_that_append_at_once_lose_nothing() {
    let app = App::new(&[("lookups/t.csv", "who\nold\n")]);
    let children: Vec<Child> = (0..4).map(|writer| start(&app, &search(writer, "append=t"))).collect();
    for mut child in children {
        assert!(child.wait().expect("an end").success());
    }
    let table = app.read("lookups/t.csv").expect("a table");
    let (mut runs, rows) = writers(&table);
    assert_eq!((runs.first(), rows), (Some(&"old"), 4 * ROWS + 1));
    runs.sort_unstable();
    assert_eq!(runs, ["old", "w0", "w1", "w2", "w3"]);
}

/// Threads of one process with knowledge of their own.
#[test]
fn threads_that_append_at_once_lose_nothing() {
    let app = App::new(&[("lookups/t.csv", "who\nold\n")]);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let app = &app;
            scope.spawn(move || {
                let rows = format!("{{\"who\": \"w{writer}\"}}\n").repeat(50);
                app.run("outputlookup append=t t.csv", batches(&rows, 7)).expect("a run");
            });
        }
    });
    let (runs, rows) = (app.read("lookups/t.csv").expect("a table"), 8 * 50 + 1);
    assert_eq!((writers(&runs).0.len(), writers(&runs).1), (9, rows));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Any text comes back as it was; empty text comes back as no value.
    #[test]
    fn any_text_comes_back(rows in prop::collection::vec(("\\PC{0,6}|[,\"\r\n\t \u{feff}'#\\\\]{0,4}", any::<String>()), 1..6)) {
        let app = App::new(&[]);
        let cells = |(a, b): &(String, String)| vec![Value::text(a.as_str()), Value::text(b.as_str())];
        let mut given = Batch::from_rows(&["a".into(), "b".into()], rows.iter().map(cells));
        given.ordered = true;
        app.run("outputlookup t.csv", vec![given]).expect("a run");
        let plan = app.plan("| inputlookup t.csv").expect("a plan");
        let back = Batch::concat(&run(&plan, Vec::new(), 1).expect("rows"));
        prop_assert_eq!(plan.trouble().len(), 0);
        prop_assert_eq!(back.rows(), rows.len());
        for (row, (a, b)) in rows.iter().enumerate() {
            prop_assert_eq!(back.get("a", row).into_owned().into_text(), a.as_str());
            prop_assert_eq!(back.get("b", row).into_owned().into_text(), b.as_str());
            prop_assert_eq!(back.get("a", row).is_null(), a.is_empty());
        }
    }
}
