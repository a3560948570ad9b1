//! Rows travel in batches of columns.
//!
//! A batch is an ordered map from field name to column. Its schema is its own: the next batch may have
//! other fields. A column that is absent and a column of nulls mean the same, and every command treats
//! them the same: so results do not depend on where the input was cut.

mod builder;
mod column;
mod dictionary;
mod fields;
mod pattern;

pub use builder::{BatchBuilder, ColumnBuilder};
pub use column::Column;
pub use dictionary::Dictionary;
pub use fields::FieldSet;
pub use pattern::Pattern;

use std::borrow::Cow;

use indexmap::IndexMap;

use crate::value::{Text, Value};

/// Hashing for maps keyed on field names and values: keyed by a random seed, so that hostile field
/// names cannot be made to collide.
pub type FieldMap<T> = IndexMap<Text, T, foldhash::fast::RandomState>;

/// Rows of equal fields, column by column.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    columns: FieldMap<Column>,
    rows: usize,
    /// Whether the columns stand in an order that a command has set. Events have none: they print with
    /// `_time` first and the rest by name.
    pub ordered: bool,
}

impl Batch {
    /// A batch of so many rows without fields.
    pub fn with_rows(rows: usize) -> Batch {
        Batch { rows, ..Batch::default() }
    }

    /// Rows given as lists of cells, in the order of `names`: for tests and small tables.
    pub fn from_rows(names: &[Text], rows: impl IntoIterator<Item = Vec<Value>>) -> Batch {
        let mut columns: Vec<Vec<Value>> = names.iter().map(|_| Vec::new()).collect();
        let mut count = 0;
        for row in rows {
            count += 1;
            let mut cells = row.into_iter();
            for column in &mut columns {
                column.push(cells.next().unwrap_or_default());
            }
        }
        let mut batch = Batch::with_rows(count);
        for (name, column) in names.iter().zip(columns) {
            batch.set(name.clone(), Column::from_values(column));
        }
        batch
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of a field, if the batch has it.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    /// The cell of a field in a row; null where there is none.
    pub fn get(&self, name: &str, row: usize) -> Cow<'_, Value> {
        match self.columns.get(name) {
            Some(column) => column.get(row),
            None => Cow::Owned(Value::Null),
        }
    }

    /// The fields with their columns, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&Text, &Column)> {
        self.columns.iter()
    }

    /// The names of the fields, in order.
    pub fn names(&self) -> impl Iterator<Item = &Text> {
        self.columns.keys()
    }

    /// Sets a field, keeping its place if it is there already. A column of another length is a bug of
    /// the caller; it is cut or filled with nulls rather than let rows drift apart.
    pub fn set(&mut self, name: Text, column: Column) {
        debug_assert_eq!(column.len(), self.rows, "column {name} does not fit the batch");
        let column = if column.len() == self.rows { column } else { column.resized(self.rows) };
        self.columns.insert(name, column);
    }

    /// Takes a field away, keeping the order of the others.
    pub fn remove(&mut self, name: &str) -> Option<Column> {
        self.columns.shift_remove(name)
    }

    /// Keeps the fields for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.columns.retain(|name, _| keep(name));
    }

    /// A batch of the same rows with the given columns in the given order; a name that is not there
    /// becomes a column of nulls.
    pub fn project(&self, names: impl IntoIterator<Item = Text>) -> Batch {
        let mut out = Batch { rows: self.rows, ordered: true, ..Batch::default() };
        for name in names {
            let column = self.columns.get(&name).cloned().unwrap_or(Column::Null(self.rows));
            out.columns.insert(name, column);
        }
        out
    }

    /// The rows for which `mask` holds; `mask` has one entry a row.
    pub fn filter(&self, mask: &[bool]) -> Batch {
        let kept: Vec<usize> =
            mask.iter().enumerate().filter(|(_, keep)| **keep).map(|(row, _)| row).collect();
        if kept.len() == self.rows { self.clone() } else { self.take(&kept) }
    }

    /// The rows with these numbers, in this order.
    pub fn take(&self, rows: &[usize]) -> Batch {
        let columns = self.columns.iter().map(|(name, column)| (name.clone(), column.take(rows))).collect();
        Batch { columns, rows: rows.len(), ordered: self.ordered }
    }

    /// The rows `start..end`.
    pub fn slice(&self, start: usize, end: usize) -> Batch {
        let rows: Vec<usize> = (start.min(self.rows)..end.min(self.rows)).collect();
        self.take(&rows)
    }

    /// One batch of all rows in turn; fields in order of first appearance.
    pub fn concat(batches: &[Batch]) -> Batch {
        if let [one] = batches {
            return one.clone();
        }
        let rows = batches.iter().map(Batch::rows).sum();
        let mut names: FieldMap<()> = FieldMap::default();
        for name in batches.iter().flat_map(Batch::names) {
            names.insert(name.clone(), ());
        }
        let mut out = Batch { rows, ordered: batches.iter().any(|batch| batch.ordered), ..Batch::default() };
        for name in names.into_keys() {
            let parts = batches.iter().map(|batch| (batch.columns.get(&name), batch.rows));
            let column = Column::concat(parts, rows);
            out.columns.insert(name, column);
        }
        out
    }

    /// The fields in the order in which they print: as set by a command, or `_time` first and the rest by
    /// name.
    pub fn display_order(&self) -> Vec<&Text> {
        let mut names: Vec<&Text> = self.columns.keys().collect();
        if !self.ordered {
            names.sort_by_key(|name| (name.as_str() != "_time", name.as_str()));
        }
        names
    }
}
