//! A search is commands separated by `|`.

use std::fmt;

use super::args::Args;
use super::cursor::{Cursor, MAX_DEPTH};
use super::lexeme;
use crate::commands::{self, Command, Position};
use crate::diagnostic::{Code, Diagnostic, SourceId, Sources, Span};

/// How many commands a search may have: each stands on the stack when rows go through them.
const MAX_COMMANDS: usize = 500;

/// How many mistakes are told at once; more help nobody.
const MAX_MISTAKES: usize = 20;

/// A parsed search.
#[derive(Debug)]
pub struct Search {
    /// The commands in order; at least one.
    pub commands: Vec<Parsed>,
}

/// A command with its place.
#[derive(Debug)]
pub struct Parsed {
    /// The command's name.
    pub name: &'static str,
    /// All of it.
    pub span: Span,
    /// What it says.
    pub command: Box<dyn Command>,
}

/// What a search starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing: a leading `|` and a generating command, or an implicit `search` over events.
    Fresh,
    /// Rows that are given: every command stands after a pipe.
    Rows,
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, parsed) in self.commands.iter().enumerate() {
            let generating = parsed.command.position() != Position::Later && parsed.name != "search";
            let generating = at == 0 && generating;
            f.write_str(if at > 0 || generating { "| " } else { "" })?;
            write!(f, "{}", parsed.command)?;
            f.write_str(if at + 1 < self.commands.len() { "\n" } else { "" })?;
        }
        Ok(())
    }
}

/// Parses an expanded search. All mistakes are reported, one a command at most.
pub fn parse(sources: &Sources, id: SourceId, start: Start) -> Result<Search, Vec<Diagnostic>> {
    let text = sources.text(id);
    let segments = split(&text, id).map_err(|diagnostic| vec![diagnostic])?;
    let (mut commands, mut mistakes) = (Vec::new(), Vec::new());
    for (at, segment) in segments.iter().enumerate() {
        let implicit = at == 0 && !segment.piped && start == Start::Fresh;
        let cursor = Cursor::new(&text, id, segment.start, segment.end);
        match command(cursor, implicit, at == 0 && start == Start::Fresh) {
            Ok(parsed) => commands.push(parsed),
            Err(diagnostic) => mistakes.push(diagnostic),
        }
        if mistakes.len() >= MAX_MISTAKES {
            break;
        }
    }
    if commands.is_empty() && mistakes.is_empty() {
        let span = Span::new(id, 0, 0);
        mistakes.push(Diagnostic::error(Code::EmptySearch, "the search is empty").at(span, ""));
    }
    if mistakes.is_empty() { Ok(Search { commands }) } else { Err(mistakes) }
}

fn command(mut cursor: Cursor<'_>, implicit: bool, first: bool) -> Result<Parsed, Diagnostic> {
    cursor.blanks();
    let start = cursor.position();
    let after_name = cursor.lex(lexeme::identifier);
    let name_span = cursor.span_from(start);
    let explicit_search = after_name.is_some_and(|name| name.eq_ignore_ascii_case("search"));
    let name = match after_name {
        _ if implicit && !explicit_search => {
            cursor.jump(start);
            "search"
        }
        Some(name) => name,
        None => return Err(cursor.expected("a command")),
    };
    let (name, args, command) = match (commands::find(name), commands::find_refused(name)) {
        (Some(entry), _) => {
            let mut args = Args::new(cursor, entry.name, name_span);
            let command = (entry.parse)(&mut args)?;
            args.end()?;
            (entry.name, args, command)
        }
        (None, Some(refused)) => {
            let mut args = Args::new(cursor, refused.name, name_span);
            let command = refused.parse(&mut args);
            (refused.name, args, command)
        }
        (None, None) => return Err(no_command(name, name_span)),
    };
    let span = args.cursor.span_from(start);
    check_position(name, command.position(), first, name_span)?;
    Ok(Parsed { name, span, command })
}

fn no_command(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownCommand, format!("unknown command `{name}`"))
        .at(span, "not a command of SPL")
        .suggest(name, commands::names())
}

fn check_position(name: &str, position: Position, first: bool, span: Span) -> Result<(), Diagnostic> {
    let message = match (position, first) {
        (Position::First, false) => format!("`{name}` makes rows and must be the first command"),
        (Position::Later, true) => format!("`{name}` needs rows and cannot be the first command"),
        _ => return Ok(()),
    };
    Err(Diagnostic::error(Code::CommandPosition, message).at(span, ""))
}

/// A stretch of text between pipes.
struct Segment {
    start: usize,
    end: usize,
    /// Whether a pipe stands before it.
    piped: bool,
}

/// Cuts at pipes that stand neither in quotes nor in brackets, nor behind a backslash. Blank stretches at
/// the start and the end are nothing; between two pipes something must stand.
fn split(text: &str, id: SourceId) -> Result<Vec<Segment>, Diagnostic> {
    let mut segments = Vec::new();
    let mut brackets: Vec<usize> = Vec::new();
    let (mut start, mut piped) = (0, false);
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => skip_string(&mut bytes).ok_or_else(|| unclosed(id, at, "quotation mark"))?,
            b'[' if brackets.len() >= MAX_DEPTH => {
                let message = format!("nested more than {MAX_DEPTH} deep");
                return Err(Diagnostic::error(Code::TooDeep, message).at(Span::new(id, at, at + 1), ""));
            }
            b'[' => brackets.push(at),
            b']' if brackets.pop().is_none() => {
                let message = "a closing bracket without its partner";
                return Err(Diagnostic::error(Code::Unbalanced, message).at(Span::new(id, at, at + 1), ""));
            }
            b'|' if segments.len() >= MAX_COMMANDS => {
                let message = format!("more than {MAX_COMMANDS} commands");
                return Err(Diagnostic::error(Code::TooDeep, message).at(Span::new(id, at, at + 1), ""));
            }
            b'|' if brackets.is_empty() => {
                segments.push(Segment { start, end: at, piped });
                (start, piped) = (at + 1, true);
            }
            _ => {}
        }
    }
    if let Some(&open) = brackets.last() {
        return Err(unclosed(id, open, "bracket"));
    }
    segments.push(Segment { start, end: text.len(), piped });
    let blank = |segment: &Segment| text.get(segment.start..segment.end).unwrap_or("").trim().is_empty();
    let last = segments.len() - 1;
    for (at, segment) in segments.iter().enumerate() {
        if blank(segment) && at > 0 && at < last {
            let span = Span::new(id, segment.start.saturating_sub(1), segment.start);
            return Err(Diagnostic::error(Code::Syntax, "a command is missing after this pipe").at(span, ""));
        }
    }
    segments.retain(|segment| !blank(segment));
    Ok(segments)
}

fn skip_string(bytes: &mut impl Iterator<Item = (usize, u8)>) -> Option<()> {
    while let Some((_, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return Some(()),
            _ => {}
        }
    }
    None
}

fn unclosed(id: SourceId, at: usize, what: &str) -> Diagnostic {
    Diagnostic::error(Code::Unbalanced, format!("a {what} is not closed"))
        .at(Span::new(id, at, at + 1), "opened here")
}
