//! The project's own rules. A rule that fails says why it is there.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines a source file may have, its manual page not counted.
const FILE_LINES: usize = 500;
/// Lines a function may have, from its signature to its closing brace.
const FUNCTION_LINES: usize = 60;

/// Folders that are not the project's text: what is built, what runs leave, version control.
const NOT_OURS: [&str; 3] = ["target", "speleo-app", ".git"];

/// Fails with the rule and its reason when there are offenders.
#[track_caller]
fn hold(rule: &str, offenders: Vec<String>) {
    assert!(offenders.is_empty(), "{rule}\n  {}", offenders.join("\n  "));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, as a path from the project's root.
fn files_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_file() {
                let relative = path.strip_prefix(root()).unwrap();
                found.push(relative.to_string_lossy().replace('\\', "/"));
            } else if !NOT_OURS.contains(&name.as_str()) {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Text files with one of these endings, with their contents.
fn texts(endings: &[&str]) -> Vec<(String, String)> {
    let ends = |path: &String| endings.iter().any(|ending| path.ends_with(ending));
    let read = |path: String| (fs::read_to_string(root().join(&path)).unwrap(), path);
    files_below("").into_iter().filter(ends).map(read).map(|(text, path)| (path, text)).collect()
}

fn rust() -> Vec<(String, String)> {
    texts(&[".rs"])
}

#[test]
fn files_are_short() {
    let length = |text: &str| text.lines().skip_while(|line| line.starts_with("//!")).count();
    let long = rust().into_iter().map(|(path, text)| (length(&text), path));
    hold(
        "a source file has at most 500 lines besides its page: what is longer is two things, and nobody reads it",
        long.filter(|(lines, _)| *lines > FILE_LINES)
            .map(|(lines, path)| format!("{path}: {lines}"))
            .collect(),
    );
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    for (path, text) in rust() {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            if let Some(length) = function_length(line, &lines[number..])
                && length > FUNCTION_LINES
            {
                long.push(format!("{path}:{}: {length}", number + 1));
            }
        }
    }
    hold("a function has at most 60 lines: it should fit the screen, and the head", long);
}

/// How many lines the function that begins on this line has. The formatter puts a function's closing
/// brace where its first line begins, so there is no need to count braces.
fn function_length(line: &str, from_here: &[&str]) -> Option<usize> {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    let modifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe"];
    let is_function = code.split_whitespace().find(|word| !modifiers.contains(word)) == Some("fn");
    if !is_function || code.ends_with('}') || code.ends_with(';') {
        return None;
    }
    let close = [format!("{indent}}}"), format!("{indent});"), format!("{indent}) -> ")];
    let end = from_here.iter().skip(1).position(|line| {
        // A declaration without a body ends with a semicolon on the line of its closing parenthesis.
        *line == close[0] || *line == close[1] || (line.starts_with(&close[2]) && line.ends_with(';'))
    })?;
    Some(end + 2)
}

#[test]
fn a_function_is_measured_from_signature_to_brace() {
    let code = ["    fn f(", "        a: u8,", "    ) -> u8 {", "        a", "    }", "}"];
    assert_eq!(function_length(code[0], &code), Some(5));
    assert_eq!(function_length("fn g() {}", &["fn g() {}"]), None);
    assert_eq!(function_length("pub fn h<T>(t: T) {", &["pub fn h<T>(t: T) {", "    t();", "}"]), Some(3));
    assert_eq!(function_length("pub(super) fn i() {", &["pub(super) fn i() {", "}"]), Some(2));
    assert_eq!(function_length("    a: fn(u8) -> u8,", &["    a: fn(u8) -> u8,", "}"]), None);
}

/// The files of a folder that hold one thing each, by their contents; `mod.rs` and the like are not such.
fn things(folder: &str) -> BTreeMap<String, String> {
    let plumbing = ["mod.rs", "registry.rs", "tests.rs"];
    let direct = |path: &String| {
        let (parent, name) = path.rsplit_once('/').unwrap();
        parent == folder && !plumbing.contains(&name)
    };
    let files = files_below(folder).into_iter().filter(direct);
    files.map(|path| (fs::read_to_string(root().join(&path)).unwrap(), path)).collect()
}

fn unregistered<'a>(folder: &str, sources: impl Iterator<Item = &'a str>) -> Vec<String> {
    let sources: BTreeSet<&str> = sources.collect();
    let things = things(folder).into_iter();
    things.filter(|(text, _)| !sources.contains(text.as_str())).map(|(_, path)| path).collect()
}

