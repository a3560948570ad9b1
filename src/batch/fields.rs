//! Which fields a step needs: what the planner pushes down to the reader.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Bound;

use super::Pattern;
use crate::value::Text;

/// A set of field names, possibly all of them, possibly by wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSet {
    all: bool,
    names: BTreeSet<Text>,
    patterns: Vec<Pattern>,
}

impl FieldSet {
    /// No field.
    pub fn none() -> FieldSet {
        FieldSet { all: false, names: BTreeSet::new(), patterns: Vec::new() }
    }

    /// Every field.
    pub fn all() -> FieldSet {
        FieldSet { all: true, ..FieldSet::none() }
    }

    /// These fields; a name with `*` is a wildcard.
    pub fn of<T: Into<Text>>(names: impl IntoIterator<Item = T>) -> FieldSet {
        let mut set = FieldSet::none();
        for name in names {
            set.add(name);
        }
        set
    }

    /// Adds a field; a name with `*` is a wildcard.
    pub fn add(&mut self, name: impl Into<Text>) {
        let name = name.into();
        if name.contains('*') {
            let pattern = Pattern::new(name);
            if !self.patterns.contains(&pattern) {
                self.patterns.push(pattern);
            }
        } else {
            self.names.insert(name);
        }
    }

    /// Adds all fields of another set.
    pub fn extend(&mut self, other: &FieldSet) {
        self.all |= other.all;
        self.names.extend(other.names.iter().cloned());
        for pattern in &other.patterns {
            if !self.patterns.contains(pattern) {
                self.patterns.push(pattern.clone());
            }
        }
    }

    /// Both together.
    #[must_use]
    pub fn with(mut self, other: &FieldSet) -> FieldSet {
        self.extend(other);
        self
    }

    /// Takes a field out, because the step at hand makes it; a wildcard that covers it stays.
    pub fn remove(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// Whether a field is needed.
    pub fn contains(&self, name: &str) -> bool {
        self.all || self.names.contains(name) || self.patterns.iter().any(|pattern| pattern.matches(name))
    }

    /// Whether a field whose name begins so could be needed: what lets a reader pass over whole parts of
    /// an event. True when in doubt.
    pub fn reaches(&self, prefix: &str) -> bool {
        let mut from = self.names.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let head = |pattern: &Pattern| {
            let head = pattern.as_str().split('*').next().unwrap_or("");
            head.starts_with(prefix) || prefix.starts_with(head)
        };
        // The names with this prefix stand together, the first of them at or after the prefix itself.
        self.all || from.next().is_some_and(|name| name.starts_with(prefix)) || self.patterns.iter().any(head)
    }

    /// Whether every field of another set is one of this; false when in doubt.
    pub fn covers(&self, other: &FieldSet) -> bool {
        self.all
            || !other.all
                && other.names.iter().all(|name| self.contains(name))
                && other.patterns.iter().all(|pattern| self.patterns.contains(pattern))
    }

    /// Whether every field is needed.
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// Whether the fields can be listed by name.
    pub fn is_exact(&self) -> bool {
        !self.all && self.patterns.is_empty()
    }

    /// The fields that are needed by name.
    pub fn names(&self) -> impl Iterator<Item = &Text> {
        self.names.iter()
    }

    /// The fields that are needed by wildcard.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.patterns.iter()
    }
}

impl fmt::Display for FieldSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all {
            return f.write_str("every field");
        }
        let names = self.names.iter().map(Text::as_str).chain(self.patterns.iter().map(Pattern::as_str));
        let names: Vec<&str> = names.collect();
        f.write_str(if names.is_empty() { "no field" } else { "" })?;
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_cover_names() {
        let set = FieldSet::of(["user", "src*"]);
        assert!(set.contains("user") && set.contains("src_ip") && !set.contains("dest"));
        assert!(!set.is_exact() && FieldSet::all().contains("anything"));
        assert_eq!(set.to_string(), "user, src*");
    }

    #[test]
    fn prefixes_of_needed_names() {
        let set = FieldSet::of(["a.b", "items{}.id", "req*Id"]);
        for yes in ["a.", "items{}", "items{}.", "request.", "re", ""] {
            assert!(set.reaches(yes), "{yes}");
        }
        for no in ["b.", "a.c", "items.", "items{}.x", "response."] {
            assert!(!set.reaches(no), "{no}");
        }
        assert!(FieldSet::all().reaches("x.") && !FieldSet::none().reaches(""));
    }
}
