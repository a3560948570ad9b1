//! Building columns value by value.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::{Batch, Column, Dictionary, FieldMap};
use crate::value::{Text, TextKey, Value, same_bytes};

/// Beyond this many distinct values in one column, coding stops paying: the column goes on as plain
/// values unless they still repeat.
const DICTIONARY_TRIAL: usize = 1024;

/// Collects one column; codes it while its values repeat, and gives up coding when they do not.
#[derive(Debug, Default)]
pub struct ColumnBuilder {
    codes: Vec<u32>,
    distinct: Vec<Value>,
    index: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
    /// Set once coding was given up; holds every row so far.
    plain: Option<Vec<Value>>,
    any_value: bool,
}

impl ColumnBuilder {
    /// An empty column.
    pub fn new() -> ColumnBuilder {
        ColumnBuilder::default()
    }

    /// An empty column that expects so many rows.
    pub fn with_capacity(rows: usize) -> ColumnBuilder {
        ColumnBuilder { codes: Vec::with_capacity(rows), ..ColumnBuilder::default() }
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.plain.as_ref().map_or(self.codes.len(), Vec::len)
    }

    /// Whether there are no rows yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a row.
    pub fn push(&mut self, value: Value) {
        self.any_value |= !value.is_null();
        if let Some(plain) = &mut self.plain {
            plain.push(value);
            return;
        }
        let hash = self.hasher.hash_one(&value);
        let found = self.index.find(hash, |&code| self.distinct.get(code as usize) == Some(&value)).copied();
        let code = match found {
            Some(code) => code,
            None => self.add_distinct(hash, value),
        };
        self.codes.push(code);
        if self.distinct.len() >= DICTIONARY_TRIAL && self.distinct.len() * 2 > self.codes.len() {
            self.give_up_coding();
        }
    }

    /// Adds a row of text, without allocating when the text was seen before.
    pub fn push_text(&mut self, text: &str) {
        if self.plain.is_some() {
            return self.push(Value::Text(Text::from(text)));
        }
        let same = |code: u32| match self.distinct.get(code as usize) {
            Some(Value::Text(seen)) => same_bytes(seen.as_bytes(), text.as_bytes()),
            _ => false,
        };
        // Runs of one value are common enough to be worth a look before hashing.
        let code = match self.codes.last() {
            Some(&last) if same(last) => Some(last),
            _ => self.index.find(self.hasher.hash_one(TextKey(text)), |&code| same(code)).copied(),
        };
        match code {
            Some(code) => self.codes.push(code),
            None => self.push(Value::Text(Text::from(text))),
        }
    }

    /// Adds rows without a value.
    pub fn push_nulls(&mut self, count: usize) {
        for _ in 0..count {
            self.push(Value::Null);
        }
    }

    /// Adds the rows of a coded column, touching each distinct value once.
    pub fn push_dictionary(&mut self, dictionary: &Dictionary) {
        if self.plain.is_some() || !dictionary.repeats() {
            dictionary.iter().for_each(|value| self.push(value.clone()));
            return;
        }
        let mut translated: Vec<Option<u32>> = vec![None; dictionary.values().len()];
        for (&code, value) in dictionary.codes().iter().zip(dictionary.iter()) {
            let Some(slot) = translated.get_mut(code as usize) else { continue };
            match *slot {
                Some(code) if self.plain.is_none() => self.codes.push(code),
                _ => {
                    self.push(value.clone());
                    *slot = self.codes.last().copied();
                }
            }
        }
    }

    fn add_distinct(&mut self, hash: u64, value: Value) -> u32 {
        let code = self.distinct.len() as u32;
        self.distinct.push(value);
        let (distinct, hasher) = (&self.distinct, &self.hasher);
        self.index.insert_unique(hash, code, |&code| match distinct.get(code as usize) {
            Some(value) => hasher.hash_one(value),
            None => 0,
        });
        code
    }

    fn give_up_coding(&mut self) {
        let codes = std::mem::take(&mut self.codes);
        let value = |code: u32| self.distinct.get(code as usize).cloned().unwrap_or_default();
        self.plain = Some(codes.into_iter().map(value).collect());
        self.distinct.clear();
        self.index.clear();
    }

    /// The column.
    pub fn finish(self) -> Column {
        if !self.any_value {
            return Column::Null(self.len());
        }
        match self.plain {
            Some(values) => Column::Values(values),
            None => Column::Dictionary(Dictionary::new(self.codes, self.distinct)),
        }
    }
}

/// Collects rows whose fields are not known beforehand.
#[derive(Debug, Default)]
pub struct BatchBuilder {
    columns: FieldMap<ColumnBuilder>,
    rows: usize,
}

