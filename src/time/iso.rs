//! The fast path for timestamps of events.

/// Reads exactly `YYYY-MM-DDTHH:MM:SS[.digits](Z|+hh:mm|+hhmm|-hh:mm|-hhmm)`: seconds since the epoch.
///
/// This runs on every event: it allocates nothing and consults no zone database. Second 60 is the
/// second after :59; digits of the fraction from the tenth on are dropped. `None` for any other text,
/// dates that do not exist included.
pub fn parse_iso8601(bytes: &[u8]) -> Option<f64> {
    let (head, tail) = bytes.split_at_checked(19)?;
    let &[y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2] = head
    else {
        return None;
    };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    let month = pair(mo1, mo2)?;
    let day = pair(d1, d2)?;
    let (hour, minute, second) = (pair(h1, h2)?, pair(mi1, mi2)?, pair(s1, s2)?);
    let days = days_since_epoch(year, month, day)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (nanos, tail) = fraction(tail)?;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset(tail)?;
    Some(seconds as f64 + nanos as f64 / 1e9)
}

/// The number that two digits stand for.
fn pair(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// Reads `.digits` if there is a point: nanoseconds and what follows.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.', digits @ ..] = text else {
        return Some((0, text));
    };
    let mut rest = digits;
    let (mut nanos, mut unit) = (0, 100_000_000);
    while let [digit @ b'0'..=b'9', tail @ ..] = rest {
        nanos += i64::from(digit - b'0') * unit;
        unit /= 10;
        rest = tail;
    }
    (rest.len() < digits.len()).then_some((nanos, rest))
}

/// Reads the zone at the end: seconds east of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, h1, h2, m1, m2) = match *text {
        [b'Z'] => return Some(0),
        [sign, h1, h2, b':', m1, m2] | [sign, h1, h2, m1, m2] => (sign, h1, h2, m1, m2),
        _ => return None,
    };
    let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    match sign {
        b'+' => Some(hours * 3_600 + minutes * 60),
        b'-' => Some(-(hours * 3_600 + minutes * 60)),
        _ => None,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, if there is such a date.
///
/// Years are counted from March, so that the leap day is the last of its year.
fn days_since_epoch(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let march_year = if month > 2 { year } else { year - 1 };
    let months = (month + 9) % 12;
    // 153 days are five months from March or August on; 719468 days lead from 0000-03-01 to 1970.
    let leap_days = march_year.div_euclid(4) - march_year.div_euclid(100) + march_year.div_euclid(400);
    Some(march_year * 365 + leap_days + (153 * months + 2) / 5 + day - 1 - 719_468)
}
