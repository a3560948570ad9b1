//! What a file is made of and whose events it holds: said by the user, or recognised by its path and its beginning.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use super::super::EventInput;
use super::super::search_time::{Compiler, Timestamp, stamp, zone};
use super::envelope::Wrapping;
use crate::diagnostic::{Code, Result};
use crate::functions::EvalContext;
use crate::io::{self, Breaking, Csv, Form, InputFile, Merge, Origin, Separator};
use crate::knowledge::{Assigned, Knowledge, Located, SourceType, Structure};
use crate::time::{Stamp, date_in_name};
use crate::value::Text;

/// The source type of JSON events that nobody recognises.
const PLAIN_JSON: &str = "_json";

/// The source type of text that nobody recognises.
const PLAIN_TEXT: &str = "text";

/// Endings of names of files that hold JSON, whatever their first lines say.
const JSON_ENDINGS: [&str; 4] = [".json", ".ndjson", ".jsonl", ".geojson"];

/// A file, and what is assigned to its events before they are read.
#[derive(Clone, Debug)]
pub struct Look {
    /// The file, with its form.
    pub file: InputFile,
    /// Source type, source and host.
    pub assigned: Assigned,
    /// How the source type was found, for `--explain`.
    pub how: String,
    /// What the events are in.
    pub wrapping: Option<Wrapping>,
    /// Whether the file was given a source by the user.
    pub source_given: bool,
    /// Whether the file was given a host by the user.
    pub host_given: bool,
    /// Whether none of the usual fields has the time, as far as the beginning of the file shows.
    pub untimed: bool,
    /// Whether the key that the source type says the time stands behind is inside another, as far as the beginning of the
    /// file shows: no field of the event has its name.
    pub time_inside: bool,
    /// When the file was last written, epoch seconds.
    pub modified: Option<f64>,
}

impl Look {
    /// The time of events that have none.
    pub fn age(&self, context: &EvalContext) -> f64 {
        self.modified.unwrap_or(context.now)
    }
}

/// Looks into a file.
///
/// # Errors
/// Knowledge about its source type that is broken.
pub fn look(file: &InputFile, input: &EventInput, compiler: &mut Compiler<'_>) -> Result<Look> {
    let head = io::head(file).unwrap_or_default();
    let bytes = io::unmarked(&head.bytes);
    let shape = Shape::of(&file.name, bytes);
    let wrapping = wrapping(shape, bytes, head.ended, compiler.knowledge);
    let found = recognise(file, input, (shape, wrapping), bytes, head.ended, compiler.knowledge);
    let source = input.source.clone().or(found.source).unwrap_or_else(|| file.name.as_str().into());
    let host = input.host.clone().unwrap_or_else(|| "localhost".into());
    let assigned = Assigned { source_type: found.source_type, source, host };
    let layers = compiler.knowledge.layers(&assigned);
    let of_type = compiler.knowledge.source_type_with(&assigned.source_type, &layers);
    // The bytes are read anew as what the source type says they are.
    let encoding = if head.decoded { None } else { of_type.charset.encoding(&head.bytes) };
    let decoded = encoding.map(|encoding| encoding.decode_without_bom_handling(bytes).0);
    let bytes = decoded.as_deref().map_or(bytes, |text| io::unmarked(text.as_bytes()));
    let (shape, wrapping) = match &decoded {
        Some(_) => {
            let shape = Shape::of(&file.name, bytes);
            (shape, self::wrapping(shape, bytes, head.ended, compiler.knowledge))
        }
        None => (shape, wrapping),
    };
    let form = match wrapping.map(|wrapping| (wrapping, wrapping.table())) {
        Some((_, Some(table))) => Form::Csv(Arc::new(table)),
        Some((Wrapping::Json(_), None)) => Form::Json,
        Some((Wrapping::Syslog, None)) => Form::Text(Arc::new(lines_of_syslog(&of_type, compiler))),
        _ => {
            let zone = zone(&of_type)?.unwrap_or_else(|| compiler.context.zone.clone());
            let day = date_in_name(&assigned.source, &zone).or_else(|| modified(file));
            form(shape, &of_type, bytes, day, compiler)?
        }
    };
    let text = String::from_utf8_lossy(bytes);
    let inside = |key: &str| pieces(&text, shape, head.ended).iter().any(|piece| only_inside(piece, key));
    Ok(Look {
        file: InputFile { form, encoding, ..file.clone() },
        assigned,
        how: match wrapping {
            Some(wrapping) => format!("{}, in {}", found.how, wrapping.name()),
            None => found.how,
        },
        wrapping,
        source_given: input.source.is_some(),
        host_given: input.host.is_some(),
        untimed: shape == Shape::Json && !Timestamp::usual_in(&text),
        time_inside: shape == Shape::Json && Timestamp::key(&of_type).is_some_and(|key| inside(&key)),
        modified: modified(file),
    })
}

