//! Paths into a document: `a.b{0}.c{}.d`.

use super::{Json, Object};
use crate::value::Text;

/// Steps that a path may have: as deep as documents are read.
const LONGEST: usize = 128;

/// A path: names of members, and in braces what to take of an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Path(Vec<Step>);

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `a`: the member of an object.
    Key(Text),
    /// `{2}`: an element of an array, counted from 0.
    Index(usize),
    /// `{}`: every element of an array; an object stands for itself.
    Each,
}

impl Path {
    /// Reads a path; none if it is none. One of no step leads to the document as a whole.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        if text.is_empty() {
            return Some(Path(steps));
        }
        for segment in text.split('.') {
            let (name, mut braces) = segment.split_at(segment.find('{').unwrap_or(segment.len()));
            if name.is_empty() && braces.is_empty() {
                return None;
            }
            if !name.is_empty() {
                steps.push(Step::Key(name.into()));
            }
            while !braces.is_empty() {
                let (inside, rest) = braces.strip_prefix('{')?.split_once('}')?;
                steps.push(match inside {
                    "" => Step::Each,
                    digits => Step::Index(digits.parse().ok()?),
                });
                braces = rest;
            }
        }
        (steps.len() <= LONGEST).then_some(Path(steps))
    }

    /// Whether it can lead to several places.
    pub fn is_wild(&self) -> bool {
        self.0.contains(&Step::Each)
    }

    /// Whether it begins in an array and leads further: `{0}`, `{}.name`.
    pub fn is_into_array(&self) -> bool {
        matches!(self.0.first(), Some(Step::Index(_) | Step::Each)) && self.0 != [Step::Each]
    }

    /// The values it leads to, in order. `{}` alone leads to the whole of a document that is no array.
    pub fn select<'j>(&self, document: &'j Json) -> Vec<&'j Json> {
        if self.0 == [Step::Each] && !matches!(document, Json::Array(_)) {
            return vec![document];
        }
        let mut places = vec![document];
        for step in &self.0 {
            places = places.into_iter().flat_map(|place| step.children(place)).collect();
        }
        places
    }

    /// Calls `change` on every value it leads to.
    pub fn change(&self, document: &mut Json, change: &mut dyn FnMut(&mut Json)) {
        walk(document, &self.0, false, change);
    }

    /// The same, and members of objects that are not there are made.
    pub fn make(&self, document: &mut Json, change: &mut dyn FnMut(&mut Json)) {
        walk(document, &self.0, true, change);
    }
}

impl Step {
    fn children<'j>(&self, place: &'j Json) -> &'j [Json] {
        let one = |json: Option<&'j Json>| json.map(std::slice::from_ref).unwrap_or_default();
        match (self, place) {
            (Step::Key(key), Json::Object(members)) => match members.get(key) {
                Some(Json::Repeated(values)) => values,
                member => one(member),
            },
            (Step::Index(index), Json::Array(items)) => one(items.get(*index)),
            (Step::Each, Json::Array(items)) => items,
            // The searches that are published for CloudTrail write `requestParameters{}` of an object.
            (Step::Each, Json::Object(_)) => std::slice::from_ref(place),
            _ => &[],
        }
    }
}

fn walk(place: &mut Json, steps: &[Step], make: bool, change: &mut dyn FnMut(&mut Json)) {
    let Some((step, rest)) = steps.split_first() else { return change(place) };
    match (step, place) {
        (Step::Key(key), Json::Object(members)) => match members.get_mut(key) {
            Some(member) => walk(member, rest, make, change),
            None if make && rest.iter().all(|step| matches!(step, Step::Key(_))) => {
                let mut member = if rest.is_empty() { Json::Null } else { Json::Object(Object::default()) };
                walk(&mut member, rest, make, change);
                members.insert(key.clone(), member);
            }
            None => {}
        },
        (Step::Index(index), Json::Array(items)) => {
            if let Some(item) = items.get_mut(*index) {
                walk(item, rest, make, change);
            }
        }
        (Step::Each, Json::Array(items)) => {
            items.iter_mut().for_each(|item| walk(item, rest, make, change));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(path: &str, document: &str) -> Option<String> {
        let document = Json::parse(document).unwrap();
        let found: Vec<String> =
            Path::parse(path)?.select(&document).iter().map(ToString::to_string).collect();
        Some(found.join(" "))
    }

    #[test]
    fn paths_lead_to_values() {
        let document = r#"{"a":{"b":[1,{"c":3},[4,5]]},"d":7}"#;
        assert_eq!(select("a.b{1}.c", document).as_deref(), Some("3"));
        assert_eq!(select("a.b{}", document).as_deref(), Some("1 {\"c\":3} [4,5]"));
        assert_eq!(select("a.b{}{}", document).as_deref(), Some("{\"c\":3} 4 5"));
        assert_eq!(select("a.b{}{1}", document).as_deref(), Some("5"));
        assert_eq!(select("{}", document).as_deref(), Some(document));
        assert_eq!(select("a{}.b{}{}.c", document).as_deref(), Some("3"));
        assert_eq!(select("{}", "[1,2]").as_deref(), Some("1 2"));
        for nothing in ["a.x", "a{0}", "d.e", "a.b{9}", "{0}"] {
            assert_eq!(select(nothing, document).as_deref(), Some(""), "{nothing}");
        }
        assert_eq!(select("", document).as_deref(), Some(document));
        for wrong in ["a..b", "a{", "a{x}", "a{-1}", "a{0}b", ".a"] {
            assert_eq!(select(wrong, document), None, "{wrong}");
        }
        assert_eq!(Path::parse(&"a.".repeat(200_000)), None);
        assert_eq!(Path::parse(&vec!["a"; 129].join(".")), None);
    }
}
