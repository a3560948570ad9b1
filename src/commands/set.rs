//! The rows of two searches together, of both, or of only one.
//!
//! ## Syntax
//! `set union|diff|intersect [maxout=<n>] [<search>] [<search>]`
//!
//! ## Description
//! `union` gives the rows of both searches, `intersect` those that are in both, `diff` those that are in only one.
//! Rows are the same where all their fields are, internal ones too: `fields - _*` takes away what no two events
//! share. Each row comes out once; the rows of the first search come first. The options are those of `append`.
//!
//! ## Examples
//!
//! ```spl
//! | set diff [inputlookup staff | table user] [inputlookup rota.csv | table user]
//! ```
//! ```json out
//! {"user": "*-svc"}
//! ```
//!
//! ```spl
//! | set intersect [inputlookup staff | table user] [inputlookup rota.csv | table user]
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "bob"}
//! ```
//!
//! ```spl
//! | set union [inputlookup rota.csv | table user] [makeresults | eval user = "eve" | table user]
//! ```
//! ```json out
//! {"user": "ada"}
//! {"user": "bob"}
//! {"user": "eve"}
//! ```
//!
//! ```spl
//! | set minus [inputlookup staff] [inputlookup rota.csv]
//! ```
//! ```error
//! error[E0205]: `set` takes `union`, `diff` or `intersect`, not `minus`
//! ```

use std::collections::HashSet;
use std::fmt;

use super::support::SubsearchOptions;
use super::{Command, Position};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Generating, RunContext};
use crate::parse::args::Args;
use crate::parse::{Search, Start};
use crate::plan::{InnerRows, Planner};

/// `set`
#[derive(Debug)]
pub struct Set {
    kind: Kind,
    options: SubsearchOptions,
    left: Search,
    right: Search,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Union,
    Diff,
    Intersect,
}

/// Reads the arguments of `set`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let word = args.word("`union`, `diff` or `intersect`")?;
    let kind = match word.text.to_ascii_lowercase().as_str() {
        "union" => Kind::Union,
        "diff" => Kind::Diff,
        "intersect" => Kind::Intersect,
        other => {
            let message = format!("`set` takes `union`, `diff` or `intersect`, not `{other}`");
            return Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""));
        }
    };
    let mut options = SubsearchOptions::default();
    while !args.sees_bracket() && options.read(args)? {}
    let left = args.pipeline(Start::Subsearch)?;
    let right = args.pipeline(Start::Subsearch)?;
    Ok(Box::new(Set { kind, options, left, right }))
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Union => "union",
            Kind::Diff => "diff",
            Kind::Intersect => "intersect",
        };
        write!(f, "set {kind} {}[{}] [{}]", self.options, self.left, self.right)
    }
}

impl Command for Set {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let mut side = |search: &Search| {
            // Every field tells rows apart.
            let plan = planner.inner(search, Start::Subsearch, &FieldSet::all(), true)?;
            Ok(InnerRows { plan, limit: self.options.limit("set", search.span) })
        };
        let (left, right) = (side(&self.left)?, side(&self.right)?);
        planner.generating(Rows { kind: self.kind, left, right });
        Ok(())
    }
}

struct Rows {
    kind: Kind,
    left: InnerRows,
    right: InnerRows,
}

impl Generating for Rows {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        let left = Batch::concat(&self.left.generate(context)?);
        let right = Batch::concat(&self.right.generate(context)?);
        let (of_left, of_right) = (keys(&left), keys(&right));
        let has = |keys: &[String]| keys.iter().cloned().collect::<HashSet<String>>();
        let (in_left, in_right) = (has(&of_left), has(&of_right));
        let mut seen = HashSet::new();
        let mut keep = |key: &String, other: &HashSet<String>| {
            let wanted = match self.kind {
                Kind::Union => true,
                Kind::Diff => !other.contains(key),
                Kind::Intersect => other.contains(key),
            };
            wanted && seen.insert(key.clone())
        };
        let left = left.filter(&of_left.iter().map(|key| keep(key, &in_right)).collect::<Vec<_>>());
        let right = right.filter(&of_right.iter().map(|key| keep(key, &in_left)).collect::<Vec<_>>());
        Ok(vec![left, right])
    }
}

/// All that a row says, field by field in the order of their names.
fn keys(batch: &Batch) -> Vec<String> {
    let mut names: Vec<_> = batch.names().collect();
    names.sort();
    let key = |row: usize| {
        let mut key = String::new();
        for name in &names {
            for value in batch.get(name, row).values() {
                let text = value.to_text();
                key.push_str(&format!("{}:{name}{}:{text}", name.len(), text.len()));
            }
        }
        key
    };
    (0..batch.rows()).map(key).collect()
}
