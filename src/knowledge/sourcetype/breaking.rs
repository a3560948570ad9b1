//! How props.conf breaks a file into events.

use super::super::conf::{Conf, filled, read_bool, read_integer};
use super::super::located::Located;
use super::super::words::{split_list, split_quoted};
use super::props::keep;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::io::Separator;
use crate::value::Text;

/// The settings that are read here.
pub(super) const HONOURED: [&str; 20] = [
    "LINE_BREAKER",
    "SHOULD_LINEMERGE",
    "BREAK_ONLY_BEFORE_DATE",
    "BREAK_ONLY_BEFORE",
    "MUST_BREAK_AFTER",
    "MUST_NOT_BREAK_AFTER",
    "MUST_NOT_BREAK_BEFORE",
    "MAX_EVENTS",
    "TRUNCATE",
    "FIELD_DELIMITER",
    "FIELD_QUOTE",
    "HEADER_FIELD_DELIMITER",
    "HEADER_FIELD_QUOTE",
    "HEADER_FIELD_LINE_NUMBER",
    "HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS",
    "FIELD_HEADER_REGEX",
    "FIELD_NAMES",
    "PREAMBLE_REGEX",
    "MISSING_VALUE_REGEX",
    "INDEXED_EXTRACTIONS",
];

/// How lines are found, and put together to events.
#[derive(Clone, Debug, Default)]
pub struct BreakingRules {
    /// Where its first group matches, a line ends (`LINE_BREAKER`); ends of lines where nothing is said.
    pub line_breaker: Option<Located>,
    /// Whether an event may have several lines (`SHOULD_LINEMERGE`); true by default.
    pub merge: Option<bool>,
    /// Whether a line with a time begins an event (`BREAK_ONLY_BEFORE_DATE`); true by default.
    pub before_date: Option<bool>,
    /// A line that this matches begins an event (`BREAK_ONLY_BEFORE`).
    pub before: Option<Located>,
    /// A line that this matches ends one (`MUST_BREAK_AFTER`).
    pub must_after: Option<Located>,
    /// After a line that this matches no event ends before `MUST_BREAK_AFTER` says so.
    pub must_not_after: Option<Located>,
    /// A line that this matches begins no event (`MUST_NOT_BREAK_BEFORE`).
    pub must_not_before: Option<Located>,
    /// The most lines of an event (`MAX_EVENTS`).
    pub most_lines: usize,
    /// The length in bytes at which a line is cut (`TRUNCATE`); no limit where nothing is said.
    pub truncate: Option<usize>,
    /// How values with separators are written.
    pub csv: CsvRules,
}

/// What a file of records is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// JSON.
    Json,
    /// Values with a separator, by default this one.
    Separated(u8),
    /// The extended log format of the W3C.
    W3c,
}

/// How values with separators are written.
#[derive(Clone, Debug, Default)]
pub struct CsvRules {
    /// The separator, where it is not the usual one (`FIELD_DELIMITER`).
    pub delimiter: Option<Separator>,
    /// What stands around values, where it is not `"` (`FIELD_QUOTE`): another character, or nothing.
    pub quote: Option<Option<u8>>,
    /// The line of the header (`HEADER_FIELD_LINE_NUMBER`).
    pub header_line: Option<u64>,
    /// The names, where the file has none (`FIELD_NAMES`).
    pub names: Vec<Text>,
    /// Lines before the header that are passed over (`PREAMBLE_REGEX`).
    pub preamble: Option<Located>,
    /// Values that are none (`MISSING_VALUE_REGEX`).
    pub missing: Option<Located>,
    /// What the line of the header begins with, or holds in its group (`FIELD_HEADER_REGEX`).
    pub header: Option<Located>,
    /// The characters that names keep, where it is said (`HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS`).
    pub special: Option<Text>,
}

