//! Makes rows of a table, or adds its rows to those that are there.
//!
//! ## Syntax
//! `inputlookup [append=<bool>] [strict=<bool>] [start=<n>] [max=<n>] <lookup> [WHERE <filter>]`
//!
//! ## Description
//! The lookup is a definition of transforms.conf, or a file `<name>.csv` or `<name>.csv.gz` in the `lookups/`
//! of an app. Each row of the table becomes a row with the columns as fields, in the table's order; an empty
//! cell is no value. `start` passes over so many rows, `max` reads at most so many after them; of what was
//! read, `WHERE` keeps the rows that fit. Its filter compares columns as `search` does. Options may also stand
//! after the lookup's name.
//!
//! It is the first command of a search; with `append=true` it may stand anywhere and adds the table's rows
//! after those that are there. A table that an earlier command of the same search wrote is read as it was
//! written.
//!
//! A lookup that is defined and whose table does not exist gives no rows and a warning, or with
//! `strict=true` an error.
//!
//! ## Examples
//!
//! ```spl
//! | inputlookup staff
//! ```
//! ```json out
//! {"user": "ada", "department": "research", "level": "3"}
//! {"user": "bob", "department": "sales", "level": "1"}
//! {"user": "*-svc", "department": "machines", "level": "0"}
//! ```
//!
//! ```spl
//! | inputlookup rota.csv start=1 max=2 where shift=L* OR user=ada
//! ```
//! ```json out
//! {"user": "bob", "day": "wed", "shift": "late"}
//! {"user": "ada", "day": "tue", "shift": "late"}
//! ```
//!
//! What is known already, and what is new.
//!
//! ```spl
//! inputlookup staff append=t where level > 0 | stats count BY user
//! ```
//! ```json in
//! {"user": "ada"}
//! {"user": "eve"}
//! ```
//! ```json out
//! {"user": "ada", "count": 2}
//! {"user": "bob", "count": 1}
//! {"user": "eve", "count": 1}
//! ```
//!
//! ```spl
//! inputlookup append=true max=1 zones
//! ```
//! ```json in
//! {"host": "web", "zone": "lab"}
//! ```
//! ```json out
//! {"host": "web", "zone": "lab"}
//! {"zone": "inside", "network": "10.0.0.0/8"}
//! ```
//!
//! ```spl
//! inputlookup staff
//! ```
//! ```error
//! error[E0206]: `inputlookup` makes rows and must be the first command
//! ```
//!
//! ```spl
//! | inputlookup staff WHERE research
//! ```
//! ```error
//! error[E0205]: `WHERE` compares columns: `research` is no comparison
//! ```

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::{Command, Position};
use crate::batch::{Batch, Column, ColumnBuilder, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::Filter;
use crate::exec::{AppendRows, Generating, RunContext};
use crate::knowledge::{Knowledge, LookupTable};
use crate::parse::args::{Args, write_name};
use crate::parse::search::SearchExpr;
use crate::plan::{Planner, Presence};
use crate::value::{Text, Value};

/// Rows of a table that travel together.
const ROWS_IN_A_BATCH: usize = 8192;

/// `inputlookup`
#[derive(Clone, Debug)]
pub struct InputLookup {
    name: Text,
    span: Span,
    append: bool,
    strict: bool,
    /// Rows of the table that are passed over.
    start: usize,
    /// Rows that are read after them; none for all.
    max: Option<usize>,
    filter: Option<SearchExpr>,
}

impl InputLookup {
    /// All rows of a table that must be there.
    pub(super) fn whole(name: Text, span: Span) -> InputLookup {
        InputLookup { name, span, append: false, strict: true, start: 0, max: None, filter: None }
    }
}

/// Reads the arguments of `inputlookup`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let (mut append, mut strict, mut start, mut max) = (false, false, 0, None);
    let (mut name, mut filter) = (None, None);
    while !args.at_end() {
        match args.option(&["append", "strict", "start", "max"])? {
            Some(("append", value)) => append = value.truth("append")?,
            Some(("strict", value)) => strict = value.truth("strict")?,
            Some(("start", value)) => start = value.count("start")?,
            Some((option, value)) => max = Some(value.count(option)?),
            None if name.is_none() && !args.sees(&["where"]) => {
                name = Some(args.word("the name of a lookup")?)
            }
            None if name.is_some() && args.keyword("where") => {
                filter = Some(condition(args)?);
                break;
            }
            None => break,
        }
    }
    let Some(name) = name else { return Err(args.error("`inputlookup` needs the name of a lookup")) };
    let (name, span) = (name.text, name.span);
    Ok(Box::new(InputLookup { name, span, append, strict, start, max, filter }))
}

