//! Finds rows that are improbable among all.
//!
//! ## Syntax
//! `anomalydetection [method=histogram] [action=filter|annotate|summary] [pthresh=<number>] [cutoff=false]
//! [<field>...]`
//!
//! `anomalydetection method=zscore [action=filter|annotate|summary] [pthresh=<number>] [minsupcount=<count>]
//! [minsupfreq=<number>] [maxanofreq=<number>] [minnormfreq=<number>] [<field>...]`
//!
//! `anomalydetection method=iqr [action=remove|transform] [param=<number>] [uselower=<bool>] [mark=<bool>]
//! [<field>...]`
//!
//! ## Description
//! The probability of a row is the product of the frequencies of its values in the fields, or in all whose names do
//! not begin with `_`. The frequency of a value is the part of all rows that have it; in a field whose values are all
//! numbers, the part that lies in the same bin, where bins are twice the interquartile range wide, over the cube root
//! of how many numbers there are. Rows without a field are as frequent as there are such rows.
//!
//! A row is an anomaly if its probability is less than `pthresh`, or, if that is not said, if the logarithm of its
//! probability is less than the first quartile of all logarithms less 1.5 times the interquartile range.
//! `action=filter` keeps anomalies alone; `annotate` keeps all rows; both give anomalies four fields:
//! `log_event_prob`, the natural logarithm; `probable_cause`, the field whose value is the least frequent, and
//! `probable_cause_freq`, how frequent that is; and `max_freq`, how frequent the most frequent value of the row is.
//! `summary` gives one row: `num_anomalies`, `thresh`, `max_logprob`, `min_logprob`, `1st_quartile` and `3rd_quartile`.
//!
//! With `method=zscore` it is the command `anomalousvalue`, with `method=iqr` the command `outlier`.
//!
//! ## Examples
//!
//! Nine of ten rows are alike: their probability is 0.81 and that of the last 0.01.
//!
//! ```spl
//! anomalydetection action=filter user, action
//! ```
//! ```json in
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "ada", "action": "read"}
//! {"user": "eve", "action": "drop"}
//! ```
//! ```json out
//! {"user": "eve", "action": "drop", "log_event_prob": -4.605170185988091, "max_freq": 0.1, "probable_cause": "user", "probable_cause_freq": 0.1}
//! ```
//!
//! With a threshold, all rows shown.
//!
//! ```spl
//! anomalydetection action=annotate pthresh=0.3 host
//! ```
//! ```json in
//! {"host": "web"}
//! {"host": "db"}
//! {"host": "web"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"host": "web"}
//! {"host": "db", "log_event_prob": -1.3862943611198906, "max_freq": 0.25, "probable_cause": "host", "probable_cause_freq": 0.25}
//! {"host": "web"}
//! {"host": "web"}
//! ```
//!
//! ```spl
//! anomalydetection method=iqr action=remove n
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "3"}
//! {"n": "4"}
//! {"n": "90"}
//! ```
//! ```json out
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "3"}
//! {"n": "4"}
//! ```
//!
//! Of four, one is `db`: a quarter, which is less than 0.3 and not more than `maxanofreq`.
//!
//! ```spl
//! anomalydetection method=zscore pthresh=0.3 minsupcount=4 maxanofreq=0.25 host
//! ```
//! ```json in
//! {"host": "web"}
//! {"host": "db"}
//! {"host": "web"}
//! {"host": "web"}
//! ```
//! ```json out
//! {"host": "db", "Anomaly_Score_Cat(host)": 0.25}
//! ```
//!
//! ```spl
//! anomalydetection cutoff=true host
//! ```
//! ```error
//! error[E0207]: `cutoff=true` is not supported: how it lowers the threshold is not documented
//! ```
//!
//! ```spl
//! anomalydetection method=iqr pthresh=0.1
//! ```
//! ```error
//! error[E0205]: `pthresh` is not an option of `method=iqr`
//! ```
//!
//! ## Differences from Splunk
//! How wide the bins of numbers are is not documented. Nor is it documented how `cutoff=true` lowers the threshold to
//! find fewer anomalies: who writes it is told so. Where `cutoff` is not written, Splunk takes it for true; here the
//! documented threshold of `cutoff=false` holds, so that what Splunk finds is found, and there may be more.

mod histogram;

use std::fmt;

use super::Command;
use super::anomalousvalue::{Action, Measure};
use super::outlier::quartiles::{Treatment, chosen, needed};
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, Word, write_names};
use crate::plan::Planner;
use crate::value::Value;
use histogram::{Findings, Score};

/// `anomalydetection`
#[derive(Clone, Debug)]
pub struct AnomalyDetection {
    method: Method,
    fields: Vec<Pattern>,
}

#[derive(Clone, Debug)]
enum Method {
    Histogram { action: Action, probability: Option<f64> },
    Score(Measure),
    Quartiles(Treatment),
}

