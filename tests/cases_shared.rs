//! Cases from outside: a file of searches with the results that Splunk's documentation prints or a real
//! instance was measured to give. The file is not part of the project: `SPELEO_CASES` names it.
//!
//! One JSON object a line: `id`, `spl` (a leading `...` stands for the rows of `input`), `input` (rows or
//! null), `expected` (rows, or `{"error": ...}` for a search that Splunk refuses) and `note`.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value as Json;
use speleo::batch::Batch;
use speleo::diagnostic::{Code, Diagnostic, Sources};
use speleo::knowledge::Knowledge;
use speleo::plan::{Plan, Settings};
use speleo::value::parse_number;

/// Cases that fail for a reason that is not ours.
const KNOWN: [(&str, &str); 1] =
    [("doc-146", "the page prints a blank between two variables that its own format string does not have")];

struct Case {
    id: String,
    search: String,
    input: Vec<Json>,
    expected: Json,
    note: String,
}

enum Outcome {
    Passed,
    Failed(String),
    NotRun(BTreeSet<String>),
}

impl Case {
    fn read(line: &str) -> Case {
        let case: Json = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        let text = |name: &str| case[name].as_str().unwrap_or_default().to_string();
        let search = text("spl");
        let search = match search.trim_start().strip_prefix("...") {
            Some(rest) => rest.trim_start().trim_start_matches('|').to_string(),
            None => search,
        };
        let input = case["input"].as_array().cloned().unwrap_or_default();
        Case { id: text("id"), search, input, expected: case["expected"].clone(), note: text("note") }
    }

    /// The zone in which the page was printed.
    fn zone(&self) -> &str {
        let pacific = self.note.contains("America/Los_Angeles") || self.note.contains("UTC-7");
        if pacific { "America/Los_Angeles" } else { "UTC" }
    }

    fn plan(&self) -> Result<Plan, Vec<Diagnostic>> {
        let mut sources = Sources::new();
        let parsed = common::parse(&mut sources, &self.search)?;
        let zone = speleo::time::parse_time_zone(self.zone()).expect("a zone");
        let settings = Settings { zone, ..common::settings() };
        let knowledge = match self.table() {
            Some(app) => {
                let (knowledge, _) =
                    Knowledge::load(&[app.path().into()], app.path(), &mut sources).expect("an app");
                let knowledge = Arc::new(knowledge);
                return speleo::plan::plan(
                    &parsed,
                    common::start_of(&self.search),
                    &settings,
                    &knowledge,
                    &mut sources,
                );
            }
            None => common::knowledge(&mut sources),
        };
        speleo::plan::plan(&parsed, common::start_of(&self.search), &settings, &knowledge, &mut sources)
    }

    /// An app with the table that the note describes: `lookup NAME: CSV "header / row / row", SETTING=VALUE`.
    fn table(&self) -> Option<tempfile::TempDir> {
        let (name, rest) = self.note.strip_prefix("lookup ")?.split_once(": CSV \"")?;
        let (rows, settings) = rest.split_once('"')?;
        let app = tempfile::tempdir().expect("a folder");
        let lookups = app.path().join("lookups");
        std::fs::create_dir(&lookups).expect("a folder");
        std::fs::write(lookups.join(format!("{name}.csv")), rows.replace(" / ", "\n")).expect("a table");
        let settings = settings.trim_start_matches(',').trim().replace('=', " = ");
        let stanza = format!("[{name}]\nfilename = {name}.csv\n{settings}\n");
        std::fs::write(lookups.join("transforms.conf"), stanza).expect("a definition");
        Some(app)
    }

