//! Statistics over the rows, as a whole or by group.
//!
//! ## Syntax
//! `stats <aggregation>... [BY <field>...] [allnum=<bool>] [delim=<text>] [dedup_splitvals=<bool>] [partitions=<n>]`
//!
//! An aggregation is `count`, `function(<field>)`, `function(eval(<expression>))` or, around one of these,
//! `sparkline(<aggregation>, <span>)`, with `AS <name>` for a name of its own. A field may have `*`: then every
//! field that fits gets a column.
//!
//! ## Description
//! One row for each combination of the values of the BY fields, sorted by them, numbers before text. A row
//! without one of the BY fields is left out; a row with a multivalue BY field counts in the group of each
//! value. An aggregation with nothing to compute gives no value; `count` and `dc` give 0. Without BY there is
//! one row, unless nothing at all was computed.
//!
//! With `allnum=true` a statistic of numbers alone (`sum`, `avg`, `stdev`, `perc95` and their kin, not `min` or
//! `max`) has no value for a group in which the field has a value that is no number. With `dedup_splitvals=true` a
//! row with a multivalue BY field counts once in the group of a value that it has twice. `partitions` is about how
//! the work is cut and changes nothing.
//!
//! Memory grows with the groups, not with the rows, and with what each statistic remembers of a group: `count` a number,
//! `sum` and `avg` 80 bytes, `dc` and `values` every different value. A million groups of one short key and `count`
//! take 160 MB, the table that comes out included.
//!
//! ## Examples
//!
//! ```spl
//! stats count, values(user) AS users BY host
//! ```
//! ```json in
//! {"host": "web", "user": "bob"}
//! {"host": "db", "user": "ada"}
//! {"host": "web", "user": "ada"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"host": "db", "count": 1, "users": "ada"}
//! {"host": "web", "count": 2, "users": ["ada", "bob"]}
//! ```
//!
//! Numbers before text, and by value.
//!
//! ```spl
//! stats count BY port
//! ```
//! ```json in
//! {"port": "http"}
//! {"port": "443"}
//! {"port": "80"}
//! {"port": "80"}
//! ```
//! ```json out
//! {"port": "80", "count": 2}
//! {"port": "443", "count": 1}
//! {"port": "http", "count": 1}
//! ```
//!
//! A multivalue field counts once for each value.
//!
//! ```spl
//! stats count BY tag
//! ```
//! ```json in
//! {"tag": ["change", "cloud"]}
//! {"tag": "cloud"}
//! ```
//! ```json out
//! {"tag": "change", "count": 1}
//! {"tag": "cloud", "count": 2}
//! ```
//!
//! A sum only of what is all numbers.
//!
//! ```spl
//! stats allnum=true sum(n), max(n) BY host
//! ```
//! ```json in
//! {"host": "db", "n": "1"}
//! {"host": "web", "n": "3"}
//! {"host": "web", "n": "many"}
//! {"host": "db", "n": "4"}
//! ```
//! ```json out
//! {"host": "db", "sum(n)": 5, "max(n)": 4}
//! {"host": "web", "max(n)": 3}
//! ```
//!
//! `delim` is what `nomv` writes between the values of `list` and `values`.
//!
//! ```spl
//! stats delim="; " values(user) AS users, list(n) AS n | nomv users
//! ```
//! ```json in
//! {"user": "bob", "n": "1"}
//! {"user": "ada", "n": "2"}
//! {"user": "bob", "n": "3"}
//! ```
//! ```json out
//! {"users": "ada; bob", "n": ["1", "2", "3"]}
//! ```
//!
//! ```spl
//! stats first(host) AS site, first(host) AS report
//! ```
//! ```error
//! error[E0205]: `first(host)` has two names
//! ```
//!
//! ```spl
//! stats count BY count
//! ```
//! ```error
//! error[E0205]: a result cannot have the name of the BY field `count`
//! ```
//!
//! ```spl
//! stats cuont BY host
//! ```
//! ```error
//! error[E0305]: unknown statistical function `cuont`
//! ```

use std::any::Any;
use std::fmt;

use super::Command;
use crate::aggregates::Order;
use crate::batch::{Batch, FieldSet, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{Grouping, Partial, RunContext, Shards, Transforming};
use crate::parse::aggregation::{Aggregation, Argument, write_list};
use crate::parse::args::Args;
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::Text;

/// `stats`
#[derive(Debug)]
pub struct Stats {
    clause: Clause,
}

/// Aggregations and their groups: what `stats`, `eventstats` and `streamstats` share.
#[derive(Clone, Debug, Default)]
pub(super) struct Clause {
    pub aggregations: Vec<Aggregation>,
    pub by: Vec<Text>,
    pub dedup_splitvals: bool,
    /// `allnum=true`: statistics of numbers only where all values are numbers.
    pub all_numbers: bool,
    /// What `nomv` is to write between the values of `list` and `values`.
    pub delim: Option<Text>,
}

/// Reads the arguments of `stats`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut clause = Clause::default();
    while !args.at_end() {
        match args.option(&["allnum", "delim", "partitions", "dedup_splitvals"])? {
            Some(("dedup_splitvals", value)) => clause.dedup_splitvals = value.truth("dedup_splitvals")?,
            Some(("allnum", value)) => clause.all_numbers = value.truth("allnum")?,
            Some(("partitions", value)) => value.count("partitions").map(drop)?,
            Some((_, value)) => clause.delim = Some(value.text),
            None => clause.take(args)?,
        }
    }
    clause.check(args)?;
    Ok(Box::new(Stats { clause }))
}

