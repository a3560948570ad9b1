//! Values that repeat.

use std::sync::Arc;

use crate::value::Value;

/// For each row a code: its value's place in a list. Entries may be equal, may be null, and need not all be in use;
/// that a code has an entry is certain.
#[derive(Clone, Debug)]
pub struct Dictionary {
    codes: Vec<u32>,
    values: Arc<Vec<Value>>,
}

impl Dictionary {
    /// Codes into values. A code beyond them stands for null.
    pub fn new(mut codes: Vec<u32>, values: impl Into<Arc<Vec<Value>>>) -> Dictionary {
        let mut values = values.into();
        let entries = values.len() as u32;
        if codes.iter().max().is_some_and(|&most| most >= entries) {
            Arc::make_mut(&mut values).push(Value::Null);
            codes.iter_mut().for_each(|code| *code = (*code).min(entries));
        }
        Dictionary { codes, values }
    }

    /// For each row its code.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The entries.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.codes.len()
    }

    /// The value in a row; none beyond the end.
    pub fn get(&self, row: usize) -> Option<&Value> {
        self.codes.get(row).and_then(|&code| self.values.get(code as usize))
    }

    /// All values in turn.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.codes.iter().filter_map(|&code| self.values.get(code as usize))
    }

    /// Whether to do something for each entry is less than to do it for each row.
    pub fn repeats(&self) -> bool {
        self.values.len() <= self.codes.len()
    }

    /// For each row what a function makes of its value: once for each entry.
    pub fn each<T: Clone>(&self, function: impl FnMut(&Value) -> T) -> impl Iterator<Item = T> {
        let made: Vec<T> = self.values.iter().map(function).collect();
        self.codes.iter().filter_map(move |&code| made.get(code as usize).cloned())
    }

    /// As [`Dictionary::each`], as values.
    pub fn map<'s>(&'s self, function: impl FnMut(&'s Value) -> Value) -> Dictionary {
        let values = self.values.iter().map(function).collect();
        Dictionary { codes: self.codes.clone(), values: Arc::new(values) }
    }

    /// The rows with these numbers, in this order.
    pub fn take(&self, rows: &[usize]) -> Dictionary {
        let codes = rows.iter().filter_map(|&row| self.codes.get(row).copied()).collect();
        Dictionary { codes, values: Arc::clone(&self.values) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_an_entry_is_null() {
        let values = Arc::new(vec![Value::text("a"), Value::text("b")]);
        let dictionary = Dictionary::new(vec![1, 7, 0, u32::MAX], Arc::clone(&values));
        let made: Vec<bool> = dictionary.each(Value::is_null).collect();
        assert_eq!(made, [false, true, false, true]);
        assert_eq!(
            (dictionary.get(0), dictionary.get(3), dictionary.get(4)),
            (values.get(1), Some(&Value::Null), None)
        );
        assert_eq!(values.len(), 2);
        assert_eq!(Dictionary::new(vec![1, 0], values).values().len(), 2);
        assert!(Dictionary::new(Vec::new(), Vec::new()).get(0).is_none());
    }
}