/// What the events of a file are in, by its beginning.
fn wrapping(shape: Shape, bytes: &[u8], ended: bool, knowledge: &Knowledge) -> Option<Wrapping> {
    let text = String::from_utf8_lossy(bytes);
    let pieces = pieces(&text, shape, ended);
    match shape {
        Shape::Json => io::envelope_seen(&pieces).map(Wrapping::Json),
        Shape::Text => Wrapping::of_text(&pieces, knowledge),
        Shape::Windows => None,
    }
}

fn modified(file: &InputFile) -> Option<f64> {
    let Origin::Path(path) = &file.origin else { return None };
    if file.kept.is_some() {
        return None;
    }
    let time = std::fs::metadata(path).ok()?.modified().ok()?;
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs_f64())
}

/// What the beginning of a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Json,
    Windows,
    Text,
}

impl Shape {
    fn of(name: &str, bytes: &[u8]) -> Shape {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let text = bytes.trim_ascii_start();
        let json_name = JSON_ENDINGS.iter().any(|ending| name.ends_with(ending));
        if text.is_empty() || json_name || is_json(text) || bytes.contains(&0) {
            return Shape::Json;
        }
        let opens = [&b"<Event"[..], b"<?xml", b"<Events"].iter().any(|tag| text.starts_with(tag));
        if opens && memchr::memmem::find(text, b"<System>").is_some() {
            return Shape::Windows;
        }
        let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_start);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
        let (mut all, mut json) = (0_usize, 0_usize);
        for line in lines {
            all += 1;
            json += usize::from(is_json(line));
            // After a comment, the first line decides.
            if all == 1 && json == 1 {
                return Shape::Json;
            }
        }
        if json * 2 > all { Shape::Json } else { Shape::Text }
    }
}

/// Whether a text begins as a JSON object does, or as a list of something.
fn is_json(text: &[u8]) -> bool {
    let second = |inside: &[u8]| inside.trim_ascii_start().first().copied();
    match text.split_first() {
        Some((b'{', inside)) => second(inside).is_none_or(|byte| matches!(byte, b'"' | b'}')),
        Some((b'[', inside)) => match second(inside) {
            None | Some(b'{' | b'[' | b']' | b'"') => true,
            Some(byte) if byte.is_ascii_digit() => {
                let digits = inside.trim_ascii_start().iter().position(|byte| !byte.is_ascii_digit());
                let after = digits.and_then(|at| inside.trim_ascii_start().get(at));
                matches!(after, None | Some(b',' | b']'))
            }
            Some(_) => false,
        },
        _ => false,
    }
}

/// What was found out about a file.
struct Found {
    source_type: Text,
    source: Option<Text>,
    /// How, in a few words.
    how: String,
}

