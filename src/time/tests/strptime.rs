use super::{BERLIN, LOS_ANGELES, at, zone};
use crate::time::{strftime, strptime};

// Thu 2025-08-14; in Los Angeles it is still Wednesday.
const NOW: &str = "2025-08-14T03:00:00";

fn parse(text: &str, format: &str, zone_name: &str) -> Option<f64> {
    strptime(text, format, &zone(zone_name), at(NOW))
}

fn check(zone_name: &str, cases: &[(&str, &str, &str)]) {
    for (text, format, expected) in cases {
        let expected =
            if expected.ends_with(']') { at(expected) } else { at(&format!("{expected}[{zone_name}]")) };
        assert_eq!(parse(text, format, zone_name), Some(expected), "{text} by {format}");
    }
}

#[test]
fn the_examples_of_the_documentation() {
    for (text, format, expected) in [
        ("2022-9-25T09:45:22.000", "%Y-%m-%dT%H:%M:%S.%Q", 1_664_124_322.0),
        ("2022-12-15 09:45:22", "%Y-%m-%d %H:%M:%S", 1_671_126_322.0),
        ("1534143600", "%s", 1_534_143_600.0),
    ] {
        assert_eq!(parse(text, format, LOS_ANGELES), Some(expected), "{text}");
    }
}

#[test]
fn dates_and_times_in_many_forms() {
    check(
        "UTC",
        &[
            ("2025-06-01", "%Y-%m-%d", "2025-06-01T00:00:00"),
            ("2025-6-1", "%Y-%m-%d", "2025-06-01T00:00:00"),
            ("2025-06-01", "%F", "2025-06-01T00:00:00"),
            ("06/01/2025:1:2:3", "%m/%d/%Y:%H:%M:%S", "2025-06-01T01:02:03"),
            ("06/01/25", "%D", "2025-06-01T00:00:00"),
            ("06/01/71", "%m/%d/%y", "1971-06-01T00:00:00"),
            ("06/01/68", "%m/%d/%y", "2068-06-01T00:00:00"),
            ("6/1/2025 9:30:00", "%x %X", "2025-06-01T09:30:00"),
            ("Jun 1, 2025", "%b %d, %Y", "2025-06-01T00:00:00"),
            ("JUNE 1, 2025", "%b %d, %Y", "2025-06-01T00:00:00"),
            ("1 may 2025", "%d %B %Y", "2025-05-01T00:00:00"),
            ("Sunday Jun  1 2025", "%a %b %e %Y", "2025-06-01T00:00:00"),
            ("20250601T101112", "%Y%m%dT%H%M%S", "2025-06-01T10:11:12"),
            ("2025-06-01 12:05 am", "%F %I:%M %p", "2025-06-01T00:05:00"),
            ("2025-06-01 12:05 PM", "%F %I:%M %p", "2025-06-01T12:05:00"),
            ("2025-06-01 1:05PM", "%F %l:%M%p", "2025-06-01T13:05:00"),
            ("2025-06-01 13:05 AM", "%F %H:%M %p", "2025-06-01T13:05:00"),
            ("2025-06-01  9:05", "%F %k:%M", "2025-06-01T09:05:00"),
            ("2025-06-01 10:11", "%F %R", "2025-06-01T10:11:00"),
            ("Sun Jun  1 10:11:12 2025", "%c", "2025-06-01T10:11:12"),
            ("Sun Jun  1 10:11:12 UTC 2025", "%+", "2025-06-01T10:11:12"),
            ("2025-152", "%Y-%j", "2025-06-01T00:00:00"),
            ("2024-366", "%Y-%j", "2024-12-31T00:00:00"),
            ("2025 W22 Sunday", "%G W%V %A", "2025-06-01T00:00:00"),
            ("21-1-5", "%g-%V-%w", "2021-01-08T00:00:00"),
            ("2025-22-0", "%Y-%U-%w", "2025-06-01T00:00:00"),
            ("2025-0-3", "%Y-%U-%w", "2025-01-01T00:00:00"),
            ("2025-06-01 23:59:60", "%F %T", "2025-06-02T00:00:00"),
            ("20|25|6|1", "%C|%y|%m|%d", "2025-06-01T00:00:00"),
            ("100% 2025-06-01", "100%% %F", "2025-06-01T00:00:00"),
            ("%q 2025-06-01", "%q %F", "2025-06-01T00:00:00"),
        ],
    );
}

#[test]
fn blanks_in_the_format_match_any_number_of_blanks() {
    check(
        "UTC",
        &[
            ("2025-06-01   10:11", "%F %R", "2025-06-01T10:11:00"),
            ("2025-06-01\t10:11", "%F %R", "2025-06-01T10:11:00"),
            ("2025-06-0110:11", "%F %R", "2025-06-01T10:11:00"),
            ("2025-06-01 10:11", "%F%n%R", "2025-06-01T10:11:00"),
            ("2025-06-01 at 10:11", "%F  at  %R", "2025-06-01T10:11:00"),
            ("2025-06-01 10:11 \n", "%F %R", "2025-06-01T10:11:00"),
        ],
    );
}

