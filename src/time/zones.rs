//! Time zones as they are written: names, abbreviations, offsets.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use super::TimeSpecError;
use super::cursor::Cursor;
use super::relative::excerpt;

/// Abbreviations that have one meaning in logs, with their hours and minutes east of UTC.
///
/// Ambiguous ones are read the way of the United States or of Europe; those with no such reading
/// (`IST`: India, Ireland, Israel) are known only to zones that use them.
const ABBREVIATIONS: &[(&str, i32, i32)] = &[
    ("UTC", 0, 0),
    ("GMT", 0, 0),
    ("UT", 0, 0),
    ("Z", 0, 0),
    // United States
    ("EST", -5, 0),
    ("EDT", -4, 0),
    ("CST", -6, 0),
    ("CDT", -5, 0),
    ("MST", -7, 0),
    ("MDT", -6, 0),
    ("PST", -8, 0),
    ("PDT", -7, 0),
    ("AKST", -9, 0),
    ("AKDT", -8, 0),
    ("HST", -10, 0),
    // Europe
    ("WET", 0, 0),
    ("WEST", 1, 0),
    ("BST", 1, 0),
    ("CET", 1, 0),
    ("CEST", 2, 0),
    ("MET", 1, 0),
    ("MEST", 2, 0),
    ("EET", 2, 0),
    ("EEST", 3, 0),
    ("MSK", 3, 0),
    // Asia and the Pacific
    ("SGT", 8, 0),
    ("HKT", 8, 0),
    ("JST", 9, 0),
    ("KST", 9, 0),
    ("AWST", 8, 0),
    ("ACST", 9, 30),
    ("ACDT", 10, 30),
    ("AEST", 10, 0),
    ("AEDT", 11, 0),
    ("NZST", 12, 0),
    ("NZDT", 13, 0),
];

/// Whether letters are one of the abbreviations, in capitals.
pub(super) fn is_abbreviation(letters: &str) -> bool {
    ABBREVIATIONS.iter().any(|(known, ..)| *known == letters)
}

/// Reads a time zone as a user names one: a name of the zone database in any mix of cases
/// (`Europe/Berlin`, `UTC`), `Z`, or an offset from UTC (`+02:00`, `-0700`).
///
/// # Errors
/// When the name is none of these; the machine's own zone files are never consulted.
pub fn parse_time_zone(name: &str) -> Result<TimeZone, TimeSpecError> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("z") {
        return Ok(TimeZone::UTC);
    }
    let mut cursor = Cursor::new(name);
    if let Some(seconds) = numeric_offset(&mut cursor)
        && cursor.is_done()
        && let Ok(offset) = Offset::from_seconds(seconds)
    {
        return Ok(TimeZone::fixed(offset));
    }
    named(name).ok_or_else(|| {
        let message = format!(
            "`{}` is not a time zone: expected a name such as Europe/Berlin, UTC, or an offset such as +02:00",
            excerpt(name)
        );
        TimeSpecError::new(message, 0)
    })
}

/// The zone database of this binary.
///
/// Asked for by name, so that a crate that turns on more of jiff's features does not make results
/// depend on the zone files of the machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

fn named(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok()
}

/// Reads `+hh`, `+hhmm`, `+hh:mm`, `+hh:mm:ss` or the same with `-`: seconds east of UTC.
///
/// A missing leading zero is accepted. `None` leaves the cursor anywhere.
pub(super) fn numeric_offset(cursor: &mut Cursor<'_>) -> Option<i32> {
    let sign = i32::try_from(cursor.sign()?).ok()?;
    let digits = cursor.digits(6);
    let (hours, minutes, seconds) = match digits.len() {
        1 | 2 => {
            let minutes = colon_pair(cursor);
            let seconds = minutes.and_then(|_| colon_pair(cursor));
            (digits, minutes.unwrap_or("0"), seconds.unwrap_or("0"))
        }
        3 | 4 => {
            let (hours, minutes) = digits.split_at_checked(digits.len() - 2)?;
            (hours, minutes, "0")
        }
        6 => (digits.get(..2)?, digits.get(2..4)?, digits.get(4..)?),
        _ => return None,
    };
    let below = |text: &str, limit: i32| text.parse::<i32>().ok().filter(|n| *n < limit);
    let length = below(hours, 24)? * 3600 + below(minutes, 60)? * 60 + below(seconds, 60)?;
    Some(sign * length)
}

/// Reads `:dd` if it comes next.
fn colon_pair<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let mut ahead = cursor.clone();
    let digits = if ahead.eat(":") { ahead.digits(2) } else { "" };
    if digits.len() != 2 {
        return None;
    }
    *cursor = ahead;
    Some(digits)
}

/// Reads a zone's abbreviation (`PDT`) or its name in the zone database (`America/New_York`).
pub(super) fn zone_name<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let start = cursor.clone();
    let letters = cursor.letters();
    if letters.is_empty() {
        return None;
    }
    if cursor.peek() != Some(b'/') {
        return Some(letters);
    }
    *cursor = start;
    Some(cursor.run(64, |b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b)))
}

/// The instant at which a clock in the zone called `name` shows `reading`.
///
/// An abbreviation that `home` uses at that time means what it means there, and picks between the two
/// passes of a repeated hour; then come the table above and the names of the zone database.
pub(super) fn instant_in(name: &str, reading: DateTime, home: &TimeZone) -> Option<Timestamp> {
    let offset = own_abbreviation(name, reading, home).or_else(|| {
        ABBREVIATIONS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
            .and_then(|(_, hours, minutes)| Offset::from_seconds(hours * 3600 + minutes * 60).ok())
    });
    match offset {
        Some(offset) => offset.to_timestamp(reading).ok(),
        None => instant_at(reading, &named(name)?),
    }
}

/// The instant at which the clock of `zone` shows `reading`: the first of two, and after a gap the
/// reading moved forward by its length.
pub(super) fn instant_at(reading: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(reading).compatible().ok()
}

/// The offset that `zone` calls `name` when its clock shows `reading`.
fn own_abbreviation(name: &str, reading: DateTime, zone: &TimeZone) -> Option<Offset> {
    let candidates = match zone.to_ambiguous_timestamp(reading).offset() {
        AmbiguousOffset::Unambiguous { offset } => [offset, offset],
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => [before, after],
    };
    candidates.into_iter().find(|offset| {
        offset.to_timestamp(reading).is_ok_and(|instant| {
            let info = zone.to_offset_info(instant);
            info.offset() == *offset && info.abbreviation().eq_ignore_ascii_case(name)
        })
    })
}
