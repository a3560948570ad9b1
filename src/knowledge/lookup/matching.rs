//! Finding the rows of a table that match, without going through all of them.
//!
//! For each set of key columns that is asked for, the rows are put into groups of one *shape*: for each key
//! column, how its cell is compared. Within a group the cells give a key that a hash table finds:
//! - a cell that is compared exactly gives its text;
//! - a cell with `*` gives the letters before its first `*` and after its last, up to a power of two of
//!   them, so that there are few shapes; the whole pattern is checked afterwards;
//! - a cell that begins and ends with `*` gives letters from between: a value is looked up by all that it has of
//!   as many letters in a row;
//! - a network gives its address, under a shape for each length of prefix.
//!
//! A look-up goes through the shapes, of which there are few however many rows there are. Where many rows have one
//! key, they are told apart once more by all their letters before and after the stars.

use std::borrow::Cow;
use std::net::IpAddr;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use ipnet::IpNet;

use super::definition::MatchType;
use super::table::TableData;
use crate::batch::Pattern;

/// How one cell is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    /// The same text.
    Exact,
    /// A pattern with so many letters before its first and after its last `*` in the key.
    Pattern { head: usize, tail: usize },
    /// A pattern that begins and ends with `*`, with so many letters from between in the key.
    Within(usize),
    /// A network with a prefix of this length.
    Network { v6: bool, prefix: u8 },
}

type Hashing = foldhash::fast::RandomState;

/// The rows of one shape.
#[derive(Debug)]
struct Group {
    shapes: Vec<Shape>,
    rows: HashMap<Vec<u8>, Rows, Hashing>,
}

/// Rows with one key, in order.
#[derive(Debug)]
enum Rows {
    One(usize),
    Few(Vec<usize>),
    /// Many, by longer keys.
    Many(Vec<Group>),
}

impl Rows {
    fn push(&mut self, row: usize) {
        match self {
            Rows::One(first) => *self = Rows::Few(vec![*first, row]),
            Rows::Few(rows) => rows.push(row),
            Rows::Many(_) => {}
        }
    }
}

/// More rows than this with one key are told apart once more.
const MANY: usize = 16;

/// Letters in a key when rows are told apart by few of them, and at most.
const LETTERS: usize = 16;
const MOST_LETTERS: usize = 256;

/// The rows of a table by what stands in its key columns.
#[derive(Debug)]
pub(super) struct Index {
    columns: Vec<usize>,
    fold_case: bool,
    groups: Vec<Group>,
    /// The patterns of the rows that have some: (row, place among the key columns) to pattern.
    patterns: HashMap<(usize, usize), Pattern, Hashing>,
}

impl Index {
    /// Goes through the table once. `columns` are the key columns with how each is compared.
    pub fn build(table: &TableData, columns: &[(usize, MatchType)], case_sensitive: bool) -> Index {
        let mut index = Index {
            columns: columns.iter().map(|(column, _)| *column).collect(),
            fold_case: !case_sensitive,
            groups: Vec::new(),
            patterns: HashMap::default(),
        };
        for row in 0..table.rows() {
            for (at, (column, kind)) in columns.iter().enumerate() {
                let cell = table.row(row).get(*column).map_or("", |cell| cell.as_str());
                if *kind == MatchType::Wildcard && cell.contains('*') {
                    index.patterns.insert((row, at), Pattern::new(index.fold(cell).as_ref()));
                }
            }
        }
        index.groups = grouped(table, columns, index.fold_case, 0..table.rows(), rounded);
        for rows in index.groups.iter_mut().flat_map(|group| group.rows.values_mut()) {
            if let Rows::Few(few) = rows
                && few.len() > MANY
                && few.iter().any(|row| (0..columns.len()).any(|at| index.patterns.contains_key(&(*row, at))))
            {
                let few = few.iter().copied();
                *rows = Rows::Many(grouped(table, columns, index.fold_case, few, whole));
            }
        }
        index
    }

    /// The first `limit` rows, in the table's order, whose cells match these values; one value for each key
    /// column, in the order of `columns`.
    pub fn find(&self, values: &[&str], limit: usize) -> Vec<usize> {
        let values: Vec<Cow<'_, str>> = values.iter().map(|value| self.fold(value)).collect();
        let mut found: Vec<usize> = Vec::new();
        self.find_in(&self.groups, &values, limit, &mut found);
        found.sort_unstable();
        // A value may have the same letters twice.
        found.dedup();
        found.truncate(limit);
        found
    }

