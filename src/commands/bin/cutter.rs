//! Bins: which one a value lies in, and how it is written.

use jiff::tz::TimeZone;

use super::options::BinOptions;
use super::options::Width;
use crate::aggregates::{Bins, has_bin};
use crate::batch::Column;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::plan::{Planner, TimeRange};
use crate::time::Span;
use crate::value::{Number, Value};

/// How many bins of time there are at most where nothing is asked for.
const DEFAULT_BINS: usize = 100;

/// A number that lies so near to the edge of a bin, in widths, lies on it: 0.3 is three times 0.1.
const NEAR: f64 = 1e-9;

/// Bins of a width that is known.
#[derive(Clone, Debug)]
pub enum Cutter {
    /// Of time: a value becomes the start of its bin, in seconds since the epoch.
    Time {
        /// The width.
        span: Span,
        /// What bins are counted from, where it is not the epoch.
        origin: Option<f64>,
        /// Whose days and months.
        zone: TimeZone,
    },
    /// Of numbers: a value becomes `from-to`.
    Linear {
        /// The width.
        width: f64,
        /// With how many decimals bounds are written.
        decimals: u8,
    },
    /// Of numbers, each bin `base` times as wide as the one before.
    Log {
        /// What powers are multiplied with.
        coefficient: f64,
        /// What is raised to powers.
        base: f64,
    },
}

/// How bins are found whose width the values decide.
#[derive(Clone, Debug)]
pub enum Automatic {
    /// Of time.
    Time(Bins, Option<f64>, TimeZone),
    /// Of numbers.
    Numbers(BinOptions),
}

/// What options come to.
#[derive(Clone, Debug)]
pub enum Cut {
    /// Bins.
    Known(Cutter),
    /// Bins once all values are seen.
    Unknown(Automatic),
}

impl Cut {
    /// What the options mean for a field.
    ///
    /// # Errors
    /// They mean nothing for it.
    pub fn new(options: &BinOptions, field: &str, planner: &Planner<'_>) -> Result<Cut> {
        let zone = planner.settings.zone.clone();
        let origin = options.aligntime.as_ref().map(|align| align.origin(planner)).transpose()?;
        let refuse = |message: String| Diagnostic::error(Code::OptionValue, message);
        let is_time = field == "_time";
        match (&options.span, is_time) {
            (Some(width), true) => {
                let span = width.of_time("span").map_err(refuse)?;
                Ok(Cut::Known(Cutter::Time { span, origin, zone }))
            }
            (Some(Width::Time(span)), false) => Ok(Cut::Known(Cutter::Time { span: *span, origin, zone })),
            (Some(Width::Plain(width)), false) => {
                Ok(Cut::Known(Cutter::Linear { width: width.value, decimals: width.decimals.unwrap_or(0) }))
            }
            (Some(Width::Log { coefficient, base }), false) => {
                Ok(Cut::Known(Cutter::Log { coefficient: *coefficient, base: *base }))
            }
            (None, true) => {
                let mut bins = Bins::automatic(zone.clone()).at_most(options.bins.unwrap_or(DEFAULT_BINS));
                if let Some(least) = &options.minspan {
                    bins = bins.at_least(&least.of_time("minspan").map_err(refuse)?);
                }
                Ok(Cut::Unknown(Automatic::Time(bins, origin, zone)))
            }
            (None, false) => {
                let message = |least| format!("`minspan={least}` is no width of numbers");
                match &options.minspan {
                    None | Some(Width::Plain(_)) => Ok(Cut::Unknown(Automatic::Numbers(options.clone()))),
                    Some(least) => Err(refuse(message(least))),
                }
            }
        }
    }
}

impl Cut {
    /// The same where a time range that has both ends decides the bins of time.
    #[must_use]
    pub fn over(self, range: &TimeRange) -> Cut {
        match (self, range.earliest, range.latest) {
            (Cut::Unknown(automatic @ Automatic::Time(..)), Some(earliest), Some(latest))
                if earliest < latest =>
            {
                // The end of the range is the first moment after it.
                match automatic.of_range((earliest, latest - 1e-6)) {
                    Some(cutter) => Cut::Known(cutter),
                    None => Cut::Unknown(automatic),
                }
            }
            (cut, ..) => cut,
        }
    }
}

