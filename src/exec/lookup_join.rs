//! Looking rows up in a table: what the `lookup` command, automatic lookups and data models share.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{RunContext, Streaming};
use crate::batch::{Batch, Column};
use crate::diagnostic::Result;
use crate::knowledge::{LookupMatch, LookupTable};
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
    /// `OUTPUT`: a match overwrites. Otherwise only fields that the row lacks are set.
    pub overwrite: bool,
}

/// What one combination of inputs gives: none without a match, else the value of each output.
type Outcome = Option<Arc<Vec<Value>>>;

impl Streaming for LookupJoin {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let rows = batch.rows();
        let mut known: HashMap<Vec<Value>, Outcome, foldhash::fast::RandomState> = HashMap::default();
        let outcomes: Vec<Outcome> = (0..rows)
            .map(|row| {
                let key: Vec<Value> =
                    self.inputs.iter().map(|(_, field)| batch.get(field, row).into_owned()).collect();
                known.entry(key).or_insert_with_key(|key| self.look_up(key)).clone()
            })
            .collect();
        for (at, (_, field)) in self.outputs.iter().enumerate() {
            let before = batch.column(field).cloned().unwrap_or(Column::Null(rows));
            let value = |row: usize, outcome: &Outcome| {
                let old = before.get(row);
                match outcome.as_ref().and_then(|values| values.get(at)) {
                    Some(new) if self.overwrite || old.is_null() => new.clone(),
                    _ => old.into_owned(),
                }
            };
            let column = outcomes.iter().enumerate().map(|(row, outcome)| value(row, outcome)).collect();
            batch.set(field.clone(), Column::from_values(column));
        }
        Ok(batch)
    }
}

impl LookupJoin {
    /// A multivalue input is looked up value by value; what is found is put together in that order.
    fn look_up(&self, key: &[Value]) -> Outcome {
        let mut found: Vec<LookupMatch> = Vec::new();
        if key.iter().any(Value::is_null) {
            found = self.table.none();
        } else {
            let mut chosen = Vec::with_capacity(key.len());
            self.each_combination(key, &mut chosen, &mut found);
        }
        if found.is_empty() {
            return None;
        }
        let cell = |column: usize, found: LookupMatch| {
            self.table.output(found, column).map_or(Value::Null, |text| Value::Text(text.clone()))
        };
        let value =
            |(column, _): &(usize, Text)| Value::from_values(found.iter().map(|&found| cell(*column, found)));
        Some(Arc::new(self.outputs.iter().map(value).collect()))
    }

    fn each_combination(&self, key: &[Value], chosen: &mut Vec<String>, found: &mut Vec<LookupMatch>) {
        let Some((first, rest)) = key.split_first() else {
            let columns = self.inputs.iter().map(|(column, _)| *column);
            let keys: Vec<(usize, &str)> = columns.zip(chosen.iter().map(String::as_str)).collect();
            found.extend(self.table.find(&keys));
            return;
        };
        for value in first.values() {
            chosen.push(value.to_text().into_owned());
            self.each_combination(rest, chosen, found);
            chosen.pop();
        }
    }
}
