//! Makes a row of each cell of a table.
//!
//! ## Syntax
//! `untable <row field> <name field> <value field>`
//!
//! ## Description
//! For each row and each of its other fields that has a value: a row with the row field, with the name of the field
//! in the name field, and with its value in the value field. Fields come in the order of the table. Fields whose
//! names begin with `_` are left out, unless it is the row field. `xyseries` does the opposite.
//!
//! ## Examples
//!
//! ```spl
//! untable host metric value
//! ```
//! ```json in
//! {"host": "web", "cpu": "3", "disk": "80"}
//! {"host": "db", "disk": ["1", "2"]}
//! ```
//! ```json out
//! {"host": "web", "metric": "cpu", "value": "3"}
//! {"host": "web", "metric": "disk", "value": "80"}
//! {"host": "db", "metric": "disk", "value": ["1", "2"]}
//! ```
//!
//! ```spl
//! chart count BY host action | untable host, action, count
//! ```
//! ```json in
//! {"host": "web", "action": "read"}
//! {"host": "db", "action": "write"}
//! ```
//! ```json out
//! {"host": "db", "action": "read", "count": 0}
//! {"host": "db", "action": "write", "count": 1}
//! {"host": "web", "action": "read", "count": 1}
//! {"host": "web", "action": "write", "count": 0}
//! ```
//!
//! ```spl
//! untable host metric
//! ```
//! ```error
//! error[E0205]: `untable` needs three fields: of the rows, of the names and of the values
//! ```

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `untable`
#[derive(Clone, Debug)]
pub struct Untable {
    row: Text,
    name: Text,
    value: Text,
}

/// Reads the arguments of `untable`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let fields = args.fields(&[])?;
    let [row, name, value] = fields.as_slice() else {
        let message = "`untable` needs three fields: of the rows, of the names and of the values";
        return Err(args.error(message));
    };
    Ok(Box::new(Untable { row: row.text.clone(), name: name.text.clone(), value: value.text.clone() }))
}

impl fmt::Display for Untable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("untable ")?;
        write_names(f, [&self.row, &self.name, &self.value].into_iter().map(Text::as_str))
    }
}

impl Command for Untable {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::all()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for Untable {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        let names: Vec<&Text> = batch
            .display_order()
            .into_iter()
            .filter(|name| **name != self.row && !name.starts_with('_'))
            .collect();
        let mut rows = Vec::new();
        for row in 0..batch.rows() {
            let key = batch.get(&self.row, row);
            for name in &names {
                let value = batch.get(name, row);
                if !value.is_null() {
                    rows.push(vec![
                        key.clone().into_owned(),
                        Value::Text((*name).clone()),
                        value.into_owned(),
                    ]);
                }
            }
        }
        let mut out = Batch::from_rows(&[self.row.clone(), self.name.clone(), self.value.clone()], rows);
        out.ordered = true;
        Ok(out)
    }
}
