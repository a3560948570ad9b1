//! Spans of time: the widths of time bins.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span as CalendarSpan, Unit as CalendarUnit};

use super::TimeSpecError;
use super::cursor::Cursor;
use super::moment::{Moment, SECOND_MICROS};
use super::relative::{Snap, excerpt};
use super::unit::{self, Unit};

/// A span of time, such as `5m`, `1h`, `1d`, `1mon`: the width of the bins of `bin`, `timechart` and
/// `tstats`, and the step of `mvrange`.
///
/// Written `[N]unit`: `N` is a whole number from 1 on, 1 when missing; the unit is seconds when
/// missing. Units as in [`RelativeTime`](super::RelativeTime). Sources: Search Reference, "bin" and
/// "timechart".
///
/// - Spans in hours or less have a fixed length and their bins are aligned to 1970-01-01T00:00:00Z:
///   `24h` is not `1d`. A sub-second span must be shorter than a second and divide it evenly.
/// - Spans in days or more follow the local calendar. Bins of several days are counted from the local
///   1970-01-01, a Thursday, so `1w` begins on Thursdays; bins of several months or years from
///   January 1970.
/// - For days and weeks a snap moves the count to a day of the week: the bins of `1w@w1` begin on
///   Mondays. Any other snap must repeat the span's own unit (`1h@h`) and changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    count: i64,
    unit: Unit,
    /// The day of the week that bins begin on, when one was asked for.
    weekday: Option<u8>,
}

/// 1970-01-01, where bins of days and months are counted from.
const EPOCH: Date = date(1970, 1, 1);

/// 1970-01-01 was a Thursday, day 4 when Sunday is day 0.
const EPOCH_WEEKDAY: i64 = 4;

impl Span {
    /// The start of the bin that `epoch` lies in, in seconds since the epoch.
    ///
    /// `None` when `epoch` is not a time or the bin starts outside the supported years.
    pub fn floor(&self, epoch: f64, zone: &TimeZone) -> Option<f64> {
        let (second, micros) = Moment::new(epoch)?.rounded();
        if let Some(size) = self.fixed_micros() {
            let total = second.checked_mul(SECOND_MICROS)?.checked_add(micros)?;
            let start = total.checked_sub(total.rem_euclid(size))?;
            return Some(Moment::at_second(0)?.plus_micros(start)?.epoch());
        }
        let start = self.first_date(unit::local_date(second, zone)?)?;
        Some(unit::start_of_date(start, zone)? as f64)
    }

    /// The same with bins counted from `origin`. Spans in days or more begin where the calendar has it,
    /// whatever the origin.
    pub fn floor_from(&self, epoch: f64, origin: f64, zone: &TimeZone) -> Option<f64> {
        let Some(size) = self.fixed_micros() else { return self.floor(epoch, zone) };
        let total = |epoch: f64| {
            let (second, micros) = Moment::new(epoch)?.rounded();
            second.checked_mul(SECOND_MICROS)?.checked_add(micros)
        };
        let (time, origin) = (total(epoch)?, total(origin)?);
        let start = time.checked_sub(time.checked_sub(origin)?.rem_euclid(size))?;
        Some(Moment::at_second(0)?.plus_micros(start)?.epoch())
    }

    /// The length in seconds, with days of 24 hours and months of 30 days: for telling spans apart by size.
    pub fn nominal_seconds(&self) -> f64 {
        const DAY: f64 = 86_400.0;
        let unit = match self.unit {
            Unit::Day => DAY,
            Unit::Week => 7.0 * DAY,
            Unit::Month => 30.0 * DAY,
            Unit::Quarter => 91.0 * DAY,
            Unit::Year => 365.0 * DAY,
            fixed => fixed.fixed_micros().unwrap_or(SECOND_MICROS) as f64 / SECOND_MICROS as f64,
        };
        self.count as f64 * unit
    }

    /// `epoch` moved forward by the span: a fixed length for hours or less, else the same clock
    /// reading that many days or months later (with the rules of
    /// [`RelativeTime`](super::RelativeTime) for readings and days that do not exist).
    ///
    /// `None` when `epoch` is not a time or the result lies outside the supported years.
    pub fn add(&self, epoch: f64, zone: &TimeZone) -> Option<f64> {
        let moment = Moment::new(epoch)?;
        if let Some(size) = self.fixed_micros() {
            return Some(moment.plus_micros(size)?.epoch());
        }
        let span = self.unit.calendar_span(self.count)?;
        let second = unit::shift(moment.second(), span, zone)?;
        Some(moment.with_second(second)?.epoch())
    }

