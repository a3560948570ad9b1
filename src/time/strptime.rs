//! Text to time.

use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span as CalendarSpan, Timestamp};

use super::cursor::Cursor;
use super::format::{self, Item, MONTHS, OffsetStyle, WEEKDAYS};
use super::moment::Moment;
use super::recognise;
use super::unit;
use super::zones;

/// Reads `text` by the given format: seconds since the epoch.
///
/// Variables as in [`strftime`](super::strftime). Source: Search Reference, "Date and Time functions"
/// and "Date and time format variables".
///
/// - Leading zeros may be missing; blanks before numbers are skipped. A blank in the format stands
///   for any number of blanks, none included; all other text must match as it is. Names of months and
///   days and `%p` match in any mix of cases, full and short names alike.
/// - Without any part of a date the date is today in `zone`, seen from `now`. With one, the day is
///   required (`%d`, `%e`, `%j`, `%s`, or a weekday with `%U` or `%V`); a missing month or year is
///   today's. Missing parts of the time are 0. Two-digit years are 1969 to 2068.
/// - A date before 1971 is not accepted, except as `%s`.
/// - `%Q`, `%N`, `%f` take however many digits there are; with a point before them they may be missing, and the
///   point too. `%S` may be 60.
/// - `%z` and its kin accept `Z`, `+hh`, `+hhmm`, `+hh:mm`, `+hh:mm:ss`, `UTC` and `GMT`; `%Ez` a
///   number of minutes. `%Z` accepts all that, the common abbreviations, those of `zone` itself, and
///   names of the zone database. Without a zone the time is on the clock of `zone`; a reading that
///   occurs twice is the first, a skipped one moves forward by the length of the gap.
/// - The weekday of a full date, `%w` and `%p` beside `%H` are read and not used.
/// - Text after the match is not accepted; blanks are, and so is a fraction after a final `%s`.
///
/// `None` when the text does not match, names no date, or lies outside the supported years.
pub fn strptime(text: &str, format: &str, zone: &TimeZone, now: f64) -> Option<f64> {
    let (fields, mut rest) = start(text, format)?;
    rest.blanks();
    if rest.is_done() { fields.resolve(zone, now, OLDEST_YEAR) } else { None }
}

/// As [`strptime`], whatever follows the match.
pub fn strptime_prefix(text: &str, format: &str, zone: &TimeZone, now: f64) -> Option<f64> {
    start(text, format)?.0.resolve(zone, now, OLDEST_YEAR)
}

/// What is read by a format, and what stands after it.
fn start<'t>(text: &'t str, format: &str) -> Option<(Fields, Cursor<'t>)> {
    let mut cursor = Cursor::new(text);
    let mut fields = Fields::default();
    fields.read(&mut cursor, format)?;
    if format.ends_with("%s") && cursor.eat(".") {
        fields.nanos = Some(read_fraction(&mut cursor)?);
    }
    Some((fields, cursor))
}

/// "The year must be 1971 or later" (Search Reference, strptime).
const OLDEST_YEAR: i16 = 1971;

/// What has been read of a time.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    pub(super) year: Option<i16>,
    pub(super) century: Option<i16>,
    pub(super) short_year: Option<i16>,
    pub(super) iso_year: Option<i16>,
    pub(super) short_iso_year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    pub(super) day_of_year: Option<i16>,
    pub(super) week_from_sunday: Option<i16>,
    pub(super) iso_week: Option<i8>,
    /// Days since Sunday.
    pub(super) weekday: Option<i8>,
    pub(super) hour: Option<i8>,
    pub(super) hour12: Option<i8>,
    pub(super) afternoon: Option<bool>,
    pub(super) minute: Option<i8>,
    pub(super) second: Option<i8>,
    pub(super) nanos: Option<i32>,
    pub(super) epoch: Option<i64>,
    /// Seconds east of UTC.
    pub(super) offset: Option<i32>,
    pub(super) zone: Option<String>,
}

/// The time that `text` begins with, by the given format, whatever follows it. As [`strptime`], but without a
/// year it is in the past.
pub fn strptime_start(text: &str, format: &str, zone: &TimeZone, now: f64) -> Option<f64> {
    recognise::resolve(&start(text, format)?.0, zone, now)
}

impl Fields {
    /// Whether the year was read, or does not matter.
    pub(super) fn has_year(&self) -> bool {
        let date = self.day.is_some() || self.day_of_year.is_some() || self.week_from_sunday.is_some();
        self.epoch.is_some() || self.year().is_some() || self.iso_year().is_some() || !date
    }

