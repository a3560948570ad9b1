//! Every code of a diagnostic has a trigger, and what it prints was read by a person.
//!
//! One snapshot a code: each of its triggers, and the whole of what is said about it.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod triggers;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use speleo::diagnostic::Code;
use triggers::{Told, all};

/// What every trigger says, by code.
fn told() -> BTreeMap<&'static str, Vec<(String, Vec<Told>)>> {
    let mut by_code: BTreeMap<&'static str, Vec<(String, Vec<Told>)>> = BTreeMap::new();
    for trigger in all() {
        let told = trigger.run();
        by_code.entry(trigger.code.as_str()).or_default().push((trigger.describe(), told));
    }
    by_code
}

#[test]
fn every_code_has_a_trigger_and_a_text_that_was_read() {
    let told = told();
    let missing: Vec<&str> =
        Code::ALL.iter().map(|code| code.as_str()).filter(|code| !told.contains_key(code)).collect();
    assert!(missing.is_empty(), "no trigger for {missing:?}");
    let mut report = String::new();
    for (code, triggers) in &told {
        let mut page = String::new();
        for (trigger, told) in triggers {
            check(code, trigger, told, &mut report);
            let texts: Vec<&str> = told.iter().map(|told| told.text.as_str()).collect();
            let _ = writeln!(page, "{trigger}\n\n{}\n\n", texts.join("\n\n"));
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(*code, page.trim_end());
        });
    }
    assert!(report.is_empty(), "{report}");
}

/// The habits of messages: lower case, no full stop, nobody addressed, no path of this machine.
fn check(code: &str, trigger: &str, told: &[Told], report: &mut String) {
    if !told.iter().any(|told| told.code == code) {
        let codes: Vec<&str> = told.iter().map(|told| told.code.as_str()).collect();
        let _ = writeln!(report, "{code} is not what it says, but {codes:?}:\n{trigger}");
    }
    for told in told {
        let says = |what: &str, report: &mut String| {
            let _ = writeln!(report, "{what}: {:?}", told.message);
        };
        let message = &told.message;
        if message.chars().next().is_none_or(char::is_uppercase) {
            says("not in lower case", report);
        }
        if message.ends_with('.') {
            says("a full stop", report);
        }
        let you = |word: &str| ["you", "your", "please"].contains(&word);
        if message.split(|c: char| !c.is_alphabetic()).any(you) {
            says("addresses somebody", report);
        }
        if told.text.contains(&std::env::temp_dir().display().to_string()) {
            says("a path of this machine", report);
        }
    }
}
