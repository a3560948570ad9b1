//! Every statistical function.

use super::{AnyAggregate, count};

/// What makes an aggregate of a name as written, in lower case; none if the name is not of its family.
type Make = fn(&str) -> Option<Box<dyn AnyAggregate>>;

struct Entry {
    names: &'static [&'static str],
    make: Make,
    source: &'static str,
}

macro_rules! aggregates {
    ($($file:literal: $names:expr => $make:path;)*) => {
        &[$(Entry { names: &$names, make: $make, source: include_str!(concat!($file, ".rs")) },)*]
    };
}

/// One line a file: its names (`perc<N>` stands for a family), and what makes an aggregate of one.
static AGGREGATES: &[Entry] = aggregates! {
    "count": ["count", "c"] => count::make;
};

/// The aggregate of a name, in any case.
pub fn find(name: &str) -> Option<Box<dyn AnyAggregate>> {
    let name = name.to_ascii_lowercase();
    AGGREGATES.iter().find_map(|entry| (entry.make)(&name))
}

/// All names.
pub fn names() -> impl Iterator<Item = &'static str> {
    AGGREGATES.iter().flat_map(|entry| entry.names.iter().copied())
}

/// Name and source file of every aggregate: its page stands at the top of the source.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    AGGREGATES.iter().filter_map(|entry| Some((*entry.names.first()?, entry.source)))
}
