//! Gives fields other names.
//!
//! ## Syntax
//! `rename <field> AS <name> [,] [<field> AS <name>]...`
//!
//! ## Description
//! Pairs are applied one after the other, each to what the one before left. A field that had the new name
//! already is gone, also where the renamed field has no value. A column keeps its place.
//!
//! Names may have `*`, as many on the left as on the right: what each stands for is carried over. A `*` at
//! the start of a name does not stand for internal fields, whose names begin with `_`. Names with blanks
//! stand in double quotes, also in part: `"Processes".*`.
//!
//! ## Examples
//!
//! A prefix is dropped.
//!
//! ```spl
//! rename "Processes".* AS *, firstTime AS "First Time"
//! ```
//! ```json in
//! {"Processes.user": "ada", "Processes.dest": "web", "firstTime": "5"}
//! {"Processes.dest": "db", "host": "db"}
//! ```
//! ```json out
//! {"user": "ada", "dest": "web", "First Time": "5"}
//! {"dest": "db", "host": "db"}
//! ```
//!
//! One after the other: the second pair sees the first.
//!
//! ```spl
//! rename src AS dest dest AS target
//! ```
//! ```json in
//! {"src": "a", "dest": "b", "n": "1"}
//! {"dest": "c", "n": "2"}
//! ```
//! ```json out
//! {"target": "a", "n": "1"}
//! {"n": "2"}
//! ```
//!
//! The parts that two `*` stand for.
//!
//! ```spl
//! rename *_ip_* AS *_address_*
//! ```
//! ```json in
//! {"src_ip_v4": "10.0.0.1", "_ip_": "kept"}
//! ```
//! ```json out
//! {"src_address_v4": "10.0.0.1", "_ip_": "kept"}
//! ```
//!
//! With a wildcard, a row without the old field keeps what the new one held.
//!
//! ```spl
//! rename DNS.* AS *
//! ```
//! ```json in
//! {"DNS.query": "a.example", "query": "old"}
//! {"query": "b.example"}
//! ```
//! ```json out
//! {"query": "a.example"}
//! {"query": "b.example"}
//! ```
//!
//! ```spl
//! rename src_* AS source
//! ```
//! ```error
//! error[E0205]: `src_*` has 1 `*` and `source` has 0
//! ```
//!
//! ```spl
//! rename src AS a, src AS b
//! ```
//! ```error
//! error[E0205]: `src` is renamed twice
//! ```
//!
//! ## Differences from Splunk
//! With wildcards, which fields exist is decided row by row: a row without the old field keeps the value of
//! the new one. Splunk decides it for all rows that it holds together.

use std::collections::BTreeMap;
use std::fmt;

use super::{Command, fields::stands_for};
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, Word, write_name};
use crate::plan::Planner;
use crate::value::Text;

/// `rename <field> AS <name>...`
#[derive(Clone, Debug)]
pub struct Rename {
    pairs: Vec<Pair>,
}

/// `from AS to`: both without `*`, or with equally many.
#[derive(Clone, Debug, PartialEq)]
struct Pair {
    from: Pattern,
    to: Pattern,
}

/// Reads the arguments of `rename`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut pairs: Vec<Pair> = Vec::new();
    loop {
        args.cursor.separators();
        if args.at_end() && !pairs.is_empty() {
            return Ok(Box::new(Rename { pairs }));
        }
        let from = args.word("a field to rename")?;
        let Some(to) = args.alias()? else { return Err(args.cursor.expected("`AS`")) };
        let pair = Pair { from: from.pattern(), to: to.pattern() };
        check(&pair, &pairs, &from, &to)?;
        pairs.push(pair);
    }
}

fn check(pair: &Pair, earlier: &[Pair], from: &Word, to: &Word) -> Result<()> {
    let (left, right) = (pair.from.wildcards(), pair.to.wildcards());
    if left != right {
        let message = format!("`{}` has {left} `*` and `{}` has {right}", pair.from, pair.to);
        return Err(Diagnostic::error(Code::Arguments, message)
            .at(to.span, "")
            .help("what each `*` stands for goes where its partner stands"));
    }
    if earlier.iter().any(|other| other.from == pair.from) {
        let message = format!("`{}` is renamed twice", pair.from);
        return Err(Diagnostic::error(Code::Arguments, message).at(from.span, ""));
    }
    Ok(())
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rename ")?;
        for (at, pair) in self.pairs.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write_name(f, pair.from.as_str())?;
            f.write_str(" AS ")?;
            write_name(f, pair.to.as_str())?;
        }
        Ok(())
    }
}

impl Command for Rename {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        self.pairs.iter().rev().fold(after.clone(), |after, pair| pair.needs(&after))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for Rename {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let mut columns = take_columns(&mut batch);
        for pair in &self.pairs {
            match (pair.from.literal(), pair.to.literal()) {
                (Some(from), Some(to)) if from == to => {}
                (Some(from), Some(to)) => rename_one(&mut columns, from, to),
                _ => columns = pair.rename_all(columns),
            }
        }
        for (name, column) in columns {
            batch.set(name, column);
        }
        Ok(batch)
    }
}

/// Columns in order, each name once.
type Columns = Vec<(Text, Column)>;