    fn run(&self) -> Outcome {
        let refused = self.expected.get("error").is_some();
        let plan = match self.plan() {
            Ok(plan) => plan,
            Err(mistakes) => {
                let missing = missing_commands(&mistakes);
                if !missing.is_empty() {
                    return Outcome::NotRun(missing);
                }
                let known = mistakes.iter().all(|mistake| mistake.code != Code::UnknownFunction);
                let messages: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
                let passed = refused && known;
                return if passed { Outcome::Passed } else { Outcome::Failed(messages.join("; ")) };
            }
        };
        let lines: Vec<String> = self.input.iter().map(Json::to_string).collect();
        for size in [usize::MAX, 1] {
            let out = common::run(&plan, common::batches(&lines.join("\n"), size), 1);
            match out {
                Err(_) if refused => {}
                Err(mistake) => return Outcome::Failed(mistake.message),
                Ok(_) if refused => return Outcome::Failed("it ran".to_string()),
                Ok(out) => {
                    if let Err(difference) = self.compare(&out) {
                        return Outcome::Failed(difference);
                    }
                }
            }
        }
        Outcome::Passed
    }

    /// Rows in order; the fields that any expected row names, as text. A field that an expected row does not
    /// name, but another does, is missing there.
    fn compare(&self, out: &[Batch]) -> Result<(), String> {
        let all = Batch::concat(out);
        let expected = self.expected.as_array().cloned().unwrap_or_default();
        // Of some searches only the first rows are known.
        let complete = !self.note.starts_with("first row");
        if all.rows() < expected.len() || (complete && all.rows() != expected.len()) {
            return Err(format!("{} rows, not {}: {:#?}", all.rows(), expected.len(), common::lines(out)));
        }
        let names: BTreeSet<&String> =
            expected.iter().filter_map(Json::as_object).flat_map(|row| row.keys()).collect();
        for (row, wanted) in expected.iter().enumerate() {
            for name in &names {
                let got: Vec<String> =
                    all.get(name, row).values().iter().map(|value| value.to_text().into_owned()).collect();
                let wanted = texts(&wanted[name.as_str()]);
                if !self.same(&got, &wanted) {
                    return Err(format!("row {row}, `{name}`: {got:?}, not {wanted:?}"));
                }
            }
        }
        Ok(())
    }

    fn same(&self, got: &[String], wanted: &[String]) -> bool {
        let number = |text: &str| parse_number(text).map(|number| number.value);
        let near = |(a, b): (&String, &String)| match (number(a), number(b)) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            _ => false,
        };
        let numerically = self.note.contains("numerically") && got.len() == wanted.len();
        got == wanted || (numerically && got.iter().zip(wanted).all(near))
    }
}

/// The commands that a search was refused for because they are not there yet.
fn missing_commands(mistakes: &[Diagnostic]) -> BTreeSet<String> {
    let name = |mistake: &Diagnostic| {
        let rest = mistake.message.strip_prefix("the command `")?;
        rest.strip_suffix("` is not supported yet").map(str::to_string)
    };
    mistakes.iter().filter_map(name).collect()
}

fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Null => Vec::new(),
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

#[test]
fn cases_from_outside() {
    let Some(file) = std::env::var_os("SPELEO_CASES") else {
        println!("no cases given: skipped");
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let (mut passed, mut not_run, mut missing) = (0, 0, BTreeSet::new());
    let (mut failed, mut report, mut unexpected) = (0, String::new(), 0);
    for case in text.lines().filter(|line| !line.trim().is_empty()).map(Case::read) {
        let known = KNOWN.iter().find(|(id, _)| *id == case.id);
        match (case.run(), known) {
            (Outcome::Passed, None) => passed += 1,
            (Outcome::Passed, Some(_)) => {
                passed += 1;
                unexpected += 1;
                let _ = writeln!(report, "{} passes: take it off the list", case.id);
            }
            (Outcome::Failed(difference), known) => {
                failed += 1;
                unexpected += usize::from(known.is_none());
                let reason = known.map_or(String::new(), |(_, reason)| format!(" (known: {reason})"));
                let _ = writeln!(report, "{}{reason}: {}\n  {difference}", case.id, case.search);
            }
            (Outcome::NotRun(commands), _) => {
                not_run += 1;
                missing.extend(commands);
            }
        }
    }
    let missing: Vec<String> = missing.into_iter().collect();
    print!("{report}");
    println!("cases: {passed} passed, {failed} failed, {not_run} not run (commands: {})", missing.join(", "));
    assert!(passed + failed + not_run > 0, "no cases in {}", file.display());
    assert_eq!(unexpected, 0, "cases that went otherwise than expected:\n{report}");
}
