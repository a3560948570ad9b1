//! Time bounds: what `earliest=`, `latest=` and the command line accept.

use jiff::tz::TimeZone;

use super::TimeSpecError;
use super::cursor::Cursor;
use super::moment::Moment;
use super::relative::{RelativeTime, excerpt};
use super::strptime::{Fields, strptime};

/// Reads a bound of a time range: seconds since the epoch.
///
/// Accepted, in `zone` wherever the text names none (Search Manual, "Specify time modifiers in your
/// search", and ISO 8601):
///
/// - seconds since the epoch, fraction allowed: `0`, `1717200000.25`;
/// - `now`, `now()` and every [`RelativeTime`], seen from `now`;
/// - `%m/%d/%Y:%H:%M:%S`;
/// - `YYYY-MM-DD`, then perhaps `T` or blanks and `HH:MM[:SS[.digits]]`, then perhaps `Z`, `UTC`,
///   `GMT` or an offset (`+02:00`).
///
/// # Errors
/// When the text is none of these, names a date that does not exist, or lies outside the years -9999
/// to 9999.
pub fn parse_time_bound(text: &str, now: f64, zone: &TimeZone) -> Result<f64, TimeSpecError> {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let bound = if is_number(trimmed) {
        epoch(trimmed)
    } else if trimmed.contains('/') && trimmed.starts_with(|c: char| c.is_ascii_digit()) {
        us_date(trimmed, now, zone)
    } else if looks_like_iso(trimmed) {
        iso_date(trimmed, now, zone)
    } else {
        relative(trimmed, now, zone)
    };
    bound.map_err(|error| TimeSpecError::new(error.message, error.offset + start))
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Four digits and a `-`: no relative modifier begins so.
fn looks_like_iso(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.digits(4).len() == 4 && cursor.eat("-")
}

fn epoch(text: &str) -> Result<f64, TimeSpecError> {
    let epoch: f64 = text.parse().map_err(|_| unreadable(text))?;
    Moment::new(epoch).map(|_| epoch).ok_or_else(|| {
        let message =
            format!("{} is too large for seconds since 1970 (are these milliseconds?)", excerpt(text));
        TimeSpecError::new(message, 0)
    })
}

fn relative(text: &str, now: f64, zone: &TimeZone) -> Result<f64, TimeSpecError> {
    let starts_like_one = text.starts_with(['+', '-', '@'])
        || text.starts_with(|c: char| c.is_ascii_digit())
        || text.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("now"))
        || text.starts_with("rt");
    let modifier: RelativeTime = match text.parse() {
        Ok(modifier) => modifier,
        Err(error) if starts_like_one || text.is_empty() => return Err(error),
        Err(_) => return Err(unreadable(text)),
    };
    modifier.apply(now, zone).ok_or_else(|| {
        TimeSpecError::new(format!("`{}` leads outside the supported years", excerpt(text)), 0)
    })
}

fn us_date(text: &str, now: f64, zone: &TimeZone) -> Result<f64, TimeSpecError> {
    strptime(text, "%m/%d/%Y:%H:%M:%S", zone, now).ok_or_else(|| {
        let message = format!("`{}` is not a time in the form %m/%d/%Y:%H:%M:%S", excerpt(text));
        TimeSpecError::new(message, 0)
    })
}

fn iso_date(text: &str, now: f64, zone: &TimeZone) -> Result<f64, TimeSpecError> {
    let mut cursor = Cursor::new(text);
    let mut fields = Fields::default();
    if read_iso(&mut cursor, &mut fields).is_none() || !cursor.is_done() {
        let message = format!("`{}` is not a time in the form of ISO 8601", excerpt(text));
        return Err(TimeSpecError::new(message, cursor.at()));
    }
    fields
        .resolve(zone, now, i16::MIN)
        .ok_or_else(|| TimeSpecError::new(format!("there is no such time as `{}`", excerpt(text)), 0))
}

fn read_iso(cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    fields.read(cursor, "%Y-%m-%d")?;
    if cursor.is_done() {
        return Some(());
    }
    if !cursor.eat("T") && cursor.blanks().is_empty() {
        return None;
    }
    fields.read(cursor, "%H:%M")?;
    if cursor.eat(":") {
        fields.read(cursor, "%S")?;
        if cursor.eat(".") {
            fields.read(cursor, "%N")?;
        }
    }
    if cursor.is_done() {
        return Some(());
    }
    fields.read(cursor, "%z")
}

fn unreadable(text: &str) -> TimeSpecError {
    let message = format!(
        "`{}` is not a time: expected seconds since 1970, a modifier such as -24h@h, %m/%d/%Y:%H:%M:%S, or ISO 8601",
        excerpt(text)
    );
    TimeSpecError::new(message, 0)
}
