//! Groups by their keys: which rows belong together.
//!
//! Keys are compared as text (`1` and `1.0` are two groups). Each key field's values are numbered once; a
//! row's group is found by those numbers, so a dictionary-coded column costs one look at each distinct
//! value and a row costs a look at a few numbers.

use hashbrown::HashMap;

use crate::batch::{Batch, Column, Dictionary};
use crate::value::{Text, Texts, Value, order_of_texts, parse_number, rank_of, sort_by};

/// Stands for a value that is not there.
const NONE: u32 = u32::MAX;

type Hashing = foldhash::fast::RandomState;

/// The values of one key field, numbered in order of appearance.
#[derive(Default)]
pub(super) struct Numbered {
    texts: Texts,
    /// The values that are no text, as they came, by their numbers.
    others: HashMap<u32, Value, Hashing>,
}

impl Numbered {
    fn number(&mut self, value: &Value) -> u32 {
        if let Value::Text(text) = value {
            return self.texts.number(text);
        }
        let before = self.texts.len();
        let number = self.texts.number_of(&value.to_text());
        if self.texts.len() > before {
            self.others.insert(number, value.clone());
        }
        number
    }

    /// The number of a value of another part.
    fn number_like(&mut self, later: &Numbered, number: u32) -> u32 {
        let before = self.texts.len();
        let mine = self.texts.number_like(&later.texts, number);
        if self.texts.len() > before
            && let Some(value) = later.others.get(&number)
        {
            self.others.insert(mine, value.clone());
        }
        mine
    }

    fn len(&self) -> usize {
        self.texts.len()
    }

    /// The number that a value is, or looks like.
    fn numeric(&self, number: u32) -> Option<f64> {
        match self.others.get(&number) {
            Some(value) => value.as_number(),
            None => self.texts.get(number).and_then(|text| parse_number(text)).map(|number| number.value),
        }
    }

    fn value(&self, number: u32) -> Value {
        let text = || self.texts.get(number).cloned().map(Value::Text);
        self.others.get(&number).cloned().or_else(text).unwrap_or_default()
    }
}

/// For each value of some lists its place in the order of groups: see [`crate::value::compare_group_key`]. What a
/// text is as a number is found out once.
fn places(lists: &[&Numbered]) -> Vec<Vec<u32>> {
    let all: Vec<&str> = lists.iter().flat_map(|list| list.texts.iter()).map(Text::as_str).collect();
    let numerics = lists.iter().flat_map(|list| (0..list.len() as u32).map(|number| list.numeric(number)));
    let (mut numbers, mut texts, mut place_of_text) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (text, numeric)) in all.iter().zip(numerics).enumerate() {
        match numeric {
            Some(number) => numbers.push((rank_of(number), at)),
            None => {
                texts.push(*text);
                place_of_text.push(at);
            }
        }
    }
    let text = |at: usize| all.get(at);
    sort_by(&mut numbers, |(a, at_a), (b, at_b)| a.cmp(b).then_with(|| text(*at_a).cmp(&text(*at_b))));
    let texts = order_of_texts(&texts).into_iter().filter_map(|at| place_of_text.get(at as usize).copied());
    let mut places = vec![0; all.len()];
    let (mut place, mut last) = (0, None);
    for at in numbers.iter().map(|(_, at)| *at).chain(texts) {
        place += u32::from(last.is_some_and(|last| last != text(at)));
        last = Some(text(at));
        if let Some(slot) = places.get_mut(at) {
            *slot = place;
        }
    }
    let mut places = places.into_iter();
    lists.iter().map(|list| places.by_ref().take(list.len()).collect()).collect()
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
    /// The values' numbers of each group.
    codes: Vec<u32>,
    /// For each key but the first: the number of a combination of the keys before and of this one's value, to
    /// the number of the longer combination. That of all keys is the group's.
    longer: Vec<HashMap<(u32, u32), u32, Hashing>>,
    groups: u32,
    /// Whether a value that a multivalue key holds twice counts once.
    dedup: bool,
}

