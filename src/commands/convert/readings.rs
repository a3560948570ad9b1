//! How `convert` reads numbers out of text.

use crate::parse::lexeme;
use crate::value::{Number, Value, parse_number};

/// A way to read a single value as a number; null where the value was null.
pub(super) type Reading = fn(&Value) -> Option<Value>;

/// What `auto` and `num` try, in turn.
pub(super) const READINGS: [Reading; 5] =
    [number, number_with_commas, duration, minutes_and_seconds, kilobytes];

/// Text that looks like a number is one, and keeps its digits.
fn number(value: &Value) -> Option<Value> {
    value.as_number().map(|_| value.clone())
}

fn number_with_commas(value: &Value) -> Option<Value> {
    number(value).or_else(|| without_commas(value).as_numeric().map(Value::Number))
}

pub(super) fn without_commas(value: &Value) -> Value {
    match value {
        Value::Text(text) if text.contains(',') => Value::text(text.replace(",", "")),
        other => other.clone(),
    }
}

/// `[D+]HH:MM:SS` in seconds.
pub(super) fn duration(value: &Value) -> Option<Value> {
    let text = value.to_text();
    let (days, time) = text.split_once('+').unwrap_or(("0", &text));
    let mut parts = time.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    seconds_of(whole(days)? * 24.0 + whole(hours)?, whole(minutes)?, seconds)
}

/// `[MM:]SS.SSS` in seconds.
pub(super) fn minutes_and_seconds(value: &Value) -> Option<Value> {
    let text = value.to_text();
    match text.split_once(':') {
        Some((minutes, seconds)) => seconds_of(0.0, whole(minutes)?, seconds),
        None => number(value),
    }
}

fn whole(text: &str) -> Option<f64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Hours, minutes and seconds in seconds, to as many decimals as the seconds have.
fn seconds_of(hours: f64, minutes: f64, seconds: &str) -> Option<Value> {
    if !seconds.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let seconds = parse_number(seconds)?;
    let sum = (hours * 60.0 + minutes) * 60.0 + seconds.value;
    let scale = 10f64.powi(i32::from(seconds.decimals.unwrap_or(0).min(9)));
    Some(Value::number((sum * scale).round() / scale)).filter(|value| !value.is_null())
}

/// A size with a unit in kilobytes; the unit is kilobytes where none is given.
pub(super) fn kilobytes(value: &Value) -> Option<Value> {
    let text = value.to_text();
    let (size, factor) = match text.chars().last()?.to_ascii_lowercase() {
        'k' => (text.strip_suffix(['k', 'K'])?, 1.0),
        'm' => (text.strip_suffix(['m', 'M'])?, 1024.0),
        'g' => (text.strip_suffix(['g', 'G'])?, 1024.0 * 1024.0),
        _ => return number(value).filter(|_| !text.starts_with('-')),
    };
    let size = parse_number(size).filter(|_| !size.starts_with('-'))?;
    let kilobytes = if factor == 1.0 { size } else { Number::exact(size.value * factor) };
    kilobytes.value.is_finite().then_some(Value::Number(kilobytes))
}

/// The number at the beginning, as written.
pub(super) fn leading_number(value: &Value) -> Option<Value> {
    let text = value.to_text();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let (rest, _) = lexeme::number(unsigned).ok()?;
    Some(Value::text(text.strip_suffix(rest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_of_one_value() {
        let read =
            |reading: Reading, text: &str| reading(&text.into()).map(|value| value.to_text().into_owned());
        assert_eq!(read(duration, "00:10:15").as_deref(), Some("615"));
        assert_eq!(read(duration, "2+01:00:00.25").as_deref(), Some("176400.25"));
        assert_eq!(read(duration, "10:15"), None);
        assert_eq!(read(duration, "a:b:c"), None);
        assert_eq!(read(minutes_and_seconds, "1:02.345").as_deref(), Some("62.345"));
        assert_eq!(read(minutes_and_seconds, "1:-2"), None);
        assert_eq!(read(kilobytes, "1.5G").as_deref(), Some("1572864"));
        assert_eq!(read(kilobytes, "-3m"), None);
        assert_eq!(read(kilobytes, ""), None);
        assert_eq!(read(number_with_commas, "1,000,000.00").as_deref(), Some("1000000.00"));
        assert_eq!(read(leading_number, "212 sec").as_deref(), Some("212"));
        assert_eq!(read(leading_number, "-0.5%").as_deref(), Some("-0.5"));
        assert_eq!(read(leading_number, "sec 212"), None);
    }
}
