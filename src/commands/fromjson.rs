//! Makes fields of the members of a JSON object.
//!
//! ## Syntax
//! `fromjson <field> [prefix=<text>]`
//!
//! ## Description
//! Each member of the object that the field holds becomes a field of its name, with `prefix` before it. Strings come without
//! quotation marks, numbers as they are spelled, objects as JSON text; an array of strings, numbers and truth values is a
//! multivalue field, any other array JSON text. A member that is null takes the field away. A row whose field holds no
//! JSON object keeps what it has.
//!
//! ## Examples
//!
//! ```spl
//! fromjson data
//! ```
//! ```json in
//! {"data": "{\"user\": \"ada\", \"n\": 7.0, \"ok\": true, \"tags\": [\"x\", 1], \"more\": {\"a\": [1, {}]}, \"old\": null}", "old": "o"}
//! {"data": "none", "user": "old"}
//! ```
//! ```json out
//! {"data": "{\"user\": \"ada\", \"n\": 7.0, \"ok\": true, \"tags\": [\"x\", 1], \"more\": {\"a\": [1, {}]}, \"old\": null}", "user": "ada", "n": "7.0", "ok": "true", "tags": ["x", "1"], "more": "{\"a\":[1,{}]}"}
//! {"data": "none", "user": "old"}
//! ```
//!
//! ```spl
//! fromjson data prefix=d_ | fields - data
//! ```
//! ```json in
//! {"data": "{\"a\": [[1]], \"b\": []}"}
//! ```
//! ```json out
//! {"d_a": "[[1]]"}
//! ```
//!
//! ```spl
//! fromjson prefix=d_
//! ```
//! ```error
//! error[E0205]: `fromjson` needs a field
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, Found, add_fields};
use crate::functions::json::{Json, document, native};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `fromjson`
#[derive(Clone, Debug)]
pub struct FromJson {
    field: Text,
    prefix: Text,
}

/// Reads the arguments of `fromjson`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut prefix) = (None, Text::new());
    while !args.at_end() {
        match args.option(&["prefix"])? {
            Some((_, value)) => prefix = value.text,
            None if field.is_none() => field = Some(args.word("a field")?.text),
            None => break,
        }
    }
    let Some(field) = field else { return Err(args.error("`fromjson` needs a field")) };
    Ok(Box::new(FromJson { field, prefix }))
}

impl fmt::Display for FromJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fromjson ")?;
        write_name(f, &self.field)?;
        if !self.prefix.is_empty() {
            f.write_str(" prefix=")?;
            write_name(f, &self.prefix)?;
        }
        Ok(())
    }
}

impl Command for FromJson {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone().with(&FieldSet::of([self.field.clone()]))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(Read { command: self.clone(), wanted: planner.after().clone() });
        Ok(())
    }
}

struct Read {
    command: FromJson,
    wanted: FieldSet,
}

impl Streaming for Read {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let FromJson { field, prefix } = &self.command;
        add_fields(&mut batch, field, Existing::Replaced, &self.wanted, |value| match document(value) {
            Some(Json::Object(members)) => {
                let field = |(name, json)| (Text::from(format!("{prefix}{name}")), member(json));
                members.iter().map(field).collect()
            }
            _ => Found::new(),
        });
        Ok(batch)
    }
}

fn member(json: &Json) -> Value {
    match json {
        Json::Array(items) if items.iter().all(|item| !matches!(item, Json::Object(_) | Json::Array(_))) => {
            Value::from_values(items.iter().map(native))
        }
        other => native(other),
    }
}
