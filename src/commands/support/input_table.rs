//! Rows of a table: `inputlookup`, `inputcsv`.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::super::{Command, Position};
use crate::batch::{Batch, Column, ColumnBuilder, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::Filter;
use crate::exec::{AppendRows, Generating, RunContext};
use crate::knowledge::{Knowledge, LookupTable, multivalue};
use crate::parse::args::{Args, write_name};
use crate::parse::search::SearchExpr;
use crate::plan::{Planner, Presence};
use crate::value::{Text, Value};

/// Rows of a table that travel together.
const ROWS_IN_A_BATCH: usize = 8192;

/// Which tables are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Those of lookups.
    Lookup,
    /// Files of results.
    Results,
}

impl TableKind {
    fn command(self) -> &'static str {
        match self {
            TableKind::Lookup => "inputlookup",
            TableKind::Results => "inputcsv",
        }
    }

    fn name(self) -> &'static str {
        match self {
            TableKind::Lookup => "the name of a lookup",
            TableKind::Results => "the name of a file",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            TableKind::Lookup => &["append", "strict", "start", "max"],
            TableKind::Results => &["append", "strict", "start", "max", "events", "dispatch"],
        }
    }
}

/// `inputlookup` and `inputcsv`
#[derive(Clone, Debug)]
pub struct InputTable {
    kind: TableKind,
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

impl InputTable {
    /// All rows of a table that must be there.
    pub fn whole(name: Text, span: Span) -> InputTable {
        InputTable {
            kind: TableKind::Lookup,
            name,
            span,
            append: false,
            strict: true,
            start: 0,
            max: None,
            filter: None,
        }
    }

    /// Reads the arguments.
    ///
    /// # Errors
    /// What is not in the grammar.
    pub fn parse(args: &mut Args<'_>, kind: TableKind) -> Result<InputTable> {
        let (mut append, mut strict, mut start, mut max) = (false, false, 0, None);
        let (mut name, mut filter) = (None, None);
        while !args.at_end() {
            match args.option(kind.options())? {
                Some(("append", value)) => append = value.truth("append")?,
                Some(("strict", value)) => strict = value.truth("strict")?,
                Some(("start", value)) => start = value.count("start")?,
                Some(("max", value)) => max = Some(value.count("max")?),
                // Whether a timeline is drawn: there is none.
                Some(("events", value)) => drop(value.truth("events")?),
                Some((option, value)) if value.truth(option)? => {
                    let message = format!("`{option}={}` is not supported", value.text);
                    return Err(Diagnostic::error(Code::NotSupported, message).at(value.span, "").help(
                        "no search has a folder of its own: files of results stand in the csv/ of an app",
                    ));
                }
                Some(_) => {}
                None if name.is_none() && !args.sees(&["where"]) => name = Some(args.word(kind.name())?),
                None if name.is_some() && args.keyword("where") => {
                    filter = Some(condition(args)?);
                    break;
                }
                None => break,
            }
        }
        let Some(name) = name else {
            return Err(args.error(format!("`{}` needs {}", kind.command(), kind.name())));
        };
        let (name, span) = (name.text, name.span);
        Ok(InputTable { kind, name, span, append, strict, start, max, filter })
    }
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

impl InputTable {
    /// That the file of results does not exist.
    fn missing(&self, knowledge: &Knowledge) -> Diagnostic {
        let message = format!("the file `{}` does not exist", self.name);
        let problem = Diagnostic::error(Code::LookupFile, message).at(self.span, "");
        match knowledge.results_file(&self.name) {
            Ok(file) => {
                problem.help(format!("it was looked for as {}", knowledge.results_path(&file).display()))
            }
            Err(_) => problem,
        }
    }
}

impl fmt::Display for InputTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind.command())?;
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

impl Command for InputTable {
    fn position(&self) -> Position {
        if self.append { Position::Either } else { Position::First }
    }

