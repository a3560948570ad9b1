//! Adds to each row statistics over the rows up to it.
//!
//! ## Syntax
//! `streamstats [current=<bool>] [window=<n>] [time_window=<span>] [global=<bool>] [reset_on_change=<bool>]
//! [reset_before="(<predicate>)"] [reset_after="(<predicate>)"] [allnum=<bool>] <aggregation>... [BY <field>...]`
//!
//! Options may stand anywhere. A predicate is one of `where`, in quotes, in parentheses or in both.
//!
//! ## Description
//! Aggregations and groups are those of `stats`; rows are counted as they come. Each row keeps its fields and gets
//! the results of its group so far, itself included; with `current=false` those of the rows before it. A row
//! without one of the BY fields is in no group and stays as it is. A row that is in several groups, because a BY
//! field has several values, counts in each and gets the results of the first. An aggregation with a wildcard has
//! no result for a field that no row so far has a value of.
//!
//! With `window` the last so many rows count; 0 is all. They are the last rows of all groups together, of which
//! those of the group count; with `global=false`, the last of the group.
//!
//! With `time_window` the rows count whose time is less than the span away: a row a whole span away does not. Rows
//! must come in the order of time, forwards or backwards, and all must have one. Days have 24 hours, months 30
//! days. `window` and `time_window` together: the rows that are in both.
//!
//! All that was counted, in all groups, is forgotten with `reset_on_change=true` when a row has other values of
//! the BY fields than the row before it, of those that have them all; with `reset_before` before a row for which
//! the predicate is true; with `reset_after` after such a row, and the predicate may then look at the results.
//!
//! `allnum=true` is that of `stats`, for the rows so far.
//!
//! ## Examples
//!
//! ```spl
//! streamstats sum(bytes) AS so_far, count BY user
//! ```
//! ```json in
//! {"user": "ada", "bytes": "5"}
//! {"user": "bob", "bytes": "1"}
//! {"bytes": "9"}
//! {"user": "ada", "bytes": "2"}
//! ```
//! ```json out
//! {"user": "ada", "bytes": "5", "so_far": 5, "count": 1}
//! {"user": "bob", "bytes": "1", "so_far": 1, "count": 1}
//! {"bytes": "9"}
//! {"user": "ada", "bytes": "2", "so_far": 7, "count": 2}
//! ```
//!
//! The row before, whoever's it is, and the user's own row before.
//!
//! ```spl
//! streamstats current=f window=1 last(n) AS before | streamstats current=f window=1 global=f last(n) AS own BY user
//! ```
//! ```json in
//! {"user": "ada", "n": "1"}
//! {"user": "bob", "n": "2"}
//! {"user": "ada", "n": "3"}
//! ```
//! ```json out
//! {"user": "ada", "n": "1"}
//! {"user": "bob", "n": "2", "before": "1"}
//! {"user": "ada", "n": "3", "before": "2", "own": "1"}
//! ```
//!
//! Of the last two rows, those of the group.
//!
//! ```spl
//! streamstats window=2 count BY user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "bob"}
//! {"user": "ada"}
//! {"user": "ada"}
//! ```
//! ```json out
//! {"user": "ada", "count": 1}
//! {"user": "bob", "count": 1}
//! {"user": "ada", "count": 1}
//! {"user": "ada", "count": 2}
//! ```
//!
//! Within a minute; the newest row comes first.
//!
//! ```spl
//! streamstats time_window=1m count, range(n)
//! ```
//! ```json in
//! {"_time": "1773651720", "n": "4"}
//! {"_time": "1773651690", "n": "1"}
//! {"_time": "1773651660", "n": "9"}
//! ```
//! ```json out
//! {"_time": "1773651720", "n": "4", "count": 1, "range(n)": 0}
//! {"_time": "1773651690", "n": "1", "count": 2, "range(n)": 3}
//! {"_time": "1773651660", "n": "9", "count": 2, "range(n)": 8}
//! ```
//!
//! Runs of equal values, and how many rows since the last error or the third row.
//!
//! ```spl
//! streamstats reset_on_change=true count AS run BY status
//! | streamstats reset_before="("match(status,\"error\")")" reset_after="since == 3" count AS since
//! ```
//! ```json in
//! {"status": "ok"}
//! {"status": "ok"}
//! {"status": "error"}
//! {"status": "ok"}
//! {"status": "ok"}
//! {"status": "ok"}
//! ```
//! ```json out
//! {"status": "ok", "run": 1, "since": 1}
//! {"status": "ok", "run": 2, "since": 2}
//! {"status": "error", "run": 1, "since": 1}
//! {"status": "ok", "run": 1, "since": 2}
//! {"status": "ok", "run": 2, "since": 3}
//! {"status": "ok", "run": 3, "since": 1}
//! ```
//!
//! ```spl
//! streamstats time_window=1m count
//! ```
//! ```json in
//! {"_time": "1773651720"}
//! {"_time": "1773651690"}
//! {"_time": "1773651700"}
//! ```
//! ```error
//! error[E0205]: `time_window` needs rows in the order of time, forwards or backwards
//! ```
//!
//! ```spl
//! streamstats reset_after=count count
//! ```
//! ```error
//! error[E0204]: `reset_after` needs a predicate in quotes or parentheses, such as "(count > 5)"
//! ```
//!
//! ## Differences from Splunk
//! Splunk limits windows to 10,000 rows (limits.conf, `max_stream_window`); here there is no limit. `sparkline` is
//! not a function of `streamstats`, as Splunk documents it for `stats` and `chart`.

