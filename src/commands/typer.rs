//! Adds the names of the event types that a row is of.
//!
//! ## Syntax
//! `typer [eventtypes=<names>] [maxlen=<n>]`
//!
//! ## Description
//! An event type is a search in eventtypes.conf; a row that it finds is of it. Their names are the field `eventtype`, in the order of
//! the names. `eventtypes` says, with commas between them, which ones are looked at. A row that is of none keeps what it has.
//! Of `_raw` the first `maxlen` characters are looked at, by default 10000.
//!
//! ## Examples
//!
//! Of `sourcetypes/`, which is built in, the event types `github_audit` and `gws_login`:
//!
//! ```spl
//! typer eventtypes="github_audit, gws_login"
//! ```
//! ```json in
//! {"sourcetype": "github:cloud:audit", "action": "repo.create", "eventtype": "old"}
//! {"sourcetype": "github:cloud:audit", "eventtype": "old"}
//! {"sourcetype": "gws:reports:login"}
//! ```
//! ```json out
//! {"sourcetype": "github:cloud:audit", "action": "repo.create", "eventtype": "github_audit"}
//! {"sourcetype": "github:cloud:audit", "eventtype": "old"}
//! {"sourcetype": "gws:reports:login", "eventtype": "gws_login"}
//! ```
//!
//! ```spl
//! typer
//! ```
//! ```json in
//! {"_raw": "x", "eventtype": "old"}
//! ```
//! ```json out
//! {"_raw": "x", "eventtype": "old"}
//! ```
//!
//! ```spl
//! typer eventtypes=no_such_type
//! ```
//! ```error
//! error[E0205]: no app has the event type `no_such_type`
//! ```
//!
//! ```spl
//! typer maxlen=0
//! ```
//! ```error
//! error[E0204]: `maxlen` needs a whole number from 1 on and got `0`
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Filter;
use crate::exec::{RunContext, Streaming};
use crate::knowledge::NamePart;
use crate::parse::args::{Args, Word};
use crate::parse::search::write_value;
use crate::plan::{Planner, TypeNames, given_name};
use crate::value::{Text, Value};

/// `typer`
#[derive(Clone, Debug)]
pub struct Typer {
    /// The event types that are looked at; none for all.
    types: Option<Word>,
    /// How many characters of `_raw` are looked at.
    max_length: usize,
}

/// The default of `maxlen` (Search Reference, `typer`).
const DEFAULT_LENGTH: usize = 10_000;

/// The field that is set.
const TARGET: &str = "eventtype";

/// Reads the arguments of `typer`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = Typer { types: None, max_length: DEFAULT_LENGTH };
    while let Some((name, value)) = args.option(&["eventtypes", "maxlen"])? {
        match name {
            "eventtypes" => parsed.types = Some(value),
            _ => {
                let length = value.count(name).ok().filter(|&length| length > 0);
                parsed.max_length = length.ok_or_else(|| value.wrong(name, "a whole number from 1 on"))?;
            }
        }
    }
    Ok(Box::new(parsed))
}

impl fmt::Display for Typer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("typer")?;
        if let Some(types) = &self.types {
            f.write_str(" eventtypes=")?;
            write_value(f, &types.text)?;
        }
        if self.max_length != DEFAULT_LENGTH {
            write!(f, " maxlen={}", self.max_length)?;
        }
        Ok(())
    }
}

impl Command for Typer {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        // What event types ask is known when knowledge is at hand; it may be any field.
        FieldSet::all()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let (mut known, problems) = planner.knowledge.event_types();
        problems.into_iter().for_each(|problem| planner.warnings().add(problem));
        if let Some(word) = &self.types {
            let names: Vec<&str> = word.text.split(',').map(str::trim).collect();
            if let Some(name) = names.iter().find(|name| known.iter().all(|of_type| of_type.name != **name)) {
                let message = format!("no app has the event type `{name}`");
                let problem = Diagnostic::error(Code::Arguments, message).at(word.span, "");
                return Err(problem.suggest(name, known.iter().map(|of_type| of_type.name.as_str())));
            }
            known.retain(|of_type| names.contains(&of_type.name.as_str()));
        }
        let context = planner.context();
        let mut compiler = planner.compiler(&context);
        let mut types = Vec::new();
        let mut names = TypeNames::new(compiler.knowledge);
        for of_type in known {
            if let Some(search) = compiler.event_type(&of_type, self.types.is_some(), &mut names)? {
                types.push((of_type.name.clone(), of_type.name_parts(), Filter::new(&search)));
            }
        }
        planner.streaming(Types { types, max_length: self.max_length });
        Ok(())
    }
}

/// Name, what that is made of and filter of each event type, and how much of `_raw` they look at.
struct Types {
    types: Vec<(Text, Option<Vec<NamePart>>, Filter)>,
    max_length: usize,
}

impl Types {
    /// What event types look at.
    fn looked_at(&self, batch: &Batch) -> Batch {
        let beginning = |value: &Value| match value.to_text().char_indices().nth(self.max_length) {
            Some((end, _)) => Value::text(value.to_text().get(..end).unwrap_or("")),
            None => value.clone(),
        };
        let mut looked_at = batch.clone();
        if let Some(raw) = batch.column("_raw") {
            looked_at.set("_raw".into(), raw.map(beginning));
        }
        looked_at
    }
}

impl Streaming for Types {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let looked_at = self.looked_at(&batch);
        let masks = self.types.iter().map(|(name, parts, filter)| (name, parts, filter.mask(&looked_at)));
        let masks: Vec<_> = masks.collect();
        let before = batch.column(TARGET).cloned().unwrap_or(Column::Null(batch.rows()));
        let names = |row: usize| {
            let of = masks.iter().filter(|(_, _, mask)| mask.get(row) == Some(&true));
            let given = of.filter_map(|(name, parts, _)| match parts {
                Some(parts) => given_name(parts, &batch, row),
                None => Some((*name).clone()),
            });
            match Value::from_values(given.map(Value::Text)) {
                Value::Null => before.get(row).into_owned(),
                names => names,
            }
        };
        let column = Column::from_values((0..batch.rows()).map(names).collect());
        if !column.is_all_null() {
            batch.set(TARGET.into(), column);
        }
        Ok(batch)
    }
}
