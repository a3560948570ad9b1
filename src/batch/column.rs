//! One field of a batch.

use std::borrow::Cow;

use super::{ColumnBuilder, Dictionary};
use crate::value::{Number, Value};

/// The values of one field, row by row.
#[derive(Clone, Debug)]
pub enum Column {
    /// So many nulls.
    Null(usize),
    /// Numbers without nulls, all printing in the same number of decimals (see [`Number`]).
    Numbers(Vec<f64>, Option<u8>),
    /// Values that repeat: a function of this column is evaluated once per entry.
    Dictionary(Dictionary),
    /// Anything.
    Values(Vec<Value>),
}

impl Column {
    /// A column of these values, dictionary-coded where they repeat.
    pub fn from_values(values: Vec<Value>) -> Column {
        let mut builder = ColumnBuilder::new();
        for value in values {
            builder.push(value);
        }
        builder.finish()
    }

    /// The same value in every row.
    pub fn constant(value: Value, rows: usize) -> Column {
        match value {
            Value::Null => Column::Null(rows),
            value => Column::Dictionary(Dictionary::new(vec![0; rows], vec![value])),
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Null(rows) => *rows,
            Column::Numbers(values, _) => values.len(),
            Column::Dictionary(dictionary) => dictionary.rows(),
            Column::Values(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value in a row; null beyond the end.
    pub fn get(&self, row: usize) -> Cow<'_, Value> {
        match self {
            Column::Null(_) => Cow::Owned(Value::Null),
            Column::Numbers(values, decimals) => match values.get(row) {
                Some(&value) => Cow::Owned(Value::Number(Number { value, decimals: *decimals })),
                None => Cow::Owned(Value::Null),
            },
            Column::Dictionary(dictionary) => {
                dictionary.get(row).map_or(Cow::Owned(Value::Null), Cow::Borrowed)
            }
            Column::Values(values) => values.get(row).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        }
    }

    /// All values in turn.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Value>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Whether no row has a value.
    pub fn is_all_null(&self) -> bool {
        match self {
            Column::Null(_) => true,
            Column::Numbers(values, _) => values.is_empty(),
            Column::Dictionary(dictionary) => dictionary.iter().all(Value::is_null),
            Column::Values(values) => values.iter().all(Value::is_null),
        }
    }

    /// The rows with these numbers, in this order.
    pub fn take(&self, rows: &[usize]) -> Column {
        match self {
            Column::Null(_) => Column::Null(rows.len()),
            Column::Numbers(values, decimals) => {
                Column::Numbers(rows.iter().filter_map(|&row| values.get(row).copied()).collect(), *decimals)
            }
            Column::Dictionary(dictionary) => Column::Dictionary(dictionary.take(rows)),
            Column::Values(values) => {
                Column::Values(rows.iter().map(|&row| values.get(row).cloned().unwrap_or_default()).collect())
            }
        }
    }

    /// A pure function of this column: once per distinct value where it is dictionary-coded.
    pub fn map(&self, mut function: impl FnMut(&Value) -> Value) -> Column {
        match self {
            Column::Null(rows) => Column::constant(function(&Value::Null), *rows),
            Column::Dictionary(dictionary) if dictionary.repeats() => {
                Column::Dictionary(dictionary.map(function))
            }
            other => Column::from_values(other.iter().map(|value| function(&value)).collect()),
        }
    }

    /// For each row what a function makes of its value: once per distinct value where dictionary-coded.
    pub fn each<T: Clone>(&self, mut function: impl FnMut(&Value) -> T) -> Vec<T> {
        match self {
            Column::Null(rows) => vec![function(&Value::Null); *rows],
            Column::Dictionary(dictionary) if dictionary.repeats() => dictionary.each(function).collect(),
            other => other.iter().map(|value| function(&value)).collect(),
        }
    }

    /// For each row whether the predicate holds.
    pub fn mask(&self, predicate: impl FnMut(&Value) -> bool) -> Vec<bool> {
        self.each(predicate)
    }

    /// Where `mask` holds this column, elsewhere the other.
    pub fn select(&self, mask: &[bool], other: &Column) -> Column {
        let pick = |(row, &mine): (usize, &bool)| {
            if mine { self.get(row).into_owned() } else { other.get(row).into_owned() }
        };
        Column::from_values(mask.iter().enumerate().map(pick).collect())
    }

    pub(super) fn resized(self, rows: usize) -> Column {
        let mut values: Vec<Value> = self.iter().map(Cow::into_owned).collect();
        values.resize(rows, Value::Null);
        Column::from_values(values)
    }

    /// Columns one after the other; a missing one counts as nulls.
    pub(super) fn concat<'a>(
        parts: impl Iterator<Item = (Option<&'a Column>, usize)>,
        rows: usize,
    ) -> Column {
        let mut builder = ColumnBuilder::with_capacity(rows);
        for (column, count) in parts {
            match column {
                None => builder.push_nulls(count),
                Some(Column::Dictionary(dictionary)) => builder.push_dictionary(dictionary),
                Some(column) => column.iter().for_each(|value| builder.push(value.into_owned())),
            }
        }
        builder.finish()
    }
}
