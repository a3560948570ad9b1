//! Knowledge written in YAML, in the layout of security_content: `macros/*.yml`, `lookups/*.yml`.
//!
//! Each file becomes the stanza that contentctl, the tool that builds an app of such a folder, writes for
//! it into `macros.conf` or `transforms.conf`; from there on it is read like any other.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::conf::Conf;
use super::located::{KnowledgeFile, Located, Piece};
use super::saved::SavedSearch;
use crate::diagnostic::{Code, Diagnostic, Result};

/// Reads a document.
///
/// # Errors
/// Text that is not YAML, or not of this shape.
pub(crate) fn read<T: DeserializeOwned>(text: &str, path: &str) -> Result<T> {
    let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map(|location| location.line());
        let told = error.without_snippet().to_string();
        let first = told.lines().next().unwrap_or("").to_string();
        Diagnostic::error(Code::Knowledge, format!("the file cannot be read as YAML: {first}"))
            .in_file(path, line)
    })
}

/// A macro's file as a stanza of macros.conf.
///
/// # Errors
/// Text that is no YAML mapping with a `name` and a `definition`.
pub(super) fn macros(file: &Arc<KnowledgeFile>, text: &str) -> Result<Conf> {
    let settings = settings(file, text)?;
    let name = name(file, text, &settings)?;
    let arguments = settings.get("arguments").map(|list| match list {
        Value::Array(items) => items.iter().map(scalar).collect(),
        Value::Null => Vec::new(),
        other => vec![scalar(other)],
    });
    let arguments: Vec<String> = arguments.unwrap_or_default();
    let stanza = match arguments.len() {
        0 => name.text().to_string(),
        count => format!("{}({count})", name.text()),
    };
    let mut conf = Conf::of_stanza(&stanza, file, name.line());
    if !arguments.is_empty() {
        conf.set_in(&stanza, "args", located(file, text, "arguments", &arguments.join(",")));
    }
    for (key, value) in &settings {
        if !["name", "arguments"].contains(&key.as_str()) {
            conf.set_in(&stanza, key, located(file, text, key, &scalar(value)));
        }
    }
    Ok(conf)
}

/// A lookup's file as a stanza of transforms.conf.
///
/// # Errors
/// Text that is no YAML mapping with a `name`.
pub(super) fn lookup(file: &Arc<KnowledgeFile>, text: &str) -> Result<Conf> {
    let settings = settings(file, text)?;
    let name = name(file, text, &settings)?;
    let mut conf = Conf::of_stanza(name.text(), file, name.line());
    for (key, value) in &settings {
        // What it is for is for people; transforms.conf has no such key.
        if !["name", "description"].contains(&key.as_str()) {
            conf.set_in(name.text(), key, located(file, text, key, &scalar(value)));
        }
    }
    Ok(conf)
}

/// A search's file; one without a `search`, as that of a macro, is none.
///
/// # Errors
/// Text that is no YAML mapping with a `name`.
pub(super) fn search(file: &Arc<KnowledgeFile>, text: &str) -> Result<Option<SavedSearch>> {
    let settings = settings(file, text)?;
    let name = name(file, text, &settings)?.to_text();
    let Some(Value::String(search)) = settings.get("search") else { return Ok(None) };
    let search = located(file, text, "search", search);
    Ok(Some(SavedSearch { name, search, earliest: None, latest: None, disabled: false }))
}

fn settings(file: &KnowledgeFile, text: &str) -> Result<Map<String, Value>> {
    read(text, &file.path)
}

fn name(file: &Arc<KnowledgeFile>, text: &str, settings: &Map<String, Value>) -> Result<Located> {
    match settings.get("name") {
        Some(Value::String(name)) if !name.is_empty() => Ok(located(file, text, "name", name)),
        _ => {
            Err(Diagnostic::error(Code::Knowledge, "the file does not say its `name`")
                .in_file(&file.path, None))
        }
    }
}

/// As the file of settings would have it: text is text, and what else there is, is printed.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The value of a key of the outermost mapping, with the place where it stands.
pub(crate) fn located(file: &Arc<KnowledgeFile>, text: &str, key: &str, value: &str) -> Located {
    let start = key_end(text, key);
    let line = text.get(..start).unwrap_or("").matches('\n').count() as u64 + 1;
    Located::new(value.into(), Arc::clone(file), line, pieces(text, start, value))
}

/// Where the key's colon ends; the start of the text where there is no such line.
fn key_end(text: &str, key: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let after = line.strip_prefix(key).or_else(|| {
            let rest = line.strip_prefix(['"', '\''])?.strip_prefix(key)?;
            rest.strip_prefix(['"', '\''])
        });
        if let Some(after) = after
            && after.trim_start().starts_with(':')
        {
            return at + line.find(':').map_or(line.len(), |colon| colon + 1);
        }
        at += line.len();
    }
    0
}

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
}