/// The source type of a file, and how it was found.
fn recognise(
    file: &InputFile,
    input: &EventInput,
    (shape, wrapping): (Shape, Option<Wrapping>),
    bytes: &[u8],
    ended: bool,
    knowledge: &Knowledge,
) -> Found {
    let found = |name: &str, how: String| Found { source_type: name.into(), source: None, how };
    if let Some(name) = &input.source_type {
        return found(name, "given".to_string());
    }
    let source = input.source.as_deref().unwrap_or(&file.name);
    let table = wrapping.is_some_and(|wrapping| wrapping.table().is_some());
    if let Some((name, stanza)) = knowledge.source_type_of_path(source).filter(|_| !table) {
        return found(name, format!("by its path, [{stanza}]"));
    }
    let text = String::from_utf8_lossy(bytes);
    let pieces = pieces(&text, shape, ended);
    let samples: Vec<Cow<'_, str>> = match wrapping {
        Some(wrapping) => wrapping.samples(&pieces, &text),
        None => pieces.into_iter().map(Cow::Borrowed).collect(),
    };
    let looked_at: Vec<&str> = samples.iter().map(Cow::as_ref).collect();
    if let Some(recognised) = knowledge.recognise(&looked_at) {
        let how = format!("recognised by [rule::{}]", recognised.rule);
        return Found { source: recognised.source.cloned(), ..found(recognised.source_type, how) };
    }
    match shape {
        _ if bytes.is_empty() => found(PLAIN_JSON, "no event to recognise it by".to_string()),
        Shape::Json => found(PLAIN_JSON, "JSON of no known kind".to_string()),
        Shape::Windows => found("XmlWinEventLog", "XML events of Windows".to_string()),
        Shape::Text => found(PLAIN_TEXT, "text of no known kind".to_string()),
    }
}

/// How many lines or events rules look at, and how much of each, in bytes.
const LOOKED_AT: (usize, usize) = (32, 8 * 1024);

/// What rules look at: the lines; of JSON and XML each event, as far as they can be told apart at a glance.
fn pieces(text: &str, shape: Shape, ended: bool) -> Vec<&str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let mut found: Vec<&str> = match shape {
        Shape::Text => lines().collect(),
        Shape::Windows => {
            text.split_inclusive("</Event>").filter(|piece| piece.contains("<System>")).collect()
        }
        Shape::Json => {
            let one_a_line = |line: &str| line.starts_with('{') && line.trim_end().ends_with('}');
            let first = lines().next().unwrap_or("");
            if one_a_line(first) && !first.starts_with("{\"Records\"") {
                lines().collect()
            } else {
                vec![text]
            }
        }
    };
    if !ended && found.len() > 1 {
        // The last one goes on.
        found.pop();
    }
    let (many, long) = LOOKED_AT;
    found.truncate(many);
    let cut = |piece: &str| (0..=long.min(piece.len())).rev().find(|&end| piece.is_char_boundary(end));
    found.iter().map(|piece| cut(piece).and_then(|end| piece.get(..end)).unwrap_or("")).collect()
}

/// Whether an event of JSON has a key inside of a value, and none of that name of its own.
fn only_inside(event: &str, key: &str) -> bool {
    let own = if event.trim_start().starts_with("{\"Records\"") { 2 } else { 1 };
    let (mut depth, mut inside, mut rest) = (0_usize, false, event);
    while let Some(at) = rest.find(['{', '}', '"']) {
        let (sign, after) = (rest.as_bytes().get(at), rest.get(at + 1..).unwrap_or(""));
        rest = after;
        match sign {
            Some(b'{') => depth += 1,
            Some(b'}') => depth = depth.saturating_sub(1),
            _ => {
                let mut escaped = false;
                let ends = |byte: u8| {
                    let ends = byte == b'"' && !escaped;
                    escaped = byte == b'\\' && !escaped;
                    ends
                };
                let Some((text, behind)) =
                    after.bytes().position(ends).and_then(|end| after.split_at_checked(end))
                else {
                    break;
                };
                rest = behind.strip_prefix('"').unwrap_or(behind);
                if text == key && rest.trim_start().starts_with(':') {
                    if depth <= own {
                        return false;
                    }
                    inside = true;
                }
            }
        }
    }
    inside
}

