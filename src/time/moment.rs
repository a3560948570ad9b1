//! An instant split into whole seconds and a fraction.

use jiff::Timestamp;

/// An instant: `second + fraction` since the epoch, with `0 <= fraction < 1`.
///
/// The two are kept apart so that moving by whole seconds leaves the fraction of the double alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    second: i64,
    fraction: f64,
}

/// Microseconds in a second.
pub(super) const SECOND_MICROS: i64 = 1_000_000;

impl Moment {
    /// `None` for NaN, infinities and years that are not supported.
    pub(super) fn new(epoch: f64) -> Option<Self> {
        let lowest = Timestamp::MIN.as_second() as f64;
        let highest = Timestamp::MAX.as_second() as f64;
        if !(lowest..=highest).contains(&epoch) {
            return None;
        }
        let whole = epoch.floor();
        Self::from_parts(whole as i64, epoch - whole)
    }

    /// Carries a fraction of a whole second or more into the seconds.
    fn from_parts(second: i64, fraction: f64) -> Option<Self> {
        // A tiny negative epoch has floor -1 and, rounded, fraction 1.
        let carry = fraction.floor();
        let second = second.checked_add(carry as i64)?;
        Timestamp::from_second(second).ok()?;
        Some(Self { second, fraction: fraction - carry })
    }

    /// A whole second.
    pub(super) fn at_second(second: i64) -> Option<Self> {
        Self::from_parts(second, 0.0)
    }

    /// The same fraction at another second.
    pub(super) fn with_second(self, second: i64) -> Option<Self> {
        Self::from_parts(second, self.fraction)
    }

    /// Moves by `micros` microseconds.
    pub(super) fn plus_micros(self, micros: i64) -> Option<Self> {
        let second = self.second.checked_add(micros.div_euclid(SECOND_MICROS))?;
        let micros = micros.rem_euclid(SECOND_MICROS);
        if micros == 0 {
            return self.with_second(second);
        }
        Self::from_parts(second, self.fraction + micros as f64 / SECOND_MICROS as f64)
    }

    pub(super) fn second(self) -> i64 {
        self.second
    }

    /// Whole seconds and microseconds, rounded to the nearest microsecond.
    ///
    /// A double cannot hold 1521467703.049: it holds a number a little below. Whatever cuts digits
    /// off a time has to round to microseconds first, or .049 becomes .048.
    pub(super) fn rounded(self) -> (i64, i64) {
        let micros = (self.fraction * SECOND_MICROS as f64).round() as i64;
        if micros >= SECOND_MICROS { (self.second.saturating_add(1), 0) } else { (self.second, micros) }
    }

    /// Seconds since the epoch.
    pub(super) fn epoch(self) -> f64 {
        self.second as f64 + self.fraction
    }
}
