//! Gives fields that are missing a value.
//!
//! ## Syntax
//! `fillnull [value=<text>] [<fields>]`
//!
//! ## Description
//! The value is `0` unless said otherwise. With a list of fields, those, also where no row has them; names in the list may
//! have `*`. Without one, every field that any row has, internal ones excepted. An empty value is a value.
//!
//! ## Examples
//!
//! ```spl
//! fillnull
//! ```
//! ```json in
//! {"user": "ada", "_time": "1"}
//! {"n": "7"}
//! {"user": "", "n": "8"}
//! ```
//! ```json out
//! {"user": "ada", "_time": "1", "n": "0"}
//! {"user": "0", "n": "7"}
//! {"user": "", "n": "8"}
//! ```
//!
//! ```spl
//! fillnull value=NULL user, src_*, dest
//! ```
//! ```json in
//! {"user": "ada"}
//! {"src_ip": "10.0.0.1", "n": "7"}
//! ```
//! ```json out
//! {"user": "ada", "src_ip": "NULL", "dest": "NULL"}
//! {"user": "NULL", "src_ip": "10.0.0.1", "n": "7", "dest": "NULL"}
//! ```
//!
//! ```spl
//! fillnull values=0
//! ```
//! ```error
//! error[E0202]: `fillnull` has no option `values`
//! ```

use std::fmt;

use super::{Command, fields::stands_for};
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext, Streaming};
use crate::parse::args::{Args, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `fillnull`
#[derive(Clone, Debug)]
pub struct FillNull {
    value: Text,
    /// The fields; none for all.
    fields: Vec<Pattern>,
}

/// What missing fields get when nothing is said.
const DEFAULT: &str = "0";

/// Reads the arguments of `fillnull`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut value, mut fields) = (Text::from(DEFAULT), Vec::new());
    loop {
        fields.extend(args.fields(&[])?.iter().map(|word| word.pattern()));
        match args.option(&["value"])? {
            Some((_, word)) => value = word.text,
            None => return Ok(Box::new(FillNull { value, fields })),
        }
    }
}

impl fmt::Display for FillNull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fillnull")?;
        if self.value != DEFAULT {
            f.write_str(" value=")?;
            write_value(f, &self.value)?;
        }
        f.write_str(if self.fields.is_empty() { "" } else { " " })?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for FillNull {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let named: Option<Vec<Text>> = self.fields.iter().map(|field| field.literal().cloned()).collect();
        match named.filter(|named| !named.is_empty()) {
            Some(fields) => planner.streaming(Named { value: Value::Text(self.value.clone()), fields }),
            None => planner.dataset(self.clone()),
        }
        Ok(())
    }
}

struct Named {
    value: Value,
    fields: Vec<Text>,
}

impl Streaming for Named {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        for field in &self.fields {
            fill(&mut batch, field, &self.value);
        }
        Ok(batch)
    }
}

fn fill(batch: &mut Batch, field: &Text, value: &Value) {
    let filled = match batch.column(field) {
        Some(column) => column.map(|old| if old.is_null() { value.clone() } else { old.clone() }),
        None => Column::constant(value.clone(), batch.rows()),
    };
    batch.set(field.clone(), filled);
}

/// Which fields there are is known when all rows are.
impl Dataset for FillNull {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let listed = |name: &Text| match self.fields.is_empty() {
            true => !name.starts_with('_'),
            false => self.fields.iter().any(|field| stands_for(field, name)),
        };
        let mut batch = Batch::concat(&batches);
        let there = batch.columns().filter(|(name, column)| listed(name) && !column.is_all_null());
        let named = self.fields.iter().filter_map(Pattern::literal);
        let fields: Vec<Text> = there.map(|(name, _)| name).chain(named).cloned().collect();
        let value = Value::Text(self.value.clone());
        fields.iter().for_each(|field| fill(&mut batch, field, &value));
        Ok(vec![batch])
    }
}
