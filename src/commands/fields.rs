//! Keeps or removes fields.
//!
//! ## Syntax
//! `fields [+|-] <field> [,] <field>...`
//!
//! ## Description
//! With `+`, or without a sign, the named fields stay, and so do internal fields, whose names begin with `_`:
//! `fields - _*` removes those. With `-` the named fields go. Names may have `*`, which at the start of a
//! name does not stand for internal fields. Rows stay, also those that have none of the fields. Of rows whose columns stand in an order, the kept columns are put in the order of
//! the list; events have no such order.
//!
//! ## Examples
//!
//! ```spl
//! fields user, host
//! ```
//! ```json in
//! {"_time": "5", "host": "web", "user": "ada", "src": "10.0.0.1"}
//! {"_time": "6", "src": "10.0.0.2"}
//! ```
//! ```json out
//! {"user": "ada", "host": "web", "_time": "5"}
//! {"_time": "6"}
//! ```
//!
//! ```spl
//! fields - _*, *network_io
//! ```
//! ```json in
//! {"_time": "5", "pod": "a", "avg_network_io": "1", "network_io": "2"}
//! ```
//! ```json out
//! {"pod": "a"}
//! ```
//!
//! ```spl
//! fields + src*, user
//! ```
//! ```json in
//! {"src_ip": "10.0.0.1", "user": "ada", "dest": "web"}
//! {"src": "db"}
//! ```
//! ```json out
//! {"user": "ada", "src_ip": "10.0.0.1"}
//! {"src": "db"}
//! ```
//!
//! ```spl
//! fields -
//! ```
//! ```error
//! error[E0205]: `fields` needs at least one field
//! ```
//!
//! ## Differences from Splunk
//! Fields that are named by wildcard come after those named in full, in the order of the rows.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::Text;

/// `fields [+|-] <fields>`
#[derive(Clone, Debug)]
pub struct Fields {
    remove: bool,
    fields: Vec<Pattern>,
}

/// Reads the arguments of `fields`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let remove = args.cursor.eat('-');
    if !remove {
        args.cursor.eat('+');
    }
    let fields = args.some_fields(&[])?.iter().map(|word| word.pattern()).collect();
    Ok(Box::new(Fields { remove, fields }))
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = self.fields.first().is_some_and(|field| field.as_str().starts_with(['-', '+']));
        f.write_str(match self.remove {
            true => "fields - ",
            false if signed => "fields + ",
            false => "fields ",
        })?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

/// Whether a name, or a wildcard, of an argument means this field. A `*` at the start does not stand for
/// internal fields, whose names begin with `_`.
pub(super) fn stands_for(pattern: &Pattern, field: &str) -> bool {
    !(field.starts_with('_') && pattern.as_str().starts_with('*')) && pattern.matches(field)
}

impl Fields {
    fn lists(&self, name: &str) -> bool {
        self.fields.iter().any(|field| stands_for(field, name))
    }

    fn keeps(&self, name: &str) -> bool {
        if self.remove { !self.lists(name) } else { name.starts_with('_') || self.lists(name) }
    }

    fn named(&self) -> impl Iterator<Item = &Text> {
        self.fields.iter().filter_map(Pattern::literal)
    }
}

impl Command for Fields {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut before = FieldSet::of(after.names().filter(|name| self.keeps(name)).cloned());
        if self.remove {
            let others: Vec<&str> =
                after.patterns().map(Pattern::as_str).filter(|other| !self.lists(other)).collect();
            before.extend(&FieldSet::of(others));
            return if after.is_all() { FieldSet::all() } else { before };
        }
        let listed = |field: &&Pattern| match field.literal() {
            Some(name) => after.contains(name),
            // Which of its fields are needed cannot be said by name.
            None => !after.is_exact(),
        };
        before.extend(&FieldSet::of(self.fields.iter().filter(listed).map(Pattern::as_str)));
        if after.is_all() {
            before.add("_*");
        }
        let internal = after.patterns().map(Pattern::as_str).filter(|other| other.starts_with(['_', '*']));
        before.extend(&FieldSet::of(internal.map(|other| if other == "*" { "_*" } else { other })));
        before
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for Fields {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        batch.retain(|name| self.keeps(name));
        if self.remove || !batch.ordered {
            return Ok(batch);
        }
        // Named fields first, also those that only other batches have: then the order is the same for
        // every cut.
        let mut names: Vec<Text> = Vec::new();
        for name in self.named().chain(batch.names()) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        Ok(batch.project(names))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(remove: bool, list: &[&str], after: &FieldSet) -> String {
        let fields = list.iter().map(|name| Pattern::new(*name)).collect();
        Fields { remove, fields }.needs(after).to_string()
    }

    #[test]
    fn what_is_needed_before() {
        let exact = FieldSet::of(["user", "src_ip", "_time", "dest"]);
        assert_eq!(needs(false, &["user", "src*"], &exact), "_time, src_ip, user");
        assert_eq!(needs(true, &["user", "src*"], &exact), "_time, dest");
        assert_eq!(needs(false, &["user", "src*"], &FieldSet::all()), "user, src*, _*");
        assert_eq!(needs(true, &["user"], &FieldSet::all()), "every field");
        let wild = FieldSet::of(["dest*", "user"]);
        assert_eq!(needs(false, &["user", "dest_ip", "src"], &wild), "dest_ip, user");
        assert_eq!(needs(true, &["dest*"], &wild), "user");
        assert_eq!(needs(false, &["user", "src*"], &FieldSet::of(["*"])), "user, src*, _*");
    }

    #[test]
    fn events_keep_their_order_by_name() {
        let fields = Fields { remove: false, fields: vec![Pattern::new("b"), Pattern::new("a")] };
        let batch = Batch::from_rows(&["a".into(), "b".into()], [vec!["1".into(), "2".into()]]);
        let context = RunContext {
            eval: crate::functions::EvalContext::new(
                0.0,
                crate::time::TimeZone::UTC,
                crate::eval::Warnings::new(),
            ),
            arrival: crate::aggregates::Arrival::SearchOrder,
            options: crate::exec::RunOptions::default(),
        };
        let out = fields.map(batch, &context).unwrap();
        assert!(!out.ordered);
        assert_eq!(out.display_order(), ["a", "b"]);
    }
}