/// Finds the value of a scalar in the text again, stretch by stretch: lines are folded in YAML, and quotes
/// doubled or escaped. Where it is lost, the rest stands at the last place that was found.
fn pieces(text: &str, start: usize, value: &str) -> Vec<Piece> {
    let (mut at, style) = scalar_start(text, start);
    let mut pieces: Vec<Piece> = Vec::new();
    for (to, c) in value.char_indices() {
        let Some((from, length)) = find(text, at, style, c) else { break };
        at = from + length;
        match pieces.last_mut() {
            Some(last) if last.at + last.length == from && last.length == to - last.start => {
                last.length += length;
            }
            _ => pieces.push(Piece { start: to, at: from, length }),
        }
    }
    if pieces.is_empty() {
        pieces.push(Piece { start: 0, at: start.min(text.len()), length: 0 });
    }
    pieces
}

/// Behind the blanks, the quote or the line of a block scalar's indicator.
fn scalar_start(text: &str, start: usize) -> (usize, Style) {
    let rest = text.get(start..).unwrap_or("");
    let at = start + rest.len() - rest.trim_start().len();
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some('\'') => (at + 1, Style::Single),
        Some('"') => (at + 1, Style::Double),
        Some('|' | '>') => {
            let line = text.get(at..).and_then(|rest| rest.find('\n'));
            (at + line.unwrap_or(0), Style::Plain)
        }
        _ => (at, Style::Plain),
    }
}

/// The place, at or after `at`, of the next character of a value, and how many bytes it takes there.
fn find(text: &str, at: usize, style: Style, wanted: char) -> Option<(usize, usize)> {
    let mut at = at;
    loop {
        let rest = text.get(at..)?;
        let found = rest.chars().next()?;
        let length = match (style, found) {
            (Style::Double, '\\') => escape(rest),
            (Style::Single, '\'') => 2,
            _ => found.len_utf8(),
        };
        let blank = found.is_whitespace();
        if style == Style::Double && rest.starts_with("\\\n") {
            at += 2;
        } else if found == wanted || (style == Style::Double && found == '\\') {
            return Some((at, length));
        } else if blank && wanted.is_whitespace() {
            // A folded line's end: all of it stands for this blank.
            return Some((at, rest.len() - rest.trim_start().len()));
        } else if blank {
            at += rest.len() - rest.trim_start().len();
        } else {
            return None;
        }
    }
}

/// How long the escape is that the text begins with.
fn escape(text: &str) -> usize {
    match text.chars().nth(1) {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{SourceId, Sources, Span};

    fn file(text: &str) -> (Arc<KnowledgeFile>, Sources, SourceId) {
        let mut sources = Sources::new();
        let source = sources.add("x.yml", text);
        (Arc::new(KnowledgeFile { path: "x.yml".into(), app: "test".into(), source }), sources, source)
    }

    #[test]
    fn a_macro_is_a_stanza() {
        let text = "description: for people\narguments:\n  - field\n  - n\ndefinition: 'head $n$ | where $field$=''a'''\nname: m\n";
        let (file, ..) = file(text);
        let conf = macros(&file, text).unwrap();
        assert_eq!(conf.get("m(2)", "args").unwrap().text(), "field,n");
        let definition = conf.get("m(2)", "definition").unwrap();
        assert_eq!((definition.text(), definition.line()), ("head $n$ | where $field$='a'", 5));
    }

    #[test]
    fn a_lookup_is_a_stanza() {
        let text = "name: l\nfilename: l.csv\nmin_matches: 1\ncase_sensitive_match: 'false'\n";
        let (file, ..) = file(text);
        let conf = lookup(&file, text).unwrap();
        let get = |key| conf.get("l", key).unwrap().text().to_string();
        assert_eq!(
            [get("filename"), get("min_matches"), get("case_sensitive_match")],
            ["l.csv", "1", "false"]
        );
    }

    /// Each place of a value is shown where it stands in the file.
    #[test]
    fn a_place_in_a_folded_scalar_is_found_in_the_file() {
        let cases = [
            "name: x\nsearch: 'index=a\n  b=''c''\n  | wrong'\n",
            "name: x\nsearch: \"index=a\n  b=\\\"c\\\"\\\n  d | wrong\"\n",
            "name: x\nsearch: >-\n  index=a   \n  b | wrong\n",
            "name: x\nsearch: |\n  index=a\n  | wrong\n",
            "name: x\nsearch: index=a | wrong\n",
        ];
        for text in cases {
            let (file, mut sources, source) = file(text);
            let map: Map<String, Value> = read(text, "x.yml").unwrap();
            let value = map["search"].as_str().unwrap();
            let id = located(&file, text, "search", value).register(&mut sources);
            let at = value.find("wrong").unwrap();
            let written = sources.written(Span::new(id, at, at + 5)).span;
            assert_eq!((written.source, sources.slice(written).as_str()), (source, "wrong"), "{text}");
        }
    }

    #[test]
    fn what_is_no_yaml_is_said_with_its_line() {
        let (file, ..) = file("");
        let error = macros(&file, "name: m\ndefinition: 'open\n").unwrap_err();
        assert_eq!(error.code, Code::Knowledge);
        assert!(error.place.unwrap().starts_with("x.yml:"), "{}", error.message);
        let unnamed = macros(&file, "definition: a\n").unwrap_err();
        assert_eq!(unnamed.message, "the file does not say its `name`");
    }
}
