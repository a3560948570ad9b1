//! Relative time modifiers: `-1d@d+2h`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::TimeSpecError;
use super::cursor::Cursor;
use super::moment::{Moment, SECOND_MICROS};
use super::unit::{self, Unit};

/// A relative time modifier: a chain of offsets and snaps, applied from left to right.
///
/// Source: Search Manual, "Specify time modifiers in your search". The grammar is
/// `[now] ( (+|-)[N][unit] | @unit )*`:
///
/// - A missing `N` is 1, a missing unit is seconds. The very first offset may lack its sign (`1d@d`),
///   but then not its unit: a bare number is not relative.
/// - `@w`, `@w0` and `@w7` are Sunday, `@w1` is Monday and so on; `@q` is the start of January,
///   April, July or October.
/// - `s`, `m`, `h` and shorter are absolute lengths. `d`, `w`, `mon`, `q` and `y` keep the local clock
///   reading, whatever summer time does in between; a day that the target month does not have becomes
///   its last day (Jan 31 `+1mon` is Feb 28 or 29); a clock reading that summer time skips moves
///   forward by the length of the gap; one that occurs twice is the first.
/// - A snap rounds down on the local clock. A start that a gap swallowed is the end of the gap; in a
///   repeated hour `@h` and `@m` stay within their pass, and a day starts at the first of two
///   midnights.
/// - The fraction of the time survives offsets; a snap drops it.
///
/// Units are read in any mix of cases, except that a lone `M` is refused as ambiguous. The `rt` forms
/// of real-time searches are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativeTime {
    steps: Vec<Step>,
}

/// One link of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Offset { amount: i64, unit: Unit },
    Snap(Snap),
}

/// What a snap rounds down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Snap {
    /// The start of a unit; never a week.
    Unit(Unit),
    /// The start of the last such day, days counted from Sunday = 0.
    Weekday(u8),
}

impl RelativeTime {
    /// The instant that the modifier names, seen from `epoch` in `zone`.
    ///
    /// `None` when `epoch` is not a time or the way leads outside the years -9999 to 9999.
    pub fn apply(&self, epoch: f64, zone: &TimeZone) -> Option<f64> {
        let mut moment = Moment::new(epoch)?;
        for step in &self.steps {
            moment = match *step {
                Step::Offset { amount, unit } => offset(moment, amount, unit, zone)?,
                Step::Snap(snap) => snap.round_down(moment, zone)?,
            };
        }
        Some(moment.epoch())
    }
}

fn offset(moment: Moment, amount: i64, unit: Unit, zone: &TimeZone) -> Option<Moment> {
    if let Some(size) = unit.fixed_micros() {
        return moment.plus_micros(amount.checked_mul(size)?);
    }
    let span = unit.calendar_span(amount)?;
    moment.with_second(unit::shift(moment.second(), span, zone)?)
}

impl Snap {
    /// Reads what follows an `@`.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, TimeSpecError> {
        let at = cursor.at();
        let word = cursor.letters();
        if word.is_empty() {
            return Err(TimeSpecError::new("a unit of time must follow `@`", at));
        }
        let unit = Unit::parse(word).ok_or_else(|| TimeSpecError::new(Unit::unknown(word), at))?;
        let day_at = cursor.at();
        let day = cursor.digits(usize::MAX);
        match (unit, day) {
            (Unit::Week, "" | "0" | "7") => Ok(Snap::Weekday(0)),
            (Unit::Week, day) => {
                day.parse::<u8>().ok().filter(|day| *day <= 7).map(Snap::Weekday).ok_or_else(|| {
                    TimeSpecError::new("a day of the week is 0 (Sunday) to 7 (Sunday)", day_at)
                })
            }
            (unit, "") => Ok(Snap::Unit(unit)),
            _ => Err(TimeSpecError::new(format!("`@{word}` takes no number; only `@w` does"), day_at)),
        }
    }

    fn round_down(self, moment: Moment, zone: &TimeZone) -> Option<Moment> {
        let (second, micros) = moment.rounded();
        if let Snap::Unit(unit) = self
            && let Some(size) = unit.fixed_micros()
        {
            if size < SECOND_MICROS {
                let part = micros.checked_sub(micros.rem_euclid(size))?;
                return Moment::at_second(second)?.plus_micros(part);
            }
            let start = unit::start_of_clock_unit(second, size / SECOND_MICROS, zone)?;
            return Moment::at_second(start);
        }
        let date = self.start_date(unit::local_date(second, zone)?)?;
        Moment::at_second(unit::start_of_date(date, zone)?)
    }

    /// The first date of the day, week, month, quarter or year that `date` lies in.
    fn start_date(self, date: Date) -> Option<Date> {
        match self {
            Snap::Weekday(day) => {
                let wanted = Weekday::from_sunday_zero_offset(i8::try_from(day).ok()?).ok()?;
                let back = date.weekday().since(wanted);
                date.checked_sub(jiff::Span::new().try_days(i64::from(back)).ok()?).ok()
            }
            Snap::Unit(Unit::Month) => Some(date.first_of_month()),
            Snap::Unit(Unit::Quarter) => {
                Date::new(date.year(), date.month() - (date.month() - 1) % 3, 1).ok()
            }
            Snap::Unit(Unit::Year) => Some(date.first_of_year()),
            Snap::Unit(_) => Some(date),
        }
    }
}

