//! A search is commands separated by `|`.

use std::fmt;
use std::ops::Range;

use super::args::Args;
use super::cursor::{Cursor, MAX_DEPTH};
use super::lexeme;
use super::subsearch::{self, Insertions};
use crate::batch::FieldSet;
use crate::commands::{self, Command, Entry, Position};
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
    /// All of its text.
    pub span: Span,
}

/// A command with its place.
#[derive(Debug)]
pub struct Parsed {
    /// The command's name.
    pub name: &'static str,
    /// All of it.
    pub span: Span,
    /// What it says; where it has subsearches, what it says with something in their places.
    pub command: Box<dyn Command>,
    /// The subsearches whose text is inserted before the command is read.
    pub insertions: Option<Insertions>,
}

/// The commands whose arguments are expressions: in these, brackets may be a JSON array.
const EXPRESSIONS: [&str; 3] = ["eval", "fieldformat", "where"];

/// What a search starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing: a leading `|` and a generating command, or an implicit `search` over events.
    Fresh,
    /// The same in brackets, where a command may also stand first without a `|`.
    Subsearch,
    /// Rows that are given: every command stands after a pipe.
    Rows,
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, parsed) in self.commands.iter().enumerate() {
            let generating = parsed.command.position() != Position::Later && parsed.name != "search";
            let generating = at == 0 && generating;
            f.write_str(if at > 0 || generating { "| " } else { "" })?;
            write!(f, "{parsed}")?;
            f.write_str(if at + 1 < self.commands.len() { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.insertions {
            Some(insertions) => write!(f, "{insertions}"),
            None => write!(f, "{}", self.command),
        }
    }
}

impl Search {
    /// The fields it needs of the rows that it is given for `after` to be right in its output.
    pub fn needs(&self, after: &FieldSet) -> FieldSet {
        self.commands.iter().rev().fold(after.clone(), |after, parsed| parsed.command.needs(&after))
    }

    /// Whether the order of the rows that it is given matters, given whether that of its output does.
    pub fn order_matters(&self, after: bool) -> bool {
        self.commands.iter().rev().fold(after, |after, parsed| parsed.command.order_matters(after))
    }

    /// Whether it may read the events more than once: a search stands in it, or a command after the first makes
    /// rows of its own.
    pub fn may_read_again(&self) -> bool {
        let inner = |name: &str| commands::find(name).is_some_and(|entry| entry.pipelines);
        let saved = |name: &str| ["savedsearch", "from", "datamodel"].contains(&name);
        let later = self.commands.iter().skip(1);
        self.has_insertions()
            || self.commands.iter().any(|parsed| inner(parsed.name) || saved(parsed.name))
            || later.into_iter().any(|parsed| ["tstats", "mstats"].contains(&parsed.name))
    }

    /// Whether the text of a subsearch is to be inserted before its commands can be read.
    pub fn has_insertions(&self) -> bool {
        self.commands.iter().any(|parsed| parsed.insertions.is_some())
    }
}

/// Parses an expanded search. All mistakes are reported, one a command at most.
pub fn parse(sources: &Sources, id: SourceId, start: Start) -> Result<Search, Vec<Diagnostic>> {
    let text = sources.text(id);
    parse_part(Cursor::new(&text, id, 0, text.len()), start, sources)
}

/// Parses all that a cursor has before it: a search in brackets is a part of a longer text.
pub(super) fn parse_part(
    cursor: Cursor<'_>,
    start: Start,
    sources: &Sources,
) -> Result<Search, Vec<Diagnostic>> {
    let segments = split(&cursor, sources).map_err(|diagnostic| vec![diagnostic])?;
    let (mut commands, mut mistakes) = (Vec::new(), Vec::new());
    for (at, segment) in segments.iter().enumerate() {
        let cursor = cursor.part(segment.start, segment.end);
        let first = at == 0 && start != Start::Rows;
        let implicit = first && !segment.piped && (start == Start::Fresh || !starts_with_command(&cursor));
        match command(cursor, implicit, first, sources) {
            Ok(parsed) => commands.push(parsed),
            Err(more) => mistakes.extend(more),
        }
        if mistakes.len() >= MAX_MISTAKES {
            mistakes.truncate(MAX_MISTAKES);
            break;
        }
    }
    if commands.is_empty() && mistakes.is_empty() {
        let here = Span { end: cursor.position(), ..cursor.all() };
        mistakes.push(Diagnostic::error(Code::EmptySearch, "the search is empty").at(here, ""));
    }
    if mistakes.is_empty() { Ok(Search { commands, span: cursor.all() }) } else { Err(mistakes) }
}

/// Whether a command's name stands here, and not a field that is compared.
fn starts_with_command(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.blanks();
    let named = ahead.lex(lexeme::identifier).is_some_and(is_command);
    let joined = ahead.peek().is_some_and(|c| !c.is_whitespace());
    ahead.blanks();
    named && !joined && !matches!(ahead.peek(), Some('=' | '!' | '<' | '>'))
        || named && ahead.peek() == Some('[')
}

fn is_command(name: &str) -> bool {
    commands::find(name).is_some() || commands::find_refused(name).is_some()
}

fn command(
    mut cursor: Cursor<'_>,
    implicit: bool,
    first: bool,
    sources: &Sources,
) -> Result<Parsed, Vec<Diagnostic>> {
    let one = |mistake| vec![mistake];
    cursor.blanks();
    let start = cursor.position();
    let after_name = cursor.lex(lexeme::identifier);
    let name_span = cursor.span_from(start);
    let explicit_search = after_name.is_some_and(|name| name.eq_ignore_ascii_case("search"));
    let implicit = implicit && !explicit_search;
    let name = match after_name {
        _ if implicit => {
            cursor.jump(start);
            "search"
        }
        Some(name) => name,
        None => return Err(one(cursor.expected("a command"))),
    };
    let (entry, refused) = (commands::find(name), commands::find_refused(name));
    let holes = entry.map(|entry| subsearches(&cursor, entry)).unwrap_or_default();
    let (name, command, span, insertions) = match (entry, refused) {
        (None, None) => return Err(one(no_command(name, name_span))),
        (Some(entry), _) if !holes.is_empty() => {
            cursor.jump(start);
            let (command, insertions) = subsearch::read(&cursor, entry, implicit, holes, sources)?;
            (entry.name, command, cursor.all(), Some(insertions))
        }
        (Some(entry), _) => {
            let mut args = Args::new(cursor, entry.name, name_span, sources);
            let command = (entry.parse)(&mut args).and_then(|command| args.end().map(|()| command));
            let command = command.map_err(|mistake| args.mistakes(mistake))?;
            (entry.name, command, args.cursor.span_from(start), None)
        }
        (None, Some(refused)) => {
            let mut args = Args::new(cursor, refused.name, name_span, sources);
            let command = refused.parse(&mut args);
            (refused.name, command, args.cursor.span_from(start), None)
        }
    };
    check_position(name, command.position(), first, name_span).map_err(one)?;
    Ok(Parsed { name, span, command, insertions })
}

/// The subsearches in the arguments of a command that takes their text.
fn subsearches(cursor: &Cursor<'_>, entry: &Entry) -> Vec<Range<usize>> {
    if entry.pipelines {
        return Vec::new();
    }
    let mut brackets = cursor.brackets();
    if EXPRESSIONS.contains(&entry.name) {
        brackets.retain(|it| !is_json(cursor.part(it.start, it.end).rest()));
    }
    brackets
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
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
/// the start and the end are nothing; between two pipes something must stand, unless a macro left them there.
fn split(cursor: &Cursor<'_>, sources: &Sources) -> Result<Vec<Segment>, Diagnostic> {
    let (text, offset) = (cursor.rest(), cursor.position());
    let mut segments = Vec::new();
    let mut brackets: Vec<usize> = Vec::new();
    let (mut start, mut piped) = (0, false);
    let byte_at = |at: usize| cursor.span_of(offset + at, offset + at + 1);
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => skip_string(&mut bytes).ok_or_else(|| unclosed(byte_at(at), "quotation mark"))?,
            b'[' if brackets.len() >= MAX_DEPTH => {
                let message = format!("nested more than {MAX_DEPTH} deep");
                return Err(Diagnostic::error(Code::TooDeep, message).at(byte_at(at), ""));
            }
            b'[' => brackets.push(at),
            b']' if brackets.pop().is_none() => {
                let message = "a closing bracket without its partner";
                return Err(Diagnostic::error(Code::Unbalanced, message).at(byte_at(at), ""));
            }
            b'|' if segments.len() >= MAX_COMMANDS => {
                let message = format!("more than {MAX_COMMANDS} commands");
                return Err(Diagnostic::error(Code::TooDeep, message).at(byte_at(at), ""));
            }
            b'|' if brackets.is_empty() => {
                segments.push(Segment { start, end: at, piped });
                (start, piped) = (at + 1, true);
            }
            _ => {}
        }
    }
    if let Some(&open) = brackets.last() {
        return Err(unclosed(byte_at(open), "bracket"));
    }
    segments.push(Segment { start, end: text.len(), piped });
    let blank = |segment: &Segment| text.get(segment.start..segment.end).unwrap_or("").trim().is_empty();
    let last = segments.len() - 1;
    // From the pipe before the stretch to the one after it: each byte may have come another way.
    let expanded = |segment: &Segment| {
        let mut bytes = segment.start.saturating_sub(1)..segment.end + 1;
        bytes.any(|at| sources.written(byte_at(at)).calls.inwards_out().next().is_some())
    };
    for (at, segment) in segments.iter().enumerate() {
        if blank(segment) && at > 0 && at < last && !expanded(segment) {
            let pipe = byte_at(segment.start.saturating_sub(1));
            return Err(Diagnostic::error(Code::Syntax, "a command is missing after this pipe").at(pipe, ""));
        }
    }
    segments.retain(|segment| !blank(segment));
    for segment in &mut segments {
        (segment.start, segment.end) = (segment.start + offset, segment.end + offset);
    }
    Ok(segments)
}

/// Moves past a string whose opening quotation mark was read; none when it is not closed.
pub(super) fn skip_string(bytes: &mut impl Iterator<Item = (usize, u8)>) -> Option<()> {
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

fn unclosed(place: Span, what: &str) -> Diagnostic {
    Diagnostic::error(Code::Unbalanced, format!("a {what} is not closed")).at(place, "opened here")
}
