use super::{BERLIN, LOS_ANGELES, at, zone};
use crate::time::parse_time_bound;

const NOW: &str = "2025-08-14T15:45:30.25";

fn bound(text: &str, zone_name: &str) -> f64 {
    parse_time_bound(text, at(NOW), &zone(zone_name)).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn seconds_since_the_epoch() {
    for (text, expected) in [
        ("0", 0.0),
        ("1", 1.0),
        ("1717200000", 1_717_200_000.0),
        ("1717200000.25", 1_717_200_000.25),
        (" 42 ", 42.0),
    ] {
        assert_eq!(bound(text, BERLIN), expected, "{text}");
    }
}

#[test]
fn relative_to_now() {
    for (text, expected) in [
        ("now", NOW),
        ("now()", NOW),
        ("-15m", "2025-08-14T15:30:30.25"),
        ("-24h@h", "2025-08-13T15:00:00"),
        ("-5", "2025-08-14T15:45:25.25"),
        ("@mon", "2025-08-01T00:00:00"),
        ("1d@d", "2025-08-15T00:00:00"),
        ("d@d", "2025-08-15T00:00:00"),
    ] {
        assert_eq!(bound(text, "UTC"), at(expected), "{text}");
    }
    assert_eq!(bound("-1d@d", BERLIN), at("2025-08-13T00:00:00[Europe/Berlin]"));
}

#[test]
fn dates_and_times() {
    for (text, expected) in [
        ("10/19/2025:0:0:0", "2025-10-19T00:00:00"),
        ("06/01/2025:10:11:12", "2025-06-01T10:11:12"),
        ("2025-06-01", "2025-06-01T00:00:00"),
        ("2025-06-01T10:00", "2025-06-01T10:00:00"),
        ("2025-06-01T10:00:00", "2025-06-01T10:00:00"),
        ("2025-06-01 10:00:00", "2025-06-01T10:00:00"),
        ("2025-06-01   10:00:00.5", "2025-06-01T10:00:00.5"),
        ("1970-01-01", "1970-01-01T00:00:00"),
        ("2025-03-09T02:30:00", "2025-03-09T03:30:00"),
    ] {
        let expected = at(&format!("{expected}[{LOS_ANGELES}]"));
        assert_eq!(bound(text, LOS_ANGELES), expected, "{text}");
    }
    for (text, expected) in [
        ("2025-06-01T10:00:00Z", "2025-06-01T10:00:00"),
        ("2025-06-01 10:00:00 UTC", "2025-06-01T10:00:00"),
        ("2025-06-01T10:00:00.049Z", "2025-06-01T10:00:00.049"),
        ("2025-06-01T10:00:00+02:00", "2025-06-01T08:00:00"),
        ("2025-06-01T10:00-0700", "2025-06-01T17:00:00"),
        ("1960-01-01T00:00:00Z", "1960-01-01T00:00:00"),
    ] {
        assert_eq!(bound(text, LOS_ANGELES), at(expected), "{text}");
    }
}

#[test]
fn what_is_no_bound_says_what_and_where() {
    for (text, offset, words) in [
        ("", 0, "empty"),
        ("yesterday", 0, "is not a time: expected"),
        ("last week", 0, "is not a time: expected"),
        ("1.2.3", 0, "is not a time: expected"),
        ("-1x", 2, "`x` is not a unit"),
        ("  -1x", 4, "`x` is not a unit"),
        ("rt-5m", 0, "real-time"),
        ("10/19/2025", 0, "%m/%d/%Y:%H:%M:%S"),
        ("13/19/2025:0:0:0", 0, "%m/%d/%Y:%H:%M:%S"),
        ("2025-13-01", 7, "ISO 8601"),
        ("2025-06-01T", 11, "ISO 8601"),
        ("2025-06-01x", 10, "ISO 8601"),
        ("2025-06-01T10:00:00Zx", 20, "ISO 8601"),
        ("2025-02-30", 0, "no such time"),
        ("1717200000000", 0, "milliseconds"),
        ("+9000y", 0, "supported years"),
    ] {
        let error = parse_time_bound(text, at(NOW), &zone("UTC")).unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(error.message.contains(words), "{text}: {error}");
    }
    assert!(parse_time_bound("now", f64::NAN, &zone("UTC")).is_err());
}
