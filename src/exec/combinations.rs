//! Rows by what stands in a few of their fields: what depends on those alone is worked out once for each
//! combination of values, and not once a row.

use hashbrown::HashMap;

use crate::batch::{Batch, Column, Dictionary};
use crate::value::{Text, Value};

type Hashing = foldhash::fast::RandomState;

/// The combinations of values that some fields have in a batch.
#[derive(Debug)]
pub struct Combinations {
    /// For each row the number of its combination.
    of_row: Vec<u32>,
    /// The combinations: a value for each field.
    values: Vec<Vec<Value>>,
}

impl Combinations {
    /// Those of these fields, of which a batch may lack any.
    pub fn of<'f>(batch: &Batch, fields: impl IntoIterator<Item = &'f Text>) -> Combinations {
        let rows = batch.rows();
        let mut all = Combinations { of_row: vec![0; rows], values: vec![Vec::new()] };
        for field in fields {
            let (codes, values) = match batch.column(field) {
                Some(column) => numbered(column),
                None => (vec![0; rows], vec![Value::Null]),
            };
            all.extend(&codes, &values);
        }
        all
    }

    /// Makes each combination longer by the value that one more field has.
    fn extend(&mut self, codes: &[u32], values: &[Value]) {
        let mut known: HashMap<(u32, u32), u32, Hashing> = HashMap::default();
        let mut longer: Vec<Vec<Value>> = Vec::new();
        for (number, &code) in self.of_row.iter_mut().zip(codes) {
            let so_far = *number;
            *number = *known.entry((so_far, code)).or_insert_with(|| {
                let mut key = self.values.get(so_far as usize).cloned().unwrap_or_default();
                key.push(values.get(code as usize).cloned().unwrap_or_default());
                longer.push(key);
                (longer.len() - 1) as u32
            });
        }
        self.values = longer;
    }

    /// The combinations, each with a value for every field, in the order in which they first appear.
    pub fn iter(&self) -> impl Iterator<Item = &[Value]> {
        self.values.iter().map(Vec::as_slice)
    }

    /// Sets a field of the batch that these are of: for each combination to a value, or not at all, as where
    /// there are fewer outcomes than combinations. With
    /// `overwrite` false only where the row lacks the field.
    pub fn set(&self, batch: &mut Batch, field: &Text, outcomes: Vec<Option<Value>>, overwrite: bool) {
        let column = match batch.column(field) {
            Some(before) if !before.is_all_null() => {
                let value = |(row, &number): (usize, &u32)| {
                    let old = before.get(row);
                    match outcomes.get(number as usize) {
                        Some(Some(new)) if overwrite || old.is_null() => new.clone(),
                        _ => old.into_owned(),
                    }
                };
                Column::from_values(self.of_row.iter().enumerate().map(value).collect())
            }
            _ => {
                let values: Vec<Value> = outcomes.into_iter().map(Option::unwrap_or_default).collect();
                match values.iter().all(Value::is_null) {
                    true => Column::Null(self.of_row.len()),
                    false => Column::Dictionary(Dictionary::new(self.of_row.clone(), values)),
                }
            }
        };
        batch.set(field.clone(), column);
    }
}

/// For each row the number of its value, and the values.
fn numbered(column: &Column) -> (Vec<u32>, Vec<Value>) {
    if let Column::Dictionary(dictionary) = column
        && dictionary.repeats()
    {
        return (dictionary.codes().to_vec(), dictionary.values().to_vec());
    }
    let mut known: HashMap<Value, u32, Hashing> = HashMap::default();
    let mut values: Vec<Value> = Vec::new();
    let number = |value: std::borrow::Cow<'_, Value>| match known.get(value.as_ref()) {
        Some(&code) => code,
        None => {
            let code = values.len() as u32;
            values.push(value.as_ref().clone());
            known.insert(value.into_owned(), code);
            code
        }
    };
    let codes = column.iter().map(number).collect();
    (codes, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let names = ["a".into(), "b".into()];
        let row = |a: &str, b: Value| vec![Value::text(a), b];
        let rows = [row("x", "1".into()), row("y", "1".into()), row("x", Value::Null), row("x", "1".into())];
        Batch::from_rows(&names, rows)
    }

    #[test]
    fn each_combination_once_in_order_of_appearance() {
        let batch = batch();
        let fields: [Text; 3] = ["b".into(), "missing".into(), "a".into()];
        let all = Combinations::of(&batch, &fields);
        let found: Vec<&[Value]> = all.iter().collect();
        assert_eq!(
            found,
            [
                &["1".into(), Value::Null, "x".into()][..],
                &["1".into(), Value::Null, "y".into()][..],
                &[Value::Null, Value::Null, "x".into()][..],
            ]
        );
        assert_eq!(all.of_row, [0, 1, 2, 0]);
        assert_eq!(Combinations::of(&batch.slice(0, 0), &fields).iter().count(), 0);
    }

    #[test]
    fn fields_are_set_over_or_beside_what_is_there() {
        let outcomes = vec![Some("new".into()), None];
        let of_a = [Text::from("a")];
        let set = |field: &str, overwrite: bool| {
            let mut batch = batch();
            Combinations::of(&batch, &of_a).set(&mut batch, &field.into(), outcomes.clone(), overwrite);
            (0..4).map(|row| batch.get(field, row).to_text().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(set("b", true), ["new", "1", "new", "new"]);
        assert_eq!(set("b", false), ["1", "1", "new", "1"]);
        assert_eq!(set("c", false), ["new", "", "new", "new"]);
    }

    #[test]
    fn combinations_without_an_outcome_are_nulls_to_a_function() {
        let mut batch = batch();
        Combinations::of(&batch, &["a".into()]).set(&mut batch, &"c".into(), vec![Some("new".into())], true);
        let nulls = batch.column("c").map(|column| column.mask(Value::is_null));
        assert_eq!(nulls, Some(vec![false, true, false, false]));
    }
}
