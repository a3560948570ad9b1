use super::{BERLIN, LOS_ANGELES, at, zone};
use crate::time::strftime;

fn check(epoch: f64, zone_name: &str, cases: &[(&str, &str)]) {
    for (format, expected) in cases {
        let text = strftime(epoch, format, &zone(zone_name));
        assert_eq!(text.as_deref(), Some(*expected), "{format} of {epoch}");
    }
}

#[test]
fn the_examples_of_the_documentation() {
    // Tue 2025-04-29 23:45:22 in Los Angeles.
    check(
        1_745_995_522.0,
        LOS_ANGELES,
        &[
            ("%Y-%m-%d", "2025-04-29"),
            ("%y-%m-%d", "25-04-29"),
            ("%b %d, %Y", "Apr 29, 2025"),
            ("%B %d, %Y", "April 29, 2025"),
            ("%a %b %d, %Y", "Tue Apr 29, 2025"),
            ("%d %b '%y = %Y-%m-%d", "29 Apr '25 = 2025-04-29"),
            ("%Y-%m-%dT%H:%M:%S.%Q", "2025-04-29T23:45:22.000"),
            ("%Y-%m-%dT %H:%M:%S.%Z", "2025-04-29T 23:45:22.PDT"),
            ("%Y-%m-%dT%T", "2025-04-29T23:45:22"),
            ("%Y-%m-%dT%H:%M:%S.%QZ", "2025-04-29T23:45:22.000Z"),
            ("%m-%d-%Y %I:%M:%S %p", "04-29-2025 11:45:22 PM"),
            ("%m-%d-%Y %H:%M:%S.%Q %z", "04-29-2025 23:45:22.000 -0700"),
            ("%d/%b/%Y:%H:%M:%S.%f %z", "29/Apr/2025:23:45:22.000000 -0700"),
            ("%Z%:z", "PDT-07:00"),
        ],
    );
    check(1_522_196_414.839, LOS_ANGELES, &[("%H:%M:%S", "17:20:14")]);
    check(1_660_510_815.0, "UTC", &[("%V", "32")]);
    check(1_660_485_615.0, "UTC", &[("%Y-%m-%dT%H:%M:%S.%Q", "2022-08-14T14:00:15.000")]);
}

#[test]
fn every_variable() {
    // Sunday, day 65 of the year.
    check(
        at("2016-03-06T05:04:03.123456"),
        "UTC",
        &[
            ("%Y|%y|%C|%G|%g", "2016|16|20|2016|16"),
            ("%m|%b|%B|%d|%e|%j", "03|Mar|March|06| 6|066"),
            ("%U|%V|%w|%a|%A", "10|09|0|Sun|Sunday"),
            ("%H|%I|%k|%l|%M|%S|%p", "05|05| 5| 5|04|03|AM"),
            ("%T|%F|%D|%R", "05:04:03|2016-03-06|03/06/16|05:04"),
            ("%s|%Q|%N|%f", "1457240643|123|123456000|123456"),
            ("%1Q|%2Q|%3Q|%6Q|%9Q", "1|12|123|123456|123456000"),
            ("%1N|%3N|%6N|%9N", "1|123|123456|123456000"),
            ("%z|%:z|%::z|%:::z|%Ez|%Z", "+0000|+00:00|+00:00:00|+00|+0|UTC"),
            ("%c", "Sun Mar  6 05:04:03 2016"),
            ("%+", "Sun Mar  6 05:04:03 UTC 2016"),
            ("%x %X", "03/06/2016 05:04:03"),
            ("a%nb%tc%%d", "a\nb\tc%d"),
        ],
    );
}

#[test]
fn hours_of_twelve_have_noon_and_midnight() {
    for (reading, expected) in [
        ("2025-01-01T00:30:00", "00  0 12 12 AM"),
        ("2025-01-01T11:30:00", "11 11 11 11 AM"),
        ("2025-01-01T12:30:00", "12 12 12 12 PM"),
        ("2025-01-01T13:30:00", "13 13 01  1 PM"),
        ("2025-01-01T23:30:00", "23 23 11 11 PM"),
    ] {
        check(at(reading), "UTC", &[("%H %k %I %l %p", expected)]);
    }
}

