//! Statistics over metrics.
//!
//! ## Syntax
//! `mstats [prestats=<bool>] [append=<bool>] [fillnull_value=<text>] <function>(<metric>) [AS <name>]... [WHERE <filter>]
//! [BY <dimension>... [span=<span>]]`
//!
//! ## Description
//! A metric is an event with measurements: fields `metric_name:<metric>` whose value is the measurement, or one
//! field `metric_name` with the metric's name and one `_value` with the measurement. Its other fields are its
//! dimensions. Where an event has them all in an object `fields`, as events for a HTTP event collector do, it is
//! read as if they stood outside of it. Events without a measurement do not count.
//!
//! A function takes a metric by name, or several with `*`: `avg(cpu.*) AS cpu.*`. `*` alone is every metric. With
//! `_value` in the place of a metric each measurement counts by itself, and `metric_name` is a dimension:
//! `avg(_value) WHERE metric_name="cpu.*" BY metric_name`. A metric that lacks a dimension of BY is in no group,
//! unless `fillnull_value` stands in for it. With `span` the groups are bins of time too, and `_time` comes first.
//!
//! With `prestats=true` the rows are such as a `stats`, `chart` or `timechart` of the same functions takes, and with
//! `append=true` they come after those that are there. `backfill` and `update_period` are about searches that never
//! end, and say nothing here.
//!
//! ## Examples
//!
//! There are no metrics in `tests/fixtures/events.ndjson`.
//!
//! ```spl
//! | mstats count(cpu.user) AS n WHERE index=*
//! ```
//! ```json out
//! {"n": 0}
//! ```
//!
//! ```spl
//! | mstats avg(cpu.*) AS cpu.* WHERE index=main earliest=-1d BY host span=5m
//! ```
//! ```json out
//! ```
//!
//! ```spl
//! | mstats avg(_value) max(cpu.user) WHERE index=*
//! ```
//! ```error
//! error[E0205]: `mstats` takes `_value` or the names of metrics, not both
//! ```
//!
//! ```spl
//! | mstats chart=true avg(cpu.user) BY host
//! ```
//! ```error
//! error[E0207]: `chart=true` is not supported: `mstats prestats=true ... | chart ...` does it
//! ```

use std::fmt;

use super::search::SearchFilter;
use super::support::{Summary, append_rows_of, write_options};
use super::{Command, Position};
use crate::batch::{Batch, BatchBuilder, Column, FieldMap, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::Filter;
use crate::exec::{RunContext, Streaming};
use crate::parse::aggregation::{Aggregation, Argument, write_list};
use crate::parse::args::{Args, Word, write_names};
use crate::parse::search::SearchExpr;
use crate::parse::{Parsed, Search};
use crate::plan::{Condition, EventScan, Planner, TimeRange, Timed};
use crate::time;
use crate::value::{Text, Value};

/// Before a metric's name where it is the name of a field.
const METRIC: &str = "metric_name:";

/// Before the name of a field that stands in `fields`.
const INSIDE: &str = "fields.";

/// `mstats`
#[derive(Clone, Debug)]
pub struct Mstats {
    aggregations: Vec<Aggregation>,
    filter: SearchExpr,
    by: Vec<Text>,
    span: Option<(Text, time::Span)>,
    fillnull_value: Option<Text>,
    prestats: bool,
    append: bool,
    /// Options without effect here, kept for printing.
    others: Vec<(&'static str, Text)>,
    place: Span,
}

const OPTIONS: &[&str] =
    &["prestats", "append", "backfill", "update_period", "fillnull_value", "span", "every", "chart"];

/// Reads the arguments of `mstats`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut mstats = Mstats {
        aggregations: Vec::new(),
        filter: SearchExpr::everything(),
        by: Vec::new(),
        span: None,
        fillnull_value: None,
        prestats: false,
        append: false,
        others: Vec::new(),
        place: args.command_span(),
    };
    let mut by_open = false;
    while !args.at_end() {
        if args.keyword("where") {
            mstats.filter = args.search_until(|cursor| {
                cursor.sees_keyword("by") || cursor.sees_keyword("groupby") || sees_span(cursor)
            })?;
        } else if args.keyword("by") || args.keyword("groupby") {
            mstats.by.extend(args.some_fields(&["where"])?.into_iter().map(|word| word.text));
            by_open = true;
        } else if let Some((name, value)) = args.option(OPTIONS)? {
            mstats.option(name, value)?;
        } else if by_open {
            mstats.by.extend(args.some_fields(&["where"])?.into_iter().map(|word| word.text));
        } else {
            // One aggregation may have two names here, which `stats` does not allow.
            args.cursor.separators();
            mstats.aggregations.push(args.aggregation()?);
        }
    }
    mstats.check()?;
    Ok(Box::new(mstats))
}

