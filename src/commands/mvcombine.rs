//! Combines rows that differ in one field only into one, in which that field is multivalue.
//!
//! ## Syntax
//! `mvcombine [delim=<text>] <field>`
//!
//! ## Description
//! All other fields must be equal, `_time` and `_raw` included: the fields that do not matter are taken away first. The
//! combined row stands where the first of its rows stood, and has their values in order. A row without the field stays as it
//! is. `delim` is what `nomv` later writes between the values of the field. The field cannot be an internal one.
//!
//! ## Examples
//!
//! ```spl
//! mvcombine host
//! ```
//! ```json in
//! {"user": "ada", "host": "b"}
//! {"user": "bob", "host": "b"}
//! {"user": "ada", "host": "a"}
//! {"user": "ada"}
//! {"user": "ada", "host": ["a", "c"]}
//! ```
//! ```json out
//! {"user": "ada", "host": ["b", "a", "a", "c"]}
//! {"user": "bob", "host": "b"}
//! {"user": "ada"}
//! ```
//!
//! ```spl
//! mvcombine delim=":" n | nomv n
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! ```
//! ```json out
//! {"n": "1:2"}
//! ```
//!
//! ```spl
//! mvcombine _time
//! ```
//! ```error
//! error[E0205]: `mvcombine` does not take the internal field `_time`
//! ```

use std::fmt;

use hashbrown::HashMap;

use super::{Command, mvexpand::not_internal};
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_name};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `mvcombine`
#[derive(Clone, Debug)]
pub struct MvCombine {
    field: Text,
    delim: Option<Text>,
}

/// Reads the arguments of `mvcombine`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut field, mut delim) = (None, None);
    while !args.at_end() {
        match args.option(&["delim"])? {
            Some((_, value)) => delim = Some(value.text),
            None if field.is_none() => field = Some(args.word("a field")?),
            None => break,
        }
    }
    let Some(field) = field else { return Err(args.error("`mvcombine` needs a field")) };
    not_internal(&field, "mvcombine")?;
    Ok(Box::new(MvCombine { field: field.text, delim }))
}

impl fmt::Display for MvCombine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mvcombine ")?;
        if let Some(delim) = &self.delim {
            f.write_str("delim=")?;
            write_value(f, delim)?;
            f.write_str(" ")?;
        }
        write_name(f, &self.field)
    }
}

impl Command for MvCombine {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        // Which rows are equal depends on every field.
        FieldSet::all()
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.delimit(Pattern::new(self.field.clone()), self.delim.clone().unwrap_or_else(|| " ".into()));
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for MvCombine {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let batch = Batch::concat(&batches);
        let Some(column) = batch.column(&self.field) else { return Ok(vec![batch]) };
        let mut groups: HashMap<Vec<Value>, usize, foldhash::fast::RandomState> = HashMap::default();
        let (mut rows, mut values): (Vec<usize>, Vec<Vec<Value>>) = (Vec::new(), Vec::new());
        for (row, value) in column.iter().enumerate() {
            let others = batch.columns().filter(|(name, _)| **name != self.field);
            // 7 from an event and 7 from an expression are the same text.
            let text = |value: &Value| Value::Text(value.clone().into_text());
            let key = others.map(|(_, column)| column.get(row).map_each(text)).collect();
            let known = if value.is_null() { None } else { groups.get(&key).copied() };
            match known.and_then(|group| values.get_mut(group)) {
                Some(values) => values.push(value.into_owned()),
                None => {
                    if !value.is_null() {
                        groups.insert(key, rows.len());
                    }
                    rows.push(row);
                    values.push(vec![value.into_owned()]);
                }
            }
        }
        let mut out = batch.take(&rows);
        let combined = values.into_iter().map(Value::from_values).collect();
        out.set(self.field.clone(), Column::from_values(combined));
        Ok(vec![out])
    }
}
