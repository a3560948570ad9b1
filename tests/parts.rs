//! Transforming commands over random rows: the whole equals the merge of its parts, for every cut, also when the
//! parts were stored, and several threads give what one gives.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use speleo::batch::Batch;
use speleo::exec::Stage;
use speleo::plan::Plan;

/// Every statistical function of a field, in one search; a percentage for the families.
fn all_functions(command: &str, by: &str) -> String {
    let call = |name: &str| match name {
        // `estdc_error` is of the same state as `estdc`; a sparkline has its own grammar.
        "sparkline" => "sparkline(sum(n), 1h)".to_string(),
        name => format!("{}(n)", name.replace("<N>", "62.5")),
    };
    let calls: Vec<String> = speleo::aggregates::names().map(call).collect();
    format!("{command} count, {} {by}", calls.join(", "))
}

/// The searches: `stats` with and without groups, and what is made of it.
fn searches() -> Vec<String> {
    vec![
        all_functions("stats", ""),
        all_functions("stats", "BY g, m"),
        all_functions("stats allnum=true", "BY g"),
        "top limit=2 useother=t g BY m".to_string(),
        "rare g, m".to_string(),
        "chart count, sum(n), dc(n), values(n) OVER g BY m limit=1".to_string(),
        "chart eval(sum(n) / count) BY g span=2".to_string(),
        "timechart span=1h avg(n), max(n), p90(n) BY g limit=2".to_string(),
        "timechart span=1d per_hour(n) BY m WHERE max > 2".to_string(),
        "fieldsummary".to_string(),
    ]
}

fn row() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        4 => prop::sample::select(vec!["1", "2.5", "-3", "0.1", "7", "x", "", "1e3", "007"]).prop_map(Json::from),
        1 => Just(json!(["1", "x", "2"])),
        1 => Just(Json::Null),
    ];
    let group = prop::sample::select(vec![json!("1"), json!("3"), json!("a"), json!(["a", "1"]), Json::Null]);
    let other = prop::sample::select(vec![json!("u"), json!("v"), json!("w"), Json::Null]);
    (number, group, other, prop::option::weighted(0.9, 0u32..9)).prop_map(|(n, g, m, hour)| {
        let time = hour.map(|hour| f64::from(hour).mul_add(1800.0, 1_773_651_600.0).to_string());
        let mut row = serde_json::Map::new();
        for (name, value) in [("_time", Json::from(time)), ("n", n), ("g", g), ("m", m)] {
            if !value.is_null() {
                row.insert(name.to_string(), value);
            }
        }
        Json::Object(row)
    })
}

fn lines(batches: &[Batch]) -> Vec<String> {
    common::lines(batches)
}

/// The parts of a cut, stored and read back, put together.
fn merged(plan: &Plan, parts: &[&[Batch]]) -> Vec<String> {
    let Some(Stage::Transforming(stage)) = plan.steps.first().map(|step| &step.stage) else {
        panic!("no transforming stage")
    };
    let state = |rows: &[Batch]| {
        let mut state = stage.start();
        rows.iter().for_each(|row| state.update(row, &plan.context).unwrap());
        stage.load(&state.save(&plan.context).unwrap()).unwrap()
    };
    let mut whole = state(parts[0]);
    for part in &parts[1..] {
        whole.merge(state(part), &plan.context).unwrap();
    }
    lines(&whole.finish(&plan.context).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_whole_is_the_merge_of_its_parts(
        rows in prop::collection::vec(row(), 0..20),
        first in 0usize..20,
        second in 0usize..20,
    ) {
        let text: Vec<String> = rows.iter().map(Json::to_string).collect();
        let text = text.join("\n");
        let (first, second) = (first.min(second).min(rows.len()), first.max(second).min(rows.len()));
        for search in searches() {
            let plan = common::plan(&search).unwrap();
            let whole = lines(&common::run(&plan, common::batches(&text, usize::MAX), 1).unwrap());
            for (size, threads) in [(1, 1), (3, 2), (1, 3)] {
                let cut = lines(&common::run(&plan, common::batches(&text, size), threads).unwrap());
                prop_assert_eq!(&cut, &whole, "{} by {} on {}", search, size, threads);
            }
            let single = common::batches(&text, 1);
            let parts = [&single[..first], &single[first..second], &single[second..]];
            prop_assert_eq!(&merged(&plan, &parts), &whole, "{} cut at {} and {}", search, first, second);
        }
    }
}

#[test]
fn very_many_groups() {
    let names = ["g".into(), "m".into(), "n".into()];
    let row = |number: usize| {
        let group = match number % 1000 {
            7 => json!([format!("g{number}"), "shared"]),
            8 => Json::Null,
            _ => json!(format!("g{}", number * 7919 % 50_000)),
        };
        vec![common::cell(&group), common::cell(&json!(number % 3)), common::cell(&json!(number))]
    };
    let all: Vec<usize> = (0..60_000).collect();
    let batches: Vec<Batch> = all
        .chunks(3000)
        .map(|rows| Batch::from_rows(&names, rows.iter().map(|&number| row(number))))
        .collect();
    for search in [
        "stats count, sum(n), dc(m), first(n), values(m), sparkline(count) BY g",
        "stats count, last(n), list(m) BY m g",
        "stats c(g) BY n",
    ] {
        let plan = common::plan(search).unwrap();
        let whole = lines(&common::run(&plan, batches.clone(), 1).unwrap());
        assert!(whole.len() > 49_000, "{}", whole.len());
        for threads in [2, 3] {
            let cut = lines(&common::run(&plan, batches.clone(), threads).unwrap());
            assert!(cut == whole, "{search} on {threads} threads");
        }
        let (one, two): (&[Batch], &[Batch]) = batches.split_at(11);
        assert!(merged(&plan, &[one, two]) == whole, "{search} in parts");
    }
}
