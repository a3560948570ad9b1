//! Times in the text of an event, found by their looks.
//!
//! Splunk knows the common forms of a time without being told (Getting Data In, "How timestamp assignment
//! works"). Read here are ISO 8601 and its kin with `/`, `.`, a blank or nothing between the parts; the forms of
//! syslog, of `ctime` and of mail; day, name of the month and year as web servers write them; month, day and
//! year with slashes; and seconds since 1970, also as milli-, micro- or nanoseconds.

use jiff::tz::TimeZone;

use super::cursor::Cursor;
use super::format::{MONTHS, WEEKDAYS, abbreviation};
use super::strptime::Fields;
use super::zones;

/// A time without a year that lies further ahead than this was meant to be one of last year.
const AHEAD: f64 = 2.0 * 86_400.0;

const YEAR: f64 = 365.25 * 86_400.0;

/// Years that a date in an event has; anything else is some number.
const YEARS: std::ops::RangeInclusive<i16> = 1971..=2099;

/// The first time in a text: seconds since the epoch. Without a zone it is on the clock of `zone`; without a
/// year it is in the past.
pub fn recognise(text: &str, zone: &TimeZone, now: f64) -> Option<f64> {
    let starts = || starts(text);
    let date = starts().find_map(|at| resolve(&date(text.get(at..)?)?, zone, now));
    date.or_else(|| starts().find_map(|at| epoch(text, at)))
}

/// The first time of day in a text, with seconds and without a date: that on a day, which is given by a time on it.
pub fn time_alone(text: &str, zone: &TimeZone, day: f64) -> Option<f64> {
    starts(text).find_map(|at| {
        let before = text.get(..at)?.bytes().next_back();
        let rest = text.get(at..)?;
        // Parts of an address are no time.
        if before == Some(b':') || !has_seconds(rest) {
            return None;
        }
        let mut fields = Fields::default();
        time_of_day(&mut Cursor::new(rest), &mut fields)?;
        fields.resolve(zone, day, *YEARS.start())
    })
}

/// Whether a text begins as `9:30:15` does, and not as an address.
fn has_seconds(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    let hour = !cursor.digits(2).is_empty();
    let minute = cursor.eat(":") && cursor.digits(2).len() == 2;
    let second = cursor.eat(":") && cursor.digits(2).len() == 2;
    hour && minute
        && second
        && !cursor.peek().is_some_and(|next| next == b':' || next.is_ascii_alphanumeric())
}

/// The last date in the name of a source, as a time on that day: `app-2024-02-28.log`, `logs/20240228/app`. A time of day
/// is not looked for there (Getting Data In, "How timestamp assignment works").
pub fn date_in_name(name: &str, zone: &TimeZone) -> Option<f64> {
    let date = |at: usize| {
        let mut cursor = Cursor::new(name.get(at..)?);
        let mut fields = Fields { year: Some(number(&mut cursor, 4, 4)?), ..Fields::default() };
        fields.year.filter(|year| YEARS.contains(year))?;
        let separator = ["-", "_", "."].into_iter().find(|separator| cursor.eat(separator));
        fields.month = Some(number(&mut cursor, 2, 2)?);
        if separator.is_some_and(|separator| !cursor.eat(separator)) {
            return None;
        }
        fields.day = Some(number(&mut cursor, 2, 2)?);
        let goes_on = cursor.peek().is_some_and(|next| next.is_ascii_digit());
        if goes_on { None } else { fields.resolve(zone, 0.0, *YEARS.start()) }
    };
    let digit = |at: usize| name.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let begins = |at: &usize| digit(*at) && !at.checked_sub(1).is_some_and(digit);
    (0..name.len()).rev().filter(begins).find_map(date)
}

/// The time of what was read; without a year that of this year, or of last year if it would be ahead.
pub(super) fn resolve(fields: &Fields, zone: &TimeZone, now: f64) -> Option<f64> {
    let time = fields.resolve(zone, now, *YEARS.start());
    if fields.has_year() || time.is_some_and(|time| time <= now + AHEAD) {
        return time;
    }
    fields.resolve(zone, now - YEAR, *YEARS.start())
}

/// Where a number or a word begins.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut inside = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let before = std::mem::replace(&mut inside, byte.is_ascii_alphanumeric());
        (inside && !before).then_some(at)
    })
}

/// The date, mostly with a time of day, that a text begins with.
fn date(text: &str) -> Option<Fields> {
    let mut cursor = Cursor::new(text);
    let mut fields = Fields::default();
    if cursor.peek()?.is_ascii_digit() {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        match digits {
            4 => year_first(&mut cursor, &mut fields)?,
            8 | 14 => compact(&mut cursor, &mut fields, digits)?,
            1 | 2 => day_or_month_first(&mut cursor, &mut fields)?,
            _ => return None,
        }
    } else {
        word_first(&mut cursor, &mut fields)?;
    }
    Some(fields)
}

