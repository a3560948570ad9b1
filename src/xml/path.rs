//! Paths into XML: `a.b{2}.c{@d}`.

use super::Element;
use crate::value::{Text, Value};

/// A path: names of elements, and in braces which of them, or an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct XmlPath {
    steps: Vec<Step>,
    attribute: Option<Text>,
}

#[derive(Clone, Debug, PartialEq)]
struct Step {
    name: Text,
    /// Which of the elements of that name, counted from 1; none for all.
    index: Option<usize>,
}

impl XmlPath {
    /// Reads a path; none if it is none.
    pub fn parse(text: &str) -> Option<XmlPath> {
        let (mut steps, mut attribute) = (Vec::new(), None);
        for segment in segments(text) {
            let (name, mut braces) = segment.split_at(segment.find('{').unwrap_or(segment.len()));
            if name.is_empty() || attribute.is_some() {
                return None;
            }
            let mut step = Step { name: name.into(), index: None };
            while !braces.is_empty() {
                let (inside, rest) = braces.strip_prefix('{')?.split_once('}')?;
                match (inside, inside.strip_prefix('@')) {
                    _ if attribute.is_some() => return None,
                    ("", _) => {}
                    (_, Some(name)) if !name.is_empty() => attribute = Some(name.into()),
                    (digits, _) => step.index = Some(digits.parse().ok().filter(|index| *index > 0)?),
                }
                braces = rest;
            }
            steps.push(step);
        }
        Some(XmlPath { steps, attribute })
    }

    /// The values it leads to, in order.
    pub fn select(&self, document: &[Element]) -> Vec<Value> {
        let Some((first, rest)) = self.steps.split_first() else { return Vec::new() };
        let mut places = first.of(document.iter());
        for step in rest {
            places = places.into_iter().flat_map(|place| step.of(place.elements())).collect();
        }
        match &self.attribute {
            Some(name) => {
                let values = places.iter().filter_map(|place| place.attribute(name));
                values.map(|value| Value::Text(value.clone())).collect()
            }
            None => {
                let contents = places.iter().map(|place| place.content());
                contents.filter(|content| !content.is_empty()).map(Value::text).collect()
            }
        }
    }
}

impl Step {
    fn of<'e>(&self, elements: impl Iterator<Item = &'e Element>) -> Vec<&'e Element> {
        let mut named = elements.filter(|element| element.name == self.name);
        match self.index {
            Some(index) => named.nth(index - 1).into_iter().collect(),
            None => named.collect(),
        }
    }
}

/// The parts between dots that do not stand in braces: `a.b{@c.d}`.
fn segments(text: &str) -> Vec<&str> {
    let (mut segments, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            '.' if !inside => {
                segments.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    segments.extend(text.get(start..));
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(path: &str) -> Option<String> {
        let text = "<a><b id='1'>x</b><b id='2'><c>y</c></b><d/></a><a><b>z</b></a>";
        let found = XmlPath::parse(path)?.select(&super::super::parse(text).unwrap());
        Some(found.iter().map(Value::to_text).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn paths_lead_to_values() {
        assert_eq!(select("a.b").as_deref(), Some("x <c>y</c> z"));
        assert_eq!(select("a{1}.b{2}.c").as_deref(), Some("y"));
        assert_eq!(select("a{}.b{@id}").as_deref(), Some("1 2"));
        assert_eq!(select("a{2}.b{1}").as_deref(), Some("z"));
        for nothing in ["b", "a.x", "a.b{7}", "a.b{@x}", "a.d"] {
            assert_eq!(select(nothing).as_deref(), Some(""), "{nothing}");
        }
        for wrong in ["", "a..b", "a{", "a{x}", "a{0}", "a{@}", "a{@b}.c", "{}", "a{@b}{1}"] {
            assert_eq!(select(wrong), None, "{wrong}");
        }
    }
}