use std::cmp::Ordering;
use std::fmt;

use super::{Command, stats::Clause};
use crate::batch::{Batch, Column, FieldMap, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Program;
use crate::exec::{Centralized, Flow, Grouping, RunContext, Running, Scan, Windows};
use crate::parse::args::{Args, Word};
use crate::parse::cursor::Cursor;
use crate::parse::expr::Expr;
use crate::parse::search::write_value;
use crate::parse::{expression, lexeme, predicate};
use crate::plan::Planner;
use crate::time::Span;
use crate::value::{Text, Value};

const OPTIONS: [&str; 6] = ["current", "window", "time_window", "global", "reset_on_change", "allnum"];

/// `streamstats`
#[derive(Clone, Debug)]
pub struct Streamstats {
    clause: Clause,
    current: bool,
    window: usize,
    time_window: Option<Span>,
    global: bool,
    resets: Resets,
}

/// When all that was counted is forgotten.
#[derive(Clone, Debug, Default)]
struct Resets {
    on_change: bool,
    before: Option<Expr>,
    after: Option<Expr>,
}

/// Reads the arguments of `streamstats`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut parsed = Streamstats {
        clause: Clause::default(),
        current: true,
        window: 0,
        time_window: None,
        global: true,
        resets: Resets::default(),
    };
    let mut clause = Clause::default();
    while !args.at_end() {
        if parsed.resets.take(args)? {
            continue;
        }
        match args.option(&OPTIONS)? {
            Some((name, value)) => parsed.take(&mut clause, name, &value)?,
            None => clause.take(args)?,
        }
    }
    clause.check(args)?;
    if let Some(sparkline) = clause.aggregations.iter().find(|aggregation| aggregation.sparkline.is_some()) {
        let message = "`sparkline` is no function of `streamstats`";
        return Err(Diagnostic::error(Code::NotSupported, message).at(sparkline.span, ""));
    }
    Ok(Box::new(Streamstats { clause, ..parsed }))
}

impl Streamstats {
    fn take(&mut self, clause: &mut Clause, name: &str, value: &Word) -> Result<()> {
        match name {
            "current" => self.current = value.truth(name)?,
            "window" => self.window = value.count(name)?,
            "global" => self.global = value.truth(name)?,
            "allnum" => clause.all_numbers = value.truth(name)?,
            "reset_on_change" => self.resets.on_change = value.truth(name)?,
            _ => {
                let span = value.text.parse().map_err(|error: crate::time::TimeSpecError| {
                    value.wrong(name, "a span of time, such as 5m").help(error.to_string())
                })?;
                self.time_window = Some(span);
            }
        }
        Ok(())
    }
}

