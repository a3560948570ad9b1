//! Time: what Splunk's time modifiers, spans and format variables mean.
//!
//! An instant is a number of seconds since 1970-01-01T00:00:00Z as an `f64`, fraction allowed, as in
//! `_time`. Everything that depends on a calendar takes the time zone as an argument: nothing here
//! reads the machine's clock, its locale or its zone files. The zone database travels in the binary.
//!
//! Years -9999 to 9999 are supported; outside them, and for NaN or infinities, functions return
//! `None`.

mod bound;
mod cursor;
mod format;
mod iso;
mod moment;
mod recognise;
mod relative;
mod span;
mod stamp;
mod strftime;
mod strptime;
mod unit;
mod zones;

#[cfg(test)]
mod tests;

pub use bound::parse_time_bound;
pub use iso::parse_iso8601;
pub use jiff::tz::TimeZone;
pub use recognise::{date_in_name, recognise};
pub use relative::RelativeTime;
pub use span::Span;
pub use stamp::{Instead, Stamp, ZoneNames};
pub use strftime::strftime;
pub use strptime::{strptime, strptime_prefix, strptime_start};
pub use zones::parse_time_zone;

/// A time modifier, span, time bound or zone name that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSpecError {
    /// What is wrong, as a sentence part without a full stop.
    pub message: String,
    /// Where it is wrong: bytes from the start of the text as it was given.
    pub offset: usize,
}

impl TimeSpecError {
    pub(crate) fn new(message: impl Into<String>, offset: usize) -> Self {
        Self { message: message.into(), offset }
    }
}

impl std::fmt::Display for TimeSpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TimeSpecError {}
