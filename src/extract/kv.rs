//! Pairs of key and value in text: `KV_MODE=auto`, and `extract` with its delimiters.

use crate::value::Text;

/// What separates pairs when nothing else is said, besides blanks.
const PAIR_ENDS: &[char] = &[',', ';', '|', '&'];

/// What no key has in it, besides blanks, what separates pairs, and what stands between key and value.
const NO_KEY: &str = "?\"'()[]{}<>!=~^\\`";

/// How pairs are read.
#[derive(Clone, Debug)]
pub struct KeyValues {
    /// The characters each of which separates pairs; none for blanks, `,`, `;`, `|` and `&`.
    pub pair_delims: Option<Text>,
    /// The characters each of which stands between a key and its value; none for `=`.
    pub key_delims: Option<Text>,
    /// Whether `\"` in a quoted value is a quotation mark, and `\\` a backslash (`KV_MODE=auto_escaped`).
    pub escaped: bool,
    /// Whether keys become letters, digits, `_` and `.` (`CLEAN_KEYS`).
    pub clean_keys: bool,
    /// Whether a pair without value is one (`KEEP_EMPTY_VALS`).
    pub keep_empty: bool,
    /// How many pairs are read at most.
    pub limit: usize,
    /// How many bytes of the text are looked at.
    pub max_bytes: usize,
}

impl KeyValues {
    /// Automatic extraction, of any number of pairs in text of any length.
    pub fn auto() -> KeyValues {
        KeyValues {
            pair_delims: None,
            key_delims: None,
            escaped: false,
            clean_keys: true,
            keep_empty: false,
            limit: usize::MAX,
            max_bytes: usize::MAX,
        }
    }

