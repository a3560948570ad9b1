//! The shipped queries: each runs on the sample and prints what somebody has read against the events
//! (`samples/EXPECTED.md`), and each is documented.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::world::{World, project};
use speleo::compile::compile;
use speleo::diagnostic::{SourceId, Sources};
use speleo::eval::Warnings;
use speleo::expand::expand;
use speleo::functions::EvalContext;
use speleo::parse::{Search, Start, parse};

/// What the page of a query must say.
const KEYS: [&str; 11] = [
    "name",
    "id",
    "type",
    "description",
    "how_to_run",
    "mitre_attack",
    "required_fields",
    "known_false_positives",
    "lookups",
    "macros",
    "data_models",
];

fn queries() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = files("queries", "spl");
    found.sort();
    assert!(!found.is_empty(), "no queries");
    found
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project(folder)).expect("a folder of the project");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.to_string_lossy().ends_with(&format!(".{ending}"))).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// The rows, what was said, and every table that the query wrote.
fn on_the_sample(path: &Path) -> String {
    let world = World::sample();
    let before = tables(&world);
    let ran = world.query(&stem(path));
    let mut text = format!("rows\n{}", ran.ndjson);
    if !ran.said.is_empty() {
        text.push_str(&format!("\nsaid\n{}\n", ran.said.join("\n")));
    }
    for (name, table) in tables(&world) {
        if before.get(&name) != Some(&table) {
            text.push_str(&format!("\nwrites {name}\n{table}"));
        }
    }
    text
}

fn tables(world: &World) -> BTreeMap<String, String> {
    let files = world.app.files("lookups").into_iter();
    let tables = files.filter_map(|file| file.strip_suffix(".csv").map(str::to_string));
    tables.map(|name| (name.clone(), world.table(&name).expect("a table"))).collect()
}

/// A new query fails here until its output has been read and accepted (`cargo insta review`).
#[test]
fn output_on_the_sample() {
    insta::glob!("../queries", "*.spl", |path| insta::assert_snapshot!(on_the_sample(path)));
}

/// Snapshots are of queries, queries have snapshots, and none is waiting to be read.
#[test]
fn every_snapshot_was_reviewed() {
    for variable in ["INSTA_UPDATE", "INSTA_FORCE_PASS"] {
        let accepts =
            std::env::var(variable).is_ok_and(|how| !["", "0", "no", "new", "auto"].contains(&&*how));
        assert!(
            !accepts,
            "{variable} makes snapshots of whatever comes out: read them and accept them by name"
        );
    }
    let prefix = "queries__output_on_the_sample@";
    let of_queries = |ending: &str| -> BTreeSet<String> {
        let names = files("tests/snapshots", ending).into_iter();
        let names = names.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned());
        names.filter(|name| name.starts_with(prefix)).collect()
    };
    let pending = of_queries("snap.new");
    assert!(pending.is_empty(), "read and accept, or delete: {pending:?}");
    let queries = queries();
    let expected = queries.iter().map(|path| format!("{prefix}{}.spl.snap", stem(path))).collect();
    assert_eq!(of_queries("snap"), expected);
}

/// The page beside a query: what stands under each key of the first level, as lines without indentation.
fn page(query: &Path) -> BTreeMap<String, Vec<String>> {
    let path = query.with_extension("yml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut page: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let content = if line.starts_with(' ') {
            line.trim()
        } else {
            let (name, rest) = line.split_once(':').unwrap_or_else(|| panic!("{}: {line}", path.display()));
            key = name.to_string();
            assert!(page.insert(key.clone(), Vec::new()).is_none(), "{}: {key} twice", path.display());
            rest.trim().trim_start_matches(">-")
        };
        if !content.is_empty() {
            page.get_mut(&key).expect("a key").push(content.to_string());
        }
    }
    page
}

fn list(page: &BTreeMap<String, Vec<String>>, key: &str) -> BTreeSet<String> {
    let lines = page.get(key).map_or(&[][..], Vec::as_slice).iter();
    let items = lines.filter(|line| *line != "[]").map(|line| {
        line.strip_prefix("- ").unwrap_or_else(|| panic!("{key} is a list, not {line}")).to_string()
    });
    items.collect()
}

/// `$field$` of a message.
fn tokens(message: &str) -> Vec<&str> {
    message.split('$').skip(1).step_by(2).collect()
}

