//! Units of time, their spellings, and how the local clock and calendar move by them.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span as CalendarSpan, Timestamp};

use super::moment::SECOND_MICROS;

/// A unit of a time modifier or span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Microsecond,
    Millisecond,
    Centisecond,
    Decisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Every spelling; the first of each unit is the one that is printed (Search Manual, "Specify time
/// modifiers in your search"; sub-second units: Search Reference, "bin").
const SPELLINGS: &[(Unit, &[&str])] = &[
    (Unit::Microsecond, &["us"]),
    (Unit::Millisecond, &["ms"]),
    (Unit::Centisecond, &["cs"]),
    (Unit::Decisecond, &["ds"]),
    (Unit::Second, &["s", "sec", "secs", "second", "seconds"]),
    (Unit::Minute, &["m", "min", "mins", "minute", "minutes"]),
    (Unit::Hour, &["h", "hr", "hrs", "hour", "hours"]),
    (Unit::Day, &["d", "day", "days"]),
    (Unit::Week, &["w", "week", "weeks"]),
    (Unit::Month, &["mon", "month", "months"]),
    (Unit::Quarter, &["q", "qtr", "qtrs", "quarter", "quarters"]),
    (Unit::Year, &["y", "yr", "yrs", "year", "years"]),
];

impl Unit {
    /// The unit a word stands for, in any mix of cases.
    ///
    /// A lone `M` is refused: elsewhere it means months, here it would be minutes.
    pub(super) fn parse(word: &str) -> Option<Self> {
        if word == "M" {
            return None;
        }
        SPELLINGS
            .iter()
            .find(|(_, words)| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
            .map(|(unit, _)| *unit)
    }

    /// The shortest spelling.
    pub(super) fn symbol(self) -> &'static str {
        SPELLINGS
            .iter()
            .find(|(unit, _)| *unit == self)
            .and_then(|(_, words)| words.first())
            .copied()
            .unwrap_or_default()
    }

    /// Length in microseconds of the units that always have the same length; `None` from a day on,
    /// because a day of the calendar may have 23 or 25 hours.
    pub(super) fn fixed_micros(self) -> Option<i64> {
        match self {
            Unit::Microsecond => Some(1),
            Unit::Millisecond => Some(1_000),
            Unit::Centisecond => Some(10_000),
            Unit::Decisecond => Some(100_000),
            Unit::Second => Some(SECOND_MICROS),
            Unit::Minute => Some(60 * SECOND_MICROS),
            Unit::Hour => Some(3_600 * SECOND_MICROS),
            Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => None,
        }
    }

    /// `amount` of a calendar unit as days or months; `None` on overflow and for shorter units.
    pub(super) fn calendar_span(self, amount: i64) -> Option<CalendarSpan> {
        let span = CalendarSpan::new();
        match self {
            Unit::Day => span.try_days(amount),
            Unit::Week => span.try_days(amount.checked_mul(7)?),
            Unit::Month => span.try_months(amount),
            Unit::Quarter => span.try_months(amount.checked_mul(3)?),
            Unit::Year => span.try_months(amount.checked_mul(12)?),
            _ => return None,
        }
        .ok()
    }

    /// What an error says about a word that is no unit.
    pub(super) fn unknown(word: &str) -> String {
        if word == "M" {
            "`M` is ambiguous: write `m` for minutes or `mon` for months".to_owned()
        } else {
            format!(
                "`{word}` is not a unit of time: expected s, m, h, d, w, mon, q or y or one of their longer names"
            )
        }
    }
}

/// Moves `second` by `span` on the local calendar: the clock reading stays the same.
///
/// A day that does not exist in the month becomes the month's last day (Jan 31 + 1 month is Feb 28
/// or 29). A clock reading that a change to summer time skipped moves forward by the length of the
/// gap (02:30 becomes 03:30); one that occurs twice is its first occurrence.
pub(super) fn shift(second: i64, span: CalendarSpan, zone: &TimeZone) -> Option<i64> {
    if span.is_zero() {
        return Some(second);
    }
    let local = Timestamp::from_second(second).ok()?.to_zoned(zone.clone());
    Some(local.checked_add(span).ok()?.timestamp().as_second())
}

/// The local date at `second`.
pub(super) fn local_date(second: i64, zone: &TimeZone) -> Option<Date> {
    let timestamp = Timestamp::from_second(second).ok()?;
    Some(zone.to_datetime(timestamp).date())
}

/// The first second of a local date: midnight, or the end of the gap that swallowed midnight, or
/// the first of two midnights.
pub(super) fn start_of_date(date: Date, zone: &TimeZone) -> Option<i64> {
    let start = date.to_zoned(zone.clone()).ok()?.start_of_day().ok()?;
    Some(start.timestamp().as_second())
}

/// The last moment, not after `second`, at which the local clock showed a multiple of `size` seconds
/// since midnight (`size`: 1, 60 or 3600).
///
/// In the hour that a change to winter time repeats, this stays within the same pass. A reading that
/// a gap swallowed is the end of the gap.
pub(super) fn start_of_clock_unit(second: i64, size: i64, zone: &TimeZone) -> Option<i64> {
    let timestamp = Timestamp::from_second(second).ok()?;
    let offset = zone.to_offset(timestamp);
    let local = second.checked_add(i64::from(offset.seconds()))?;
    let back = local.rem_euclid(size);
    let start = second.checked_sub(back)?;
    let start_offset = zone.to_offset(Timestamp::from_second(start).ok()?);
    if start_offset == offset {
        return Some(start);
    }
    // The clock was changed since: only in zones whose changes are not by whole hours or not at one.
    let reading =
        zone.to_datetime(timestamp).checked_sub(CalendarSpan::new().try_seconds(back).ok()?).ok()?;
    last_occurrence(reading, second, zone)
}

/// The last moment, not after `limit`, at which the local clock showed `reading`.
fn last_occurrence(reading: DateTime, limit: i64, zone: &TimeZone) -> Option<i64> {
    let instant = |offset: jiff::tz::Offset| offset.to_timestamp(reading).ok();
    match zone.to_ambiguous_timestamp(reading).offset() {
        AmbiguousOffset::Unambiguous { offset } => Some(instant(offset)?.as_second()),
        AmbiguousOffset::Fold { before, after } => {
            let (first, second) = (instant(before)?.as_second(), instant(after)?.as_second());
            Some(if second <= limit { second } else { first })
        }
        AmbiguousOffset::Gap { after, .. } => {
            // Read with the later offset, a skipped reading lies just before the change.
            let change = zone.following(instant(after)?).next()?;
            Some(change.timestamp().as_second())
        }
    }
}
