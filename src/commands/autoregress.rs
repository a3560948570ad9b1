//! Copies a field of the rows before into each row.
//!
//! ## Syntax
//! `autoregress <field> [AS <name>] [p=<n> | p=<n>-<m>]`
//!
//! ## Description
//! Each row gets the field's value in the row before it, or `p` rows before it, as `<field>_p1`, `<field>_p2` and so
//! on; of a range of rows, each of them. AS gives the one field another name.
//!
//! ## Examples
//!
//! ```spl
//! autoregress user p=1-2
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "bob", "user_p1": "ada"}
//! {"user": "eve", "user_p1": "bob", "user_p2": "ada"}
//! ```
//!
//! ```spl
//! autoregress n AS before
//! ```
//! ```json in
//! {"n": "1"}
//! {"host": "web"}
//! {"n": "3"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"host": "web", "before": "1"}
//! {"n": "3"}
//! ```
//!
//! ```spl
//! autoregress n AS before p=1-3
//! ```
//! ```error
//! error[E0205]: `autoregress` gives 3 fields, and `AS` is a name for one
//! ```

use std::collections::VecDeque;
use std::fmt;

use super::Command;
use super::accum::along::{Along, Course, Kind, Step};
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::parse::args::{Args, Word, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// How far back a row may be copied from; nobody looks further, and every row is kept.
const FARTHEST: usize = 10_000;

/// `autoregress`
#[derive(Clone, Debug)]
pub struct Autoregress {
    field: Text,
    alias: Option<Text>,
    from: usize,
    to: usize,
}

/// Reads the arguments of `autoregress`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut names, mut range) = (None, (1, 1));
    while !args.at_end() {
        match args.option(&["p"])? {
            Some((_, value)) => range = rows_back(&value)?,
            None if names.is_none() => {
                let field = args.word("a field")?.text;
                names = Some((field, args.alias()?.map(|word| word.text)));
            }
            None => args.end()?,
        }
    }
    let Some((field, alias)) = names else { return Err(args.error("`autoregress` needs a field")) };
    let (from, to) = range;
    if alias.is_some() && from != to {
        let count = to - from + 1;
        return Err(args.error(format!("`autoregress` gives {count} fields, and `AS` is a name for one")));
    }
    Ok(Box::new(Autoregress { field, alias, from, to }))
}

fn rows_back(value: &Word) -> Result<(usize, usize)> {
    let (from, to) = value.text.split_once('-').unwrap_or((&value.text, &value.text));
    match (from.trim().parse(), to.trim().parse()) {
        (Ok(from), Ok(to)) if (1..=to).contains(&from) && to <= FARTHEST => Ok((from, to)),
        _ => Err(value.wrong("p", &format!("a number from 1 to {FARTHEST}, or a range such as 1-3"))),
    }
}

impl fmt::Display for Autoregress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("autoregress ")?;
        write_name(f, &self.field)?;
        if let Some(alias) = &self.alias {
            f.write_str(" AS ")?;
            write_name(f, alias)?;
        }
        write!(f, " p={}-{}", self.from, self.to)
    }
}

impl Autoregress {
    fn courses(&self) -> Vec<Course<Copied>> {
        let target =
            |back| self.alias.clone().unwrap_or_else(|| Text::from(format!("{}_p{back}", self.field)));
        let course = |back| Course { field: self.field.clone(), target: target(back), kind: Copied(back) };
        (self.from..=self.to).map(course).collect()
    }
}

impl Command for Autoregress {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        Along::needs(&self.courses(), after)
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(Along(self.courses()));
        Ok(())
    }
}

/// The value so many rows before.
#[derive(Clone, Debug)]
struct Copied(usize);

impl Kind for Copied {
    fn start(&self) -> Box<dyn Step> {
        Box::new(Values { back: self.0, before: VecDeque::new() })
    }
}

struct Values {
    back: usize,
    before: VecDeque<Value>,
}

impl Step for Values {
    fn next(&mut self, value: &Value) -> Option<Value> {
        self.before.push_back(value.clone());
        if self.before.len() > self.back { self.before.pop_front() } else { None }
    }
}
