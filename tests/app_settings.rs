//! Settings of an app that a command names: transaction types.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::{Folder, Ran};

const VISITS: &str = r#"{"time":"2026-03-16T08:00:00Z","user":"ada","page":"home"}
{"time":"2026-03-16T08:00:30Z","user":"ada","page":"cart"}
{"time":"2026-03-16T08:01:00Z","user":"ada","page":"home"}
{"time":"2026-03-16T08:01:10Z","user":"bob","page":"home"}
{"time":"2026-03-16T08:09:00Z","user":"ada","page":"help"}
"#;

const TYPES: &[u8] = b"[default]\nmaxpause = 1m\n\n[visit]\nfields = user\nstartswith = page=home\n\
    mvlist = page\ndelim = \", \"\n\n[round]\nfields = user\nstartswith = eval(page == \"home\")\nendswith = (page=cart)\n\
    colour = red\nshape = round\n";

fn run(search: &str) -> Ran {
    let folder =
        Folder::new(&[("visits.ndjson", VISITS.as_bytes()), ("app/local/transactiontypes.conf", TYPES)]);
    folder.run(&["search", search, "--events", "visits.ndjson", "--app", "app", "--format", "ndjson"])
}

/// The rows, without quotation marks.
fn rows(search: &str) -> Vec<String> {
    let ran = run(search);
    ran.quietly();
    ran.out.lines().map(|line| line.replace('"', "")).collect()
}

#[test]
fn a_transaction_type_says_what_the_search_does_not() {
    let end = "| nomv page | table user page duration";
    assert_eq!(
        rows(&format!("index=main | transaction name=visit {end}")),
        [
            "{user:bob,page:home,duration:0}",
            "{user:ada,page:home,duration:0}",
            "{user:ada,page:home, cart,duration:30}",
        ]
    );
    // The end of `round` holds, the pause of all is 1m unless the search says otherwise.
    assert_eq!(
        rows(&format!("index=main | transaction name=round delim=+ {end}")),
        ["{user:ada,page:cart+home,duration:30}"]
    );
    assert_eq!(
        rows("index=main | transaction page name=visit startswith=eval(1=1) maxpause=-1 | stats count"),
        ["{count:5}"]
    );
}

#[test]
fn a_setting_that_a_transaction_type_does_not_have_is_told() {
    let folder = Folder::new(&[("app/local/transactiontypes.conf", TYPES)]);
    folder.run(&["check", "--app", "app"]).gives(
        1,
        &[
            "app/local/transactiontypes.conf:14: the setting `colour` is not honoured",
            "app/local/transactiontypes.conf:15: the setting `shape` is not honoured",
            "2 settings are not honoured",
        ],
    );
}
