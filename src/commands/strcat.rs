//! Joins the text of fields.
//!
//! ## Syntax
//! `strcat [allrequired=<bool>] <field or "text">... <new field>`
//!
//! ## Description
//! What stands in quotation marks is text, all else are fields; the last is the field to set. A missing field counts as
//! empty, unless `allrequired=true`: then the new field is not set in rows in which one is missing. A multivalue
//! field gives its values on lines of their own.
//!
//! ## Examples
//!
//! ```spl
//! strcat src "/" dest ":" port connection
//! ```
//! ```json in
//! {"src": "a", "dest": "b", "port": "80"}
//! {"src": "a"}
//! ```
//! ```json out
//! {"src": "a", "dest": "b", "port": "80", "connection": "a/b:80"}
//! {"src": "a", "connection": "a/:"}
//! ```
//!
//! ```spl
//! strcat allrequired=t first " " last name
//! ```
//! ```json in
//! {"first": "Ada", "last": "Lovelace"}
//! {"first": "Bob", "name": "old"}
//! ```
//! ```json out
//! {"first": "Ada", "last": "Lovelace", "name": "Ada Lovelace"}
//! {"first": "Bob", "name": "old"}
//! ```
//!
//! ```spl
//! strcat name
//! ```
//! ```error
//! error[E0205]: `strcat` needs fields or texts, and then the field to set
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Combinations, RunContext, Streaming};
use crate::parse::args::{Args, write_name};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `strcat`
#[derive(Clone, Debug)]
pub struct StrCat {
    all_required: bool,
    parts: Vec<Part>,
    target: Text,
}

#[derive(Clone, Debug)]
enum Part {
    Text(Text),
    Field(Text),
}

/// Reads the arguments of `strcat`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut all_required = false;
    if let Some((_, value)) = args.option(&["allrequired"])? {
        all_required = value.truth("allrequired")?;
    }
    let mut words = Vec::new();
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        words.push(args.word("a field or a text")?);
    }
    let Some(target) = words.pop().filter(|_| !words.is_empty()) else {
        return Err(args.error("`strcat` needs fields or texts, and then the field to set"));
    };
    let part = |word: crate::parse::args::Word| match word.quoted {
        true => Part::Text(word.text),
        false => Part::Field(word.text),
    };
    let parts = words.into_iter().map(part).collect();
    Ok(Box::new(StrCat { all_required, parts, target: target.text }))
}

impl fmt::Display for StrCat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("strcat ")?;
        f.write_str(if self.all_required { "allrequired=true " } else { "" })?;
        for part in &self.parts {
            match part {
                Part::Text(text) => write_text(f, text)?,
                Part::Field(field) => write_name(f, field)?,
            }
            f.write_str(" ")?;
        }
        write_name(f, &self.target)
    }
}

/// Text in quotation marks, always.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Command for StrCat {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut before = after.clone();
        if after.contains(&self.target) {
            if !self.all_required {
                before.remove(&self.target);
            }
            before.extend(&FieldSet::of(self.fields().cloned()));
        }
        before
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl StrCat {
    fn fields(&self) -> impl Iterator<Item = &Text> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(field) => Some(field),
            Part::Text(_) => None,
        })
    }

    fn join(&self, values: &[Value]) -> Option<Value> {
        if self.all_required && values.iter().any(Value::is_null) {
            return None;
        }
        let (mut text, mut values) = (Text::new(), values.iter());
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Field(_) => text.push_str(&values.next().unwrap_or(&Value::Null).to_text()),
            }
        }
        Some(Value::Text(text))
    }
}

impl Streaming for StrCat {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let rows = Combinations::of(&batch, self.fields());
        let outcomes = rows.iter().map(|values| self.join(values)).collect();
        rows.set(&mut batch, &self.target, outcomes, true);
        Ok(batch)
    }
}
