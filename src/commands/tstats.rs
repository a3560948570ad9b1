//! Statistics over a data model, or over the fields that events have without extraction.
//!
//! ## Syntax
//! `tstats [<option>=<value>...] <aggregation>... [FROM datamodel=<model>[.<dataset>]] [WHERE <filter>]
//! [BY <field>... [span=<span>]]`
//!
//! ## Description
//! With FROM the fields are those of the data model, under the names of the datasets that declare them:
//! `All_Changes.user`, `All_Changes.Instance_Changes.image_id`. An event that is in a dataset but not in its
//! child has none of the child's fields, so grouping by one of them leaves the event out. A field that the
//! data model does not have is in no event, which a warning says. Without FROM the fields are `host`, `source`,
//! `sourcetype`, `index` and `_time`. `WHERE` speaks the language of `search`, except that `field!=value` holds of events
//! without the field too.
//! `fillnull_value` stands in for BY fields that an event lacks. `_time` with a span groups by bins of time.
//!
//! Without FROM, `PREFIX(<text>)` in BY or in a function stands for what follows that text in the terms of an
//! event, in lower case as the index has them: `BY PREFIX(level=)` gives a field `level=`.
//!
//! With `prestats=true` the rows are such as a `stats`, `chart` or `timechart` of the same functions takes; with
//! `append=true` they come after those that are there, so that one such command summarises several `tstats`.
//!
//! `summariesonly`, `allow_old_summaries`, `include_reduced_buckets`, `chunk_size` and `local` are about
//! stored summaries and search heads, of which there are none: all events are read.
//!
//! ## Examples
//!
//! The events of the examples are those of `tests/fixtures/events.ndjson`.
//!
//! ```spl
//! | tstats count from datamodel=Change where All_Changes.action=created by All_Changes.user
//! ```
//! ```json out
//! {"All_Changes.user": "ada", "count": 2}
//! {"All_Changes.user": "unknown", "count": 1}
//! ```
//!
//! Only launches are in the dataset that has an image.
//!
//! ```spl
//! | tstats count values(All_Changes.object_id) as ids from datamodel=Change by All_Changes.Instance_Changes.image_id
//! ```
//! ```json out
//! {"All_Changes.Instance_Changes.image_id": "ami-0aaa", "count": 1, "ids": ["i-01", "i-02"]}
//! {"All_Changes.Instance_Changes.image_id": "ami-0bbb", "count": 1, "ids": "unknown"}
//! {"All_Changes.Instance_Changes.image_id": "unknown", "count": 1, "ids": "i-01"}
//! ```
//!
//! Nobody has given these hosts a category, so none is a printer.
//!
//! ```spl
//! | tstats count from datamodel=Change where All_Changes.dest_category!=printer All_Changes.user!=ada
//! ```
//! ```json out
//! {"count": 2}
//! ```
//!
//! ```spl
//! | tstats count where index=* by sourcetype, _time span=1d
//! ```
//! ```json out
//! {"sourcetype": "aws:cloudtrail", "_time": 1773532800, "count": 2}
//! {"sourcetype": "aws:cloudtrail", "_time": 1773619200, "count": 3}
//! ```
//!
//! One count of two.
//!
//! ```spl
//! | tstats prestats=t count from datamodel=Change where All_Changes.action=created by All_Changes.user
//! | tstats prestats=t append=t count from datamodel=Change where All_Changes.user=ada by All_Changes.user
//! | stats count by All_Changes.user
//! ```
//! ```json out
//! {"All_Changes.user": "ada", "count": 4}
//! {"All_Changes.user": "unknown", "count": 1}
//! ```
//!
//! ```spl
//! | tstats count where index=* by PREFIX(ami-)
//! ```
//! ```json out
//! {"ami-": "0aaa", "count": 1}
//! {"ami-": "0bbb", "count": 1}
//! ```
//!
//! ```spl
//! | tstats count from datamodel=Chnage by All_Changes.user
//! ```
//! ```error
//! error[E0405]: no app defines the data model `Chnage`
//! ```

mod from;

use std::fmt;

use super::search::SearchFilter;
use super::support::{Prefix, Prefixes, Summary, append_rows_of, write_options};
use super::{Command, Position};
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::Filter;
use crate::knowledge::{DataModel, Object};
use crate::parse::aggregation::{Aggregation, Argument, write_list};
use crate::parse::args::{Args, Word, write_name};
use crate::parse::search::{CompareOp, Comparison, SearchExpr};
use crate::parse::{Parsed, Search};
use crate::plan::{
    Condition, DatasetRequest, EventScan, Naming, Planner, TimeRange, Timed, ValueTest, is_default,
    named_index,
};
use crate::time;
use crate::value::Text;
use from::From;

