//! Lines are told by literals before they are parsed; what comes out must be what comes out without.
//!
//! The first `search` of a pipeline is pushed down to the reader, a later one is not: so `A` and `* | search A`
//! are the same search run in two ways.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use speleo::diagnostic::Sources;
use speleo::knowledge::Knowledge;
use speleo::parse::Start;
use speleo::plan::{EventInput, Settings};

/// Text as JSON may write it: as it stands, or some characters escaped.
fn json_text(text: &str, escapes: u64) -> String {
    let mut out = String::from("\"");
    for (at, c) in text.chars().enumerate() {
        let escape = escapes >> (at % 64) & 1 == 1;
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '/' if escape => out.push_str("\\/"),
            c if escape && (c as u32) < 0x10000 => write!(out, "\\u{:04X}", c as u32).unwrap(),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Values that are like each other in all the ways that matter to a search for literals.
fn value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "RunInstances",
        "runinstances",
        "RunInstance",
        "a/b/c",
        "C:\\temp\\x",
        "say \"hi\"",
        "stra\u{df}e",
        "\u{212a}elvin",
        "kelvin",
        "\u{130}stanbul",
        "10.1.2.3",
        "10",
        "1e1",
        "",
        "x",
    ])
}

fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["eventName", "user", "path", "items"])
}

fn event() -> impl Strategy<Value = String> {
    let escapes = prop_oneof![4 => Just(0u64), 1 => any::<u64>()];
    prop::collection::vec((key(), value(), escapes, 0..3u8), 0..4).prop_map(|fields| {
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(key, value, escapes, shape)| match shape {
                0 => format!("{}:{{\"{key}\":{}}}", json_text("outer", 0), json_text(value, escapes)),
                1 => format!("{}:[{},1]", json_text(key, escapes), json_text(value, escapes)),
                _ => format!("{}:{}", json_text(key, 0), json_text(value, escapes)),
            })
            .collect();
        format!("{{{}}}", fields.join(","))
    })
}

fn term() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec!["eventName", "user", "outer.path", "items{}", "nothing"]);
    let compare = (field, prop::sample::select(vec!["=", "!="]), literal())
        .prop_map(|(field, op, literal)| format!("{field}{op}{literal}"));
    let word = literal().prop_filter("a keyword has text", |literal| literal.len() > 3);
    prop_oneof![4 => compare, 1 => word]
}

fn literal() -> impl Strategy<Value = String> {
    (value(), 0..4u8).prop_map(|(value, shape)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        match shape {
            0 => format!("\"{value}\""),
            1 => format!("\"{value}*\""),
            2 => format!("\"*{value}\""),
            _ => format!("\"{}\"", value.to_uppercase()),
        }
    })
}

fn filter() -> impl Strategy<Value = String> {
    let joined = |separator: &'static str| {
        prop::collection::vec(term(), 1..4).prop_map(move |terms| terms.join(separator))
    };
    prop_oneof![joined(" "), joined(" OR "), term().prop_map(|term| format!("NOT {term}"))]
}

fn rows(search: &str, events: &EventInput) -> Vec<String> {
    let mut sources = Sources::new();
    let knowledge =
        Arc::new(Knowledge::load(&[], std::path::Path::new("no-such-app"), &mut sources).unwrap().0);
    let id = sources.add("search", search);
    let parsed = speleo::parse::parse(&sources, id, Start::Fresh)
        .unwrap_or_else(|error| panic!("{search}: {error:?}"));
    let settings = Settings { now: common::NOW, events: Some(events.clone()), ..Settings::default() };
    let plan = speleo::plan::plan(&parsed, Start::Fresh, &settings, &knowledge, &mut sources).unwrap();
    common::lines(&common::run(&plan, Vec::new(), 1).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn pushed_down_or_not_the_rows_are_the_same(
        lines in prop::collection::vec(event(), 1..12),
        filter in filter(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.ndjson");
        std::fs::write(&path, lines.join("\n")).unwrap();
        let files = speleo::io::discover(&[path.display().to_string()]).unwrap();
        let events = EventInput {
            files: Arc::new(files),
            source_type: Some("_json".into()),
            source: Some("s".into()),
            host: None,
            index: None,
            data_model: None,
        };
        let pushed = rows(&filter, &events);
        let later = rows(&format!("* | search {filter}"), &events);
        prop_assert_eq!(pushed, later, "{} over {:#?}", filter, lines);
    }
}
