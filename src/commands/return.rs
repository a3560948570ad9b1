//! Gives values up from a subsearch.
//!
//! ## Syntax
//! `return [<count>] [<alias>=<field>]... [<field>]... [$<field>]...`
//!
//! ## Description
//! One row comes out, with one field `search`: of the first `<count>` rows, which is 1, the fields as
//! comparisons, under an alias where one is given; of a field with `$` before it the value alone. Several rows
//! are put in parentheses and joined by `OR`. A field that a row lacks is left out; of one with several values
//! each is given. No rows stay no rows, and the search that the subsearch stands in matches nothing.
//!
//! ## Examples
//!
//! ```spl
//! return 2 user, ip=src, $host
//! ```
//! ```json in
//! {"user": "ada", "src": "192.0.2.1", "host": "web"}
//! {"user": "bob", "src": "192.0.2.7"}
//! {"user": "eve", "src": "192.0.2.9"}
//! ```
//! ```json out
//! {"search": "(user=\"ada\" ip=\"192.0.2.1\" web) OR (user=\"bob\" ip=\"192.0.2.7\")"}
//! ```
//!
//! ```spl
//! return $user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! ```
//! ```json out
//! {"search": "ada"}
//! ```
//!
//! ```spl
//! | makeresults count=3 | eval most = [| makeresults | eval n = 2 | return $n] | table most | head [| makeresults | eval n = 1 | return $n]
//! ```
//! ```json out
//! {"most": 2}
//! ```
//!
//! ```spl
//! return ip=
//! ```
//! ```error
//! error[E0205]: `return` needs a field after `ip=`
//! ```

use std::fmt;

use super::Command;
use super::format::{comparison, search_row};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `return`
#[derive(Clone, Debug)]
pub struct Return {
    count: usize,
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
struct Item {
    /// The name in the search; none for the value alone.
    name: Option<Text>,
    field: Text,
}

/// Reads the arguments of `return`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut count, mut items) = (None, Vec::new());
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        let word = args.word("a field")?;
        if args.cursor.eat('=') {
            if args.at_end() {
                return Err(args.error(format!("`return` needs a field after `{}=`", word.text)));
            }
            items.push(Item { name: Some(word.text), field: args.word("a field")?.text });
        } else if let Some(field) = word.text.strip_prefix('$') {
            items.push(Item { name: None, field: field.trim_end_matches('$').into() });
        } else if items.is_empty() && count.is_none() && !word.quoted && word.text.parse::<usize>().is_ok() {
            count = Some(word.count("count")?);
        } else {
            items.push(Item { name: Some(word.text.clone()), field: word.text });
        }
    }
    Ok(Box::new(Return { count: count.unwrap_or(1), items }))
}

impl fmt::Display for Return {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "return {}", self.count)?;
        for item in &self.items {
            f.write_str(" ")?;
            match &item.name {
                Some(name) if *name == item.field => write_name(f, name)?,
                Some(name) => {
                    write_name(f, name)?;
                    f.write_str("=")?;
                    write_name(f, &item.field)?;
                }
                None => {
                    f.write_str("$")?;
                    write_name(f, &item.field)?;
                }
            }
        }
        Ok(())
    }
}

impl Command for Return {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of(self.items.iter().map(|item| item.field.clone()))
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for Return {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let rows = batches.iter().flat_map(|batch| (0..batch.rows()).map(move |row| (batch, row)));
        let rows: Vec<String> = rows.take(self.count).map(|(batch, row)| self.text(batch, row)).collect();
        Ok(match rows.as_slice() {
            [] => Vec::new(),
            [one] => vec![search_row(one.clone())],
            several => {
                let several = several.iter().filter(|row| !row.is_empty()).map(|row| format!("({row})"));
                vec![search_row(several.collect::<Vec<_>>().join(" OR "))]
            }
        })
    }
}

impl Return {
    fn text(&self, batch: &Batch, row: usize) -> String {
        let terms = self.items.iter().flat_map(|item| {
            let value: Value = batch.get(&item.field, row).into_owned();
            let term = |value: &Value| match &item.name {
                Some(name) => comparison(name, &value.to_text()),
                None => value.to_text().to_string(),
            };
            value.values().iter().map(term).collect::<Vec<_>>()
        });
        terms.collect::<Vec<_>>().join(" ")
    }
}