/// `2024-02-28`, with or without a time of day.
fn year_first(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    fields.year = Some(number(cursor, 4, 4)?).filter(|year| YEARS.contains(year));
    fields.year?;
    let separator = one_of(cursor, &["-", "/", "."])?;
    fields.month = Some(number(cursor, 1, 2)?);
    if !cursor.eat(separator) {
        return None;
    }
    fields.day = Some(number(cursor, 1, 2)?);
    if cursor.peek().is_some_and(|next| next.is_ascii_digit()) {
        return None;
    }
    let mut ahead = cursor.clone();
    if separate(&mut ahead) && time_of_day(&mut ahead, fields).is_some() {
        *cursor = ahead;
    }
    Some(())
}

/// `20240228T093015Z`, `20240228 09:30:15`, `20240228093015`.
fn compact(cursor: &mut Cursor<'_>, fields: &mut Fields, digits: usize) -> Option<()> {
    fields.year = Some(number(cursor, 4, 4)?).filter(|year| YEARS.contains(year));
    fields.year?;
    fields.month = Some(number(cursor, 2, 2)?);
    fields.day = Some(number(cursor, 2, 2)?);
    if digits == 8 {
        if !separate(cursor) {
            return None;
        }
        let mut ahead = cursor.clone();
        if time_of_day(&mut ahead, fields).is_some() {
            *cursor = ahead;
            return Some(());
        }
    }
    fields.hour = Some(number(cursor, 2, 2)?).filter(|hour| *hour < 24);
    fields.minute = Some(number(cursor, 2, 2)?).filter(|minute| *minute < 60);
    fields.second = Some(number(cursor, 2, 2)?).filter(|second| *second <= 60);
    fields.hour.and(fields.minute).and(fields.second)?;
    fraction(cursor, fields);
    zone(cursor, fields);
    Some(())
}

/// `10/Oct/2024:13:55:36 -0700`, `28 Feb 2024 09:30:15`, `2/28/2024 9:30:15 AM`, `28.02.2024 09:30`.
fn day_or_month_first(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    let first: i8 = number(cursor, 1, 2)?;
    let separator = one_of(cursor, &["/", "-", ".", " "])?;
    if cursor.peek()?.is_ascii_alphabetic() {
        fields.day = Some(first);
        fields.month = Some(month(cursor)?);
        if !cursor.eat(separator) && !cursor.eat(" ") {
            return None;
        }
        year(cursor, fields)?;
    } else {
        let second: i8 = number(cursor, 1, 2)?;
        if separator == " " || !cursor.eat(separator) {
            return None;
        }
        year(cursor, fields)?;
        // Americans write the month first, who writes points the day; where only one reading is a date it is that.
        let day_first = separator == "." && second <= 12 || first > 12;
        (fields.day, fields.month) =
            if day_first { (Some(first), Some(second)) } else { (Some(second), Some(first)) };
    }
    if !separate(cursor) {
        return None;
    }
    time_of_day(cursor, fields)
}

/// `Feb 28 09:30:15`, `Feb 28, 2024 9:30:15 AM`, `Wed Feb 28 09:30:15 UTC 2024`, `Wed, 28 Feb 2024 09:30:15 GMT`.
fn word_first(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    let mut ahead = cursor.clone();
    if name(&mut ahead, &WEEKDAYS).is_some() {
        ahead.eat(",");
        ahead.blanks();
        *cursor = ahead;
        if cursor.peek()?.is_ascii_digit() {
            return day_or_month_first(cursor, fields);
        }
    }
    fields.month = Some(month(cursor)?);
    cursor.eat(".");
    if cursor.blanks().is_empty() {
        return None;
    }
    fields.day = Some(number(cursor, 1, 2)?);
    cursor.eat(",");
    if cursor.blanks().is_empty() {
        return None;
    }
    let mut ahead = cursor.clone();
    if year(&mut ahead, fields).is_some() && separate(&mut ahead) {
        *cursor = ahead;
    } else {
        fields.year = None;
    }
    time_of_day(cursor, fields)?;
    if fields.year.is_none() && fields.short_year.is_none() {
        let mut ahead = cursor.clone();
        ahead.blanks();
        fields.year = number(&mut ahead, 4, 4).filter(|year| YEARS.contains(year));
    }
    Some(())
}

