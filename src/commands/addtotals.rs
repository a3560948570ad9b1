//! Adds up the numbers of each row, or of each column.
//!
//! ## Syntax
//! `addtotals [row=<bool>] [col=<bool>] [labelfield=<field>] [label=<text>] [fieldname=<field>] [<fields>]`
//!
//! ## Description
//! With `row=true`, as it is unless said otherwise, each row gets the sum of its numbers in `fieldname`, which is `Total`. With
//! `col=true` a row of the sums of all columns comes last, those of the rows included; in it `labelfield` is `label`, which is
//! `Total`. The sums are over the fields that are listed, in which `*` may stand, or over all that are not internal. What
//! is no number counts as nothing, and so do multivalue fields.
//!
//! ## Examples
//!
//! ```spl
//! addtotals
//! ```
//! ```json in
//! {"host": "a", "x": "1", "y": "2.5", "_time": "5"}
//! {"host": "b", "x": "3", "_time": "7"}
//! {"host": "c"}
//! ```
//! ```json out
//! {"host": "a", "x": "1", "y": "2.5", "_time": "5", "Total": 3.5}
//! {"host": "b", "x": "3", "_time": "7", "Total": 3}
//! {"host": "c", "Total": 0}
//! ```
//!
//! ```spl
//! addtotals fieldname=Score, is_*, powershell
//! ```
//! ```json in
//! {"is_autodiscover": "1", "powershell": "1", "mapi": "1"}
//! ```
//! ```json out
//! {"is_autodiscover": "1", "powershell": "1", "mapi": "1", "Score": 2}
//! ```
//!
//! ```spl
//! addtotals col=true labelfield=host label=ALL
//! ```
//! ```json in
//! {"host": "a", "x": "1", "y": "2"}
//! {"host": "b", "x": "3", "y": "many"}
//! ```
//! ```json out
//! {"host": "a", "x": "1", "y": "2", "Total": 3}
//! {"host": "b", "x": "3", "y": "many", "Total": 3}
//! {"host": "ALL", "x": 4, "y": 2, "Total": 6}
//! ```
//!
//! ```spl
//! addtotals row=false col=false
//! ```
//! ```error
//! error[E0205]: `addtotals` with `row=false` and `col=false` does nothing
//! ```

use std::fmt;

use super::{Command, fields::stands_for};
use crate::aggregates::Exact;
use crate::batch::{Batch, Column, FieldMap, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Flow, RunContext, Scan, Streaming};
use crate::parse::args::{Args, write_name, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `addtotals`
#[derive(Clone, Debug)]
pub struct AddTotals {
    /// The field for the sums of rows, if they are asked for.
    row: Option<Text>,
    col: Option<ColumnTotals>,
    fields: Fields,
}

/// The default of `fieldname` and of `label` (Search Reference, `addtotals`).
pub(super) const TOTAL: &str = "Total";

/// Reads the arguments of `addtotals`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut row, mut col, mut name) = (true, false, Text::from(TOTAL));
    let (mut label_field, mut label, mut fields) = (None, Text::from(TOTAL), Vec::new());
    loop {
        fields.extend(args.fields(&[])?.iter().map(|word| word.pattern()));
        match args.option(&["row", "col", "labelfield", "label", "fieldname"])? {
            Some(("row", value)) => row = value.truth("row")?,
            Some(("col", value)) => col = value.truth("col")?,
            Some(("labelfield", value)) => label_field = Some(value.text),
            Some(("label", value)) => label = value.text,
            Some((_, value)) => name = value.text,
            None => break,
        }
    }
    if !row && !col {
        return Err(args.error("`addtotals` with `row=false` and `col=false` does nothing"));
    }
    let fields = Fields(fields);
    let added = row.then(|| name.clone());
    let col = col.then(|| ColumnTotals { label_field, label, fields: fields.clone(), added });
    Ok(Box::new(AddTotals { row: row.then_some(name), col, fields }))
}

