//! Statistics over metrics.
//!
//! ## Syntax
//! `mstats [chart=<bool> [chart.limit=<n>|top<n>|bottom<n>] [chart.usenull=<bool>] [chart.useother=<bool>]
//! [chart.nullstr=<text>] [chart.otherstr=<text>]] [prestats=<bool>] [append=<bool>] [fillnull_value=<text>]
//! <function>(<metric>) [AS <name>]... [WHERE <filter>] [BY <dimension>...] [span=<span> [every=<span>]]`
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
//! unless `fillnull_value` stands in for it. With `span` the groups are bins of time too, and `_time` comes first; with
//! `every`, which must be longer, only the first bin of each such time: `span=1m every=1h` is a sample of an hour.
//!
//! With `chart=true` the rows are those of `timechart` by the one dimension of BY, if there is a `span`; else those of
//! `chart` over the first of one or two dimensions by the second. The options that begin with `chart.` are theirs.
//!
//! With `prestats=true` the rows are such as a `stats`, `chart` or `timechart` of the same functions takes, and with
//! `append=true` they come after those that are there. `backfill` and `update_period` are about searches that never
//! end, and say nothing here. `rate_avg` and `rate_sum` are not supported.
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
//! | mstats chart=true avg(cpu.user) BY host, cpu span=1m
//! ```
//! ```error
//! error[E0205]: `mstats chart=true` with `span` takes one field after BY
//! ```
//!
//! ```spl
//! | mstats avg(cpu.user) WHERE index=* span=1h every=1m
//! ```
//! ```error
//! error[E0205]: `every` needs a `span` that is shorter
//! ```

mod charted;

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
use charted::{Chart, Charted, Samples};

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
    every: Option<(Text, time::Span)>,
    fillnull_value: Option<Text>,
    /// `chart=true`: the command that makes the rows.
    charted: Option<Charted>,
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
        every: None,
        fillnull_value: None,
        charted: None,
        prestats: false,
        append: false,
        others: Vec::new(),
        place: args.command_span(),
    };
    let (mut by_open, mut chart) = (false, Chart::default());
    while !args.at_end() {
        if chart.takes_option(args)? {
            continue;
        }
        if args.keyword("where") {
            mstats.filter = args.search_until(|cursor| {
                let by = cursor.sees_keyword("by") || cursor.sees_keyword("groupby");
                by || sees_option(cursor, "span") || sees_option(cursor, "every")
            })?;
        } else if args.keyword("by") || args.keyword("groupby") {
            mstats.by.extend(args.some_fields(&["where"])?.into_iter().map(|word| word.text));
            by_open = true;
        } else if let Some((name, value)) = args.option(OPTIONS)? {
            match name {
                "chart" => chart.wanted = value.truth(name)?,
                _ => mstats.option(name, value)?,
            }
        } else if by_open {
            mstats.by.extend(args.some_fields(&["where"])?.into_iter().map(|word| word.text));
        } else {
            // One aggregation may have two names here, which `stats` does not allow.
            args.cursor.separators();
            mstats.aggregations.push(args.aggregation()?);
        }
    }
    mstats.check()?;
    mstats.charted = chart.finish(&mstats, args)?;
    Ok(Box::new(mstats))
}

/// `span=10s` and `every=1m` may stand after the filter.
fn sees_option(cursor: &mut crate::parse::cursor::Cursor<'_>, option: &str) -> bool {
    let rest = cursor.rest().trim_start();
    let length = option.len();
    let named = rest.get(..length).is_some_and(|name| name.eq_ignore_ascii_case(option));
    let after = rest.get(length..).filter(|_| named);
    after.is_some_and(|after| after.trim_start().starts_with('='))
}

impl Mstats {
    fn option(&mut self, name: &'static str, value: Word) -> Result<()> {
        match name {
            "prestats" => self.prestats = value.truth(name)?,
            "append" => self.append = value.truth(name)?,
            "fillnull_value" => self.fillnull_value = Some(value.text),
            "span" | "every" => {
                let span = value
                    .text
                    .parse::<time::Span>()
                    .map_err(|error| Diagnostic::error(Code::Time, error.to_string()).at(value.span, ""))?;
                let place = if name == "span" { &mut self.span } else { &mut self.every };
                *place = Some((value.text, span));
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
        let shorter = |every: &time::Span| {
            let span = self.span.as_ref().map(|(_, span)| span.nominal_seconds());
            span.is_some_and(|span| span < every.nominal_seconds())
        };
        if self.every.as_ref().is_some_and(|(_, every)| !shorter(every)) {
            return wrong("`every` needs a `span` that is shorter");
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
        self.charted.iter().try_for_each(|charted| write!(f, "{charted}"))?;
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
        for (option, span) in [("span", &self.span), ("every", &self.every)] {
            span.iter().try_for_each(|(written, _)| write!(f, " {option}={written}"))?;
        }
        Ok(())
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
        if let (Some((_, span)), Some((_, every))) = (self.span.as_ref(), self.every.as_ref()) {
            planner.streaming(Samples { span: *span, every: *every });
        }
        let summary = Summary {
            aggregations: &self.aggregations,
            groups: self.groups(),
            span: self.span.as_ref().map(|(_, span)| *span),
            fill: self.fillnull_value.as_ref().map(|value| (value, self.by.clone())),
            prestats: self.prestats || self.charted.is_some(),
        };
        summary.plan(planner)?;
        self.charted.as_ref().map_or(Ok(()), |charted| charted.plan(planner))
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
