//! Keeps the named fields, in the named order.
//!
//! ## Syntax
//! `table <field> [,] <field>...`
//!
//! ## Description
//! Names may have `*`; `*` alone does not bring internal fields, whose names begin with `_`. If no row has any
//! of the fields, no row comes out, unless an earlier command made one of them: the results of `stats` and the new
//! fields of `convert` are there, with values or without.
//!
//! ## Examples
//!
//! ```spl
//! table user, src*
//! ```
//! ```json in
//! {"src": "web", "src_ip": "10.0.0.1", "user": "ada", "dest": "db"}
//! {"src": "app"}
//! ```
//! ```json out
//! {"user": "ada", "src": "web", "src_ip": "10.0.0.1"}
//! {"src": "app"}
//! ```
//!
//! No row has any of the fields.
//!
//! ```spl
//! table nobody
//! ```
//! ```json in
//! {"user": "ada"}
//! ```
//! ```json out
//! ```
//!
//! ```spl
//! convert num(size) AS bytes | table bytes
//! ```
//! ```json in
//! {"size": "big"}
//! {"size": "small"}
//! ```
//! ```json out
//! {}
//! {}
//! ```
//!
//! ```spl
//! table
//! ```
//! ```error
//! error[E0205]: `table` needs at least one field
//! ```
//!
//! ## Differences from Splunk
//! A wildcard's fields come in the order of the rows where that is set, else by name.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Dataset, Flow, RunContext, Scan};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
use crate::value::Text;

/// `table <fields>`
#[derive(Clone, Debug)]
pub struct Table {
    fields: Vec<Pattern>,
}

/// Reads the arguments of `table`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let fields = args.some_fields(&[])?.iter().map(|word| word.pattern()).collect();
    Ok(Box::new(Table { fields }))
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("table ")?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for Table {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of(self.fields.iter().map(|field| Text::from(field.as_str())))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let names = self.fields.iter().filter_map(Pattern::literal);
        let declared = names.filter(|name| planner.is_declared(name)).cloned().collect();
        let projection = Projection { table: self.clone(), declared };
        if self.fields.iter().all(|field| field.literal().is_some()) {
            planner.centralized(projection);
        } else {
            planner.dataset(projection);
        }
        Ok(())
    }
}

/// The command, and what is known of the rows that come to it.
#[derive(Clone)]
struct Projection {
    table: Table,
    /// Those of its fields that an earlier command gave the rows: with them rows count although no row has a value.
    declared: Vec<Text>,
}

impl Projection {
    /// Whether no row of a batch counts.
    fn is_nothing(&self, batch: &Batch, out: &Batch) -> bool {
        let declared = self.declared.iter().any(|name| batch.column(name).is_some());
        !declared && out.columns().all(|(_, column)| column.is_all_null())
    }
}

/// Which fields fit a wildcard, and in which order, is known when all rows are.
impl Dataset for Projection {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let batch = Batch::concat(&batches);
        let out = self.table.project(&batch);
        Ok(vec![if self.is_nothing(&batch, &out) { out.slice(0, 0) } else { out }])
    }
}

impl Centralized for Projection {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Rows { projection: self.clone(), empty_so_far: 0, any: false })
    }
}

/// Rows without any of the fields are held back until a row with one shows that they count.
struct Rows {
    projection: Projection,
    empty_so_far: usize,
    any: bool,
}

impl Scan for Rows {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        let out = self.projection.table.project(&batch);
        if !self.any {
            if self.projection.is_nothing(&batch, &out) {
                self.empty_so_far += out.rows();
                return Ok((out.slice(0, 0), Flow::More));
            }
            self.any = true;
            if self.empty_so_far > 0 {
                let held = Batch::with_rows(self.empty_so_far);
                return Ok((Batch::concat(&[out.slice(0, 0), held, out]), Flow::More));
            }
        }
        Ok((out, Flow::More))
    }
}

impl Table {
    fn project(&self, batch: &Batch) -> Batch {
        let mut names: Vec<Text> = Vec::new();
        for field in &self.fields {
            match field.literal() {
                Some(name) => names.push(name.clone()),
                None => {
                    let order = batch.display_order();
                    let internal = field.as_str().starts_with('_');
                    let fits = |name: &&Text| {
                        field.matches(name) && (internal || !name.starts_with('_')) && !names.contains(*name)
                    };
                    let found: Vec<Text> = order.into_iter().filter(fits).cloned().collect();
                    names.extend(found);
                }
            }
        }
        batch.project(names)
    }
}