fn take_columns(batch: &mut Batch) -> Columns {
    let names: Vec<Text> = batch.names().cloned().collect();
    // From the back: taking the last column moves no other.
    let mut columns: Columns = Vec::with_capacity(names.len());
    for name in names.into_iter().rev() {
        columns.extend(batch.remove(&name).map(|column| (name, column)));
    }
    columns.reverse();
    columns
}

fn rename_one(columns: &mut Columns, from: &Text, to: &Text) {
    columns.retain(|(name, _)| name != to);
    if let Some((name, _)) = columns.iter_mut().find(|(name, _)| name == from) {
        *name = to.clone();
    }
}

impl Pair {
    /// The new name of a field, if this pair of wildcards is about it.
    fn new_name(&self, name: &str) -> Option<Text> {
        if !stands_for(&self.from, name) {
            return None;
        }
        Some(self.to.fill(&self.from.captures(name)?))
    }

    /// Renames all fields that fit at once. Where several come to bear one name, a row has the value of
    /// the last that has one: the field of that name before all, then the renamed ones by their old names.
    /// The place is that of the first; so neither depends on where rows were cut into batches.
    fn rename_all(&self, columns: Columns) -> Columns {
        if columns.iter().all(|(name, _)| self.new_name(name).is_none()) {
            return columns;
        }
        let mut places: Vec<Text> = Vec::with_capacity(columns.len());
        let mut bearers: BTreeMap<Text, Vec<(Option<Text>, Column)>> = BTreeMap::new();
        for (name, column) in columns {
            let (new, old) = match self.new_name(&name) {
                Some(new) => (new, Some(name)),
                None => (name, None),
            };
            let bearers = bearers.entry(new.clone()).or_default();
            if bearers.is_empty() {
                places.push(new);
            }
            bearers.push((old, column));
        }
        let merged = |name: Text| {
            let mut bearers = bearers.remove(&name)?;
            bearers.sort_by(|(a, _), (b, _)| a.cmp(b));
            let over = |below: Column, above: Column| {
                let has_value = above.mask(|value| !value.is_null());
                if has_value.iter().all(|&has| has) { above } else { above.select(&has_value, &below) }
            };
            Some((name, bearers.into_iter().map(|(_, column)| column).reduce(over)?))
        };
        places.into_iter().filter_map(merged).collect()
    }

    /// The fields needed before this pair for those after it.
    fn needs(&self, after: &FieldSet) -> FieldSet {
        match (self.from.literal(), self.to.literal()) {
            _ if after.is_all() || self.from == self.to => after.clone(),
            (Some(from), Some(to)) => {
                let mut before = after.clone();
                // Of the old name nothing is left, and the new one is overwritten.
                before.remove(from);
                before.remove(to);
                if after.contains(to) {
                    before.add(from.clone());
                }
                before
            }
            _ => self.needs_of_wildcards(after),
        }
    }

    fn needs_of_wildcards(&self, after: &FieldSet) -> FieldSet {
        let mut before = FieldSet::none();
        for name in after.names() {
            let moved_away = self.new_name(name).is_some_and(|new| new != *name);
            if !moved_away {
                before.add(name.clone());
            }
            match self.to.captures(name) {
                // One `*`: there is one old name at most.
                Some(parts) if self.to.wildcards() == 1 => {
                    let old = self.from.fill(&parts);
                    if self.new_name(&old).as_ref() == Some(name) {
                        before.add(old);
                    }
                }
                Some(_) => before.add(self.from.as_str()),
                None => {}
            }
        }
        for pattern in after.patterns() {
            before.add(pattern.as_str());
            let carried = self.to.as_str() == "*";
            before.add(if carried {
                self.from.fill(&[pattern.as_str()])
            } else {
                Text::from(self.from.as_str())
            });
        }
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(pairs: &[(&str, &str)], after: &[&str]) -> String {
        let pair = |(from, to): &(&str, &str)| Pair { from: Pattern::new(*from), to: Pattern::new(*to) };
        let rename = Rename { pairs: pairs.iter().map(pair).collect() };
        let needed = rename.needs(&FieldSet::of(after.iter().copied()));
        needed.to_string()
    }

    #[test]
    fn what_is_needed_before() {
        assert_eq!(needs(&[("a", "b")], &["b", "c"]), "a, c");
        assert_eq!(needs(&[("a", "b")], &["a", "c"]), "c");
        assert_eq!(needs(&[("a", "b"), ("b", "c")], &["c"]), "a");
        assert_eq!(needs(&[("All_Changes.*", "*")], &["image_id"]), "All_Changes.image_id, image_id");
        assert_eq!(
            needs(&[("All_Changes.*", "*")], &["All_Changes.user", "_time"]),
            "All_Changes.All_Changes.user, All_Changes._time, _time"
        );
        assert_eq!(needs(&[("Web.*", "*")], &["src*"]), "src*, Web.src*");
        assert_eq!(
            needs(&[("process*", "parent_process*")], &["parent_process_id"]),
            "parent_process_id, process_id"
        );
        assert_eq!(needs(&[("*", "x_*")], &["x__time", "x_a"]), "a");
        assert_eq!(needs(&[("*a*", "*b*")], &["ab"]), "*a*");
    }
}
