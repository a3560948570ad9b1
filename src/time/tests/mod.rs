//! Tests of the time module. Expected times are written as local clock readings with their zone and
//! are read by `jiff`, not by the code under test.

mod bound;
mod hostile;
mod iso;
mod relative;
mod span;
mod strftime;
mod strptime;

use jiff::Zoned;

use super::{TimeZone, parse_time_zone};

const LOS_ANGELES: &str = "America/Los_Angeles";
const BERLIN: &str = "Europe/Berlin";

fn zone(name: &str) -> TimeZone {
    parse_time_zone(name).unwrap()
}

/// The epoch of `2025-03-09T12:00:00[America/Los_Angeles]`, or of a reading without zone in UTC.
fn at(reading: &str) -> f64 {
    let reading = if reading.ends_with(']') { reading.to_owned() } else { format!("{reading}[UTC]") };
    let zoned: Zoned = reading.parse().unwrap();
    zoned.timestamp().as_second() as f64 + f64::from(zoned.subsec_nanosecond()) / 1e9
}

#[test]
fn zones_come_from_the_binary_by_name_or_offset() {
    for (name, epoch, expected) in [
        ("Europe/Berlin", 1_751_364_000.0, "+0200"),
        ("europe/berlin", 1_751_364_000.0, "+0200"),
        ("Asia/Kathmandu", 1_751_364_000.0, "+0545"),
        ("UTC", 1_751_364_000.0, "+0000"),
        ("Z", 1_751_364_000.0, "+0000"),
        ("-07:00", 1_751_364_000.0, "-0700"),
        ("+0530", 1_751_364_000.0, "+0530"),
    ] {
        let zone = zone(name);
        assert_eq!(super::strftime(epoch, "%z", &zone).unwrap(), expected, "{name}");
    }
}

#[test]
fn what_is_no_zone_is_said_to_be_none() {
    for name in ["", "Mars/Olympus", "../../etc/passwd", "+25:00", "/etc/localtime", "+"] {
        let error = parse_time_zone(name).unwrap_err();
        assert!(error.to_string().contains("is not a time zone"), "{name}: {error}");
    }
}
