//! Subsearches whose text is inserted: `user IN ([search … | return 100 $user])`.
//!
//! Splunk runs a subsearch first and reads the command with the text that it gives (Search Manual, "About
//! subsearches"). What stands around it is checked before anything runs, by reading the command with a
//! placeholder for each subsearch.

use std::fmt;
use std::ops::Range;

use super::args::Args;
use super::cursor::Cursor;
use super::pipeline::{Search, Start, parse_part};
use crate::batch::FieldSet;
use crate::commands::{Command, Entry, Position};
use crate::diagnostic::{Calls, Diagnostic, Origin, Result, Sources, Span};
use crate::expand::Mapped;
use crate::format::squeezed;
use crate::plan::Planner;

/// What may stand for a subsearch while the command around it is checked: a filter, a value, a name, a
/// number, an option or an assignment, nothing.
const PLACEHOLDERS: [&str; 6] = ["( * )", "\"v\"", "v", "1", "v=\"v\"", " "];

/// With so many subsearches in a command every combination of placeholders is tried; with more, the same one
/// for all.
const COMBINED: usize = 2;

/// A search in brackets.
#[derive(Debug)]
pub struct Subsearch {
    /// Where, with its brackets.
    pub span: Span,
    /// The search.
    pub search: Search,
}

/// The subsearches of a command, and the text around them.
pub struct Insertions {
    /// The text around the subsearches: one piece more than there are subsearches.
    pieces: Vec<String>,
    /// The subsearches in order.
    pub subsearches: Vec<Subsearch>,
    /// Where the placeholders stand in the text that was checked.
    placeholders: Vec<Span>,
}

impl Insertions {
    /// Whether a mistake may be one of a placeholder: what is inserted may be right.
    pub fn excuses(&self, mistake: &Diagnostic) -> bool {
        let touches = |span: Span| {
            let of_text = |place: &&Span| place.source == span.source;
            self.placeholders.iter().filter(of_text).any(|p| span.start <= p.end && p.start <= span.end)
        };
        mistake.labels.iter().any(|label| label.primary && touches(label.span))
    }
}

/// How many blanks stand in the text around them says nothing.
impl fmt::Debug for Insertions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces: Vec<String> = self.pieces.iter().map(|piece| squeezed(piece)).collect();
        f.debug_struct("Insertions").field("pieces", &pieces).field("subsearches", &self.subsearches).finish()
    }
}

impl fmt::Display for Insertions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pieces = self.pieces.iter();
        f.write_str(pieces.next().map_or("", String::as_str))?;
        for (subsearch, piece) in self.subsearches.iter().zip(pieces) {
            write!(f, "[{}]{piece}", subsearch.search)?;
        }
        Ok(())
    }
}

/// Reads a command with subsearches in its arguments, from its name or, where that is not written, from its
/// arguments on.
pub(super) fn read(
    cursor: &Cursor<'_>,
    entry: &Entry,
    implicit: bool,
    holes: Vec<Range<usize>>,
    sources: &Sources,
) -> Result<(Box<dyn Command>, Insertions), Vec<Diagnostic>> {
    let (mut subsearches, mut mistakes) = (Vec::new(), Vec::new());
    for hole in &holes {
        let inside = cursor.inside(hole).map_err(|mistake| vec![mistake])?;
        match parse_part(inside, Start::Subsearch, sources) {
            Ok(search) => subsearches.push(Subsearch { span: cursor.span_of(hole.start, hole.end), search }),
            Err(more) => mistakes.extend(more),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let around = Around::new(cursor, implicit, &holes);
    let mut insertions = Insertions { pieces: around.texts(), subsearches, placeholders: Vec::new() };
    let mut wrong: Vec<Vec<Diagnostic>> = Vec::new();
    for chosen in choices(holes.len()) {
        let (filled, ranges) = around.fill(&chosen);
        let (text, segments) = filled.into_parts();
        let id = sources.clone().add_expanded("search", text.as_str(), segments);
        let places: Vec<Span> =
            ranges.into_iter().map(|range| Span::new(id, range.start, range.end)).collect();
        match parse_filled(entry, Cursor::new(&text, id, 0, text.len()), sources) {
            Ok(command) => return Ok((command, Insertions { placeholders: places, ..insertions })),
            Err(mistakes) => wrong.push(mistakes),
        }
        insertions.placeholders.extend(places);
    }
    // What is wrong whatever is inserted is said where reading came furthest.
    let furthest = |mistakes: &Vec<Diagnostic>| {
        mistakes.iter().flat_map(|mistake| &mistake.labels).map(|label| label.span.start).min()
    };
    wrong.retain(|mistakes| mistakes.iter().any(|mistake| !insertions.excuses(mistake)));
    match wrong.into_iter().max_by_key(furthest) {
        Some(mistakes) => Err(mistakes),
        None => Ok((Box::new(Unread), insertions)),
    }
}

/// What keeps a subsearch's text apart from the word before it: `NOT[…]`.
pub fn apart(before: &str) -> &'static str {
    if before.ends_with(char::is_alphanumeric) { " " } else { "" }
}

/// Which placeholders are tried for so many subsearches.
fn choices(count: usize) -> Vec<Vec<&'static str>> {
    let same = PLACEHOLDERS.iter().map(|placeholder| vec![*placeholder; count]);
    let mut choices: Vec<Vec<&str>> = same.collect();
    if count > 1 && count <= COMBINED {
        for first in PLACEHOLDERS {
            choices.extend(PLACEHOLDERS.iter().map(|second| vec![first, second]));
        }
    }
    choices
}