    /// Reads what `format` describes.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>, format: &str) -> Option<()> {
        let mut items = format::items(format).peekable();
        while let Some(item) = items.next() {
            match item {
                // `%S.%N` reads seconds without a fraction too (Search Reference, strptime: the example of
                // gentimes).
                Item::Text(text) if text.ends_with('.') && is_fraction(items.peek()) => {
                    read_text(cursor, text.strip_suffix('.').unwrap_or(text))?;
                    if !cursor.eat(".") {
                        items.next();
                    }
                }
                Item::Text(text) => read_text(cursor, text)?,
                // Seconds have ten digits where parts of one follow at once: `%s%3N`.
                Item::Plain('s') if is_fraction(items.peek()) => self.read_epoch(cursor, 10)?,
                Item::Fraction(_) => self.nanos = Some(read_fraction(cursor)?),
                Item::Offset(style) => self.read_offset(cursor, style)?,
                Item::Plain(letter) => {
                    if let Some(format) = format::expansion(letter) {
                        self.read(cursor, format)?;
                    } else if "YyCGgmbBdejUVwaA".contains(letter) {
                        self.read_date(cursor, letter)?;
                    } else {
                        self.read_time(cursor, letter)?;
                    }
                }
            }
        }
        Some(())
    }

    fn read_date(&mut self, cursor: &mut Cursor<'_>, letter: char) -> Option<()> {
        match letter {
            'Y' => self.year = Some(number(cursor, 4, 0..=9999)?),
            'C' => self.century = Some(number(cursor, 2, 0..=99)?),
            'y' => self.short_year = Some(number(cursor, 2, 0..=99)?),
            'G' => self.iso_year = Some(number(cursor, 4, 0..=9999)?),
            'g' => self.short_iso_year = Some(number(cursor, 2, 0..=99)?),
            'm' => self.month = Some(number(cursor, 2, 1..=12)?),
            'b' | 'B' => self.month = Some(read_name(cursor, &MONTHS)?.checked_add(1)?),
            'd' | 'e' => self.day = Some(number(cursor, 2, 1..=31)?),
            'j' => self.day_of_year = Some(number(cursor, 3, 1..=366)?),
            'U' => self.week_from_sunday = Some(number(cursor, 2, 0..=53)?),
            'V' => self.iso_week = Some(number(cursor, 2, 1..=53)?),
            'w' => self.weekday = Some(number(cursor, 1, 0..=6)?),
            'a' | 'A' => self.weekday = Some(read_name(cursor, &WEEKDAYS)?),
            _ => return None,
        }
        Some(())
    }

    fn read_time(&mut self, cursor: &mut Cursor<'_>, letter: char) -> Option<()> {
        match letter {
            'H' | 'k' => self.hour = Some(number(cursor, 2, 0..=23)?),
            'I' | 'l' => self.hour12 = Some(number(cursor, 2, 1..=12)?),
            'M' => self.minute = Some(number(cursor, 2, 0..=59)?),
            'S' => self.second = Some(number(cursor, 2, 0..=60)?),
            'f' => self.nanos = Some(read_fraction(cursor)?),
            'p' => {
                let morning = cursor.eat_any_case("AM");
                if !morning && !cursor.eat_any_case("PM") {
                    return None;
                }
                self.afternoon = Some(!morning);
            }
            's' => self.read_epoch(cursor, usize::MAX)?,
            'Z' => {
                cursor.blanks();
                if matches!(cursor.peek(), Some(b'+' | b'-')) {
                    self.offset = Some(zones::numeric_offset(cursor)?);
                } else {
                    self.zone = Some(zones::zone_name(cursor)?.to_owned());
                }
            }
            'n' | 't' => {
                cursor.blanks();
            }
            '%' => return cursor.eat("%").then_some(()),
            _ => return None,
        }
        Some(())
    }

    /// Seconds since the epoch, of at most so many digits.
    fn read_epoch(&mut self, cursor: &mut Cursor<'_>, digits: usize) -> Option<()> {
        cursor.blanks();
        let sign = cursor.sign().unwrap_or(1);
        let seconds: i64 = cursor.digits(digits).parse().ok()?;
        self.epoch = Some(seconds.checked_mul(sign)?);
        Some(())
    }

    fn read_offset(&mut self, cursor: &mut Cursor<'_>, style: OffsetStyle) -> Option<()> {
        cursor.blanks();
        if ["UTC", "GMT", "Z"].iter().any(|zero| cursor.eat_any_case(zero)) {
            self.offset = Some(0);
        } else if style == OffsetStyle::Minutes {
            let sign = i32::try_from(cursor.sign().unwrap_or(1)).ok()?;
            let minutes: i32 = number(cursor, 4, 0..=1439)?;
            self.offset = Some(sign.checked_mul(minutes.checked_mul(60)?)?);
        } else {
            self.offset = Some(zones::numeric_offset(cursor)?);
        }
        Some(())
    }

    /// The instant that was read, see [`strptime`]; dates before `oldest_year` are not accepted.
    pub(super) fn resolve(&self, zone: &TimeZone, now: f64, oldest_year: i16) -> Option<f64> {
        let fraction = f64::from(self.nanos.unwrap_or(0)) / 1e9;
        if let Some(epoch) = self.epoch {
            Timestamp::from_second(epoch).ok()?;
            return Some(epoch as f64 + fraction);
        }
        let date = self.date(zone, now)?;
        if date.year() < oldest_year {
            return None;
        }
        // A leap second is the second after :59.
        let second = self.second.unwrap_or(0);
        let leap = i64::from(second / 60);
        let time = Time::new(self.hour(), self.minute.unwrap_or(0), second.min(59), 0).ok()?;
        let reading = DateTime::from_parts(date, time);
        let instant = match (self.offset, &self.zone) {
            (Some(offset), _) => {
                let offset = jiff::tz::Offset::from_seconds(offset).ok()?;
                offset.to_timestamp(reading).ok()?
            }
            (None, Some(name)) => zones::instant_in(name, reading, zone)?,
            (None, None) => zones::instant_at(reading, zone)?,
        };
        Some((instant.as_second() + leap) as f64 + fraction)
    }

    fn hour(&self) -> i8 {
        match (self.hour, self.hour12) {
            (Some(hour), _) => hour,
            (None, Some(hour)) => hour % 12 + if self.afternoon == Some(true) { 12 } else { 0 },
            (None, None) => 0,
        }
    }

    fn date(&self, zone: &TimeZone, now: f64) -> Option<Date> {
        let today = || unit::local_date(Moment::new(now)?.rounded().0, zone);
        let year = self.year();
        let week = self.week_from_sunday.is_some() || self.iso_week.is_some();
        if let Some(day) = self.day {
            return match (year, self.month) {
                (Some(year), Some(month)) => Date::new(year, month, day).ok(),
                (year, month) => {
                    let today = today()?;
                    let year = year.unwrap_or(today.year());
                    Date::new(year, month.unwrap_or(today.month()), day).ok()
                }
            };
        }
        if let Some(day) = self.day_of_year {
            let year = year.or_else(|| Some(today()?.year()))?;
            return day_of_year(year, day - 1).filter(|date| date.year() == year);
        }
        if week {
            return self.date_of_week(today);
        }
        if year.is_some() || self.month.is_some() || self.iso_year().is_some() {
            return None;
        }
        today()
    }

    /// The date named by a weekday and the number of its week.
    fn date_of_week(&self, today: impl Fn() -> Option<Date>) -> Option<Date> {
        let weekday = Weekday::from_sunday_zero_offset(self.weekday?).ok()?;
        if let Some(week) = self.iso_week {
            let year = self.iso_year().or(self.year());
            let year = year.or_else(|| Some(today()?.iso_week_date().year()))?;
            return Some(ISOWeekDate::new(year, week, weekday).ok()?.date());
        }
        let year = self.year().or_else(|| Some(today()?.year()))?;
        let first = Date::new(year, 1, 1).ok()?.weekday().to_sunday_zero_offset();
        // Week 1 begins on the first Sunday; week 0 are the days before it.
        let sunday = i16::from((7 - first) % 7) + 7 * (self.week_from_sunday? - 1);
        let day = sunday + i16::from(weekday.to_sunday_zero_offset());
        day_of_year(year, day).filter(|date| date.year() == year)
    }

    fn year(&self) -> Option<i16> {
        match (self.year, self.century, self.short_year) {
            (Some(year), ..) => Some(year),
            (None, Some(century), short) => Some(century * 100 + short.unwrap_or(0)),
            (None, None, short) => short.map(full_year),
        }
    }

    fn iso_year(&self) -> Option<i16> {
        self.iso_year.or_else(|| self.short_iso_year.map(full_year))
    }
}

