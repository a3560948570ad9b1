//! README.md as a person would follow it, from top to bottom in one folder.
//!
//! A block `spl NAME` or `json NAME` is a file of that name. A `console` block has commands after `$ ` and
//! what a terminal shows for each; `…` alone on a line stands for any lines. A `sh` block is not run here: it
//! may only hold commands that are known to be run elsewhere. The sample's time is given to a command that
//! names none, and the format of a terminal to one that names no other.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;

const README: &str = include_str!("../README.md");

/// What the sample was made for.
const NOW: &str = "2026-03-16T12:00:00Z";

/// Run by whoever reads this test's result, and not again by the test.
const RUN_ELSEWHERE: [&str; 1] = ["cargo test"];

struct Block {
    /// The line of its fence, from 1.
    line: usize,
    /// What stands after the fence.
    kind: String,
    content: String,
}

fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in README.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(kind) => {
                open = true;
                blocks.push(Block { line: number + 1, kind: kind.trim().into(), content: String::new() });
            }
            None if open => {
                let block = blocks.last_mut().expect("a block is open");
                block.content.push_str(line);
                block.content.push('\n');
            }
            None => {}
        }
    }
    assert!(!open, "the last block is not closed");
    blocks
}

/// A command line as a shell splits it, as far as the README needs: blanks and single quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(c),
        }
    }
    assert!(!quoted, "a quote is not closed: {line}");
    words.retain(|word| !word.is_empty());
    words
}

/// What a terminal shows: what is said, then the rows.
fn terminal(line: &str, folder: &Path) -> String {
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let arguments = match words.as_slice() {
        ["cargo", "run", "--release", "--", arguments @ ..] | ["speleo", arguments @ ..] => arguments,
        ["mkdir", name] => {
            fs::create_dir(folder.join(name)).expect("a new folder");
            return String::new();
        }
        _ => panic!("README.md says `{line}`, which this test cannot run"),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_speleo"));
    command.args(arguments).current_dir(folder);
    if matches!(arguments, ["run" | "search", ..]) {
        for (option, value) in [("--now", NOW), ("--format", "table")] {
            if !arguments.contains(&option) {
                command.args([option, value]);
            }
        }
    }
    let output = command.output().expect("the program runs");
    let shown = [output.stderr, output.stdout].concat();
    String::from_utf8(shown).expect("text")
}

/// Whether lines are as expected, where `…` fits any number of them.
fn fits(lines: &[&str], expected: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&"…", rest)) => (0..=lines.len()).any(|skip| fits(&lines[skip..], rest)),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, lines)| line == first && fits(lines, rest))
        }
    }
}

fn run_console(block: &Block, folder: &Path) {
    let commands = block.content.strip_prefix("$ ").unwrap_or_else(|| {
        panic!("README.md:{}: a console block begins with a command", block.line);
    });
    for part in commands.split("\n$ ") {
        let (line, expected) = part.split_once('\n').unwrap_or((part, ""));
        let shown = terminal(line, folder);
        let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_string()).collect::<Vec<_>>();
        let (got, expected) = (trimmed(&shown), trimmed(expected));
        let as_lines = |lines: &[String]| lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
        let fit = fits(
            &got.iter().map(String::as_str).collect::<Vec<_>>(),
            &expected.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let place = format!("README.md:{}", block.line);
        assert!(fit, "{place}: {line}\nshows\n{}\nand not\n{}", as_lines(&got), as_lines(&expected));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

#[test]
fn every_block_does_what_it_shows() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["queries", "samples"] {
        copy(&project.join(name), &folder.path().join(name));
    }
    // The reader's own logs: the sample stands for them.
    copy(&project.join("samples/cloudtrail"), &folder.path().join("logs"));
    let mut ran = 0;
    for block in blocks() {
        match block.kind.split_once(' ') {
            Some(("spl" | "json", name)) => {
                fs::write(folder.path().join(name), &block.content).expect("a file");
            }
            None if block.kind == "console" => {
                run_console(&block, folder.path());
                ran += 1;
            }
            None if block.kind == "sh" => {
                let known = block.content.lines().all(|line| RUN_ELSEWHERE.contains(&line));
                assert!(known, "README.md:{}: nothing runs this", block.line);
            }
            _ => panic!("README.md:{}: a block of kind `{}` is not run", block.line, block.kind),
        }
    }
    assert!(ran >= 3, "README.md has lost its examples");
}

#[test]
fn the_first_screen_has_a_search_its_input_and_its_result() {
    let seen: Vec<String> = blocks()
        .iter()
        .filter(|block| block.line + block.content.lines().count() < 25)
        .map(|block| block.kind.split(' ').next().unwrap_or_default().to_string())
        .collect();
    assert_eq!(seen, ["spl", "json", "console"], "within the first 25 lines");
}

/// Every `--option` that is written in the README.
fn options_named() -> BTreeSet<String> {
    let after_dashes = README.split("--").skip(1);
    let name =
        |text: &str| text.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect::<String>();
    after_dashes.map(name).filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())).collect()
}

#[test]
fn every_option_is_described() {
    let cli = speleo::cli::Cli::command();
    let run = cli.find_subcommand("run").expect("speleo run");
    let options = run.get_arguments().filter(|option| !option.is_hide_set());
    let options: BTreeSet<String> = options
        .filter_map(|option| option.get_long().map(str::to_string))
        .filter(|name| name != "help")
        .collect();
    let named = options_named();
    let missing: Vec<_> = options.difference(&named).collect();
    assert!(missing.is_empty(), "not in README.md: {missing:?}");
    let cargos = ["release", "locked", "path"];
    let unknown: Vec<_> =
        named.difference(&options).filter(|name| !cargos.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "in README.md, but not of the program: {unknown:?}");
}

#[test]
fn every_command_is_listed() {
    let (_, list) = README.split_once("\nCommands: ").expect("the list of commands");
    let list = list.split(';').next().expect("its end");
    let listed: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    let commands: Vec<&str> = speleo::commands::pages().map(|(name, _)| name).collect();
    assert_eq!(listed, commands);
}

#[test]
fn every_link_leads_somewhere() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in README.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(project.join(target).exists(), "README.md links to {target}, which is not there");
    }
}
