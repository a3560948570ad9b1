//! Says how long ago a time was.
//!
//! ## Syntax
//! `reltime [timefield=<field> | timefield="<field>, <field>..."] [prefix=<text>]`
//!
//! ## Description
//! The time between that in the field, `_time` unless said otherwise, and the start of the search, in the largest unit of which there
//! is one: years of 365 days, months of 30 days, days, hours, minutes, seconds. The field that is added is `reltime`; with a
//! `prefix` the prefix and the name of the time's field; for several fields without a prefix `reltime_` and the
//! name. Where the field holds no time nothing is added.
//!
//! ## Examples
//!
//! ```spl
//! reltime
//! ```
//! ```json in
//! {"_time": "1773662399"}
//! {"_time": "1773489601"}
//! {"_time": "1740000000"}
//! {"_time": "1773662400"}
//! {"_time": "1773669600"}
//! {"_time": "soon"}
//! ```
//! ```json out
//! {"_time": "1773662399", "reltime": "1 second ago"}
//! {"_time": "1773489601", "reltime": "1 day ago"}
//! {"_time": "1740000000", "reltime": "1 year ago"}
//! {"_time": "1773662400", "reltime": "now"}
//! {"_time": "1773669600", "reltime": "2 hours from now"}
//! {"_time": "soon"}
//! ```
//!
//! ```spl
//! reltime timefield="first, last" | reltime timefield=first prefix=since_
//! ```
//! ```json in
//! {"first": "1773655200", "last": "1768478400"}
//! ```
//! ```json out
//! {"first": "1773655200", "last": "1768478400", "reltime_first": "2 hours ago", "reltime_last": "2 months ago", "since_first": "2 hours ago"}
//! ```
//!
//! ```spl
//! reltime field=first
//! ```
//! ```error
//! error[E0202]: `reltime` has no option `field`
//! ```
//!
//! ## Differences from Splunk
//! Which units there are, and how times to come are said, is not documented.

use std::fmt;

use super::Command;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Combinations, RunContext, Streaming};
use crate::parse::args::Args;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Text, Value};

/// `reltime`
#[derive(Clone, Debug)]
pub struct RelTime {
    fields: Vec<Text>,
    prefix: Option<Text>,
}

const UNITS: [(&str, f64); 6] = [
    ("year", 365.0 * 86_400.0),
    ("month", 30.0 * 86_400.0),
    ("day", 86_400.0),
    ("hour", 3_600.0),
    ("minute", 60.0),
    ("second", 1.0),
];

/// Reads the arguments of `reltime`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut fields, mut prefix) = (vec![Text::from("_time")], None);
    loop {
        match args.option(&["timefield", "prefix"])? {
            Some(("timefield", value)) => {
                let names = value.text.split([',', ' ']).map(str::trim);
                fields = names.filter(|name| !name.is_empty()).map(Text::from).collect();
                if fields.is_empty() {
                    return Err(value.wrong("timefield", "a field"));
                }
            }
            Some((_, value)) => prefix = Some(value.text),
            None => return Ok(Box::new(RelTime { fields, prefix })),
        }
    }
}

impl fmt::Display for RelTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reltime timefield=")?;
        write_value(f, &self.fields.join(", "))?;
        if let Some(prefix) = &self.prefix {
            f.write_str(" prefix=")?;
            write_value(f, prefix)?;
        }
        Ok(())
    }
}

impl RelTime {
    fn target(&self, field: &str) -> Text {
        match &self.prefix {
            Some(prefix) => format!("{prefix}{field}").into(),
            None if self.fields.len() > 1 => format!("reltime_{field}").into(),
            None => "reltime".into(),
        }
    }
}

impl Command for RelTime {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let read = self.fields.iter().filter(|field| after.contains(&self.target(field)));
        after.clone().with(&FieldSet::of(read.cloned()))
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        planner.streaming(self.clone());
        Ok(())
    }
}

impl Streaming for RelTime {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        for field in &self.fields {
            let times = Combinations::of(&batch, [field]);
            let said = |values: &[Value]| Some(ago(context.eval.now - values.first()?.as_number()?));
            let outcomes = times.iter().map(said).collect();
            times.set(&mut batch, &self.target(field), outcomes, true);
        }
        Ok(batch)
    }
}

fn ago(seconds: f64) -> Value {
    let length = seconds.abs();
    let Some((unit, size)) = UNITS.iter().find(|(_, size)| length >= *size) else { return "now".into() };
    let count = (length / size).floor();
    let plural = if count == 1.0 { "" } else { "s" };
    let direction = if seconds > 0.0 { "ago" } else { "from now" };
    Value::text(format!("{count} {unit}{plural} {direction}"))
}
