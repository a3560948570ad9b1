//! Input of each form, damaged at random: nothing panics, any number of threads and any size of chunks give the same rows
//! and say the same, and what is said is one warning of each kind for a file.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use common::{NOW, lines};
use proptest::prelude::*;
use speleo::diagnostic::Sources;
use speleo::exec::{Flow, RunOptions};
use speleo::io::ReadOptions;
use speleo::knowledge::Knowledge;
use speleo::parse::Start;
use speleo::plan::{EventInput, Settings};

/// A small file of each form.
fn forms() -> Vec<(&'static str, Vec<u8>)> {
    let json = "{\"time\":\"2026-03-16T08:00:00Z\",\"user\":\"ada\",\"n\":[1,{\"a\":\"é\"}]}\n";
    let hec = "{\"time\":1773648000,\"sourcetype\":\"app\",\"host\":\"h\",\"event\":\"user=ada id=7\"}\n";
    let logs = "{\"logGroup\":\"g\",\"logStream\":\"s\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1773648000000,\"message\":\"{\\\"user\\\":\\\"ada\\\"}\"}]}\n";
    let result = "{\"preview\":false,\"result\":{\"_raw\":\"user=ada\\nx\",\"_time\":\"2026-03-16T08:00:00Z\",\"sourcetype\":\"s\"}}\n";
    let xml = "<Event xmlns='x'><System><EventID>1</EventID><TimeCreated SystemTime='2026-03-16T08:00:00Z'/><Channel>Security</Channel></System><EventData><Data Name='A'>b</Data></EventData></Event>\n";
    let pairs = "{\"Event\":{\"System\":{\"EventRecordID\":1,\"Channel\":\"Security\"},\"EventData\":{\"Data\":[{\"@Name\":\"A\",\"#text\":\"b\"}]}}}\n";
    let utf16 = format!("\u{feff}{}", json.repeat(3));
    vec![
        ("a.json", json.repeat(4).into_bytes()),
        ("b.json", format!("[{},{}]", json.trim(), json.trim()).into_bytes()),
        ("c.json", format!("{{\"Records\":[{},\n{}]}}", json.trim(), json.trim()).into_bytes()),
        ("d.json", hec.repeat(3).into_bytes()),
        ("e.json", logs.repeat(3).into_bytes()),
        ("f.json", result.repeat(3).into_bytes()),
        (
            "g.json",
            format!("{{\"@odata.context\":\"c\",\"value\":[{},{}]}}", json.trim(), json.trim()).into_bytes(),
        ),
        ("h.json", pairs.repeat(3).into_bytes()),
        ("i.json", utf16.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("j.xml", format!("<Events>{}</Events>", xml.repeat(3)).into_bytes()),
        ("k.log", "2026-03-16 08:00:00 user=ada\n  more of it\n08:00:01 user=bob\n".repeat(3).into_bytes()),
        ("l-2026-03-16.log", "08:00:00 user=ada é\n08:00:01 user=bob\n".repeat(3).into_bytes()),
        ("m.csv", "time,user\n2026-03-16T08:00:00Z,ada\n2026-03-16T08:00:01Z,\"b\"\"ob,\nx\"\n".into()),
        ("n.csv", "_raw,_time,host\n\"user=ada\nx\",1773648000,h\nuser=bob,1773648001,h\n".into()),
        ("o.log", "#Fields: date time cs-uri\n2026-03-16 08:00:00 /a\n2026-03-16 08:00:01 /b\n".into()),
        (
            "p.log",
            format!(
                "Mar 16 08:00:00 web fwd: {}",
                "{\"eventSource\":\"s\",\"eventName\":\"A\",\"awsRegion\":\"r\"}\n"
            )
            .repeat(3)
            .into_bytes(),
        ),
    ]
}

/// Damage: bytes put in, taken out, written over, or a part repeated.
#[derive(Clone, Debug)]
enum Damage {
    Put(Vec<u8>),
    Take(usize),
    Over(Vec<u8>),
    Again(usize),
    End,
}

fn damage() -> impl Strategy<Value = (prop::sample::Index, Damage)> {
    let signs = prop::sample::select(vec![
        "{", "}", "[", "]", "\"", "\\", ",", "\n", "\r", "<", "</Event>", "\0", "\u{feff}", "<Event>", "'",
    ]);
    let sign = signs.prop_map(|sign| sign.as_bytes().to_vec());
    let bytes = prop_oneof![sign, prop::collection::vec(any::<u8>(), 1..4)];
    let what = prop_oneof![
        bytes.clone().prop_map(Damage::Put),
        (1_usize..40).prop_map(Damage::Take),
        bytes.prop_map(Damage::Over),
        (1_usize..80).prop_map(Damage::Again),
        Just(Damage::End),
    ];
    (any::<prop::sample::Index>(), what)
}

fn damaged(mut bytes: Vec<u8>, damages: &[(prop::sample::Index, Damage)]) -> Vec<u8> {
    for (place, damage) in damages {
        let at = place.index(bytes.len() + 1);
        let end = |length: usize| (at + length).min(bytes.len());
        match damage {
            Damage::Put(more) => drop(bytes.splice(at..at, more.iter().copied())),
            Damage::Take(length) => drop(bytes.drain(at..end(*length))),
            Damage::Over(other) => drop(bytes.splice(at..end(other.len()), other.iter().copied())),
            Damage::Again(length) => {
                let part = bytes[at..end(*length)].to_vec();
                drop(bytes.splice(at..at, part));
            }
            Damage::End => bytes.truncate(at),
        }
    }
    bytes
}

fn knowledge() -> Arc<Knowledge> {
    static KNOWLEDGE: OnceLock<Arc<Knowledge>> = OnceLock::new();
    let load = || common::knowledge(&mut Sources::new());
    Arc::clone(KNOWLEDGE.get_or_init(load))
}

/// The rows, and what was said.
fn outcome(path: &str, search: &str, threads: usize, chunk_size: usize) -> (Vec<String>, Vec<String>) {
    let files = Arc::new(speleo::io::discover(&[path.to_string()]).unwrap());
    let events = EventInput {
        files,
        source_type: None,
        source: Some("s".into()),
        host: None,
        index: None,
        data_model: None,
    };
    let settings = Settings { now: NOW, events: Some(events), ..Settings::default() };
    let mut sources = Sources::new();
    let id = sources.add("search", search);
    let parsed = speleo::parse::parse(&sources, id, Start::Fresh).unwrap();
    let plan = speleo::plan::plan(&parsed, Start::Fresh, &settings, &knowledge(), &mut sources).unwrap();
    let read = ReadOptions { chunk_size, ..ReadOptions::default() };
    let mut out = Vec::new();
    let ran = plan.run(Vec::new(), &RunOptions { threads, read, ..RunOptions::default() }, &mut |batch| {
        out.push(plan.shown(batch));
        Ok(Flow::More)
    });
    ran.unwrap();
    (
        lines(&out),
        plan.trouble().iter().map(|it| format!("{:?} {:?} {}", it.code, it.place, it.message)).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn damaged_input_is_read_as_far_as_it_goes(
        form in any::<prop::sample::Index>(),
        damages in prop::collection::vec(damage(), 1..5),
    ) {
        let forms = forms();
        let (name, bytes) = &forms[form.index(forms.len())];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, damaged(bytes.clone(), &damages)).unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_773_648_000)).unwrap();
        let path = path.display().to_string();
        for search in ["search *", "search user=ada OR A=b | stats count by sourcetype, user"] {
            let whole = outcome(&path, search, 1, 1 << 20);
            for (threads, chunk_size) in [(1, 1), (2, 64), (2, 1 << 20)] {
                let cut = outcome(&path, search, threads, chunk_size);
                prop_assert_eq!(&cut, &whole, "{}: {} threads, {} bytes a chunk", search, threads, chunk_size);
            }
            let kinds: BTreeSet<&String> = whole.1.iter().collect();
            prop_assert_eq!(kinds.len(), whole.1.len(), "{:?}", whole.1);
        }
    }
}