impl fmt::Display for AddTotals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("addtotals")?;
        match &self.row {
            None => f.write_str(" row=false")?,
            Some(name) if name == TOTAL => {}
            Some(name) => {
                f.write_str(" fieldname=")?;
                write_name(f, name)?;
            }
        }
        if let Some(col) = &self.col {
            write!(f, " col=true{col}")?;
        }
        write!(f, "{}", self.fields)
    }
}

impl Command for AddTotals {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        self.fields.needs(after)
    }

    fn order_matters(&self, after: bool) -> bool {
        after
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if let Some(name) = &self.row {
            planner.streaming(RowTotals { name: name.clone(), fields: self.fields.clone() });
        }
        if let Some(col) = &self.col {
            planner.centralized(col.clone());
        }
        Ok(())
    }
}

/// The fields that are summed up; none stand for all that are not internal.
#[derive(Clone, Debug)]
pub(super) struct Fields(pub Vec<Pattern>);

impl Fields {
    fn has(&self, name: &str) -> bool {
        match self.0.is_empty() {
            true => !name.starts_with('_'),
            false => self.0.iter().any(|field| stands_for(field, name)),
        }
    }

    /// What is needed to sum them up.
    pub fn needs(&self, after: &FieldSet) -> FieldSet {
        match self.0.is_empty() {
            true => FieldSet::all(),
            false => after.clone().with(&FieldSet::of(self.0.iter().map(Pattern::as_str))),
        }
    }
}

/// With a blank before each.
impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "" } else { " " })?;
        write_names(f, self.0.iter().map(Pattern::as_str))
    }
}

struct RowTotals {
    name: Text,
    fields: Fields,
}

impl Streaming for RowTotals {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let mut sums = vec![Exact::default(); batch.rows()];
        for (_, column) in batch.columns().filter(|(name, _)| **name != self.name && self.fields.has(name)) {
            for (sum, value) in sums.iter_mut().zip(column.iter()) {
                if let Some(number) = value.as_number() {
                    sum.add(number, 1);
                }
            }
        }
        let sums = sums.iter().map(|sum| Value::number(sum.round())).collect();
        batch.set(self.name.clone(), Column::from_values(sums));
        Ok(batch)
    }
}

/// A last row with the sums of columns.
#[derive(Clone, Debug)]
pub(super) struct ColumnTotals {
    pub label_field: Option<Text>,
    pub label: Text,
    pub fields: Fields,
    /// The field with the sums of rows.
    pub added: Option<Text>,
}

/// The options, with a blank before each.
impl fmt::Display for ColumnTotals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.label_field {
            f.write_str(" labelfield=")?;
            write_name(f, field)?;
        }
        if self.label != TOTAL {
            f.write_str(" label=")?;
            write_value(f, &self.label)?;
        }
        Ok(())
    }
}

impl Centralized for ColumnTotals {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Sums { totals: self.clone(), sums: FieldMap::default(), any: false })
    }
}

struct Sums {
    totals: ColumnTotals,
    /// The sum of each field in which a number stood.
    sums: FieldMap<Option<Exact>>,
    any: bool,
}

impl Scan for Sums {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        self.any |= batch.rows() > 0;
        for (name, column) in batch.columns() {
            if self.totals.added.as_ref() != Some(name) && !self.totals.fields.has(name) {
                continue;
            }
            let sum = self.sums.entry(name.clone()).or_default();
            for number in column.iter().filter_map(|value| value.as_number()) {
                sum.get_or_insert_default().add(number, 1);
            }
        }
        Ok((batch, Flow::More))
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        if !self.any {
            return Ok(Vec::new());
        }
        let mut row = Batch::with_rows(1);
        for (name, sum) in &self.sums {
            let sum = sum.as_ref().map_or(Value::Null, |sum| Value::number(sum.round()));
            row.set(name.clone(), Column::constant(sum, 1));
        }
        if let Some(field) = &self.totals.label_field {
            row.set(field.clone(), Column::constant(Value::Text(self.totals.label.clone()), 1));
        }
        Ok(vec![row])
    }
}