impl FromStr for RelativeTime {
    type Err = TimeSpecError;

    fn from_str(text: &str) -> Result<Self, TimeSpecError> {
        let mut cursor = Cursor::new(text.trim_end());
        cursor.blanks();
        if cursor.is_done() {
            return Err(TimeSpecError::new("the time modifier is empty", cursor.at()));
        }
        let mut steps = Vec::new();
        let unsigned = !eat_now(&mut cursor);
        if unsigned && is_real_time(&cursor) {
            return Err(TimeSpecError::new("real-time searches (`rt`) are not supported", cursor.at()));
        }
        if unsigned && cursor.peek().is_some_and(|b| b.is_ascii_alphanumeric()) {
            steps.push(parse_offset(&mut cursor, None)?);
        }
        while !cursor.is_done() {
            let at = cursor.at();
            if cursor.eat("@") {
                steps.push(Step::Snap(Snap::parse(&mut cursor)?));
            } else if let Some(sign) = cursor.sign() {
                steps.push(parse_offset(&mut cursor, Some(sign))?);
            } else {
                let message = format!("expected `+`, `-` or `@` at `{}`", excerpt(cursor.rest()));
                return Err(TimeSpecError::new(message, at));
            }
        }
        Ok(Self { steps })
    }
}

/// Reads `now` or `now()`.
fn eat_now(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    if !ahead.eat_any_case("now") || ahead.peek().is_some_and(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    ahead.eat("()");
    *cursor = ahead;
    true
}

fn is_real_time(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.sign();
    ahead.letters() == "rt"
}

/// Reads `[N][unit]`; without a sign the unit is required.
fn parse_offset(cursor: &mut Cursor<'_>, sign: Option<i64>) -> Result<Step, TimeSpecError> {
    let at = cursor.at();
    let digits = cursor.digits(usize::MAX);
    let unit_at = cursor.at();
    let word = cursor.letters();
    let unit = match word {
        "" if digits.is_empty() => {
            return Err(TimeSpecError::new("a number or a unit of time must follow the sign", at));
        }
        "" if sign.is_none() => {
            return Err(TimeSpecError::new(
                format!("`{}` has neither sign nor unit of time", excerpt(digits)),
                at,
            ));
        }
        "" => Unit::Second,
        word => Unit::parse(word).ok_or_else(|| TimeSpecError::new(Unit::unknown(word), unit_at))?,
    };
    let amount = match digits {
        "" => 1,
        digits => digits
            .parse::<i64>()
            .map_err(|_| TimeSpecError::new(format!("the number {} is too large", excerpt(digits)), at))?,
    };
    Ok(Step::Offset { amount: amount.saturating_mul(sign.unwrap_or(1)), unit })
}

/// Enough of a text to recognise it in a message.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 20;
    if text.chars().nth(LONGEST).is_none() {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head}…")
}

impl fmt::Display for RelativeTime {
    /// The shortest spelling that is read as the same modifier; `now` for an empty chain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str("now");
        }
        for step in &self.steps {
            match step {
                Step::Offset { amount, unit } => write!(f, "{amount:+}{}", unit.symbol())?,
                Step::Snap(snap) => write!(f, "{snap}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Snap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Snap::Unit(unit) => write!(f, "@{}", unit.symbol()),
            Snap::Weekday(day) => write!(f, "@w{day}"),
        }
    }
}
