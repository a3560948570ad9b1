//! Events that came in envelopes: what each is, and where it is from.

use std::borrow::Cow;

use memchr::memmem;

use super::super::EventInput;
use super::super::search_time::seconds;
use super::indexing::Event;
use super::look::Look;
use crate::batch::{Batch, FieldSet};
use crate::functions::EvalContext;
use crate::io::{self, Csv, Envelope, Inner};
use crate::knowledge::Knowledge;
use crate::time::recognise;
use crate::value::{Text, Value};

/// What the events of a file came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// An object of JSON.
    Json(Envelope),
    /// A line of syslog whose message is JSON of a known kind.
    Syslog,
    /// A table of which `_raw` is a column, as Splunk exports it.
    Columns(u8),
}

impl Wrapping {
    /// What most of some lines of text are in.
    pub fn of_text(lines: &[&str], knowledge: &Knowledge) -> Option<Wrapping> {
        if let Some(delimiter) = lines.first().and_then(|header| raw_column(header)) {
            return Some(Wrapping::Columns(delimiter));
        }
        let messages: Vec<&str> =
            lines.iter().filter_map(|line| behind_header(line)).map(|(_, it)| it).collect();
        let most = !messages.is_empty() && messages.len() * 2 > lines.len();
        (most && knowledge.recognise(&messages).is_some()).then_some(Wrapping::Syslog)
    }

    /// For `--explain`.
    pub fn name(self) -> &'static str {
        match self {
            Wrapping::Json(envelope) => envelope.name(),
            Wrapping::Syslog => "JSON in lines of syslog",
            Wrapping::Columns(_) => "a table of Splunk's events",
        }
    }

    /// The table, if it is one.
    pub fn table(self) -> Option<Csv> {
        let Wrapping::Columns(delimiter) = self else { return None };
        Some(Csv::of_nobody(delimiter))
    }

    /// What the source type is recognised by: the texts of events, as far as they can be told at the beginning of a
    /// file.
    pub fn samples<'t>(self, pieces: &[&'t str], beginning: &'t str) -> Vec<Cow<'t, str>> {
        match self {
            Wrapping::Json(_) => pieces.iter().flat_map(|piece| inner_texts(piece)).collect(),
            Wrapping::Syslog => pieces
                .iter()
                .filter_map(|line| behind_header(line))
                .map(|(_, message)| message.into())
                .collect(),
            Wrapping::Columns(delimiter) => {
                raw_cells(beginning, delimiter).into_iter().map(Cow::Owned).collect()
            }
        }
    }

    /// What must be read of the file.
    pub fn reads(self) -> FieldSet {
        match self {
            Wrapping::Json(_) => FieldSet::of(["_raw"]),
            Wrapping::Syslog => FieldSet::of(["_raw", "_time"]),
            Wrapping::Columns(_) => FieldSet::all(),
        }
    }

    /// The events in the rows of a batch. What the user has said of them stays.
    pub fn open(self, batch: &Batch, look: &Look, input: &EventInput, context: &EvalContext) -> Vec<Event> {
        let opened = |row: usize| {
            let raw = batch.get("_raw", row);
            let text = raw.to_text();
            let own = || vec![Inner { text: text.to_string(), ..Inner::default() }];
            let found = match self {
                Wrapping::Json(_) => io::open_envelope(&text).unwrap_or_else(own),
                Wrapping::Syslog => {
                    let time = Some(batch.get("_time", row).into_owned()).filter(|time| !time.is_null());
                    of_syslog(&text, time).unwrap_or_else(own)
                }
                Wrapping::Columns(_) => of_columns(batch, row, &text),
            };
            found.into_iter().map(move |inner| (row, inner))
        };
        let event = |(row, inner)| event(row, inner, look, input, context);
        (0..batch.rows()).flat_map(opened).map(event).collect()
    }
}

fn event(row: usize, inner: Inner, look: &Look, input: &EventInput, context: &EvalContext) -> Event {
    let mut assigned = look.assigned.clone();
    let mut say =
        |place: fn(&mut crate::knowledge::Assigned) -> &mut Text, said: Option<Text>, given: bool| {
            if let Some(said) = said.filter(|_| !given) {
                *place(&mut assigned) = said;
            }
        };
    say(|it| &mut it.source_type, inner.source_type, input.source_type.is_some());
    say(|it| &mut it.source, inner.source, look.source_given);
    say(|it| &mut it.host, inner.host, look.host_given);
    let read = |time: &Option<Value>| seconds(time.as_ref()?, &context.zone, context.now);
    Event {
        row,
        assigned,
        raw: Some(inner.text.into()),
        index: inner.index.filter(|_| input.index.is_none()),
        time: read(&inner.time).map(Value::number),
        otherwise: read(&inner.otherwise),
        fields: inner.fields,
        queue: None,
        stopped: false,
    }
}

