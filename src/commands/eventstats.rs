//! Adds statistics over the rows to each of them.
//!
//! ## Syntax
//! `eventstats [allnum=<bool>] [limit=<n>] <aggregation>... [BY <field>...]`
//!
//! ## Description
//! Aggregations and groups are those of `stats`. Each row keeps its fields and its place and gets the
//! results of its group; a field that has the name of a result is overwritten. A row without one of the BY
//! fields is in no group and stays as it is. A row that is in several groups, because a BY field has several
//! values, counts in each and gets the results of the first. `allnum=true` is that of `stats`.
//! `limit` is not documented by Splunk, which takes it and counts no less for it; so it is here.
//!
//! ## Examples
//!
//! ```spl
//! eventstats avg(bytes) AS mean, count BY host
//! ```
//! ```json in
//! {"host": "web", "bytes": "1"}
//! {"host": "db", "bytes": "5"}
//! {"bytes": "9"}
//! {"host": "web", "bytes": "4"}
//! ```
//! ```json out
//! {"host": "web", "bytes": "1", "mean": 2.5, "count": 2}
//! {"host": "db", "bytes": "5", "mean": 5, "count": 1}
//! {"bytes": "9"}
//! {"host": "web", "bytes": "4", "mean": 2.5, "count": 2}
//! ```
//!
//! Without BY all rows are one group.
//!
//! ```spl
//! eventstats max(n) AS n, values(user) limit=1
//! ```
//! ```json in
//! {"n": "9", "user": "bob"}
//! {"n": "10", "user": "ada"}
//! ```
//! ```json out
//! {"n": 10, "user": "bob", "values(user)": ["ada", "bob"]}
//! {"n": 10, "user": "ada", "values(user)": ["ada", "bob"]}
//! ```
//!
//! A row in two groups.
//!
//! ```spl
//! eventstats count BY tag
//! ```
//! ```json in
//! {"tag": ["change", "cloud"]}
//! {"tag": "cloud"}
//! ```
//! ```json out
//! {"tag": ["change", "cloud"], "count": 1}
//! {"tag": "cloud", "count": 2}
//! ```
//!
//! ```spl
//! eventstats BY host
//! ```
//! ```error
//! error[E0205]: `eventstats` needs at least one aggregation
//! ```

use std::fmt;
use std::sync::Arc;

use super::{Command, stats::Clause};
use crate::batch::{Batch, Column, Dictionary, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, Grouping, RunContext};
use crate::parse::args::Args;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `eventstats`
#[derive(Debug)]
pub struct Eventstats {
    clause: Clause,
}

/// Reads the arguments of `eventstats`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut clause = Clause::default();
    while !args.at_end() {
        match args.option(&["allnum", "limit"])? {
            Some(("limit", value)) => value.count("limit").map(drop)?,
            Some((_, value)) => clause.all_numbers = value.truth("allnum")?,
            None => clause.take(args)?,
        }
    }
    clause.check(args)?;
    Ok(Box::new(Eventstats { clause }))
}

impl fmt::Display for Eventstats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "eventstats {}", self.clause)
    }
}

impl Command for Eventstats {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        self.clause.needs_beside(after)
    }

    fn order_matters(&self, after: bool) -> bool {
        after || self.clause.needs_order()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let grouping = self.clause.grouping(planner)?;
        planner.dataset(Attach(grouping));
        Ok(())
    }
}

struct Attach(Grouping);

impl Dataset for Attach {
    fn apply(&self, mut batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let mut groups = self.0.start();
        let group_of_rows: Vec<Vec<Option<u32>>> =
            batches.iter().map(|batch| first_groups(batch.rows(), &groups.update(batch, context))).collect();
        for (name, values) in groups.results() {
            attach(&mut batches, &group_of_rows, &name, values);
        }
        Ok(batches)
    }
}

/// The first group of each row.
fn first_groups(rows: usize, members: &[(u32, u32)]) -> Vec<Option<u32>> {
    let mut groups = vec![None; rows];
    for &(row, group) in members {
        if let Some(slot) = groups.get_mut(row as usize) {
            slot.get_or_insert(group);
        }
    }
    groups
}

/// Gives each row the value of its group: codes into one list that all batches share.
fn attach(batches: &mut [Batch], group_of_rows: &[Vec<Option<u32>>], name: &Text, mut values: Vec<Value>) {
    let none = values.len() as u32;
    values.push(Value::Null);
    let values = Arc::new(values);
    for (batch, groups) in batches.iter_mut().zip(group_of_rows) {
        let codes = groups.iter().map(|group| group.unwrap_or(none)).collect();
        let column = Column::Dictionary(Dictionary::new(codes, Arc::clone(&values)));
        let column = match batch.column(name) {
            Some(before) if groups.iter().any(Option::is_none) => {
                let in_a_group: Vec<bool> = groups.iter().map(Option::is_some).collect();
                column.select(&in_a_group, before)
            }
            _ => column,
        };
        batch.set(name.clone(), column);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::parse::{Start, parse};

    #[test]
    fn what_is_needed_before() {
        let needs = |search: &str, after: &[&str]| {
            let mut sources = Sources::new();
            let id = sources.add("search", search);
            let search = parse(&sources, id, Start::Rows).unwrap();
            search.commands[0].command.needs(&FieldSet::of(after.iter().copied())).to_string()
        };
        assert_eq!(needs("eventstats max(n) AS top", &["top", "user"]), "_time, n, user");
        assert_eq!(needs("eventstats count BY host", &["count"]), "_time, count, host");
    }
}