/// What the reader must know of a file: by its looks, and by what its source type says.
fn form(
    shape: Shape,
    of_type: &SourceType,
    bytes: &[u8],
    day: Option<f64>,
    compiler: &mut Compiler<'_>,
) -> Result<Form> {
    match of_type.structure {
        Some(Structure::Separated(delimiter)) => return csv(of_type, delimiter, compiler),
        Some(Structure::W3c) => {
            let csv = Csv { directives: true, quote: None, ..separated(of_type, b' ', compiler)? };
            return Ok(Form::Csv(Arc::new(csv)));
        }
        Some(Structure::Json) | None => {}
    }
    Ok(match shape {
        Shape::Json => Form::Json,
        Shape::Windows => Form::Xml(Arc::new(windows_stamp(of_type, compiler)?)),
        Shape::Text => Form::Text(Arc::new(breaking(of_type, bytes, day, compiler)?)),
    })
}

/// The time of a Windows event, where the source type does not say: when it was written.
fn windows_stamp(of_type: &SourceType, compiler: &mut Compiler<'_>) -> Result<Stamp> {
    let stamp = stamp(of_type, compiler)?;
    if stamp.prefix.is_some() {
        return Ok(stamp);
    }
    let prefix = crate::eval::compile(r#"SystemTime\s*=\s*["']"#).ok();
    Ok(Stamp { prefix, ..stamp })
}

fn csv(of_type: &SourceType, delimiter: u8, compiler: &mut Compiler<'_>) -> Result<Form> {
    Ok(Form::Csv(Arc::new(separated(of_type, delimiter, compiler)?)))
}

fn separated(of_type: &SourceType, delimiter: u8, compiler: &mut Compiler<'_>) -> Result<Csv> {
    let rules = &of_type.breaking.csv;
    let described = !["csv", "tsv", "psv"].contains(&of_type.name.as_str());
    let of_nobody = if described { "" } else { Csv::SPECIAL };
    Ok(Csv {
        delimiter: rules.delimiter.unwrap_or(Separator::Byte(delimiter)),
        quote: rules.quote.unwrap_or(Some(b'"')),
        header_line: rules.header_line,
        names: rules.names.clone(),
        preamble: regex(rules.preamble.as_ref(), compiler)?,
        missing: regex(rules.missing.as_ref(), compiler)?,
        header: regex(rules.header.as_ref(), compiler)?,
        special: rules.special.clone().unwrap_or_else(|| of_nobody.into()),
        directives: false,
    })
}

/// `day` is that of the file's name, or when it was last written: it counts where no event has a date, but a time of
/// day (Getting Data In, "How timestamp assignment works").
fn breaking(
    of_type: &SourceType,
    bytes: &[u8],
    day: Option<f64>,
    compiler: &mut Compiler<'_>,
) -> Result<Breaking> {
    let rules = &of_type.breaking;
    let stamp = stamp(of_type, compiler)?;
    let day = day.filter(|day| names_no_date(bytes, &stamp, *day));
    let stamp = Arc::new(Stamp { day, ..stamp });
    let merge = match rules.merge {
        Some(merge) => merge,
        // A source type that says how to merge wants it; what nobody has described is merged where that can be
        // right: where some lines have a time, and others have none.
        None if of_type.place.is_some() => true,
        None => has_dates_on_some_lines(bytes, &stamp),
    };
    let merge = match merge {
        false => None,
        true => Some(Merge {
            before_date: rules.before_date.unwrap_or(rules.before.is_none()),
            before: regex(rules.before.as_ref(), compiler)?,
            must_after: regex(rules.must_after.as_ref(), compiler)?,
            must_not_after: regex(rules.must_not_after.as_ref(), compiler)?,
            must_not_before: regex(rules.must_not_before.as_ref(), compiler)?,
            most_lines: rules.most_lines,
        }),
    };
    let breaker = regex(rules.line_breaker.as_ref(), compiler)?;
    Ok(Breaking { breaker, merge, truncate: rules.truncate, stamp })
}

/// Lines whose time is that of syslog: what the source type says is said of the message.
fn lines_of_syslog(of_type: &SourceType, compiler: &Compiler<'_>) -> Breaking {
    let zone = zone(of_type).ok().flatten().unwrap_or_else(|| compiler.context.zone.clone());
    let stamp = Arc::new(Stamp::automatic(zone, compiler.context.now));
    Breaking { breaker: None, merge: None, truncate: None, stamp }
}

/// Whether a time of day is all that lines have.
fn names_no_date(bytes: &[u8], stamp: &Stamp, day: f64) -> bool {
    if let Some(format) = &stamp.format {
        return !["%d", "%e", "%j", "%D", "%F", "%c", "%x", "%s", "%+"]
            .iter()
            .any(|date| format.contains(date));
    }
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let alone = Stamp { day: Some(day), ..stamp.clone() };
    let timed = lines.iter().filter(|line| alone.read(line).is_some()).count();
    timed * 2 > lines.len() && lines.iter().all(|line| stamp.read(line).is_none())
}

fn has_dates_on_some_lines(bytes: &[u8], stamp: &Stamp) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let (dated, undated): (Vec<&str>, Vec<&str>) = lines.partition(|line| stamp.read(line).is_some());
    !dated.is_empty() && !undated.is_empty()
}