/// `9:30`, `09:30:15.123`, `9:30:15 AM`, each with or without a zone.
fn time_of_day(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    let hour: i8 = number(cursor, 1, 2)?;
    if hour > 23 || !cursor.eat(":") {
        return None;
    }
    let minute: i8 = number(cursor, 2, 2)?;
    let second: i8 = if cursor.eat(":") { number(cursor, 2, 2)? } else { 0 };
    if minute > 59 || second > 60 {
        return None;
    }
    (fields.minute, fields.second) = (Some(minute), Some(second));
    fraction(cursor, fields);
    let mut ahead = cursor.clone();
    ahead.blanks();
    let morning = ahead.eat_any_case("AM");
    if (morning || ahead.eat_any_case("PM")) && !ahead.peek().is_some_and(|next| next.is_ascii_alphanumeric())
    {
        (fields.hour12, fields.afternoon) = (Some(hour), Some(!morning));
        *cursor = ahead;
    } else {
        fields.hour = Some(hour);
    }
    zone(cursor, fields);
    Some(())
}

/// A fraction of the second: after a point, or as some programs write it after a comma or a colon.
fn fraction(cursor: &mut Cursor<'_>, fields: &mut Fields) {
    let mut ahead = cursor.clone();
    let point = ahead.eat(".");
    if !point && !ahead.eat(",") && !ahead.eat(":") {
        return;
    }
    let digits = ahead.digits(usize::MAX);
    if (point && !digits.is_empty()) || matches!(digits.len(), 3 | 6) {
        let nanos = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
        fields.nanos = Some(nanos.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')));
        *cursor = ahead;
    }
}

/// A zone behind a time: an offset, `Z`, or a well-known abbreviation in capitals.
fn zone(cursor: &mut Cursor<'_>, fields: &mut Fields) {
    let mut ahead = cursor.clone();
    ahead.blanks();
    if matches!(ahead.peek(), Some(b'+' | b'-')) {
        let offset = zones::numeric_offset(&mut ahead);
        // `09:30:15 - text` and `09:30:15-17` are no zones.
        let written = cursor.rest().len() - ahead.rest().len();
        if let Some(offset) = offset.filter(|_| written >= 5) {
            fields.offset = Some(offset);
            *cursor = ahead;
        }
        return;
    }
    let letters = ahead.letters();
    let followed = ahead.peek().is_some_and(|next| next.is_ascii_digit() || b"._-/".contains(&next));
    if !followed && zones::is_abbreviation(letters) {
        fields.zone = Some(letters.to_owned());
        *cursor = ahead;
    }
}

/// What may stand between a date and the time of day.
fn separate(cursor: &mut Cursor<'_>) -> bool {
    let mark = ["T", ":", "_", "-", ","].iter().any(|mark| cursor.eat(mark));
    !cursor.blanks().is_empty() || mark
}

/// A year of four digits, or of two.
fn year(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    let digits = cursor.digits(5);
    match digits.len() {
        4 => fields.year = digits.parse().ok().filter(|year| YEARS.contains(year)),
        2 if cursor.peek() != Some(b':') => fields.short_year = digits.parse().ok(),
        _ => return None,
    }
    fields.year.or(fields.short_year).map(|_| ())
}

fn month(cursor: &mut Cursor<'_>) -> Option<i8> {
    name(cursor, &MONTHS)?.checked_add(1)
}

/// A full or short name: its place in `names`.
fn name<const N: usize>(cursor: &mut Cursor<'_>, names: &[&'static str; N]) -> Option<i8> {
    let letters = cursor.letters();
    if !(3..=9).contains(&letters.len()) {
        return None;
    }
    let is = |name: &'static str| {
        letters.eq_ignore_ascii_case(name) || letters.eq_ignore_ascii_case(abbreviation(name))
    };
    i8::try_from(names.iter().position(|name| is(name))?).ok()
}

fn number<T: std::str::FromStr>(cursor: &mut Cursor<'_>, shortest: usize, longest: usize) -> Option<T> {
    let digits = cursor.digits(longest);
    (digits.len() >= shortest).then(|| digits.parse().ok()).flatten()
}

