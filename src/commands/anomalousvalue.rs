//! Finds values that are rare, or far from the mean.
//!
//! ## Syntax
//! `anomalousvalue [action=filter|annotate|summary] [pthresh=<number>] [minsupcount=<count>] [minsupfreq=<number>]
//! [maxanofreq=<number>] [minnormfreq=<number>] [<field>...]`
//!
//! ## Description
//! Two tests are made of each field, or of each whose name does not begin with `_`.
//!
//! | test | fields | score of a value | a field is tested so |
//! |---|---|---|---|
//! | categorical: rare values | all | how many of the field's values it is, from 0 to 1 | `useCat` |
//! | numerical: values far from the mean | those whose values are all numbers | the probability that a number of a normal distribution with the field's mean and standard deviation lies at least as far from the mean, on either side | `useNum` |
//!
//! A value whose score is less than `pthresh`, by default 0.01, is anomalous. The other options leave out fields that
//! say little:
//!
//! | option | default | a field is left out if |
//! |---|---|---|
//! | `minsupcount` | 100 | fewer rows have it |
//! | `minsupfreq` | 0.05 | a smaller part of the rows has it |
//! | `maxanofreq` | 0.05 | a greater part of its values is anomalous |
//! | `minnormfreq` | 0.01 | a smaller part of its values is not anomalous |
//!
//! `annotate` keeps all rows and gives those with an anomalous value the score as `Anomaly_Score_Cat(<field>)` or
//! `Anomaly_Score_Num(<field>)`, or both; `filter`, the default, keeps those rows alone. `summary` gives a row for each
//! field: `fieldname`, `count`, `distinct_count`, `mean`, `catAnoFreq%` and `catNormFreq%`, how many of its values are
//! anomalous and are not by the categorical test, `numAnoFreq%` the same by the numerical one, `stdev`,
//! `supportFreq%`, how many rows have it, and `useCat`, `useNum` and `isNum`, `YES` or `NO`.
//!
//! ## Examples
//!
//! `drop` is one of eight values: less than 0.2. It is also an eighth of all values, as `maxanofreq` allows.
//!
//! ```spl
//! anomalousvalue pthresh=0.2 minsupcount=8 maxanofreq=0.2 action
//! ```
//! ```json in
//! {"action": "read"}
//! {"action": "read"}
//! {"action": "read"}
//! {"action": "drop"}
//! {"action": "read"}
//! {"action": "read"}
//! {"action": "read"}
//! {"action": "read"}
//! ```
//! ```json out
//! {"action": "drop", "Anomaly_Score_Cat(action)": 0.125}
//! ```
//!
//! The mean is 2 and the variance 8, so 10 is 2.83 standard deviations away: as far are 0.47 % of a normal distribution.
//!
//! ```spl
//! anomalousvalue action=annotate pthresh=0.05 minsupcount=5 maxanofreq=0.2 n
//! | eval score = round('Anomaly_Score_Num(n)', 4) | table n score
//! ```
//! ```json in
//! {"n": 0}
//! {"n": 0}
//! {"n": 10}
//! {"n": 0}
//! {"n": 0}
//! {"n": 4}
//! {"n": 0}
//! {"n": 2}
//! {"n": 2}
//! {"n": 2}
//! {"n": 2}
//! {"n": 2}
//! ```
//! ```json out
//! {"n": 0}
//! {"n": 0}
//! {"n": 10, "score": 0.0047}
//! {"n": 0}
//! {"n": 0}
//! {"n": 4}
//! {"n": 0}
//! {"n": 2}
//! {"n": 2}
//! {"n": 2}
//! {"n": 2}
//! {"n": 2}
//! ```
//!
//! ```spl
//! anomalousvalue action=summary minsupcount=2 user, n
//! ```
//! ```json in
//! {"user": "ada", "n": 1}
//! {"user": "ada", "n": 3}
//! {"user": "eve"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"fieldname": "n", "count": 2, "distinct_count": 2, "mean": 2, "catAnoFreq%": 0, "catNormFreq%": 100, "numAnoFreq%": 0, "stdev": 1.4142135623730951, "supportFreq%": 50, "useCat": "YES", "useNum": "YES", "isNum": "YES"}
//! {"fieldname": "user", "count": 4, "distinct_count": 2, "catAnoFreq%": 0, "catNormFreq%": 100, "supportFreq%": 100, "useCat": "YES", "useNum": "NO", "isNum": "NO"}
//! ```
//!
//! ```spl
//! anomalousvalue minsupcount=0
//! ```
//! ```error
//! error[E0204]: `minsupcount` needs a positive whole number and got `0`
//! ```
//!
//! ## Differences from Splunk
//! Splunk's pages do not say what the scores are made of; here they are the probabilities that `pthresh` is compared
//! with. Of `minnormfreq` an older page says what is done here and a newer one the opposite, which would leave out
//! each field without anomalies. All rows are looked at, where Splunk looks at 50,000.

mod measure;

use std::fmt;

use super::Command;
use super::outlier::quartiles::needed;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, write_names};
use crate::plan::Planner;
pub use measure::{Action, Measure};

/// `anomalousvalue`
#[derive(Clone, Debug)]
pub struct AnomalousValue {
    measure: Measure,
    fields: Vec<Pattern>,
}

/// Reads the arguments of `anomalousvalue`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = AnomalousValue { measure: Measure::default(), fields: Vec::new() };
    while !args.at_end() {
        match args.option(&Measure::OPTIONS)? {
            Some((name, value)) => parsed.measure.take(name, &value)?,
            None => parsed.fields.extend(args.some_fields(&[])?.iter().map(|word| word.pattern())),
        }
    }
    Ok(Box::new(parsed))
}

impl fmt::Display for AnomalousValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "anomalousvalue{} ", self.measure)?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for AnomalousValue {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        needed(after, &self.fields)
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for AnomalousValue {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![self.measure.apply(Batch::concat(&batches), &self.fields)])
    }
}