/// `tstats`
#[derive(Clone, Debug)]
pub struct Tstats {
    aggregations: Vec<Aggregation>,
    from: Option<From>,
    filter: SearchExpr,
    by: Vec<(Text, Span)>,
    /// As written, and read.
    span: Option<(Text, time::Span, Span)>,
    fillnull_value: Option<Text>,
    /// Whether the next command makes the statistics.
    prestats: bool,
    /// Whether the rows come after those that are there.
    append: bool,
    /// Options without effect here, kept for printing.
    other_options: Vec<(&'static str, Text)>,
}

const OPTIONS: &[&str] = &[
    "prestats",
    "local",
    "append",
    "summariesonly",
    "allow_old_summaries",
    "include_reduced_buckets",
    "chunk_size",
    "fillnull_value",
    "span",
];

/// Reads the arguments of `tstats`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut tstats = Tstats {
        aggregations: Vec::new(),
        from: None,
        filter: SearchExpr::everything(),
        by: Vec::new(),
        span: None,
        fillnull_value: None,
        prestats: false,
        append: false,
        other_options: Vec::new(),
    };
    let mut by_open = false;
    while !args.at_end() {
        if args.keyword("from") {
            tstats.from = Some(From::read(args)?);
        } else if args.keyword("where") {
            tstats.filter =
                args.search_until(|cursor| cursor.sees_keyword("by") || cursor.sees_keyword("groupby"))?;
        } else if args.keyword("by") || args.keyword("groupby") {
            by_fields(args, &mut tstats.by)?;
            by_open = true;
        } else if let Some((name, value)) = args.option(OPTIONS)? {
            tstats.option(name, value)?;
        } else if by_open {
            // `BY _time span=1h, user`: the span belongs to `_time`, and the list goes on.
            by_fields(args, &mut tstats.by)?;
        } else {
            let more = args.aggregations(&["from", "where", "by", "groupby"])?;
            if more.is_empty() && !args.at_end() && !args.sees(&["from", "where", "by", "groupby"]) {
                return Err(args.cursor.expected("an aggregation"));
            }
            tstats.aggregations.extend(more);
        }
    }
    if tstats.aggregations.is_empty() {
        return Err(args.error("`tstats` needs at least one aggregation"));
    }
    tstats.check()?;
    Ok(Box::new(tstats))
}

/// The fields after BY, and `PREFIX(...)` among them.
fn by_fields(args: &mut Args<'_>, by: &mut Vec<(Text, Span)>) -> Result<()> {
    let before = by.len();
    loop {
        args.cursor.separators();
        let rest = args.cursor.rest();
        let start = args.cursor.position();
        let is_prefix = rest.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("prefix("));
        if let (true, Some(end)) = (is_prefix, rest.find(')')) {
            args.cursor.jump(start + end + 1);
            by.push((rest.get(..=end).unwrap_or(rest).into(), args.cursor.span_from(start)));
        } else if args.at_end() || args.sees(&["where", "from"]) || args.sees_option() {
            break;
        } else {
            let word = args.word("a field")?;
            by.push((word.text, word.span));
        }
    }
    if by.len() == before {
        return Err(args.error("`tstats` needs at least one field"));
    }
    Ok(())
}

impl Tstats {
    fn option(&mut self, name: &'static str, value: Word) -> Result<()> {
        match name {
            "fillnull_value" => self.fillnull_value = Some(value.text),
            "span" => {
                let span = value
                    .text
                    .parse::<time::Span>()
                    .map_err(|error| Diagnostic::error(Code::Time, error.to_string()).at(value.span, ""))?;
                self.span = Some((value.text, span, value.span));
            }
            "prestats" => self.prestats = value.truth(name)?,
            "append" => self.append = value.truth(name)?,
            "chunk_size" => {
                value.count(name)?;
                self.other_options.push((name, value.text));
            }
            _ => {
                value.truth(name)?;
                self.other_options.push((name, value.text));
            }
        }
        Ok(())
    }

