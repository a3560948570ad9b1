//! Looking rows up in a table: what the `lookup` command, automatic lookups and data models share.

use std::sync::Arc;

use super::{Combinations, RunContext, Streaming};
use crate::batch::Batch;
use crate::diagnostic::Result;
use crate::knowledge::{LookupMatch, LookupMatcher, LookupTable};
use crate::value::{Text, Value};

/// A lookup with its fields bound to the table's columns.
#[derive(Clone, Debug)]
pub struct LookupJoin {
    /// The table.
    pub table: Arc<LookupTable>,
    /// Column of the table and field of the row; all must match.
    pub inputs: Vec<(usize, Text)>,
    /// Column of the table and field of the row.
    pub outputs: Vec<(usize, Text)>,
    /// `OUTPUT`: what is found overwrites, and a row that has all inputs and finds nothing loses the outputs
    /// (props.conf, `LOOKUP`). Otherwise only fields that the row lacks are set.
    pub overwrite: bool,
}

impl Streaming for LookupJoin {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let columns: Vec<usize> = self.inputs.iter().map(|(column, _)| *column).collect();
        let matcher = self.table.matcher(&columns);
        // What is found at a time depends on the time too.
        let time = self.table.definition().time.as_ref().map(|_| Text::from("_time"));
        let inputs = self.inputs.iter().map(|(_, field)| field).chain(&time);
        let combinations = Combinations::of(&batch, inputs);
        let found = |key: &[Value]| {
            let (key, time) = key.split_at_checked(self.inputs.len()).unwrap_or((key, &[]));
            look_up(&matcher, &self.table, key, time.first().and_then(Value::as_number))
        };
        let found: Vec<Vec<LookupMatch>> = combinations.iter().map(found).collect();
        for (column, field) in &self.outputs {
            let cell = |found: &LookupMatch| match self.table.output(*found, *column) {
                Some(text) => Value::Text(text.clone()),
                None => Value::Null,
            };
            let outcome = |(found, key): (&Vec<LookupMatch>, &[Value])| match found.is_empty() {
                true => (self.overwrite && self.has_all(key)).then_some(Value::Null),
                false => Some(Value::from_values(found.iter().map(cell))),
            };
            let outcomes = found.iter().zip(combinations.iter()).map(outcome).collect();
            combinations.set(&mut batch, field, outcomes, self.overwrite);
        }
        Ok(batch)
    }
}

impl LookupJoin {
    /// Whether no input is missing.
    fn has_all(&self, key: &[Value]) -> bool {
        key.iter().take(self.inputs.len()).all(|value| !value.is_null())
    }
}

/// What is found for one value of each of the matcher's columns at a time; nothing matches null. A multivalue is looked
/// up value by value, and what is found is put together in that order.
pub fn look_up(
    matcher: &LookupMatcher<'_>,
    table: &LookupTable,
    key: &[Value],
    time: Option<f64>,
) -> Vec<LookupMatch> {
    if key.iter().any(Value::is_null) {
        return table.none();
    }
    let texts: Vec<Vec<_>> =
        key.iter().map(|value| value.values().iter().map(Value::to_text).collect()).collect();
    let mut found = Vec::new();
    let mut chosen: Vec<&str> = Vec::with_capacity(key.len());
    each_combination(&texts, &mut chosen, &mut |chosen| found.extend(matcher.find_at(chosen, time)));
    found
}

fn each_combination<'t, T: AsRef<str>>(
    texts: &'t [Vec<T>],
    chosen: &mut Vec<&'t str>,
    visit: &mut impl FnMut(&[&str]),
) {
    let Some((first, rest)) = texts.split_first() else { return visit(chosen) };
    for text in first {
        chosen.push(text.as_ref());
        each_combination(rest, chosen, visit);
        chosen.pop();
    }
}
