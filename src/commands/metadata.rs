//! The hosts, sources or source types that events come from, with their first and last times.
//!
//! ## Syntax
//! `metadata type=hosts|sources|sourcetypes [index=<name>]... [datatype=all|metric|event] [splunk_server=<name>]
//! [splunk_server_group=<name>]...`
//!
//! ## Description
//! A row for each of them, by name: `firstTime` and `lastTime` are the times of its first and last event, `recentTime`
//! is that of the event that came last, which is the last one read, and `totalCount` how many events there are;
//! `type` says which kind it is. `index` may be given several times and with `*`; without it all indexes
//! count, and events of which `--index` says nothing are in any.
//! Metrics are events with `metric_name` or `metric_name:<metric>`: `datatype` says whether they count, and without
//! it they do not. The events of one machine are all there are, so that the servers say nothing here.
//!
//! ## Examples
//!
//! The events of the examples are those of `tests/fixtures/events.ndjson`.
//!
//! ```spl
//! | metadata type=sourcetypes index=*
//! ```
//! ```json out
//! {"firstTime": 1773561600, "lastTime": 1773655200, "recentTime": 1773655200, "sourcetype": "aws:cloudtrail", "totalCount": 5, "type": "sourcetypes"}
//! ```
//!
//! ```spl
//! | metadata type=hosts datatype=metric
//! ```
//! ```json out
//! ```
//!
//! ```spl
//! | metadata type=users
//! ```
//! ```error
//! error[E0204]: `type` needs hosts, sources or sourcetypes and got `users`
//! ```

use std::fmt;

use super::{Command, Position};
use crate::batch::{Batch, BatchBuilder, Column, FieldMap, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::exec::{Dataset, RunContext};
use crate::parse::args::{Args, Word};
use crate::parse::search::write_value;
use crate::plan::{Condition, EventScan, Planner, TimeRange};
use crate::value::{Text, Value};

/// `metadata`
#[derive(Clone, Debug)]
pub struct Metadata {
    kind: Kind,
    indexes: Vec<Text>,
    data: Data,
    /// Of no consequence here, kept for printing.
    others: Vec<(&'static str, Text)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Hosts,
    Sources,
    SourceTypes,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Hosts => "hosts",
            Kind::Sources => "sources",
            Kind::SourceTypes => "sourcetypes",
        }
    }

    fn field(self) -> &'static str {
        match self {
            Kind::Hosts => "host",
            Kind::Sources => "source",
            Kind::SourceTypes => "sourcetype",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Data {
    All,
    Metric,
    Event,
}

/// Reads the arguments of `metadata`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut kind, mut indexes, mut data, mut others) = (None, Vec::new(), Data::Event, Vec::new());
    loop {
        args.cursor.separators();
        if args.at_end() {
            break;
        }
        // `index` and the server groups may be given several times, which options may not.
        let name = args.word("an option")?;
        if !args.cursor.eat('=') {
            return Err(args.cursor.expected("`=` and a value"));
        }
        let value = args.word("a value")?;
        match name.text.to_ascii_lowercase().as_str() {
            "type" => kind = Some(kind_of(&value)?),
            "index" => indexes.push(value.text),
            "datatype" => {
                data = match value.text.to_ascii_lowercase().as_str() {
                    "all" => Data::All,
                    "metric" => Data::Metric,
                    "event" => Data::Event,
                    _ => return Err(value.wrong("datatype", "all, metric or event")),
                };
            }
            "splunk_server" => others.push(("splunk_server", value.text)),
            "splunk_server_group" => others.push(("splunk_server_group", value.text)),
            _ => return Err(args.error(format!("`metadata` has no option `{}`", name.text))),
        }
    }
    let Some(kind) = kind else { return Err(args.error("`metadata` needs `type=`")) };
    Ok(Box::new(Metadata { kind, indexes, data, others }))
}

fn kind_of(value: &Word) -> Result<Kind> {
    match value.text.to_ascii_lowercase().as_str() {
        "hosts" => Ok(Kind::Hosts),
        "sources" => Ok(Kind::Sources),
        "sourcetypes" => Ok(Kind::SourceTypes),
        _ => Err(value.wrong("type", "hosts, sources or sourcetypes")),
    }
}

impl fmt::Display for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "metadata type={}", self.kind.name())?;
        for index in &self.indexes {
            f.write_str(" index=")?;
            write_value(f, index)?;
        }
        match self.data {
            Data::All => f.write_str(" datatype=all")?,
            Data::Metric => f.write_str(" datatype=metric")?,
            Data::Event => {}
        }
        for (name, value) in &self.others {
            write!(f, " {name}=")?;
            write_value(f, value)?;
        }
        Ok(())
    }
}

impl Command for Metadata {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let names =
            ["_time", "index", self.kind.field(), "metric_name", "metric_name:*", "fields.metric_name:*"];
        let scan = EventScan::new(FieldSet::of(names), TimeRange::default(), &Condition::True, planner)?;
        planner.scan(scan);
        // Events of which nobody said the index are in any.
        let any = planner.settings.events.as_ref().is_some_and(|events| events.index.is_none());
        let indexes = self.indexes.iter().filter(|_| !any).map(|index| Pattern::new(index.clone())).collect();
        planner.dataset(Summary { kind: self.kind, data: self.data, indexes });
        Ok(())
    }
}

struct Summary {
    kind: Kind,
    data: Data,
    indexes: Vec<Pattern>,
}

/// What is known of one host, source or source type.
#[derive(Default)]
struct Known {
    first: Option<f64>,
    last: Option<f64>,
    recent: Option<f64>,
    count: u64,
}

impl Summary {
    fn counts(&self, batch: &Batch, row: usize) -> bool {
        let index = batch.get("index", row);
        let index = index.to_text();
        if !self.indexes.is_empty() && !self.indexes.iter().any(|name| name.matches_ignoring_case(&index)) {
            return false;
        }
        let named = |name: &str| name.starts_with("metric_name") || name.starts_with("fields.metric_name");
        let metric = |(name, column): (&Text, &Column)| named(name) && !column.get(row).is_null();
        match self.data {
            Data::All => true,
            Data::Metric => batch.columns().any(metric),
            Data::Event => !batch.columns().any(metric),
        }
    }
}

impl Dataset for Summary {
    fn apply(&self, batches: Vec<Batch>, _: &RunContext) -> Result<Vec<Batch>> {
        let mut known: FieldMap<Known> = FieldMap::default();
        for batch in &batches {
            for row in (0..batch.rows()).filter(|&row| self.counts(batch, row)) {
                let name = batch.get(self.kind.field(), row).to_text().as_ref().into();
                let known = known.entry(name).or_default();
                known.count += 1;
                if let Some(time) = batch.get("_time", row).as_number() {
                    known.first = Some(known.first.map_or(time, |first| first.min(time)));
                    known.last = Some(known.last.map_or(time, |last| last.max(time)));
                    known.recent = Some(time);
                }
            }
        }
        known.sort_keys();
        let mut out = BatchBuilder::new();
        for (name, known) in &known {
            let time = |time: Option<f64>| time.map_or(Value::Null, |time| Value::number(time.floor()));
            out.set("firstTime", time(known.first));
            out.set("lastTime", time(known.last));
            out.set("recentTime", time(known.recent));
            out.set(self.kind.field(), Value::Text(name.clone()));
            out.set("totalCount", Value::number(known.count as f64));
            out.set("type", Value::text(self.kind.name()));
            out.end_row();
        }
        Ok(vec![out.finish()])
    }
}
