//! The time range that a search states: `earliest=`, `latest=` and their older kin.

use super::Settings;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::parse::search::{CompareOp, Comparison, SearchExpr};
use crate::parse::time_term::{TimeBound, TimeTerm};
use crate::time::{RelativeTime, parse_time_bound, strptime};
use crate::value::Text;

/// The form of `starttime` and `endtime` where `timeformat` does not say (Search Reference, "Time modifiers").
const TIME_FORMAT: &str = "%m/%d/%Y:%H:%M:%S";

/// A range of time: from `earliest` on, and before `latest`, epoch seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeRange {
    /// The first instant inside.
    pub earliest: Option<f64>,
    /// The first instant after it.
    pub latest: Option<f64>,
}

/// A filter whose times are worked out.
#[derive(Debug)]
pub struct Timed {
    /// The range in which all that passes lies.
    pub range: TimeRange,
    /// What must hold besides. Bounds beneath `OR` are comparisons of `_time`.
    pub filter: SearchExpr,
}

impl Timed {
    /// Works out the times of a filter.
    ///
    /// # Errors
    /// A time that cannot be read, a range that ends before it begins, and a bound beneath `NOT`, where it
    /// would be no bound.
    pub fn new(expr: &SearchExpr, settings: &Settings) -> Result<Timed> {
        let times = Times { settings };
        let (bounds, mut parts) = times.split(expr)?;
        parts.extend(bounds.index.comparisons_of_index_time());
        let inner: Vec<TimeRange> = parts.iter().map(TimeRange::around).collect();
        let range = inner.into_iter().fold(bounds.event, TimeRange::and);
        Ok(Timed { range, filter: SearchExpr::And(parts) })
    }
}

impl TimeRange {
    /// Whether an instant is inside.
    pub fn contains(&self, time: f64) -> bool {
        self.earliest.is_none_or(|earliest| time >= earliest)
            && self.latest.is_none_or(|latest| time < latest)
    }

    /// Whether it bounds nothing.
    pub fn is_everything(&self) -> bool {
        self.earliest.is_none() && self.latest.is_none()
    }

    /// The range of a search that states this one, in a run over another: what a search states wins, and
    /// without an end it ends now (Search Reference, "Time modifiers").
    #[must_use]
    pub fn within(self, run: TimeRange, now: f64) -> TimeRange {
        if self.is_everything() {
            return run;
        }
        TimeRange { earliest: self.earliest, latest: self.latest.or(Some(now)) }
    }

    /// What lies in both.
    #[must_use]
    pub fn and(self, other: TimeRange) -> TimeRange {
        let both = |a: Option<f64>, b: Option<f64>, choose: fn(f64, f64) -> f64| match (a, b) {
            (Some(a), Some(b)) => Some(choose(a, b)),
            (a, b) => a.or(b),
        };
        TimeRange {
            earliest: both(self.earliest, other.earliest, f64::max),
            latest: both(self.latest, other.latest, f64::min),
        }
    }

    /// The range around what passes a filter whose bounds are comparisons of `_time` already.
    fn around(expr: &SearchExpr) -> TimeRange {
        match expr {
            SearchExpr::And(parts) => {
                parts.iter().map(TimeRange::around).fold(TimeRange::default(), TimeRange::and)
            }
            SearchExpr::Or(parts) => {
                let mut ranges = parts.iter().map(TimeRange::around);
                let first = ranges.next().unwrap_or_default();
                ranges.fold(first, |all, next| TimeRange {
                    earliest: all.earliest.zip(next.earliest).map(|(a, b)| a.min(b)),
                    latest: all.latest.zip(next.latest).map(|(a, b)| a.max(b)),
                })
            }
            SearchExpr::Compare(comparison) if comparison.field == "_time" => {
                let time = comparison.value.parse().ok();
                match comparison.op {
                    CompareOp::GreaterOrEqual => TimeRange { earliest: time, latest: None },
                    CompareOp::Less => TimeRange { earliest: None, latest: time },
                    _ => TimeRange::default(),
                }
            }
            _ => TimeRange::default(),
        }
    }

