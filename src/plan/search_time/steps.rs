//! Aliases and calculated fields.

use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::eval::Program;
use crate::exec::{RunContext, Streaming};
use crate::knowledge::SourceType;
use crate::plan::prefilter::{self, Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// The aliases of a source type that are wanted.
pub struct Aliases(Vec<(Text, Text, bool)>);

impl Aliases {
    /// Field, alias, and whether it overwrites. Aliases do not see each other's results.
    pub fn new(source_type: &SourceType, wanted: &FieldSet, notes: &mut Vec<String>) -> Aliases {
        let mut pairs = Vec::new();
        for alias in source_type.aliases.iter().filter(|alias| wanted.contains(&alias.alias)) {
            notes.push(format!(
                "field `{}`: alias of `{}`, {}",
                alias.alias,
                alias.field,
                alias.place.place()
            ));
            pairs.push((alias.field.clone(), alias.alias.clone(), alias.overwrite));
        }
        Aliases(pairs)
    }

    /// Adds what the aliases read to what is wanted.
    pub fn pull(&self, wanted: &mut FieldSet) {
        wanted.extend(&FieldSet::of(self.0.iter().map(|(field, ..)| field.clone())));
    }
}

impl Invert for Aliases {
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let aliases: Vec<_> = self.0.iter().filter(|(_, alias, _)| alias == field).collect();
        let kept = aliases.iter().any(|(.., overwrite)| !overwrite).then(|| Text::from(field));
        let sources = aliases.iter().map(|(source, ..)| source.clone()).chain(kept);
        let any = Condition::any(sources.map(|source| Condition::Field(source, test.clone())));
        (!aliases.is_empty()).then_some(any)
    }
}

impl Streaming for Aliases {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let rows = batch.rows();
        let sources: Vec<Option<Column>> =
            self.0.iter().map(|(field, ..)| batch.column(field).cloned()).collect();
        for ((_, alias, overwrite), source) in self.0.iter().zip(sources) {
            let source = source.unwrap_or(Column::Null(rows));
            let column = match batch.column(alias) {
                // `AS` removes the alias from events without the field, `ASNEW` leaves it (props.conf).
                Some(before) if !overwrite => {
                    let has = before.mask(|value| !value.is_null());
                    before.select(&has, &source)
                }
                _ => source,
            };
            batch.set(alias.clone(), column);
        }
        Ok(batch)
    }
}

/// Calculated fields: all see the row as it was before any of them.
pub struct Calculate(pub Vec<(Text, Program)>);

impl Calculate {
    /// Replaces what is calculated by what that reads.
    pub fn pull(&self, wanted: &mut FieldSet) {
        for (field, _) in &self.0 {
            wanted.remove(field);
        }
        for (_, program) in &self.0 {
            wanted.extend(&FieldSet::of(program.fields().iter().cloned()));
        }
    }
}

impl Invert for Calculate {
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let (_, program) = self.0.iter().find(|(name, _)| name == field)?;
        Some(prefilter::of_value(program.expr(), test))
    }
}

impl Streaming for Calculate {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let no_truth =
            |value: &Value| if matches!(value, Value::Bool(_)) { Value::Null } else { value.clone() };
        let columns: Vec<(Text, Column)> = self
            .0
            .iter()
            .map(|(field, program)| (field.clone(), program.column(&batch, &context.eval).map(no_truth)))
            .collect();
        for (field, column) in columns {
            batch.set(field, column);
        }
        Ok(batch)
    }
}