/// `span=10s` may stand after the filter.
fn sees_span(cursor: &mut crate::parse::cursor::Cursor<'_>) -> bool {
    let rest = cursor.rest().trim_start();
    let after = rest.get(..4).filter(|name| name.eq_ignore_ascii_case("span")).and_then(|_| rest.get(4..));
    after.is_some_and(|after| after.trim_start().starts_with('='))
}

impl Mstats {
    fn option(&mut self, name: &'static str, value: Word) -> Result<()> {
        match name {
            "prestats" => self.prestats = value.truth(name)?,
            "append" => self.append = value.truth(name)?,
            "fillnull_value" => self.fillnull_value = Some(value.text),
            "span" => {
                let span = value
                    .text
                    .parse::<time::Span>()
                    .map_err(|error| Diagnostic::error(Code::Time, error.to_string()).at(value.span, ""))?;
                self.span = Some((value.text, span));
            }
            "chart" if value.truth(name)? => {
                let message = "`chart=true` is not supported: `mstats prestats=true ... | chart ...` does it";
                return Err(Diagnostic::error(Code::NotSupported, message).at(value.span, ""));
            }
            "every" => {
                let message = "`every` is not supported: groups lie side by side, as `span` makes them";
                return Err(Diagnostic::error(Code::NotSupported, message).at(value.span, ""));
            }
            "update_period" => {
                value.count(name)?;
                self.others.push((name, value.text));
            }
            _ => {
                value.truth(name)?;
                self.others.push((name, value.text));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let wrong = |message: &str| Err(Diagnostic::error(Code::Arguments, message).at(self.place, ""));
        if self.aggregations.is_empty() {
            return wrong("`mstats` needs at least one aggregation");
        }
        if self.append && !self.prestats {
            return wrong("`append=true` needs `prestats=true`");
        }
        for aggregation in &self.aggregations {
            if aggregation.sparkline.is_some() || matches!(aggregation.argument, Argument::Eval(_)) {
                let message = "`mstats` takes neither `eval(...)` nor `sparkline`";
                return Err(Diagnostic::error(Code::Arguments, message).at(aggregation.span, ""));
            }
        }
        let metrics = self.metrics();
        match self.by_value() && metrics.iter().any(|name| name != "_value") {
            true => wrong("`mstats` takes `_value` or the names of metrics, not both"),
            false => Ok(()),
        }
    }

    /// The metrics that functions are called with.
    fn metrics(&self) -> Vec<Text> {
        self.aggregations.iter().flat_map(Aggregation::fields).collect()
    }

    /// Whether each measurement counts by itself.
    fn by_value(&self) -> bool {
        self.metrics().iter().any(|name| name == "_value")
    }

    /// The fields of groups.
    fn groups(&self) -> Vec<Text> {
        let time = self.span.iter().map(|_| Text::from("_time"));
        time.chain(self.by.iter().filter(|name| *name != "_time" || self.span.is_none()).cloned()).collect()
    }

    /// The fields of events that the search is about: each also in `fields`.
    fn reads(&self, filter: &SearchExpr) -> FieldSet {
        let metric = |name: Text| format!("{METRIC}{name}");
        let metrics: Vec<String> = match self.by_value() {
            true => vec![format!("{METRIC}*")],
            false => self.metrics().into_iter().map(metric).collect(),
        };
        let names = ["metric_name", "_value"].map(String::from).into_iter();
        let others = self.by.iter().cloned().chain(filter.fields()).map(|name| name.to_string());
        let mut reads = FieldSet::of(["_time"]);
        for name in names.chain(others).chain(metrics) {
            reads.add(format!("{INSIDE}{name}"));
            reads.add(name);
        }
        reads
    }

    /// This command as one that rows come from.
    fn alone(&self) -> Search {
        let command = Box::new(Mstats { append: false, ..self.clone() });
        let span = self.place;
        Search { commands: vec![Parsed { name: "mstats", span, command, insertions: None }], span }
    }
}

impl fmt::Display for Mstats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mstats ")?;
        let flags = (self.prestats, self.append);
        write_options(f, flags, &self.others, self.fillnull_value.as_ref())?;
        write_list(f, &self.aggregations, &[])?;
        if self.filter != SearchExpr::everything() {
            write!(f, " where {}", self.filter)?;
        }
        if !self.by.is_empty() {
            f.write_str(" by ")?;
            write_names(f, self.by.iter().map(Text::as_str))?;
        }
        match &self.span {
            Some((written, _)) => write!(f, " span={written}"),
            None => Ok(()),
        }
    }
}

impl Command for Mstats {
    fn position(&self) -> Position {
        if self.append { Position::Either } else { Position::First }
    }