/// Reads the arguments of `anomalydetection`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let of_methods = Measure::OPTIONS.into_iter().chain(Treatment::OPTIONS).filter(|name| *name != "action");
    let options: Vec<&'static str> = ["method", "action", "cutoff"].into_iter().chain(of_methods).collect();
    let (mut given, mut fields): (Vec<(&'static str, Word)>, Vec<Pattern>) = (Vec::new(), Vec::new());
    while !args.at_end() {
        match args.option(&options)? {
            Some(option) => given.push(option),
            None => fields.extend(args.some_fields(&[])?.iter().map(|word| word.pattern())),
        }
    }
    let at = given.iter().position(|(name, _)| *name == "method");
    let named = at.map(|at| given.remove(at).1);
    let method = match named.as_ref().map(|value| value.text.to_ascii_lowercase()).as_deref() {
        None | Some("histogram") => histogram_options(given)?,
        Some("zscore") => score_options(given)?,
        Some("iqr") => quartile_options(given)?,
        Some(_) => {
            let wrong = |value: &Word| value.wrong("method", "histogram, zscore or iqr");
            return Err(named.as_ref().map_or_else(|| args.error(""), wrong));
        }
    };
    Ok(Box::new(AnomalyDetection { method, fields }))
}

fn histogram_options(given: Vec<(&'static str, Word)>) -> Result<Method> {
    let (mut action, mut probability) = (Action::Filter, None);
    for (name, value) in given {
        match name {
            "action" => action = Action::read(&value)?,
            "pthresh" => {
                let parsed = value.text.parse().ok().filter(|number: &f64| (0.0..=1.0).contains(number));
                probability = Some(parsed.ok_or_else(|| value.wrong(name, "a probability from 0 to 1"))?);
            }
            "cutoff" if value.truth(name)? => {
                let message = "`cutoff=true` is not supported: how it lowers the threshold is not documented";
                let problem = Diagnostic::error(Code::NotSupported, message).at(value.span, "");
                return Err(
                    problem.help("write `cutoff=false` for the formula that is documented, or say `pthresh`")
                );
            }
            "cutoff" => {}
            _ => return Err(of_other_method(name, &value, "histogram")),
        }
    }
    Ok(Method::Histogram { action, probability })
}

fn quartile_options(given: Vec<(&'static str, Word)>) -> Result<Method> {
    let mut treatment = Treatment::default();
    for (name, value) in given {
        match name {
            name if Treatment::OPTIONS.contains(&name) => treatment.take(name, &value)?,
            _ => return Err(of_other_method(name, &value, "iqr")),
        }
    }
    Ok(Method::Quartiles(treatment))
}

fn score_options(given: Vec<(&'static str, Word)>) -> Result<Method> {
    let mut measure = Measure::default();
    for (name, value) in given {
        match name {
            name if Measure::OPTIONS.contains(&name) => measure.take(name, &value)?,
            _ => return Err(of_other_method(name, &value, "zscore")),
        }
    }
    Ok(Method::Score(measure))
}

fn of_other_method(name: &str, value: &Word, method: &str) -> Diagnostic {
    let message = format!("`{name}` is not an option of `method={method}`");
    Diagnostic::error(Code::Arguments, message).at(value.span, "")
}

impl fmt::Display for AnomalyDetection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anomalydetection")?;
        match &self.method {
            Method::Quartiles(treatment) => write!(f, " method=iqr{treatment}")?,
            Method::Score(measure) => write!(f, " method=zscore{measure}")?,
            Method::Histogram { action, probability } => {
                write!(f, " action={action}")?;
                probability.iter().try_for_each(|probability| write!(f, " pthresh={probability}"))?;
            }
        }
        f.write_str(" ")?;
        write_names(f, self.fields.iter().map(Pattern::as_str))
    }
}

impl Command for AnomalyDetection {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        needed(after, &self.fields)
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.dataset(self.clone());
        Ok(())
    }
}

impl Dataset for AnomalyDetection {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let all = Batch::concat(&batches);
        let (action, probability) = match &self.method {
            Method::Quartiles(treatment) => return Ok(vec![treatment.apply(all, &self.fields)]),
            Method::Score(measure) => return Ok(vec![measure.apply(all, &self.fields)]),
            Method::Histogram { action, probability } => (*action, *probability),
        };
        // Fields in the order of their names: the cause does not depend on how rows came.
        let mut fields = chosen(&all, &self.fields);
        if self.fields.is_empty() {
            fields.retain(|name| all.column(name).is_some_and(|column| !column.is_all_null()));
            fields.sort();
        }
        let Some(findings) = Findings::of(&all, &fields, probability) else {
            return Ok(vec![all.slice(0, 0)]);
        };
        Ok(vec![match action {
            Action::Summary => summary(&findings),
            Action::Annotate => annotated(all, &findings),
            Action::Filter => {
                let anomalies: Vec<bool> = (0..all.rows()).map(|row| findings.is_anomaly(row)).collect();
                annotated(all, &findings).filter(&anomalies)
            }
        }])
    }
}

fn annotated(mut all: Batch, findings: &Findings) -> Batch {
    let mut add = |name: &str, of: &dyn Fn(&Score) -> Value| {
        let cells = findings.scores.iter().enumerate();
        let cell = |(row, score)| if findings.is_anomaly(row) { of(score) } else { Value::Null };
        all.set(name.into(), Column::from_values(cells.map(cell).collect()));
    };
    add("log_event_prob", &|score| Value::number(score.log_probability));
    add("max_freq", &|score| Value::number(score.most));
    add("probable_cause", &|score| Value::Text(score.cause.clone()));
    add("probable_cause_freq", &|score| Value::number(score.least));
    all
}

fn summary(findings: &Findings) -> Batch {
    let logs = || findings.scores.iter().map(|score| score.log_probability);
    let anomalies = (0..findings.scores.len()).filter(|row| findings.is_anomaly(*row)).count();
    let cells: [(&str, f64); 6] = [
        ("num_anomalies", anomalies as f64),
        ("thresh", findings.threshold),
        ("max_logprob", logs().fold(f64::NEG_INFINITY, f64::max)),
        ("min_logprob", logs().fold(f64::INFINITY, f64::min)),
        ("1st_quartile", findings.quartiles.0),
        ("3rd_quartile", findings.quartiles.1),
    ];
    let names: Vec<_> = cells.iter().map(|(name, _)| (*name).into()).collect();
    let mut batch =
        Batch::from_rows(&names, [cells.iter().map(|(_, number)| Value::number(*number)).collect()]);
    batch.ordered = true;
    batch
}
