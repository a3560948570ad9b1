//! Strings of a JSON file that know where they stood.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::super::located::{KnowledgeFile, Located, Piece};

/// A string as it is decoded; none if the value is no string. `text` is the whole file, which `raw` is a
/// part of.
pub(super) fn read_string(raw: &RawValue, text: &str, file: &Arc<KnowledgeFile>) -> Option<Located> {
    let decoded: String = serde_json::from_str(raw.get()).ok()?;
    let at = offset(raw, text);
    let line = line_of(text, at);
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    Some(Located::new(decoded.into(), Arc::clone(file), line, pieces(inner, at + 1)))
}

/// The first byte of a value in its file.
pub(super) fn offset(raw: &RawValue, text: &str) -> usize {
    (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// The line, from 1, of a byte.
pub(super) fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    memchr::memchr_iter(b'\n', before).count() as u64 + 1
}

/// The stretches between escapes. An escape belongs to the end of the stretch before it.
fn pieces(inner: &str, at: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = Piece { start: 0, at, length: 0 };
    let mut decoded = 0;
    let mut rest = inner;
    while let Some(escape) = rest.find('\\') {
        let (written, length) = escape_at(rest.get(escape..).unwrap_or(""));
        decoded += escape + length;
        piece.length += escape + written;
        pieces.push(piece);
        piece = Piece { start: decoded, at: piece.at + piece.length, length: 0 };
        rest = rest.get(escape + written..).unwrap_or("");
    }
    piece.length = rest.len();
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// How many bytes the escape at the start takes in the file, and how many its character takes.
fn escape_at(text: &str) -> (usize, usize) {
    let unit = |from: usize| u32::from_str_radix(text.get(from..from + 4)?, 16).ok();
    match text.as_bytes().get(1) {
        Some(b'u') => match unit(2) {
            Some(0xd800..=0xdbff) => (12, 4),
            Some(code) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
            None => (2, 1),
        },
        _ => (2, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, Span};

    #[test]
    fn places_survive_escapes() {
        let text = "{\n \"a\": \"if(x=\\\"\\\", \\u00e4\\ud83d\\ude00, 'ö')\\n\"}";
        let mut sources = Sources::new();
        let source = sources.add("m.json", text);
        let file = Arc::new(KnowledgeFile { path: "m.json".into(), app: "test".into(), source });
        let parsed: std::collections::HashMap<&str, &RawValue> = serde_json::from_str(text).unwrap();
        let located = read_string(parsed["a"], text, &file).unwrap();
        assert_eq!(located.text(), "if(x=\"\", ä😀, 'ö')\n");
        assert_eq!(located.place(), "m.json:2");
        let own = located.register(&mut sources);
        for (part, written) in [("if(x", "if(x"), (", ä", ", \\u"), ("'ö')", "'ö')")] {
            let at = located.text().find(part).unwrap();
            let span = sources.written(Span::new(own, at, at + part.len())).span;
            assert_eq!(sources.slice(span).get(..2), written.get(..2), "{part}");
        }
        let tail = located.slice(located.text().find("'ö").unwrap()..located.text().len());
        assert_eq!(sources.slice(tail.span()), "'ö')\\n");
        assert_eq!(sources.slice(located.span()), "if(x=\\\"\\\", \\u00e4\\ud83d\\ude00, 'ö')\\n");
    }
}
