//! What was wrong with the input: counted, with the place of the first.
//!
//! Nothing that was passed over goes unsaid. Counts of parts are merged in any order and any grouping to
//! the same result, so neither threads nor the size of chunks show.

use std::collections::BTreeMap;

use super::ReadOptions;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// A kind of trouble that can happen many times in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A line that is not JSON.
    Line,
    /// An element of a list, or an object over several lines, that is not JSON.
    Event,
    /// An event at the end of the file of which the rest is missing.
    CutEvent,
    /// A list of events that is not closed at the end of the file.
    CutList,
    /// An event that is longer than any event is.
    TooLong,
    /// A Windows event without its beginning or its end.
    Xml,
    /// Text between Windows events.
    OutsideXml,
    /// Bytes that are not UTF-8, in an event that was read all the same.
    NotUtf8,
}

/// A line of a file. Where a file is read in sections side by side, lines (from 1) are counted in each of them;
/// which line of the file that is shows when all sections before it were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The section; the first also where there is but one.
    pub section: u32,
    /// The line in it.
    pub line: u64,
}

impl From<u64> for Place {
    fn from(line: u64) -> Place {
        Place { section: 0, line }
    }
}

/// How often, and the line of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tally {
    count: u64,
    first: Place,
}

/// Trouble with a file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Failure {
    Unreadable { message: String, help: Option<String> },
    Compression(String),
    Empty,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct InFile {
    name: Text,
    troubles: BTreeMap<Trouble, Tally>,
    failure: Option<Failure>,
    /// How many lines there are in each section.
    lines: BTreeMap<u32, u64>,
}

impl InFile {
    fn line_of(&self, place: Place) -> u64 {
        self.lines.range(..place.section).map(|(_, lines)| lines).sum::<u64>() + place.line
    }
}

/// What was wrong, file by file in the order of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    files: BTreeMap<usize, InFile>,
}

impl Problems {
    /// Nothing is wrong.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.files.values().all(|file| file.troubles.is_empty() && file.failure.is_none())
    }

    /// Adds what was wrong in another part of the input.
    pub fn merge(&mut self, other: Problems) {
        for (file, theirs) in other.files {
            for (&trouble, tally) in &theirs.troubles {
                self.tally(file, &theirs.name, trouble, *tally);
            }
            if !theirs.lines.is_empty() {
                self.file(file, &theirs.name).lines.extend(theirs.lines);
            }
            if theirs.failure.is_some() {
                self.file(file, &theirs.name).failure = theirs.failure;
            }
        }
    }

    /// Trouble at a line of a file.
    pub(super) fn add(&mut self, file: usize, name: &Text, trouble: Trouble, place: impl Into<Place>) {
        self.tally(file, name, trouble, Tally { count: 1, first: place.into() });
    }

    /// How many lines a section of a file has.
    pub(super) fn lines(&mut self, file: usize, name: &Text, section: u32, lines: u64) {
        self.file(file, name).lines.insert(section, lines);
    }

    pub(super) fn unreadable(&mut self, file: usize, name: &Text, message: String, help: Option<String>) {
        self.file(file, name).failure = Some(Failure::Unreadable { message, help });
    }

    pub(super) fn compression(&mut self, file: usize, name: &Text, message: String) {
        self.file(file, name).failure = Some(Failure::Compression(message));
    }

    pub(super) fn empty(&mut self, file: usize, name: &Text) {
        self.file(file, name).failure = Some(Failure::Empty);
    }

    fn file(&mut self, file: usize, name: &Text) -> &mut InFile {
        self.files.entry(file).or_insert_with(|| InFile { name: name.clone(), ..InFile::default() })
    }

    fn tally(&mut self, file: usize, name: &Text, trouble: Trouble, more: Tally) {
        let tally = self.file(file, name).troubles.entry(trouble).or_insert(Tally { count: 0, ..more });
        tally.count += more.count;
        tally.first = tally.first.min(more.first);
    }

    /// How many events were passed over, as far as they could be counted.
    pub fn events_lost(&self) -> u64 {
        let lost = |(trouble, tally): (&Trouble, &Tally)| match trouble {
            Trouble::NotUtf8 | Trouble::CutList | Trouble::OutsideXml => 0,
            _ => tally.count,
        };
        self.files.values().flat_map(|file| file.troubles.iter().map(lost)).sum()
    }

    /// An error if the options want the run to end where input is malformed, cut short or unreadable, and
    /// some of it is. An empty file and replaced bytes lose no event.
    pub fn verdict(&self, options: &ReadOptions) -> Result<()> {
        if !options.fail_on_malformed {
            return Ok(());
        }
        let fatal =
            |diagnostic: &Diagnostic| !matches!(diagnostic.code, Code::EventsNotUtf8 | Code::EventsEmpty);
        match self.diagnostics().into_iter().find(fatal) {
            Some(first) => Err(Diagnostic { severity: crate::diagnostic::Severity::Error, ..first }),
            None => Ok(()),
        }
    }

    /// What to tell the user, in the order of the files.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        for file in self.files.values() {
            let told = |(trouble, tally): (&Trouble, &Tally)| {
                told(*trouble, *tally).in_file(&file.name, Some(file.line_of(tally.first)))
            };
            out.extend(file.troubles.iter().map(told));
            out.extend(file.failure.as_ref().map(|failure| failure.told().in_file(&file.name, None)));
        }
        out
    }
}