fn one_of<'s>(cursor: &mut Cursor<'_>, separators: &[&'s str]) -> Option<&'s str> {
    separators.iter().copied().find(|separator| cursor.eat(separator))
}

/// Seconds since 1970 with a fraction, or a whole number of smaller units, that stand for themselves.
fn epoch(text: &str, at: usize) -> Option<f64> {
    let before = text.get(..at)?.chars().next_back();
    if before.is_some_and(|c| !c.is_whitespace() && !"#,\"=([|{:@".contains(c)) {
        return None;
    }
    let rest = text.get(at..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match digits {
        10 => 1.0,
        13 => 1e3,
        16 => 1e6,
        19 => 1e9,
        _ => return None,
    };
    let (whole, after) = rest.split_at_checked(digits)?;
    let fraction = after
        .strip_prefix('.')
        .filter(|_| digits == 10)
        .map_or(0, |after| after.bytes().take_while(u8::is_ascii_digit).count());
    let (number, after) = rest.split_at_checked(if fraction > 0 { digits + 1 + fraction } else { digits })?;
    if !whole.starts_with('1') || after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '(') {
        return None;
    }
    number.parse::<f64>().ok().map(|number| number / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-02-28T09:30:15Z
    const THEN: f64 = 1_709_112_615.0;

    /// 2024-03-01T00:00:00Z
    const NOW: f64 = 1_709_251_200.0;

    fn at(text: &str) -> Option<f64> {
        recognise(text, &TimeZone::UTC, NOW)
    }

    #[test]
    fn the_common_forms() {
        for text in [
            "2024-02-28T09:30:15Z",
            "[2024-02-28 09:30:15] x",
            "x=1 t=\"2024/02/28 09:30:15\"",
            "2024-02-28T10:30:15+01:00 host",
            "2024-02-28 04:30:15 -0500",
            "2024-02-28 04:30:15 EST",
            "20240228T093015Z",
            "20240228093015",
            "Feb 28 09:30:15 host sshd[1]: x",
            "<13>Feb 28 09:30:15 host",
            "Feb 28 2024 09:30:15 host",
            "Feb 28, 2024 9:30:15 AM",
            "Wed Feb 28 09:30:15 2024",
            "Wed Feb 28 09:30:15 UTC 2024",
            "Wed, 28 Feb 2024 09:30:15 GMT",
            "192.0.2.1 - - [28/Feb/2024:02:30:15 -0700] \"GET /\"",
            "28-Feb-2024 09:30:15",
            "02/28/2024 09:30:15 AM\nLogName=Security",
            "2/28/24 9:30:15",
            "28.02.2024 09:30:15",
            "28/02/2024 09:30:15",
            "type=X msg=audit(1709112615:42): x",
            "1709112615 x",
            "{\"t\":1709112615000}",
        ] {
            assert_eq!(at(text), Some(THEN), "{text}");
        }
    }

    #[test]
    fn fractions() {
        for text in ["2024-02-28T09:30:15.250Z", "2024-02-28 09:30:15,250 INFO", "audit(1709112615.25:7)"] {
            assert_eq!(at(text), Some(THEN + 0.25), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_that_on_a_day() {
        let alone = |text: &str| time_alone(text, &TimeZone::UTC, THEN);
        for text in ["09:30:15 x", "[9:30:15 AM] x", "x 09:30:15", "09:30:15+00:00", "10.0.0.1 09:30:15"] {
            assert_eq!(alone(text), Some(THEN), "{text}");
        }
        assert_eq!(alone("09:30:15.250 x"), Some(THEN + 0.25));
        for text in ["09:30 x", "00:11:22:33:44:55", "1:09:30:15", "25:30:15", "09:30:15a", ""] {
            assert_eq!(alone(text), None, "{text}");
        }
    }

    #[test]
    fn dates_in_names() {
        let midnight = Some(1_709_078_400.0);
        for name in
            ["app-2024-02-28.log", "logs/20240228/app.log", "2024_02_28", "2023-01-01/app.2024.02.28.log.gz"]
        {
            assert_eq!(date_in_name(name, &TimeZone::UTC), midnight, "{name}");
        }
        for name in [
            "app.log",
            "202402281",
            "12024-02-28",
            "2024-02-30",
            "2024-2-28",
            "2024-02_28",
            "1024",
            "é2024",
            "",
        ] {
            assert_eq!(date_in_name(name, &TimeZone::UTC), None, "{name}");
        }
    }

    #[test]
    fn a_date_alone_is_its_midnight() {
        assert_eq!(at("2024-02-28,x"), Some(THEN - 9.5 * 3600.0 - 15.0));
    }

    #[test]
    fn without_a_year_it_is_in_the_past() {
        assert_eq!(at("Feb 29 00:00:00 x"), Some(NOW - 86_400.0));
        // 2023-03-10T00:00:00Z
        assert_eq!(at("Mar 10 00:00:00 x"), Some(1_678_406_400.0));
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "host 10.20.30.40 port 22",
            "version 1.2.2024",
            "May be 12:00",
            "12345678901",
            "id=1709112615abc",
            "2024-02-30 10:00:00",
            "99/99/2024 10:00:00",
            "12:30:15",
            "call 555-12-2024",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
