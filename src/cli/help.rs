//! `speleo help`: the manual pages.

use std::io::Write;

use clap::CommandFactory;

use super::{Cli, FAULT, SUCCESS, say};
use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::page::Page;
use crate::{aggregates, commands, functions};

/// Prints the page of a topic, or what there is.
pub fn help(topic: Option<&str>) -> u8 {
    let mut out = std::io::stdout().lock();
    let Some(topic) = topic else {
        let _ = writeln!(out, "{}\n{}", Cli::command().render_help(), overview());
        return SUCCESS;
    };
    let pages = pages_of(topic);
    if pages.is_empty() {
        let message = format!("no page about `{topic}`");
        let all = commands::names().chain(functions::names()).chain(aggregates::names());
        say(&Diagnostic::error(Code::Usage, message).suggest(topic, all), &Sources::new(), false);
        return FAULT;
    }
    for (title, page) in pages {
        let _ = writeln!(out, "{title}: {}\n", page.text);
    }
    SUCCESS
}

/// A name may be a command, a function and a statistical function at once: `eval`'s `max` and `stats`'.
fn pages_of(topic: &str) -> Vec<(String, Page)> {
    let is_topic = |name: &str| name.eq_ignore_ascii_case(topic);
    let mut pages = Vec::new();
    if let Some(entry) = commands::find(topic) {
        pages.push((entry.name.to_string(), Page::read(entry.source)));
    }
    for (name, _, source) in functions::pages().filter(|(name, ..)| is_topic(name)) {
        pages.push((format!("{name}()"), Page::read(source)));
    }
    if let Some(source) = aggregates::page(topic) {
        pages.push((format!("{}, a function of stats", topic.to_ascii_lowercase()), Page::read(source)));
    }
    pages
}

fn overview() -> String {
    let commands: Vec<&str> = commands::names().collect();
    let aggregates: Vec<&str> = aggregates::names().collect();
    let mut text = format!("Commands: {}\n\nFunctions of eval and where:\n", commands.join(" "));
    for chapter in functions::CHAPTERS {
        let in_chapter = functions::pages().filter(|(_, of, _)| of == chapter).map(|(name, ..)| name);
        let names: Vec<&str> = in_chapter.collect();
        text.push_str(&format!("  {chapter}: {}\n", names.join(" ")));
    }
    text.push_str(&format!("\nFunctions of stats: {}\n", aggregates.join(" ")));
    text
}
