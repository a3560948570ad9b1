//! The commands of SPL, one file each, named as in SPL.
//!
//! A command's file is its manual page (the `//!` text), its grammar (`parse`, made of the words of
//! [`crate::parse::args`]) and its behaviour (what it gives the planner). To add one: write the file, add
//! its `mod` line here and its line in the registry.

pub mod addcoltotals;
pub mod addinfo;
pub mod addtotals;
pub mod extract;
pub mod fieldformat;
pub mod fromjson;
pub mod gentimes;
pub mod multikv;
pub mod rangemap;
pub mod refused;
mod registry;
pub mod reltime;
pub mod setfields;
pub mod tags;
pub mod tojson;
pub mod typer;
pub mod xmlkv;
pub mod xmlunescape;
pub mod xpath;

pub use registry::{Entry, find, find_refused, names, pages};

use std::fmt;

use crate::batch::FieldSet;
use crate::diagnostic::Result;
use crate::plan::Planner;
use crate::value::Text;

pub mod accum;
pub mod anomalousvalue;
pub mod anomalydetection;
pub mod append;
pub mod appendcols;
pub mod appendpipe;
pub mod autoregress;
pub mod bin;
pub mod chart;
pub mod cofilter;
pub mod collect;
pub mod concurrency;
pub mod contingency;
pub mod convert;
pub mod datamodel;
pub mod dedup;
pub mod delta;
pub mod diff;
pub mod eval;
pub mod eventstats;
pub mod fields;
pub mod fieldsummary;
pub mod filldown;
pub mod fillnull;
pub mod foreach;
pub mod format;
pub mod from;
pub mod head;
pub mod inputcsv;
pub mod inputlookup;
pub mod iplocation;
pub mod join;
pub mod localize;
pub mod lookup;
pub mod makecontinuous;
pub mod makemv;
pub mod makeresults;
pub mod map;
pub mod metadata;
pub mod mstats;
pub mod multisearch;
pub mod mvcombine;
pub mod mvexpand;
pub mod nomv;
pub mod outlier;
pub mod outputcsv;
pub mod outputlookup;
pub mod rare;
pub mod regex;
pub mod rename;
pub mod replace;
pub mod require;
pub mod r#return;
pub mod reverse;
pub mod rex;
pub mod savedsearch;
pub mod search;
pub mod selfjoin;
pub mod set;
pub mod sort;
pub mod spath;
pub mod stats;
pub mod strcat;
pub mod streamstats;
pub mod support;
pub mod table;
pub mod tail;
pub mod timechart;
pub mod timewrap;
pub mod top;
pub mod transaction;
pub mod transpose;
pub mod trendline;
pub mod tstats;
pub mod union;
pub mod uniq;
pub mod untable;
pub mod r#where;
pub mod xyseries;

/// Where in a search a command may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// It makes rows, and must be the first.
    First,
    /// It needs rows.
    Later,
    /// Both: `search`, `inputlookup append=t`.
    Either,
}

/// A parsed command. Printing it gives SPL that parses to the same command.
pub trait Command: fmt::Debug + fmt::Display + Send + Sync {
    /// Where it may stand.
    fn position(&self) -> Position {
        Position::Later
    }

    /// The fields it needs of its input for `after` to be right in its output.
    fn needs(&self, after: &FieldSet) -> FieldSet;

    /// The fields whose values may differ after it, if it leaves all others alone; none if any may differ.
    fn sets(&self) -> Option<Vec<Text>> {
        None
    }

    /// Whether the order of its input matters, given whether that of its output does.
    fn order_matters(&self, after: bool) -> bool {
        after
    }

    /// Gives the planner the stages that do the work; looks up what knowledge it leans on.
    fn plan(&self, planner: &mut Planner<'_>) -> Result<()>;
}
