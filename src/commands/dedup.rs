//! Keeps the first row of each combination of values.
//!
//! ## Syntax
//! `dedup [<n>] <field> [,] [<field>...] [keepevents=<bool>] [keepempty=<bool>] [consecutive=<bool>]
//! [sortby [-|+]<field>...]`
//!
//! ## Description
//! With `<n>`, the first so many rows of each combination. Values are compared as text, a multivalue field as
//! the whole list. A row without one of the fields is dropped; with `keepempty=true` it stays. With
//! `keepevents=true` repeated rows stay, without the fields. With `consecutive=true` only rows are dropped
//! that repeat the row before them; a row without one of the fields stands between. `sortby` sorts all rows
//! first, as `sort 0` does.
//!
//! ## Examples
//!
//! ```spl
//! dedup host, user
//! ```
//! ```json in
//! {"host": "web", "user": "ada", "n": "1"}
//! {"host": "web", "user": "bob", "n": "2"}
//! {"host": "web", "n": "3"}
//! {"host": "web", "user": "ada", "n": "4"}
//! ```
//! ```json out
//! {"host": "web", "user": "ada", "n": "1"}
//! {"host": "web", "user": "bob", "n": "2"}
//! ```
//!
//! The newest two of each host.
//!
//! ```spl
//! dedup 2 host sortby -_time
//! ```
//! ```json in
//! {"_time": "1", "host": "web"}
//! {"_time": "3", "host": "web"}
//! {"_time": "2", "host": "db"}
//! {"_time": "2", "host": "web"}
//! ```
//! ```json out
//! {"_time": "3", "host": "web"}
//! {"_time": "2", "host": "db"}
//! {"_time": "2", "host": "web"}
//! ```
//!
//! ```spl
//! dedup status consecutive=true keepempty=true
//! ```
//! ```json in
//! {"n": "1", "status": "up"}
//! {"n": "2", "status": "up"}
//! {"n": "3"}
//! {"n": "4", "status": "up"}
//! {"n": "5", "status": "down"}
//! {"n": "6", "status": "up"}
//! ```
//! ```json out
//! {"n": "1", "status": "up"}
//! {"n": "3"}
//! {"n": "4", "status": "up"}
//! {"n": "5", "status": "down"}
//! {"n": "6", "status": "up"}
//! ```
//!
//! ```spl
//! dedup tag keepevents=true
//! ```
//! ```json in
//! {"n": "1", "tag": ["a", "b"]}
//! {"n": "2", "tag": ["b", "a"]}
//! {"n": "3", "tag": ["a", "b"]}
//! ```
//! ```json out
//! {"n": "1", "tag": ["a", "b"]}
//! {"n": "2", "tag": ["b", "a"]}
//! {"n": "3"}
//! ```
//!
//! ```spl
//! dedup 0 host
//! ```
//! ```error
//! error[E0204]: `dedup` needs a count of at least 1 and got `0`
//! ```

use std::collections::HashMap;
use std::fmt;

use super::Command;
use super::sort::{Key, Sort, keys, write_keys};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `dedup`
#[derive(Clone, Debug)]
pub struct Dedup {
    /// Rows kept of each combination.
    count: usize,
    fields: Vec<Text>,
    keep_events: bool,
    keep_empty: bool,
    consecutive: bool,
    sort: Option<Sort>,
}

/// Reads the arguments of `dedup`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let count = count(args)?;
    let mut dedup = Dedup {
        count,
        fields: Vec::new(),
        keep_events: false,
        keep_empty: false,
        consecutive: false,
        sort: None,
    };
    while !args.at_end() {
        match args.option(&["keepevents", "keepempty", "consecutive"])? {
            Some(("keepevents", value)) => dedup.keep_events = value.truth("keepevents")?,
            Some(("keepempty", value)) => dedup.keep_empty = value.truth("keepempty")?,
            Some((_, value)) => dedup.consecutive = value.truth("consecutive")?,
            None if args.at_end() => {}
            None if args.keyword("sortby") => {
                let keys: Vec<Key> = keys(args)?;
                if keys.is_empty() {
                    return Err(args.error("`sortby` needs at least one field"));
                }
                dedup.sort = Some(Sort::all(keys));
            }
            None if dedup.sort.is_some() => return Err(args.cursor.expected("an option")),
            None => {
                for word in args.fields(&["sortby"])? {
                    if word.text.contains('*') {
                        let message = "`dedup` takes no wildcards";
                        return Err(Diagnostic::error(Code::NotSupported, message).at(word.span, ""));
                    }
                    dedup.fields.push(word.text);
                }
            }
        }
    }
    if dedup.fields.is_empty() {
        return Err(args.error("`dedup` needs at least one field"));
    }
    Ok(Box::new(dedup))
}