/// The year that two digits stand for (as POSIX has it).
fn full_year(short: i16) -> i16 {
    if short < 69 { 2000 + short } else { 1900 + short }
}

/// The date so many days after January 1.
fn day_of_year(year: i16, days: i16) -> Option<Date> {
    let days = CalendarSpan::new().try_days(i64::from(days)).ok()?;
    Date::new(year, 1, 1).ok()?.checked_add(days).ok()
}

fn is_fraction(item: Option<&Item<'_>>) -> bool {
    matches!(item, Some(Item::Fraction(_) | Item::Plain('f')))
}

/// Matches the literal text of a format.
fn read_text(cursor: &mut Cursor<'_>, text: &str) -> Option<()> {
    let mut pieces = text.split(|c: char| c.is_ascii_whitespace());
    let first = pieces.next().unwrap_or_default();
    let mut matched = cursor.eat(first);
    for piece in pieces {
        cursor.blanks();
        matched = matched && cursor.eat(piece);
    }
    matched.then_some(())
}

/// Reads a whole number of at most `digits` digits.
fn number<T>(cursor: &mut Cursor<'_>, digits: usize, range: std::ops::RangeInclusive<T>) -> Option<T>
where
    T: std::str::FromStr + PartialOrd,
{
    cursor.blanks();
    let number = cursor.digits(digits).parse().ok()?;
    range.contains(&number).then_some(number)
}

/// Reads the digits after a decimal point as nanoseconds; digits from the tenth on are dropped.
fn read_fraction(cursor: &mut Cursor<'_>) -> Option<i32> {
    let digits = cursor.digits(usize::MAX);
    if digits.is_empty() {
        return None;
    }
    let nanos = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(nanos.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

/// Reads a full or short name: its place in `names`.
fn read_name<const N: usize>(cursor: &mut Cursor<'_>, names: &[&'static str; N]) -> Option<i8> {
    cursor.blanks();
    let place = names
        .iter()
        .position(|name| cursor.eat_any_case(name) || cursor.eat_any_case(format::abbreviation(name)))?;
    i8::try_from(place).ok()
}
