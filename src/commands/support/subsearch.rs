//! The options of commands that run another search: `append`, `appendcols`, `join`, `union`.

use std::fmt;

use crate::diagnostic::{Result, Span};
use crate::parse::args::{Args, Word};
use crate::plan::RowLimit;
use crate::value::Text;

/// `subsearch_maxout` of Splunk's limits.conf.
const MOST_ROWS: usize = 50_000;

/// The options of a search inside of a command.
#[derive(Clone, Debug, Default)]
pub struct SubsearchOptions {
    most: Option<usize>,
    /// `maxtime` and `timeout`, in seconds.
    times: [Option<usize>; 2],
    /// Options that change no result here, kept for printing.
    others: Vec<(&'static str, Text)>,
}

impl SubsearchOptions {
    /// Their names.
    pub const NAMES: [&'static str; 4] = ["maxout", "maxtime", "timeout", "extendtimerange"];

    /// Reads the option that stands here, if there is one; refuses options of other names.
    ///
    /// # Errors
    /// An option of another name, or a value that the option does not take.
    pub fn read(&mut self, args: &mut Args<'_>) -> Result<bool> {
        let Some((name, value)) = args.option(&Self::NAMES)? else { return Ok(false) };
        self.take(name, value)?;
        Ok(true)
    }

    /// Takes an option that was read among others.
    ///
    /// # Errors
    /// A value that the option does not take.
    pub fn take(&mut self, name: &'static str, value: Word) -> Result<()> {
        match name {
            "maxout" => self.most = Some(value.count(name)?),
            "extendtimerange" => {
                value.truth(name)?;
                self.others.push((name, value.text));
            }
            _ => {
                let [max_time, timeout] = &mut self.times;
                *(if name == "maxtime" { max_time } else { timeout }) = Some(value.count(name)?);
            }
        }
        Ok(())
    }

    /// How many rows are taken, and how long they may take.
    pub fn limit(&self, command: &str, span: Span) -> Option<RowLimit> {
        let rows = self.most.map_or(MOST_ROWS, |most| if most == 0 { usize::MAX } else { most });
        let seconds = self.times.iter().flatten().copied().filter(|seconds| *seconds > 0).min();
        let of = format!("the search in `{command}`");
        Some(RowLimit { rows, seconds: seconds.map(|seconds| seconds as u64), of, span })
    }
}

impl fmt::Display for SubsearchOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(most) = self.most {
            write!(f, "maxout={most} ")?;
        }
        for (name, seconds) in ["maxtime", "timeout"].iter().zip(self.times) {
            if let Some(seconds) = seconds {
                write!(f, "{name}={seconds} ")?;
            }
        }
        self.others.iter().try_for_each(|(name, value)| write!(f, "{name}={value} "))
    }
}
