//! XML text as a tree: for `spath`, `xpath` and `KV_MODE=xml`.
//!
//! The text may be a part of a document: several elements, or one that is cut off. What was read before something that
//! is not XML counts.

mod path;
mod xpath;

pub use path::XmlPath;
pub use xpath::XPath;

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::value::Text;

/// How deep elements may stand in each other; deeper ones are not read.
const DEEPEST: usize = 128;

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// Its name, with its prefix.
    pub name: Text,
    /// Its attributes, in order, with their prefixes.
    pub attributes: Vec<(Text, Text)>,
    /// What stands in it.
    pub children: Vec<Node>,
}

/// A part of an element.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text with its entities replaced.
    Text(String),
}

/// Reads the elements of a text; none if it does not begin with one.
pub fn parse(text: &str) -> Option<Vec<Element>> {
    let text = after_declaration(text.trim_start());
    if !text.starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut tree = Tree { open: Vec::new(), top: Vec::new() };
    while let Ok(event) = reader.read_event() {
        let open = tree.open.len();
        match event {
            Event::Start(_) | Event::Empty(_) if open >= DEEPEST => break,
            Event::Start(start) => tree.open.push(element(&start)),
            Event::Empty(start) => {
                let element = element(&start);
                tree.add(Node::Element(element));
            }
            Event::End(_) => tree.close(),
            Event::Text(text) => tree.text(&html_escape::decode_html_entities(&text)),
            Event::CData(text) => tree.text(&text),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                tree.text(&html_escape::decode_html_entities(&entity));
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    while !tree.open.is_empty() {
        tree.close();
    }
    (!tree.top.is_empty()).then_some(tree.top)
}

/// The text after an XML declaration, also one that ends with `>` alone.
fn after_declaration(text: &str) -> &str {
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once('>')) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    }
}

struct Tree {
    open: Vec<Element>,
    top: Vec<Element>,
}

impl Tree {
    fn add(&mut self, node: Node) {
        match (self.open.last_mut(), node) {
            (Some(parent), node) => parent.children.push(node),
            (None, Node::Element(element)) => self.top.push(element),
            (None, Node::Text(_)) => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.open.last_mut().and_then(|parent| parent.children.last_mut()) {
            Some(Node::Text(before)) => before.push_str(text),
            _ => self.add(Node::Text(text.to_string())),
        }
    }

    fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            self.add(Node::Element(element));
        }
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    // Attributes may lack their quotation marks.
    let mut attributes = start.html_attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let value = html_escape::decode_html_entities(&*attribute.value);
        (Text::from(attribute.key.as_ref()), Text::from(&*value))
    });
    Element {
        name: Text::from(start.name().as_ref()),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}

impl Element {
    /// The elements in it.
    pub fn elements(&self) -> impl DoubleEndedIterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&Text> {
        self.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// The text that stands in it and not in an element in it, without blanks around.
    pub fn own_text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect::<String>().trim().to_string()
    }

    /// All text in it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.collect_text(&mut out);
        out
    }

    fn collect_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.collect_text(out),
            }
        }
    }

    /// What stands in it: its text, or where there are elements in it XML.
    pub fn content(&self) -> String {
        if self.elements().next().is_none() {
            return self.own_text();
        }
        let content: String = self.children.iter().map(ToString::to_string).collect();
        content.trim().to_string()
    }

    /// Calls `field` with the name and the value of each text and each attribute in it: `a.b` is the text of the
    /// element `b` in `a`, and `a.b{@c}` the attribute `c` of it.
    pub fn fields(&self, before: &str, field: &mut dyn FnMut(String, Text)) {
        let name = if before.is_empty() { self.name.to_string() } else { format!("{before}.{}", self.name) };
        for (attribute, value) in &self.attributes {
            field(format!("{name}{{@{attribute}}}"), value.clone());
        }
        let text = self.own_text();
        if !text.is_empty() {
            field(name.clone(), text.into());
        }
        for element in self.elements() {
            element.fields(&name, field);
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Element(element) => write!(f, "{element}"),
            Node::Text(text) => f.write_str(&html_escape::encode_text(text)),
        }
    }
}

/// As XML.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{}\"", html_escape::encode_double_quoted_attribute(value.as_str()))?;
        }
        if self.children.is_empty() {
            return f.write_str("/>");
        }
        f.write_str(">")?;
        self.children.iter().try_for_each(|child| write!(f, "{child}"))?;
        write!(f, "</{}>", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str) -> Option<String> {
        let mut out = Vec::new();
        for element in parse(text)? {
            element.fields("", &mut |name, value| out.push(format!("{name}={value}")));
        }
        Some(out.join(" "))
    }

    #[test]
    fn texts_and_attributes() {
        let text = "<?xml version='1.0'?><!-- x --><a id='1'><b>x &amp; &#121;</b><b c=\"&lt;2\"/> <d><![CDATA[<z>]]></d></a>";
        assert_eq!(fields(text).as_deref(), Some("a{@id}=1 a.b=x & y a.b{@c}=<2 a.d=<z>"));
        assert_eq!(fields("<a>1</a><b>2</b> text").as_deref(), Some("a=1 b=2"));
        assert_eq!(
            fields("<?xml version=\"1.0\">\n<a b=1 c='2'>3</a>").as_deref(),
            Some("a{@b}=1 a{@c}=2 a=3")
        );
    }

    #[test]
    fn what_was_read_before_a_mistake_counts() {
        assert_eq!(fields("<a><b>1</b><c>2").as_deref(), Some("a.b=1 a.c=2"));
        assert_eq!(fields("<a><b>1</a></b>").as_deref(), Some("a.b=1"));
        for none in ["", "x", "<", "<>", "</a>", "{\"a\":1}", "< a"] {
            assert_eq!(fields(none).unwrap_or_default(), "", "{none}");
        }
        assert!(parse(&"<a>".repeat(100_000)).is_some());
    }

    #[test]
    fn elements_print_as_xml() {
        let text = "<a x=\"&lt;&quot;\"><b/>1 &lt; 2<c>d</c></a>";
        let element = parse(text).unwrap().remove(0);
        assert_eq!(element.to_string(), text);
        assert_eq!(element.content(), "<b/>1 &lt; 2<c>d</c>");
        assert_eq!(element.text(), "1 < 2d");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in r#"[<>/a-c="' &;!\[\]\-?é]{0,60}"#) {
            let _ = parse(&format!("<{text}"));
        }
    }
}
