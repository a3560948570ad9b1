//! Sets fields to the same text in all rows.
//!
//! ## Syntax
//! `setfields <field>=<text> [, <field>=<text>]...`
//!
//! ## Description
//! What the fields were before is lost.
//!
//! ## Examples
//!
//! ```spl
//! setfields ip="10.10.10.10", foo="foo bar"
//! ```
//! ```json in
//! {"user": "bob", "ip": "10.0.0.1"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "bob", "ip": "10.10.10.10", "foo": "foo bar"}
//! {"user": "ada", "ip": "10.10.10.10", "foo": "foo bar"}
//! ```
//!
//! ```spl
//! setfields severity=5
//! ```
//! ```json in
//! {"severity": ["1", "2"]}
//! ```
//! ```json out
//! {"severity": "5"}
//! ```
//!
//! ```spl
//! setfields ip
//! ```
//! ```error
//! error[E0002]: expected `=`, found the end
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, write_name};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `setfields`
#[derive(Clone, Debug)]
pub struct SetFields {
    fields: Vec<(Text, Text)>,
}

/// Reads the arguments of `setfields`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut fields = Vec::new();
    loop {
        args.cursor.separators();
        if args.at_end() && !fields.is_empty() {
            return Ok(Box::new(SetFields { fields }));
        }
        let name = args.word("a field")?;
        if !args.cursor.eat('=') {
            return Err(args.cursor.expected("`=`"));
        }
        fields.push((name.text, args.word("a value")?.text));
    }
}

impl fmt::Display for SetFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("setfields ")?;
        for (at, (field, text)) in self.fields.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write_name(f, field)?;
            f.write_str("=")?;
            write_value(f, text)?;
        }
        Ok(())
    }
}

impl Command for SetFields {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut before = after.clone();
        self.fields.iter().for_each(|(field, _)| before.remove(field));
        before
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for SetFields {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        for (field, text) in &self.fields {
            batch.set(field.clone(), Column::constant(Value::Text(text.clone()), batch.rows()));
        }
        Ok(batch)
    }
}