#[test]
fn weeks_around_new_year() {
    for (date, expected) in [
        // A Friday; the ISO week belongs to the year before.
        ("2021-01-01", "2020 20 53 00 5"),
        ("2021-01-03", "2020 20 53 01 0"),
        ("2021-01-04", "2021 21 01 01 1"),
        // A Monday of ISO week 1 of the year to come.
        ("2024-12-30", "2025 25 01 52 1"),
        ("2023-01-01", "2022 22 52 01 0"),
        ("2022-08-14", "2022 22 32 33 0"),
    ] {
        let epoch = at(&format!("{date}T12:00:00"));
        check(epoch, "UTC", &[("%G %g %V %U %w", expected)]);
    }
}

#[test]
fn fractions_are_rounded_to_microseconds_and_then_cut() {
    // The doubles nearest to .049 and .999 lie below them.
    check(
        1_521_467_703.049,
        LOS_ANGELES,
        &[
            ("%Y-%m-%dT%H:%M:%S.%Q", "2018-03-19T06:55:03.049"),
            ("%1Q", "0"),
            ("%2N", "04"),
            ("%6N", "049000"),
        ],
    );
    check(1_521_467_703.999, "UTC", &[("%S.%3N %s", "03.999 1521467703")]);
    check(1_521_467_703.999_6, "UTC", &[("%S.%Q", "03.999")]);
    check(1_521_467_703.999_999_8, "UTC", &[("%S.%6Q %s", "04.000000 1521467704")]);
    check(-0.25, "UTC", &[("%F %T.%Q %s", "1969-12-31 23:59:59.750 -1")]);
}

#[test]
fn zones_and_their_summer_time() {
    let zones = "%z %:z %::z %:::z %Ez %Z";
    for (epoch, zone_name, expected) in [
        (0.0, LOS_ANGELES, "-0800 -08:00 -08:00:00 -08 -480 PST"),
        (1_751_364_000.0, LOS_ANGELES, "-0700 -07:00 -07:00:00 -07 -420 PDT"),
        (1_751_364_000.0, BERLIN, "+0200 +02:00 +02:00:00 +02 +120 CEST"),
        (1_736_500_000.0, BERLIN, "+0100 +01:00 +01:00:00 +01 +60 CET"),
        (0.0, "Asia/Kolkata", "+0530 +05:30 +05:30:00 +05 +330 IST"),
        (0.0, "Africa/Monrovia", "-0044 -00:44 -00:44:30 -00 -44 MMT"),
        (0.0, "+02:00", "+0200 +02:00 +02:00:00 +02 +120 +02"),
    ] {
        check(epoch, zone_name, &[(zones, expected)]);
    }
    // The second before and the second of the change.
    check(1_741_514_399.0, LOS_ANGELES, &[("%F %T %Z", "2025-03-09 01:59:59 PST")]);
    check(1_741_514_400.0, LOS_ANGELES, &[("%F %T %Z", "2025-03-09 03:00:00 PDT")]);
    check(1_761_440_399.0, BERLIN, &[("%F %T %Z", "2025-10-26 02:59:59 CEST")]);
    check(1_761_440_400.0, BERLIN, &[("%F %T %Z", "2025-10-26 02:00:00 CET")]);
}

#[test]
fn what_is_no_variable_is_printed_as_it_stands() {
    check(
        0.0,
        "UTC",
        &[
            ("", ""),
            ("plain é", "plain é"),
            ("%", "%"),
            ("100%", "100%"),
            ("%q %-d %E %Ex %i", "%q %-d %E %Ex %i"),
            ("%0Q %10N %3H", "%0Q %10N %3H"),
            ("%: %:: %:Y %::::z", "%: %:: %:Y %::::z"),
            ("%é%Y", "%é1970"),
            ("%%Y", "%Y"),
            ("%%%Y", "%1970"),
            ("%-%Y", "%-1970"),
        ],
    );
}

#[test]
fn far_years_and_what_is_no_time() {
    check(at("0099-02-03T00:00:00"), "UTC", &[("%Y %y %C", "0099 99 00")]);
    check(253_402_207_200.0, "UTC", &[("%Y", "9999")]);
    for epoch in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e18, -1e18, f64::MAX] {
        assert_eq!(strftime(epoch, "%Y", &zone("UTC")), None);
    }
}