/// What is not in order, after what it stands.
fn unsorted<T: PartialOrd + std::fmt::Debug>(items: &[T]) -> Vec<String> {
    items.windows(2).filter(|pair| pair[0] >= pair[1]).map(|pair| format!("{pair:?}")).collect()
}

#[test]
fn registries_are_complete() {
    let mut missing = unregistered("src/commands", speleo::commands::pages().map(|(_, source)| source));
    missing.extend(unregistered("src/aggregates", speleo::aggregates::pages().map(|(_, source)| source)));
    for chapter in speleo::functions::CHAPTERS {
        let sources = speleo::functions::pages().map(|(.., source)| source);
        missing.extend(unregistered(&format!("src/functions/{chapter}"), sources));
    }
    hold(
        "a file beside commands, functions or aggregates is one, and in its registry: what is not registered \
         cannot be called, and what several share stands in a folder",
        missing,
    );
}

#[test]
fn registries_are_sorted() {
    let commands: Vec<&str> = speleo::commands::pages().map(|(name, _)| name).collect();
    let functions: Vec<_> = speleo::functions::pages().map(|(name, chapter, _)| (chapter, name)).collect();
    let files = things("src/aggregates");
    let aggregates: Vec<_> = speleo::aggregates::pages().map(|(_, source)| files.get(source)).collect();
    let chapters = unsorted(speleo::functions::CHAPTERS);
    let all = [unsorted(&commands), unsorted(&functions), unsorted(&aggregates), chapters].concat();
    hold("registries are sorted: a reader finds a name, and two changes do not collide at the end", all);
}

#[test]
fn dependencies_say_what_they_are_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut silent = Vec::new();
    let mut count = 0;
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]") && line.contains('=') {
            count += 1;
            let reason = line.rsplit_once("# ").map_or("", |(_, reason)| reason.trim());
            if reason.is_empty() {
                silent.push(line.to_string());
            }
        }
    }
    assert!(count > 0, "no dependencies: the section has moved");
    hold("a dependency says on its line what it is for: one without a reason can go", silent);
}

/// Places where one of the words stands, not as a part of a longer word.
fn mentions(files: Vec<(String, String)>, words: &[String]) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let stands = |line: &str, word: &String| {
        line.match_indices(word.as_str()).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + word.len()..]);
            let open_start = !word.starts_with(part) || !before.ends_with(part);
            open_start && (!word.ends_with(part) || !after.starts_with(part))
        })
    };
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            let words = words.iter().filter(|word| stands(line, word));
            found.extend(words.map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    found
}

/// Words in halves, so that this file does not have them.
fn words(halves: &[[&str; 2]]) -> Vec<String> {
    halves.iter().map(|halves| halves.concat()).collect()
}

#[test]
fn no_test_is_switched_off() {
    hold(
        "no test is ignored: one that does not run proves nothing and reads as if it did",
        mentions(rust(), &words(&[["#[ign", "ore]"], ["#[ign", "ore ="]])),
    );
}

#[test]
fn nothing_is_left_for_later() {
    let words = words(&[["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["to", "do!("], ["unimpl", "emented!("]]);
    hold(
        "what is not done is an error that says so, and a note in the tracker: a mark in the code is read by nobody",
        mentions(texts(&[".rs", ".toml", ".md", ".conf", ".yml"]), &words),
    );
}

#[test]
fn nothing_names_the_place_where_it_was_written() {
    let words = words(&[["/wo", "rk/"], ["/tm", "p/"], ["/ro", "ot/"]]);
    let files = texts(&[".rs", ".toml", ".md", ".conf", ".yml", ".ci/run"]);
    hold("no path of one machine: a reader elsewhere does not have it", mentions(files, &words));
}

#[test]
fn every_query_is_documented() {
    let files: BTreeSet<String> = files_below("queries").into_iter().collect();
    let mut alone = Vec::new();
    for file in &files {
        let partner = match file.rsplit_once('.') {
            Some((stem, "spl")) => format!("{stem}.yml"),
            Some((stem, "yml")) => format!("{stem}.spl"),
            _ => String::from("neither .spl nor .yml"),
        };
        if !files.contains(&partner) {
            alone.push(format!("{file}: {partner}"));
        }
    }
    hold(
        "every query has its documentation beside it, and nothing else is there: the .spl stays literal, so \
         what it is for stands in the .yml of the same name",
        alone,
    );
}
