//! Every example of every manual page, under the law of its commands' kinds.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::fmt::Write as _;

use speleo::diagnostic::Sources;
use speleo::exec::Stage;
use speleo::page::{Example, Expected, Page};

/// Kind, name and source of every page.
fn pages() -> Vec<(&'static str, &'static str, &'static str)> {
    let commands = speleo::commands::pages().map(|(name, source)| ("command", name, source));
    let functions = speleo::functions::pages().map(|(name, _, source)| ("function", name, source));
    let aggregates = speleo::aggregates::pages().map(|(name, source)| ("aggregate", name, source));
    commands.chain(functions).chain(aggregates).collect()
}

/// Blanks outside of strings say nothing.
fn squeeze(line: &str) -> String {
    let (mut out, mut quoted, mut escaped) = (String::new(), false, false);
    for c in line.chars() {
        if quoted || !c.is_whitespace() {
            out.push(c);
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    out
}

fn rows(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(squeeze).collect()
}

/// What an example gives with its rows in batches of `size` on so many threads.
fn outcome(example: &Example, size: usize, threads: usize) -> Result<Vec<String>, String> {
    let first_line = |message: &str, code: &str| format!("error[{code}]: {message}");
    let plan = common::plan(&example.search).map_err(|mistakes| {
        let mistake = mistakes.first().expect("a mistake");
        first_line(&mistake.message, mistake.code.as_str())
    })?;
    let input = example.input.as_deref().unwrap_or("{}");
    let out = common::run(&plan, common::batches(input, size), threads)
        .map_err(|mistake| first_line(&mistake.message, mistake.code.as_str()))?;
    Ok(common::lines(&out).iter().map(|line| squeeze(line)).collect())
}

fn check(place: &str, example: &Example, report: &mut String) {
    let expected = match &example.expected {
        Expected::Rows(text) => Ok(rows(text)),
        Expected::Error(line) => Err(line.trim().to_string()),
        Expected::Missing => {
            let _ = writeln!(report, "{place}: the example shows no result");
            return;
        }
    };
    let whole = outcome(example, usize::MAX, 1);
    if whole != expected {
        let _ = writeln!(report, "{place}: {}\n  expected {expected:#?}\n  got {whole:#?}", example.search);
        return;
    }
    let rows = example.input.as_deref().unwrap_or("").lines().count();
    for size in 1..=rows.max(1) {
        for threads in [1, 2] {
            let cut = outcome(example, size, threads);
            if cut != whole {
                let _ = writeln!(report, "{place}: in batches of {size} on {threads} threads: {cut:#?}");
            }
        }
    }
    if whole.is_ok() {
        check_stored_states(place, example, &whole, report);
        check_printing(place, example, report);
    }
}

/// A transforming step: the parts of every cut, stored and read back, merge to the whole.
fn check_stored_states(
    place: &str,
    example: &Example,
    whole: &Result<Vec<String>, String>,
    report: &mut String,
) {
    let Ok(plan) = common::plan(&example.search) else { return };
    let (1, Some(Stage::Transforming(stage))) =
        (plan.steps.len(), plan.steps.first().map(|step| &step.stage))
    else {
        return;
    };
    let parts = common::batches(example.input.as_deref().unwrap_or("{}"), 1);
    for cut in 0..=parts.len() {
        let (left, right) = parts.split_at(cut);
        let state = |rows: &[speleo::batch::Batch]| {
            let mut state = stage.start();
            rows.iter().for_each(|row| state.update(row, &plan.context).expect("an update"));
            stage.load(&state.save(&plan.context).expect("a stored state")).expect("a state read back")
        };
        let mut merged = state(left);
        merged.merge(state(right), &plan.context).expect("a merge");
        let lines = common::lines(&merged.finish(&plan.context).expect("a result"));
        let lines: Vec<String> = lines.iter().map(|line| squeeze(line)).collect();
        if Ok(&lines) != whole.as_ref() {
            let _ = writeln!(report, "{place}: cut at {cut}, stored and merged: {lines:#?}");
        }
    }
}

/// A printed search parses to the same tree.
fn check_printing(place: &str, example: &Example, report: &mut String) {
    let mut sources = Sources::new();
    let Ok(parsed) = common::parse(&mut sources, &example.search) else { return };
    let printed = parsed.to_string();
    let id = sources.add("printed", printed.clone());
    match speleo::parse::parse(&sources, id, common::start_of(&example.search)) {
        Ok(again) if format!("{again:?}") == format!("{parsed:?}") => {}
        Ok(again) => {
            let _ = writeln!(report, "{place}: {printed}\n  parses to {again:?}\n  not to {parsed:?}");
        }
        Err(mistakes) => {
            let _ = writeln!(report, "{place}: {printed}\n  does not parse: {mistakes:?}");
        }
    }
}

#[test]
fn every_example_of_every_page() {
    let mut report = String::new();
    let mut count = 0;
    let only = std::env::var("PAGE").ok();
    for (kind, name, source) in pages() {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        for example in Page::read(source).examples {
            count += 1;
            check(&format!("{kind} {name}, line {}", example.line), &example, &mut report);
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(count > 0, "no examples");
}

#[test]
fn every_page_is_complete() {
    let mut report = String::new();
    for (kind, name, source) in pages() {
        let page = Page::read(source);
        let results =
            page.examples.iter().filter(|example| matches!(example.expected, Expected::Rows(_))).count();
        let errors =
            page.examples.iter().filter(|example| matches!(example.expected, Expected::Error(_))).count();
        let shape = !page.summary.is_empty() && page.section("Syntax").is_some();
        if !shape || results < 2 || errors < 1 {
            let _ = writeln!(
                report,
                "{kind} {name}: {results} results, {errors} errors, summary and syntax: {shape}"
            );
        }
    }
    assert!(report.is_empty(), "{report}");
}
