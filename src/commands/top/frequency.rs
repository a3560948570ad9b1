//! How often values occur: what `top` and `rare` share. The counting is that of `stats count BY`.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;

use crate::batch::{Batch, FieldSet};
use crate::commands::Command;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Grouping, Groups, Partial, RunContext, Transforming};
use crate::parse::aggregation::Aggregation;
use crate::parse::args::{Args, Word, write_name, write_names};
use crate::parse::search::write_value;
use crate::plan::Planner;
use crate::value::{Number, Text, Value, compare_group_key};

const OPTIONS: [&str; 7] =
    ["limit", "countfield", "percentfield", "showcount", "showperc", "useother", "otherstr"];

/// How many combinations of values are shown where nothing is said (Search Reference, `top`).
const DEFAULT_LIMIT: usize = 10;

/// `top` or `rare`
#[derive(Clone, Debug)]
pub struct Frequency {
    /// Whether those that occur most come first.
    most: bool,
    /// 0 for all.
    limit: usize,
    fields: Vec<Text>,
    by: Vec<Text>,
    /// The name of the column of counts; none if it is not shown.
    count: Option<Text>,
    percent: Option<Text>,
    /// What the rest is called, if it is to be shown.
    other: Option<Text>,
    span: Span,
}

impl Frequency {
    /// Reads all arguments.
    pub fn parse(args: &mut Args<'_>, most: bool) -> Result<Box<dyn Command>> {
        let mut parsed = Frequency {
            most,
            limit: DEFAULT_LIMIT,
            fields: Vec::new(),
            by: Vec::new(),
            count: Some(Text::from("count")),
            percent: Some(Text::from("percent")),
            other: None,
            span: args.command_span(),
        };
        let (mut limit, mut show_count, mut show_percent, mut other) = (None, true, true, (false, None));
        while !args.at_end() {
            match args.option(&OPTIONS)? {
                Some(("limit", value)) => set_limit(&mut limit, value.count("limit")?, args)?,
                Some(("countfield", value)) => parsed.count = Some(value.text),
                Some(("percentfield", value)) => parsed.percent = Some(value.text),
                Some(("showcount", value)) => show_count = value.truth("showcount")?,
                Some(("showperc", value)) => show_percent = value.truth("showperc")?,
                Some(("useother", value)) => other.0 = value.truth("useother")?,
                Some((_, value)) => other.1 = Some(value.text),
                None if args.keyword("by") || args.keyword("groupby") => {
                    parsed.by = names(args.some_fields(&[])?)?;
                }
                None => match leading_count(args) {
                    Some(count) if parsed.fields.is_empty() && limit.is_none() => {
                        set_limit(&mut limit, count, args)?
                    }
                    _ => parsed.fields.extend(names(args.fields(&["by", "groupby"])?)?),
                },
            }
        }
        if parsed.fields.is_empty() {
            return Err(args.error(format!("`{}` needs at least one field", args.command())));
        }
        parsed.limit = limit.unwrap_or(DEFAULT_LIMIT);
        parsed.count = parsed.count.filter(|_| show_count);
        parsed.percent = parsed.percent.filter(|_| show_percent);
        parsed.other = other.0.then(|| other.1.unwrap_or_else(|| Text::from("OTHER")));
        parsed.check_names(args)?;
        Ok(Box::new(parsed))
    }

    /// Two columns cannot have one name.
    fn check_names(&self, args: &Args<'_>) -> Result<()> {
        let columns: Vec<&Text> =
            self.by.iter().chain(&self.fields).chain(&self.count).chain(&self.percent).collect();
        let twice =
            columns.iter().enumerate().find(|(at, name)| columns.iter().take(*at).any(|n| n == *name));
        match twice {
            None => Ok(()),
            Some((_, name)) => Err(args
                .error(format!("`{}` would give two columns the name `{name}`", args.command()))
                .help("`countfield` and `percentfield` name the columns that it adds")),
        }
    }
}

fn set_limit(limit: &mut Option<usize>, count: usize, args: &Args<'_>) -> Result<()> {
    match limit.replace(count) {
        None => Ok(()),
        Some(_) => Err(args.error(format!("`{}` takes one limit", args.command()))),
    }
}

/// A count before the fields, if one stands here.
fn leading_count(args: &mut Args<'_>) -> Option<usize> {
    let word = args.cursor.rest().split([' ', '\t', '\n', ',']).next()?;
    let count = word.parse().ok()?;
    args.word("a count").ok().map(|_| count)
}

