//! Events and apps that are not UTF-8: `CHARSET` of props.conf, byte-order marks, UTF-16 without one.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use program::Folder;

/// `2026-03-16 08:00:00 user=Müller action=geöffnet`, in Windows-1252 or Latin-1.
const WESTERN: &[u8] = b"2026-03-16 08:00:00 user=M\xfcller action=ge\xf6ffnet\n";

const FOUND: &[&str] = &[r#"{"_time":"1773648000","user":"Müller","action":"geöffnet"}"#];

fn folder(charset: &str) -> Folder {
    let props = format!("[german]\n{charset}\n");
    Folder::new(&[("app/local/props.conf", props.as_bytes())])
}

const SEARCH: &[&str] =
    &["search", "user=Müller | table _time user action | eval _time=_time.\"\"", "--app", "app"];

fn arguments<'a>(events: &'a str, source_type: &'a str) -> Vec<&'a str> {
    [SEARCH, &["--events", events, "--sourcetype", source_type]].concat()
}

#[test]
fn a_source_type_says_how_its_text_is_written() {
    for name in ["CP1252", "ISO-8859-1", "latin-1", "Windows-1252", "AUTO"] {
        let folder = folder(&format!("CHARSET = {name}"));
        folder.write("events.log", WESTERN);
        folder.run(&arguments("events.log", "german")).gives(0, FOUND).quietly();
        folder.run_with(WESTERN, &arguments("-", "german")).gives(0, FOUND).quietly();
    }
}

#[test]
fn a_stanza_of_a_source_says_so_too_and_what_is_utf8_stays() {
    let folder = folder("");
    folder.write(
        "app/local/props.conf",
        b"[source::....old.log]\nCHARSET = CP1252\n[source::...auto...]\nCHARSET = AUTO\n",
    );
    folder.write("a.old.log", WESTERN);
    folder.write("b.log", "2026-03-16 08:00:00 user=Müller action=geöffnet\n".as_bytes());
    folder.write("auto.log", "2026-03-16 08:00:00 user=Müller action=geöffnet\n".as_bytes());
    for events in ["a.old.log", "b.log", "auto.log"] {
        folder.run(&[SEARCH, &["--events", events]].concat()).gives(0, FOUND).quietly();
    }
}

#[test]
fn a_byte_order_mark_is_believed_whatever_is_said() {
    let text = "2026-03-16 08:00:00 user=Müller action=geöffnet\r\n";
    let units = |order: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{text}").encode_utf16().flat_map(order).collect()
    };
    for bytes in [
        units(u16::to_le_bytes, "\u{feff}"),
        units(u16::to_be_bytes, "\u{feff}"),
        units(u16::to_le_bytes, ""),
        units(u16::to_be_bytes, ""),
        format!("\u{feff}{text}").into_bytes(),
    ] {
        for charset in ["", "CHARSET = CP1251"] {
            let folder = folder(charset);
            folder.write("events.log", &bytes);
            folder.run(&arguments("events.log", "german")).gives(0, FOUND).quietly();
            folder.run_with(&bytes, &arguments("-", "german")).gives(0, FOUND).quietly();
        }
    }
}

#[test]
fn json_and_windows_events_in_other_encodings() {
    let folder = folder("CHARSET = SHIFT-JIS");
    folder.write("a.json", b"{\"time\":\"2026-03-16T08:00:00Z\",\"user\":\"\x93\xfa\x96\x7b\"}\n");
    let search = ["search", "user=日本 | table user", "--app", "app", "--sourcetype", "german", "--events"];
    folder.run(&[&search[..], &["a.json"]].concat()).gives(0, &[r#"{"user":"日本"}"#]).quietly();
    let event = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<Events><Event xmlns=\"x\"><System><EventID>4625</EventID>\
        <TimeCreated SystemTime=\"2026-03-16T08:00:00Z\"/><Channel>Security</Channel><Computer>büro</Computer></System>\
        <EventData><Data Name=\"TargetUserName\">Jürgen</Data></EventData></Event></Events>\n";
    let units: Vec<u8> = format!("\u{feff}{event}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("b.xml", &units);
    let ran = folder.run(&[
        "search",
        "source=\"XmlWinEventLog:Security\" EventCode=4625 | table Computer TargetUserName",
        "--events",
        "b.xml",
    ]);
    ran.gives(0, &[r#"{"Computer":"büro","TargetUserName":"Jürgen"}"#]).quietly();
}

#[test]
fn an_encoding_that_is_not_read_is_said_and_the_text_read_as_utf8() {
    let folder = folder("CHARSET = VISCII");
    folder.write("events.log", b"2026-03-16 08:00:00 user=ada\n");
    let arguments =
        ["search", "* | table user", "--app", "app", "--events", "events.log", "--sourcetype", "german"];
    folder.run(&arguments).gives(0, &[r#"{"user":"ada"}"#]).says(&[
        "warning[W0410]",
        "`VISCII`",
        "props.conf:2",
        "read as UTF-8",
    ]);
    // Bytes that are not UTF-8 are said, with what to do.
    folder.write("events.log", b"2026-03-16 08:00:00 user=M\xfcller\n");
    folder.run(&arguments).gives(0, &["{\"user\":\"M\u{fffd}ller\"}"]).says(&["warning[W0504]", "CHARSET"]);
}

#[test]
fn half_a_character_at_the_end_is_one_that_cannot_be_read() {
    let folder = folder("CHARSET = UTF-16LE");
    folder.write("events.log", b"u\0s\0e\0r\0=\0a\0\n\0\x3d");
    let search = ["search", "* | stats count by user", "--app", "app", "--sourcetype", "german", "--events"];
    let ran = folder.run(&[&search[..], &["events.log"]].concat());
    ran.gives(0, &[r#"{"user":"a","count":1}"#]);
}