/// The number that may stand first.
fn count(args: &mut Args<'_>) -> Result<usize> {
    args.cursor.blanks();
    let first = args.cursor.rest().split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or("");
    if first.parse::<i64>().is_err() {
        return Ok(1);
    }
    let word = args.word("a count")?;
    let count = word.text.parse().ok().filter(|&count| count > 0);
    count.ok_or_else(|| word.wrong("dedup", "a count of at least 1"))
}

impl fmt::Display for Dedup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dedup ")?;
        // Before a field whose name is a number the count must stand.
        let ambiguous = self.fields.first().is_some_and(|field| field.parse::<i64>().is_ok());
        if self.count != 1 || ambiguous {
            write!(f, "{} ", self.count)?;
        }
        write_names(f, self.fields.iter().map(Text::as_str))?;
        f.write_str(if self.keep_events { " keepevents=true" } else { "" })?;
        f.write_str(if self.keep_empty { " keepempty=true" } else { "" })?;
        f.write_str(if self.consecutive { " consecutive=true" } else { "" })?;
        if let Some(sort) = &self.sort {
            f.write_str(" sortby ")?;
            write_keys(f, sort.keys())?;
        }
        Ok(())
    }
}

impl Command for Dedup {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut needed = after.clone().with(&FieldSet::of(self.fields.iter().cloned()));
        if let Some(sort) = &self.sort {
            needed.extend(&sort.fields());
        }
        needed
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if let Some(sort) = &self.sort {
            planner.dataset(sort.clone());
        }
        planner.centralized(self.clone());
        Ok(())
    }
}

impl Centralized for Dedup {
    fn start(&self) -> Box<dyn Scan> {
        let numbered = self.fields.iter().map(|_| Numbered::default()).collect();
        Box::new(Seen { dedup: self.clone(), numbered, counts: HashMap::default(), run: None })
    }
}

/// The values of one field, numbered in order of appearance.
type Numbered = HashMap<Value, u32, foldhash::fast::RandomState>;

/// A combination of values, by their numbers.
type Combination = Box<[u32]>;

struct Seen {
    dedup: Dedup,
    numbered: Vec<Numbered>,
    /// Rows of each combination so far.
    counts: HashMap<Combination, usize, foldhash::fast::RandomState>,
    /// With `consecutive`: the combination of the rows before this one, and how many they are.
    run: Option<(Combination, usize)>,
}

impl Scan for Seen {
    fn step(&mut self, mut batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        let rows = batch.rows();
        let fields = self.dedup.fields.iter().zip(&mut self.numbered);
        let numbers: Vec<Vec<Option<u32>>> = fields
            .map(|(field, numbered)| {
                batch.column(field).map_or_else(|| vec![None; rows], |column| number(column, numbered))
            })
            .collect();
        let (mut keep, mut repeated) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for row in 0..rows {
            let combination: Option<Combination> =
                numbers.iter().map(|field| field.get(row).copied().flatten()).collect();
            let empty = combination.is_none();
            let repeats = self.repeats(combination);
            keep.push(if empty { self.dedup.keep_empty } else { !repeats || self.dedup.keep_events });
            repeated.push(repeats);
        }
        if self.dedup.keep_events {
            for field in &self.dedup.fields {
                let without = batch.column(field).map(|column| Column::Null(rows).select(&repeated, column));
                if let Some(column) = without {
                    batch.set(field.clone(), column);
                }
            }
        }
        Ok((batch.filter(&keep), Flow::More))
    }
}

impl Seen {
    /// Whether enough rows had this combination already.
    fn repeats(&mut self, combination: Option<Combination>) -> bool {
        let Some(combination) = combination else {
            self.run = None;
            return false;
        };
        if !self.dedup.consecutive {
            let count = self.counts.entry(combination).or_default();
            *count += 1;
            return *count > self.dedup.count;
        }
        match &mut self.run {
            Some((before, count)) if *before == combination => {
                *count += 1;
                *count > self.dedup.count
            }
            run => {
                *run = Some((combination, 1));
                false
            }
        }
    }
}

/// For each row the number of its value, none for null; once per distinct value where dictionary-coded.
fn number(column: &Column, numbered: &mut Numbered) -> Vec<Option<u32>> {
    let number_of = |value: &Value| {
        if value.is_null() {
            return None;
        }
        // 7 from an event and 7 from an expression are the same text.
        let text = value.map_each(|value| Value::Text(value.clone().into_text()));
        let next = numbered.len() as u32;
        Some(*numbered.entry(text).or_insert(next))
    };
    column.each(number_of)
}
