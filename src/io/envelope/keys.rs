//! The keys of a JSON object, also of one of which only the beginning is there.

use std::borrow::Cow;

/// A key, and where its value begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key<'t> {
    /// Its name.
    pub name: Cow<'t, str>,
    /// The text from the value on, to the end of what is there.
    pub value: &'t str,
}

impl Key<'_> {
    /// The first letter of the value.
    pub fn begins(&self) -> Option<u8> {
        self.value.bytes().next()
    }

    /// The value, if it is a string or a number that is all there.
    pub fn scalar(&self) -> Option<Cow<'_, str>> {
        match self.begins()? {
            b'"' => string(self.value).map(|(text, _)| text),
            b'{' | b'[' => None,
            _ => Some(self.value.get(..end_of_value(self.value)?)?.trim_end().into()),
        }
    }
}

/// The keys of the object that a text begins with, as far as it goes; those of objects in it are not among them.
pub fn keys(text: &str) -> Vec<Key<'_>> {
    let mut keys = Vec::new();
    let Some(mut rest) = text.trim_start().strip_prefix('{') else { return keys };
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let Some((name, after)) = string(rest) else { return keys };
        let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else { return keys };
        keys.push(Key { name, value });
        match end_of_value(value).and_then(|end| value.get(end..)) {
            Some(after) => rest = after,
            None => return keys,
        }
    }
}

/// The string that a text begins with, and what follows it.
fn string(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inside = text.strip_prefix('"')?;
    let end = end_of_string(inside.as_bytes())?;
    let (content, after) = inside.split_at_checked(end)?;
    let name = match content.contains('\\') {
        true => Cow::Owned(serde_json::from_str(&format!("\"{content}\"")).ok()?),
        false => Cow::Borrowed(content),
    };
    Some((name, after.strip_prefix('"')?))
}

/// Where the quotation mark is that closes a string.
fn end_of_string(inside: &[u8]) -> Option<usize> {
    let mut escaped = false;
    inside.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// One past the end of the value that a text begins with; none if it goes on behind the text.
fn end_of_value(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        match bytes.get(at)? {
            b'"' => at += end_of_string(bytes.get(at + 1..)?)? + 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(at),
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
        if depth == 0 && matches!(bytes.get(at - 1), Some(b'"' | b'}' | b']')) {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        keys(text).iter().map(|key| key.name.to_string()).collect()
    }

    #[test]
    fn of_whole_objects_and_of_beginnings() {
        let text = r#" {"a": 1, "b" : {"c": "}"}, "d":[{"e":1}, "]"],"f\u0067":"\"", "h": nu"#;
        assert_eq!(names(text), ["a", "b", "d", "fg", "h"]);
        assert_eq!(keys(text).get(2).and_then(Key::begins), Some(b'['));
        assert_eq!(names(r#"{"a":{"b":[{"c"#), ["a"]);
        assert_eq!(names(r#"{"a":"x"#), ["a"]);
        for nothing in ["", "x", "{", "{}", "{x", r#"{"a"#, r#"{"a""#, "[1]"] {
            assert!(names(nothing).is_empty(), "{nothing}");
        }
    }
}
