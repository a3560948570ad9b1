//! `lookup`: mistakes and where they are said to be, warnings, notes.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{App, lines, run, settings};
use speleo::diagnostic::{Code, Sources};

/// The first mistake: its code, the words in the search that it is about, and its place in a file.
fn mistake(app: &App, search: &str) -> (Code, String, Option<String>) {
    let mut sources = Sources::new();
    let Err(mistakes) = app.plan_with(search, &settings(), &mut sources) else {
        panic!("`{search}` has no mistake")
    };
    let label = mistakes[0].labels.first().map(|label| sources.slice(label.span).to_string());
    (mistakes[0].code, label.unwrap_or_default(), mistakes[0].place.clone())
}

#[test]
fn mistakes_are_shown_in_the_search_and_in_the_file() {
    let app = App::new(&[
        ("lookups/people.csv", "user,team\nada,red\n"),
        (
            "lookups/transforms.conf",
            "[gone]\nfilename = gone.csv\n[outside]\nfilename = ../people.csv\n[script]\nexternal_cmd = x.py\n",
        ),
    ]);
    let shown = |name: &str| Some(app.path(name));
    assert_eq!(
        mistake(&app, "lookup poeple.csv user OUTPUT team"),
        (Code::UnknownLookup, "poeple.csv".into(), None)
    );
    let column = mistake(&app, "lookup people.csv user OUTPUT \"teams\" AS team");
    assert_eq!(column, (Code::LookupField, "\"teams\"".into(), shown("lookups/people.csv:1")));
    let input = mistake(&app, "lookup people.csv name AS user");
    assert_eq!(input, (Code::LookupField, "name".into(), shown("lookups/people.csv:1")));
    let missing = mistake(&app, "lookup gone user");
    assert_eq!(missing, (Code::LookupFile, "gone".into(), shown("lookups/transforms.conf:1")));
    assert_eq!(mistake(&app, "lookup outside user").0, Code::LookupPath);
    assert_eq!(mistake(&app, "lookup ../../etc/passwd user").0, Code::LookupPath);
    assert_eq!(mistake(&app, "lookup script user").0, Code::NotSupported);
}

#[test]
fn what_lookup_does_not_take() {
    let app = App::new(&[("lookups/people.csv", "user,team\nada,red\n")]);
    for (search, code, words) in [
        ("lookup", Code::Arguments, "lookup"),
        ("lookup people.csv", Code::Arguments, "lookup"),
        ("lookup people.csv user OUTPUT", Code::Arguments, "lookup"),
        ("lookup people.csv user OUTPUTNEW", Code::Arguments, "lookup"),
        ("lookup people.csv user AS", Code::Arguments, "lookup"),
        ("lookup local=maybe people.csv user", Code::OptionValue, "maybe"),
        ("lookup locale=t people.csv user", Code::UnknownOption, "locale="),
        ("lookup people.csv update=t user", Code::Arguments, "lookup"),
        ("lookup people.csv user update=t", Code::Arguments, "update=t"),
        ("lookup people.csv user OUTPUT team OUTPUTNEW team", Code::Arguments, "OUTPUTNEW"),
    ] {
        let (found, label, _) = mistake(&app, search);
        assert_eq!((found, label.as_str()), (code, words), "{search}");
    }
}

#[test]
fn what_was_repaired_in_the_table_is_said_and_where_it_came_from_noted() {
    let app = App::new(&[
        ("lookups/people.csv", "user,team\nada\n"),
        ("lookups/transforms.conf", "\n[people]\nfilename = people.csv\n"),
    ]);
    let plan = app.plan("lookup people user").expect("a plan");
    let note = format!(
        "lookup `people`: {}, {}",
        app.path("lookups/transforms.conf:2"),
        app.path("lookups/people.csv")
    );
    assert!(plan.notes.contains(&note), "{:?}", plan.notes);
    let out = run(&plan, common::batches(r#"{"user": "ada"}"#, 1), 1).expect("rows");
    assert_eq!(lines(&out), [r#"{"user": "ada"}"#]);
    let trouble = plan.trouble();
    assert_eq!(trouble.len(), 1);
    assert_eq!(
        (trouble[0].code, trouble[0].place.clone()),
        (Code::LookupRow, Some(app.path("lookups/people.csv:2")))
    );
}

/// Inputs of two fields with several values each: all pairs are looked up, in the order of the values.
#[test]
fn multivalue_inputs_meet_each_other() {
    let app = App::new(&[("lookups/t.csv", "a,b,out\nx,1,x1\ny,2,y2\ny,1,y1\nx,2,x2\n")]);
    let plan = app.plan("lookup t.csv a, b OUTPUT out").expect("a plan");
    let given = common::batches(r#"{"a": ["x", "y"], "b": ["1", "2"]}"#, 1);
    let out = run(&plan, given, 1).expect("rows");
    assert_eq!(lines(&out), [r#"{"a": ["x", "y"], "b": ["1", "2"], "out": ["x1", "x2", "y1", "y2"]}"#]);
}

/// The kind of a computed number does not matter: it is looked up as it prints.
#[test]
fn numbers_are_looked_up_as_they_print() {
    let app = App::new(&[("lookups/t.csv", "n,out\n3,three\n3.0,other\n")]);
    let plan = app.plan("eval n = 1 + 2 | lookup t.csv n").expect("a plan");
    let out = run(&plan, common::batches("{}", 1), 1).expect("rows");
    assert_eq!(lines(&out), [r#"{"n": 3, "out": "three"}"#]);
}
