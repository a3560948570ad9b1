//! Setting the fields that were read out of one field.

use crate::batch::{Batch, Column, FieldMap, FieldSet};
use crate::exec::Combinations;
use crate::value::{Text, Value};

/// The fields read out of one value, in order; a name may come again with a further value.
pub type Found = Vec<(Text, Value)>;

/// What becomes of a field that a row has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is overwritten.
    Replaced,
    /// It stays.
    Kept,
    /// It gets further values.
    Extended,
}

/// Reads fields out of the field `source`, once for each distinct value of it, and sets those that are
/// `wanted`. Values of one name in one row make a multivalue field. A row in which nothing is found for a
/// name keeps what it has.
pub fn add_fields(
    batch: &mut Batch,
    source: &Text,
    existing: Existing,
    wanted: &FieldSet,
    mut read: impl FnMut(&Value) -> Found,
) {
    let texts = Combinations::of(batch, [source]);
    let mut outcomes: FieldMap<Vec<Option<Value>>> = FieldMap::default();
    for (at, text) in texts.iter().enumerate() {
        let Some(text) = text.first().filter(|text| !text.is_null()) else { continue };
        let mut found: FieldMap<Vec<Value>> = FieldMap::default();
        for (name, value) in read(text).into_iter().filter(|(name, _)| wanted.contains(name)) {
            found.entry(name).or_default().push(value);
        }
        for (name, values) in found {
            let outcomes = outcomes.entry(name).or_default();
            outcomes.resize(at, None);
            outcomes.push(Some(Value::from_values(values)));
        }
    }
    for (name, outcomes) in outcomes {
        match existing {
            Existing::Extended => extend(batch, &texts, name, outcomes),
            _ => texts.set(batch, &name, outcomes, existing == Existing::Replaced),
        }
    }
}

fn extend(batch: &mut Batch, texts: &Combinations, name: Text, outcomes: Vec<Option<Value>>) {
    let before = batch.column(&name).cloned().unwrap_or(Column::Null(batch.rows()));
    batch.set(name.clone(), Column::Null(batch.rows()));
    texts.set(batch, &name, outcomes, true);
    let Some(added) = batch.column(&name).filter(|_| !before.is_all_null()) else { return };
    let both = before
        .iter()
        .zip(added.iter())
        .map(|(old, new)| Value::from_values([old.into_owned(), new.into_owned()]));
    let column = Column::from_values(both.collect());
    batch.set(name, column);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(existing: Existing) -> Vec<String> {
        let names = ["t".into(), "b".into()];
        let row = |t: &str, b: &str| vec![t.into(), b.into()];
        let mut batch = Batch::from_rows(&names, [row("x y", "old"), row("", "old"), row("x y", "new")]);
        add_fields(&mut batch, &"t".into(), existing, &FieldSet::of(["b"]), |text| {
            let words = text.to_text().split_whitespace().map(|word| ("b".into(), word.into())).collect();
            [words, vec![("c".into(), "unwanted".into())]].concat()
        });
        assert!(batch.column("c").is_none());
        (0..3).map(|row| batch.get("b", row).to_text().replace('\n', "+")).collect()
    }

    #[test]
    fn what_is_there_is_replaced_kept_or_extended() {
        assert_eq!(with(Existing::Replaced), ["x+y", "old", "x+y"]);
        assert_eq!(with(Existing::Kept), ["old", "old", "new"]);
        assert_eq!(with(Existing::Extended), ["old+x+y", "old", "new+x+y"]);
    }
}
