//! Sorts the rows.
//!
//! ## Syntax
//! `sort [<n> | limit=<n>] [-|+]<field>[, [-|+]<field>...] [d|desc]`
//!
//! ## Description
//! Rows keep their order where the fields are equal. Numbers come first, by value, then addresses, by address,
//! then other text, byte by byte; `num(field)`, `str(field)` and `ip(field)` choose. A row without the field
//! comes last, in both directions. The first 10,000 rows are kept, or so many as are asked for; 0 keeps all.
//! `-` followed by a blank turns all fields round.
//!
//! ## Examples
//!
//! ```spl
//! sort -count, host
//! ```
//! ```json in
//! {"host": "b", "count": "9"}
//! {"host": "c", "count": "10"}
//! {"host": "a", "count": "9"}
//! {"host": "d"}
//! ```
//! ```json out
//! {"host": "c", "count": "10"}
//! {"host": "a", "count": "9"}
//! {"host": "b", "count": "9"}
//! {"host": "d"}
//! ```
//!
//! Addresses sort as addresses, unless they are to be text.
//!
//! ```spl
//! sort 1 str(ip)
//! ```
//! ```json in
//! {"ip": "10.0.0.9"}
//! {"ip": "10.0.0.10"}
//! ```
//! ```json out
//! {"ip": "10.0.0.10"}
//! ```
//!
//! ```spl
//! sort 5
//! ```
//! ```error
//! error[E0205]: `sort` needs at least one field
//! ```
//!
//! ## Differences from Splunk
//! Where numbers, addresses and other text stand in one field, Splunk's documentation says what two of a kind are
//! compared by, and not how two kinds stand to each other.

mod order;

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::Text;
use order::{ranks, sorted};

/// How many rows are kept when nothing is said (Search Reference, `sort`).
const DEFAULT_LIMIT: usize = 10_000;

/// `sort`
#[derive(Clone, Debug)]
pub struct Sort {
    /// Rows kept; none for all.
    limit: Option<usize>,
    /// Whether the limit was asked for, or is the default that must be said when it cuts.
    limit_given: bool,
    keys: Vec<Key>,
}

/// One field to sort by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    field: Text,
    descending: bool,
    by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Auto,
    Number,
    Text,
    Address,
}

/// Reads the arguments of `sort`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut limit = None;
    if let Some((_, value)) = args.option(&["limit"])? {
        limit = Some(value.count("limit")?);
    } else if let Some(count) =
        args.cursor.rest().split([' ', '\t', '\n', ',']).next().and_then(|word| word.parse().ok())
    {
        args.word("a count")?;
        limit = Some(count);
    }
    let keys = keys(args)?;
    if keys.is_empty() {
        return Err(args.error("`sort` needs at least one field"));
    }
    let limit_given = limit.is_some();
    let limit = Some(limit.unwrap_or(DEFAULT_LIMIT)).filter(|&limit| limit > 0);
    Ok(Box::new(Sort { limit, limit_given, keys }))
}

/// Reads fields to sort by up to the end or an option.
pub(super) fn keys(args: &mut Args<'_>) -> Result<Vec<Key>> {
    let (mut keys, mut all_descending) = (Vec::new(), false);
    loop {
        args.cursor.separators();
        if args.at_end() || args.sees_option() {
            return Ok(keys);
        }
        if !keys.is_empty() && (args.keyword("d") || args.keyword("desc")) {
            // A trailing `desc` turns the whole order round.
            keys.iter_mut().for_each(|key: &mut Key| key.descending = !key.descending);
            return Ok(keys);
        }
        let minus = args.cursor.eat('-');
        let plus = !minus && args.cursor.eat('+');
        let blank_after = args.cursor.rest().starts_with(char::is_whitespace);
        if minus && blank_after && keys.is_empty() {
            all_descending = true;
        }
        let descending = minus || (all_descending && !plus);
        keys.push(key(args, descending)?);
    }
}

fn key(args: &mut Args<'_>, descending: bool) -> Result<Key> {
    let functions = [("auto(", By::Auto), ("num(", By::Number), ("str(", By::Text), ("ip(", By::Address)];
    args.cursor.blanks();
    for (function, by) in functions {
        if args.cursor.rest().starts_with(function) {
            args.cursor.jump(args.cursor.position() + function.len());
            let open = args.cursor.before();
            let field = args.cursor.lex(crate::parse::lexeme::word(")|,"));
            let field = field.ok_or_else(|| args.cursor.expected("a field"))?;
            args.cursor.close(open, "`)`")?;
            return Ok(Key { field: Text::from(field), descending, by });
        }
    }
    let word = args.word("a field")?;
    Ok(Key { field: word.text, descending, by: By::Auto })
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sort ")?;
        if self.limit_given || self.limit.is_none() {
            write!(f, "{} ", self.limit.unwrap_or(0))?;
        }
        write_keys(f, &self.keys)
    }
}

/// Prints fields to sort by.
pub(super) fn write_keys(f: &mut fmt::Formatter<'_>, keys: &[Key]) -> fmt::Result {
    for (at, key) in keys.iter().enumerate() {
        f.write_str(if at > 0 { ", " } else { "" })?;
        f.write_str(if key.descending { "-" } else { "+" })?;
        let function = match key.by {
            By::Auto => None,
            By::Number => Some("num"),
            By::Text => Some("str"),
            By::Address => Some("ip"),
        };
        match function {
            Some(function) => write!(f, "{function}({})", key.field)?,
            None => write_name(f, &key.field)?,
        }
    }
    Ok(())
}

impl Sort {
    /// Sorts all rows.
    pub(super) fn all(keys: Vec<Key>) -> Sort {
        Sort { limit: None, limit_given: true, keys }
    }

    /// The fields it reads.
    pub(super) fn fields(&self) -> FieldSet {
        FieldSet::of(self.keys.iter().map(|key| key.field.clone()))
    }

    /// What it sorts by.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

impl Command for Sort {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&self.fields())
    }

    fn order_matters(&self, _: bool) -> bool {
        // Rows with equal keys keep their order.
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Sort {
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        drop(batches);
        let rank = |key: &Key| ranks(all.column(&key.field), all.rows(), key.by, key.descending);
        let keys: Vec<Vec<u64>> = self.keys.iter().map(rank).collect();
        let rows = sorted(all.rows(), &keys, self.limit);
        if rows.len() < all.rows() && !self.limit_given {
            let message = format!("`sort` keeps {} of {} rows", rows.len(), all.rows());
            let warning = Diagnostic::warning(Code::Limit, message);
            context.warnings().add(warning.help("`sort 0 ...` keeps all rows"));
        }
        Ok(vec![all.take(&rows)])
    }
}
