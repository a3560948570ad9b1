//! Searches inside of searches: what is checked before anything runs, and what their text becomes.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use speleo::diagnostic::{Code, Sources};

/// The rows that a search gives, as the pages write them.
fn rows(search: &str) -> Vec<String> {
    let plan = common::plan(search).unwrap_or_else(|mistakes| panic!("{search}: {mistakes:#?}"));
    let out = common::run(&plan, Vec::new(), 1).unwrap_or_else(|mistake| panic!("{search}: {mistake:#?}"));
    assert_eq!(plan.trouble(), [], "{search}");
    common::lines(&out)
}

/// The codes and messages that a search is refused with.
fn refusals(search: &str) -> Vec<(Code, String)> {
    let Err(mistakes) = common::plan(search) else { panic!("`{search}` has no mistake") };
    mistakes.into_iter().map(|mistake| (mistake.code, mistake.message)).collect()
}

#[test]
fn the_text_of_a_subsearch_filters_events() {
    let users = "[| inputlookup staff where level > 1 | rename user AS userIdentity.userName \
                 | fields userIdentity.userName]";
    let count = |filter: String| rows(&format!("| search {filter} | stats count"));
    assert_eq!(count(users.to_string()), [r#"{"count": 2}"#]);
    assert_eq!(count(format!("NOT{users}")), [r#"{"count": 3}"#]);
    assert_eq!(count(format!("eventName=Run* {users}")), [r#"{"count": 2}"#]);
    assert_eq!(count(format!("eventName=Stop* OR {users}")), [r#"{"count": 3}"#]);
    // The first row stands for its field alone; `$` for its value.
    let first = |end: &str| format!("[inputlookup staff | rename user AS userIdentity.userName {end}]");
    assert_eq!(count(first("| return userIdentity.userName")), [r#"{"count": 2}"#]);
    let value = first("| return $userIdentity.userName");
    assert_eq!(count(format!("userIdentity.userName={value}")), [r#"{"count": 2}"#]);
}

#[test]
fn no_rows_match_nothing_and_not_of_them_everything() {
    let nobody = "[| inputlookup staff where user=nobody]";
    assert_eq!(rows(&format!("| search {nobody} | stats count")), [r#"{"count": 0}"#]);
    assert_eq!(rows(&format!("| search NOT {nobody} | stats count")), [r#"{"count": 5}"#]);
    assert_eq!(
        rows("| search NOT[| inputlookup staff where user=nobody] | stats count"),
        [r#"{"count": 5}"#]
    );
}

#[test]
fn every_command_takes_the_text_of_a_subsearch() {
    let ada = "[| makeresults | eval user = \"ada\" | fields user]";
    let quoted = "[| inputlookup staff | eval search = \"\\\"\" . user . \"\\\"\" | head 1 | fields search]";
    for (search, expected) in [
        (format!("| inputlookup staff WHERE {ada} | table department"), r#"{"department": "research"}"#),
        (format!("| inputlookup staff | search {ada} | table level"), r#"{"level": "3"}"#),
        (format!("| inputlookup staff | where user = {quoted} | table level"), r#"{"level": "3"}"#),
        (format!("| inputlookup staff | where user IN ({quoted}) | table level"), r#"{"level": "3"}"#),
        (
            "| inputlookup staff | table [| makeresults | eval n = \"level\" | return $n] | head 1".to_string(),
            r#"{"level": "3"}"#,
        ),
        (
            "| makeresults | eval a = [| makeresults | eval b = [| makeresults | eval c = 2 | return $c] | return $b] \
             | table a"
                .to_string(),
            r#"{"a": 2}"#,
        ),
    ] {
        assert_eq!(rows(&search), [expected], "{search}");
    }
    let counted = rows(
        "| tstats count from datamodel=Change where [| inputlookup staff where level>1 \
         | rename user AS All_Changes.user | fields All_Changes.user] by All_Changes.user",
    );
    assert_eq!(counted, [r#"{"All_Changes.user": "ada", "count": 2}"#]);
}

#[test]
fn what_is_missing_in_brackets_is_said_before_anything_runs() {
    let unknown = |what: &str| vec![(Code::UnknownCommand, format!("unknown command `{what}`"))];
    assert_eq!(refusals("| search a=1 [| inputlookup staff | hed 1]"), unknown("hed"));
    assert_eq!(refusals("| makeresults | append [| makeresults | hed 1]"), unknown("hed"));
    let lookup = vec![(Code::UnknownLookup, "no app defines the lookup `nobody`".to_string())];
    assert_eq!(refusals("| search [| inputlookup nobody] | head 1"), lookup);
    assert_eq!(refusals("| search [| inputlookup staff] | lookup nobody user"), lookup);
    assert_eq!(refusals("| makeresults | append [search [| inputlookup nobody]]"), lookup);
    assert_eq!(refusals("| makeresults | eval x = [| inputlookup nobody | return $user]"), lookup);
    // All mistakes, not only the first.
    let both = refusals("| search [| inputlookup nobody | hed 1] | tabel x");
    assert_eq!(both.len(), 2, "{both:?}");
    let syntax = refusals("| makeresults | eval x = [| makeresults | return $n] +");
    assert_eq!(syntax[0].0, Code::Syntax, "{syntax:?}");
}

#[test]
fn brackets_may_not_stand_too_deep() {
    let nested = |depth: usize| {
        let inner = "| makeresults | append [".repeat(depth);
        format!("{inner} | makeresults {}", "]".repeat(depth))
    };
    assert!(common::plan(&nested(15)).is_ok());
    assert_eq!(refusals(&nested(40))[0].0, Code::TooDeep);
}

#[test]
fn a_command_may_stand_first_in_brackets_without_a_pipe() {
    assert_eq!(
        rows("| makeresults | eval n = 0 | table n | append [makeresults | eval n = 1 | table n]"),
        [r#"{"n": 0}"#, r#"{"n": 1}"#]
    );
    // A field that is called like a command is compared.
    let plan = common::plan("| makeresults | append [head=1 | table head]");
    assert!(plan.is_ok());
}

#[test]
fn a_search_with_subsearches_prints_and_parses_to_itself() {
    for search in [
        "| search a=1 [search b=2 | fields b] OR NOT [| inputlookup staff] | stats count",
        "| inputlookup staff WHERE [inputlookup rota.csv | fields user]",
        "| makeresults | append [search user=* [| makeresults | return 5 user] | head 1] | where x IN ([makeresults | return $x])",
    ] {
        let mut sources = Sources::new();
        let parsed = common::parse(&mut sources, search).expect("a search");
        let printed = parsed.to_string();
        let again = common::parse(&mut sources, &printed).unwrap_or_else(|m| panic!("{printed}: {m:#?}"));
        assert_eq!(format!("{again:?}"), format!("{parsed:?}"), "{printed}");
    }
}

#[test]
fn a_subsearch_of_too_many_rows_is_cut_and_says_so() {
    let plan = common::plan(
        "| makeresults | eval n = 1 | search [| makeresults count=10001 | eval n = 1 | fields n] | table n",
    )
    .expect("a plan");
    let out = common::run(&plan, Vec::new(), 1).expect("a run");
    assert_eq!(common::lines(&out), [r#"{"n": 1}"#]);
    let said: Vec<String> = plan.trouble().into_iter().map(|warning| warning.message).collect();
    assert_eq!(said, ["the subsearch gives more than 10000 rows: those after them are not used"]);
}

/// `maxtime`: what was read by then is what there is.
#[test]
fn after_its_time_a_search_reads_no_more() {
    let plan = common::plan("| search eventName=* | stats count").expect("a plan");
    let within = |seconds| speleo::exec::Deadline::within(std::time::Duration::from_secs(seconds), None);
    for (seconds, missed, expected) in [(0, true, r#"{"count": 0}"#), (3600, false, r#"{"count": 5}"#)] {
        let deadline = within(seconds).expect("a time");
        let options = speleo::exec::RunOptions { deadline: Some(deadline.clone()), ..Default::default() };
        let mut out = Vec::new();
        let ran = plan.run(Vec::new(), &options, &mut |batch| {
            out.push(batch);
            Ok(speleo::exec::Flow::More)
        });
        ran.expect("a run");
        assert_eq!((common::lines(&out), deadline.is_missed()), (vec![expected.to_string()], missed));
        // An inner search has no more time than the outer.
        let inner = speleo::exec::Deadline::within(std::time::Duration::from_secs(60), Some(&deadline));
        assert_eq!(inner.expect("a time").is_over(), missed);
    }
}
