//! `lookup()`: mistakes and where they are said to be, in every command that takes expressions and in
//! knowledge; which table is read, and when.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{App, batches, settings};
use speleo::compile::compile;
use speleo::diagnostic::{Code, Sources};
use speleo::knowledge::WriteOptions;
use speleo::parse::Start;
use speleo::plan::Settings;
use speleo::value::Value;

fn people() -> App {
    App::new(&[("lookups/people.csv", "user,team,note\nada,red,\nbob,blue,x\nada,green,y\neve,,\n")])
}

#[test]
fn an_unknown_lookup_or_column_is_shown_before_anything_runs() {
    let app = people();
    for around in [
        "eval a = 1, b = {}",
        "where isnull({})",
        "head ({} == user)",
        "stats values(eval({}))",
        "eventstats count(eval(upper({}) == user))",
    ] {
        for (call, code, words) in [
            (
                r#"lookup("poeple.csv", json_object("user", user), json_array("team"))"#,
                Code::UnknownLookup,
                r#""poeple.csv""#,
            ),
            (
                r#"lookup("people.csv", json_object("user", user, "tram", 1), json_array("team"))"#,
                Code::LookupField,
                r#""tram""#,
            ),
            (
                r#"lookup("people.csv", json_object("user", user), json_array("team", "teem"))"#,
                Code::LookupField,
                r#""teem""#,
            ),
        ] {
            let search = around.replace("{}", call);
            let mut sources = Sources::new();
            let Err(mistakes) = app.plan_with(&search, &settings(), &mut sources) else {
                panic!("`{search}` has no mistake")
            };
            let label = mistakes[0].labels.first().map(|label| sources.slice(label.span));
            assert_eq!((mistakes[0].code, label.as_deref()), (code, Some(words)), "{search}");
        }
    }
}

#[test]
fn its_form_is_checked() {
    let app = people();
    for (call, argument) in [
        (r#"lookup(name, json_object("user", user), json_array("team"))"#, "first"),
        (r#"lookup("people.csv", json_object(), json_array("team"))"#, "second"),
        (r#"lookup("people.csv", json_object(user, user), json_array("team"))"#, "second"),
        (r#"lookup("people.csv", "{\"user\":\"ada\"}", json_array("team"))"#, "second"),
        (r#"lookup("people.csv", json_object("user", user), json_array())"#, "third"),
        (r#"lookup("people.csv", json_object("user", user), json_array(team))"#, "third"),
        (r#"lookup("people.csv", json_object("user", user), "team")"#, "third"),
    ] {
        let Err(mistakes) = app.plan(&format!("eval a = {call}")) else { panic!("{call} has no mistake") };
        assert_eq!(mistakes[0].code, Code::FunctionArguments);
        assert!(mistakes[0].message.starts_with(&format!("the {argument} argument")), "{call}");
    }
}

#[test]
fn several_rows_empty_cells_and_several_values() {
    let app = people();
    let search = r#"eval found = lookup("people.csv", json_object("user", user), json_array("team", "note")) | table found"#;
    let rows = app
        .run(search, batches("{\"user\": \"ada\"}\n{\"user\": [\"bob\", \"ada\"]}\n{\"user\": \"eve\"}", 9))
        .expect("rows");
    assert_eq!(
        rows,
        [
            r#"{"found": "{\"team\":[\"red\",\"green\"],\"note\":\"y\"}"}"#,
            r#"{"found": "{\"team\":[\"blue\",\"red\",\"green\"],\"note\":[\"x\",\"y\"]}"}"#,
            r#"{"found": "{}"}"#,
        ]
    );
}

/// As with the command `lookup`: the table is that of the time before the search, whatever it writes itself.
#[test]
fn a_table_that_is_written_during_the_run_is_not_seen() {
    let app = people();
    let call = r#"lookup("people.csv", json_object("user", "bob"), json_array("team"))"#;
    let search = format!("eval team = {call}");
    let mut sources = Sources::new();
    let knowledge = Arc::new(app.knowledge(&mut sources));
    let parsed = common::parse(&mut sources, &search).expect("a search");
    let plan =
        speleo::plan::plan(&parsed, Start::Rows, &settings(), &knowledge, &mut sources).expect("a plan");
    let row = vec![Value::text("bob"), Value::text("white")];
    let columns = ["user".into(), "team".into()];
    knowledge.write_lookup("people.csv", &columns, [row], WriteOptions::default()).expect("a written table");
    let out = common::run(&plan, batches("{}", 1), 1).expect("rows");
    assert_eq!(common::lines(&out), [r#"{"team": "{\"team\":\"blue\"}"}"#]);
    let rows = app.run(&search, batches("{}", 1)).expect("rows");
    assert_eq!(rows, [r#"{"team": "{\"team\":\"white\"}"}"#]);
}

#[test]
fn what_was_repaired_in_the_table_is_said_and_where_it_came_from_noted() {
    let app = App::new(&[("lookups/people.csv", "user,team\nada\n")]);
    let plan = app
        .plan(r#"where isnull(lookup("people.csv", json_object("user", user), json_array("team")))"#)
        .expect("a plan");
    let path = app.path("lookups/people.csv");
    assert!(plan.notes.contains(&format!("lookup `people.csv`: {path}")), "{:?}", plan.notes);
    let trouble = plan.trouble();
    assert_eq!((trouble.len(), trouble[0].code), (1, Code::LookupRow));
}

/// A macro that is an expression runs before the search is parsed.
#[test]
fn in_a_macro() {
    let app = people();
    let definition = |lookup: &str| {
        format!(
            "[team]\niseval = 1\ndefinition = \"team=\" . json_extract(lookup(\"{lookup}\", json_object(\"user\", \"bob\"), json_array(\"team\")), \"team\")\n"
        )
    };
    let search = "| makeresults | search NOT `team`";
    let compiled = |app: &App| {
        let mut sources = Sources::new();
        let knowledge = Arc::new(app.knowledge(&mut sources));
        compile("search", search, &Settings::default(), &knowledge, &mut sources)
            .map(|found| found.plan.to_string())
    };
    app.write("macros/macros.conf", &definition("people.csv"));
    let plan = compiled(&app).expect("a plan");
    assert!(plan.contains("NOT team=blue"), "{plan}");
    app.write("macros/macros.conf", &definition("nobody.csv"));
    let mistakes = compiled(&app).expect_err("a mistake");
    assert_eq!(mistakes[0].code, Code::UnknownLookup);
}
