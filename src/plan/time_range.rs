//! `earliest=` and `latest=` in a search.

use super::Settings;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::parse::search::{SearchExpr, TimeBound};
use crate::time::parse_time_bound;

/// A range of time: from `earliest` on, and before `latest`, epoch seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeRange {
    /// The first instant inside.
    pub earliest: Option<f64>,
    /// The first instant after it.
    pub latest: Option<f64>,
}

impl TimeRange {
    /// The range that a search expression states; it wins over that of the run (Search Manual, "Specify
    /// time modifiers in your search").
    ///
    /// # Errors
    /// A time that cannot be read, or a bound beneath `OR` or `NOT`, where it would be no bound.
    pub fn of(expr: &SearchExpr, settings: &Settings) -> Result<TimeRange> {
        let mut range = TimeRange::default();
        range.take(expr, settings)?;
        Ok(range)
    }

    fn take(&mut self, expr: &SearchExpr, settings: &Settings) -> Result<()> {
        match expr {
            SearchExpr::And(parts) => parts.iter().try_for_each(|part| self.take(part, settings)),
            SearchExpr::Time(bound) => {
                let time = parse_time_bound(&bound.value, settings.now, &settings.zone)
                    .map_err(|error| Diagnostic::error(Code::Time, error.to_string()).at(bound.span, ""))?;
                if bound.latest {
                    self.latest = Some(time)
                } else {
                    self.earliest = Some(time)
                }
                Ok(())
            }
            other => no_bound_inside(other),
        }
    }

    /// Whether an instant is inside.
    pub fn contains(&self, time: f64) -> bool {
        self.earliest.is_none_or(|earliest| time >= earliest)
            && self.latest.is_none_or(|latest| time < latest)
    }

    /// Whether it bounds nothing.
    pub fn is_everything(&self) -> bool {
        self.earliest.is_none() && self.latest.is_none()
    }

    /// This range where it has a bound, else the other's.
    #[must_use]
    pub fn or(self, other: TimeRange) -> TimeRange {
        TimeRange { earliest: self.earliest.or(other.earliest), latest: self.latest.or(other.latest) }
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
}

fn no_bound_inside(expr: &SearchExpr) -> Result<()> {
    let mut found: Option<TimeBound> = None;
    expr.walk(&mut |part| {
        if let SearchExpr::Time(bound) = part {
            found.get_or_insert_with(|| bound.clone());
        }
    });
    match found {
        None => Ok(()),
        Some(bound) => {
            let message = "a time bound beneath OR or NOT is not supported";
            Err(Diagnostic::error(Code::NotSupported, message).at(bound.span, ""))
        }
    }
}