fn parse_filled(
    entry: &Entry,
    mut cursor: Cursor<'_>,
    sources: &Sources,
) -> Result<Box<dyn Command>, Vec<Diagnostic>> {
    cursor.lex(super::lexeme::identifier);
    let name = cursor.span_from(0);
    let mut args = Args::new(cursor, entry.name, name, sources);
    let command = (entry.parse)(&mut args).and_then(|command| args.end().map(|()| command));
    command.map_err(|mistake| args.mistakes(mistake))
}

/// The text around subsearches, with its places.
struct Around {
    pieces: Vec<Mapped>,
    holes: Vec<Span>,
}

impl Around {
    fn new(cursor: &Cursor<'_>, implicit: bool, holes: &[Range<usize>]) -> Around {
        let all = cursor.all();
        let starts = std::iter::once(all.start).chain(holes.iter().map(|hole| hole.end));
        let ends = holes.iter().map(|hole| hole.start).chain([all.end]);
        let piece = |(start, end): (usize, usize)| {
            let text = cursor.part(start, end);
            Mapped::from_place(text.rest(), text.all(), Calls::default())
        };
        let mut pieces: Vec<Mapped> = starts.zip(ends).map(piece).collect();
        if let (true, Some(first)) = (implicit, pieces.first_mut()) {
            let here = Span { end: all.start, ..all };
            let mut named = Mapped::from_place("search ", here, Calls::default());
            named.push_part(first, 0..first.text().len());
            *first = named;
        }
        if let Some(last) = pieces.last_mut() {
            *last = last.part(0..last.text().trim_end().len());
        }
        Around { pieces, holes: holes.iter().map(|hole| cursor.span_of(hole.start, hole.end)).collect() }
    }

    fn texts(&self) -> Vec<String> {
        self.pieces.iter().map(|piece| piece.text().to_string()).collect()
    }

    /// The text with a placeholder for each subsearch, and where they stand in it.
    fn fill(&self, placeholders: &[&str]) -> (Mapped, Vec<Range<usize>>) {
        let (mut out, mut ranges) = (Mapped::default(), Vec::new());
        let mut holes = self.holes.iter().zip(placeholders);
        for piece in &self.pieces {
            out.push_part(piece, 0..piece.text().len());
            if let Some((hole, placeholder)) = holes.next() {
                let origin = Origin { span: *hole, calls: Calls::default() };
                out.push(apart(piece.text()), origin.clone());
                let start = out.text().len();
                out.push(placeholder, origin);
                ranges.push(start..out.text().len());
            }
        }
        (out, ranges)
    }
}

/// A command that cannot be read before its subsearches have run.
#[derive(Debug)]
struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(read when its subsearches have run)")
    }
}

impl Command for Unread {
    fn position(&self) -> Position {
        Position::Either
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if planner.is_first() {
            planner.no_rows();
        }
        Ok(())
    }
}