impl Resets {
    /// Takes `reset_before=` or `reset_after=`, if one stands here.
    fn take(&mut self, args: &mut Args<'_>) -> Result<bool> {
        args.cursor.separators();
        let start = args.cursor.position();
        let mut ahead = args.cursor.clone();
        let written = ahead.lex(lexeme::option_name).unwrap_or_default();
        let (name, slot) = match written.to_ascii_lowercase().as_str() {
            "reset_before" => ("reset_before", &mut self.before),
            "reset_after" => ("reset_after", &mut self.after),
            _ => return Ok(false),
        };
        args.cursor = ahead;
        if slot.is_some() {
            let message = format!("the option `{name}` is given twice");
            let span = args.cursor.span_from(start);
            return Err(Diagnostic::error(Code::RepeatedOption, message).at(span, ""));
        }
        args.cursor.blanks();
        let expr = reset_predicate(args, name)?;
        predicate(&expr, "streamstats")?;
        *slot = Some(expr);
        Ok(true)
    }

    fn predicates(&self) -> impl Iterator<Item = &Expr> {
        self.before.iter().chain(&self.after)
    }
}

/// `"(count > 5)"`, the same without the parentheses or without the quotes, or as Splunk's documentation has it,
/// with quotes of its own around each parenthesis: `"("count > 5")"`.
fn reset_predicate(args: &mut Args<'_>, name: &str) -> Result<Expr> {
    let start = args.cursor.position();
    let rest = args.cursor.rest();
    let text = match rest.strip_prefix("\"(\"").and_then(closed) {
        Some(inner) => {
            args.cursor.jump(start + inner.len() + "\"(\"".len() + "\")\"".len());
            let quoted = format!("\"{inner}\"");
            lexeme::search_string(&quoted).map_or_else(|_| inner.to_string(), |(_, inner)| inner)
        }
        None if rest.starts_with('(') => {
            let open = args.cursor.here();
            args.cursor.eat('(');
            let expr = expression(&mut args.cursor)?;
            args.cursor.close(open, "`)`")?;
            return Ok(expr);
        }
        None => {
            let word = args.word("a predicate")?;
            if !word.quoted {
                let wanted = "a predicate in quotes or parentheses, such as \"(count > 5)\"";
                return Err(plain(word.span, format!("`{name}` needs {wanted}")));
            }
            word.text.to_string()
        }
    };
    let span = args.cursor.span_from(start);
    let mut cursor = Cursor::of_literal(&text, span);
    let expr = expression(&mut cursor)?;
    if cursor.at_end() { Ok(expr) } else { Err(cursor.expected("an operator")) }
}

/// The text before a `")"` whose first quotation mark no backslash makes a letter.
fn closed(text: &str) -> Option<&str> {
    let starts = text.char_indices().map(|(at, _)| text.split_at(at));
    let mut ends = starts.filter(|(inner, rest)| rest.starts_with("\")\"") && !inner.ends_with('\\'));
    ends.next().map(|(inner, _)| inner)
}

fn plain(span: crate::diagnostic::Span, message: String) -> Diagnostic {
    Diagnostic::error(Code::OptionValue, message).at(span, "")
}

impl fmt::Display for Streamstats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("streamstats")?;
        f.write_str(if self.current { "" } else { " current=false" })?;
        if self.window > 0 {
            write!(f, " window={}", self.window)?;
        }
        if let Some(span) = &self.time_window {
            write!(f, " time_window={span}")?;
        }
        f.write_str(if self.global { "" } else { " global=false" })?;
        f.write_str(if self.resets.on_change { " reset_on_change=true" } else { "" })?;
        for (name, expr) in [("before", &self.resets.before), ("after", &self.resets.after)] {
            if let Some(expr) = expr {
                write!(f, " reset_{name}=")?;
                write_value(f, &format!("({expr})"))?;
            }
        }
        write!(f, " {}", self.clause)
    }
}

impl Command for Streamstats {
    fn needs(&self, after: &FieldSet) -> FieldSet {
        let mut needed = self.clause.needs_beside(after);
        self.resets.predicates().flat_map(Expr::fields).for_each(|field| needed.add(field));
        needed
    }

    fn order_matters(&self, _: bool) -> bool {
        true
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        for expr in self.resets.predicates() {
            planner.read_lookups_of(expr)?;
        }
        let grouping = self.clause.grouping(planner)?;
        planner.centralized(Stage { grouping, streamstats: self.clone() });
        Ok(())
    }
}

struct Stage {
    grouping: Grouping,
    streamstats: Streamstats,
}

