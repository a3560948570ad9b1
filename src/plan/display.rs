//! What is said and shown: notes of the plan, how fields are shown, and what stands between their values.

use super::{Plan, Planner};
use crate::batch::{Batch, Column, Pattern};
use crate::eval::Program;
use crate::value::Text;

impl Planner<'_> {
    /// Says something in `--explain`.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Remembers what is to stand between the values of the fields of a name when `nomv` makes one value of them.
    pub fn delimit(&mut self, fields: Pattern, delimiter: Text) {
        self.delimiters.push((fields, delimiter));
    }

    /// What an earlier command wants between the values of a field.
    pub fn delimiter(&self, field: &str) -> Option<Text> {
        let of_field = self.delimiters.iter().rev().find(|(fields, _)| fields.matches(field));
        of_field.map(|(_, delimiter)| delimiter.clone())
    }

    /// Remembers that rows have these fields from here on, with values or without.
    pub fn declare(&mut self, fields: impl IntoIterator<Item = Text>) {
        self.declared.extend(fields);
    }

    /// Whether an earlier command said that rows have the field.
    pub fn is_declared(&self, field: &str) -> bool {
        self.declared.iter().any(|declared| declared == field)
    }

    /// Shows a field as the expression says, where the rows of the search come out.
    pub fn format(&mut self, field: &Text, expression: Program) {
        self.formats.insert(field.clone(), expression);
    }
}

impl Plan {
    /// Rows that came out, as they are shown: fields with a format by that, where it gives something.
    #[must_use]
    pub fn shown(&self, mut batch: Batch) -> Batch {
        let formatted: Vec<(Text, Column)> = self
            .formats
            .iter()
            .filter_map(|(field, expression)| {
                let column = batch.column(field)?;
                let shown = expression.column(&batch, &self.context.eval);
                let stays: Vec<bool> = column
                    .iter()
                    .zip(shown.iter())
                    .map(|(old, new)| old.is_null() || new.is_null())
                    .collect();
                Some((field.clone(), column.select(&stays, &shown)))
            })
            .collect();
        formatted.into_iter().for_each(|(field, column)| batch.set(field, column));
        batch
    }
}