    /// What `stats` allows and `tstats` does not.
    fn check(&self) -> Result<()> {
        if let (true, false, Some(first)) = (self.append, self.prestats, self.aggregations.first()) {
            let message = "`append=true` needs `prestats=true`";
            return Err(Diagnostic::error(Code::Arguments, message).at(first.span, ""));
        }
        for aggregation in &self.aggregations {
            if aggregation.sparkline.is_some() {
                let message = "`tstats` does not take `sparkline`";
                return Err(Diagnostic::error(Code::Arguments, message)
                    .at(aggregation.span, "")
                    .help("`tstats count ... BY _time span=1h | stats sparkline(sum(count), 1h)` draws it"));
            }
            let message = match &aggregation.argument {
                Argument::Eval(_) => "`tstats` does not take `eval(...)` in a function",
                Argument::Field(name) if name.contains('*') => {
                    "`tstats` does not take wildcards in a function"
                }
                _ => continue,
            };
            return Err(Diagnostic::error(Code::Arguments, message).at(aggregation.span, ""));
        }
        if let (Some(prefix), Some(from)) = (self.prefixes().first(), &self.from) {
            let message =
                format!("`PREFIX({})` looks into the text of events, not of a data model", prefix.text);
            return Err(Diagnostic::error(Code::Arguments, message).at(from.span, ""));
        }
        if let (Some((_, _, place)), false) = (&self.span, self.by.iter().any(|(name, _)| name == "_time")) {
            let message = "`span` needs `_time` among the BY fields";
            return Err(Diagnostic::error(Code::Arguments, message).at(*place, ""));
        }
        Ok(())
    }

    /// The fields it names, with their places.
    fn names(&self) -> Vec<(Text, Option<Span>)> {
        let mut names: Vec<(Text, Option<Span>)> = Vec::new();
        for aggregation in &self.aggregations {
            names.extend(aggregation.fields().into_iter().map(|name| (name, Some(aggregation.span))));
        }
        names.extend(self.by.iter().map(|(name, span)| (name.clone(), Some(*span))));
        self.filter.walk(&mut |part| match part {
            SearchExpr::Compare(comparison) => names.push((comparison.field.clone(), Some(comparison.span))),
            SearchExpr::In(membership) => names.push((membership.field.clone(), Some(membership.span))),
            _ => {}
        });
        names.push(("_time".into(), None));
        if self.filter.fields().iter().any(|name| name == "_indextime") {
            names.push(("_indextime".into(), None));
        }
        names
    }

    /// The fields of groups; that of `PREFIX(kbps=)` is `kbps=`.
    fn by_names(&self) -> Vec<Text> {
        self.by.iter().map(|(name, _)| Prefix::of(name).unwrap_or_else(|| name.clone())).collect()
    }

    /// The prefixes that are grouped by, and those that functions are called with.
    fn prefixes(&self) -> Vec<Prefix> {
        let by = self.by.iter().filter_map(|(name, _)| Prefix::of(name));
        let by = by.map(|text| Prefix { field: text.clone(), text });
        let arguments = self.aggregations.iter().flat_map(Aggregation::fields);
        let arguments = arguments.filter_map(|field| Some(Prefix { text: Prefix::of(&field)?, field }));
        by.chain(arguments).collect()
    }

    /// This command as one that rows come from.
    fn alone(&self, span: Span) -> Search {
        let command = Box::new(Tstats { append: false, ..self.clone() });
        Search { commands: vec![Parsed { name: "tstats", span, command, insertions: None }], span }
    }