    /// The pairs in a text, in order; a key may come again.
    pub fn pairs(&self, text: &str) -> Vec<(Text, Text)> {
        let end = (0..=self.max_bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
        let text = text.get(..end.unwrap_or(0)).unwrap_or("");
        let mut found = Vec::new();
        match &self.pair_delims {
            Some(delims) => self.delimited(text, delims, &mut found),
            None => self.scan(text, &mut found),
        }
        found
    }

    fn key_delims(&self) -> &str {
        self.key_delims.as_deref().unwrap_or("=")
    }

    /// Whether there is room for more.
    fn add(&self, key: &str, value: &str, found: &mut Vec<(Text, Text)>) -> bool {
        let key = if self.clean_keys { clean_key(key) } else { Text::from(key) };
        if !key.is_empty() && (self.keep_empty || !value.is_empty()) && found.len() < self.limit {
            found.push((key, Text::from(value)));
        }
        found.len() < self.limit
    }

    /// Pairs of a text that is anything: from one delimiter of key and value to the next.
    fn scan(&self, text: &str, found: &mut Vec<(Text, Text)>) {
        let delims = self.key_delims();
        let (mut from, mut at) = (0, 0);
        while let Some(next) = text.get(at..).and_then(|rest| rest.find(|c| delims.contains(c))) {
            let delim = at + next;
            let after = delim + text.get(delim..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
            let key = last_key(text.get(from..delim).unwrap_or(""), delims);
            at = after;
            let operator = text.get(after..).is_some_and(|rest| rest.starts_with(|c| delims.contains(c)));
            if key.is_empty() || operator {
                continue;
            }
            let (value, end) = self.value(text, after);
            // What a single quotation mark opens is a value, and may hold pairs of its own.
            from = if value.starts_with('\'') { after + 1 } else { end };
            at = from;
            let value =
                value.strip_prefix('\'').map_or(value.as_str(), |inside| inside.trim_end_matches('\''));
            let ambiguous = self.key_delims.is_some() && value.contains(|c| delims.contains(c));
            if !ambiguous && !self.add(key, value, found) {
                return;
            }
        }
    }

    /// The value that begins at `from`, and where it ends.
    fn value(&self, text: &str, from: usize) -> (String, usize) {
        let rest = text.get(from..).unwrap_or("");
        let line = rest.trim_start_matches([' ', '\t']);
        let start = from + rest.len() - line.len();
        if let Some((value, length)) = quoted(line, '"', self.escaped) {
            return (value, start + length);
        }
        if let Some((value, length)) = quoted(line, '\'', false) {
            return (format!("'{value}'"), start + length);
        }
        let ends = |c: char| c.is_whitespace() || PAIR_ENDS.contains(&c) || "\"<>".contains(c);
        let value = line.split(ends).next().unwrap_or("");
        // After a blank the key of the next pair is no value: `logname= uid=0`.
        let key_of_next = start > from && self.key_delims.is_none() && {
            let behind = line.get(value.len()..).unwrap_or("").trim_start();
            value.contains(|c| self.key_delims().contains(c))
                || behind.starts_with(|c| self.key_delims().contains(c))
        };
        if key_of_next {
            return (String::new(), from);
        }
        (without_closers(value).to_string(), start + value.len())
    }

    /// Pairs between delimiters that were given.
    fn delimited(&self, text: &str, pair_delims: &str, found: &mut Vec<(Text, Text)>) {
        let delims = self.key_delims();
        for piece in split_unquoted(text, pair_delims) {
            let Some((key, value)) = piece.split_once(|c| delims.contains(c)) else { continue };
            let key = key.trim().trim_matches('"');
            let value =
                value.trim_start_matches(|c: char| delims.contains(c) || c.is_whitespace()).trim_end();
            let more = match quoted(value, '"', self.escaped) {
                Some((inside, length)) if length == value.len() => self.add(key, &inside, found),
                _ if value.contains(|c| delims.contains(c)) => true,
                _ => self.add(key, value, found),
            };
            if !more {
                return;
            }
        }
    }
}

/// A key of letters, digits, `_` and `.`, which begins with a letter: anything else in it becomes `_`, and goes
/// at its start (transforms.conf, `CLEAN_KEYS`).
pub fn clean_key(key: &str) -> Text {
    let clean = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' };
    let cleaned: String = key.chars().map(clean).collect();
    Text::from(cleaned.trim_start_matches(|c: char| c == '_' || c == '.' || c.is_ascii_digit()))
}

/// The values between delimiters, in order: quotation marks protect a delimiter, and go.
pub fn split_values(text: &str, delims: &str) -> Vec<Text> {
    let value = |piece: &str| match quoted(piece.trim(), '"', false) {
        Some((inside, length)) if length == piece.trim().len() => Text::from(inside),
        _ => Text::from(piece.trim()),
    };
    split_unquoted(text, delims).into_iter().map(value).collect()
}

/// The key that ends here: the last run of what keys are made of, with blanks after it, or one in quotation marks.
fn last_key<'t>(before: &'t str, delims: &str) -> &'t str {
    let before = before.trim_end_matches([' ', '\t']);
    if let Some(inside) = before.strip_suffix('"') {
        return inside.rsplit_once('"').map_or("", |(_, key)| key);
    }
    let no_key =
        |c: char| c.is_whitespace() || PAIR_ENDS.contains(&c) || NO_KEY.contains(c) || delims.contains(c);
    before.rsplit(no_key).next().unwrap_or("")
}

/// What stands between quotation marks at the start, and how long it is with them.
fn quoted(text: &str, mark: char, escaped: bool) -> Option<(String, usize)> {
    let inside = text.strip_prefix(mark)?;
    let mut value = String::new();
    let mut letters = inside.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '\\' if escaped => match letters.next()?.1 {
                next if next == mark || next == '\\' => value.push(next),
                next => value.extend(['\\', next]),
            },
            c if c == mark => return Some((value, mark.len_utf8() * 2 + at)),
            c => value.push(c),
        }
    }
    None
}

/// A value without the brackets behind it that close what was opened before it: `(uid=0)`.
fn without_closers(value: &str) -> &str {
    let mut value = value;
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')].into_iter().cycle().take(9) {
        while value.ends_with(close) && value.matches(close).count() > value.matches(open).count() {
            value = value.strip_suffix(close).unwrap_or(value);
        }
    }
    value
}

