//! Replaces whole values of fields.
//!
//! ## Syntax
//! `replace <value> WITH <new value> [, <value> WITH <new value>]... [IN <fields>]`
//!
//! ## Description
//! A value must fit from end to end, letter for letter; `*` stands for any characters. The new value has as many `*`, and
//! what each stood for goes where its partner stands; or it has none. Where several values fit, one without `*` wins over
//! those with it and the last of these over the others; else the one that leaves least to `*`. Without `IN` this is
//! about all fields, internal ones excepted; names may have `*`. Of a multivalue field each value is looked at.
//!
//! ## Examples
//!
//! ```spl
//! replace "::ffff:*" WITH * IN src
//! ```
//! ```json in
//! {"src": "::ffff:10.0.0.1", "dest": "::ffff:10.0.0.2"}
//! {"src": "10.0.0.1"}
//! ```
//! ```json out
//! {"src": "10.0.0.1", "dest": "::ffff:10.0.0.2"}
//! {"src": "10.0.0.1"}
//! ```
//!
//! ```spl
//! replace *localhost WITH localhost, 0 WITH Critical, localhost WITH self
//! ```
//! ```json in
//! {"host": "my.localhost", "level": "0", "_raw": "0"}
//! {"host": "localhost", "level": ["0", "10"]}
//! ```
//! ```json out
//! {"host": "localhost", "level": "Critical", "_raw": "0"}
//! {"host": "self", "level": ["Critical", "10"]}
//! ```
//!
//! ```spl
//! replace a*b WITH *-* IN x
//! ```
//! ```error
//! error[E0205]: `a*b` has 1 `*` and `*-*` has 2
//! ```
//!
//! ## Differences from Splunk
//! Whether capitals and small letters are told apart is not documented: they are.

use std::fmt;

use super::{Command, fields::stands_for};
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `replace`
#[derive(Clone, Debug)]
pub struct Replace {
    pairs: Vec<(Pattern, Pattern)>,
    /// The fields; none for all.
    fields: Vec<Pattern>,
}

/// Reads the arguments of `replace`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut pairs, mut fields) = (Vec::new(), Vec::new());
    loop {
        args.cursor.separators();
        if !pairs.is_empty() && args.keyword("in") {
            fields = args.some_fields(&[])?.iter().map(|word| word.pattern()).collect();
        }
        if !pairs.is_empty() && args.at_end() {
            return Ok(Box::new(Replace { pairs, fields }));
        }
        if !fields.is_empty() {
            args.end()?;
        }
        let from = args.word("a value to replace")?.pattern();
        if !args.keyword("with") {
            return Err(args.cursor.expected("`WITH`"));
        }
        let word = args.word("a value after `WITH`")?;
        let to = word.pattern();
        let (left, right) = (from.wildcards(), to.wildcards());
        if right != 0 && left != right {
            let message = format!("`{from}` has {left} `*` and `{to}` has {right}");
            return Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""));
        }
        pairs.push((from, to));
    }
}

impl fmt::Display for Replace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("replace ")?;
        for (at, (from, to)) in self.pairs.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write_value(f, from.as_str())?;
            f.write_str(" WITH ")?;
            write_value(f, to.as_str())?;
        }
        if !self.fields.is_empty() {
            f.write_str(" IN ")?;
            write_names(f, self.fields.iter().map(Pattern::as_str))?;
        }
        Ok(())
    }
}

impl Command for Replace {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for Replace {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let listed = |name: &&Text| match self.fields.is_empty() {
            true => !name.starts_with('_'),
            false => self.fields.iter().any(|field| stands_for(field, name)),
        };
        let names: Vec<Text> = batch.names().filter(listed).cloned().collect();
        for name in names {
            let replaced =
                batch.column(&name).map(|column| column.map(|value| value.map_each(|one| self.replace(one))));
            if let Some(replaced) = replaced {
                batch.set(name, replaced);
            }
        }
        Ok(batch)
    }
}

impl Replace {
    fn replace(&self, value: &Value) -> Value {
        if value.is_null() {
            return Value::Null;
        }
        let text = value.to_text();
        // What `*` stands for is least where the pattern says most.
        let rank = |from: &Pattern| (from.literal().is_some(), from.as_str().len() - from.wildcards());
        let fitting = self.pairs.iter().filter(|(from, _)| from.matches(&text));
        match fitting.max_by_key(|(from, _)| rank(from)) {
            Some((from, to)) => Value::Text(to.fill(&from.captures(&text).unwrap_or_default())),
            None => value.clone(),
        }
    }
}