    fn needs(&self, after: &FieldSet) -> FieldSet {
        if self.append { after.clone() } else { FieldSet::none() }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if self.append && !planner.is_first() {
            return append_rows_of(&self.alone(), planner);
        }
        let mut timed = Timed::new(&self.filter, planner.settings)?;
        timed.filter = planner.in_index(&timed.filter);
        // What `fields` may hold is not known before an event is read: nothing is looked for in its text.
        let scan = EventScan::new(self.reads(&timed.filter), timed.range, &Condition::True, planner)?;
        planner.scan(scan);
        let filter = SearchFilter { filter: Filter::new(&timed.filter), range: TimeRange::default() };
        planner.streaming(Unfolded);
        if self.by_value() {
            planner.streaming(Values);
            planner.streaming(filter);
        } else {
            planner.streaming(filter);
            let metrics = self.metrics().into_iter().map(Pattern::new).collect();
            planner.streaming(Measurements { by: self.by.clone(), metrics });
        }
        let summary = Summary {
            aggregations: &self.aggregations,
            groups: self.groups(),
            span: self.span.as_ref().map(|(_, span)| *span),
            fill: self.fillnull_value.as_ref().map(|value| (value, self.by.clone())),
            prestats: self.prestats,
        };
        summary.plan(planner)
    }
}

/// What stands in `fields` stands outside of it.
struct Unfolded;

impl Streaming for Unfolded {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let inside: Vec<(Text, Text)> = batch
            .names()
            .filter_map(|name| name.strip_prefix(INSIDE).map(|rest| (name.clone(), Text::from(rest))))
            .collect();
        for (name, bare) in inside {
            let Some(column) = batch.remove(&name) else { continue };
            beside(&mut batch, bare, column);
        }
        Ok(batch)
    }
}

/// Sets a field where the column has values.
fn beside(batch: &mut Batch, name: Text, column: Column) {
    let merged = match batch.column(&name) {
        Some(own) => column.select(&column.mask(|value| !value.is_null()), own),
        None => column,
    };
    batch.set(name, merged);
}

/// Each measurement goes under the name of its metric; of the other fields those of groups stay.
struct Measurements {
    by: Vec<Text>,
    /// The metrics that are asked for.
    metrics: Vec<Pattern>,
}

impl Streaming for Measurements {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        Ok(self.by_name(batch))
    }
}

impl Measurements {
    fn by_name(&self, batch: Batch) -> Batch {
        let mut measured = vec![false; batch.rows()];
        let mut out = batch.clone();
        out.retain(|name| name == "_time" || self.by.iter().any(|by| by == name));
        let asked = |name: &str| self.metrics.iter().any(|metric| metric.matches(name));
        for (name, column) in batch.columns() {
            let Some(metric) = name.strip_prefix(METRIC).filter(|metric| asked(metric)) else { continue };
            measured.iter_mut().zip(column.mask(|value| !value.is_null())).for_each(|(any, has)| *any |= has);
            beside(&mut out, metric.into(), column.clone());
        }
        // `metric_name` and `_value`: the measurement goes under its name.
        let mut single: FieldMap<Vec<Value>> = FieldMap::default();
        for (row, any) in measured.iter_mut().enumerate() {
            let (name, value) = (batch.get("metric_name", row), batch.get("_value", row));
            let name = name.to_text();
            if value.is_null() || !asked(&name) {
                continue;
            }
            let values =
                single.entry(name.as_ref().into()).or_insert_with(|| vec![Value::Null; batch.rows()]);
            if let Some(cell) = values.get_mut(row) {
                *cell = value.into_owned();
            }
            *any = true;
        }
        for (name, values) in single {
            beside(&mut out, name, Column::from_values(values));
        }
        out.filter(&measured)
    }
}

/// A row for each measurement.
struct Values;

impl Streaming for Values {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        Ok(one_to_a_row(&batch))
    }
}

fn one_to_a_row(batch: &Batch) -> Batch {
    let metrics: Vec<&Text> = batch.names().filter(|name| name.starts_with(METRIC)).collect();
    let is_other = |name: &&Text| !name.starts_with(METRIC) && *name != "metric_name" && *name != "_value";
    let others: Vec<&Text> = batch.names().filter(is_other).collect();
    let mut out = BatchBuilder::new();
    for row in 0..batch.rows() {
        let mut give = |name: Value, value: Value| {
            for other in &others {
                out.set(other, batch.get(other, row).into_owned());
            }
            out.set("metric_name", name);
            out.set("_value", value);
            out.end_row();
        };
        if !batch.get("_value", row).is_null() {
            give(batch.get("metric_name", row).into_owned(), batch.get("_value", row).into_owned());
        }
        for metric in &metrics {
            let value = batch.get(metric, row);
            if !value.is_null() {
                give(Value::text(metric.strip_prefix(METRIC).unwrap_or(metric)), value.into_owned());
            }
        }
    }
    out.finish()
}
