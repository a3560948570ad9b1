//! The order of rows by fields: what is in the fields is read once and becomes ranks, and rows are compared by
//! these.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

use super::By;
use crate::batch::Column;
use crate::value::{Value, order_of_texts, rank_of, sort_by};

/// The rank of a row without the field: last in both directions.
const MISSING: u64 = u64::MAX;

/// The rank of a value that is not of the kind that is asked for.
const OTHER: u64 = u64::MAX - 1;

/// A value as it is compared. Of two kinds, the one that stands here first comes first: so every set of values has
/// one order.
enum Cell<'v> {
    Number(f64),
    Address(IpAddr),
    Text(Cow<'v, str>),
    Other,
    Missing,
}

impl<'v> Cell<'v> {
    fn of(value: &'v Value, by: By) -> Cell<'v> {
        if value.is_null() {
            return Cell::Missing;
        }
        let number = |value: &Value| value.as_number().map(Cell::Number);
        let address = |value: &Value| value.to_text().parse().ok().map(Cell::Address);
        match by {
            By::Number => number(value).unwrap_or(Cell::Other),
            By::Address => address(value).unwrap_or(Cell::Other),
            By::Text => Cell::Text(value.to_text()),
            By::Auto => {
                let first = value.values().first().unwrap_or(value);
                number(first).or_else(|| address(first)).unwrap_or_else(|| Cell::Text(first.to_text()))
            }
        }
    }

    /// The rank, where it can be told without the other cells.
    fn rank(&self) -> Option<u64> {
        match self {
            Cell::Number(number) => Some(rank_of(*number)),
            Cell::Other => Some(OTHER),
            Cell::Missing => Some(MISSING),
            Cell::Address(_) | Cell::Text(_) => None,
        }
    }
}

/// The ranks of the rows of a column.
pub fn ranks(column: Option<&Column>, rows: usize, by: By, descending: bool) -> Vec<u64> {
    let mut ranks = match column {
        None | Some(Column::Null(_)) => vec![MISSING; rows],
        Some(Column::Numbers(numbers, _)) if matches!(by, By::Auto | By::Number) => {
            numbers.iter().map(|&number| rank_of(number)).collect()
        }
        Some(Column::Dictionary(dictionary)) if dictionary.repeats() => {
            let (codes, values) = (dictionary.codes(), dictionary.values());
            let of_values = ranks_of(values.iter().map(|value| Cell::of(value, by)).collect());
            codes.iter().map(|&code| of_values.get(code as usize).copied().unwrap_or(MISSING)).collect()
        }
        Some(Column::Values(values)) => ranks_of(values.iter().map(|value| Cell::of(value, by)).collect()),
        Some(column) => {
            let values: Vec<Value> = column.iter().map(Cow::into_owned).collect();
            ranks_of(values.iter().map(|value| Cell::of(value, by)).collect())
        }
    };
    if descending {
        ranks.iter_mut().filter(|rank| **rank != MISSING).for_each(|rank| *rank = OTHER - *rank);
    }
    ranks
}

fn ranks_of(cells: Vec<Cell<'_>>) -> Vec<u64> {
    if let Some(ranks) = cells.iter().map(Cell::rank).collect() {
        return ranks;
    }
    let (mut numbers, mut addresses, mut texts, mut rows_of_texts) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut ranks = vec![MISSING; cells.len()];
    for (row, cell) in cells.iter().enumerate() {
        match cell {
            Cell::Number(number) => numbers.push((rank_of(*number), row)),
            Cell::Address(address) => addresses.push((*address, row)),
            Cell::Text(text) => {
                texts.push(text.as_ref());
                rows_of_texts.push(row);
            }
            Cell::Other => ranks.iter_mut().skip(row).take(1).for_each(|rank| *rank = OTHER),
            Cell::Missing => {}
        }
    }
    sort_by(&mut numbers, Ord::cmp);
    sort_by(&mut addresses, Ord::cmp);
    let row_of = |at: &u32| rows_of_texts.get(*at as usize).copied().unwrap_or(usize::MAX);
    let text_of = |at: &u32| texts.get(*at as usize).copied();
    let texts = order_of_texts(&texts).into_iter().map(|at| (text_of(&at), row_of(&at))).collect::<Vec<_>>();
    let mut next = number_on(0, &numbers, &mut ranks);
    next = number_on(next, &addresses, &mut ranks);
    number_on(next, &texts, &mut ranks);
    ranks
}

/// Gives sorted values' rows their ranks, equal ones the same; gives the next rank.
fn number_on<T: PartialEq>(first: u64, sorted: &[(T, usize)], ranks: &mut [u64]) -> u64 {
    let mut next = first;
    for alike in sorted.chunk_by(|(a, _), (b, _)| a == b) {
        for (_, row) in alike {
            if let Some(rank) = ranks.get_mut(*row) {
                *rank = next;
            }
        }
        next += 1;
    }
    next
}

/// The numbers of the first rows in the order of their ranks: by the first key, then by the others, then as they
/// came. All of them without a limit.
pub fn sorted(rows: usize, keys: &[Vec<u64>], limit: Option<usize>) -> Vec<usize> {
    let (first, others) = keys.split_first().map_or((&[][..], keys), |(first, others)| (&first[..], others));
    let mut sorted: Vec<(u64, usize)> =
        (0..rows).map(|row| (first.get(row).copied().unwrap_or(MISSING), row)).collect();
    let compare = |(a, row_a): &(u64, usize), (b, row_b): &(u64, usize)| {
        let by_others = || {
            let orders = others.iter().map(|key| key.get(*row_a).cmp(&key.get(*row_b)));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        a.cmp(b).then_with(by_others).then_with(|| row_a.cmp(row_b))
    };
    if let Some(limit) = limit.filter(|&limit| limit < rows) {
        sorted.select_nth_unstable_by(limit, compare);
        sorted.truncate(limit);
    }
    sort_by(&mut sorted, compare);
    sorted.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(values: &[&str], by: By, descending: bool, limit: Option<usize>) -> Vec<String> {
        let value = |text: &&str| if text.is_empty() { Value::Null } else { Value::text(*text) };
        let column = Column::from_values(values.iter().map(value).collect());
        let ranks = ranks(Some(&column), values.len(), by, descending);
        let rows = sorted(values.len(), &[ranks], limit);
        rows.into_iter().map(|row| column.get(row).to_text().into_owned()).collect()
    }

    #[test]
    fn every_kind_in_its_order() {
        let mixed = ["1x", "", "10", "10.0.0.10", "-3", "b", "2", "10.0.0.9", "a", "1e2"];
        let up = ["-3", "2", "10", "1e2", "10.0.0.9", "10.0.0.10", "1x", "a", "b", ""];
        assert_eq!(order(&mixed, By::Auto, false, None), up);
        let mut down = up.to_vec();
        down[..9].reverse();
        assert_eq!(order(&mixed, By::Auto, true, None), down);
        assert_eq!(order(&mixed, By::Auto, true, Some(2)), ["b", "a"]);
        assert_eq!(order(&["9", "10", "x", ""], By::Text, false, None), ["10", "9", "x", ""]);
        assert_eq!(order(&["x", "9", "", "10"], By::Number, false, None), ["9", "10", "x", ""]);
        assert_eq!(order(&["x", "9", "", "10"], By::Number, true, None), ["x", "10", "9", ""]);
    }

    #[test]
    fn equal_rows_stay_in_order_also_when_there_are_many() {
        let rows = 3 << 16;
        let key: Vec<u64> = (0..rows as u64).map(|row| row % 3).collect();
        let found = sorted(rows, &[vec![7; rows], key], None);
        let expected: Vec<usize> = (0..3).flat_map(|rest| (rest..rows).step_by(3)).collect();
        assert_eq!(found, expected);
        assert_eq!(sorted(rows, &[], Some(3)), [0, 1, 2]);
    }
}
