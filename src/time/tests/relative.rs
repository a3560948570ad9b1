use super::{BERLIN, LOS_ANGELES, at, zone};
use crate::time::RelativeTime;

fn apply(spec: &str, from: &str, zone_name: &str) -> f64 {
    let modifier: RelativeTime = spec.parse().unwrap();
    modifier.apply(at(from), &zone(zone_name)).unwrap()
}

fn check(spec: &str, from: &str, zone_name: &str, expected: &str) {
    assert_eq!(apply(spec, from, zone_name), at(expected), "{spec} from {from} in {zone_name}");
}

// 2025-08-14 is a Thursday.
const THURSDAY: &str = "2025-08-14T15:45:30";

#[test]
fn offsets_and_snaps_in_utc() {
    for (spec, expected) in [
        ("now", THURSDAY),
        ("now()", THURSDAY),
        ("-30", "2025-08-14T15:45:00"),
        ("-s", "2025-08-14T15:45:29"),
        ("+30m", "2025-08-14T16:15:30"),
        ("-70m@m", "2025-08-14T14:35:00"),
        ("-24h@h", "2025-08-13T15:00:00"),
        ("-h@h", "2025-08-14T14:00:00"),
        ("@d", "2025-08-14T00:00:00"),
        ("now@d", "2025-08-14T00:00:00"),
        ("-1d@d", "2025-08-13T00:00:00"),
        ("-1d@d+2h", "2025-08-13T02:00:00"),
        ("1d@d", "2025-08-15T00:00:00"),
        ("-90d@d", "2025-05-16T00:00:00"),
        ("-7d@d", "2025-08-07T00:00:00"),
        ("-1w", "2025-08-07T15:45:30"),
        ("-mon@mon", "2025-07-01T00:00:00"),
        ("@q", "2025-07-01T00:00:00"),
        ("-q@q", "2025-04-01T00:00:00"),
        ("-2qtrs", "2025-02-14T15:45:30"),
        ("@y", "2025-01-01T00:00:00"),
        ("-1y@y", "2024-01-01T00:00:00"),
        ("-1y@y+3mon", "2024-04-01T00:00:00"),
        ("@d-2h@h", "2025-08-13T22:00:00"),
        ("@mon@y", "2025-01-01T00:00:00"),
        ("  -1d@d\n", "2025-08-13T00:00:00"),
        ("-1D@D", "2025-08-13T00:00:00"),
        ("NOW", THURSDAY),
    ] {
        check(spec, THURSDAY, "UTC", expected);
    }
}

#[test]
fn weeks_snap_back_to_the_day_that_is_named() {
    for (spec, expected) in [
        ("@w", "2025-08-10T00:00:00"),
        ("@w0", "2025-08-10T00:00:00"),
        ("@w7", "2025-08-10T00:00:00"),
        ("@w1", "2025-08-11T00:00:00"),
        ("@w2", "2025-08-12T00:00:00"),
        ("@w3", "2025-08-13T00:00:00"),
        ("@w4", "2025-08-14T00:00:00"),
        ("@w5", "2025-08-08T00:00:00"),
        ("@w6", "2025-08-09T00:00:00"),
        ("-7d@w0", "2025-08-03T00:00:00"),
        ("-7d@w1", "2025-08-04T00:00:00"),
        ("-w@w1+5d", "2025-08-09T00:00:00"),
    ] {
        check(spec, THURSDAY, "UTC", expected);
    }
}

#[test]
fn every_spelling_of_a_unit_is_read() {
    for (words, expected) in [
        ("s sec secs second seconds", "2025-08-14T15:45:28"),
        ("m min mins minute minutes", "2025-08-14T15:43:30"),
        ("h hr hrs hour hours", "2025-08-14T13:45:30"),
        ("d day days", "2025-08-12T15:45:30"),
        ("w week weeks", "2025-07-31T15:45:30"),
        ("mon month months", "2025-06-14T15:45:30"),
        ("q qtr qtrs quarter quarters", "2025-02-14T15:45:30"),
        ("y yr yrs year years", "2023-08-14T15:45:30"),
    ] {
        for word in words.split(' ') {
            check(&format!("-2{word}"), THURSDAY, "UTC", expected);
        }
    }
}

#[test]
fn parts_of_a_second_move_and_snap() {
    for (spec, from, expected) in [
        ("+250ms", 100.5, 100.75),
        ("-750ms", 100.5, 99.75),
        ("+5ds", 100.5, 101.0),
        ("+25cs", 100.5, 100.75),
        ("+500000us", 100.25, 100.75),
        ("@ds", 100.78, 100.7),
        ("-1d", 90_000.25, 3_600.25),
        ("-1h@s", 90_000.25, 86_400.0),
        ("-1s", -0.25, -1.25),
    ] {
        let modifier: RelativeTime = spec.parse().unwrap();
        assert_eq!(modifier.apply(from, &zone("UTC")), Some(expected), "{spec}");
    }
}

