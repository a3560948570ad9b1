//! The walk against `serde_json`: on generated and on damaged JSON, the same fields or both refuse.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Rows;
use crate::batch::{Batch, FieldSet};

/// JSON with repeated keys kept. A number is its value: its spelling is checked apart.
#[derive(Debug)]
enum Node {
    Word(&'static str),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Word("null"))
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
                Ok(Node::Word(if truth { "true" } else { "false" }))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
                Ok(Node::Number(number as f64))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
                Ok(Node::Number(number as f64))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
                Ok(Node::Number(number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.to_string()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut nodes = Vec::new();
                while let Some(node) = list.next_element()? {
                    nodes.push(node);
                }
                Ok(Node::List(nodes))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut nodes = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    nodes.push(entry);
                }
                Ok(Node::Object(nodes))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A value of a field: text, or a number in whatever spelling.
#[derive(Debug, PartialEq)]
enum Leaf {
    Text(String),
    Number(f64),
}

type Fields = BTreeMap<String, Vec<Leaf>>;

fn flatten(node: Node, name: Option<String>, fields: &mut Fields) {
    let own = name.clone().unwrap_or_default();
    let mut leaf = |leaf| fields.entry(own.clone()).or_default().push(leaf);
    match node {
        Node::Word(word) => leaf(Leaf::Text(word.to_string())),
        Node::Text(text) => leaf(Leaf::Text(text)),
        Node::Number(number) => leaf(Leaf::Number(number)),
        Node::List(nodes) => {
            nodes.into_iter().for_each(|node| flatten(node, Some(format!("{own}{{}}")), fields))
        }
        Node::Object(nodes) => {
            for (key, node) in nodes {
                let name = name.as_ref().map_or(key.clone(), |name| format!("{name}.{key}"));
                flatten(node, Some(name), fields);
            }
        }
    }
}

/// What `serde_json` makes of an event; none when it is refused, or is no object or array.
fn reference(text: &str, needs: &FieldSet) -> Result<Option<Fields>, serde_json::Error> {
    let node: Node = serde_json::from_str(text)?;
    if !matches!(node, Node::Object(_) | Node::List(_)) {
        return Ok(None);
    }
    let mut fields = Fields::new();
    flatten(node, None, &mut fields);
    fields.retain(|name, _| name != "_raw" && needs.contains(name));
    Ok(Some(fields))
}

fn ours(text: &str, needs: &FieldSet) -> Option<Batch> {
    read(&mut Rows::new(needs), text)
}

fn read(rows: &mut Rows, text: &str) -> Option<Batch> {
    rows.add_event(text).ok()?;
    Some(rows.take())
}

/// Compares both on texts that are read one after the other, for every needed field: what is learned from some
/// must not be taken for what stands in others.
fn compare_all<'t>(
    texts: impl IntoIterator<Item = &'t String>,
    needs: &FieldSet,
) -> Result<(), TestCaseError> {
    let mut rows = Rows::new(needs);
    texts.into_iter().try_for_each(|text| compare(text, needs, read(&mut rows, text)))
}

fn compare(text: &str, needs: &FieldSet, batch: Option<Batch>) -> Result<(), TestCaseError> {
    let fields = match reference(text, needs) {
        Ok(fields) => fields,
        // The one difference: a number beyond the range of a double keeps its spelling.
        Err(error) if error.to_string().starts_with("number out of range") => return Ok(()),
        Err(_) => None,
    };
    let (batch, mut fields) = match (batch, fields) {
        (None, None) => return Ok(()),
        (Some(batch), Some(fields)) => (batch, fields),
        (batch, fields) => {
            return Err(TestCaseError::fail(format!("{text:?}: {} against {fields:?}", batch.is_some())));
        }
    };
    prop_assert_eq!(batch.rows(), 1);
    for (name, column) in batch.columns() {
        let cell = column.get(0);
        if name == "_raw" {
            prop_assert_eq!(cell.to_text(), text.trim_matches([' ', '\t', '\n', '\r']));
            continue;
        }
        let expected = fields.remove(name.as_str()).unwrap_or_default();
        prop_assert_eq!(cell.values().len(), expected.len(), "{} in {}", name, text);
        for (value, leaf) in cell.values().iter().zip(expected) {
            match leaf {
                Leaf::Text(leaf) => prop_assert_eq!(value.to_text(), leaf),
                Leaf::Number(number) => {
                    // `serde_json` is a bit off in the last digits unless built to be exact.
                    let spelt = value.to_text().parse::<f64>().unwrap();
                    prop_assert!((spelt - number).abs() <= number.abs() * 1e-14, "{spelt} is not {number}");
                    prop_assert!(text.contains(value.to_text().as_ref()));
                }
            }
        }
    }
    prop_assert!(fields.is_empty(), "missing {fields:?} in {text}");
    Ok(())
}

fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z. {}]{0,6}",
        1 => "[ -~é日😀]{0,20}".prop_map(|text| text.replace(['\\', '"'], "'")),
        1 => prop::sample::select(vec![r"\n", r"\u0041", r"\ud83d\ude00", r"\\", r#"\""#, r"\/", r"\u0000"])
            .prop_map(str::to_string),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn key() -> impl Strategy<Value = String> {
    let usual =
        prop::sample::select(vec!["a", "b", "items", "x y", "a.b", "_raw", "_time", r"\u0061", "", "{}"]);
    prop_oneof![4 => usual.prop_map(|key| format!("\"{key}\"")), 1 => string()]
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", " ", "\t", "\r\n"])
}

fn value() -> impl Strategy<Value = String> {
    let bare = prop::sample::select(vec![
        "true",
        "false",
        "null",
        "0",
        "-0",
        "677.0",
        "1e5",
        "-1.50E-3",
        "12345678901234567890123",
        "{}",
        "[]",
    ]);
    let leaf = prop_oneof![bare.prop_map(str::to_string), string()];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let object =
            prop::collection::vec((blank(), key(), blank(), inner.clone(), blank()), 0..5).prop_map(|all| {
                let all: Vec<String> =
                    all.into_iter().map(|(b, k, c, v, d)| format!("{b}{k}{c}:{c}{v}{d}")).collect();
                format!("{{{}}}", all.join(","))
            });
        let list = prop::collection::vec((blank(), inner), 0..5).prop_map(|all| {
            let all: Vec<String> = all.into_iter().map(|(b, v)| format!("{b}{v}")).collect();
            format!("[{}]", all.join(","))
        });
        prop_oneof![2 => object, 1 => list]
    })
}

fn needs() -> impl Strategy<Value = FieldSet> {
    let names =
        vec!["a", "b", "a.b", "a.a", "items{}", "items{}.a", "{}", "{}.a", "_raw", "x*", "a*", "*{}*", "*"];
    prop_oneof![
        2 => prop::collection::vec(prop::sample::select(names), 0..4).prop_map(FieldSet::of),
        1 => Just(FieldSet::all()),
    ]
}

/// Cuts, inserts or replaces a character.
fn damaged(text: &str, at: usize, how: usize, by: char) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = at % (characters.len() + 1);
    match how {
        0 => characters.truncate(at),
        1 => characters.insert(at, by),
        _ => {
            characters.splice(at..(at + 1).min(characters.len()), (how == 2).then_some(by));
        }
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_same_fields(text in value(), others in prop::collection::vec(value(), 0..3), needs in needs()) {
        compare_all([&text].into_iter().chain(&others).chain([&text]), &needs)?;
    }

    #[test]
    fn the_same_refusals(
        text in value(),
        needs in needs(),
        damages in prop::collection::vec((any::<usize>(), 0..4_usize), 1..4),
        by in prop::sample::select("{}[]\",:\\ 0-.eutn\u{1}é\n".chars().collect::<Vec<_>>()),
    ) {
        let mut texts = vec![text.clone()];
        for (at, how) in damages {
            texts.push(damaged(&texts[texts.len() - 1], at, how, by));
            texts.push(damaged(&text, at, how, by));
        }
        compare_all(&texts, &needs)?;
    }

    #[test]
    fn the_same_refusals_of_events(
        ends in prop::collection::vec((any::<usize>(), 0..4_usize), 8),
        needs in needs(),
        by in prop::sample::select("{}[]\",:\\ 0-.eutn\u{1}é\n".chars().collect::<Vec<_>>()),
    ) {
        let event = |number: usize| format!(
            r#"{{"a":{{"a":"{number}","b":[{{"a":{number}}},true,{{"x":"","a":null}}]}},"items":[[1,"x"],{{"a":"\"}}],"b":-{number}.5e3,"x y":false}}"#
        );
        let whole = (0..3).map(event);
        let texts: Vec<String> = whole.chain(ends.iter().map(|&(at, how)| damaged(&event(at % 100), at / 100, how, by))).collect();
        compare_all(&texts, &needs)?;
    }
}

#[test]
fn the_same_depth() {
    for depth in [126, 127, 128, 1000] {
        for (open, inside, close) in [("[", "", "]"), ("{\"a\":", "1", "}"), ("{\"b\":", "{}", "}")] {
            let text = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
            let taken = serde_json::from_str::<Node>(&text).is_ok();
            for needs in [FieldSet::all(), FieldSet::none(), FieldSet::of(["a.a"])] {
                assert_eq!(ours(&text, &needs).is_some(), taken, "{depth} of {open}");
            }
        }
    }
}

#[test]
fn a_million_deep_is_refused() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let text = open.repeat(1_000_000);
        assert!(ours(&text, &FieldSet::all()).is_none() && ours(&text, &FieldSet::none()).is_none());
    }
}

