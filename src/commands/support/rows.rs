//! Rows beside each other: found by the values of fields, and merged into one.

use std::collections::HashMap;

use crate::batch::{Batch, Column};
use crate::value::{Text, Value};

/// The rows of a batch by the values of some fields. Values are compared as text, letter for letter; a row that
/// lacks one of the fields is found by nothing.
pub struct Index {
    rows: HashMap<String, Vec<usize>, foldhash::fast::RandomState>,
}

impl Index {
    /// The rows of a batch by these fields.
    pub fn new(batch: &Batch, fields: &[Text]) -> Index {
        let mut rows: HashMap<String, Vec<usize>, _> = HashMap::default();
        for row in 0..batch.rows() {
            if let Some(key) = key(batch, row, fields) {
                rows.entry(key).or_default().push(row);
            }
        }
        Index { rows }
    }

    /// The rows with the values that another batch has in a row, in order.
    pub fn find(&self, batch: &Batch, row: usize, fields: &[Text]) -> &[usize] {
        key(batch, row, fields).and_then(|key| self.rows.get(&key)).map_or(&[], Vec::as_slice)
    }
}

/// The values of fields as one text; none where one is missing.
fn key(batch: &Batch, row: usize, fields: &[Text]) -> Option<String> {
    let mut key = String::new();
    for field in fields {
        let value = batch.get(field, row);
        if value.is_null() {
            return None;
        }
        for value in value.values() {
            let text = value.to_text();
            // Its length before it: no value can look like the end of another.
            key.push_str(&format!("{}:{text}", text.len()));
        }
        key.push(';');
    }
    (!fields.is_empty()).then_some(key)
}

/// Rows of `left` with rows of `right` beside them: pairs of row numbers, where none stands for a row of nulls.
/// A field of both keeps its place; where both have a value, `overwrite` says whether the right one wins.
/// Fields of `right` that `take` refuses are left out.
pub fn merge(
    left: &Batch,
    right: &Batch,
    pairs: &[(Option<usize>, Option<usize>)],
    overwrite: bool,
    take: impl Fn(&str) -> bool,
) -> Batch {
    let pick = |batch: &Batch, rows: Vec<Option<usize>>| {
        if rows.iter().all(Option::is_some) {
            return batch.take(&rows.into_iter().flatten().collect::<Vec<_>>());
        }
        let nothing = batch.rows();
        let mut with_nothing = Batch::concat(&[batch.clone(), Batch::with_rows(1)]);
        with_nothing.ordered = batch.ordered;
        with_nothing.take(&rows.into_iter().map(|row| row.unwrap_or(nothing)).collect::<Vec<_>>())
    };
    let mut out = pick(left, pairs.iter().map(|(row, _)| *row).collect());
    let beside = pick(right, pairs.iter().map(|(_, row)| *row).collect());
    for (name, column) in beside.columns().filter(|(name, _)| take(name)) {
        let merged = match out.column(name) {
            None => column.clone(),
            Some(own) => {
                let has = |column: &Column| column.mask(|value: &Value| !value.is_null());
                if overwrite { column.select(&has(column), own) } else { own.select(&has(own), column) }
            }
        };
        out.set(name.clone(), merged);
    }
    out
}