    fn comparisons(self, field: &str, place: crate::diagnostic::Span) -> Vec<SearchExpr> {
        let compare = |op: CompareOp, time: f64| {
            let (field, value) = (Text::from(field), Text::from(time.to_string()));
            SearchExpr::Compare(Comparison { field, op, value, case_sensitive: false, span: place })
        };
        let earliest = self.earliest.map(|time| compare(CompareOp::GreaterOrEqual, time));
        earliest.into_iter().chain(self.latest.map(|time| compare(CompareOp::Less, time))).collect()
    }
}

/// The bounds that stand side by side.
#[derive(Clone, Copy, Default)]
struct Bounds {
    event: TimeRange,
    index: IndexRange,
}

/// A range of index times, and where it is stated.
#[derive(Clone, Copy, Default)]
struct IndexRange {
    range: TimeRange,
    place: Option<crate::diagnostic::Span>,
}

impl IndexRange {
    /// An event from a file has no index time unless it says one: its own time stands in.
    fn comparisons_of_index_time(self) -> Vec<SearchExpr> {
        let Some(place) = self.place else { return Vec::new() };
        let exists = SearchExpr::Compare(Comparison {
            field: "_indextime".into(),
            op: CompareOp::Equal,
            value: "*".into(),
            case_sensitive: false,
            span: place,
        });
        let mut own = self.range.comparisons("_time", place);
        own.push(SearchExpr::Not(Box::new(exists)));
        vec![SearchExpr::Or(vec![
            SearchExpr::And(self.range.comparisons("_indextime", place)),
            SearchExpr::And(own),
        ])]
    }
}

struct Times<'s> {
    settings: &'s Settings,
}