#[test]
fn days_that_a_month_lacks_become_its_last() {
    for (spec, from, expected) in [
        ("+1mon", "2025-01-31T10:00:00", "2025-02-28T10:00:00"),
        ("+1mon", "2024-01-31T10:00:00", "2024-02-29T10:00:00"),
        ("-1mon", "2025-03-31T10:00:00", "2025-02-28T10:00:00"),
        ("-1q", "2025-05-31T10:00:00", "2025-02-28T10:00:00"),
        ("-1y", "2024-02-29T10:00:00", "2023-02-28T10:00:00"),
        ("-4y", "2024-02-29T10:00:00", "2020-02-29T10:00:00"),
        ("+1mon+1mon", "2025-01-31T10:00:00", "2025-03-28T10:00:00"),
        ("+2mon", "2025-01-31T10:00:00", "2025-03-31T10:00:00"),
    ] {
        check(spec, from, "UTC", expected);
    }
}

#[test]
fn days_keep_the_clock_reading_over_a_change_and_hours_do_not() {
    // On 2025-03-09 Los Angeles has 23 hours, on 2025-11-02 it has 25.
    for (spec, from, expected) in [
        ("+1d", "2025-03-08T12:00:00", "2025-03-09T12:00:00"),
        ("+24h", "2025-03-08T12:00:00", "2025-03-09T13:00:00"),
        ("-1d@d", "2025-03-10T12:00:00", "2025-03-09T00:00:00"),
        ("-24h@h", "2025-03-09T12:30:00", "2025-03-08T11:00:00"),
        ("@d+3h", "2025-03-09T12:00:00", "2025-03-09T04:00:00"),
        ("+1d", "2025-11-01T12:00:00", "2025-11-02T12:00:00"),
        ("+24h", "2025-11-01T12:00:00", "2025-11-02T11:00:00"),
        ("-1w", "2025-03-12T12:00:00", "2025-03-05T12:00:00"),
        ("-1mon", "2025-03-12T12:00:00", "2025-02-12T12:00:00"),
    ] {
        let (from, expected) = (local(from, LOS_ANGELES), local(expected, LOS_ANGELES));
        check(spec, &from, LOS_ANGELES, &expected);
    }
    // Berlin: 2025-03-30 has 23 hours, 2025-10-26 has 25.
    for (spec, from, expected) in [
        ("-1d", "2025-03-30T12:00:00", "2025-03-29T12:00:00"),
        ("-24h", "2025-03-30T12:00:00", "2025-03-29T11:00:00"),
        ("@d", "2025-03-30T12:00:00", "2025-03-30T00:00:00"),
        ("-1d@d", "2025-10-27T00:30:00", "2025-10-26T00:00:00"),
        ("-24h", "2025-10-27T00:30:00", "2025-10-26T01:30:00"),
        ("@w1", "2025-10-26T23:00:00", "2025-10-20T00:00:00"),
    ] {
        let (from, expected) = (local(from, BERLIN), local(expected, BERLIN));
        check(spec, &from, BERLIN, &expected);
    }
}

fn local(reading: &str, zone: &str) -> String {
    format!("{reading}[{zone}]")
}

#[test]
fn a_skipped_reading_moves_forward_and_a_repeated_one_is_the_first() {
    for (spec, from, expected) in [
        ("+1d", "2025-03-08T02:30:00", "2025-03-09T03:30:00"),
        ("-1d", "2025-03-10T02:30:00", "2025-03-09T03:30:00"),
        ("+1d", "2025-11-01T01:30:00", "2025-11-02T01:30:00-07:00"),
        ("+0d", "2025-11-02T01:30:00-08:00", "2025-11-02T01:30:00-08:00"),
        ("@h", "2025-11-02T01:30:00-07:00", "2025-11-02T01:00:00-07:00"),
        ("@h", "2025-11-02T01:30:00-08:00", "2025-11-02T01:00:00-08:00"),
        ("@m", "2025-11-02T01:30:59-08:00", "2025-11-02T01:30:00-08:00"),
        ("-1h@h", "2025-11-02T01:30:00-08:00", "2025-11-02T01:00:00-07:00"),
        ("@h", "2025-03-09T03:10:00", "2025-03-09T03:00:00"),
    ] {
        let (from, expected) = (local(from, LOS_ANGELES), local(expected, LOS_ANGELES));
        check(spec, &from, LOS_ANGELES, &expected);
    }
}