#[test]
fn numbers_keep_their_spelling() {
    let batch =
        ours(r#"{"a":677.0,"b":[1e5,1E999,-0,10000000000000000000001],"c":""}"#, &FieldSet::all()).unwrap();
    assert_eq!(*batch.get("a", 0), "677.0".into());
    assert_eq!(batch.get("b{}", 0).to_text(), "1e5\n1E999\n-0\n10000000000000000000001");
    assert_eq!(*batch.get("c", 0), "".into());
}

#[test]
fn lines_hold_any_number_of_events() {
    let needs = FieldSet::of(["a"]);
    for (line, values) in [
        (r#"{"a":1} {"a":2}{"a":3}"#, "1 2 3"),
        (r#" [ {"a":1}, {"b":2} ,{"a":3}] "#, "1  3"),
        (r#"{"Records":[{"a":1},{"a":{"a":2}}], "next":{"a":["}"]}}{"a":4}"#, "1  4"),
        (r#"{"Records":[]}"#, ""),
        (r#"{"a":1,"Records":[{"a":2}]}"#, "1"),
        (r#"{"Records":{"a":2},"a":1}"#, "1"),
        (r#"[]"#, ""),
    ] {
        let mut rows = Rows::new(&needs);
        rows.add_line(line).unwrap();
        let batch = rows.take();
        let found: Vec<String> = (0..batch.rows()).map(|row| batch.get("a", row).to_text().into()).collect();
        assert_eq!(found.join(" "), values, "{line}");
    }
    for line in
        [r#"{"a":1} x"#, r#"{"a":1},"#, r#"[{"a":1},]"#, r#"[{"a":1} {"a":2}]"#, r#"[1]"#, r#"{"a":1}]"#]
    {
        let mut rows = Rows::new(&needs);
        assert!(rows.add_line(line).is_err(), "{line}");
        assert_eq!(rows.take().rows(), 0, "{line}");
    }
}

#[test]
fn what_was_learned_may_be_forgotten_at_any_time() {
    let needs = FieldSet::of(["a", "b.c", "n{}"]);
    let mut rows = Rows::new(&needs);
    for number in 0..20_000 {
        // The containers say the number in binary, so that none of the places repeats for long.
        let kinds: Vec<bool> = (0..14).map(|bit| number >> bit & 1 == 1).collect();
        let opened: String = kinds.iter().map(|&object| if object { "{\"x\":" } else { "[" }).collect();
        let closed: String = kinds.iter().rev().map(|&object| if object { '}' } else { ']' }).collect();
        let text = format!(
            r#"{{"k{number}":"x","n":[null,{number}],"u":{opened}"{number}"{closed},"b":{{"{number}":1,"c":"{number}"}},"a":true}}"#
        );
        rows.add_event(&text).unwrap();
        assert!(rows.add_event(&text.replacen(&closed, &format!("{closed}]"), 1)).is_err());
    }
    let batch = rows.take();
    assert_eq!(batch.rows(), 20_000);
    for row in 0..batch.rows() {
        assert_eq!(batch.get("b.c", row).to_text(), row.to_string());
        assert_eq!(batch.get("n{}", row).to_text(), format!("null\n{row}"));
        assert_eq!(*batch.get("a", row), "true".into());
    }
}
