//! The options that say how values are cut into bins: of `bin`, `chart` and `timechart`.

use std::fmt;

use crate::diagnostic::Result;
use crate::parse::args::Word;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::time::{Span, parse_time_bound};
use crate::value::{Number, parse_number};

/// How many bins there may be where a search asks for a number of them (limits.conf, `maxbins`).
const BINS: std::ops::RangeInclusive<usize> = 2..=50_000;

/// The options as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BinOptions {
    /// `span=`
    pub span: Option<Width>,
    /// `bins=`
    pub bins: Option<usize>,
    /// `minspan=`
    pub minspan: Option<Width>,
    /// `start=`
    pub start: Option<f64>,
    /// `end=`
    pub end: Option<f64>,
    /// `aligntime=`
    pub aligntime: Option<Align>,
}

/// The width of a bin.
#[derive(Clone, Debug, PartialEq)]
pub enum Width {
    /// A number without a unit: of seconds where time is cut.
    Plain(Number),
    /// A number with a unit of time.
    Time(Span),
    /// `2log10`: from one power of the base, times the coefficient, to the next.
    Log {
        /// At least 1 and less than the base.
        coefficient: f64,
        /// Above 1.
        base: f64,
    },
}

/// What bins of time are counted from.
#[derive(Clone, Debug, PartialEq)]
pub enum Align {
    /// The beginning of the search's time range.
    Earliest,
    /// The end of the search's time range.
    Latest,
    /// A time.
    At(Word),
}

impl BinOptions {
    /// The names of the options.
    pub const NAMES: [&'static str; 6] = ["span", "bins", "minspan", "start", "end", "aligntime"];

    /// Takes an option of [`BinOptions::NAMES`].
    ///
    /// # Errors
    /// Its value is not of the kind that it takes.
    pub fn take(&mut self, name: &str, value: &Word) -> Result<()> {
        let number = || {
            let number = parse_number(&value.text).map(|number| number.value);
            number.ok_or_else(|| value.wrong(name, "a number"))
        };
        match name {
            "span" => self.span = Some(Width::read(name, value)?),
            "minspan" => self.minspan = Some(Width::read(name, value)?),
            "bins" => {
                let bins = value.count(name).ok().filter(|bins| BINS.contains(bins));
                let wanted = format!("a whole number from {} to {}", BINS.start(), BINS.end());
                self.bins = Some(bins.ok_or_else(|| value.wrong(name, &wanted))?);
            }
            "start" => self.start = Some(number()?),
            "end" => self.end = Some(number()?),
            _ => {
                self.aligntime = Some(match value.text.to_ascii_lowercase().as_str() {
                    "earliest" => Align::Earliest,
                    "latest" => Align::Latest,
                    _ => Align::At(value.clone()),
                })
            }
        }
        Ok(())
    }
}

impl Width {
    fn read(option: &str, value: &Word) -> Result<Width> {
        let text = value.text.as_str();
        if let Some(number) = parse_number(text) {
            let positive = number.value > 0.0;
            let width = if positive { Ok(Width::Plain(number)) } else { Err(()) };
            return width.map_err(|()| value.wrong(option, "a width above 0"));
        }
        if let Some((coefficient, base)) = text.split_once("log") {
            return logarithmic(coefficient, base).ok_or_else(|| {
                let wanted =
                    "[coefficient]log[base], the base above 1, the coefficient from 1 to below the base";
                value.wrong(option, wanted)
            });
        }
        text.parse().map(Width::Time).map_err(|error: crate::time::TimeSpecError| {
            value.wrong(option, "a width, such as 10, 5m or 2log10").help(error.to_string())
        })
    }

    /// The width as a span of time.
    ///
    /// # Errors
    /// It is none; `option` and `shown` say what was asked for.
    pub fn of_time(&self, option: &str) -> std::result::Result<Span, String> {
        match self {
            Width::Time(span) => Ok(*span),
            Width::Plain(number) if number.value.fract() == 0.0 => format!("{}s", number.value)
                .parse()
                .map_err(|error: crate::time::TimeSpecError| error.message),
            _ => Err(format!("`{option}={self}` is no span of time")),
        }
    }
}

/// `2log10`: both numbers may be missing, the coefficient is 1 then and the base 10.
fn logarithmic(coefficient: &str, base: &str) -> Option<Width> {
    let number = |text: &str, default: f64| match text {
        "" => Some(default),
        text => parse_number(text).map(|number| number.value),
    };
    let (coefficient, base) = (number(coefficient, 1.0)?, number(base, 10.0)?);
    (base > 1.0 && (1.0..base).contains(&coefficient)).then_some(Width::Log { coefficient, base })
}

impl Align {
    /// The time, in seconds since the epoch. A search without a time range begins at the epoch and ends now.
    pub fn origin(&self, planner: &Planner<'_>) -> Result<f64> {
        let settings = planner.settings;
        match self {
            Align::Earliest => Ok(planner.range().earliest.unwrap_or(0.0)),
            Align::Latest => Ok(planner.range().latest.unwrap_or(settings.now)),
            Align::At(word) => parse_time_bound(&word.text, settings.now, &settings.zone).map_err(|error| {
                word.wrong("aligntime", "earliest, latest or a time").help(error.to_string())
            }),
        }
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Width::Plain(number) => write!(f, "{number}"),
            Width::Time(span) => write!(f, "{span}"),
            Width::Log { coefficient, base } => write!(f, "{coefficient}log{base}"),
        }
    }
}

impl fmt::Display for BinOptions {
    /// Each option with a blank before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_option(f, "span", self.span.as_ref())?;
        write_option(f, "bins", self.bins)?;
        write_option(f, "minspan", self.minspan.as_ref())?;
        write_option(f, "start", self.start)?;
        write_option(f, "end", self.end)?;
        match &self.aligntime {
            None => Ok(()),
            Some(Align::Earliest) => f.write_str(" aligntime=earliest"),
            Some(Align::Latest) => f.write_str(" aligntime=latest"),
            Some(Align::At(word)) => {
                f.write_str(" aligntime=")?;
                write_value(f, &word.text)
            }
        }
    }
}

fn write_option(f: &mut fmt::Formatter<'_>, name: &str, value: Option<impl fmt::Display>) -> fmt::Result {
    match value {
        Some(value) => write!(f, " {name}={value}"),
        None => Ok(()),
    }
}
