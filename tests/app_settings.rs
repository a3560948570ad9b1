//! Settings of an app that a command leans on: transaction types, event types, searches, tables.

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

#[test]
fn an_event_type_looks_at_the_beginning_of_an_event() {
    let folder = Folder::new(&[("app/local/eventtypes.conf", b"[late]\nsearch = \"the end\"\n" as &[u8])]);
    let typed = |maxlen: &str| {
        let search = format!(
            "| makeresults | eval _raw=\"begin, then the end\" | typer {maxlen} | fields - _time _raw"
        );
        let ran = folder.run(&["search", &search, "--app", "app", "--format", "ndjson"]);
        ran.quietly();
        ran.out
    };
    assert_eq!(typed(""), "{\"eventtype\":\"late\"}\n");
    assert_eq!(typed("maxlen=12"), "{}\n");
}

const DETECTION: &[u8] = b"name: Many Visits\nid: 1\ndescription: Somebody looks around.\nsearch: '`visits` user=ada\n  | stats count by user\n  | `many_visits_filter`'\n";

#[test]
fn a_search_in_a_file_of_its_own_is_a_saved_search() {
    let folder = Folder::new(&[
        ("visits.ndjson", VISITS.as_bytes()),
        ("app/detections/web/many_visits.yml", DETECTION),
        ("app/detections/web/other.yml", b"name: Other\nsearch: '| makeresults | eval a=1 | table a'\n"),
        ("app/macros/visits.yml", b"name: visits\ndefinition: index=main\n"),
        ("app/macros/many_visits_filter.yml", b"name: many_visits_filter\ndefinition: search *\n"),
        ("app/local/savedsearches.conf", b"[Other]\nsearch = | makeresults | eval a=2 | table a\n"),
    ]);
    let run = |search: &str| folder.run(&["search", search, "--events", "visits.ndjson", "--app", "app"]);
    for name in ["Many Visits", "ESCU - Many Visits - Rule"] {
        run(&format!("| savedsearch \"{name}\"")).gives(0, &[r#"{"user":"ada","count":4}"#]);
    }
    run("| from savedsearch:\"Many Visits\"").gives(0, &[r#"{"user":"ada","count":4}"#]);
    // What savedsearches.conf has wins.
    run("| savedsearch Other").gives(0, &[r#"{"a":2}"#]);
    run("| savedsearch \"Many Visit\"").refused().says(&["E0414", "did you mean `Many Visits`?"]);
}

/// After the examples of the Admin Manual's page on multikv.conf: the output of `top`, with a table twice, and of `ls`.
const TABLES: &[u8] = br##"[top]
pre.start = "Tasks"
pre.end = "PID"
pre.ignore = _all_
header.start = "PID"
header.linecount = 1
header.replace = "%" = "_", "#" = "n"
header.tokens = _tokenize_, -1, " "
body.end = "Tasks"
body.tokens = _tokenize_, 0, " "

[ls]
pre.start = "total"
pre.linecount = 1
header.tokens = _token_list_, mode, links, user, size, date, name
body.end = "^\s*$"
body.member = "\.rs"
body.replace = "(\w{3})\s+(\d{1,2})\s+(\d{2}:\d{2})" = "\1_\2_\3"
body.ignore = _regex_ "^d"
body.tokens = _tokenize_, 0, " "

[wide]
header.start = "NAME"
header.linecount = 1
header.tokens = _token_list_, name, size
body.tokens = _align_, NAME, L, -1, SIZE, R, -1

[fixed]
header.tokens = _token_list_, code, rest
body.tokens = _chop_, (0,3), (4,20)
"##;

#[test]
fn tables_as_an_app_describes_them() {
    let folder = Folder::new(&[("app/local/multikv.conf", TABLES)]);
    let table = |text: &str, conf: &str, fields: &str| {
        let search = format!(
            "| makeresults | eval _raw=\"{text}\" | makemv delim=\"~\" _raw | nomv _raw \
                     | multikv conf={conf} | table {fields}"
        );
        let ran = folder.run(&["search", &search, "--app", "app", "--format", "csv"]);
        ran.quietly();
        ran.out.lines().skip(1).collect::<Vec<_>>().join(" / ")
    };
    let top = "Tasks: 2~%CPU 9~PID %MEM #T CMD~1 0.5 3 init -x~22 1.0 1 sh~Tasks: 1~PID %MEM #T CMD~7 2 2 ps";
    // `%MEM` is `_MEM` after the replacement, and no name begins with `_`.
    assert_eq!(table(top, "top", "PID MEM nT CMD"), "1,0.5,3,init -x / 22,1.0,1,sh / 7,2,2,ps");
    let ls = "total 8~-rw-r--r-- 1 ada 120 Nov 25 08:15 main.rs~drwx 2 ada 64 Nov 1 07:00 x.rs~-rw 1 eve 7 Nov 2 09:00 a.txt~~later";
    assert_eq!(table(ls, "ls", "mode user date name"), "-rw-r--r--,ada,Nov_25_08:15,main.rs");
    let wide = "NAME    SIZE~disk      12~a        700";
    assert_eq!(table(wide, "wide", "name size"), "disk,12 / a,700");
    assert_eq!(table("200 all is well~404 gone", "fixed", "code rest"), "200,all is well / 404,gone");
}
