//! JSON or XML in a text: what `spath` reads.

use super::Found;
use crate::functions::json::{Json, Path};
use crate::value::{Text, Value};
use crate::xml::{self, Element, XmlPath};

/// A document.
pub enum Structured {
    /// JSON: an object or an array.
    Json(Json),
    /// XML.
    Xml(Vec<Element>),
}

/// A path into a document. Which of the two it is about depends on the text at hand.
#[derive(Clone, Debug)]
pub struct StructuredPath {
    json: Option<Path>,
    xml: Option<XmlPath>,
}

impl StructuredPath {
    /// Reads a path; none if it is none in JSON and none in XML.
    pub fn parse(text: &str) -> Option<StructuredPath> {
        let json = Path::parse(text).filter(|_| !text.is_empty());
        let path = StructuredPath { json, xml: XmlPath::parse(text) };
        (path.json.is_some() || path.xml.is_some()).then_some(path)
    }
}

impl Structured {
    /// Reads a text; none if it is neither.
    pub fn parse(text: &str) -> Option<Structured> {
        match Json::parse_all(text) {
            Some(json @ (Json::Object(_) | Json::Array(_))) => Some(Structured::Json(json)),
            Some(_) => None,
            None => xml::parse(text).map(Structured::Xml),
        }
    }

    /// What a path leads to, in order.
    pub fn select(&self, path: &StructuredPath) -> Vec<Value> {
        match self {
            Structured::Json(json) => {
                let found = path.json.iter().flat_map(|path| path.select(json));
                found.map(value).collect()
            }
            Structured::Xml(document) => path.xml.iter().flat_map(|path| path.select(document)).collect(),
        }
    }

    /// Every text, number and truth value in it, by its path: `a.b{}.c` in JSON, `a.b` and `a.b{@c}` in XML.
    pub fn fields(&self) -> Found {
        let mut found = Found::new();
        match self {
            Structured::Json(json) => leaves(json, &mut String::new(), &mut found),
            Structured::Xml(document) => {
                for element in document {
                    element.fields("", &mut |name, value| found.push((name.into(), Value::Text(value))));
                }
            }
        }
        found
    }
}

/// A part of a document as a value: strings without quotation marks, numbers as they are spelled, objects and arrays
/// as JSON text, JSON's null as `null`.
fn value(json: &Json) -> Value {
    match json {
        Json::String(text) | Json::Number(text) => Value::Text(text.clone()),
        other => Value::text(other.to_string()),
    }
}

fn leaves(json: &Json, path: &mut String, found: &mut Found) {
    let length = path.len();
    match json {
        Json::Object(members) => {
            for (key, member) in members {
                path.push_str(if path.is_empty() { "" } else { "." });
                path.push_str(key);
                leaves(member, path, found);
                path.truncate(length);
            }
        }
        Json::Repeated(values) => values.iter().for_each(|value| leaves(value, path, found)),
        Json::Array(items) => {
            path.push_str("{}");
            items.iter().for_each(|item| leaves(item, path, found));
            path.truncate(length);
        }
        leaf => found.push((Text::from(path.as_str()), value(leaf))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Option<String> {
        let found = Structured::parse(text)?.fields();
        Some(
            found
                .iter()
                .map(|(name, value)| format!("{name}={}", value.to_text()))
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    #[test]
    fn leaves_of_documents() {
        assert_eq!(
            fields(r#"{"a":{"b":[1.0,{"c":true},[null]]},"d":"","e":{},"f":[]}"#).as_deref(),
            Some("a.b{}=1.0 a.b{}.c=true a.b{}{}=null d=")
        );
        assert_eq!(fields("[1,{\"x\":2}]").as_deref(), Some("{}=1 {}.x=2"));
        assert_eq!(fields("<a b='1'>c</a>").as_deref(), Some("a{@b}=1 a=c"));
        let repeated = r#"{"a":1,"b":{"c":2,"c":3},"a":4,"b":{"c":5},"a":6}"#;
        assert_eq!(fields(repeated).as_deref(), Some("a=1 a=4 a=6 b.c=2 b.c=3 b.c=5"));
        for none in ["7", "\"a\"", "text", "", "{a", "null"] {
            assert_eq!(fields(none), None, "{none}");
        }
    }
}
