//! Every statistical function.

use super::{
    AnyAggregate, avg, count, dc, earliest, earliest_time, estdc, extremes, first, list, median, mode, perc,
    rate, sparkline, stdev, sum, sumsq, values,
};

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
    "avg": ["avg", "mean"] => avg::make;
    "count": ["count", "c"] => count::make;
    "dc": ["dc", "distinct_count"] => dc::make;
    "earliest": ["earliest", "latest"] => earliest::make;
    "earliest_time": ["earliest_time", "latest_time"] => earliest_time::make;
    "estdc": ["estdc", "estdc_error"] => estdc::make;
    "extremes": ["min", "max", "range"] => extremes::make;
    "first": ["first", "last"] => first::make;
    "list": ["list"] => list::make;
    "median": ["median"] => median::make;
    "mode": ["mode"] => mode::make;
    "perc": ["perc<N>", "p<N>", "exactperc<N>", "upperperc<N>"] => perc::make;
    "rate": ["rate"] => rate::make;
    "sparkline": ["sparkline"] => sparkline::make;
    "stdev": ["stdev", "stdevp", "var", "varp"] => stdev::make;
    "sum": ["sum"] => sum::make;
    "sumsq": ["sumsq"] => sumsq::make;
    "values": ["values"] => values::make;
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

/// The source file of the aggregate of a name, in any case: `perc95` is one of `perc<N>`, and so is `perc`.
pub fn page(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let family = |written: &str| written.strip_suffix("<N>").is_some_and(|family| family == name);
    let is_of = |entry: &&Entry| (entry.make)(&name).is_some() || entry.names.iter().any(|it| family(it));
    AGGREGATES.iter().find(is_of).map(|entry| entry.source)
}

/// Name and source file of every aggregate: its page stands at the top of the source.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    AGGREGATES.iter().filter_map(|entry| Some((*entry.names.first()?, entry.source)))
}