    /// The dataset that FROM means: the one it names, the only root, or the root that the fields name.
    fn dataset<'m>(&self, from: &From, model: &'m DataModel) -> Result<&'m Object> {
        if let Some(dataset) = &from.dataset {
            return model.object(dataset).map_err(|problem| problem.at(from.span, ""));
        }
        let named = |root: &&Object| {
            self.names().iter().any(|(name, _)| {
                name.strip_prefix(root.name.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let found = model.roots().find(named).or_else(|| model.roots().next());
        found.ok_or_else(|| {
            let message = format!("the data model `{}` has no dataset", model.name);
            Diagnostic::error(Code::UnknownDataset, message).at(from.span, "")
        })
    }

    /// What must hold of a row for it to count: the filter, and the fields that groups are made of.
    fn condition(&self, filter: &SearchExpr) -> Condition {
        let exists = |(name, _): &(Text, Span)| match Prefix::of(name) {
            Some(_) => Condition::True,
            None => Condition::Field(name.clone(), ValueTest::exists()),
        };
        let by = self.by.iter().filter(|_| self.fillnull_value.is_none()).map(exists);
        Condition::all([Condition::of_search(filter)].into_iter().chain(by))
    }

    /// The events of a data model, under its names.
    fn scan_model(&self, from: &From, timed: &Timed, planner: &mut Planner<'_>) -> Result<()> {
        let range = timed.range;
        let model = planner.knowledge.data_model(&from.model, planner.sources);
        let model = model.map_err(|problem| problem.at(from.span, ""))?;
        let carried = planner.carries(&from.model, from.span)?;
        let object = self.dataset(from, &model)?;
        let mut wanted = FieldSet::none();
        for (name, span) in self.names() {
            // Splunk takes such a field for one that no event has, and published searches name some.
            if name != "nodename"
                && let Err(problem) = model.resolve_field(&name)
            {
                planner.warnings().add(span.into_iter().fold(problem, |problem, span| problem.at(span, "")));
                continue;
            }
            wanted.add(name);
        }
        let request = DatasetRequest {
            model: &model,
            object,
            wanted,
            naming: Naming::Lineage,
            beside: None,
            carried,
            range,
        };
        planner.dataset_rows(&request, &self.condition(&timed.filter))
    }

    /// Events with the fields that they have without extraction.
    fn scan_events(&self, timed: &Timed, planner: &mut Planner<'_>) -> Result<()> {
        let mut wanted = FieldSet::none();
        for (name, span) in self.names() {
            if Prefix::of(&name).is_some() {
                wanted.add("_raw");
                continue;
            }
            if !is_default(&name) && !["_time", "_indextime"].contains(&name.as_str()) {
                let message = format!("`{name}` is not a field that events have without extraction");
                let warning = Diagnostic::warning(Code::NotIndexed, message);
                let warning =
                    span.into_iter().fold(warning, |warning, span| warning.at(span, "no event has it here"));
                planner.warnings().add(warning);
                continue;
            }
            wanted.add(name);
        }
        let scan = EventScan::new(wanted, timed.range, &self.condition(&timed.filter), planner)?;
        planner.scan(scan.in_index(named_index(&self.filter)));
        Ok(())
    }
}

impl fmt::Display for Tstats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tstats ")?;
        let flags = (self.prestats, self.append);
        write_options(f, flags, &self.other_options, self.fillnull_value.as_ref())?;
        write_list(f, &self.aggregations, &[])?;
        if let Some(from) = &self.from {
            write!(f, " from datamodel={}", from.model)?;
            if let Some(dataset) = &from.dataset {
                write!(f, ".{dataset}")?;
            }
        }
        if self.filter != SearchExpr::everything() {
            write!(f, " where {}", self.filter)?;
        }
        if !self.by.is_empty() {
            f.write_str(" by ")?;
            for (at, (name, _)) in self.by.iter().enumerate() {
                f.write_str(if at > 0 { ", " } else { "" })?;
                match Prefix::of(name) {
                    Some(_) => f.write_str(name)?,
                    None => write_name(f, name)?,
                }
            }
        }
        if let Some((written, ..)) = &self.span {
            write!(f, " span={written}")?;
        }
        Ok(())
    }
}

impl Command for Tstats {
    fn position(&self) -> Position {
        if self.append { Position::Either } else { Position::First }
    }

    fn needs(&self, after: &FieldSet) -> FieldSet {
        if self.append { after.clone() } else { FieldSet::none() }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        if self.append && !planner.is_first() {
            let place = self.aggregations.first().map(|aggregation| aggregation.span);
            let Some(span) = place else { return Ok(()) };
            return append_rows_of(&self.alone(span), planner);
        }
        let mut timed = Timed::new(&without_existence(&self.filter), planner.settings)?;
        timed.filter = planner.in_index(&timed.filter);
        match &self.from {
            Some(from) => self.scan_model(from, &timed, planner)?,
            None => self.scan_events(&timed, planner)?,
        }
        planner.streaming(SearchFilter { filter: Filter::new(&timed.filter), range: TimeRange::default() });
        if !self.prefixes().is_empty() {
            planner.streaming(Prefixes(self.prefixes()));
        }
        let summary = Summary {
            aggregations: &self.aggregations,
            groups: self.by_names(),
            span: self.span.as_ref().map(|(_, span, _)| *span),
            fill: self.fillnull_value.as_ref().map(|value| (value, self.by_names())),
            prestats: self.prestats,
        };
        summary.plan(planner)
    }
}

/// `a!=x` as `NOT a=x`: the index that Splunk asks knows only which values there are.
fn without_existence(filter: &SearchExpr) -> SearchExpr {
    let all = |parts: &[SearchExpr]| parts.iter().map(without_existence).collect();
    match filter {
        SearchExpr::And(parts) => SearchExpr::And(all(parts)),
        SearchExpr::Or(parts) => SearchExpr::Or(all(parts)),
        SearchExpr::Not(part) => SearchExpr::Not(Box::new(without_existence(part))),
        SearchExpr::Compare(comparison) if comparison.op == CompareOp::NotEqual => {
            let equal = Comparison { op: CompareOp::Equal, ..comparison.clone() };
            SearchExpr::Not(Box::new(SearchExpr::Compare(equal)))
        }
        other => other.clone(),
    }
}