impl Automatic {
    /// Bins for these values; none if there is nothing to cut.
    pub fn decide<'c>(&self, columns: impl Iterator<Item = &'c Column>) -> Option<Cutter> {
        let mut range: Option<(f64, f64)> = None;
        for column in columns {
            for value in column.iter() {
                for number in value.values().iter().filter_map(Value::as_number) {
                    let (least, most) = range.unwrap_or((number, number));
                    range = Some((least.min(number), most.max(number)));
                }
            }
        }
        self.of_range(range?)
    }

    /// Bins for values from the first to the second.
    pub fn of_range(&self, range: (f64, f64)) -> Option<Cutter> {
        match self {
            Automatic::Time(bins, origin, zone) => {
                let range = (has_bin(range.0) && has_bin(range.1)).then_some(range)?;
                Some(Cutter::Time { span: bins.fitting(range)?, origin: *origin, zone: zone.clone() })
            }
            Automatic::Numbers(options) => Some(powers_of_ten(options, range)),
        }
    }
}

/// The width that fits numbers from the least to the most: a power of ten.
///
/// Splunk's documentation does not say which. Measured on Splunk 10.4: 1 for 1 to 4, and 10 where two bins are
/// asked for. OpenSearch's page on its `bin`, made after Splunk's, has the rules that give this.
fn powers_of_ten(options: &BinOptions, (least, most): (f64, f64)) -> Cutter {
    let given = options.start.is_some() || options.end.is_some();
    let least = options.start.map_or(least, |start| start.min(least));
    let most = options.end.map_or(most, |end| end.max(most));
    let range = most - least;
    let magnitude = range.log10().floor();
    let exponent = match (&options.minspan, options.bins) {
        _ if range <= 0.0 || !range.is_finite() => 0.0,
        (Some(Width::Plain(least)), _) if 10f64.powf(magnitude) >= least.value => magnitude,
        (Some(Width::Plain(least)), _) => least.value.log10().ceil(),
        (_, Some(bins)) => {
            let fits = |exponent: &f64| {
                let width = 10f64.powf(*exponent);
                let on_an_edge = whole(most / width).is_some();
                (range / width - NEAR).ceil() + f64::from(u8::from(on_an_edge)) <= bins as f64
            };
            // More than a hundred thousand bins are never asked for.
            (-6..=1).map(|step| magnitude + f64::from(step)).find(fits).unwrap_or(magnitude + 2.0)
        }
        // A range that is a power of ten itself would be one bin.
        _ if given && 10f64.powf(magnitude) == range => magnitude - 1.0,
        _ => magnitude,
    };
    Cutter::Linear { width: 10f64.powf(exponent), decimals: (-exponent).clamp(0.0, 15.0) as u8 }
}

/// The whole number that a number is, or all but is.
fn whole(number: f64) -> Option<f64> {
    let nearest = number.round();
    ((number - nearest).abs() <= NEAR * number.abs().max(1.0)).then_some(nearest)
}

fn floor(number: f64) -> f64 {
    whole(number).unwrap_or_else(|| number.floor())
}

impl Cutter {
    /// A value's bin; what is no number stays as it is.
    pub fn cut(&self, value: &Value) -> Value {
        value.map_each(|value| {
            let bin = value.as_number().and_then(|number| self.bin(number));
            bin.unwrap_or_else(|| value.clone())
        })
    }

    fn bin(&self, number: f64) -> Option<Value> {
        match self {
            Cutter::Time { .. } => self.start(number).map(Value::number),
            Cutter::Linear { width, decimals } => {
                let start = self.start(number)?;
                let bound = |bound: f64| Number::fixed(bound, *decimals);
                Some(Value::text(format!("{}-{}", bound(start), bound(start + width))))
            }
            Cutter::Log { base, .. } => {
                let start = self.start(number)?;
                let bound = |bound: f64| Number::exact(whole(bound).unwrap_or(bound));
                Some(Value::text(format!("{}-{}", bound(start), bound(start * base))))
            }
        }
    }

