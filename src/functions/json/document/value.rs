//! JSON as a tree in which numbers keep their spelling and objects the order of their keys.

use std::fmt;

use crate::batch::FieldMap;
use crate::value::Text;

/// How deep arrays and objects may stand in each other; deeper text is not read.
const DEEPEST: usize = 128;

/// An object's members, in order.
pub type Object = FieldMap<Json>;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is spelled: `1.50` stays `1.50`.
    Number(Text),
    /// A string, unescaped.
    String(Text),
    /// An array.
    Array(Vec<Json>),
    /// An object. Of equal keys the last value counts, in the place of the first.
    Object(Object),
    /// The values of equal keys of an object, which [`Json::parse_all`] keeps; it stands in objects alone.
    Repeated(Vec<Json>),
}

impl Json {
    /// Reads a text that is one JSON value from end to end; none if it is not, or is nested too deeply.
    pub fn parse(text: &str) -> Option<Json> {
        Reader { text, at: 0, all: false }.whole()
    }

    /// The same, with the values of equal keys side by side.
    pub fn parse_all(text: &str) -> Option<Json> {
        Reader { text, at: 0, all: true }.whole()
    }

    /// A string.
    pub fn string(text: &str) -> Json {
        Json::String(text.into())
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Whether all values of equal keys are kept.
    all: bool,
}

impl<'t> Reader<'t> {
    fn whole(mut self) -> Option<Json> {
        let value = self.value(0)?;
        self.blanks();
        (self.at == self.text.len()).then_some(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes over blanks and this byte, if it is there.
    fn eat(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blanks();
        match self.peek()? {
            b'{' if depth < DEEPEST => self.object(depth),
            b'[' if depth < DEEPEST => self.array(depth),
            b'"' => self.string().map(Json::String),
            b'-' | b'0'..=b'9' => self.number(),
            _ => {
                let words = [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))];
                let (word, value) =
                    words.into_iter().find(|(word, _)| self.rest().starts_with(word.as_bytes()))?;
                self.at += word.len();
                Some(value)
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.at += 1;
        let mut object = Object::default();
        if self.eat(b'}') {
            return Some(Json::Object(object));
        }
        loop {
            self.blanks();
            let key = self.string()?;
            if !self.eat(b':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            match object.get_mut(&key).filter(|_| self.all) {
                Some(Json::Repeated(values)) => values.push(value),
                Some(first) => {
                    let values = vec![std::mem::replace(first, Json::Null), value];
                    *first = Json::Repeated(values);
                }
                None => drop(object.insert(key, value)),
            }
            if self.eat(b'}') {
                return Some(Json::Object(object));
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.at += 1;
        let mut items = Vec::new();
        if self.eat(b']') {
            return Some(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(b']') {
                return Some(Json::Array(items));
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<Text> {
        let inside = self.rest().strip_prefix(b"\"")?;
        let (mut length, mut escapes) = (0, false);
        loop {
            match inside.get(length)? {
                b'"' => break,
                b'\\' => {
                    escapes = true;
                    length += 2;
                }
                0..0x20 => return None,
                _ => length += 1,
            }
        }
        let quoted = self.text.get(self.at..self.at + length + 2)?;
        self.at += quoted.len();
        if escapes {
            return serde_json::from_str::<String>(quoted).ok().map(Text::from);
        }
        quoted.get(1..=length).map(Text::from)
    }

    fn number(&mut self) -> Option<Json> {
        let bytes = self.rest();
        let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = usize::from(bytes.first() == Some(&b'-'));
        let whole = digits(end);
        if whole == 0 || (whole > 1 && bytes.get(end) == Some(&b'0')) {
            return None;
        }
        end += whole;
        if bytes.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            end += (fraction > 0).then_some(fraction + 1)?;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            end += (exponent > 0).then_some(exponent + 1 + sign)?;
        }
        let spelled = self.text.get(self.at..self.at + end)?;
        self.at += end;
        Some(Json::Number(spelled.into()))
    }
}

/// Compact, without blanks.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(truth) => write!(f, "{truth}"),
            Json::Number(spelled) => f.write_str(spelled),
            Json::String(text) => write_string(f, text),
            Json::Array(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    f.write_str(if at > 0 { "," } else { "" })?;
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Json::Object(members) => {
                f.write_str("{")?;
                let all = members.iter().flat_map(|(key, value)| match value {
                    Json::Repeated(values) => values.iter().map(|value| (key, value)).collect(),
                    value => vec![(key, value)],
                });
                for (at, (key, value)) in all.enumerate() {
                    f.write_str(if at > 0 { "," } else { "" })?;
                    write_string(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
            Json::Repeated(values) => values.last().map_or(Ok(()), |last| write!(f, "{last}")),
        }
    }
}

fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(text: &str) -> Option<String> {
        Json::parse(text).map(|json| json.to_string())
    }

    #[test]
    fn spelling_and_order_are_kept() {
        let text = r#" { "z" : 1.50 , "a" : [ 1e5 , -0 , 12345678901234567890123 ] , "z" : "\u00e4\n/" } "#;
        assert_eq!(
            printed(text).as_deref(),
            Some("{\"z\":\"ä\\n/\",\"a\":[1e5,-0,12345678901234567890123]}")
        );
        let repeated = r#"{"a":1,"a":[2],"b":3,"a":4}"#;
        assert_eq!(printed(repeated).as_deref(), Some(r#"{"a":4,"b":3}"#));
        let all = Json::parse_all(repeated).map(|json| json.to_string());
        assert_eq!(all.as_deref(), Some(r#"{"a":1,"a":[2],"a":4,"b":3}"#));
        assert_eq!(printed("{}").as_deref(), Some("{}"));
        assert_eq!(printed("[ ]").as_deref(), Some("[]"));
    }

    #[test]
    fn what_is_not_json() {
        for text in [
            "",
            "{",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "nul",
            "nullx",
            "\"a",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\n\"",
            "{\"a\":1}}",
            "'a'",
            "\"a\\",
            "-",
            "[1,,2]",
            "{,}",
            "True",
        ] {
            assert_eq!(printed(text), None, "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::parse(&nested(128)).is_some());
        assert!(Json::parse(&nested(129)).is_none());
        assert!(Json::parse(&"[".repeat(1_000_000)).is_none());
        assert!(Json::parse(&"{\"a\":".repeat(1_000_000)).is_none());
    }

    proptest! {
        #[test]
        fn reads_what_serde_json_reads(text in r#"[\[\]{}",:0-9a-z\\ .eE+-]{0,12}"#) {
            let reference = serde_json::from_str::<serde_json::Value>(&text);
            // Numbers beyond all doubles are numbers here.
            if !matches!(&reference, Err(error) if error.to_string().contains("number out of range")) {
                prop_assert_eq!(Json::parse(&text).is_some(), reference.is_ok(), "{}", text);
            }
        }

        #[test]
        fn strings_survive(text in any::<String>()) {
            let quoted = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(Json::parse(&quoted), Some(Json::string(&text)));
            prop_assert_eq!(Json::string(&text).to_string(), quoted);
        }
    }
}