#[test]
fn what_follows_the_match() {
    let utc = zone("UTC");
    assert_eq!(strptime("2025-06-01T10:11:12Z", "%F", &utc, 0.0), None);
    assert_eq!(
        super::super::strptime_prefix("2025-06-01T10:11:12Z", "%F", &utc, 0.0),
        Some(at("2025-06-01T00:00:00"))
    );
    assert_eq!(strptime("1700000000123", "%s%3N", &utc, 0.0), Some(1_700_000_000.123));
    assert_eq!(strptime("17000000001", "%s", &utc, 0.0), Some(17_000_000_001.0));
}

#[test]
fn missing_dates_are_today_where_the_user_is() {
    check("UTC", &[("10:11", "%H:%M", "2025-08-14T10:11:00")]);
    check(LOS_ANGELES, &[("10:11", "%H:%M", "2025-08-13T10:11:00")]);
    check(
        "UTC",
        &[
            ("06-01", "%m-%d", "2025-06-01T00:00:00"),
            ("1st", "%dst", "2025-08-01T00:00:00"),
            ("2024 day 3", "%Y day %d", "2024-08-03T00:00:00"),
            ("Monday 10:00", "%A %R", "2025-08-14T10:00:00"),
            ("152", "%j", "2025-06-01T00:00:00"),
        ],
    );
    let utc = zone("UTC");
    assert_eq!(strptime("10:11", "%H:%M", &utc, f64::NAN), None);
    assert_eq!(strptime("06-01", "%m-%d", &utc, f64::NAN), None);
    assert!(strptime("2025-06-01", "%F", &utc, f64::NAN).is_some());
}

#[test]
fn a_year_or_month_needs_a_day() {
    for (text, format) in [
        ("2025", "%Y"),
        ("2025-06", "%Y-%m"),
        ("June", "%B"),
        ("June 10:00", "%B %R"),
        ("25", "%y"),
        ("2025", "%G"),
        ("2025-22", "%Y-%U"),
        ("2025-22", "%G-%V"),
    ] {
        assert_eq!(parse(text, format, "UTC"), None, "{text}");
    }
}

#[test]
fn years_begin_with_1971() {
    assert_eq!(parse("1970-12-31", "%F", "UTC"), None);
    assert_eq!(parse("25-06-01", "%F", "UTC"), None);
    assert_eq!(parse("1971-01-01", "%F", "UTC"), Some(31_536_000.0));
    assert_eq!(parse("0", "%s", "UTC"), Some(0.0));
    assert_eq!(parse("-5", "%s", "UTC"), Some(-5.0));
}

#[test]
fn fractions_have_any_number_of_digits() {
    let base = at("2025-06-01T10:11:12");
    for (text, format, expected) in [
        ("10:11:12.5", "%T.%Q", 0.5),
        ("10:11:12.049", "%T.%3N", 0.049),
        ("10:11:12.123456", "%T.%3Q", 0.123_456),
        ("10:11:12.25", "%T.%9N", 0.25),
        ("10:11:12.123456", "%T.%f", 0.123_456),
        ("10:11:12.123456789999", "%T.%N", 0.123_456_789),
        ("10:11:12,5", "%T,%Q", 0.5),
    ] {
        let epoch = parse(&format!("2025-06-01 {text}"), &format!("%F {format}"), "UTC");
        assert_eq!(epoch, Some(base + expected), "{text}");
    }
    assert_eq!(parse("1534143600.25", "%s", "UTC"), Some(1_534_143_600.25));
    assert_eq!(parse("1534143600.000000", "%s", "UTC"), Some(1_534_143_600.0));
    assert_eq!(parse("1534143600.25", "%s.%Q", "UTC"), Some(1_534_143_600.25));
    assert_eq!(parse("1534143600.", "%s", "UTC"), None);
    assert_eq!(parse("2025-06-01 10:11:12.", "%F %T.%Q", "UTC"), None);
}

#[test]
fn zones_in_the_text() {
    // 10:11 in the zone that is named, as UTC; the user is in Berlin.
    for (text, format, expected) in [
        ("Z", "%z", "10:11"),
        ("z", "%z", "10:11"),
        ("UTC", "%z", "10:11"),
        ("+02:00", "%z", "08:11"),
        ("-0700", "%z", "17:11"),
        ("-07", "%z", "17:11"),
        ("-7", "%z", "17:11"),
        ("+0530", "%:z", "04:41"),
        ("+05:30:00", "%::z", "04:41"),
        ("+053000", "%z", "04:41"),
        ("+05", "%:::z", "05:11"),
        ("-420", "%Ez", "17:11"),
        ("120", "%Ez", "08:11"),
        ("GMT", "%Z", "10:11"),
        ("PST", "%Z", "18:11"),
        ("pdt", "%Z", "17:11"),
        ("EST", "%Z", "15:11"),
        ("CEST", "%Z", "08:11"),
        ("CET", "%Z", "09:11"),
        ("BST", "%Z", "09:11"),
        ("ACST", "%Z", "00:41"),
        ("+02:00", "%Z", "08:11"),
        ("America/New_York", "%Z", "14:11"),
        ("Europe/London", "%Z", "09:11"),
        ("PDT -07:00", "%Z %:z", "17:11"),
        ("PDT-07:00", "%Z%:z", "17:11"),
    ] {
        let epoch = parse(&format!("2025-06-01 10:11 {text}"), &format!("%F %R {format}"), BERLIN);
        assert_eq!(epoch, Some(at(&format!("2025-06-01T{expected}:00"))), "{text} by {format}");
    }
}