impl Keys {
    /// No groups yet, of so many keys.
    pub fn new(fields: usize, dedup: bool) -> Keys {
        Keys {
            numbered: (0..fields).map(|_| Numbered::default()).collect(),
            codes: Vec::new(),
            longer: (1..fields).map(|_| HashMap::default()).collect(),
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
        let values = self.numbered.first().map_or(0, Numbered::len) as u32;
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

    /// For each of these groups of another part the group of the same values.
    pub fn translate(&mut self, later: &Keys, groups: impl Iterator<Item = u32>) -> Vec<u32> {
        let unknown = |theirs: &Numbered| vec![NONE; theirs.len()];
        let mut known: Vec<Vec<u32>> = later.numbered.iter().map(unknown).collect();
        let mut codes = Vec::with_capacity(known.len());
        let translate = |group: u32| {
            codes.clear();
            let fields = self.numbered.iter_mut().zip(&later.numbered).zip(&mut known);
            for (((mine, theirs), known), &code) in fields.zip(later.codes_of(group as usize)) {
                let Some(slot) = known.get_mut(code as usize) else { continue };
                if *slot == NONE {
                    *slot = mine.number_like(theirs, code);
                }
                codes.push(*slot);
            }
            self.group_of(&codes)
        };
        groups.map(translate).collect()
    }

    /// For each group the one of so many shards that the same values are in in all parts.
    pub fn shards(&self, shards: usize) -> Vec<u32> {
        let hash = |so_far: u32, (key, &code): (&Numbered, &u32)| mix(so_far, key.texts.hash(code));
        let of_group = |group| self.numbered.iter().zip(self.codes_of(group)).fold(0, hash);
        (0..self.len()).map(|group| shard_of(of_group(group), shards)).collect()
    }

    /// The rows of a batch shared out by the hash of their keys, in the same way as groups by [`Keys::shards`]; rows in
    /// no group are left out. None where a key is a multivalue.
    pub fn split(batch: &Batch, by: &[Text], shards: usize) -> Option<Vec<Vec<usize>>> {
        let mut split = vec![Vec::new(); shards];
        let mut hashes: Vec<Option<u32>> = vec![Some(0); batch.rows()];
        for name in by {
            let Some(column) = batch.column(name) else { return Some(split) };
            let of_column = hashes_of(column)?;
            for (hash, of_value) in hashes.iter_mut().zip(of_column) {
                *hash = hash.zip(of_value).map(|(so_far, hash)| mix(so_far, hash));
            }
        }
        for (row, hash) in hashes.into_iter().enumerate() {
            if let Some(rows) = hash.and_then(|hash| split.get_mut(shard_of(hash, shards) as usize)) {
                rows.push(row);
            }
        }
        Some(split)
    }

    /// The groups of several parts that have none in common, sorted by their keys; numbered through, part by part.
    pub fn sorted(parts: &[&Keys]) -> Vec<usize> {
        let fields = parts.first().map_or(0, |keys| keys.numbered.len());
        let of_field = |field: usize| -> Vec<Vec<u32>> {
            places(&parts.iter().filter_map(|keys| keys.numbered.get(field)).collect::<Vec<_>>())
        };
        let places: Vec<Vec<Vec<u32>>> = (0..fields).map(of_field).collect();
        // All groups' places in a row: comparing two groups is comparing two short stretches of it.
        let mut all: Vec<u32> = Vec::new();
        for (part, keys) in parts.iter().enumerate() {
            let places: Vec<&[u32]> =
                places.iter().filter_map(|field| field.get(part)).map(Vec::as_slice).collect();
            let place = |(places, &code): (&&[u32], &u32)| places.get(code as usize).copied().unwrap_or(0);
            all.extend((0..keys.len()).flat_map(|group| places.iter().zip(keys.codes_of(group)).map(place)));
        }
        let groups = parts.iter().map(|keys| keys.len()).sum();
        let of = |group: usize| all.get(group * fields..(group + 1) * fields).unwrap_or(&[]);
        // Two places make one number.
        let place = |group: usize, field: usize| u64::from(of(group).get(field).copied().unwrap_or(0));
        let first_two = |group: usize| place(group, 0) << 32 | place(group, 1);
        let mut sorted: Vec<(u64, usize)> = (0..groups).map(|group| (first_two(group), group)).collect();
        let others = |group: usize| of(group).get(2..);
        sort_by(&mut sorted, |(first_a, a), (first_b, b)| {
            first_a.cmp(first_b).then_with(|| others(*a).cmp(&others(*b)))
        });
        sorted.into_iter().map(|(_, group)| group).collect()
    }

    /// The values that a key has in some groups of several parts, numbered as [`Keys::sorted`] does.
    pub fn column(parts: &[&Keys], field: usize, groups: &[usize]) -> Column {
        let (mut values, mut codes) = (Vec::new(), Vec::new());
        for keys in parts {
            let Some(numbered) = keys.numbered.get(field) else { return Column::Null(groups.len()) };
            let first = values.len() as u32;
            values.extend((0..numbered.len() as u32).map(|number| numbered.value(number)));
            let code = |group| keys.codes_of(group).get(field).copied().unwrap_or(NONE);
            codes.extend((0..keys.len()).map(|group| code(group) + first));
        }
        let code = |&group: &usize| codes.get(group).copied().unwrap_or(NONE);
        Column::Dictionary(Dictionary::new(groups.iter().map(code).collect(), values))
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

/// The hash of keys made longer by one.
fn mix(so_far: u32, hash: u32) -> u32 {
    (so_far.rotate_left(5) ^ hash).wrapping_mul(0x9e37_79b1)
}

/// By the highest bits: the lowest are those that tables look at first.
fn shard_of(hash: u32, shards: usize) -> u32 {
    ((u64::from(hash) * shards as u64) >> 32) as u32
}

/// For each row the hash of its value, none for null; nothing where a value is a multivalue.
fn hashes_of(column: &Column) -> Option<Vec<Option<u32>>> {
    let hash = |value: &Value| match value {
        Value::Null => Some(None),
        Value::Multi(_) => None,
        one => Some(Some(Texts::hash_of(&one.to_text()))),
    };
    column.each(hash).into_iter().collect()
}

/// For each row the numbers of its values.
fn codes(column: &Column, numbered: &mut Numbered, dedup: bool) -> Codes {
    let mut number = |value: &Value| if value.is_null() { NONE } else { numbered.number(value) };
    let is_multi = |value: &Value| matches!(value, Value::Multi(_));
    match column {
        Column::Null(rows) => Codes::Single(vec![NONE; *rows]),
        Column::Dictionary(dictionary)
            if dictionary.repeats() && !dictionary.values().iter().any(is_multi) =>
        {
            let (codes, values) = (dictionary.codes(), dictionary.values());
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
        Column::Dictionary(dictionary) if dictionary.repeats() => {
            let (codes, values) = (dictionary.codes(), dictionary.values());
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
        assert_eq!(earlier.translate(&keys, 0..4), [2, 3, 4, 1]);
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