/// The texts of events in a piece; of one that is cut, the piece without the backslashes of text in text.
fn inner_texts(piece: &str) -> Vec<Cow<'_, str>> {
    match io::open_envelope(piece) {
        Some(found) => found.into_iter().map(|inner| Cow::Owned(inner.text)).collect(),
        None => vec![Cow::Owned(piece.replace("\\\"", "\""))],
    }
}

/// 2024-02-29: a year that has every day.
const SOME_TIME: f64 = 1_709_164_800.0;

/// The header of a line of syslog that has a time, and the JSON behind it.
fn behind_header(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let at = memmem::find(line.as_bytes(), b"{\"").filter(|at| *at > 0)?;
    let (header, message) = line.split_at_checked(at)?;
    // Which year it is does not matter here.
    let timed = recognise(header, &jiff::tz::TimeZone::UTC, SOME_TIME).is_some();
    (timed && message.ends_with('}')).then_some((header, message))
}

/// The event in a line of syslog; its host stands behind the time of day.
fn of_syslog(line: &str, time: Option<Value>) -> Option<Vec<Inner>> {
    let (header, message) = behind_header(line)?;
    let mut words = header.split_ascii_whitespace();
    let is_time = |word: &&str| word.contains(':') && word.contains(|c: char| c.is_ascii_digit());
    words.find(is_time);
    let host = words.next().filter(|word| !word.ends_with([':', ']'])).map(Text::from);
    let own = || vec![Inner { text: message.to_string(), ..Inner::default() }];
    let found = io::open_envelope(message).unwrap_or_else(own).into_iter();
    let said = |inner: Inner| Inner {
        host: inner.host.or_else(|| host.clone()),
        otherwise: inner.otherwise.or_else(|| time.clone()),
        ..inner
    };
    Some(found.map(said).collect())
}

/// The event in a row of a table, which may be in an envelope.
fn of_columns(batch: &Batch, row: usize, raw: &str) -> Vec<Inner> {
    let mut names: Vec<&Text> = batch.names().collect();
    names.sort_unstable();
    let fields = names.into_iter().map(|name| (name.clone(), batch.get(name, row).into_owned()));
    let fields: Vec<(Text, Value)> = fields.filter(|(_, value)| !value.is_null()).collect();
    let own = || vec![Inner { text: raw.to_string(), ..Inner::default() }];
    let mut found = io::open_envelope(raw).unwrap_or_else(own);
    found.iter_mut().for_each(|inner| io::told(inner, fields.clone(), true));
    found
}

/// What separates the columns of a table that has one `_raw` among others.
fn raw_column(header: &str) -> Option<u8> {
    let of = |delimiter: char| {
        let names: Vec<&str> = header.split(delimiter).map(|name| name.trim().trim_matches('"')).collect();
        let known = ["_time", "host", "source", "sourcetype", "index", "_indextime", "linecount"];
        names.contains(&"_raw") && names.iter().any(|name| known.contains(name))
    };
    [',', '\t', ';', '|'].into_iter().find(|delimiter| of(*delimiter)).map(|delimiter| delimiter as u8)
}

/// The texts of the first events of a table.
fn raw_cells(beginning: &str, delimiter: u8) -> Vec<String> {
    let mut table =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(beginning.as_bytes());
    let column = table.headers().ok().and_then(|names| names.iter().position(|name| name.trim() == "_raw"));
    let Some(column) = column else { return Vec::new() };
    let cells =
        table.records().map_while(Result::ok).filter_map(|record| record.get(column).map(str::to_string));
    cells.take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_line_of_syslog() {
        let message = |line| behind_header(line).map(|(_, message)| message);
        for line in [
            r#"Mar 16 08:00:00 web suricata[7]: {"a":1}"#,
            r#"<13>1 2026-03-16T08:00:00Z web suricata 7 - - {"a":1}"#,
            r#"2026-03-16T08:00:00+00:00 web suricata {"a":1} "#,
        ] {
            assert_eq!(message(line), Some(r#"{"a":1}"#));
            let host = of_syslog(line, None).and_then(|found| found.into_iter().next()?.host);
            assert_eq!(host.as_deref(), Some("web"), "{line}");
        }
        for line in [r#"{"a":1}"#, r#"web {"a":1}"#, r#"Mar 16 08:00:00 web x: {"a":1} more"#, ""] {
            assert_eq!(message(line), None, "{line}");
        }
    }

    #[test]
    fn tables_with_a_column_of_texts() {
        assert_eq!(raw_column("\"_time\",\"_raw\",host"), Some(b','));
        assert_eq!(raw_column("_raw\thost"), Some(b'\t'));
        assert_eq!(raw_column("user,_raw_size"), None);
        assert_eq!(raw_column("_raw"), None);
        assert_eq!(raw_cells("_time,_raw\n1,\"a\nb\"\n2,c\n3,\"d", b','), ["a\nb", "c", "d"]);
    }
}