    fn find_in(&self, groups: &[Group], values: &[Cow<'_, str>], limit: usize, found: &mut Vec<usize>) {
        for group in groups {
            for_each_key(&group.shapes, values, &mut |key| match group.rows.get(key) {
                Some(Rows::One(row)) => {
                    found.extend(Some(*row).filter(|row| self.patterns_match(group, *row, values)));
                }
                Some(Rows::Few(rows)) => {
                    let matching = rows.iter().copied();
                    found.extend(matching.filter(|row| self.patterns_match(group, *row, values)).take(limit));
                }
                Some(Rows::Many(groups)) => self.find_in(groups, values, limit, found),
                None => {}
            });
        }
    }

    /// The columns of the key, in order.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    fn patterns_match(&self, group: &Group, row: usize, values: &[Cow<'_, str>]) -> bool {
        group.shapes.iter().zip(values).enumerate().all(|(at, (shape, value))| match shape {
            Shape::Pattern { .. } | Shape::Within(_) => {
                self.patterns.get(&(row, at)).is_some_and(|pattern| pattern.matches(value))
            }
            _ => true,
        })
    }

    fn fold<'v>(&self, value: &'v str) -> Cow<'v, str> {
        fold(value, self.fold_case)
    }
}

fn fold(value: &str, fold_case: bool) -> Cow<'_, str> {
    if fold_case { Cow::Owned(value.to_lowercase()) } else { Cow::Borrowed(value) }
}