#[test]
fn every_query_has_a_page() {
    let mut ids = BTreeSet::new();
    for query in queries() {
        let page = page(&query);
        let shown = query.display();
        for key in KEYS {
            assert!(page.get(key).is_some_and(|lines| !lines.is_empty()), "{shown}: no {key}");
        }
        assert!(ids.insert(page["id"].clone()), "{shown}: an id that is another query's");
        if page["type"] == ["Baseline"] {
            continue;
        }
        let risk = page.get("risk").unwrap_or_else(|| panic!("{shown}: no risk"));
        let of = |key: &str| risk.iter().find_map(|line| line.strip_prefix(key)).map(str::trim);
        let score: u32 = of("score:").and_then(|score| score.parse().ok()).expect("a score");
        assert!((1..=100).contains(&score), "{shown}: {score}");
        let message = of("message:").unwrap_or_else(|| panic!("{shown}: no message"));
        assert!(!list(&page, "mitre_attack").is_empty(), "{shown}: no technique");
        // What the message speaks of is in the rows.
        let rows = World::sample().query(&stem(&query)).rows();
        for field in tokens(message) {
            assert!(rows.iter().all(|row| row.get(field).is_some()), "{shown}: no {field} in the rows");
        }
    }
}

/// The macros called in a text, as `name` or `name(arity)`.
fn calls(text: &str) -> BTreeSet<String> {
    let calls = text.split('`').skip(1).step_by(2);
    calls
        .map(|call| match call.split_once('(') {
            Some((name, arguments)) => format!("{name}({})", arguments.split(',').count()),
            None => call.to_string(),
        })
        .collect()
}

#[test]
fn what_a_page_names_is_what_the_query_leans_on() {
    let mut sources = Sources::new();
    let knowledge = World::sample().app.knowledge(&mut sources);
    for query in queries() {
        let (page, shown) = (page(&query), query.display());
        let text = fs::read_to_string(&query).expect("a query");
        assert_eq!(list(&page, "macros"), calls(&text), "{shown}");
        for call in calls(&text) {
            let (name, arity) = match call.split_once('(') {
                Some((name, arity)) => (name, arity.trim_end_matches(')').parse().expect("an arity")),
                None => (call.as_str(), 0),
            };
            let known = knowledge.find_macro(name, arity).is_some() || name.ends_with("_filter");
            assert!(known, "{shown}: no macro {call}");
        }
        let words: BTreeSet<&str> =
            text.split(|c: char| !(c.is_alphanumeric() || "_.".contains(c))).collect();
        let lookups: BTreeSet<String> =
            knowledge.lookup_names().into_iter().filter(|name| words.contains(name.as_str())).collect();
        assert_eq!(list(&page, "lookups"), lookups, "{shown}");
        let models: BTreeSet<String> = text
            .split("datamodel=")
            .skip(1)
            .filter_map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next())
            .map(str::to_string)
            .collect();
        assert_eq!(list(&page, "data_models"), models, "{shown}");
        for model in &models {
            assert!(knowledge.data_model(model, &mut sources).is_ok(), "{shown}: no data model {model}");
        }
        let fields: BTreeSet<String> = words
            .iter()
            .filter(|word| word.starts_with("All_Changes."))
            .map(|word| word.to_string())
            .collect();
        let named = list(&page, "required_fields");
        let used = fields.iter().all(|field| named.contains(field));
        assert!(
            used && named.iter().all(|field| field == "_time" || fields.contains(field)),
            "{shown}: {named:?}"
        );
    }
}

#[test]
fn every_query_plans() {
    for query in queries() {
        let world = World::sample();
        let mut sources = Sources::new();
        let knowledge = Arc::new(world.app.knowledge(&mut sources));
        let text = fs::read_to_string(&query).expect("a query");
        let compiled = compile("query", &text, &world.settings(), &knowledge, &mut sources);
        let compiled = compiled.unwrap_or_else(|mistakes| panic!("{}: {mistakes:?}", query.display()));
        assert!(compiled.notes.is_empty(), "{:?}", compiled.notes);
    }
}

fn parsed(sources: &Sources, id: SourceId) -> Search {
    parse(sources, id, Start::Fresh).unwrap_or_else(|mistakes| panic!("{}\n{mistakes:?}", sources.text(id)))
}

/// The tree, without the places in the text that it was read from.
fn tree(search: &Search) -> String {
    format!("{search:?}")
}

#[test]
fn a_query_printed_and_parsed_again_is_the_same() {
    for query in queries() {
        let world = World::sample();
        let mut sources = Sources::new();
        let knowledge = world.app.knowledge(&mut sources);
        let settings = world.settings();
        let context = EvalContext::new(settings.now, settings.zone, Warnings::new());
        let id = sources.add("query", fs::read_to_string(&query).expect("a query"));
        let expanded = expand(id, &knowledge, &context, &mut sources).expect("an expansion");
        let first = parsed(&sources, expanded.id);
        let printed = sources.add("printed", first.to_string());
        let again = parsed(&sources, printed);
        assert_eq!(tree(&first), tree(&again), "{}", query.display());
        assert_eq!(first.to_string(), again.to_string());
    }
}