impl Centralized for Stage {
    fn start(&self) -> Box<dyn Scan> {
        let options = &self.streamstats;
        let windows = Windows {
            rows: options.window,
            shared: options.global,
            seconds: options.time_window.map(|span| span.nominal_seconds()),
            current: options.current,
        };
        Box::new(State {
            running: Running::new(self.grouping.clone(), windows),
            by: options.clause.by.clone(),
            on_change: options.resets.on_change,
            before: options.resets.before.clone().map(Program::new),
            after: options.resets.after.clone().map(Program::new),
            by_time: options.time_window.is_some().then(InTime::default),
            key: None,
        })
    }
}

struct State {
    running: Running,
    by: Vec<Text>,
    on_change: bool,
    before: Option<Program>,
    after: Option<Program>,
    /// Watches the order of rows, where it must be that of time.
    by_time: Option<InTime>,
    /// The BY fields of the last row that had them all.
    key: Option<Vec<Value>>,
}

impl Scan for State {
    fn step(&mut self, mut batch: Batch, context: &RunContext) -> Result<(Batch, Flow)> {
        let before = self.before.as_ref().map(|program| program.mask(&batch, &context.eval));
        let rows = self.running.rows(&batch, context);
        let mut out: FieldMap<Vec<Value>> = FieldMap::default();
        for row in 0..batch.rows() {
            if let Some(by_time) = &mut self.by_time {
                by_time.check(batch.get("_time", row).as_number())?;
            }
            let told = before.as_ref().and_then(|mask| mask.get(row)).copied().unwrap_or(false);
            if told || (self.on_change && self.changes(&batch, row)) {
                self.running.reset();
            }
            let Some(results) = self.running.take(&rows, row, context) else { continue };
            if let Some(program) = &self.after
                && holds_after(program, &batch, row, &results, context)
            {
                self.running.reset();
            }
            for (name, value) in results {
                let values = out.entry(name).or_insert_with_key(|name| {
                    batch.column(name).map_or_else(Vec::new, |column| {
                        column.iter().map(std::borrow::Cow::into_owned).collect()
                    })
                });
                values.resize(batch.rows(), Value::Null);
                if let Some(cell) = values.get_mut(row) {
                    *cell = value;
                }
            }
        }
        for (name, values) in out {
            batch.set(name, Column::from_values(values));
        }
        Ok((batch, Flow::More))
    }
}

impl State {
    /// Whether a row has other BY fields than the last.
    fn changes(&mut self, batch: &Batch, row: usize) -> bool {
        let key: Vec<Value> = self.by.iter().map(|name| batch.get(name, row).into_owned()).collect();
        if key.iter().any(Value::is_null) {
            return false;
        }
        let text = |value: &Value| value.to_text().into_owned();
        let same = |last: &Vec<Value>| last.iter().map(text).eq(key.iter().map(text));
        let changes = self.key.as_ref().is_some_and(|last| !same(last));
        self.key = Some(key);
        changes
    }
}

/// Whether a predicate is true of a row with its results.
fn holds_after(
    program: &Program,
    batch: &Batch,
    row: usize,
    results: &[(Text, Value)],
    context: &RunContext,
) -> bool {
    let mut one = Batch::with_rows(1);
    for field in program.fields() {
        let result = results.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone());
        let value = result.unwrap_or_else(|| batch.get(field, row).into_owned());
        one.set(field.clone(), Column::constant(value, 1));
    }
    program.mask(&one, &context.eval).first().copied().unwrap_or(false)
}

/// Which way time goes, and the last time.
#[derive(Default)]
struct InTime {
    last: Option<f64>,
    way: Option<Ordering>,
}

impl InTime {
    fn check(&mut self, time: Option<f64>) -> Result<()> {
        let Some(time) = time else {
            let message = "`time_window` needs rows that all have `_time`";
            return Err(Diagnostic::error(Code::Arguments, message));
        };
        let way = self.last.map_or(Ordering::Equal, |last| time.total_cmp(&last));
        self.last = Some(time);
        if way.is_ne() && *self.way.get_or_insert(way) != way {
            let message = "`time_window` needs rows in the order of time, forwards or backwards";
            return Err(Diagnostic::error(Code::Arguments, message).help("`sort 0 -_time` sorts them"));
        }
        Ok(())
    }
}