/// Some rows by their shapes; `letters` says how many of so many go into a key.
fn grouped(
    table: &TableData,
    columns: &[(usize, MatchType)],
    fold_case: bool,
    rows: impl Iterator<Item = usize>,
    letters: fn(usize) -> usize,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_shapes: HashMap<Vec<Shape>, usize, Hashing> = HashMap::default();
    for row in rows {
        let cell = |column: usize| table.row(row).get(column).map_or("", |cell| cell.as_str());
        let cells: Vec<Cow<'_, str>> =
            columns.iter().map(|(column, _)| fold(cell(*column), fold_case)).collect();
        let kinds = columns.iter().map(|(_, kind)| *kind);
        let mut shapes: Vec<Shape> =
            cells.iter().zip(kinds).map(|(cell, kind)| shape_of(cell, kind, letters)).collect();
        keep_one_within(&mut shapes);
        // Of exact cells all letters and their number; there are many keys.
        let mut key = Vec::with_capacity(cells.iter().map(|cell| cell.len() + 8).sum());
        for (shape, cell) in shapes.iter().zip(&cells) {
            push_key(&mut key, *shape, cell);
        }
        let group = *by_shapes.entry(shapes).or_insert_with_key(|shapes| {
            groups.push(Group { shapes: shapes.clone(), rows: HashMap::default() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(group) {
            match group.rows.entry(key) {
                Entry::Vacant(place) => drop(place.insert(Rows::One(row))),
                Entry::Occupied(mut rows) => rows.get_mut().push(row),
            }
        }
    }
    groups
}

/// A value has many keys for letters from within: of several such cells only the first is in the key.
fn keep_one_within(shapes: &mut [Shape]) {
    let within = shapes.iter_mut().filter(|shape| matches!(shape, Shape::Within(_)));
    within.skip(1).for_each(|shape| *shape = Shape::Pattern { head: 0, tail: 0 });
}

/// Calls `visit` with every key under which values may stand among rows of these shapes.
fn for_each_key(shapes: &[Shape], values: &[Cow<'_, str>], visit: &mut impl FnMut(&Vec<u8>)) {
    let mut key = Vec::new();
    let within = shapes.iter().zip(values).find_map(|(shape, value)| match shape {
        Shape::Within(letters) => Some((*letters, value.as_bytes())),
        _ => None,
    });
    let mut push_all = |window: &[u8]| {
        key.clear();
        let fits = shapes.iter().zip(values).all(|(shape, value)| match shape {
            Shape::Within(_) => {
                key.extend(window);
                true
            }
            shape => push_key(&mut key, *shape, value),
        });
        if fits {
            visit(&key);
        }
    };
    match within {
        Some((letters, value)) => value.windows(letters.max(1)).for_each(push_all),
        None => push_all(&[]),
    }
}

fn shape_of(cell: &str, kind: MatchType, letters: fn(usize) -> usize) -> Shape {
    match kind {
        MatchType::Exact => Shape::Exact,
        MatchType::Wildcard => match (cell.find('*'), cell.rfind('*')) {
            (Some(first), Some(last)) => {
                let (head, tail) = (letters(first), letters(cell.len() - last - 1));
                match longest_literal(cell).len() {
                    within if head + tail == 0 && within > 0 => Shape::Within(within.min(LETTERS)),
                    _ => Shape::Pattern { head, tail },
                }
            }
            _ => Shape::Exact,
        },
        // A cell that is no network is compared as it stands.
        MatchType::Cidr => match network(cell) {
            Some(net) => Shape::Network { v6: matches!(net, IpNet::V6(_)), prefix: net.prefix_len() },
            None => Shape::Exact,
        },
    }
}

/// The longest text between two stars.
fn longest_literal(pattern: &str) -> &str {
    pattern.split('*').max_by_key(|literal| literal.len()).unwrap_or("")
}

/// How many letters of a pattern's end go into the key: a power of two.
fn rounded(letters: usize) -> usize {
    [LETTERS, 8, 4, 2, 1].into_iter().find(|size| *size <= letters).unwrap_or(0)
}

/// All of them, within bounds.
fn whole(letters: usize) -> usize {
    letters.min(MOST_LETTERS)
}

/// A network, or a single address as a network of its own.
fn network(cell: &str) -> Option<IpNet> {
    cell.parse::<IpNet>().map(|net| net.trunc()).ok().or_else(|| Some(IpNet::from(address(cell)?)))
}

/// An address; one of version 4 that is written in version 6 counts as what it is.
fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// Adds what a cell or a value contributes to the key of a shape; false if the value cannot match any
/// cell of it. Each part carries its length, so that `a`+`bc` is not `ab`+`c`.
fn push_key(key: &mut Vec<u8>, shape: Shape, text: &str) -> bool {
    match shape {
        Shape::Exact => {
            key.extend((text.len() as u64).to_le_bytes());
            key.extend(text.as_bytes());
        }
        Shape::Pattern { head, tail } => {
            let bytes = text.as_bytes();
            let Some(before) = bytes.get(..head) else { return false };
            let Some(after) = bytes.len().checked_sub(tail).and_then(|from| bytes.get(from..)) else {
                return false;
            };
            key.extend(before);
            key.extend(after);
        }
        // Of a cell; what a value has within is for `for_each_key`.
        Shape::Within(letters) => {
            key.extend(longest_literal(text).as_bytes().get(..letters).unwrap_or(&[]));
        }
        Shape::Network { v6, prefix } => {
            let Some(net) = network(text) else { return false };
            if matches!(net, IpNet::V6(_)) != v6 || net.prefix_len() < prefix {
                return false;
            }
            let Ok(net) = IpNet::new(net.addr(), prefix) else { return false };
            match net.network() {
                IpAddr::V4(address) => key.extend(address.octets()),
                IpAddr::V6(address) => key.extend(address.octets()),
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::app::Place;
    use super::*;

    fn table(text: &str) -> TableData {
        let bytes: &'static [u8] = Vec::leak(text.as_bytes().to_vec());
        TableData::read(&Place::BuiltIn(bytes), "t.csv").unwrap().0
    }

    #[test]
    fn exact_in_order_and_limited() {
        let table = table("a,b\nx,1\ny,1\nx,2\nX,3\nx,1\n");
        let index = Index::build(&table, &[(0, MatchType::Exact)], true);
        assert_eq!(index.find(&["x"], 100), [0, 2, 4]);
        assert_eq!(index.find(&["x"], 1), [0]);
        assert!(index.find(&["x*"], 100).is_empty());
        let folded = Index::build(&table, &[(0, MatchType::Exact)], false);
        assert_eq!(folded.find(&["X"], 100), [0, 2, 3, 4]);
        let both = Index::build(&table, &[(1, MatchType::Exact), (0, MatchType::Exact)], true);
        assert_eq!(both.find(&["1", "x"], 100), [0, 4]);
        assert!(both.find(&["x", "1"], 100).is_empty());
    }

    #[test]
    fn a_star_in_the_table_is_any_text_and_order_stays() {
        let table = table("p,q\nCreate,success\nCreate,*\nsts*,x\n*.exe,x\n*mid*,x\n*,y\na*bc,z\n");
        let index = Index::build(&table, &[(0, MatchType::Wildcard), (1, MatchType::Wildcard)], true);
        assert_eq!(index.find(&["Create", "success"], 100), [0, 1]);
        assert_eq!(index.find(&["Create", "AccessDenied"], 100), [1]);
        assert_eq!(index.find(&["sts.amazonaws.com", "x"], 100), [2]);
        assert_eq!(index.find(&["x.exe", "x"], 100), [3]);
        assert_eq!(index.find(&["a mid b", "x"], 100), [4]);
        assert_eq!(index.find(&["", "y"], 100), [5]);
        assert_eq!(index.find(&["abc", "z"], 100), [6]);
        // The letters of both ends may not overlap.
        assert!(
            Index::build(&super::tests::table("p\nab*bc\n"), &[(0, MatchType::Wildcard)], true)
                .find(&["abc"], 100)
                .is_empty()
        );
        let folded = Index::build(&table, &[(0, MatchType::Wildcard)], false);
        assert_eq!(folded.find(&["X.EXE"], 100), [3, 5]);
    }

    #[test]
    fn many_rows_with_the_same_letters_are_told_apart() {
        let mut text = String::from("p,q\n");
        for number in 0..300 {
            text.push_str(&format!("same-start-of-all-{number}-*,*\n*-{number}-same-end,x*\n"));
            text.push_str(&format!("*?-same-within-all-{number}-*,*\n"));
        }
        let table = table(&text);
        let index = Index::build(&table, &[(0, MatchType::Wildcard), (1, MatchType::Wildcard)], false);
        assert_eq!(index.find(&["Same-start-of-all-17-", ""], 9), [51]);
        assert_eq!(index.find(&["x-17-same-END", "xy"], 9), [52]);
        assert_eq!(index.find(&["a?-same-within-all-17-?-same-within-all-7-b", ""], 9), [23, 53]);
        assert!(index.find(&["same-start-of-all-17", ""], 9).is_empty());
        let tables = index.groups.iter().flat_map(|group| group.rows.values());
        assert!(tables.filter(|rows| matches!(rows, Rows::Many(_))).count() >= 2);
    }

    #[test]
    fn networks_contain_addresses() {
        let table = table("net\n10.0.0.0/8\n10.1.0.0/16\n10.1.2.3\n2001:db8::/32\nhost\n0.0.0.0/0\n");
        let index = Index::build(&table, &[(0, MatchType::Cidr)], true);
        assert_eq!(index.find(&["10.1.2.3"], 100), [0, 1, 2, 5]);
        assert_eq!(index.find(&["10.1.2.3"], 2), [0, 1]);
        assert_eq!(index.find(&["10.2.2.3"], 100), [0, 5]);
        assert_eq!(index.find(&["::ffff:10.2.2.3"], 100), [0, 5]);
        assert_eq!(index.find(&["2001:db8::1"], 100), [3]);
        assert_eq!(index.find(&["host"], 100), [4]);
        assert!(index.find(&["unknown"], 100).is_empty());
        assert_eq!(index.columns(), [0]);
    }

    proptest! {
        /// The index finds what going through all rows finds.
        #[test]
        fn as_if_by_going_through_all_rows(
            rows in prop::collection::vec(("[abA*]{0,5}", "[ab]{0,2}"), 0..30),
            value in ("[abA]{0,6}", "[ab]{0,2}"),
            fold in any::<bool>(),
            limit in 1usize..5,
        ) {
            let mut text = String::from("p,e\n");
            for (pattern, exact) in &rows {
                text.push_str(&format!("\"{pattern}\",\"{exact}\"\n"));
            }
            let table = table(&text);
            let columns = [(0, MatchType::Wildcard), (1, MatchType::Exact)];
            let index = Index::build(&table, &columns, !fold);
            let expected: Vec<usize> = rows.iter().enumerate().filter(|(_, (pattern, exact))| {
                let pattern = Pattern::new(pattern.as_str());
                let first = if fold { pattern.matches_ignoring_case(&value.0) } else { pattern.matches(&value.0) };
                first && exact == &value.1
            }).map(|(row, _)| row).take(limit).collect();
            prop_assert_eq!(index.find(&[&value.0, &value.1], limit), expected);
        }
    }
}
