//! The command line: exit codes, options, input and output.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use program::{Folder, project};

/// Two events, an hour apart on 2026-03-16.
const EVENTS: &[u8] = br#"{"time":"2026-03-16T08:00:00Z","user":"ada","bytes":"10"}
{"time":"2026-03-16T09:00:00Z","user":"bob","bytes":"20"}
"#;

fn folder() -> Folder {
    Folder::new(&[("events.ndjson", EVENTS)])
}

#[test]
fn exit_codes() {
    let folder = folder();
    folder.search("user=ada | table user").gives(0, &[r#"{"user":"ada"}"#]).quietly();
    folder.search("user=nobody").gives(0, &[]).quietly();
    let run =
        |search: &str| folder.run(&["search", search, "--events", "events.ndjson", "--fail-on-results"]);
    run("user=ada | table user").gives(1, &[r#"{"user":"ada"}"#]);
    run("user=nobody").gives(0, &[]);
    folder.search("user=ada | dedpu user").refused().says(&["error[E0201]", "search:1:12"]);
    // The usage: no search, no such option, no such verb, an option without its value.
    for arguments in
        [&["search"][..], &["search", "x", "--bogus"], &["bogus"], &["search", "x", "--events"], &[]]
    {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{ran:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["search", "--help"]] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    }
}

#[test]
fn a_search_from_a_file() {
    let folder = folder();
    // A byte-order mark and Windows line ends are no part of the search.
    folder.write("q.spl", b"\xef\xbb\xbfuser=bob\r\n| table user\r\n");
    folder.run(&["run", "q.spl", "--events", "events.ndjson"]).gives(0, &[r#"{"user":"bob"}"#]).quietly();
    folder.run(&["run", "none.spl", "--events", "events.ndjson"]).refused().says(&["none.spl"]);
    folder.write("q.spl", b"user=bob\n| dedpu user\n");
    folder
        .run(&["run", "q.spl", "--events", "events.ndjson"])
        .refused()
        .says(&["q.spl:2:3", "did you mean `dedup`?"]);
}

#[test]
fn formats() {
    let folder = folder();
    let search =
        "index=main | eval n=bytes*2, both=mvappend(user, \"x, y\"), none=null() | table user n both none";
    let run = |format: &str| folder.run(&["search", search, "--events", "events.ndjson", "--format", format]);
    // The newest event first; a number as a number, several values as an array, null left out.
    run("ndjson").gives(
        0,
        &[r#"{"user":"bob","n":40,"both":["bob","x, y"]}"#, r#"{"user":"ada","n":20,"both":["ada","x, y"]}"#],
    );
    let rows: serde_json::Value = serde_json::from_str(&run("json").out).unwrap();
    assert_eq!(
        rows,
        serde_json::json!([
            {"user": "bob", "n": 40, "both": ["bob", "x, y"]},
            {"user": "ada", "n": 20, "both": ["ada", "x, y"]}
        ])
    );
    // As Splunk exports: the values of a field on lines of their own, in one quoted cell.
    let csv = run("csv");
    assert_eq!(csv.out, "user,n,both,none\nbob,40,\"bob\nx, y\",\nada,20,\"ada\nx, y\",\n");
    let table = run("table");
    let head = table.out.lines().next().unwrap();
    for name in ["user", "n", "both"] {
        assert!(head.contains(name) || table.out.contains(name), "{table:?}");
    }
    assert!(table.out.contains("bob") && table.out.contains("40") && table.out.contains("x, y"), "{table:?}");
    let ran = run("xml");
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    // Piped, the default is one object a line.
    folder.search("user=bob | table user").gives(0, &[r#"{"user":"bob"}"#]);
    // No rows: nothing, an empty list, a header or nothing.
    let none = |format| {
        folder.run(&["search", "user=x | table user", "--events", "events.ndjson", "--format", format])
    };
    none("ndjson").gives(0, &[]);
    assert_eq!(none("json").out.split_whitespace().collect::<String>(), "[]");
}

#[test]
fn output_goes_to_a_file_in_one_step() {
    let folder = folder();
    let run = |search: &str, output: &str| {
        folder.run(&["search", search, "--events", "events.ndjson", "--output", output])
    };
    run("user=ada | table user", "out.ndjson").gives(0, &[]).quietly();
    assert_eq!(folder.read("out.ndjson").unwrap(), "{\"user\":\"ada\"}\n");
    // A second run replaces the file; nothing is left beside it.
    run("user=bob | table user", "out.ndjson").gives(0, &[]);
    assert_eq!(folder.read("out.ndjson").unwrap(), "{\"user\":\"bob\"}\n");
    assert_eq!(folder.names("."), ["events.ndjson", "out.ndjson"]);
    // A run that fails leaves the old file as it is.
    run("user=bob | dedpu user", "out.ndjson").refused();
    folder.write("bad.ndjson", b"{\"time\":1,\"user\":\"x\"}\nnot json\n");
    let strict = ["search", "index=main", "--events", "bad.ndjson", "--output", "out.ndjson", "--strict"];
    folder.run(&strict).refused();
    assert_eq!(folder.read("out.ndjson").unwrap(), "{\"user\":\"bob\"}\n");
    // The folder has to be there.
    run("user=ada", "no/such/out.ndjson").refused().says(&["error[E0603]", "no/such/out.ndjson"]);
    assert_eq!(folder.names("."), ["bad.ndjson", "events.ndjson", "out.ndjson"]);
    // --fail-on-results holds for a file too.
    let failing =
        ["search", "user=ada", "--events", "events.ndjson", "--output", "o.json", "--fail-on-results"];
    folder.run(&failing).gives(1, &[]);
    let table = [
        "search",
        "user=ada | table user",
        "--events",
        "events.ndjson",
        "--output",
        "o.csv",
        "--format",
        "csv",
    ];
    folder.run(&table).gives(0, &[]);
    assert_eq!(folder.read("o.csv").unwrap(), "user\nada\n");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = folder();
    for format in ["ndjson", "json", "csv", "table"] {
        let arguments = [
            "search",
            "| makeresults count=200000 | eval x=\"some text to fill the pipe\"",
            "--format",
            format,
        ];
        let mut child =
            folder.program(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        drop(reader);
        let ran = child.wait_with_output().unwrap();
        assert_eq!(
            (ran.status.code(), String::from_utf8_lossy(&ran.stderr).as_ref()),
            (Some(0), ""),
            "{format}"
        );
    }
    // Nobody reads at all.
    for arguments in [&["help"][..], &["help", "stats"], &["search", "| makeresults", "--explain"]] {
        let mut child =
            folder.program(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = child.wait_with_output().unwrap();
        assert_eq!(
            (ran.status.code(), String::from_utf8_lossy(&ran.stderr).as_ref()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_130() {
    let folder = folder();
    let arguments = ["search", "index=main | table user", "--events", "-", "--output", "out.json"];
    let mut child = folder.program(&arguments).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A pipe holds less than this: once it is written, the program reads, and its handler has long been set.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&EVENTS.repeat(10_000)).unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(130), ""));
    assert_eq!(folder.names("."), ["events.ndjson"], "no file, and none half written");
}

#[test]
fn quiet_and_strict() {
    let folder = Folder::new(&[(
        "events.ndjson",
        b"{\"time\":1,\"user\":\"ada\"}\nnot json\n{\"time\":2,\"user\":\"bob\"}\n",
    )]);
    let rows = [r#"{"user":"bob"}"#, r#"{"user":"ada"}"#];
    folder.search("index=main | table user").gives(0, &rows).says(&["warning[W0503]", "events.ndjson:2"]);
    let run = |more: &[&str]| {
        let arguments = [&["search", "index=main | table user", "--events", "events.ndjson"], more].concat();
        folder.run(&arguments)
    };
    run(&["-q"]).gives(0, &rows).quietly();
    run(&["--quiet"]).gives(0, &rows).quietly();
    run(&["--strict"]).refused().says(&["error[W0503]", "events.ndjson:2"]);
    // What is wrong is said, however quiet.
    run(&["--strict", "-q"]).refused().says(&["error[W0503]", "events.ndjson:2"]);
}

#[test]
fn times() {
    let folder = folder();
    let run = |more: &[&str]| {
        folder.run(&[&["search", "index=main | table user", "--events", "events.ndjson"], more].concat())
    };
    let (ada, bob) = (r#"{"user":"ada"}"#, r#"{"user":"bob"}"#);
    run(&[]).gives(0, &[bob, ada]);
    // From earliest on, and before latest.
    run(&["--earliest", "2026-03-16T09:00:00Z"]).gives(0, &[bob]);
    run(&["--latest", "2026-03-16T09:00:00Z"]).gives(0, &[ada]);
    // 2026-03-16T08:00:00Z
    run(&["--earliest", "1773648000", "--latest", "1773648001"]).gives(0, &[ada]);
    run(&["--now", "2026-03-16T10:00:00Z", "--earliest", "-1h"]).gives(0, &[bob]);
    run(&["--now", "2026-03-16T10:30:00Z", "--earliest", "-2h@h"]).gives(0, &[bob, ada]);
    run(&["--now", "2026-03-16T10:30:00Z", "--earliest", "-1h@h", "--latest", "now"]).gives(0, &[bob]);
    // A local time is of the zone named: nine in Berlin is eight in UTC.
    run(&["--tz", "Europe/Berlin", "--earliest", "2026-03-16T09:30:00"]).gives(0, &[bob]);
    run(&["--earliest", "2026-03-16T09:30:00"]).gives(0, &[]);
    // The search's own bounds win.
    let own = "earliest=2026-03-16T09:00:00Z | table user";
    folder.run(&["search", own, "--events", "events.ndjson", "--earliest", "0"]).gives(0, &[bob]);
    for option in ["--earliest", "--latest", "--now"] {
        run(&[option, "yesterday"]).refused().says(&["error[E0306]", option, "yesterday"]);
    }
    run(&["--tz", "Mars/Olympus"]).refused().says(&["error[E0602]", "Mars/Olympus"]);
    run(&["--earliest", "2", "--latest", "1"]).refused().says(&["error[E0602]"]);
    // now() is the same moment in every row.
    let now = ["search", "| makeresults count=2 | eval t=now() | table t", "--now", "2026-03-16T10:00:00Z"];
    folder.run(&now).gives(0, &[r#"{"t":1773655200}"#, r#"{"t":1773655200}"#]);
    let local =
        ["search", "| makeresults | eval t=strftime(0, \"%H:%M %Z\") | table t", "--tz", "Asia/Tokyo"];
    folder.run(&local).gives(0, &[r#"{"t":"09:00 JST"}"#]);
}

#[test]
fn events_from_everywhere() {
    let one = |user: &str| format!("{{\"time\":1,\"user\":\"{user}\"}}\n").into_bytes();
    let folder = Folder::new(&[
        ("logs/a.json", &one("a")),
        ("logs/deep/b.json", &one("b")),
        ("logs/.hidden.json", &one("hidden")),
        ("logs/c.ndjson", &one("c")),
    ]);
    let users = |events: &[&str]| {
        let arguments =
            [&["search", "index=main | stats values(user) AS users", "--events"], events].concat();
        folder.run(&arguments).out
    };
    assert_eq!(users(&["logs"]), "{\"users\":[\"a\",\"b\",\"c\"]}\n");
    assert_eq!(users(&["logs/*.json"]), "{\"users\":\"a\"}\n");
    assert_eq!(users(&["logs/**/*.json"]), "{\"users\":[\"a\",\"b\"]}\n");
    assert_eq!(users(&["logs/c.ndjson", "logs/a.json", "logs/a.json"]), "{\"users\":[\"a\",\"c\"]}\n");
    assert_eq!(users(&["logs/.hidden.json"]), "{\"users\":\"hidden\"}\n");
    // Each --events adds.
    let twice =
        ["search", "index=main | stats count", "--events", "logs/a.json", "--events", "logs/c.ndjson"];
    folder.run(&twice).gives(0, &[r#"{"count":2}"#]);
    let stdin = [
        "search",
        "index=main | stats count values(user) AS users values(source) AS source",
        "--events",
        "-",
    ];
    let input = [one("x"), one("y")].concat();
    folder
        .run_with(&input, &stdin)
        .gives(0, &[r#"{"count":2,"users":["x","y"],"source":"<stdin>"}"#])
        .quietly();
    let both = ["search", "index=main | stats values(user) AS users", "--events", "-", "logs/a.json"];
    folder.run_with(&one("x"), &both).gives(0, &[r#"{"users":["a","x"]}"#]);
    folder.run(&["search", "index=main", "--events", "none"]).refused().says(&["error[E0501]", "none"]);
}

#[test]
fn what_events_are() {
    let folder = folder();
    let search = "user=ada | table index host source sourcetype";
    let run = |more: &[&str]| folder.run(&[&["search", search, "--events", "events.ndjson"], more].concat());
    let row = r#"{"index":"main","host":"localhost","source":"events.ndjson","sourcetype":"_json"}"#;
    run(&[]).gives(0, &[row]);
    let row = r#"{"index":"aws","host":"web","source":"s3","sourcetype":"mine"}"#;
    run(&["--index", "aws", "--host", "web", "--source", "s3", "--sourcetype", "mine"]).gives(0, &[row]);
}

#[test]
fn macros_and_lookups() {
    let folder = folder();
    let run = |search: &str, more: &[&str]| {
        folder.run(&[&["search", search, "--events", "events.ndjson"], more].concat())
    };
    let ada = r#"{"user":"ada"}"#;
    run("`who` | table user", &["--macro", "who=user=ada"]).gives(0, &[ada]);
    run("`who(ada)` | table user", &["--macro", "who(name)=user=$name$"]).gives(0, &[ada]);
    // A filter that nobody defined lets everything through, and --explain says so.
    run("user=ada | table user | `my_filter`", &[]).gives(0, &[ada]);
    let explained = run("user=ada | table user | `my_filter`", &["--explain"]);
    assert!(explained.code == Some(0) && explained.out.contains("`my_filter`"), "{explained:?}");
    folder.write("staff.csv", b"user,team\nada,red\n");
    let search = "index=main | lookup staff user OUTPUT team | sort user | table user team";
    let rows = [r#"{"user":"ada","team":"red"}"#, r#"{"user":"bob"}"#];
    run(search, &["--lookup", "staff=staff.csv"]).gives(0, &rows).quietly();
    run(search, &["--lookup", "staff=none.csv"]).refused().says(&["error[E0403]", "none.csv"]);
    run(search, &["--lookup", "staff"]).refused().says(&["error[E0602]"]);
}

#[test]
fn the_last_app_wins_and_the_command_line_over_it() {
    let folder = folder();
    folder.write("one/macros/macros.conf", b"[who]\ndefinition = user=ada\n[both]\ndefinition = user=*\n");
    folder.write("two/default/macros.conf", b"[who]\ndefinition = user=none\n");
    folder.write("two/local/macros.conf", b"[who]\ndefinition = user=bob\n");
    folder.write("one/lookups/staff.csv", b"user,team\nada,one\n");
    folder.write("two/lookups/staff.csv", b"user,team\nada,two\n");
    let run = |search: &str, more: &[&str]| {
        folder.run(&[&["search", search, "--events", "events.ndjson"], more].concat())
    };
    let (ada, bob) = (r#"{"user":"ada"}"#, r#"{"user":"bob"}"#);
    run("`who` | table user", &["--app", "one"]).gives(0, &[ada]);
    run("`who` | table user", &["--app", "one", "--app", "two"]).gives(0, &[bob]);
    run("`who` | table user", &["--app", "two", "--app", "one"]).gives(0, &[ada]);
    run("`both` | table user", &["--app", "one", "--app", "two"]).gives(0, &[bob, ada]);
    run("`who` | table user", &["--app", "one", "--macro", "who=user=bob"]).gives(0, &[bob]);
    let team = "user=ada | lookup staff.csv user | table team";
    run(team, &["--app", "one", "--app", "two"]).gives(0, &[r#"{"team":"two"}"#]);
    run(team, &["--app", "two", "--app", "one"]).gives(0, &[r#"{"team":"one"}"#]);
    let explained = run(team, &["--app", "one", "--app", "two", "--explain"]);
    assert!(explained.out.contains("two/lookups/staff.csv"), "{explained:?}");
    run("`who`", &["--app", "three"]).refused().says(&["error[E0408]", "`three`"]);
}

#[test]
fn written_lookups_go_to_the_last_app() {
    let folder = folder();
    folder.write("one/macros/macros.conf", b"");
    folder.write("two/macros/macros.conf", b"");
    let search = "index=main | table user | outputlookup seen.csv";
    folder.run(&["search", search, "--events", "events.ndjson", "--app", "one", "--app", "two"]);
    assert_eq!(folder.read("two/lookups/seen.csv").unwrap(), "user\nbob\nada\n");
    assert_eq!(folder.read("one/lookups/seen.csv"), None);
    folder.search(search);
    assert_eq!(folder.read("speleo-app/lookups/seen.csv").unwrap(), "user\nbob\nada\n");
    // Without --app the next run reads it there.
    folder.run(&["search", "| inputlookup seen.csv"]).gives(0, &[r#"{"user":"bob"}"#, r#"{"user":"ada"}"#]);
}

#[test]
fn help_for_everything() {
    let folder = Folder::new(&[]);
    let overview = folder.run(&["help"]);
    assert_eq!(overview.code, Some(0));
    assert!(overview.out.contains("tstats") && overview.out.contains("relative_time"), "{overview:?}");
    let stats = folder.run(&["help", "stats"]);
    assert!(stats.out.starts_with("stats: ") && stats.out.contains("## Syntax"), "{stats:?}");
    assert_eq!(folder.run(&["help", "STATS"]).out, stats.out);
    // `max` is a function of eval and one of stats.
    let max = folder.run(&["help", "max"]).out;
    assert!(max.contains("max(): ") && max.contains("max, a function of stats: "), "{max}");
    folder.run(&["help", "nosuch"]).refused().says(&["error[E0602]: no page about `nosuch`"]);
    folder.run(&["help", "stast"]).refused().says(&["did you mean `stats`?"]);
}

#[test]
fn explain_runs_nothing() {
    let folder = folder();
    let ran = folder.search("index=main | table user | outputlookup seen.csv");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    std::fs::remove_dir_all(folder.path().join("speleo-app")).unwrap();
    let search = "index=main | table user | outputlookup seen.csv";
    let ran = folder.run(&["search", search, "--events", "events.ndjson", "--explain"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("events `events.ndjson`: source type _json (JSON of no known kind)"), "{ran:?}");
    assert_eq!(folder.names("."), ["events.ndjson"]);
}

#[test]
fn threads_change_nothing() {
    let lines: String = (1..=500).map(|n| format!("{{\"time\":{n},\"user\":\"u{}\"}}\n", n % 7)).collect();
    let folder = Folder::new(&[("events.ndjson", lines.as_bytes())]);
    let run = |threads: &str| {
        let search = "index=main | stats count first(_time) AS t values(user) AS u BY user";
        folder.run(&[
            "search",
            search,
            "--events",
            "events.ndjson",
            "--threads",
            threads,
            "--chunk-size",
            "1000",
        ])
    };
    let one = run("1");
    assert_eq!((one.code, one.out.lines().count()), (Some(0), 7));
    assert_eq!(run("2").out, one.out);
    assert_eq!(run("8").out, one.out);
    run("0").refused();
}

/// The columns of the model are there already: no source type, no tags.
#[test]
fn events_that_carry_a_data_model() {
    let event = br#"{"_time":1773648000,"action":"created","user":"x","image_id":"ami","object_id":"i-1","command":"RunInstances"}
{"_time":1773651600,"action":"deleted","user":"x","image_id":"ami","object_id":"i-1","command":"TerminateInstances"}
"#;
    let folder = Folder::new(&[("events.ndjson", event)]);
    let run = |search: &str, model: &str| {
        folder.run(&["search", search, "--events", "events.ndjson", "--datamodel", model])
    };
    let search = "| tstats count earliest(_time) as first values(All_Changes.object_id) as dest from datamodel=Change \
                  where All_Changes.action=created by All_Changes.Instance_Changes.image_id, All_Changes.user";
    let row = r#"{"All_Changes.Instance_Changes.image_id":"ami","All_Changes.user":"x","count":1,"first":1773648000,"dest":"i-1"}"#;
    run(search, "Change").gives(0, &[row]).quietly();
    run(search, "Chnage").refused().says(&["Chnage", "did you mean `Change`?"]);
    run("index=main", "Chnage").refused().says(&["Chnage"]);
}

/// The text as the documentation page of this detection has it in its source: the macro's quotes and the
/// comparison are entities.
fn pasted() -> String {
    let query = std::fs::read_to_string(project(
        "queries/cloud_provisioning_activity_from_previously_unseen_ip_address.spl",
    ));
    query.unwrap().replace('"', "&#34;").replace('>', "&gt;").replace('<', "&lt;")
}

#[test]
fn a_search_pasted_from_a_page() {
    let folder = Folder::new(&[("pasted.spl", pasted().as_bytes())]);
    let (events, app) = (project("samples/cloudtrail"), project("samples/app"));
    let query = project("queries/cloud_provisioning_activity_from_previously_unseen_ip_address.spl");
    let run = |query: &str| {
        let (events, app) = (events.to_str().unwrap(), app.to_str().unwrap());
        folder.run(&["run", query, "--events", events, "--app", app, "--now", "2026-03-16T12:00:00Z"])
    };
    let (plain, decoded) = (run(query.to_str().unwrap()), run("pasted.spl"));
    assert_eq!((plain.code, plain.out.lines().count()), (Some(0), 4), "{plain:?}");
    assert_eq!(plain.out, decoded.out);
    decoded.says(&["note[N0005]", "pasted.spl"]);
    assert!(!plain.err.contains("N0005"), "{plain:?}");
}

#[test]
fn entities_that_parse_are_text() {
    let folder =
        Folder::new(&[("events.ndjson", b"{\"time\":1,\"x\":\"&gt;\"}\n{\"time\":2,\"x\":\">\"}\n")]);
    let written = r#"{"x":"&gt;"}"#;
    folder.search("index=main | where x=\"&gt;\" | table x").gives(0, &[written]).quietly();
    folder.search("x=\"&gt;\" | table x").gives(0, &[written]).quietly();
    // Decoded it would not parse either: the mistake is told about the text as it was written.
    folder.search("index=main | where x &gt; | table x").refused().says(&["search:1:", "&gt;"]);
}

/// A pipe under a name can be read once, as standard input can: nothing may be taken from it to look at.
#[cfg(unix)]
#[test]
fn a_named_pipe_loses_no_events() {
    let folder = folder();
    let script =
        "mkfifo pipe && { cat events.ndjson > pipe & } && \"$0\" search 'user=* | stats count' --events pipe";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_speleo")]).current_dir(folder.path());
    let ran = shell.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert_eq!(out.trim(), r#"{"count":2}"#, "{err}");
    assert!(err.is_empty(), "{err}");
}

#[test]
fn searches_are_laid_out() {
    let folder = folder();
    let text = b"`drop_dm_object_name(\"x\")`|stats   count ```why```\n by user|  head 1" as &[u8];
    let laid_out = "`drop_dm_object_name(\"x\")`\n| stats count ```why```\n    by user\n| head 1\n";
    folder.write("q.spl", &[b"index=main | ", text].concat());
    let laid_out = format!("index=main\n| {laid_out}");
    assert_eq!(folder.run(&["fmt", "--check", "q.spl"]).gives(1, &["q.spl"]).err, "");
    folder.run(&["fmt", "q.spl"]).gives(0, &[]).quietly();
    assert_eq!(folder.read("q.spl").unwrap(), laid_out);
    folder.run(&["fmt", "--check", "q.spl"]).gives(0, &[]).quietly();
    let printed = folder.run_with(b"index=a|head", &["fmt"]);
    assert_eq!((printed.code, printed.out.as_str()), (Some(0), "index=a\n| head\n"));
    // A macro of another app is kept as it is; what is not closed is said; other files are left alone.
    let printed = folder.run_with(b"`mine(a,  b)`|head", &["fmt"]);
    assert_eq!(printed.out, "`mine(a,  b)`\n| head\n");
    assert!(folder.run_with(b"user=\"ada", &["fmt"]).err.contains("E0001"));
    folder.run(&["fmt", "events.ndjson"]).refused().says(&["only files that are one search"]);
}