impl Clause {
    /// Reads the next aggregations, or the BY fields.
    pub fn take(&mut self, args: &mut Args<'_>) -> Result<()> {
        if args.keyword("by") || args.keyword("groupby") {
            self.by = args.some_fields(&[])?.into_iter().map(|word| word.text).collect();
            return Ok(());
        }
        let more = args.aggregations(&["by", "groupby"])?;
        if more.is_empty() && !args.at_end() && !args.sees(&["by", "groupby"]) && !args.sees_option() {
            return Err(args.cursor.expected("an aggregation"));
        }
        self.aggregations.extend(more);
        Ok(())
    }

    /// Refuses a clause without aggregations, and a result that has the name of a BY field.
    pub fn check(&self, args: &Args<'_>) -> Result<()> {
        if self.aggregations.is_empty() {
            return Err(args.error(format!("`{}` needs at least one aggregation", args.command())));
        }
        match self.aggregations.iter().find(|aggregation| self.by.contains(aggregation.name())) {
            None => Ok(()),
            Some(aggregation) => {
                let message =
                    format!("a result cannot have the name of the BY field `{}`", aggregation.name());
                Err(Diagnostic::error(Code::Arguments, message)
                    .at(aggregation.span, "")
                    .help("`AS` gives it another"))
            }
        }
    }

    /// The fields needed before a command that adds the results to each row, for `after` to be right.
    pub fn needs_beside(&self, after: &FieldSet) -> FieldSet {
        let mut needed = after.clone();
        // With BY, rows in no group keep what they have.
        if self.by.is_empty() {
            for aggregation in &self.aggregations {
                needed.remove(aggregation.name());
            }
        }
        needed.with(&self.fields_read())
    }

    /// The fields it reads.
    pub fn fields_read(&self) -> FieldSet {
        fields_read(&self.aggregations, &self.by)
    }

    /// Whether one of the aggregations needs its rows in search order.
    pub fn needs_order(&self) -> bool {
        needs_order(&self.aggregations)
    }

    /// Ready to run.
    pub fn grouping(&self, planner: &mut Planner<'_>) -> Result<Grouping> {
        for aggregation in &self.aggregations {
            if let Argument::Eval(expr) = &aggregation.argument {
                planner.read_lookups_of(expr)?;
            }
            let lists = ["list", "values"].iter().any(|name| aggregation.function.eq_ignore_ascii_case(name));
            if let Some(delim) = self.delim.as_ref().filter(|_| lists) {
                planner.delimit(Pattern::new(aggregation.name().clone()), delim.clone());
            }
        }
        let grouping = Grouping::new(&self.aggregations, &self.by, self.dedup_splitvals, &planner.context())?;
        Ok(if self.all_numbers { grouping.of_all_numbers() } else { grouping })
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.aggregations, &self.by)?;
        f.write_str(if self.dedup_splitvals { " dedup_splitvals=true" } else { "" })?;
        f.write_str(if self.all_numbers { " allnum=true" } else { "" })?;
        self.delim.as_ref().map_or(Ok(()), |delim| {
            f.write_str(" delim=")?;
            write_value(f, delim)
        })
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stats {}", self.clause)
    }
}

/// The fields that aggregations and their groups read.
pub(super) fn fields_read(aggregations: &[Aggregation], by: &[Text]) -> FieldSet {
    let mut fields = FieldSet::of(by.iter().cloned());
    for aggregation in aggregations {
        fields.extend(&FieldSet::of(aggregation.fields()));
    }
    // Times decide between earliest and latest, and rates.
    fields.add("_time");
    fields
}

/// Whether one of the aggregations needs its rows in search order.
pub(super) fn needs_order(aggregations: &[Aggregation]) -> bool {
    let order =
        |aggregation: &Aggregation| crate::aggregates::find(&aggregation.function).map(|found| found.order());
    aggregations.iter().filter_map(order).any(|order| order == Order::Arrival)
}

impl Command for Stats {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        self.clause.fields_read()
    }

    fn order_matters(&self, _: bool) -> bool {
        self.clause.needs_order()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let grouping = self.clause.grouping(planner)?;
        planner.transforming(GroupBy(grouping));
        planner.declare(self.clause.aggregations.iter().map(|aggregation| aggregation.name().clone()));
        Ok(())
    }
}

/// The transforming stage of `stats` and `tstats`.
pub(super) struct GroupBy(pub Grouping);

impl Transforming for GroupBy {
    fn start(&self) -> Box<dyn Partial> {
        Box::new(State(Shards::new(&self.0)))
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>> {
        Ok(Box::new(State(Shards::load(&self.0, bytes)?)))
    }
}

struct State(Shards);

impl Partial for State {
    fn update(&mut self, batch: &Batch, context: &RunContext) -> Result<()> {
        self.0.update(batch, context);
        Ok(())
    }

    fn reduces(&self) -> bool {
        self.0.reduces()
    }

    fn merge(&mut self, later: Box<dyn Partial>, context: &RunContext) -> Result<()> {
        if let Ok(later) = later.into_any().downcast::<State>() {
            self.0.merge(later.0, context);
        }
        Ok(())
    }

    fn finish(&mut self, context: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![self.0.table(context)])
    }

    fn save(&mut self, context: &RunContext) -> Result<Vec<u8>> {
        self.0.save(context)
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