/// The filter of `WHERE`: comparisons only (Search Reference, `inputlookup`), since a table has no raw text
/// and no time range.
fn condition(args: &mut Args<'_>) -> Result<SearchExpr> {
    if args.at_end() {
        return Err(args.error("`WHERE` needs a filter"));
    }
    let filter = args.search()?;
    let mut mistake = None;
    filter.walk(&mut |part| {
        let (what, span) = match part {
            SearchExpr::Keyword(keyword) if keyword.text != "*" => (keyword.text.as_str(), keyword.span),
            SearchExpr::Time(bound) => (bound.term.name(), bound.span),
            _ => return,
        };
        let message = format!("`WHERE` compares columns: `{what}` is no comparison");
        mistake.get_or_insert_with(|| Diagnostic::error(Code::Arguments, message).at(span, ""));
    });
    mistake.map_or(Ok(filter), Err)
}

impl fmt::Display for InputLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("inputlookup ")?;
        f.write_str(if self.append { "append=true " } else { "" })?;
        f.write_str(if self.strict { "strict=true " } else { "" })?;
        if self.start > 0 {
            write!(f, "start={} ", self.start)?;
        }
        if let Some(max) = self.max {
            write!(f, "max={max} ")?;
        }
        write_name(f, &self.name)?;
        match &self.filter {
            Some(filter) => write!(f, " WHERE {filter}"),
            None => Ok(()),
        }
    }
}

impl Command for InputLookup {
    fn position(&self) -> Position {
        if self.append { Position::Either } else { Position::First }
    }

    fn needs(&self, after: &FieldSet) -> FieldSet {
        if self.append { after.clone() } else { FieldSet::none() }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let presence = planner.lookup_read_later(&self.name, self.span)?;
        if presence == Presence::Missing && self.strict {
            return planner.lookup(&self.name, self.span).map(drop);
        }
        let rows = TableRows {
            command: self.clone(),
            knowledge: Arc::clone(planner.knowledge),
            filter: self.filter.as_ref().map(Filter::new),
            wanted: planner.after().clone(),
        };
        match planner.is_first() {
            true => planner.generating(rows),
            false => planner.centralized(AppendRows(Arc::new(rows))),
        }
        Ok(())
    }
}

/// The rows of the table, which is read when they are asked for.
struct TableRows {
    command: InputLookup,
    knowledge: Arc<Knowledge>,
    filter: Option<Filter>,
    wanted: FieldSet,
}

impl Generating for TableRows {
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>> {
        let Some(table) = self.table(context)? else { return Ok(Vec::new()) };
        let start = self.command.start.min(table.rows());
        let end = start.saturating_add(self.command.max.unwrap_or(usize::MAX)).min(table.rows());
        // A table without rows still has its columns.
        let first = start..end.min(start.saturating_add(ROWS_IN_A_BATCH));
        let starts = (start..end).step_by(ROWS_IN_A_BATCH).skip(1);
        let others = starts.map(|from| from..end.min(from.saturating_add(ROWS_IN_A_BATCH)));
        Ok(std::iter::once(first).chain(others).map(|rows| self.batch(&table, rows)).collect())
    }
}

impl TableRows {
    /// The table as it is now; none if it does not exist.
    fn table(&self, context: &RunContext) -> Result<Option<Arc<LookupTable>>> {
        let InputLookup { name, span, strict, .. } = &self.command;
        let problem = match self.knowledge.lookup(name) {
            Ok(table) => {
                table.warnings().iter().for_each(|warning| context.warnings().add(warning.clone()));
                return Ok(Some(table));
            }
            Err(problem) => problem.at(*span, ""),
        };
        let missing = match self.knowledge.lookup_if_there(name) {
            Ok(table) => table.is_none(),
            // An earlier command was to make the file and had no rows for it.
            Err(problem) => problem.code == Code::UnknownLookup,
        };
        if !missing || *strict {
            return Err(problem);
        }
        let message =
            format!("the table of the lookup `{name}` does not exist: it counts as one without rows");
        let mut warning = Diagnostic::warning(Code::LookupMissing, message).at(*span, "");
        (warning.place, warning.help) = (problem.place, problem.help);
        context.warnings().add(warning);
        Ok(None)
    }

    fn batch(&self, table: &LookupTable, rows: Range<usize>) -> Batch {
        let mut batch = Batch::with_rows(rows.len());
        batch.ordered = true;
        let compared = self.command.filter.as_ref().map(SearchExpr::fields).unwrap_or_default();
        for (at, name) in table.columns().iter().enumerate() {
            if self.wanted.contains(name) || compared.contains(name) {
                batch.set(name.clone(), column(table, at, rows.clone()));
            }
        }
        if let Some(filter) = &self.filter {
            batch = batch.filter(&filter.mask(&batch));
            batch.retain(|name| self.wanted.contains(name));
        }
        batch
    }
}

fn column(table: &LookupTable, at: usize, rows: Range<usize>) -> Column {
    let mut column = ColumnBuilder::with_capacity(rows.len());
    for row in rows {
        match table.row(row).get(at) {
            Some(cell) if !cell.is_empty() => column.push_text(cell),
            _ => column.push(Value::Null),
        }
    }
    column.finish()
}
