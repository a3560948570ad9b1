//! Whatever comes in, nothing panics and nothing comes out that is no time.

use super::{BERLIN, LOS_ANGELES, zone};
use crate::time::{RelativeTime, Span, parse_iso8601, parse_time_bound, parse_time_zone, strftime, strptime};

/// A small generator, so that every run sees the same inputs.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's MMIX constants; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn text(&mut self, pieces: &[&str], longest: usize) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| pieces[self.below(pieces.len())]).collect()
    }

    fn epoch(&mut self) -> f64 {
        let exponent = i32::try_from(self.below(20)).unwrap();
        let sign = if self.below(2) == 0 { 1.0 } else { -1.0 };
        sign * self.below(1_000_000) as f64 * 10_f64.powi(exponent - 6)
    }
}

const PIECES: &[&str] = &[
    "-",
    "+",
    "@",
    "now",
    "()",
    "1",
    "9",
    "7",
    "0",
    "99999999999",
    "s",
    "m",
    "h",
    "d",
    "w",
    "mon",
    "q",
    "y",
    "ms",
    "us",
    " ",
    "/",
    ":",
    ".",
    "T",
    "Z",
    "2025",
    "-06",
    "-31",
    "é",
    "\u{0}",
    "😀",
    "rt",
    "UTC",
    "America/New_York",
    "PST",
    "Feb",
    "am",
];

const FORMATS: &[&str] = &[
    "%", "Y", "%Y", "%y", "%C", "%G", "%g", "%m", "%b", "%B", "%d", "%e", "%j", "%U", "%V", "%w", "%a", "%A",
    "%H", "%I", "%k", "%l", "%M", "%S", "%p", "%T", "%F", "%D", "%R", "%s", "%Q", "%1Q", "%9N", "%N", "%f",
    "%z", "%:z", "%::z", "%:::z", "%Z", "%Ez", "%c", "%x", "%X", "%+", "%n", "%t", "%%", " ", "-", ":", "é",
    "😀",
];

#[test]
fn texts_never_panic() {
    let mut random = Random(1);
    let zones = [zone("UTC"), zone(LOS_ANGELES), zone(BERLIN), zone("Pacific/Apia")];
    for round in 0..60_000 {
        let zone = &zones[round % zones.len()];
        let text = random.text(PIECES, 8);
        let epoch = random.epoch();
        if let Ok(modifier) = text.parse::<RelativeTime>() {
            let result = modifier.apply(epoch, zone);
            assert!(result.is_none_or(f64::is_finite), "{text}");
            assert_eq!(modifier.to_string().parse(), Ok(modifier), "{text}");
        }
        if let Ok(span) = text.parse::<Span>() {
            if let Some(start) = span.floor(epoch, zone) {
                assert!(start <= epoch + 1e-6, "{text} {epoch}");
            }
            span.next_bin(epoch, zone);
        }
        match parse_time_bound(&text, 1_755_186_330.0, zone) {
            Ok(bound) => assert!(bound.is_finite(), "{text}"),
            Err(error) => assert!(error.offset <= text.len(), "{text}: {error}"),
        }
        let _ = parse_time_zone(&text);
        let _ = parse_iso8601(text.as_bytes());
        let format = random.text(FORMATS, 6);
        let result = strptime(&text, &format, zone, epoch);
        assert!(result.is_none_or(f64::is_finite), "{text} by {format}");
    }
}

#[test]
fn what_is_printed_can_be_fed_back() {
    let mut random = Random(2);
    let zones = [zone("UTC"), zone(LOS_ANGELES), zone("Australia/Lord_Howe")];
    for round in 0..60_000 {
        let zone = &zones[round % zones.len()];
        let format = random.text(FORMATS, 6);
        let epoch = random.epoch();
        if let Some(text) = strftime(epoch, &format, zone) {
            let result = strptime(&text, &format, zone, epoch);
            assert!(result.is_none_or(f64::is_finite), "{text} by {format}");
        }
    }
}

#[test]
fn bytes_near_a_timestamp_never_panic() {
    let mut random = Random(3);
    let good = b"2025-06-01T10:00:00.123456+02:00";
    for _ in 0..60_000 {
        let mut bytes = good.to_vec();
        for _ in 0..=random.below(3) {
            let place = random.below(bytes.len());
            bytes[place] = u8::try_from(random.below(256)).unwrap();
        }
        bytes.truncate(random.below(bytes.len() + 1));
        assert!(parse_iso8601(&bytes).is_none_or(f64::is_finite), "{bytes:?}");
    }
}

#[test]
fn long_texts_are_read_in_one_pass() {
    let long = "-1d@d".repeat(200_000);
    let modifier: RelativeTime = long.parse().unwrap();
    assert_eq!(modifier.to_string(), long);
    let digits = "9".repeat(1_000_000);
    assert!(parse_time_bound(&digits, 0.0, &zone("UTC")).is_err());
    assert!(parse_time_bound(&format!("-{digits}d"), 0.0, &zone("UTC")).is_err());
    assert_eq!(strptime(&digits, "%s", &zone("UTC"), 0.0), None);
    let nanos = format!("2025-06-01T10:00:00.{digits}Z");
    assert_eq!(parse_iso8601(nanos.as_bytes()), Some(1_748_772_000.999_999_999));
    let error = parse_time_bound(&"é".repeat(500_000), 0.0, &zone("UTC")).unwrap_err();
    assert!(error.message.len() < 300);
}
