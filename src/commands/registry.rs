//! Every command: its name, its aliases, its grammar and its page.

use super::Command;
use super::refused::{self, Refusal};
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
    /// Whether searches in brackets are its own: the text of others is inserted before it is read.
    pub pipelines: bool,
    /// Its source file, with its page at the top.
    pub source: &'static str,
}

macro_rules! commands {
    (@pipelines) => { false };
    (@pipelines pipelines) => { true };
    ($($name:literal $(| $alias:literal)* => $module:ident $(($brackets:ident))?;)*) => {
        &[$(Entry {
            name: $name,
            aliases: &[$($alias),*],
            parse: super::$module::parse,
            pipelines: commands!(@pipelines $($brackets)?),
            source: include_str!(concat!($name, ".rs")),
        },)*]
    };
}

/// Sorted by name; `(pipelines)` after those that take searches in brackets.
static COMMANDS: &[Entry] = commands! {
    "accum" => accum;
    "addcoltotals" => addcoltotals;
    "addinfo" => addinfo;
    "addtotals" => addtotals;
    "anomalousvalue" => anomalousvalue;
    "anomalydetection" => anomalydetection;
    "append" => append (pipelines);
    "appendcols" => appendcols (pipelines);
    "appendpipe" => appendpipe (pipelines);
    "autoregress" => autoregress;
    "bin" | "bucket" | "discretize" => bin;
    "chart" => chart;
    "cofilter" => cofilter;
    "collect" => collect;
    "concurrency" => concurrency;
    "contingency" | "counttable" | "ctable" => contingency;
    "convert" => convert;
    "datamodel" => datamodel;
    "dedup" => dedup;
    "delta" => delta;
    "diff" => diff;
    "eval" => eval;
    "eventstats" => eventstats;
    "extract" | "kv" => extract;
    "fieldformat" => fieldformat;
    "fields" => fields;
    "fieldsummary" => fieldsummary;
    "filldown" => filldown;
    "fillnull" => fillnull;
    "foreach" => foreach (pipelines);
    "format" => format;
    "from" => from;
    "fromjson" => fromjson;
    "gentimes" => gentimes;
    "head" => head;
    "inputcsv" => inputcsv;
    "inputlookup" => inputlookup;
    "iplocation" => iplocation;
    "join" => join (pipelines);
    "localize" => localize;
    "lookup" => lookup;
    "makecontinuous" => makecontinuous;
    "makemv" => makemv;
    "makeresults" => makeresults;
    "map" => map (pipelines);
    "metadata" => metadata;
    "mstats" => mstats;
    "multikv" => multikv;
    "multisearch" => multisearch (pipelines);
    "mvcombine" => mvcombine;
    "mvexpand" => mvexpand;
    "nomv" => nomv;
    "outlier" => outlier;
    "outputcsv" => outputcsv;
    "outputlookup" => outputlookup;
    "rangemap" => rangemap;
    "rare" => rare;
    "regex" => regex;
    "reltime" => reltime;
    "rename" => rename;
    "replace" => replace;
    "require" => require;
    "return" => r#return;
    "reverse" => reverse;
    "rex" => rex;
    "savedsearch" => savedsearch;
    "search" => search;
    "selfjoin" => selfjoin;
    "set" => set (pipelines);
    "setfields" => setfields;
    "sort" => sort;
    "spath" => spath;
    "stats" => stats;
    "strcat" => strcat;
    "streamstats" => streamstats;
    "table" => table;
    "tags" => tags;
    "tail" => tail;
    "timechart" => timechart;
    "timewrap" => timewrap;
    "tojson" => tojson;
    "top" => top;
    "transaction" => transaction;
    "transpose" => transpose;
    "trendline" => trendline;
    "tstats" => tstats;
    "typer" => typer;
    "union" => union (pipelines);
    "uniq" => uniq;
    "untable" => untable;
    "where" => r#where;
    "xmlkv" => xmlkv;
    "xmlunescape" => xmlunescape;
    "xpath" => xpath;
    "xyseries" | "maketable" => xyseries;
};

/// The command of a name, in any case.
pub fn find(name: &str) -> Option<&'static Entry> {
    let called = |other: &str| other.eq_ignore_ascii_case(name);
    COMMANDS.iter().find(|entry| called(entry.name) || entry.aliases.iter().any(|alias| called(alias)))
}

/// The command of a name, in any case, that SPL has and that is not run.
pub fn find_refused(name: &str) -> Option<Refusal> {
    refused::find(name)
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
    use crate::diagnostic::{Code, Sources};
    use crate::parse::{Start, parse};

    #[test]
    fn a_command_that_spl_has_is_not_called_unknown() {
        let mut sources = Sources::new();
        let id = sources.add("search", "user=* | Sendemail to=\"ada\"");
        assert!(parse(&sources, id, Start::Fresh).is_ok());
        let id = sources.add("search", "| dedpu");
        let mistakes = parse(&sources, id, Start::Fresh).unwrap_err();
        let told: Vec<_> = mistakes.iter().map(|it| (it.code, it.message.as_str())).collect();
        assert_eq!(told, [(Code::UnknownCommand, "unknown command `dedpu`")]);
    }
}