    /// The start of the bin after the one that `epoch` lies in.
    ///
    /// It differs from `add(floor(epoch))` on the rare days that do not begin at midnight.
    /// `None` as for [`Span::floor`].
    pub fn next_bin(&self, epoch: f64, zone: &TimeZone) -> Option<f64> {
        let start = self.floor(epoch, zone)?;
        if self.fixed_micros().is_some() {
            return self.add(start, zone);
        }
        let (second, _) = Moment::new(start)?.rounded();
        let date = self.first_date(unit::local_date(second, zone)?)?;
        let next = date.checked_add(self.unit.calendar_span(self.count)?).ok()?;
        Some(unit::start_of_date(next, zone)? as f64)
    }

    /// The length in microseconds of a span in hours or less.
    fn fixed_micros(&self) -> Option<i64> {
        self.unit.fixed_micros()?.checked_mul(self.count)
    }

    /// The first date of the bin of a calendar span that `date` lies in.
    fn first_date(&self, date: Date) -> Option<Date> {
        let length = match self.unit {
            Unit::Week => self.count.checked_mul(7)?,
            Unit::Quarter => self.count.checked_mul(3)?,
            Unit::Year => self.count.checked_mul(12)?,
            _ => self.count,
        };
        if matches!(self.unit, Unit::Day | Unit::Week) {
            let shift = self.weekday.map_or(0, |day| i64::from(day) - EPOCH_WEEKDAY);
            let days = EPOCH.until((CalendarUnit::Day, date)).ok()?.get_days();
            let back = i64::from(days).checked_sub(shift)?.rem_euclid(length);
            return date.checked_sub(CalendarSpan::new().try_days(back).ok()?).ok();
        }
        let months = (i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1;
        let first = months.checked_sub(months.rem_euclid(length))?;
        let year = i16::try_from(1970 + first.div_euclid(12)).ok()?;
        let month = i8::try_from(first.rem_euclid(12) + 1).ok()?;
        Date::new(year, month, 1).ok()
    }

    /// Checks what the grammar alone does not.
    fn checked(self, snap: Option<Snap>) -> Result<Self, String> {
        if let Some(unit) = self.unit.fixed_micros() {
            let Some(size) = self.fixed_micros() else {
                return Err("the span is too long".to_owned());
            };
            let divides = size < SECOND_MICROS && SECOND_MICROS % size == 0;
            if unit < SECOND_MICROS && !divides {
                return Err(format!(
                    "`{self}`: a span in parts of a second must be shorter than a second and divide it evenly"
                ));
            }
        } else if self.unit.calendar_span(self.count).is_none() {
            return Err("the span is too long".to_owned());
        }
        match (snap, self.unit) {
            (None, _) => Ok(self),
            (Some(Snap::Weekday(day)), Unit::Day | Unit::Week) => Ok(Self { weekday: Some(day), ..self }),
            (Some(Snap::Unit(unit)), own) if unit == own => Ok(self),
            (Some(snap), _) => Err(format!("a span in `{}` cannot snap to `{snap}`", self.unit.symbol())),
        }
    }
}

impl FromStr for Span {
    type Err = TimeSpecError;

    fn from_str(text: &str) -> Result<Self, TimeSpecError> {
        let mut cursor = Cursor::new(text.trim_end());
        cursor.blanks();
        let start = cursor.at();
        let digits = cursor.digits(usize::MAX);
        let unit_at = cursor.at();
        let word = cursor.letters();
        if digits.is_empty() && word.is_empty() {
            return Err(TimeSpecError::new("a span is a number and a unit of time", start));
        }
        let count = match digits {
            "" => 1,
            digits => digits.parse::<i64>().map_err(|_| {
                TimeSpecError::new(format!("the number {} is too large", excerpt(digits)), start)
            })?,
        };
        if count == 0 {
            return Err(TimeSpecError::new("a span must be longer than 0", start));
        }
        let unit = match word {
            "" => Unit::Second,
            word => Unit::parse(word).ok_or_else(|| TimeSpecError::new(Unit::unknown(word), unit_at))?,
        };
        let snap_at = cursor.at();
        let snap = if cursor.eat("@") { Some(Snap::parse(&mut cursor)?) } else { None };
        if !cursor.is_done() {
            let message = format!("`{}` cannot follow a span", excerpt(cursor.rest()));
            return Err(TimeSpecError::new(message, cursor.at()));
        }
        let at = if snap.is_some() { snap_at } else { start };
        let span = Span { count, unit, weekday: None };
        span.checked(snap).map_err(|message| TimeSpecError::new(message, at))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.symbol())?;
        match self.weekday {
            Some(day) => write!(f, "@w{day}"),
            None => Ok(()),
        }
    }
}
