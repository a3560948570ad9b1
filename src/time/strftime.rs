//! Time to text.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::format::{self, Item, MONTHS, OffsetStyle, WEEKDAYS};
use super::moment::Moment;

/// Writes the instant `epoch` on the clock of `zone` in the given format.
///
/// Variables: `%Y %y %C %G %g %m %b %B %d %e %j %U %V %w %a %A %H %I %k %l %M %S %p %T %F %D %R %s
/// %Q %1Q…%9Q %N %1N…%9N %f %z %:z %::z %:::z %Z %Ez %c %x %X %+ %n %t %%`. Anything else after a `%`
/// is printed as it stands. Source: Search Reference, "Date and time format variables".
///
/// - Parts of a second are rounded to microseconds, then cut to the digits asked for: a double cannot
///   hold 1521467703.049 exactly, `%Q` of it is `049` all the same. `%Q` has 3 digits, `%N` 9 (the
///   last three are zeros), `%f` 6.
/// - `%V` is the ISO 8601 week (01 to 53), `%U` counts weeks from the first Sunday (00 to 53).
/// - `%Ez` is the offset in minutes with its sign (`-420`, `+60`); `%:::z` is its hours alone.
/// - `%Z` is the zone's abbreviation (`PDT`), or its offset for zones that have none.
/// - Names are English; `%c` is `Thu Jul 18 09:30:00 2019`, `%+` the same with the zone before the
///   year, `%x` is `07/18/2019` and `%X` is `09:30:00`.
///
/// `None` when `epoch` is not a time in the years -9999 to 9999.
pub fn strftime(epoch: f64, format: &str, zone: &TimeZone) -> Option<String> {
    let (second, micros) = Moment::new(epoch)?.rounded();
    let timestamp = Timestamp::from_second(second).ok()?;
    let info = zone.to_offset_info(timestamp);
    let printer = Printer {
        second,
        micros,
        local: info.offset().to_datetime(timestamp),
        offset: info.offset().seconds(),
        zone: info.abbreviation(),
    };
    let mut out = String::with_capacity(format.len().saturating_mul(2));
    printer.write(&mut out, format).ok()?;
    Some(out)
}

/// An instant with all that formats ask of it.
struct Printer<'a> {
    second: i64,
    micros: i64,
    local: DateTime,
    /// Seconds east of UTC.
    offset: i32,
    zone: &'a str,
}

impl Printer<'_> {
    fn write(&self, out: &mut String, format: &str) -> std::fmt::Result {
        for item in format::items(format) {
            match item {
                Item::Text(text) => out.push_str(text),
                Item::Fraction(digits) => self.fraction(out, digits)?,
                Item::Offset(style) => self.offset(out, style)?,
                Item::Plain(letter) => {
                    if let Some(format) = format::expansion(letter) {
                        self.write(out, format)?;
                    } else if "YyCGgmbBdejUVwaA".contains(letter) {
                        self.date(out, letter)?;
                    } else {
                        self.time(out, letter)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn date(&self, out: &mut String, letter: char) -> std::fmt::Result {
        let date = self.local.date();
        let year = date.year();
        let weekday = date.weekday().to_sunday_zero_offset();
        match letter {
            'Y' => write!(out, "{year:04}"),
            'y' => write!(out, "{:02}", year.rem_euclid(100)),
            'C' => write!(out, "{:02}", year.div_euclid(100)),
            'G' => write!(out, "{:04}", date.iso_week_date().year()),
            'g' => write!(out, "{:02}", date.iso_week_date().year().rem_euclid(100)),
            'V' => write!(out, "{:02}", date.iso_week_date().week()),
            // Days since the last Sunday before the year's second one, in whole weeks.
            'U' => {
                let week = (date.day_of_year() + 6 - i16::from(weekday)) / 7;
                write!(out, "{week:02}")
            }
            'm' => write!(out, "{:02}", date.month()),
            'b' => write!(out, "{}", format::abbreviation(name(&MONTHS, date.month() - 1))),
            'B' => write!(out, "{}", name(&MONTHS, date.month() - 1)),
            'd' => write!(out, "{:02}", date.day()),
            'e' => write!(out, "{:2}", date.day()),
            'j' => write!(out, "{:03}", date.day_of_year()),
            'w' => write!(out, "{weekday}"),
            'a' => write!(out, "{}", format::abbreviation(name(&WEEKDAYS, weekday))),
            'A' => write!(out, "{}", name(&WEEKDAYS, weekday)),
            _ => Ok(()),
        }
    }

    fn time(&self, out: &mut String, letter: char) -> std::fmt::Result {
        let hour = self.local.hour();
        let hour12 = (hour + 11) % 12 + 1;
        match letter {
            'H' => write!(out, "{hour:02}"),
            'k' => write!(out, "{hour:2}"),
            'I' => write!(out, "{hour12:02}"),
            'l' => write!(out, "{hour12:2}"),
            'M' => write!(out, "{:02}", self.local.minute()),
            'S' => write!(out, "{:02}", self.local.second()),
            'p' => out.write_str(if hour < 12 { "AM" } else { "PM" }),
            's' => write!(out, "{}", self.second),
            'f' => self.fraction(out, 6),
            'Z' => out.write_str(self.zone),
            'n' => out.write_char('\n'),
            't' => out.write_char('\t'),
            '%' => out.write_char('%'),
            _ => Ok(()),
        }
    }

    fn fraction(&self, out: &mut String, digits: usize) -> std::fmt::Result {
        let nanos = format!("{:06}000", self.micros);
        out.write_str(nanos.get(..digits).unwrap_or(&nanos))
    }

    fn offset(&self, out: &mut String, style: OffsetStyle) -> std::fmt::Result {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let length = self.offset.abs();
        let (hours, minutes, seconds) = (length / 3600, length / 60 % 60, length % 60);
        match style {
            OffsetStyle::HourMinute => write!(out, "{sign}{hours:02}{minutes:02}"),
            OffsetStyle::HourColonMinute => write!(out, "{sign}{hours:02}:{minutes:02}"),
            OffsetStyle::HourMinuteSecond => {
                write!(out, "{sign}{hours:02}:{minutes:02}:{seconds:02}")
            }
            OffsetStyle::Hour => write!(out, "{sign}{hours:02}"),
            OffsetStyle::Minutes => write!(out, "{sign}{}", length / 60),
        }
    }
}

/// The name at a place counted from 0.
fn name<const N: usize>(names: &'static [&'static str; N], place: i8) -> &'static str {
    usize::try_from(place).ok().and_then(|place| names.get(place)).copied().unwrap_or_default()
}
