//! Groups by their keys: which rows belong together.
//!
//! Keys are compared as text (`1` and `1.0` are two groups). Each key field's values are numbered once; a
//! row's group is found by those numbers, so a dictionary-coded column costs one look at each distinct
//! value and a row costs a look at a few numbers.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::batch::{Batch, Column, FieldMap};
use crate::value::{Text, Value};

/// Stands for a value that is not there.
const NONE: u32 = u32::MAX;

/// The values of one key field, numbered in order of appearance.
#[derive(Default)]
pub(super) struct Numbered {
    values: FieldMap<Value>,
}

impl Numbered {
    fn number(&mut self, value: &Value) -> u32 {
        let text = value.to_text();
        if let Some(number) = self.values.get_index_of(text.as_ref()) {
            return number as u32;
        }
        self.values.insert_full(Text::from(text), value.clone()).0 as u32
    }

    /// For each number its place in the order of groups: see [`compare_group_key`]. What a value is as a number is
    /// found out once.
    fn places(&self) -> Vec<u32> {
        let sortable = |(number, (text, value)): (usize, (&'_ Text, &'_ Value))| {
            (value.as_number(), text.clone(), number)
        };
        let mut sorted: Vec<(Option<f64>, Text, usize)> =
            self.values.iter().enumerate().map(sortable).collect();
        sorted.sort_unstable_by(|(a, text_a, _), (b, text_b, _)| {
            let by_number = match (a, b) {
                (Some(a), Some(b)) => a.total_cmp(b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            by_number.then_with(|| text_a.as_bytes().cmp(text_b.as_bytes()))
        });
        let mut places = vec![0; sorted.len()];
        for (place, (_, _, number)) in sorted.into_iter().enumerate() {
            if let Some(slot) = places.get_mut(number) {
                *slot = place as u32;
            }
        }
        places
    }

    fn value(&self, number: u32) -> Value {
        self.values.get_index(number as usize).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// For each row the numbers of a key's values.
enum Codes {
    /// One or `NONE`.
    Single(Vec<u32>),
    /// Several where the key is a multivalue.
    Lists(Vec<Vec<u32>>),
}

/// The groups of some key fields, numbered in order of appearance.
pub(super) struct Keys {
    numbered: Vec<Numbered>,
    /// For each key but the first: the number of a combination of the keys before and of this one's value, to
    /// the number of the longer combination. That of all keys is the group's.
    longer: Vec<HashMap<(u32, u32), u32, foldhash::fast::RandomState>>,
    /// The values' numbers of each group.
    codes: Vec<u32>,
    groups: u32,
    /// Whether a value that a multivalue key holds twice counts once.
    dedup: bool,
}

impl Keys {
    /// No groups yet, of so many keys.
    pub fn new(fields: usize, dedup: bool) -> Keys {
        Keys {
            numbered: (0..fields).map(|_| Numbered::default()).collect(),
            longer: (1..fields).map(|_| HashMap::default()).collect(),
            codes: Vec::new(),
            groups: 0,
            dedup,
        }
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.groups as usize
    }

    /// The rows of a batch with their groups: pairs of row and group. A row without one of the keys is in none;
    /// one with a multivalue key may be in several.
    pub fn members(&mut self, batch: &Batch, by: &[Text]) -> Vec<(u32, u32)> {
        let rows = batch.rows() as u32;
        if by.is_empty() {
            let group = self.group_of(&[]);
            return (0..rows).map(|row| (row, group)).collect();
        }
        let mut keys = Vec::new();
        for (name, numbered) in by.iter().zip(&mut self.numbered) {
            let Some(column) = batch.column(name) else { return Vec::new() };
            keys.push(codes(column, numbered, self.dedup));
        }
        let single = |key: &Codes| match key {
            Codes::Single(codes) => Some(codes.clone()),
            Codes::Lists(_) => None,
        };
        match keys.iter().map(single).collect::<Option<Vec<_>>>() {
            Some(keys) => self.members_of_single(&keys),
            None => self.members_of_lists(&keys.into_iter().map(Codes::into_lists).collect::<Vec<_>>(), rows),
        }
    }

    fn members_of_single(&mut self, keys: &[Vec<u32>]) -> Vec<(u32, u32)> {
        let Some((first, others)) = keys.split_first() else { return Vec::new() };
        let mut numbers = first.clone();
        for (at, key) in others.iter().enumerate() {
            // Neighbours are often alike.
            let mut last = ((NONE, NONE), NONE);
            for (row, (number, &code)) in numbers.iter_mut().zip(key).enumerate() {
                if *number == NONE || code == NONE {
                    *number = NONE;
                    continue;
                }
                let pair = (*number, code);
                if last.0 != pair {
                    let values = keys.iter().map(|key| key.get(row).copied().unwrap_or(NONE));
                    last = (pair, self.extend(at, pair, values));
                }
                *number = last.1;
            }
        }
        if others.is_empty() {
            self.all_values_are_groups();
        }
        let numbered = numbers.into_iter().enumerate();
        numbered.filter(|(_, group)| *group != NONE).map(|(row, group)| (row as u32, group)).collect()
    }

    /// With one key, the number of its value is the group's.
    fn all_values_are_groups(&mut self) {
        let values = self.numbered.first().map_or(0, |key| key.values.len()) as u32;
        self.codes.extend(self.groups..values);
        self.groups = values;
    }

    /// The number of a combination made longer by a value. `values` are those of all keys, for a new group.
    fn extend(&mut self, at: usize, pair: (u32, u32), values: impl Iterator<Item = u32>) -> u32 {
        let is_last = at + 1 == self.longer.len();
        let Some(longer) = self.longer.get_mut(at) else { return NONE };
        let next = longer.len() as u32;
        *longer.entry(pair).or_insert_with(|| {
            if is_last {
                self.codes.extend(values);
                self.groups += 1;
            }
            next
        })
    }

    fn members_of_lists(&mut self, keys: &[Vec<Vec<u32>>], rows: u32) -> Vec<(u32, u32)> {
        let mut members = Vec::with_capacity(rows as usize);
        for row in 0..rows {
            let choices: Vec<&[u32]> =
                keys.iter().filter_map(|key| key.get(row as usize)).map(Vec::as_slice).collect();
            for_each_combination(&choices, &mut |codes| members.push((row, self.group_of(codes))));
        }
        members
    }

    /// The group of these values' numbers.
    fn group_of(&mut self, codes: &[u32]) -> u32 {
        let Some((&first, others)) = codes.split_first() else {
            self.groups = 1;
            return 0;
        };
        if others.is_empty() {
            self.all_values_are_groups();
            return first;
        }
        let longer =
            |number: u32, (at, &code): (usize, &u32)| self.extend(at, (number, code), codes.iter().copied());
        others.iter().enumerate().fold(first, longer)
    }

    /// The one group of no keys, whether it has rows or not.
    pub fn add_whole(&mut self) {
        self.group_of(&[]);
    }

    /// The group of these values.
    pub fn group_of_values(&mut self, values: &[Value]) -> u32 {
        let codes: Vec<u32> =
            self.numbered.iter_mut().zip(values).map(|(key, value)| key.number(value)).collect();
        self.group_of(&codes)
    }

    /// For each group of another part the group of the same values.
    pub fn translate(&mut self, later: &Keys) -> Vec<u32> {
        let all = |(mine, theirs): (&mut Numbered, &Numbered)| -> Vec<u32> {
            theirs.values.values().map(|value| mine.number(value)).collect()
        };
        let numbers: Vec<Vec<u32>> = self.numbered.iter_mut().zip(&later.numbered).map(all).collect();
        let mut codes = Vec::with_capacity(numbers.len());
        let mut translated = Vec::with_capacity(later.len());
        for group in 0..later.len() {
            let theirs = later.codes_of(group).iter().zip(&numbers);
            codes.clear();
            codes.extend(theirs.map(|(&code, mine)| mine.get(code as usize).copied().unwrap_or(NONE)));
            translated.push(self.group_of(&codes));
        }
        translated
    }

    /// The groups sorted by their keys.
    pub fn sorted(&self) -> Vec<usize> {
        let places: Vec<Vec<u32>> = self.numbered.iter().map(Numbered::places).collect();
        let fields = self.numbered.len();
        let place = |(places, &code): (&Vec<u32>, &u32)| places.get(code as usize).copied().unwrap_or(0);
        // All groups' places in a row: comparing two groups is comparing two short stretches of it.
        let all: Vec<u32> =
            (0..self.len()).flat_map(|group| places.iter().zip(self.codes_of(group)).map(place)).collect();
        let of = |group: usize| all.get(group * fields..(group + 1) * fields);
        let mut sorted: Vec<usize> = (0..self.len()).collect();
        sorted.sort_unstable_by(|&a, &b| of(a).cmp(&of(b)));
        sorted
    }

    /// The values that a key has in some groups.
    pub fn column(&self, field: usize, groups: &[usize]) -> Column {
        let Some(numbered) = self.numbered.get(field) else { return Column::Null(groups.len()) };
        let code = |&group: &usize| self.codes_of(group).get(field).copied().unwrap_or(NONE);
        let values = numbered.values.values().cloned().collect();
        Column::Dictionary(groups.iter().map(code).collect(), Arc::new(values))
    }

    fn codes_of(&self, group: usize) -> &[u32] {
        let fields = self.numbered.len();
        self.codes.get(group * fields..(group + 1) * fields).unwrap_or(&[])
    }

    /// The values of a group's keys.
    pub fn values(&self, group: usize) -> Vec<Value> {
        self.numbered.iter().zip(self.codes_of(group)).map(|(key, &code)| key.value(code)).collect()
    }
}

impl Codes {
    fn into_lists(self) -> Vec<Vec<u32>> {
        match self {
            Codes::Single(codes) => {
                codes.into_iter().map(|code| if code == NONE { Vec::new() } else { vec![code] }).collect()
            }
            Codes::Lists(lists) => lists,
        }
    }
}

/// For each row the numbers of its values.
fn codes(column: &Column, numbered: &mut Numbered, dedup: bool) -> Codes {
    let mut number = |value: &Value| if value.is_null() { NONE } else { numbered.number(value) };
    let is_multi = |value: &Value| matches!(value, Value::Multi(_));
    match column {
        Column::Null(rows) => Codes::Single(vec![NONE; *rows]),
        Column::Dictionary(codes, values) if values.len() <= codes.len() && !values.iter().any(is_multi) => {
            // Numbers in the order of the rows: the dictionary may hold what no row has.
            let mut known: Vec<Option<u32>> = vec![None; values.len()];
            let mut of_row = |&code: &u32| {
                let slot = known.get_mut(code as usize)?;
                if slot.is_none() {
                    *slot = Some(number(values.get(code as usize)?));
                }
                *slot
            };
            Codes::Single(codes.iter().map(|code| of_row(code).unwrap_or(NONE)).collect())
        }
        Column::Numbers(..) => Codes::Single(column.iter().map(|value| number(&value)).collect()),
        Column::Values(values) if !values.iter().any(is_multi) => {
            Codes::Single(values.iter().map(number).collect())
        }
        other => Codes::Lists(codes_by_row(other, numbered, dedup)),
    }
}

/// For each row the numbers of its values: none for null, several for a multivalue.
pub(super) fn codes_by_row(column: &Column, numbered: &mut Numbered, dedup: bool) -> Vec<Vec<u32>> {
    let mut codes_of = |value: &Value| -> Vec<u32> {
        let mut codes: Vec<u32> = Vec::new();
        for single in value.values() {
            let code = numbered.number(single);
            if !(dedup && codes.contains(&code)) {
                codes.push(code);
            }
        }
        codes
    };
    match column {
        Column::Dictionary(codes, values) if values.len() <= codes.len() => {
            let mut known: Vec<Option<Vec<u32>>> = vec![None; values.len()];
            let mut of_row = |&code: &u32| {
                let slot = known.get_mut(code as usize)?;
                let value = values.get(code as usize)?;
                Some(slot.get_or_insert_with(|| codes_of(value)).clone())
            };
            codes.iter().map(|code| of_row(code).unwrap_or_default()).collect()
        }
        other => other.iter().map(|value| codes_of(&value)).collect(),
    }
}

/// Calls `visit` with every choice of one code from each list: the cross product of multivalue keys.
pub(super) fn for_each_combination(choices: &[&[u32]], visit: &mut impl FnMut(&[u32])) {
    if choices.iter().all(|choice| choice.len() == 1) {
        let codes: Vec<u32> = choices.iter().filter_map(|choice| choice.first().copied()).collect();
        return visit(&codes);
    }
    let mut combinations: Vec<Vec<u32>> = vec![Vec::new()];
    for choice in choices {
        let longer = |codes: &Vec<u32>| -> Vec<Vec<u32>> {
            choice.iter().map(|&code| codes.iter().copied().chain([code]).collect()).collect()
        };
        combinations = combinations.iter().flat_map(longer).collect();
    }
    for codes in &combinations {
        visit(codes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(keys: &mut Keys, rows: &[[&str; 2]]) -> Vec<(u32, u32)> {
        let cell = |text: &&str| match text.split('|').collect::<Vec<_>>().as_slice() {
            [""] => Value::Null,
            parts => Value::from_values(parts.iter().map(|part| Value::text(*part))),
        };
        let names: [Text; 2] = ["a".into(), "b".into()];
        let batch = Batch::from_rows(&names, rows.iter().map(|row| row.iter().map(cell).collect()));
        keys.members(&batch, &names)
    }

    #[test]
    fn groups_are_numbered_in_order_of_appearance() {
        let mut keys = Keys::new(2, false);
        let rows = [["x", "1"], ["y", "1"], ["x", ""], ["x", "1"], ["x", "2"]];
        assert_eq!(members(&mut keys, &rows), [(0, 0), (1, 1), (3, 0), (4, 2)]);
        assert_eq!(
            members(&mut keys, &[["x|z", "2|2"], ["z", "2"]]),
            [(0, 2), (0, 2), (0, 3), (0, 3), (1, 3)]
        );
        assert_eq!(keys.values(3), ["z".into(), "2".into()]);
        let mut earlier = Keys::new(2, false);
        members(&mut earlier, &[["q", "1"], ["z", "2"]]);
        assert_eq!(earlier.translate(&keys), [2, 3, 4, 1]);
        assert_eq!((keys.len(), earlier.len()), (4, 5));
    }

    #[test]
    fn one_key_and_none() {
        let batch = Batch::from_rows(&["a".into()], ["p", "q", "p"].map(|text| vec![text.into()]));
        let mut keys = Keys::new(1, false);
        assert_eq!(keys.members(&batch, &["a".into()]), [(0, 0), (1, 1), (2, 0)]);
        assert_eq!((keys.len(), keys.values(1)), (2, vec!["q".into()]));
        assert_eq!(keys.group_of_values(&["r".into()]), 2);
        let mut whole = Keys::new(0, false);
        assert_eq!((whole.members(&batch, &[]), whole.len()), (vec![(0, 0), (1, 0), (2, 0)], 1));
    }
}