/// The pieces between delimiters outside of quotation marks; a run of delimiters counts as one.
fn split_unquoted<'t>(text: &'t str, delims: &str) -> Vec<&'t str> {
    let (mut pieces, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == '"' {
            inside = !inside;
        } else if !inside && delims.contains(c) {
            pieces.extend(text.get(start..at));
            start = at + c.len_utf8();
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(reader: &KeyValues, text: &str) -> String {
        let pairs = reader.pairs(text);
        pairs.iter().map(|(key, value)| format!("{key}:{value}")).collect::<Vec<_>>().join(" / ")
    }

    fn auto(text: &str) -> String {
        shown(&KeyValues::auto(), text)
    }

    #[test]
    fn pairs_of_any_text() {
        assert_eq!(auto("a=1, b=two;c=3|d=4&e=5 f=\"six, 7\""), "a:1 / b:two / c:3 / d:4 / e:5 / f:six, 7");
        assert_eq!(auto("GET /x?a=1&b=two HTTP"), "a:1 / b:two");
        assert_eq!(auto("opened by (uid=0) [id=5] f(x)=g(y)"), "uid:0 / id:5");
        assert_eq!(auto("logname= uid=0 tty=ssh ruser= rhost=10.0.0.1"), "uid:0 / tty:ssh / rhost:10.0.0.1");
        assert_eq!(auto("key = value\nother= 5 \"third key\"=6"), "key:value / other:5 / third_key:6");
        assert_eq!(
            auto("msg='op=login acct=\"root\"' res=ok"),
            "msg:op=login acct=\"root\" / op:login / acct:root / res:ok"
        );
        assert_eq!(auto("a==b c!=d url=http://x?p=q token=abc=="), "url:http://x?p=q / token:abc==");
        assert_eq!(auto("_9a-b.c=1 ä=2"), "a_b.c:1");
        assert_eq!(auto("a=\"open b=1"), "b:1");
        assert_eq!(auto("= =="), "");
    }

    #[test]
    fn escapes_where_they_are_asked_for() {
        let text = r#"a="x\"y" b="c\d""#;
        assert_eq!(auto(text), r"a:x\ / b:c\d");
        let escaped = KeyValues { escaped: true, ..KeyValues::auto() };
        assert_eq!(shown(&escaped, text), r#"a:x"y / b:c\d"#);
    }

    #[test]
    fn delimiters_that_were_given() {
        let of = |pair: Option<&str>, key: Option<&str>, text: &str| {
            let (pair_delims, key_delims) = (pair.map(Text::from), key.map(Text::from));
            shown(&KeyValues { pair_delims, key_delims, ..KeyValues::auto() }, text)
        };
        assert_eq!(of(Some("?&"), None, "?a=1&b=two words"), "a:1 / b:two words");
        assert_eq!(of(Some("|;"), Some("=:"), "a=1|b:\"2|3\";c:=4;;d"), "a:1 / b:2|3 / c:4");
        // Search Reference, extract: a value with the delimiter in it is not extracted.
        assert_eq!(of(None, Some(":"), "Referer: https://example.com\nHost: web"), "Host:web");
        assert_eq!(of(Some("\n"), Some(":"), "Referer: https://example.com\nHost: web"), "Host:web");
        assert_eq!(split_values("a, \"b,c\" ,,d", ","), ["a", "b,c", "", "d"]);
    }

    #[test]
    fn limits() {
        let few = KeyValues { limit: 2, ..KeyValues::auto() };
        assert_eq!(shown(&few, "a=1 b=2 c=3"), "a:1 / b:2");
        let short = KeyValues { max_bytes: 6, ..KeyValues::auto() };
        assert_eq!(shown(&short, "a=1 b=\u{e9}2"), "a:1");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in r#"[a-c=" ,;:'\\é\n()]{0,40}"#) {
            for escaped in [false, true] {
                for delims in [None, Some(Text::from(",;"))] {
                    let reader = KeyValues { escaped, pair_delims: delims, ..KeyValues::auto() };
                    for (key, value) in reader.pairs(&text) {
                        prop_assert!(!key.is_empty() && !value.is_empty());
                    }
                }
            }
        }
    }
}