impl BatchBuilder {
    /// No rows yet.
    pub fn new() -> BatchBuilder {
        BatchBuilder::default()
    }

    /// Rows finished so far.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Sets a field of the row being built; the last call for a field wins.
    pub fn set(&mut self, name: &str, value: Value) {
        let column = match self.columns.get_mut(name) {
            Some(column) => column,
            None => self.columns.entry(Text::from(name)).or_default(),
        };
        if column.len() <= self.rows {
            column.push_nulls(self.rows - column.len());
            column.push(value);
        }
    }

    /// The number of a field's column, for [`BatchBuilder::set_at`]; the field is added if it is new.
    pub fn column(&mut self, name: &str) -> usize {
        match self.columns.get_index_of(name) {
            Some(index) => index,
            None => self.columns.insert_full(Text::from(name), ColumnBuilder::new()).0,
        }
    }

    /// Sets a field of the row being built by the number of its column, once a row.
    pub fn set_at(&mut self, column: usize, value: Value) {
        if let Some(column) = self.open_cell(column) {
            column.push(value);
        }
    }

    /// As [`BatchBuilder::set_at`] with text, without allocating when the column has seen it before.
    pub fn set_text_at(&mut self, column: usize, text: &str) {
        if let Some(column) = self.open_cell(column) {
            column.push_text(text);
        }
    }

    /// The column, filled up to the row being built; none if it has its cell already.
    fn open_cell(&mut self, column: usize) -> Option<&mut ColumnBuilder> {
        let (_, column) = self.columns.get_index_mut(column)?;
        if column.len() > self.rows {
            return None;
        }
        column.push_nulls(self.rows - column.len());
        Some(column)
    }

    /// Ends the row: fields that were not set are null.
    pub fn end_row(&mut self) {
        self.rows += 1;
    }

    /// All rows as a batch; fields in order of first appearance.
    pub fn finish(self) -> Batch {
        let mut batch = Batch::with_rows(self.rows);
        for (name, mut column) in self.columns {
            column.push_nulls(self.rows.saturating_sub(column.len()));
            batch.set(name, column.finish());
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_values_are_coded() {
        let column = Column::from_values(vec!["a".into(), "b".into(), "a".into(), Value::Null]);
        assert!(matches!(&column, Column::Dictionary(dictionary)
                if dictionary.codes() == [0, 1, 0, 2] && dictionary.values().len() == 3));
    }

    #[test]
    fn distinct_values_are_not() {
        let values: Vec<Value> = (0..5000).map(|n| Value::text(format!("value {n}"))).collect();
        let column = Column::from_values(values.clone());
        assert!(matches!(&column, Column::Values(plain) if *plain == values));
    }

    #[test]
    fn rows_may_differ_in_fields() {
        let mut builder = BatchBuilder::new();
        builder.set("a", "1".into());
        builder.end_row();
        builder.set("b", "2".into());
        builder.end_row();
        let batch = builder.finish();
        assert_eq!(batch.rows(), 2);
        assert_eq!(*batch.get("a", 0), "1".into());
        assert!(batch.get("a", 1).is_null());
        assert_eq!(*batch.get("b", 1), "2".into());
    }

    #[test]
    fn borrowed_text_finds_its_code() {
        let mut builder = ColumnBuilder::new();
        builder.push(Value::text("a text that is too long to be inline"));
        for text in ["b", "a text that is too long to be inline", "b", "b"] {
            builder.push_text(text);
        }
        assert!(matches!(builder.finish(), Column::Dictionary(dictionary)
            if dictionary.codes() == [0, 1, 0, 1, 1] && dictionary.values().len() == 2));
    }

    #[test]
    fn cells_are_set_by_number() {
        let mut builder = BatchBuilder::new();
        let (a, b) = (builder.column("a"), builder.column("b"));
        assert_eq!(builder.column("a"), a);
        builder.set_text_at(b, "1");
        builder.end_row();
        builder.set_at(a, "2".into());
        builder.set_text_at(b, "3");
        builder.end_row();
        let batch = builder.finish();
        assert!(batch.get("a", 0).is_null());
        assert_eq!((batch.get("b", 0).to_text(), batch.get("b", 1).to_text()), ("1".into(), "3".into()));
    }

    #[test]
    fn concatenation_fills_missing_fields() {
        let one = Batch::from_rows(&["a".into()], [vec!["1".into()]]);
        let two = Batch::from_rows(&["b".into()], [vec!["2".into()], vec!["3".into()]]);
        let all = Batch::concat(&[one, two]);
        assert_eq!(all.rows(), 3);
        assert!(all.get("a", 2).is_null());
        assert_eq!(*all.get("b", 2), "3".into());
    }
}
