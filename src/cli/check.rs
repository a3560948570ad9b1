//! `speleo check`: what would not run, without running it.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use super::args::CheckArgs;
use super::run::clock;
use super::{FAULT, FINDINGS, SUCCESS, say};
use crate::compile::read;
use crate::diagnostic::{Code, Diagnostic, Result, SourceId, Sources, Span, render};
use crate::format::{difference, format};
use crate::knowledge::Knowledge;
use crate::parse::{Search, Start, parse};
use crate::plan::{EventInput, Settings, broken_knowledge, plan};
use crate::searches::{self, Written};

/// What became of the searches.
#[derive(Default)]
struct Counts {
    searches: usize,
    parsed: usize,
    planned: usize,
    /// Where the search, printed or laid out, does not parse to the same tree.
    misprinted: usize,
    /// How many searches fail for each reason.
    reasons: BTreeMap<(&'static str, String), usize>,
}

/// Checks searches, or lists what of an app is not honoured.
pub fn check(args: &CheckArgs) -> u8 {
    let mut sources = Sources::new();
    let mut warnings = Vec::new();
    let checked = try_check(args, &mut sources, &mut warnings);
    for warning in &warnings {
        say(warning, &sources, args.quiet);
    }
    match checked {
        Ok(code) => code,
        Err(mistake) => {
            say(&mistake, &sources, args.quiet);
            FAULT
        }
    }
}

fn try_check(args: &CheckArgs, sources: &mut Sources, warnings: &mut Vec<Diagnostic>) -> Result<u8> {
    let knowledge = args.knowledge.load(sources, warnings)?;
    if args.paths.is_empty() {
        if args.knowledge.app.is_empty() {
            return Err(Diagnostic::error(
                Code::Usage,
                "nothing to check: name files with searches, or an --app",
            ));
        }
        return Ok(ignored(&knowledge, sources));
    }
    let settings = settings();
    let mut counts = Counts::default();
    for path in searches::files(&args.paths)? {
        for written in searches::read(&path, sources, warnings)? {
            counts.searches += 1;
            if let Err(mistakes) = check_one(&written, args, &settings, &knowledge, sources, &mut counts) {
                report(&written, &mistakes, args, sources);
                if let Some(first) = mistakes.first() {
                    *counts.reasons.entry((first.code.as_str(), first.message.clone())).or_default() += 1;
                }
            }
        }
    }
    print(&counts.to_text());
    Ok(if counts.planned == counts.searches { SUCCESS } else { FINDINGS })
}

fn settings() -> Settings {
    Settings { now: clock(), events: Some(EventInput::default()), ..Settings::default() }
}

/// What the apps say that is not honoured, each with its place.
fn ignored(knowledge: &Arc<Knowledge>, sources: &mut Sources) -> u8 {
    let mut ignored = knowledge.ignored();
    ignored.extend(knowledge.stanza_problems());
    ignored.extend(broken_knowledge(&settings(), knowledge, sources));
    for setting in &ignored {
        let help = setting.help.first().map_or(String::new(), |help| format!("; {help}"));
        print(&format!("{}: {}{help}\n", setting.place.as_deref().unwrap_or_default(), setting.message));
    }
    let many = if ignored.len() == 1 { "setting is" } else { "settings are" };
    print(&format!("{} {many} not honoured\n", ignored.len()));
    if ignored.is_empty() { SUCCESS } else { FINDINGS }
}

fn check_one(
    written: &Written,
    args: &CheckArgs,
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
    counts: &mut Counts,
) -> Result<(), Vec<Diagnostic>> {
    let read = read(written.text, written.start, settings, knowledge, sources)?;
    counts.parsed += 1;
    if args.print_again {
        let printed = misprint(&read.search, written.start, sources);
        let why = printed.or_else(|| mislaid(&read.search, written, settings, knowledge, sources));
        if let Some(why) = why {
            counts.misprinted += 1;
            print(&format!("{}: printed wrongly: {why}\n", written.path));
        }
    }
    plan(&read.search, written.start, settings, knowledge, sources)?;
    counts.planned += 1;
    Ok(())
}

/// Where the printed search does not parse to the same tree: the first command that is another one.
fn misprint(search: &Search, start: Start, sources: &mut Sources) -> Option<String> {
    let id = sources.add("printed", search.to_string());
    match parse(sources, id, start) {
        Err(mistakes) => {
            let mistake = mistakes.into_iter().next()?;
            let place = mistake.labels.first().map_or_else(String::new, |label| sources.slice(label.span));
            Some(format!("{} at `{place}`", mistake.message))
        }
        Ok(again) => difference(search, &again),
    }
}

/// Where the search as `speleo fmt` lays it out does not parse to the same tree, or is laid out again.
fn mislaid(
    search: &Search,
    written: &Written,
    settings: &Settings,
    knowledge: &Arc<Knowledge>,
    sources: &mut Sources,
) -> Option<String> {
    let Some(laid_out) = format(&sources.text(written.text)) else {
        return Some("it cannot be laid out".to_string());
    };
    if format(&laid_out).as_deref() != Some(laid_out.as_str()) {
        return Some("laid out, it is laid out again".to_string());
    }
    let id = sources.add("laid out", laid_out);
    match read(id, written.start, settings, knowledge, sources) {
        Ok(again) => difference(search, &again.search),
        Err(mistakes) => mistakes.into_iter().next().map(|mistake| format!("laid out: {}", mistake.message)),
    }
}

/// One line a search: where, and what is wrong first. With `--full`, all there is to say about it.
fn report(written: &Written, mistakes: &[Diagnostic], args: &CheckArgs, sources: &Sources) {
    if args.full {
        for mistake in mistakes {
            print(&format!("{}\n", render(mistake, sources, false)));
        }
        return;
    }
    let Some(first) = mistakes.first() else { return };
    let place = first.labels.iter().find(|label| label.primary).map(|label| outermost(label.span, sources));
    let place = place.filter(|span| sources.name(span.source) == written.path);
    let place = match place {
        Some(span) => format!("{}:{}", written.path, line_and_column(span.source, span.start, sources)),
        None => written.path.clone(),
    };
    let name = written.name.as_ref().map_or(String::new(), |name| format!(" ({name})"));
    let more = match mistakes.len() {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    print(&format!("{place}{name}: error[{}]: {}{more}\n", first.code.as_str(), first.message));
}

/// Where in the search itself: the call, if the place is in a macro's definition.
fn outermost(span: Span, sources: &Sources) -> Span {
    let origin = sources.written(span);
    let call = origin.calls.inwards_out().last().map(|(span, _)| span);
    call.map_or(origin.span, |span| sources.written(span).span)
}

fn line_and_column(id: SourceId, at: usize, sources: &Sources) -> String {
    let text = sources.text(id);
    let before = text.get(..at).unwrap_or("");
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{}:{column}", before.matches('\n').count() + 1)
}

impl Counts {
    fn to_text(&self) -> String {
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        let mut text = String::new();
        for ((code, message), count) in reasons {
            text.push_str(&format!("{count:5}  {code}  {message}\n"));
        }
        let misprinted = match self.misprinted {
            0 => String::new(),
            count => format!(", {count} print wrongly"),
        };
        let Counts { searches, parsed, planned, .. } = self;
        text.push_str(&format!("{searches} searches: {parsed} parse, {planned} plan{misprinted}\n"));
        text
    }
}

fn print(text: &str) {
    // Where standard output cannot be written to, there is nobody to tell.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
