//! Which places of an event are which fields: Splunk's names for the paths of JSON.
//!
//! Names inside objects are joined with `.`, each array adds `{}`: `items{}.id`, `tags{}`, `grid{}{}`
//! (Search Reference, `spath`; Knowledge Manager manual, automatic key-value extraction). A key keeps its
//! case, dots and blanks. The paths are learned from the events as they come: the name of a field is made
//! once, and a path that leads to no needed field is known as such from its second time on.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::scan::unescape;
use crate::batch::FieldSet;
use crate::value::Text;

/// Longer names make no field: no person can have meant one, and nested they would grow without end.
const LONGEST_NAME: usize = 32 * 1024;

/// Paths that lead nowhere are remembered up to this many: hostile keys need not repeat.
const REMEMBERED: usize = 1 << 16;

/// Text of the event itself; a key of this name is not extracted.
pub const RAW: &str = "_raw";

/// The number of a place.
pub type NodeId = u32;

/// The event itself.
pub const ROOT: NodeId = 0;

const NONE: u32 = u32::MAX;

/// A place in an event: all values with the same path.
#[derive(Debug)]
pub struct Node {
    /// The field's name.
    pub name: Text,
    /// Whether a single value here is a value of a needed field.
    pub leaf: bool,
    /// Whether an object here can hold needed fields.
    pub object: bool,
    /// Whether an array here can hold needed fields.
    list: bool,
    /// Its elements, once one was met.
    element: u32,
    /// The column that its values go to, once one was kept.
    pub column: Option<usize>,
}

/// A key met in objects of a place.
#[derive(Debug)]
struct Key {
    parent: NodeId,
    /// As it was written, escapes and all.
    text: Text,
    /// Where it leads, or `NONE`.
    child: u32,
}

/// The places met so far.
pub struct Paths<'n> {
    needs: &'n FieldSet,
    nodes: Vec<Node>,
    keys: Vec<Key>,
    index: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
}

impl<'n> Paths<'n> {
    /// Places that lead to these fields.
    pub fn new(needs: &'n FieldSet) -> Paths<'n> {
        let root = Node {
            name: Text::new(),
            leaf: false,
            object: needs.reaches(""),
            list: needs.reaches("{}"),
            element: NONE,
            column: None,
        };
        let hasher = foldhash::fast::RandomState::default();
        Paths { needs, nodes: vec![root], keys: Vec::new(), index: HashTable::new(), hasher }
    }

    /// A place; none for a number that was not given by this.
    #[inline]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// A place, to set its column.
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id as usize)
    }

    /// The columns are no longer there.
    pub fn forget_columns(&mut self) {
        self.nodes.iter_mut().for_each(|node| node.column = None);
    }

    /// The place of an array's elements; none if nothing there is needed.
    pub fn element(&mut self, list: NodeId) -> Option<NodeId> {
        let node = self.nodes.get(list as usize)?;
        if !node.list {
            return None;
        }
        if node.element != NONE {
            return Some(node.element);
        }
        let mut name = node.name.clone();
        name.push_str("{}");
        let element = self.add(name)?;
        self.nodes.get_mut(list as usize)?.element = element;
        Some(element)
    }

    /// The place that a key leads to; none if nothing there is needed.
    pub fn child(&mut self, parent: NodeId, text: &str, escaped: bool) -> Option<NodeId> {
        let hash = self.hasher.hash_one((parent, text));
        let keys = &self.keys;
        let same =
            |&id: &u32| keys.get(id as usize).is_some_and(|key| key.parent == parent && key.text == text);
        if let Some(&id) = self.index.find(hash, same) {
            return self.keys.get(id as usize).map(|key| key.child).filter(|&child| child != NONE);
        }
        let child = self.resolve(parent, text, escaped);
        if child.is_some() || self.keys.len() < REMEMBERED {
            self.remember(hash, Key { parent, text: Text::from(text), child: child.unwrap_or(NONE) });
        }
        child
    }

    fn remember(&mut self, hash: u64, key: Key) {
        let id = self.keys.len() as u32;
        self.keys.push(key);
        let (keys, hasher) = (&self.keys, &self.hasher);
        self.index.insert_unique(hash, id, |&id| match keys.get(id as usize) {
            Some(key) => hasher.hash_one((key.parent, key.text.as_str())),
            None => 0,
        });
    }

    fn resolve(&mut self, parent: NodeId, text: &str, escaped: bool) -> Option<NodeId> {
        let mut name = String::new();
        if parent != ROOT {
            name.push_str(&self.nodes.get(parent as usize)?.name);
            name.push('.');
        }
        if escaped {
            unescape(text, &mut name)
        } else {
            name.push_str(text)
        }
        self.add(Text::from(name))
    }

    /// Adds a place unless nothing there is needed.
    fn add(&mut self, name: Text) -> Option<NodeId> {
        if name.len() > LONGEST_NAME {
            return None;
        }
        let reaches = |end: &str| {
            let mut prefix = name.clone();
            prefix.push_str(end);
            self.needs.reaches(&prefix)
        };
        let leaf = name != RAW && self.needs.contains(&name);
        let (object, list) = (reaches("."), reaches("{}"));
        if !(leaf || object || list) {
            return None;
        }
        let id = self.nodes.len() as NodeId;
        self.nodes.push(Node { name, leaf, object, list, element: NONE, column: None });
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named<'p>(paths: &'p Paths<'_>, node: Option<NodeId>) -> Option<&'p str> {
        Some(paths.node(node?)?.name.as_str())
    }

    #[test]
    fn names_are_splunks() {
        let needs = FieldSet::all();
        let mut paths = Paths::new(&needs);
        let items = paths.child(ROOT, "items", false).unwrap();
        let element = paths.element(items).unwrap();
        let id = paths.child(element, "id", false);
        assert_eq!(named(&paths, id), Some("items{}.id"));
        let inner = paths.element(element);
        assert_eq!(named(&paths, inner), Some("items{}{}"));
        let top = paths.element(ROOT).unwrap();
        let x = paths.child(top, r"x\u0079 z", true);
        assert_eq!(named(&paths, x), Some("{}.xy z"));
        assert_eq!(paths.element(items), Some(element));
    }

    #[test]
    fn only_needed_paths_are_followed() {
        let needs = FieldSet::of(["user", "items{}.id", "a.b.c", "_raw"]);
        let mut paths = Paths::new(&needs);
        for _ in 0..2 {
            let user = paths.child(ROOT, "user", false).unwrap();
            assert!(paths.node(user).is_some_and(|node| node.leaf && !node.object && !node.list));
            assert_eq!(paths.child(ROOT, "users", false), None);
            assert_eq!(paths.child(ROOT, "_raw", false), None);
            let items = paths.child(ROOT, "items", false).unwrap();
            assert!(paths.node(items).is_some_and(|node| !node.leaf && !node.object && node.list));
            let a = paths.child(ROOT, "a.b", false).unwrap();
            let c = paths.child(a, "c", false).unwrap();
            assert!(paths.node(c).is_some_and(|node| node.leaf && node.name == "a.b.c"));
        }
        assert_eq!(paths.element(ROOT), None);
    }
}