    fn needs(&self, after: &FieldSet) -> FieldSet {
        if self.append { after.clone() } else { FieldSet::none() }
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let presence = match self.kind {
            TableKind::Lookup => planner.lookup_read_later(&self.name, self.span)?,
            TableKind::Results => planner.results_read_later(&self.name, self.span)?,
        };
        if presence == Presence::Missing && self.strict {
            return match self.kind {
                TableKind::Lookup => planner.lookup(&self.name, self.span).map(drop),
                TableKind::Results => Err(self.missing(planner.knowledge)),
            };
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
    command: InputTable,
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
        let InputTable { kind, name, span, strict, .. } = &self.command;
        let table = match kind {
            TableKind::Lookup => self.lookup()?,
            TableKind::Results => {
                let file = self.knowledge.results_file(name)?;
                let table = self.knowledge.results(&file).map_err(|problem| problem.at(*span, ""))?;
                table.ok_or_else(|| self.command.missing(&self.knowledge))
            }
        };
        let problem = match table {
            Ok(table) => {
                table.warnings().iter().for_each(|warning| context.warnings().add(warning.clone()));
                return Ok(Some(table));
            }
            Err(problem) if *strict => return Err(problem),
            Err(problem) => problem,
        };
        let what = match kind {
            TableKind::Lookup => format!("the table of the lookup `{name}`"),
            TableKind::Results => format!("the file `{name}`"),
        };
        let message = format!("{what} does not exist: it counts as one without rows");
        let mut warning = Diagnostic::warning(Code::LookupMissing, message).at(*span, "");
        (warning.place, warning.help) = (problem.place, problem.help);
        context.warnings().add(warning);
        Ok(None)
    }

    /// The table of a lookup; inside, that there is none.
    fn lookup(&self) -> Result<Result<Arc<LookupTable>>> {
        let InputTable { name, span, .. } = &self.command;
        let problem = match self.knowledge.lookup(name) {
            Ok(table) => return Ok(Ok(table)),
            Err(problem) => problem.at(*span, ""),
        };
        let missing = match self.knowledge.lookup_if_there(name) {
            Ok(table) => table.is_none(),
            // An earlier command was to make the file and had no rows for it.
            Err(problem) => problem.code == Code::UnknownLookup,
        };
        if missing { Ok(Err(problem)) } else { Err(problem) }
    }

    fn batch(&self, table: &LookupTable, rows: Range<usize>) -> Batch {
        let mut batch = Batch::with_rows(rows.len());
        batch.ordered = true;
        let compared = self.command.filter.as_ref().map(SearchExpr::fields).unwrap_or_default();
        let names = table.columns();
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        for (at, name) in names.iter().enumerate() {
            // A column of several values belongs to another.
            let of_another =
                name.strip_prefix(multivalue::PREFIX).is_some_and(|other| place(other).is_some());
            if !of_another && (self.wanted.contains(name) || compared.contains(name)) {
                let apart = place(&format!("{}{name}", multivalue::PREFIX));
                batch.set(name.clone(), column(table, (at, apart), rows.clone()));
            }
        }
        if let Some(filter) = &self.filter {
            batch = batch.filter(&filter.mask(&batch));
            batch.retain(|name| self.wanted.contains(name));
        }
        batch
    }
}

/// The values of a column, and of that which keeps several values apart.
fn column(table: &LookupTable, (at, apart): (usize, Option<usize>), rows: Range<usize>) -> Column {
    let mut column = ColumnBuilder::with_capacity(rows.len());
    for row in rows {
        let cells = table.row(row);
        let several = apart.and_then(|apart| cells.get(apart)).and_then(|cell| multivalue::decode(cell));
        if let Some(values) = several {
            column.push(Value::from_values(values.into_iter().map(Value::Text)));
            continue;
        }
        match cells.get(at) {
            Some(cell) if !cell.is_empty() => column.push_text(cell),
            _ => column.push(Value::Null),
        }
    }
    column.finish()
}
