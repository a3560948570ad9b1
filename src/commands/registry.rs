//! Every command: its name, its aliases, its grammar and its page.

use super::{
    Command, convert, dedup, eval, eventstats, fields, from, head, inputlookup, lookup, makeresults,
    outputlookup, rename, search, sort, stats, table, tstats, r#where,
};
use crate::diagnostic::Result;
use crate::parse::args::Args;

/// A command that can be called.
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// Its grammar: reads all arguments.
    pub parse: fn(&mut Args<'_>) -> Result<Box<dyn Command>>,
    /// Its source file, with its page at the top.
    pub source: &'static str,
}

macro_rules! commands {
    ($($name:literal $(| $alias:literal)* => $module:ident;)*) => {
        &[$(Entry {
            name: $name,
            aliases: &[$($alias),*],
            parse: $module::parse,
            source: include_str!(concat!($name, ".rs")),
        },)*]
    };
}

/// Sorted by name.
static COMMANDS: &[Entry] = commands! {
    "convert" => convert;
    "dedup" => dedup;
    "eval" => eval;
    "eventstats" => eventstats;
    "fields" => fields;
    "from" => from;
    "head" => head;
    "inputlookup" => inputlookup;
    "lookup" => lookup;
    "makeresults" => makeresults;
    "outputlookup" => outputlookup;
    "rename" => rename;
    "search" => search;
    "sort" => sort;
    "stats" => stats;
    "table" => table;
    "tstats" => tstats;
    "where" => r#where;
};

/// The command of a name, in any case.
pub fn find(name: &str) -> Option<&'static Entry> {
    let called = |other: &str| other.eq_ignore_ascii_case(name);
    COMMANDS.iter().find(|entry| called(entry.name) || entry.aliases.iter().any(|alias| called(alias)))
}

/// All names, aliases included.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|entry| std::iter::once(entry.name).chain(entry.aliases.iter().copied()))
}

/// Name and source file of every command: its page stands at the top of the source.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    COMMANDS.iter().map(|entry| (entry.name, entry.source))
}
