use super::{BERLIN, LOS_ANGELES, at, zone};
use crate::time::Span;

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

fn check(text: &str, zone_name: &str, from: &str, expected: &str) {
    let local = |reading: &str| at(&format!("{reading}[{zone_name}]"));
    assert_eq!(
        span(text).floor(local(from), &zone(zone_name)),
        Some(local(expected)),
        "{text} at {from} in {zone_name}"
    );
}

#[test]
fn bins_of_hours_or_less_are_counted_from_the_epoch_in_utc() {
    for (text, epoch, expected) in [
        ("2h", 1_787_500_000.0, 1_787_493_600.0),
        ("2h", 1_787_503_600.0, 1_787_500_800.0),
        ("2h", 1_787_507_200.0, 1_787_500_800.0),
        ("2h", 1_787_510_800.0, 1_787_508_000.0),
        ("1h", 7_199.999, 3_600.0),
        ("h", 7_200.0, 7_200.0),
        ("5m", 1_755_186_330.0, 1_755_186_300.0),
        ("10s", 1_755_186_339.9, 1_755_186_330.0),
        ("30", 1_755_186_359.9, 1_755_186_330.0),
        ("100ms", 12.345, 12.3),
        ("5cs", 12.345, 12.3),
        ("1ds", 12.345, 12.3),
        ("250us", 0.000_6, 0.000_5),
        ("1h", -1.0, -3_600.0),
        ("240m", 14_399.0, 0.0),
        // 24 hours are not a day: counted in UTC even where the local day differs.
        ("24h", 100_000.0, 86_400.0),
    ] {
        for zone_name in ["UTC", LOS_ANGELES, "Asia/Kolkata"] {
            let start = span(text).floor(epoch, &zone(zone_name));
            assert_eq!(start, Some(expected), "{text} at {epoch} in {zone_name}");
        }
    }
}

#[test]
fn bins_of_days_or_more_follow_the_local_calendar() {
    for (text, from, expected) in [
        ("1d", "2025-08-14T23:59:59", "2025-08-14T00:00:00"),
        ("1d", "2025-08-14T00:00:00", "2025-08-14T00:00:00"),
        ("1mon", "2025-08-14T12:00:00", "2025-08-01T00:00:00"),
        ("1q", "2025-08-14T12:00:00", "2025-07-01T00:00:00"),
        ("1y", "2025-08-14T12:00:00", "2025-01-01T00:00:00"),
        ("2mon", "2025-08-14T12:00:00", "2025-07-01T00:00:00"),
        ("10y", "2025-08-14T12:00:00", "2020-01-01T00:00:00"),
        ("1y", "1969-08-14T12:00:00", "1969-01-01T00:00:00"),
        // 2025-08-14 is day 20314 since 1970-01-01: 20314 = 3 * 6771 + 1 = 30 * 677 + 4.
        ("3d", "2025-08-14T12:00:00", "2025-08-13T00:00:00"),
        ("30d", "2025-08-14T12:00:00", "2025-08-10T00:00:00"),
        // Weeks begin on Thursdays, as 1970 did, unless told otherwise.
        ("1w", "2025-08-14T12:00:00", "2025-08-14T00:00:00"),
        ("1w", "2025-08-13T12:00:00", "2025-08-07T00:00:00"),
        ("7d", "2025-08-13T12:00:00", "2025-08-07T00:00:00"),
        ("1w@w1", "2025-08-14T12:00:00", "2025-08-11T00:00:00"),
        ("1w@w", "2025-08-14T12:00:00", "2025-08-10T00:00:00"),
        ("7d@w6", "2025-08-14T12:00:00", "2025-08-09T00:00:00"),
        ("1w@w5", "1969-12-30T12:00:00", "1969-12-26T00:00:00"),
        ("1d@d", "2025-08-14T12:00:00", "2025-08-14T00:00:00"),
    ] {
        for zone_name in ["UTC", LOS_ANGELES, BERLIN] {
            check(text, zone_name, from, expected);
        }
    }
}