impl Failure {
    fn told(&self) -> Diagnostic {
        match self {
            Failure::Unreadable { message, help } => {
                let told = Diagnostic::error(Code::EventsUnreadable, message);
                match help {
                    Some(help) => told.help(help),
                    None => told,
                }
            }
            Failure::Compression(message) => Diagnostic::warning(Code::EventsCompression, message),
            Failure::Empty => Diagnostic::warning(Code::EventsEmpty, "no events in it"),
        }
    }
}

fn told(trouble: Trouble, tally: Tally) -> Diagnostic {
    let Tally { count, .. } = tally;
    let (code, message) = match (trouble, count) {
        (Trouble::Line, 1) => (Code::EventsMalformed, "1 line is not JSON and was passed over".to_string()),
        (Trouble::Line, _) => {
            (Code::EventsMalformed, format!("{count} lines are not JSON and were passed over"))
        }
        (Trouble::Event, 1) => (Code::EventsMalformed, "1 event is not JSON and was passed over".to_string()),
        (Trouble::Event, _) => {
            (Code::EventsMalformed, format!("{count} events are not JSON and were passed over"))
        }
        (Trouble::CutEvent, _) => {
            (Code::EventsMalformed, "ends in the middle of an event, which was passed over".to_string())
        }
        (Trouble::CutList, _) => (Code::EventsMalformed, "ends before its list of events does".to_string()),
        (Trouble::TooLong, 1) => {
            (Code::EventsMalformed, "1 event is too long and was passed over".to_string())
        }
        (Trouble::TooLong, _) => {
            (Code::EventsMalformed, format!("{count} events are too long and were passed over"))
        }
        (Trouble::Xml, 1) => {
            (Code::EventsMalformed, "1 event is no whole `<Event>` and was passed over".to_string())
        }
        (Trouble::Xml, _) => {
            (Code::EventsMalformed, format!("{count} events are no whole `<Event>` and were passed over"))
        }
        (Trouble::OutsideXml, _) => {
            (Code::EventsMalformed, "text outside of `<Event>` was passed over".to_string())
        }
        (Trouble::NotUtf8, 1) => {
            (Code::EventsNotUtf8, "1 event is not UTF-8: its unreadable bytes became U+FFFD".to_string())
        }
        (Trouble::NotUtf8, _) => (
            Code::EventsNotUtf8,
            format!("{count} events are not UTF-8: their unreadable bytes became U+FFFD"),
        ),
    };
    let told = Diagnostic::warning(code, message);
    match code {
        Code::EventsNotUtf8 => {
            told.help("CHARSET in props.conf says how the text of a source type is written")
        }
        _ => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_merge_to_the_whole() {
        let (a, b) = (Text::from("a.json"), Text::from("b.json"));
        let mut first = Problems::new();
        first.add(1, &b, Trouble::Line, 9_u64);
        first.lines(1, &b, 0, 12);
        first.add(1, &b, Trouble::NotUtf8, Place { section: 2, line: 2 });
        first.add(0, &a, Trouble::NotUtf8, 3_u64);
        let mut second = Problems::new();
        second.add(1, &b, Trouble::Line, 4_u64);
        second.lines(1, &b, 1, 10);
        second.add(1, &b, Trouble::NotUtf8, Place { section: 3, line: 1 });
        second.compression(1, &b, "the gzip data is cut short".into());
        let mut merged = first.clone();
        merged.merge(second.clone());
        second.merge(first);
        assert_eq!(merged, second);
        let told = merged.diagnostics();
        let told: Vec<_> = told.iter().map(|d| (d.message.as_str(), d.place.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("1 event is not UTF-8: its unreadable bytes became U+FFFD", Some("a.json:3")),
                ("2 lines are not JSON and were passed over", Some("b.json:4")),
                ("2 events are not UTF-8: their unreadable bytes became U+FFFD", Some("b.json:24")),
                ("the gzip data is cut short", Some("b.json")),
            ]
        );
        assert_eq!(merged.events_lost(), 2);
    }

    #[test]
    fn the_verdict_is_asked_for() {
        let mut problems = Problems::new();
        problems.add(0, &"a".into(), Trouble::NotUtf8, 1_u64);
        let strict = ReadOptions { fail_on_malformed: true, ..ReadOptions::default() };
        assert!(problems.verdict(&strict).is_ok());
        problems.add(0, &"a".into(), Trouble::CutEvent, 2_u64);
        assert!(problems.verdict(&ReadOptions::default()).is_ok());
        assert_eq!(problems.verdict(&strict).unwrap_err().place.as_deref(), Some("a:2"));
    }
}
