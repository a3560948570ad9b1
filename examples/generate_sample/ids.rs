//! The clock, and identifiers that are the same at every run.

/// Monday 2026-02-09T00:00:00Z, where the sample begins.
pub const START: i64 = 1_770_595_200;
/// 2026-03-15T12:00:00Z: the shipped lookups know what happened before, a day before the sample's "now".
pub const CUT: i64 = 1_773_576_000;
/// 2026-03-16T12:00:00Z, the sample's "now".
pub const NOW: i64 = CUT + DAY;
pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
pub const WEEK: i64 = 7 * DAY;

/// The one account of the sample.
pub const ACCOUNT: &str = "111122223333";
/// The region that every call goes to.
pub const REGION: &str = "us-east-1";

/// A credential or principal identifier of twenty characters, marked as an example.
pub fn principal(prefix: &str, name: &str) -> String {
    let letters: String = name.bytes().filter(u8::is_ascii_alphabetic).take(9).map(char::from).collect();
    format!("{prefix}{:0>9}EXAMPLE", letters.to_ascii_uppercase())
}

/// An identifier in the form of a UUID, the same for the same kind and number.
pub fn identifier(kind: &str, serial: u64) -> String {
    let seed = kind.bytes().fold(serial, |sum, byte| mix(sum ^ u64::from(byte)));
    let (high, low) = (mix(seed), mix(seed ^ 1));
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0x0fff);
    format!("{a:08x}-{b:04x}-4{c:03x}-{:04x}-{:012x}", 0x8000 | (low >> 50), low & 0xffff_ffff_ffff)
}

/// Spreads a number over 64 bits (the finaliser of SplitMix64).
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Seconds since 1970 as CloudTrail writes them. The sample lies within 2026, February to March.
pub fn iso(at: i64) -> String {
    let (days, second) = ((at - START).div_euclid(DAY) + 9, (at - START).rem_euclid(DAY));
    let (month, day) = if days > 28 { (3, days - 28) } else { (2, days) };
    format!(
        "2026-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / HOUR,
        second % HOUR / MINUTE,
        second % MINUTE
    )
}