#[test]
fn days_that_do_not_begin_at_midnight() {
    for (zone_name, spec, from, expected) in [
        // Clocks went from 24:00 to 01:00.
        ("Africa/Cairo", "@d", "2025-04-25T12:00:00", "2025-04-25T01:00:00"),
        // 00:00 came twice: the day starts at the first.
        ("America/Havana", "@d", "2025-11-02T12:00:00", "2025-11-02T00:00:00-04:00"),
        ("America/Havana", "@d", "2025-11-02T00:30:00-05:00", "2025-11-02T00:00:00-04:00"),
        ("America/Havana", "@h", "2025-11-02T00:30:00-05:00", "2025-11-02T00:00:00-05:00"),
        // December 30 never came.
        ("Pacific/Apia", "-1d@d", "2011-12-31T12:00:00", "2011-12-31T00:00:00"),
        ("Pacific/Apia", "-2d@d", "2011-12-31T12:00:00", "2011-12-29T00:00:00"),
    ] {
        let (from, expected) = (local(from, zone_name), local(expected, zone_name));
        check(spec, &from, zone_name, &expected);
    }
}

#[test]
fn hours_of_zones_that_are_not_whole_hours_from_utc() {
    for (zone_name, spec, from, expected) in [
        // Changes by half an hour: 02:00 to 02:30, and 02:00 back to 01:30.
        ("Australia/Lord_Howe", "@h", "2025-10-05T02:45:00", "2025-10-05T02:30:00"),
        ("Australia/Lord_Howe", "@h", "2025-04-06T01:45:00+10:30", "2025-04-06T01:00:00+11:00"),
        // Hours of a zone that is not whole hours from UTC.
        ("Asia/Kolkata", "@h", "2025-08-14T15:45:30", "2025-08-14T15:00:00"),
    ] {
        let (from, expected) = (local(from, zone_name), local(expected, zone_name));
        check(spec, &from, zone_name, &expected);
    }
}

#[test]
fn what_cannot_be_read_says_what_and_where() {
    for (spec, offset, words) in [
        ("", 0, "empty"),
        ("  ", 0, "empty"),
        ("yesterday", 0, "`yesterday` is not a unit"),
        ("-1x", 2, "`x` is not a unit"),
        ("-1M", 2, "ambiguous"),
        ("-1d@", 4, "must follow `@`"),
        ("-1d@d2", 5, "takes no number"),
        ("@w8", 2, "day of the week"),
        ("@w99999999999999999999", 2, "day of the week"),
        ("-", 1, "must follow the sign"),
        ("-1d+", 4, "must follow the sign"),
        ("30", 0, "neither sign nor unit"),
        ("-1d 2h", 3, "expected `+`, `-` or `@`"),
        ("-1d2h", 3, "expected `+`, `-` or `@`"),
        ("-1.5h", 2, "expected `+`, `-` or `@`"),
        ("nowish", 0, "`nowish` is not a unit"),
        ("now+", 4, "must follow the sign"),
        ("-1d@é", 4, "must follow `@`"),
        ("-99999999999999999999d", 1, "too large"),
        ("rt-5m", 0, "real-time"),
        ("-rt", 0, "real-time"),
    ] {
        let error = spec.parse::<RelativeTime>().unwrap_err();
        assert_eq!(error.offset, offset, "{spec}: {error}");
        assert!(error.message.contains(words), "{spec}: {error}");
    }
}

#[test]
fn printed_modifiers_are_read_as_the_same() {
    for (spec, printed) in [
        ("now", "now"),
        ("now()", "now"),
        ("-days@week+2hours", "-1d@w0+2h"),
        ("1quarter@quarter", "+1q@q"),
        ("-0", "+0s"),
        ("@w7", "@w0"),
        ("-5ms@ms", "-5ms@ms"),
    ] {
        let modifier: RelativeTime = spec.parse().unwrap();
        assert_eq!(modifier.to_string(), printed, "{spec}");
        assert_eq!(printed.parse::<RelativeTime>().unwrap(), modifier, "{spec}");
    }
}

#[test]
fn ways_out_of_the_calendar_lead_nowhere() {
    let utc = zone("UTC");
    for spec in [
        "+9000y",
        "-9223372036854775807s",
        "+9223372036854775807y",
        "+9223372036854775807w",
        "+9223372036854775807h",
        "+9223372036854775807us+9223372036854775807us",
        "-200000mon",
    ] {
        let modifier: RelativeTime = spec.parse().unwrap();
        assert_eq!(modifier.apply(0.0, &utc), None, "{spec}");
    }
    let now: RelativeTime = "now".parse().unwrap();
    for epoch in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e12] {
        assert_eq!(now.apply(epoch, &utc), None, "{epoch}");
    }
}
