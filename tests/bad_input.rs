//! Bad input: told with its place, or counted while the run goes on; never a panic, a hang or a lost row.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use program::{Folder, Ran};

const ADA: &str = r#"{"time":"2026-03-16T08:00:00Z","user":"ada"}"#;
const BOB: &str = r#"{"time":"2026-03-16T09:00:00Z","user":"bob"}"#;
/// The rows of [`ADA`] and [`BOB`] under [`USERS`]: the newest first.
const BOTH: [&str; 2] = [r#"{"user":"bob"}"#, r#"{"user":"ada"}"#];
const USERS: &str = "index=main | table user";

/// A folder whose `events.ndjson` is this.
fn events(bytes: impl AsRef<[u8]>) -> Folder {
    Folder::new(&[("events.ndjson", bytes.as_ref())])
}

fn good() -> Folder {
    events(format!("{ADA}\n{BOB}\n"))
}

/// The events with something between them.
fn between(bytes: &[u8]) -> Vec<u8> {
    [ADA.as_bytes(), b"\n", bytes, b"\n", BOB.as_bytes(), b"\n"].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn names_that_nobody_knows() {
    let folder = good();
    folder.write("staff.csv", b"user,team\nada,red\n");
    for (search, code, column, help) in [
        ("index=main | dedpu user", "E0201", 14, "did you mean `dedup`?"),
        ("index=main | sendemail to=ada", "E0207", 14, ""),
        ("index=main | eval x=lenn(user)", "E0301", 21, "did you mean `len`?"),
        ("index=main | stats vlaues(user)", "E0305", 20, "did you mean `values`?"),
        ("index=main | `security_content_ctme(x)`", "E0101", 14, "did you mean `security_content_ctime`?"),
        ("index=main | lookup stafff user", "E0401", 21, "did you mean `staff`?"),
        ("index=main | lookup staff user OUTPUT taem", "E0402", 39, "did you mean `team`?"),
        ("index=main | lookup staff usr AS user", "E0402", 27, "did you mean `user`?"),
        ("| inputlookup stafff", "E0401", 15, "did you mean `staff`?"),
        ("| tstats count from datamodel=Chnage", "E0405", 21, "did you mean `Change`?"),
        ("| tstats count from datamodel=Change.All_Chnages", "E0406", 21, "did you mean `All_Changes`?"),
        ("index=main | mvexpand user limt=1", "E0202", 28, "did you mean `limit`?"),
        ("index=main | dedup keepemtpy=t user", "E0202", 20, "did you mean `keepempty`?"),
    ] {
        let ran = folder.run(&["search", search, "--events", "events.ndjson", "--lookup", "staff=staff.csv"]);
        ran.refused().says(&[&format!("error[{code}]"), &format!("search:1:{column}\n"), help]);
    }
}

#[test]
fn arguments_that_do_not_fit() {
    let folder = good();
    for (search, code, column) in [
        ("index=main | eval x=if(user)", "E0302", 21),
        ("index=main | eval x=len(user, 1)", "E0302", 21),
        ("index=main | `drop_dm_object_name`", "E0102", 14),
        ("index=main | `drop_dm_object_name(a, b)`", "E0102", 14),
        ("index=main | table", "E0205", 14),
        ("index=main | head 1 2", "E0205", 14),
        ("index=main | head limit=2 limit=3", "E0203", 27),
        ("index=main | head limit=few", "E0204", 25),
        ("index=main | makeresults", "E0206", 14),
        ("index=main | where user + 1", "E0303", 20),
        ("index=main | where match(user, \"(\")", "E0304", 32),
    ] {
        let ran = folder.search(search);
        ran.refused().says(&[&format!("error[{code}]"), &format!("search:1:{column}\n")]);
    }
}

#[test]
fn what_is_not_closed() {
    let folder = good();
    for (search, column) in [
        ("index=main user=\"ada", 17),
        ("index=main | eval x=\"a", 21),
        ("index=main | eval x='a", 21),
        ("index=main (user=ada", 12),
        ("index=main user=ada)", 20),
        ("index=main | where (user=\"ada\"", 20),
        ("index=main | where user=\"ada\")", 30),
        ("index=main | eval x=max(1, 2", 24),
        ("index=main | stats count(user", 25),
        ("index=main | search user IN (a, b", 29),
        ("index=main [search user=ada", 12),
        ("index=main user=ada]", 20),
        ("index=main | `drop_dm_object_name(a)", 14),
        ("index=main | ```a comment", 14),
    ] {
        folder.search(search).refused().says(&["error[E0001]", &format!("search:1:{column}\n")]);
    }
}

#[test]
fn macros_that_never_end() {
    let folder = good();
    let stanza = |n: usize| format!("[m{n}]\ndefinition = {}\n", format!("`m{}` ", n + 1).repeat(10));
    let tenfold: String = (0..10).map(stanza).collect();
    let stanza = |n: usize| format!("[a{n}(1)]\nargs = x\ndefinition = `a{}({})`\n", n + 1, "$x$".repeat(10));
    let arguments: String = (0..10).map(stanza).collect();
    let chain: String = (0..5000).map(|n| format!("[c{n}]\ndefinition = `c{}`\n", n + 1)).collect();
    let conf = format!(
        "{tenfold}[m10]\ndefinition = user=ada\n{arguments}[a10(1)]\nargs = x\ndefinition = $x$\n{chain}\
         [cycle]\ndefinition = user=ada `again`\n[again]\ndefinition = `cycle`\n"
    );
    folder.write("app/macros/macros.conf", conf.as_bytes());
    let run = |search: &str| {
        let start = Instant::now();
        let ran = folder.run(&["search", search, "--events", "events.ndjson", "--app", "app"]);
        assert!(start.elapsed() < Duration::from_secs(2), "{search}: {:?}", start.elapsed());
        ran
    };
    run("index=main `cycle`").refused().says(&["error[E0103]", "cycle → again → cycle", "search:1:12\n"]);
    run("index=main `m0`").refused().says(&["error[E0104]", "search:1:12\n"]);
    run("index=main `a0(user)`").refused().says(&["error[E0104]", "search:1:12\n"]);
    run("index=main `c0`").refused().says(&["error[E0104]", "search:1:12\n"]);
    run("index=main `m10` | table user").gives(0, &[r#"{"user":"ada"}"#]);
}

#[test]
fn searches_beyond_measure() {
    let folder = good();
    let run = |search: String| {
        folder.write("long.spl", search.as_bytes());
        let start = Instant::now();
        let ran = folder.run(&["run", "long.spl", "--events", "events.ndjson"]);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert!(ran.err.len() < 100_000, "{} bytes of mistakes", ran.err.len());
        ran
    };
    let million = 1_000_000;
    run(format!("index=main {}", "(".repeat(million))).refused().says(&["error[E0003]", "long.spl:1:"]);
    run(format!("index=main | where {}", "(".repeat(million))).refused().says(&["error[E0003]"]);
    run(format!("index=main | eval x={}", "[".repeat(million))).refused().says(&["error[E0003]"]);
    run(format!("index=main {}", "NOT ".repeat(million / 5))).refused().says(&["error[E0003]"]);
    run(format!("index=main | eval x={}1", "-".repeat(million))).refused().says(&["error[E0003]"]);
    run(format!("index=main | eval x={}1", "len(".repeat(million / 5))).refused().says(&["error[E0003]"]);
    run(format!("index=main | eval x=1{}", "+1".repeat(million / 2))).refused().says(&["error[E0003]"]);
    run(format!("index=main{}", "|head".repeat(million / 6))).refused().says(&["error[E0003]"]);
    run("|x".repeat(million / 3)).refused().says(&["error["]);
    run("`x".repeat(million / 3)).refused().says(&["error["]);
    run("\"".repeat(million + 1)).refused().says(&["error[E0001]"]);
    run("```".repeat(million / 4 + 1)).refused().says(&["error[E0001]"]);
    run("x".repeat(2 * million)).refused().says(&["error[E0104]"]);
    // What is long and not deep runs.
    let users = ["user=ada", " OR user=nobody"].concat();
    let ran = run(format!("({users}{}) | table user", " OR user=nobody".repeat(20_000)));
    ran.gives(0, &[r#"{"user":"ada"}"#]);
    let sum = format!("index=main | head 1 | eval x=time{} | table x", ".time".repeat(300));
    assert_eq!(run(sum).out.len(), "{\"x\":\"\"}\n".len() + 301 * "2026-03-16T09:00:00Z".len());
}

#[test]
fn lookups_that_lead_out_of_their_app() {
    let folder = good();
    folder.write(
        "app/lookups/transforms.conf",
        b"[out]\nfilename = ../../etc/passwd\n[abs]\nfilename = /etc/passwd\n",
    );
    for search in [
        "index=main | lookup ../../etc/passwd user",
        "index=main | lookup /etc/passwd user",
        "index=main | lookup ..\\\\..\\\\etc\\\\passwd user",
        "index=main | lookup out user",
        "index=main | lookup abs user",
        "| inputlookup ../../etc/passwd",
        "| inputlookup ../../../../../../etc/passwd.csv",
        "| from lookup:../../etc/passwd",
        "index=main | outputlookup ../../passwd.csv",
        "index=main | outputlookup out",
    ] {
        let ran = folder.run(&["search", search, "--events", "events.ndjson", "--app", "app"]);
        ran.refused().says(&["error[E0404]"]);
        assert!(!ran.err.contains("root"), "{ran:?}");
    }
    assert_eq!(folder.names("."), ["app", "events.ndjson"]);
    assert_eq!(folder.names("app/lookups"), ["transforms.conf"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_its_app() {
    let folder = good();
    folder.write("secret.csv", b"user,team\nada,secret\n");
    folder.write("app/lookups/staff.csv", b"");
    std::fs::remove_file(folder.path().join("app/lookups/staff.csv")).unwrap();
    std::os::unix::fs::symlink("../../secret.csv", folder.path().join("app/lookups/staff.csv")).unwrap();
    let ran = folder.run(&["search", "| inputlookup staff.csv", "--app", "app"]);
    ran.refused().says(&["error[E0404]", "app/lookups/staff.csv"]);
}

#[test]
fn times_that_cannot_be_read() {
    let folder = good();
    folder.search("index=main earliest=yesterday").refused().says(&["error[E0306]", "search:1:12\n"]);
    folder.search("index=main latest=-1x").refused().says(&["error[E0306]", "search:1:12\n"]);
    let tstats = "| tstats count from datamodel=Change where earliest=soon";
    folder.search(tstats).refused().says(&["error[E0306]", "search:1:44\n"]);
    // Of events: counted, and the events are there, as old as the file.
    let times = ["\"noon\"", "\"\"", "1e999", "\"1e999\"", "-1", "{\"a\":1}", "[]", "null", "true"];
    for time in times {
        let folder = good();
        let lines = between(format!("{{\"time\":{time},\"user\":\"eve\"}}").as_bytes());
        folder.write_at("events.ndjson", &lines, 1_773_640_000);
        let ran = folder.search("index=main | table _time user");
        let rows = [
            r#"{"_time":1773651600,"user":"bob"}"#,
            r#"{"_time":1773648000,"user":"ada"}"#,
            r#"{"_time":1773640000,"user":"eve"}"#,
        ];
        ran.gives(0, &rows).says(&[
            "warning[W0506]: 1 event has no time",
            "that of the file",
            "events.ndjson",
        ]);
    }
}

#[test]
fn files_that_are_not_there_or_empty() {
    let folder = good();
    let run = |path: &str| folder.run(&["search", USERS, "--events", path]);
    run("event.ndjson").refused().says(&["error[E0501]", "did you mean `events.ndjson`?"]);
    run("*.csv").refused().says(&["error[E0501]", "*.csv"]);
    run("no/such/folder/").refused().says(&["error[E0501]"]);
    folder.write("empty.json", b"");
    folder.write("blank.json", b" \n\n\t\n");
    folder.write("list.json", b"[]");
    for empty in ["empty.json", "blank.json"] {
        run(empty).gives(0, &[]).says(&["warning[W0507]", empty]);
    }
    run("list.json").gives(0, &[]);
    folder
        .run_with(b"", &["search", USERS, "--events", "-"])
        .gives(0, &[])
        .says(&["warning[W0507]", "<stdin>"]);
    // Beside a good file nothing is lost.
    let both = ["search", USERS, "--events", "empty.json", "events.ndjson"];
    folder.run(&both).gives(0, &BOTH).says(&["warning[W0507]"]);
    // A file of a form that is not read ends with 2, after the rows of the others.
    folder.write("events.zip", b"PK\x03\x04....");
    let both = ["search", USERS, "--events", "events.zip", "events.ndjson"];
    folder.run(&both).gives(2, &BOTH).says(&["error[E0502]", "events.zip"]);
}

#[test]
fn lines_that_are_no_events() {
    for (line, what) in [
        (&b"not json"[..], "1 line is not JSON"),
        (b"{\"a\":1", "1 line is not JSON"),
        (b"{\"a\":1}}", "1 line is not JSON"),
        (b"{\"a\":}", "1 line is not JSON"),
        (b"{'a':1}", "1 line is not JSON"),
        (b"{\"a\":01}", "1 line is not JSON"),
        (b"{\"a\":\"\\x\"}", "1 line is not JSON"),
        (b"\"text\"", "1 line is not JSON"),
        (b"\x00\x01\x02", "1 line is not JSON"),
    ] {
        let folder = events(between(line));
        let ran = folder.search(USERS);
        ran.gives(0, &BOTH).says(&["warning[W0503]", what, "events.ndjson:2"]);
        let strict = folder.run(&["search", USERS, "--events", "events.ndjson", "--strict"]);
        strict.refused().says(&["error[W0503]", "events.ndjson:2"]);
    }
    let many = events(format!("{ADA}\nx\ny\nz\n{BOB}\n"));
    many.search(USERS).gives(0, &BOTH).says(&["3 lines are not JSON", "events.ndjson:2"]);
    // Not a word of it is an event.
    let none = events("user=ada\nuser=bob\n");
    none.search(USERS).gives(0, &[]).says(&["2 lines are not JSON", "events.ndjson:1"]);
}

#[test]
fn files_that_end_too_early() {
    let cut = |bytes: String| events(bytes).search(USERS);
    let rows = [BOTH[1]];
    cut(format!("{ADA}\n{{\"time\":2,\"us")).gives(0, &rows).says(&["warning[W0503]", "events.ndjson:2"]);
    cut(format!("[{ADA},\n{{\"time\":2,\"us")).gives(0, &rows).says(&["warning[W0503]", "events.ndjson:2"]);
    cut(format!("[{ADA},\n")).gives(0, &rows).says(&["warning[W0503]", "list of events"]);
    cut(format!("{{\"Records\":[{ADA},\n")).gives(0, &rows).says(&["warning[W0503]", "list of events"]);
    // A last line without its end is whole.
    cut(format!("{ADA}\n{BOB}")).gives(0, &BOTH).quietly();
    let packed = gzip(format!("{ADA}\n{BOB}\n").repeat(2000).as_bytes());
    let folder = Folder::new(&[("events.gz", &packed[..packed.len() - 20])]);
    let ran = folder.run(&["search", "index=main | stats count", "--events", "events.gz"]);
    ran.says(&["warning[W0505]", "cut short", "events.gz"]);
    assert_eq!(ran.code, Some(0));
    let count: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!((3000..=4000).contains(&count["count"].as_u64().unwrap()), "{ran:?}");
    // Damaged in the middle.
    let mut packed = packed;
    let middle = packed.len() / 2;
    packed[middle..middle + 8].fill(0xff);
    let folder = Folder::new(&[("events.gz", &packed)]);
    let ran = folder.run(&["search", "index=main | stats count", "--events", "events.gz"]);
    ran.says(&["warning[W0505]", "events.gz"]);
    assert_eq!(ran.code, Some(0));
}

#[test]
fn text_that_is_not_utf8() {
    let folder = events(between(b"{\"time\":\"2026-03-16T07:00:00Z\",\"user\":\"e\xffve\"}"));
    let rows = [BOTH[0], BOTH[1], "{\"user\":\"e\u{fffd}ve\"}"];
    folder.search(USERS).gives(0, &rows).says(&["warning[W0504]", "events.ndjson:2"]);
    // UTF-16 is told by its mark, or by its zeros.
    let utf16 = |mark: &str| -> Vec<u8> {
        format!("{mark}{ADA}\r\n{BOB}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    for bytes in [utf16("\u{feff}"), utf16(""), gzip(&utf16("\u{feff}"))] {
        folder.write("events.ndjson", &bytes);
        folder.search(USERS).gives(0, &BOTH).quietly();
    }
    // A search, too.
    folder.write("q.spl", b"index=main user=\"\xff\" | table user");
    folder.write("events.ndjson", format!("{ADA}\n").as_bytes());
    folder.run(&["run", "q.spl", "--events", "events.ndjson"]).gives(0, &[]);
}

#[test]
fn nested_a_million_deep() {
    let million = 1_000_000;
    let deep =
        format!("{{\"time\":1,\"user\":\"eve\",\"a\":{}{}}}", "[".repeat(million), "]".repeat(million));
    let objects = format!("{}1{}", "{\"a\":".repeat(million), "}".repeat(million));
    let open = "[".repeat(million);
    for line in [deep, objects, open] {
        let ran = events(between(line.as_bytes())).search(USERS);
        ran.gives(0, &BOTH).says(&["warning[W0503]", "events.ndjson:2"]);
    }
    // In a value that an expression takes apart.
    let text = format!("\"{}\"", "[".repeat(100_000));
    let folder =
        Folder::new(&[("q.spl", format!("| makeresults | eval x=json_extract({text}, \"a\")").as_bytes())]);
    let ran = folder.run(&["run", "q.spl", "--now", "0"]);
    ran.gives(0, &[r#"{"_time":0}"#]);
}

/// Runs in so much address space, in KiB.
#[cfg(unix)]
fn limited(folder: &Folder, kib: u32, arguments: &[&str]) -> Ran {
    let script = format!("ulimit -v {kib}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_speleo")]).args(arguments).current_dir(folder.path());
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[cfg(unix)]
#[test]
fn what_unpacks_to_a_gibibyte_of_zeros() {
    // Sixteen members of 64 MiB each, as `cat a.gz b.gz` makes them.
    let zeros = gzip(&vec![0; 64 << 20]).repeat(16);
    assert!(zeros.len() < 10 << 20);
    let folder =
        Folder::new(&[("zeros.gz", &zeros), ("events.ndjson", format!("{ADA}\n{BOB}\n").as_bytes())]);
    let arguments = ["search", USERS, "--events", "zeros.gz", "events.ndjson", "--threads", "2"];
    let ran = limited(&folder, 700_000, &arguments);
    ran.gives(0, &BOTH).says(&["warning[W0503]: 1 line is not JSON", "zeros.gz:1"]);
    // The same inside of a string that never ends: too long for an event.
    let opened = [gzip(b"{\"user\":\"x\",\"a\":\""), gzip(&vec![b'x'; 64 << 20]).repeat(16)].concat();
    folder.write("zeros.gz", &opened);
    let ran = limited(&folder, 1_500_000, &arguments);
    ran.gives(0, &BOTH).says(&["warning[W0503]", "too long", "zeros.gz:1"]);
}

#[cfg(unix)]
#[test]
fn a_line_of_a_hundred_megabytes() {
    let long = "x".repeat(100_000_000);
    let folder = events(between(format!("{{\"time\":1,\"user\":\"eve\",\"pad\":\"{long}\"}}").as_bytes()));
    let arguments = ["search", USERS, "--events", "events.ndjson", "--threads", "2"];
    let ran = limited(&folder, 1_500_000, &arguments);
    ran.gives(0, &[BOTH[0], BOTH[1], r#"{"user":"eve"}"#]).quietly();
    folder.write("events.ndjson", &between(long.as_bytes()));
    let ran = limited(&folder, 700_000, &arguments);
    ran.gives(0, &BOTH).says(&["warning[W0503]: 1 line is not JSON", "events.ndjson:2"]);
    assert!(ran.err.len() < 1000, "a message of {} bytes", ran.err.len());
}

#[test]
fn tables_with_ragged_rows_and_marks() {
    let folder = good();
    let table = b"\xef\xbb\xbfuser,team\r\nada,red\r\nbob\r\neve,blue,extra\r\n\r\n\"unclosed,green\r\n";
    folder.write("app/lookups/staff.csv", table);
    let run = |search: &str| folder.run(&["search", search, "--events", "events.ndjson", "--app", "app"]);
    let ran = run("| inputlookup staff.csv | where isnotnull(user)");
    let rows = [
        r#"{"user":"ada","team":"red"}"#,
        r#"{"user":"bob"}"#,
        r#"{"user":"eve","team":"blue"}"#,
        r#"{"user":"unclosed,green\r\n"}"#,
    ];
    ran.gives(0, &rows).says(&["warning[W0412]", "staff.csv:3", "staff.csv:4", "not closed", "staff.csv:6"]);
    let ran = run("index=main | lookup staff.csv user | table user team");
    ran.gives(0, &[r#"{"user":"bob"}"#, r#"{"user":"ada","team":"red"}"#]).says(&["warning[W0412]"]);
    folder.write("app/lookups/staff.csv", b"");
    run("index=main | lookup staff.csv user").refused().says(&["error[E0402]", "search:1:"]);
    folder.write("app/lookups/staff.csv", b"user,team\n\xff,red\n");
    run("| inputlookup staff.csv").gives(0, &["{\"user\":\"ÿ\",\"team\":\"red\"}"]).says(&[
        "warning[W0504]",
        "Windows-1252",
        "staff.csv:2",
    ]);
}

#[test]
fn a_lookup_is_written_whole_or_not_at_all() {
    let folder = good();
    folder.write("app/lookups/seen.csv", b"user\nold\n");
    folder.write("events.ndjson", format!("{ADA}\nnot json\n").as_bytes());
    let search = "index=main | table user | outputlookup seen.csv";
    let arguments = ["search", search, "--events", "events.ndjson", "--app", "app", "--strict"];
    folder.run(&arguments).refused().says(&["events.ndjson:2"]);
    assert_eq!(folder.read("app/lookups/seen.csv").unwrap(), "user\nold\n");
    folder.run(&arguments[..6]).gives(0, &[BOTH[1]]);
    assert_eq!(folder.read("app/lookups/seen.csv").unwrap(), "user\nada\n");
    let left: Vec<String> =
        folder.names("app/lookups").into_iter().filter(|name| name.ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}
