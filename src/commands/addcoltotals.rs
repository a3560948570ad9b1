//! Adds a row with the sums of columns.
//!
//! ## Syntax
//! `addcoltotals [labelfield=<field>] [label=<text>] [<fields>]`
//!
//! ## Description
//! The row comes last. In it each field that is listed, or without a list each that is not internal, is the sum of its
//! numbers; names may have `*`. `labelfield` is `label`, which is `Total` unless said otherwise.
//!
//! ## Examples
//!
//! ```spl
//! addcoltotals
//! ```
//! ```json in
//! {"host": "a", "x": "1", "y": "2"}
//! {"host": "b", "x": "0.5"}
//! ```
//! ```json out
//! {"host": "a", "x": "1", "y": "2"}
//! {"host": "b", "x": "0.5"}
//! {"x": 1.5, "y": 2}
//! ```
//!
//! ```spl
//! addcoltotals labelfield=host label="All hosts" x
//! ```
//! ```json in
//! {"host": "a", "x": "1", "y": "2"}
//! {"host": "b", "x": "2", "y": "2"}
//! ```
//! ```json out
//! {"host": "a", "x": "1", "y": "2"}
//! {"host": "b", "x": "2", "y": "2"}
//! {"host": "All hosts", "x": 3}
//! ```
//!
//! ```spl
//! addcoltotals fieldname=Sum
//! ```
//! ```error
//! error[E0202]: `addcoltotals` has no option `fieldname`
//! ```

use std::fmt;

use super::Command;
use super::addtotals::{ColumnTotals, Fields, TOTAL};
use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::parse::args::Args;
use crate::plan::Planner;
use crate::value::Text;

/// `addcoltotals`
#[derive(Clone, Debug)]
pub struct AddColTotals(ColumnTotals);

/// Reads the arguments of `addcoltotals`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut label_field, mut label, mut fields) = (None, Text::from(TOTAL), Vec::new());
    loop {
        fields.extend(args.fields(&[])?.iter().map(|word| word.pattern()));
        match args.option(&["labelfield", "label"])? {
            Some(("labelfield", value)) => label_field = Some(value.text),
            Some((_, value)) => label = value.text,
            None => break,
        }
    }
    let totals = ColumnTotals { label_field, label, fields: Fields(fields), added: None };
    Ok(Box::new(AddColTotals(totals)))
}

impl fmt::Display for AddColTotals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "addcoltotals{}{}", self.0, self.0.fields)
    }
}

impl Command for AddColTotals {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        after.clone()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.centralized(self.0.clone());
        Ok(())
    }
}