    /// Where the bin begins that a number lies in; only what is above 0 lies in one of powers.
    pub fn start(&self, number: f64) -> Option<f64> {
        match self {
            Cutter::Time { span, origin: None, zone } => span.floor(number, zone),
            Cutter::Time { span, origin: Some(origin), zone } => span.floor_from(number, *origin, zone),
            Cutter::Linear { width, .. } => {
                let start = floor(number / width) * width;
                // A bound of a number beyond all bounds says nothing.
                start.is_finite().then_some(start)
            }
            Cutter::Log { coefficient, base } if number > 0.0 => {
                Some(coefficient * base.powf(floor((number / coefficient).ln() / base.ln())))
            }
            Cutter::Log { .. } => None,
        }
    }

    /// Where a bin begins that [`Cutter::cut`] gave; none for what lies in no bin.
    pub fn start_of(&self, bin: &Value) -> Option<f64> {
        match self {
            Cutter::Time { .. } => bin.as_number(),
            Cutter::Linear { .. } | Cutter::Log { .. } => {
                let text = bin.to_text();
                // A minus after a digit stands between the bounds.
                let digit =
                    |at: usize| text.as_bytes().get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_digit);
                match text.match_indices('-').find(|(at, _)| digit(*at)) {
                    Some((at, _)) => text.get(..at)?.parse().ok(),
                    // What is not above 0 lies before all powers.
                    None if matches!(self, Cutter::Log { .. }) => text.parse().ok(),
                    None => None,
                }
            }
        }
    }

    /// Where the next bin begins after the one that a number lies in.
    pub fn next(&self, number: f64) -> Option<f64> {
        match self {
            Cutter::Time { span, origin: None, zone } => span.next_bin(number, zone),
            Cutter::Time { span, zone, .. } => span.add(self.start(number)?, zone),
            Cutter::Linear { width, .. } => Some((floor(number / width) + 1.0) * width),
            Cutter::Log { base, .. } => Some(self.start(number)? * base),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(options: BinOptions, range: (f64, f64)) -> f64 {
        match powers_of_ten(&options, range) {
            Cutter::Linear { width, .. } => width,
            _ => 0.0,
        }
    }

    #[test]
    fn widths_are_powers_of_ten() {
        let bins = |bins| BinOptions { bins: Some(bins), ..BinOptions::default() };
        let least = |least: f64| BinOptions {
            minspan: Some(Width::Plain(Number::exact(least))),
            ..BinOptions::default()
        };
        let end = |end| BinOptions { end: Some(end), ..BinOptions::default() };
        // Measured on Splunk 10.4: no option, and two bins.
        assert_eq!(width(BinOptions::default(), (1.0, 4.0)), 1.0);
        assert_eq!(width(bins(2), (1.0, 4.0)), 10.0);
        assert_eq!(width(bins(3), (20.0, 49.0)), 10.0);
        assert_eq!(width(bins(3), (20.0, 50.0)), 100.0);
        assert_eq!(width(least(11.0), (20.0, 40.0)), 100.0);
        assert_eq!(width(least(5.0), (20.0, 40.0)), 10.0);
        assert_eq!(width(end(100_000.0), (0.0, 50_000.0)), 10_000.0);
        assert_eq!(width(end(100_001.0), (0.0, 50_000.0)), 100_000.0);
        assert_eq!(width(BinOptions::default(), (7.0, 7.0)), 1.0);
    }

    #[test]
    fn edges_are_hit_in_spite_of_rounding() {
        let tenths = Cutter::Linear { width: 0.1, decimals: 1 };
        assert_eq!(tenths.cut(&"0.3".into()), Value::text("0.3-0.4"));
        let powers = Cutter::Log { coefficient: 1.0, base: 10.0 };
        assert_eq!(powers.cut(&"1000".into()), Value::text("1000-10000"));
        assert_eq!(powers.cut(&"0".into()), Value::text("0"));
    }
}