fn regex(pattern: Option<&Located>, compiler: &mut Compiler<'_>) -> Result<Option<crate::eval::Regex>> {
    let Some(pattern) = pattern else { return Ok(None) };
    let text = compiler.regex(pattern)?;
    crate::eval::compile(&text).map(Some).map_err(|message| pattern.error(Code::Regex, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_inside_of_a_value_only() {
        for (event, inside) in [
            (r#"{"id": {"time": 1}}"#, true),
            (r#"{"a": "\"}", "id": {"time": 1}}"#, true),
            (r#"{"id": {"time": 1}, "time": 2}"#, false),
            (r#"{"time": 1}"#, false),
            (r#"[{"time": 1}]"#, false),
            (r#"{"Records": [{"time": 1}]}"#, false),
            (r#"{"Records": [{"id": {"time": 1}}]}"#, true),
            (r#"{"id": {"a": "time"}}"#, false),
            (r#"{"id": {"time"#, false),
        ] {
            assert_eq!(only_inside(event, "time"), inside, "{event}");
        }
    }

    #[test]
    fn the_beginning_of_a_file_says_what_it_is() {
        for (name, text, shape) in [
            ("f", "{\"a\":1}\n", Shape::Json),
            ("f", "[1]\n", Shape::Json),
            ("f", "[\n {\"a\":1}", Shape::Json),
            ("f", "# exported\n{\n\"a\":1}", Shape::Json),
            ("f.ndjson", "user=ada\n", Shape::Json),
            ("f.json.gz", "x", Shape::Json),
            ("f", "\0\u{1}", Shape::Json),
            ("f", "", Shape::Json),
            ("f", "[2024-01-01 10:00:00] x\n", Shape::Text),
            ("f", "[info] x\n", Shape::Text),
            ("f", "{user} x\n", Shape::Text),
            ("f", "user=ada\n", Shape::Text),
            ("f", "cut\"}\n{\"a\":1}\n{\"a\":2}\n", Shape::Json),
            ("f", "<Event xmlns='x'><System><EventID>1", Shape::Windows),
            ("f", "<?xml version='1.0'?>\n<Events><Event><System>", Shape::Windows),
            ("f", "<html><body>", Shape::Text),
        ] {
            assert_eq!(Shape::of(name, text.as_bytes()), shape, "{name}: {text}");
        }
    }
}