#[test]
fn texts_that_name_no_zone() {
    for (text, format) in [
        ("XYZT", "%Z"),
        ("Mars/Olympus", "%Z"),
        ("IST", "%Z"),
        ("+24:00", "%z"),
        ("+02:60", "%z"),
        ("+", "%z"),
        ("0200", "%z"),
        ("+02:0", "%z"),
        ("+12345", "%z"),
        ("1440", "%Ez"),
        ("", "%z"),
        ("", "%Z"),
    ] {
        let epoch = parse(&format!("2025-06-01 10:11 {text}"), &format!("%F %R {format}"), BERLIN);
        assert_eq!(epoch, None, "{text} by {format}");
    }
}

#[test]
fn abbreviations_mean_first_what_they_mean_to_the_user() {
    assert_eq!(parse("2025-06-01 10:11 IST", "%F %R %Z", "Asia/Kolkata"), Some(at("2025-06-01T04:41:00")));
    assert_eq!(parse("2025-06-01 10:11 CST", "%F %R %Z", "Asia/Shanghai"), Some(at("2025-06-01T02:11:00")));
}

#[test]
fn readings_that_a_change_of_the_clock_skips_or_repeats() {
    check(
        LOS_ANGELES,
        &[
            ("2025-03-09 02:30", "%F %R", "2025-03-09T03:30:00-07:00"),
            ("2025-11-02 01:30", "%F %R", "2025-11-02T01:30:00-07:00"),
            ("2025-11-02 01:30 PDT", "%F %R %Z", "2025-11-02T01:30:00-07:00"),
            ("2025-11-02 01:30 PST", "%F %R %Z", "2025-11-02T01:30:00-08:00"),
        ],
    );
    check(
        BERLIN,
        &[
            ("2025-03-30 02:30", "%F %R", "2025-03-30T03:30:00+02:00"),
            ("2025-10-26 02:30", "%F %R", "2025-10-26T02:30:00+02:00"),
            ("2025-10-26 02:30 CET", "%F %R %Z", "2025-10-26T02:30:00+01:00"),
        ],
    );
}

#[test]
fn what_does_not_match_is_no_time() {
    for (text, format) in [
        ("", "%F"),
        ("2025-06-01", ""),
        ("2025-06-01x", "%F"),
        ("2025-06-01 10:11", "%F"),
        ("x2025-06-01", "%F"),
        ("2025/06/01", "%F"),
        ("2025-13-01", "%F"),
        ("2025-02-29", "%F"),
        ("2025-06-31", "%F"),
        ("2025-366", "%Y-%j"),
        ("2025-000", "%Y-%j"),
        ("2021-53-1", "%G-%V-%w"),
        ("2025-53-6", "%Y-%U-%w"),
        ("2025-0-0", "%Y-%U-%w"),
        ("24:00", "%R"),
        ("10:60", "%R"),
        ("10:00:61", "%T"),
        ("13 PM", "%I %p"),
        ("0 PM", "%I %p"),
        ("10 XM", "%I %p"),
        ("Foo 1 2025", "%b %d %Y"),
        ("2025-06-01t10:11", "%FT%R"),
        ("99999999999999999999", "%s"),
        ("999999999999999", "%s"),
        ("٢٠٢٥-06-01", "%F"),
        ("é", "%Y"),
        ("%F", "%F"),
        ("2025-06-01 ", "%F!"),
    ] {
        assert_eq!(parse(text, format, "UTC"), None, "{text} by {format}");
    }
    // An empty format matches an empty text: midnight today.
    check("UTC", &[("", "", "2025-08-14T00:00:00")]);
}

#[test]
fn what_strftime_prints_is_read_back() {
    let formats = [
        "%Y-%m-%dT%H:%M:%S.%6N%z",
        "%d/%b/%Y:%I:%M:%S %p %:z .%f",
        "%s.%Q",
        "%A %B %e %Y %k:%M:%S.%9Q %::z",
        "%G-%V-%w %T %Ez .%6Q",
        "%Y %U %a %T.%N %z",
        "%Y/%j %T.%f %Z %z",
    ];
    for zone_name in ["UTC", LOS_ANGELES, BERLIN, "Asia/Kolkata", "Asia/Kathmandu"] {
        let zone = zone(zone_name);
        for step in 0..500_u32 {
            // Some 37 days apart, with whole milliseconds.
            let epoch = 40_000_000.125 + f64::from(step) * 3_200_000.5;
            for format in formats {
                let text = strftime(epoch, format, &zone).unwrap();
                assert_eq!(strptime(&text, format, &zone, 0.0), Some(epoch), "{text} by {format}");
            }
        }
    }
}
