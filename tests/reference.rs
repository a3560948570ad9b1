//! `docs/reference/` is made of the manual pages: `UPDATE=1 cargo test --test reference` writes it anew.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use speleo::page::Page;

/// How a reader, and this test, gets it up to date.
const COMMAND: &str = "UPDATE=1 cargo test --test reference";

/// A page: its file below `docs/reference/`, what it is called, its other names, its source.
struct Entry {
    file: String,
    names: Vec<&'static str>,
    source: &'static str,
}

/// Names that share a source file share its page, which is called after the first of them.
fn entries(folder: &str, pages: impl Iterator<Item = (Vec<&'static str>, &'static str)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (names, source) in pages {
        match entries.iter_mut().find(|entry| entry.source == source) {
            Some(entry) => entry.names.extend(names),
            None => {
                let file = names[0].replace(['<', '>'], "");
                entries.push(Entry { file: format!("{folder}/{file}.md"), names, source });
            }
        }
    }
    entries
}

fn commands() -> Vec<Entry> {
    let names = |name: &'static str| {
        let aliases = speleo::commands::find(name).unwrap().aliases;
        std::iter::once(name).chain(aliases.iter().copied()).collect()
    };
    entries("commands", speleo::commands::pages().map(|(name, source)| (names(name), source)))
}

fn functions(chapter: &'static str) -> Vec<Entry> {
    let of_chapter = speleo::functions::pages().filter(move |(_, of, _)| *of == chapter);
    entries(&format!("functions/{chapter}"), of_chapter.map(|(name, _, source)| (vec![name], source)))
}

fn aggregates() -> Vec<Entry> {
    // `perc<N>` stands for a family.
    let source = |name: &str| speleo::aggregates::page(&name.replace("<N>", "95")).unwrap();
    entries("aggregates", speleo::aggregates::names().map(|name| (vec![name], source(name))))
}

impl Entry {
    fn text(&self) -> String {
        let page = Page::read(self.source);
        let title = self.names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        format!("# {title}\n\n{}\n", page.text.trim_end())
    }

    /// Its line in the index.
    fn line(&self) -> String {
        let links = self.names.iter().map(|name| format!("[`{name}`]({})", self.file)).collect::<Vec<_>>();
        format!("| {} | {} |\n", links.join(", "), Page::read(self.source).summary)
    }
}

fn index(sections: &[(String, Vec<Entry>)]) -> String {
    let mut text = String::from(
        "# Reference\n\nEvery page is the head of its source file, and every example on it is run by the tests. \
         `speleo help NAME` prints the same.\n",
    );
    for (heading, entries) in sections {
        let _ = write!(text, "\n## {heading}\n\n| | |\n|---|---|\n");
        entries.iter().for_each(|entry| text.push_str(&entry.line()));
    }
    text.push_str(
        "\n## Commands that are not run\n\nThey parse, and are refused when the search is planned.\n\n",
    );
    text.push_str("| | it would need |\n|---|---|\n");
    for refusal in speleo::commands::refused::names().filter_map(speleo::commands::refused::find) {
        let _ = writeln!(text, "| `{}` | {} |", refusal.name, refusal.needs);
    }
    let _ = write!(text, "\nThese files are generated: `{COMMAND}` writes them.\n");
    text
}

/// Every file of the reference by its path.
fn reference() -> BTreeMap<String, String> {
    let mut sections = vec![("Commands".to_string(), commands())];
    for chapter in speleo::functions::CHAPTERS {
        sections.push((format!("Functions of eval and where: {chapter}"), functions(chapter)));
    }
    sections.push(("Functions of stats".to_string(), aggregates()));
    let mut files = BTreeMap::from([("README.md".to_string(), index(&sections))]);
    for entry in sections.iter().flat_map(|(_, entries)| entries) {
        let before = files.insert(entry.file.clone(), entry.text());
        assert!(before.is_none(), "two pages are {}", entry.file);
    }
    files
}

/// The files that are there.
fn present(folder: &Path) -> BTreeSet<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { present(&path) } else { BTreeSet::from([path]) }).collect()
}

#[test]
fn the_reference_is_that_of_the_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    let mut there = present(&folder);
    for (file, text) in reference() {
        let path = folder.join(&file);
        there.remove(&path);
        if fs::read_to_string(&path).is_ok_and(|written| written == text) {
            continue;
        }
        stale.push(file);
        if update {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
    }
    for path in there {
        stale.push(format!("{} is of no page", path.display()));
        if update {
            fs::remove_file(&path).unwrap();
        }
    }
    assert!(update || stale.is_empty(), "docs/reference is stale: {COMMAND}\n  {}", stale.join("\n  "));
}