fn names(words: Vec<Word>) -> Result<Vec<Text>> {
    let name = |word: Word| match word.text.contains('*') {
        false => Ok(word.text),
        true => {
            let message = format!("a field is counted by its name, and `{}` has a wildcard", word.text);
            Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""))
        }
    };
    words.into_iter().map(name).collect()
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} limit={}", if self.most { "top" } else { "rare" }, self.limit)?;
        for (name, show, column) in [("count", "count", &self.count), ("percent", "perc", &self.percent)] {
            match column {
                None => write!(f, " show{show}=false")?,
                Some(column) if column == name => {}
                Some(column) => {
                    write!(f, " {name}field=")?;
                    write_value(f, column)?;
                }
            }
        }
        if let Some(other) = &self.other {
            f.write_str(" useother=true otherstr=")?;
            write_value(f, other)?;
        }
        f.write_str(" ")?;
        for (at, name) in self.fields.iter().enumerate() {
            f.write_str(if at > 0 { ", " } else { "" })?;
            write_name(f, name)?;
        }
        if !self.by.is_empty() {
            f.write_str(" BY ")?;
            write_names(f, self.by.iter().map(Text::as_str))?;
        }
        Ok(())
    }
}

impl Command for Frequency {
    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::of(self.by.iter().chain(&self.fields).cloned())
    }

    fn order_matters(&self, _: bool) -> bool {
        false
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let by: Vec<Text> = self.by.iter().chain(&self.fields).cloned().collect();
        let grouping = Grouping::new(&[Aggregation::count(self.span)], &by, false, &planner.context())?;
        planner.transforming(Counting { grouping, frequency: self.clone() });
        Ok(())
    }
}

struct Counting {
    grouping: Grouping,
    frequency: Frequency,
}

impl Transforming for Counting {
    fn start(&self) -> Box<dyn Partial> {
        Box::new(State { groups: self.grouping.start(), frequency: self.frequency.clone() })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>> {
        Ok(Box::new(State { groups: self.grouping.load(bytes)?, frequency: self.frequency.clone() }))
    }
}

struct State {
    groups: Groups,
    frequency: Frequency,
}

impl Partial for State {
    fn update(&mut self, batch: &Batch, context: &RunContext) -> Result<()> {
        self.groups.update(batch, context);
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Partial>, context: &RunContext) -> Result<()> {
        if let Ok(later) = later.into_any().downcast::<State>() {
            self.groups.merge(later.groups, context.arrival);
        }
        Ok(())
    }

    fn finish(&mut self, _: &RunContext) -> Result<Vec<Batch>> {
        Ok(vec![self.frequency.table(&self.groups)])
    }

    fn save(&mut self, _: &RunContext) -> Result<Vec<u8>> {
        self.groups.save()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// A combination of values, and how many rows have it.
struct Counted {
    values: Vec<Value>,
    count: f64,
}

impl Frequency {
    /// The result.
    fn table(&self, groups: &Groups) -> Batch {
        let results = groups.results();
        let count = |group: usize| {
            let counts = results.first().map(|(_, counts)| counts);
            counts.and_then(|counts| counts.get(group)).and_then(Value::as_number).unwrap_or_default()
        };
        let counted = |(values, group)| Counted { values, count: count(group) };
        let all: Vec<Counted> = groups.keys().into_iter().map(counted).collect();
        let key = |counted: &Counted| -> Vec<String> {
            counted.values.iter().take(self.by.len()).map(|value| value.to_text().into_owned()).collect()
        };
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for group in all.chunk_by(|a, b| key(a) == key(b)) {
            self.rank(group, &mut rows);
        }
        let columns = self.by.iter().chain(&self.fields).chain(&self.count).chain(&self.percent);
        let columns: Vec<Text> = columns.cloned().collect();
        let mut batch = Batch::from_rows(&columns, rows);
        batch.ordered = true;
        batch
    }

    /// The rows of one group of the BY fields.
    fn rank(&self, group: &[Counted], rows: &mut Vec<Vec<Value>>) {
        let total: f64 = group.iter().map(|counted| counted.count).sum();
        let mut ranked: Vec<&Counted> = group.iter().collect();
        ranked.sort_by(|a, b| self.compare(a, b));
        let shown = if self.limit == 0 { ranked.len() } else { self.limit.min(ranked.len()) };
        let (shown, rest) = ranked.split_at(shown);
        for counted in shown {
            rows.push(self.row(counted.values.clone(), counted.count, total));
        }
        if let (Some(other), Some(first)) = (&self.other, rest.first()) {
            let mut values: Vec<Value> = first.values.iter().take(self.by.len()).cloned().collect();
            values.resize(first.values.len(), Value::Text(other.clone()));
            rows.push(self.row(values, rest.iter().map(|counted| counted.count).sum(), total));
        }
    }

    /// The order in which combinations are shown. Of two that are as frequent `top` shows the greater value first
    /// (Search Reference, `top`, the example of users and locations), and `rare` the other way round.
    fn compare(&self, a: &Counted, b: &Counted) -> Ordering {
        let values = || {
            let orders = a.values.iter().zip(&b.values).map(|(a, b)| compare_group_key(a, b));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let order = a.count.total_cmp(&b.count).then_with(values);
        if self.most { order.reverse() } else { order }
    }

    fn row(&self, mut values: Vec<Value>, count: f64, total: f64) -> Vec<Value> {
        let percent = Number::fixed(count * 100.0 / total, 6);
        values.extend(self.count.as_ref().map(|_| Value::number(count)));
        values.extend(self.percent.as_ref().map(|_| Value::Number(percent)));
        values
    }
}