impl Times<'_> {
    /// The bounds of a conjunction, and its other parts.
    fn split(&self, expr: &SearchExpr) -> Result<(Bounds, Vec<SearchExpr>)> {
        let parts = match expr {
            SearchExpr::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (mut terms, mut rest) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                SearchExpr::Time(bound) => terms.push(bound),
                // `(earliest=-1d latest=now) error` says the same as without the parentheses.
                SearchExpr::And(inner) if !inner.is_empty() => {
                    terms.extend(inner.iter().filter_map(|part| match part {
                        SearchExpr::Time(bound) => Some(bound),
                        _ => None,
                    }));
                    let others = inner.iter().filter(|part| !matches!(part, SearchExpr::Time(_)));
                    let others = others.map(|part| self.rewrite(part)).collect::<Result<Vec<_>>>()?;
                    if !others.is_empty() {
                        rest.push(SearchExpr::And(others));
                    }
                }
                other => rest.push(self.rewrite(other)?),
            }
        }
        Ok((self.bounds(&terms)?, rest))
    }

    /// The filter with comparisons in place of bounds.
    fn rewrite(&self, expr: &SearchExpr) -> Result<SearchExpr> {
        Ok(match expr {
            SearchExpr::Or(parts) => {
                SearchExpr::Or(parts.iter().map(|part| self.rewrite(part)).collect::<Result<_>>()?)
            }
            SearchExpr::And(parts) if parts.is_empty() => expr.clone(),
            SearchExpr::And(_) | SearchExpr::Time(_) => {
                let (bounds, mut parts) = self.split(expr)?;
                let place = place_of(expr);
                parts.extend(place.map_or_else(Vec::new, |place| bounds.event.comparisons("_time", place)));
                parts.extend(bounds.index.comparisons_of_index_time());
                SearchExpr::And(parts)
            }
            SearchExpr::Not(_) => match place_of(expr) {
                None => expr.clone(),
                Some(place) => {
                    let message = "a time bound beneath NOT is not supported";
                    let help = "a bound says what is read, and not which events of it fit: say the other bound \
                                instead (`latest=` for NOT `earliest=`), or compare `_time` after `where`";
                    return Err(Diagnostic::error(Code::NotSupported, message).at(place, "").help(help));
                }
            },
            other => other.clone(),
        })
    }

    fn bounds(&self, terms: &[&TimeBound]) -> Result<Bounds> {
        let mut bounds = Bounds::default();
        let format = terms.iter().rev().find(|bound| bound.term == TimeTerm::TimeFormat);
        let format = format.map_or(TIME_FORMAT, |bound| bound.value.as_str());
        let mut length = None;
        for bound in terms {
            let index = matches!(bound.term, TimeTerm::IndexEarliest | TimeTerm::IndexLatest);
            let range = if index { &mut bounds.index.range } else { &mut bounds.event };
            match bound.term {
                TimeTerm::TimeFormat => {}
                TimeTerm::Span(_) => length = Some(*bound),
                TimeTerm::Latest
                | TimeTerm::IndexLatest
                | TimeTerm::EndTime
                | TimeTerm::EndEpoch
                | TimeTerm::EndAgo(_) => {
                    let time = self.time(bound, format)?;
                    // `latest<=t` is before the instant after `t`.
                    let after = bound.op == CompareOp::LessOrEqual;
                    range.latest = Some(if after { time.next_up() } else { time });
                }
                _ => {
                    let time = self.time(bound, format)?;
                    let after = bound.op == CompareOp::Greater;
                    range.earliest = Some(if after { time.next_up() } else { time });
                }
            }
            if index {
                bounds.index.place = Some(bound.span);
            }
            if let (Some(earliest), Some(latest)) = (range.earliest, range.latest)
                && earliest > latest
            {
                let message = "the time range ends before it begins";
                return Err(Diagnostic::error(Code::Time, message).at(bound.span, "by this bound"));
            }
        }
        if let Some(bound) = length {
            self.lengthen(&mut bounds.event, bound)?;
        }
        Ok(bounds)
    }

    /// `searchtimespanhours=2` from the start, or up to the end, or up to now.
    fn lengthen(&self, range: &mut TimeRange, bound: &TimeBound) -> Result<()> {
        let end = range.latest.or(range.earliest.is_none().then_some(self.settings.now));
        match (range.earliest, end) {
            (Some(start), None) => range.latest = Some(self.moved(bound, '+', start)?),
            (None, Some(end)) => {
                range.earliest = Some(self.moved(bound, '-', end)?);
                range.latest = Some(end);
            }
            _ => {
                let message = format!("`{}` beside a start and an end says nothing more", bound.term.name());
                return Err(Diagnostic::error(Code::Time, message).at(bound.span, ""));
            }
        }
        Ok(())
    }

    /// The instant that a bound names.
    fn time(&self, bound: &TimeBound, format: &str) -> Result<f64> {
        let Settings { now, zone, .. } = self.settings;
        let wrong = |message: String| Diagnostic::error(Code::Time, message).at(bound.span, "");
        match bound.term {
            TimeTerm::StartTime | TimeTerm::EndTime => strptime(&bound.value, format, zone, *now)
                .ok_or_else(|| wrong(format!("`{}` is not a time in the form {format}", bound.value))),
            TimeTerm::StartEpoch | TimeTerm::EndEpoch => bound
                .value
                .parse::<u64>()
                .map(|epoch| epoch as f64)
                .map_err(|_| wrong(format!("`{}` is no number of seconds since 1970", bound.value))),
            TimeTerm::StartAgo(_) | TimeTerm::EndAgo(_) => self.moved(bound, '-', *now),
            _ => parse_time_bound(&bound.value, *now, zone).map_err(|error| wrong(error.to_string())),
        }
    }

    /// A time, moved by as many units as a bound says.
    fn moved(&self, bound: &TimeBound, sign: char, time: f64) -> Result<f64> {
        let (TimeTerm::StartAgo(ago) | TimeTerm::EndAgo(ago) | TimeTerm::Span(ago)) = bound.term else {
            return Ok(time);
        };
        let count = bound.value.parse::<u32>().ok();
        let modifier = count.map(|count| format!("{sign}{count}{}", ago.unit()));
        let modifier = modifier.and_then(|text| text.parse::<RelativeTime>().ok());
        modifier.and_then(|modifier| modifier.apply(time, &self.settings.zone)).ok_or_else(|| {
            let message = format!("`{}` is no whole number", bound.value);
            Diagnostic::error(Code::Time, message).at(bound.span, "")
        })
    }
}

/// Where the first bound in a filter stands.
pub fn place_of(expr: &SearchExpr) -> Option<crate::diagnostic::Span> {
    let mut place = None;
    expr.walk(&mut |part| {
        if let SearchExpr::Time(bound) = part {
            place.get_or_insert(bound.span);
        }
    });
    place
}
