//! Terms of the search language that bound its time range: `earliest=-1d`, `starthoursago=4`.

use std::fmt;

use super::search::{CompareOp, write_value};
use crate::diagnostic::Span;
use crate::value::Text;

/// A bound of the time range.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeBound {
    /// Which bound.
    pub term: TimeTerm,
    /// How it is compared; all but `earliest` and `latest` have only `=`.
    pub op: CompareOp,
    /// As written.
    pub value: Text,
    /// Where it stands.
    pub span: Span,
}

/// Which bound of the time range (Search Reference, "Time modifiers").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeTerm {
    /// `earliest`: the start.
    Earliest,
    /// `latest`: the end.
    Latest,
    /// `_index_earliest`: the start of the range of index times.
    IndexEarliest,
    /// `_index_latest`: the end of the range of index times.
    IndexLatest,
    /// `starttime`: the start, in the form that `timeformat` says.
    StartTime,
    /// `endtime`: the end, in the form that `timeformat` says.
    EndTime,
    /// `timeformat`: the form of `starttime` and `endtime`.
    TimeFormat,
    /// `starttimeu`: the start in seconds since 1970.
    StartEpoch,
    /// `endtimeu`: the end in seconds since 1970.
    EndEpoch,
    /// `startdaysago` and its kin, also `daysago`: the start, so many units before now.
    StartAgo(Ago),
    /// `enddaysago` and its kin: the end, so many units before now.
    EndAgo(Ago),
    /// `searchtimespandays` and its kin: how long the range is.
    Span(Ago),
}

/// The units of `daysago` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the unit that its name says")]
pub enum Ago {
    Minutes,
    Hours,
    Days,
    Months,
}

impl Ago {
    /// As a relative time modifier has it.
    pub fn unit(self) -> &'static str {
        match self {
            Ago::Minutes => "m",
            Ago::Hours => "h",
            Ago::Days => "d",
            Ago::Months => "mon",
        }
    }
}

/// Every spelling; the first of a term is the one that is printed.
const NAMES: [(&str, TimeTerm); 25] = [
    ("earliest", TimeTerm::Earliest),
    ("latest", TimeTerm::Latest),
    ("_index_earliest", TimeTerm::IndexEarliest),
    ("_index_latest", TimeTerm::IndexLatest),
    ("starttime", TimeTerm::StartTime),
    ("endtime", TimeTerm::EndTime),
    ("timeformat", TimeTerm::TimeFormat),
    ("starttimeu", TimeTerm::StartEpoch),
    ("endtimeu", TimeTerm::EndEpoch),
    ("startminutesago", TimeTerm::StartAgo(Ago::Minutes)),
    ("starthoursago", TimeTerm::StartAgo(Ago::Hours)),
    ("startdaysago", TimeTerm::StartAgo(Ago::Days)),
    ("startmonthsago", TimeTerm::StartAgo(Ago::Months)),
    ("minutesago", TimeTerm::StartAgo(Ago::Minutes)),
    ("hoursago", TimeTerm::StartAgo(Ago::Hours)),
    ("daysago", TimeTerm::StartAgo(Ago::Days)),
    ("monthsago", TimeTerm::StartAgo(Ago::Months)),
    ("endminutesago", TimeTerm::EndAgo(Ago::Minutes)),
    ("endhoursago", TimeTerm::EndAgo(Ago::Hours)),
    ("enddaysago", TimeTerm::EndAgo(Ago::Days)),
    ("endmonthsago", TimeTerm::EndAgo(Ago::Months)),
    ("searchtimespanminutes", TimeTerm::Span(Ago::Minutes)),
    ("searchtimespanhours", TimeTerm::Span(Ago::Hours)),
    ("searchtimespandays", TimeTerm::Span(Ago::Days)),
    ("searchtimespanmonths", TimeTerm::Span(Ago::Months)),
];

impl TimeTerm {
    /// The term of a comparison, if it is one: a field that a command named `earliest` is compared with
    /// numbers by `<` and `>`, a bound with times that are none.
    pub fn of(name: &str, op: CompareOp, value: &str) -> Option<TimeTerm> {
        let (_, term) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let relative =
            value.parse::<f64>().is_err() && (value.starts_with(['@', '+', '-']) || value.starts_with("now"));
        let fits = match (term, op) {
            (_, CompareOp::Equal) => true,
            (
                TimeTerm::Earliest | TimeTerm::IndexEarliest,
                CompareOp::Greater | CompareOp::GreaterOrEqual,
            )
            | (TimeTerm::Latest | TimeTerm::IndexLatest, CompareOp::Less | CompareOp::LessOrEqual) => {
                relative
            }
            _ => false,
        };
        fits.then_some(*term)
    }

    /// As it is written.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, term)| *term == self).map_or("", |(name, _)| name)
    }
}

impl fmt::Display for TimeBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.term.name())?;
        f.write_str(self.op.symbol())?;
        write_value(f, &self.value)
    }
}