impl BreakingRules {
    /// Reads the rules of a stanza. A value that cannot be read counts as not said.
    pub(super) fn read(name: &str, props: &Conf, problems: &mut Vec<Diagnostic>) -> BreakingRules {
        let get = |key| filled(props.get(name, key).or_else(|| props.default_of(key)));
        let pattern = |key| get(key).cloned();
        let list = |key| get(key).map_or_else(Vec::new, |names| split_list(without_brackets(names.text())));
        let mut flag = |key| keep(get(key).map(|value| read_bool(Some(value), true)).transpose(), problems);
        let (merge, before_date) =
            (flag("SHOULD_LINEMERGE").flatten(), flag("BREAK_ONLY_BEFORE_DATE").flatten());
        let mut count = |key, otherwise| {
            let number = keep(read_integer(get(key), otherwise), problems).unwrap_or(otherwise);
            usize::try_from(number).unwrap_or(0)
        };
        let (most_lines, truncate) = (count("MAX_EVENTS", 256), count("TRUNCATE", 0));
        let header_line = count("HEADER_FIELD_LINE_NUMBER", 0) as u64;
        let mut mark = |keys: [&'static str; 2]| {
            keys.into_iter().find_map(|key| keep(mark(get(key)), problems).flatten())
        };
        BreakingRules {
            line_breaker: pattern("LINE_BREAKER").filter(|it| it.text() != r"([\r\n]+)"),
            merge,
            before_date,
            before: pattern("BREAK_ONLY_BEFORE"),
            must_after: pattern("MUST_BREAK_AFTER"),
            must_not_after: pattern("MUST_NOT_BREAK_AFTER"),
            must_not_before: pattern("MUST_NOT_BREAK_BEFORE"),
            most_lines,
            truncate: Some(truncate).filter(|length| *length > 0),
            csv: CsvRules {
                delimiter: mark(["FIELD_DELIMITER", "HEADER_FIELD_DELIMITER"]).and_then(Mark::separator),
                quote: mark(["FIELD_QUOTE", "HEADER_FIELD_QUOTE"]).map(Mark::byte),
                header_line: Some(header_line).filter(|line| *line > 0),
                names: list("FIELD_NAMES"),
                preamble: pattern("PREAMBLE_REGEX"),
                missing: pattern("MISSING_VALUE_REGEX"),
                header: pattern("FIELD_HEADER_REGEX"),
                special: get("HEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS").map(Located::to_text),
            },
        }
    }

    /// What a file of this source type is made of.
    pub(super) fn structure(name: &str, props: &Conf) -> Result<Option<Structure>> {
        let value = filled(
            props.get(name, "INDEXED_EXTRACTIONS").or_else(|| props.default_of("INDEXED_EXTRACTIONS")),
        );
        let Some(value) = value else { return Ok(None) };
        Ok(match value.text().to_ascii_lowercase().as_str() {
            "json" | "hec" => Some(Structure::Json),
            "csv" => Some(Structure::Separated(b',')),
            "tsv" => Some(Structure::Separated(b'\t')),
            "psv" => Some(Structure::Separated(b'|')),
            "w3c" => Some(Structure::W3c),
            "none" => None,
            other => {
                let message = format!("`{other}` is no structure that is extracted");
                return Err(value
                    .error(Code::Knowledge, message)
                    .help("it is csv, tsv, psv, w3c, json, hec or none"));
            }
        })
    }
}

/// A separator, or none.
#[derive(Clone, Copy)]
enum Mark {
    Byte(u8),
    Blanks,
    None,
}

impl Mark {
    fn byte(self) -> Option<u8> {
        match self {
            Mark::Byte(byte) => Some(byte),
            Mark::Blanks | Mark::None => None,
        }
    }

    fn separator(self) -> Option<Separator> {
        match self {
            Mark::Byte(byte) => Some(Separator::Byte(byte)),
            Mark::Blanks => Some(Separator::Blanks),
            Mark::None => None,
        }
    }
}

/// A separator: a character of ASCII, written as itself, in quotation marks, by its code or by its name.
fn mark(value: Option<&Located>) -> Result<Option<Mark>> {
    let Some(value) = value else { return Ok(None) };
    let text = value.text();
    let lower = text.to_ascii_lowercase();
    let code = lower.strip_prefix(r"\x").and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let found = match lower.as_str() {
        "tab" | r"\t" => Some(b'\t'),
        "space" => Some(b' '),
        r"\s" | "whitespace" | "ws" => return Ok(Some(Mark::Blanks)),
        "fs" => Some(0x1c),
        "gs" => Some(0x1d),
        "rs" => Some(0x1e),
        "us" => Some(0x1f),
        r"\001" => Some(1),
        "none" | "\"\"" => return Ok(Some(Mark::None)),
        _ => match (text.as_bytes(), split_quoted(text).first().map(|part| part.as_bytes())) {
            ([one], _) | (_, Some([one])) => Some(*one),
            _ => code,
        },
    };
    let found = found.filter(u8::is_ascii).map(|byte| Some(Mark::Byte(byte)));
    found.ok_or_else(|| value.error(Code::Knowledge, format!("`{text}` is no character of ASCII")))
}

/// The inside of `[a, b]`, as the specification of props.conf writes lists.
pub(super) fn without_brackets(list: &str) -> &str {
    let list = list.trim();
    list.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(list)
}
