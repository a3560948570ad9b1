//! Random pipelines of the commands that the manual pages show, over random rows: none panics, each prints as
//! one that parses to the same tree, and the same comes out however the rows are cut, on one thread and two.
//!
//! The commands are those of the pages' examples, so one that is added is tried here at once.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use proptest::sample::select;
use speleo::batch::{Batch, BatchBuilder};
use speleo::diagnostic::{Sources, render};
use speleo::knowledge::Knowledge;
use speleo::page::{Expected, Page};
use speleo::parse::{Start, parse};
use speleo::plan::{Settings, plan};
use speleo::value::Value;

/// What gives something else each time, or writes.
const APART: [&str; 5] = ["random", "time(", "outputlookup", "now(", "sparkline"];

/// The commands of the examples that have results, and the fields of their rows.
struct Shown {
    searches: Vec<String>,
    fields: Vec<String>,
}

fn shown() -> &'static Shown {
    static SHOWN: OnceLock<Shown> = OnceLock::new();
    SHOWN.get_or_init(|| {
        let sources = speleo::commands::pages().map(|(_, source)| source);
        let sources = sources.chain(speleo::aggregates::pages().map(|(_, source)| source));
        let (mut searches, mut fields) = (BTreeSet::new(), BTreeSet::new());
        for example in sources.flat_map(|source| Page::read(source).examples) {
            let rows = matches!(example.expected, Expected::Rows(_));
            let apart = APART.iter().any(|word| example.search.contains(word));
            if rows && !apart && !example.search.trim_start().starts_with('|') {
                searches.insert(example.search.trim().to_string());
            }
            for line in example.input.unwrap_or_default().lines().filter(|line| !line.trim().is_empty()) {
                let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
                fields.extend(row.into_iter().map(|(name, _)| name));
            }
        }
        Shown { searches: searches.into_iter().collect(), fields: fields.into_iter().collect() }
    })
}

/// Values of every kind, and few of them, so that rows meet.
const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "ada",
    "web",
    "10",
    "-0",
    "1.50",
    "1e3",
    "0x1F",
    "true",
    "a,b",
    "a b",
    "ß🦀",
    "*",
    "10.1.2.3",
    "{\"a\":[1]}",
    "<a b=\"c\">d</a>",
    "k=v",
    "2026-03-16T08:00:00Z",
    "-1d@d",
    "\\",
    "\"",
    "(",
    "\n",
];
const NUMBERS: &[f64] = &[0.0, -0.0, 1.0, -1.0, 2.5, 3.0, 100.0, 1_773_662_400.0, 1_773_662_460.5];

fn value() -> impl Strategy<Value = Value> {
    let single = prop_oneof![
        3 => select(TEXTS).prop_map(Value::text),
        3 => select(NUMBERS).prop_map(Value::number),
    ];
    prop_oneof![
        2 => Just(Value::Null),
        8 => single.clone(),
        2 => prop::collection::vec(single, 2..4).prop_map(Value::from_values),
    ]
}

fn rows() -> impl Strategy<Value = Batch> {
    let fields = shown().fields.len();
    prop::collection::vec(prop::collection::vec(value(), fields), 1..6).prop_map(|rows| {
        let mut builder = BatchBuilder::new();
        for row in rows {
            for (name, value) in shown().fields.iter().zip(row) {
                builder.set(name, value);
            }
            builder.end_row();
        }
        builder.finish()
    })
}

fn pipeline() -> impl Strategy<Value = String> {
    prop::collection::vec(select(shown().searches.clone()), 1..4).prop_map(|searches| searches.join("\n| "))
}

struct World {
    knowledge: Arc<Knowledge>,
    sources: RefCell<Sources>,
    settings: Settings,
}

thread_local! {
    static WORLD: World = {
        let mut sources = Sources::new();
        let knowledge = common::knowledge(&mut sources);
        World { knowledge, sources: RefCell::new(sources), settings: common::settings() }
    };
}

impl World {
    fn holds(&self, text: &str, rows: &Batch) -> Result<(), TestCaseError> {
        let mut sources = self.sources.borrow_mut();
        let id = sources.add("search", text);
        // An example that makes rows cannot stand in the middle.
        let Ok(parsed) = parse(&sources, id, Start::Rows) else { return Ok(()) };
        let printed = sources.add("printed", parsed.to_string());
        let again = parse(&sources, printed, Start::Rows);
        let again = again.map_err(|mistakes| TestCaseError::fail(format!("{parsed}: {mistakes:?}")))?;
        prop_assert_eq!(format!("{again:?}"), format!("{parsed:?}"), "printed: {}", parsed);
        let Ok(planned) = plan(&parsed, Start::Rows, &self.settings, &self.knowledge, &mut sources) else {
            return Ok(());
        };
        let run = |given, threads| common::run(&planned, given, threads).map(|out| common::lines(&out));
        let whole = run(vec![rows.clone()], 1);
        let single = || (0..rows.rows()).map(|row| rows.slice(row, row + 1)).collect::<Vec<_>>();
        prop_assert_eq!(&run(single(), 1), &whole, "in single rows: {}", text);
        prop_assert_eq!(&run(single(), 2), &whole, "on two threads: {}", text);
        for diagnostic in planned.trouble() {
            prop_assert!(render(&diagnostic, &sources, false).contains(diagnostic.code.as_str()));
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn random_pipelines_are_the_same_however_their_rows_are_cut(text in pipeline(), rows in rows()) {
        WORLD.with(|world| world.holds(&text, &rows))?;
    }
}
