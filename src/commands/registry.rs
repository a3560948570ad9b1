//! Every command: its name, its aliases, its grammar and its page.

use super::Command;
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
            parse: super::$module::parse,
            source: include_str!(concat!($name, ".rs")),
        },)*]
    };
}

/// Sorted by name.
static COMMANDS: &[Entry] = commands! {
    "bin" | "bucket" | "discretize" => bin;
    "convert" => convert;
    "dedup" => dedup;
    "eval" => eval;
    "eventstats" => eventstats;
    "fields" => fields;
    "filldown" => filldown;
    "fillnull" => fillnull;
    "from" => from;
    "head" => head;
    "inputlookup" => inputlookup;
    "iplocation" => iplocation;
    "lookup" => lookup;
    "makemv" => makemv;
    "makeresults" => makeresults;
    "mvcombine" => mvcombine;
    "mvexpand" => mvexpand;
    "nomv" => nomv;
    "outputlookup" => outputlookup;
    "regex" => regex;
    "rename" => rename;
    "replace" => replace;
    "reverse" => reverse;
    "rex" => rex;
    "search" => search;
    "sort" => sort;
    "stats" => stats;
    "strcat" => strcat;
    "streamstats" => streamstats;
    "table" => table;
    "tail" => tail;
    "tstats" => tstats;
    "uniq" => uniq;
    "where" => r#where;
};

/// Commands that SPL has (Search Reference, "Command quick reference", and the machine learning ones that
/// published searches use) and that are not among the above: who uses one has made no mistake.
#[rustfmt::skip]
static NOT_YET: &[&str] = &[
    "abstract",
    "accum",
    "addcoltotals",
    "addinfo",
    "addtotals",
    "analyzefields",
    "anomalies",
    "anomalousvalue",
    "anomalydetection",
    "append",
    "appendcols",
    "appendpipe",
    "apply",
    "arules",
    "associate",
    "autoregress",
    "bucketdir",
    "chart",
    "cluster",
    "cofilter",
    "collect",
    "concurrency",
    "contingency",
    "correlate",
    "datamodel",
    "dbinspect",
    "delete",
    "delta",
    "diff",
    "erex",
    "eventcount",
    "extract",
    "fieldformat",
    "fieldsummary",
    "findtypes",
    "fit",
    "folderize",
    "foreach",
    "format",
    "fromjson",
    "gauge",
    "gentimes",
    "geom",
    "geomfilter",
    "geostats",
    "highlight",
    "history",
    "iconify",
    "inputcsv",
    "join",
    "kmeans",
    "kv",
    "kvform",
    "loadjob",
    "localize",
    "localop",
    "makecontinuous",
    "map",
    "mcollect",
    "metadata",
    "metasearch",
    "meventcollect",
    "mpreview",
    "msearch",
    "mstats",
    "multikv",
    "multisearch",
    "outlier",
    "outputcsv",
    "outputtext",
    "overlap",
    "pivot",
    "predict",
    "rangemap",
    "rare",
    "redistribute",
    "reltime",
    "require",
    "rest",
    "return",
    "rtorder",
    "savedsearch",
    "script",
    "scrub",
    "searchtxn",
    "selfjoin",
    "sendalert",
    "sendemail",
    "set",
    "setfields",
    "sichart",
    "sirare",
    "sistats",
    "sitimechart",
    "sitop",
    "spath",
    "summary",
    "tags",
    "timechart",
    "timewrap",
    "tojson",
    "top",
    "transaction",
    "transpose",
    "trendline",
    "tscollect",
    "typeahead",
    "typelearner",
    "typer",
    "union",
    "untable",
    "walklex",
    "x11",
    "xmlkv",
    "xmlunescape",
    "xpath",
    "xyseries",
];

/// The command of a name, in any case.
pub fn find(name: &str) -> Option<&'static Entry> {
    let called = |other: &str| other.eq_ignore_ascii_case(name);
    COMMANDS.iter().find(|entry| called(entry.name) || entry.aliases.iter().any(|alias| called(alias)))
}

/// Whether a name is that of a command that SPL has, whether it can be called or not.
pub fn is_spl(name: &str) -> bool {
    find(name).is_some() || NOT_YET.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// All names, aliases included.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|entry| std::iter::once(entry.name).chain(entry.aliases.iter().copied()))
}

/// Name and source file of every command: its page stands at the top of the source.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    COMMANDS.iter().map(|entry| (entry.name, entry.source))
}

#[cfg(test)]
mod tests {
    use super::{NOT_YET, find};
    use crate::diagnostic::{Code, Sources};
    use crate::parse::{Start, parse};

    #[test]
    fn what_can_be_called_is_not_among_what_cannot() {
        let both: Vec<_> = NOT_YET.iter().filter(|name| find(name).is_some()).collect();
        assert!(both.is_empty(), "take them off the list: {both:?}");
        assert!(NOT_YET.is_sorted());
    }

    #[test]
    fn a_command_that_spl_has_is_not_called_unknown() {
        let refusal = |search: &str| {
            let mut sources = Sources::new();
            let id = sources.add("search", search);
            let mistakes = parse(&sources, id, Start::Fresh).unwrap_err();
            mistakes.iter().map(|mistake| (mistake.code, mistake.message.clone())).collect::<Vec<_>>()
        };
        let later = "the command `Transaction` is not supported yet".to_string();
        assert_eq!(refusal("user=* | Transaction user"), [(Code::NotSupported, later)]);
        assert_eq!(refusal("| dedpu"), [(Code::UnknownCommand, "unknown command `dedpu`".to_string())]);
    }
}