#[test]
fn bins_of_days_have_23_or_25_hours_where_the_clock_changes() {
    for (zone_name, day, next, hours) in [
        (LOS_ANGELES, "2025-03-09", "2025-03-10", 23.0),
        (LOS_ANGELES, "2025-11-02", "2025-11-03", 25.0),
        (BERLIN, "2025-03-30", "2025-03-31", 23.0),
        (BERLIN, "2025-10-26", "2025-10-27", 25.0),
    ] {
        let midnight = |date: &str| at(&format!("{date}T00:00:00[{zone_name}]"));
        let zone = zone(zone_name);
        assert_eq!(span("1d").next_bin(midnight(day), &zone), Some(midnight(next)));
        assert_eq!(midnight(next) - midnight(day), hours * 3_600.0);
        assert_eq!(span("1d").floor(midnight(next) - 1.0, &zone), Some(midnight(day)));
    }
    // April 25 began at 01:00 in Cairo; the day after began at midnight.
    let cairo = zone("Africa/Cairo");
    assert_eq!(
        span("1d").next_bin(at("2025-04-25T12:00:00[Africa/Cairo]"), &cairo),
        Some(at("2025-04-26T00:00:00[Africa/Cairo]"))
    );
}

#[test]
fn adding_days_keeps_the_clock_reading() {
    // Weekly steps from Mon 2018-01-01 11:25:31: the one over 2018-03-11 is an hour short.
    let los_angeles = zone(LOS_ANGELES);
    let mut epoch = 1_514_834_731.0;
    let mut steps = Vec::new();
    while epoch < 1_524_134_919.0 {
        steps.push(epoch as i64);
        epoch = span("7d").add(epoch, &los_angeles).unwrap();
    }
    assert_eq!(steps.len(), 16);
    assert_eq!(steps[1] - steps[0], 604_800);
    assert_eq!(steps[9], 1_520_277_931);
    assert_eq!(steps[10], 1_520_879_131);
    assert_eq!(steps[15], 1_523_903_131);
    assert_eq!(span("1h").add(0.5, &los_angeles), Some(3_600.5));
    assert_eq!(
        span("1mon").add(at("2025-01-31T08:00:00[America/Los_Angeles]"), &los_angeles),
        Some(at("2025-02-28T08:00:00[America/Los_Angeles]"))
    );
}

#[test]
fn every_bin_begins_where_the_one_before_ends() {
    for zone_name in ["UTC", LOS_ANGELES, BERLIN, "Pacific/Apia", "America/Havana"] {
        let zone = zone(zone_name);
        for text in ["5m", "7h", "1d", "3d", "1w@w1", "1mon", "5mon", "1q", "1y"] {
            let span = span(text);
            let mut start = span.floor(1_320_000_000.0, &zone).unwrap();
            for _ in 0..200 {
                let next = span.next_bin(start, &zone).unwrap();
                assert!(next > start, "{text} in {zone_name} at {start}");
                assert_eq!(span.floor(start, &zone), Some(start), "{text} in {zone_name}");
                assert_eq!(span.floor(next - 1.0, &zone), Some(start), "{text} in {zone_name}");
                start = next;
            }
        }
    }
}

#[test]
fn what_is_no_span_says_what_and_where() {
    for (text, offset, words) in [
        ("", 0, "a number and a unit"),
        ("-1h", 0, "a number and a unit"),
        ("0s", 0, "longer than 0"),
        ("5x", 1, "`x` is not a unit"),
        ("1M", 1, "ambiguous"),
        ("1.5h", 1, "cannot follow"),
        ("1h ago", 2, "cannot follow"),
        ("2log10", 1, "`log` is not a unit"),
        ("3ms", 0, "divide it evenly"),
        ("1000ms", 0, "shorter than a second"),
        ("99999999999999999999s", 0, "too large"),
        ("9223372036854775807h", 0, "too long"),
        ("9223372036854775807y", 0, "too long"),
        ("1h@d", 2, "cannot snap"),
        ("1mon@w1", 4, "cannot snap"),
        ("1w@w9", 4, "day of the week"),
    ] {
        let error = text.parse::<Span>().unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(error.message.contains(words), "{text}: {error}");
    }
}

#[test]
fn printed_spans_are_read_as_the_same() {
    for (text, printed) in [("5minutes", "5m"), ("30", "30s"), ("week@w7", "1w@w0"), ("1d@d", "1d")] {
        assert_eq!(span(text).to_string(), printed);
        assert_eq!(span(printed), span(text));
    }
}

#[test]
fn what_is_no_time_has_no_bin() {
    let utc = zone("UTC");
    for text in ["1ms", "1h", "1d", "1mon", "15000y"] {
        for epoch in [f64::NAN, f64::INFINITY, -1e300, 1e15] {
            assert_eq!(span(text).floor(epoch, &utc), None);
            assert_eq!(span(text).add(epoch, &utc), None);
            assert_eq!(span(text).next_bin(epoch, &utc), None);
        }
    }
    assert_eq!(span("15000y").floor(-1.0, &utc), None);
}
