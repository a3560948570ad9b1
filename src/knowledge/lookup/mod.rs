//! Lookup tables: CSV files in `lookups/`, and what transforms.conf says about them.

mod bounds;
mod definition;
mod matching;
pub mod multivalue;
pub(super) mod results;
mod snapshot;
mod store;
mod table;
mod write;

pub use definition::{LookupDefinition, MatchType};
pub use snapshot::LookupSnapshot;
pub use write::{KEY, WriteOptions, Written};

pub(super) use definition::{HONOURED, is_lookup};
pub(super) use store::{LookupStore, Shelf};
pub(super) use write::{lock_folder, write_path};

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use matching::Index;
use table::TableData;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// What a lookup gives for one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupMatch {
    /// This row of the table.
    Row(usize),
    /// Too few rows match: every output field is the definition's `default_match`.
    Default,
}

/// A table together with how it is matched.
#[derive(Debug)]
pub struct LookupTable {
    definition: LookupDefinition,
    data: Arc<TableData>,
    /// The path as diagnostics print it.
    path: String,
    warnings: Vec<Diagnostic>,
    /// An index for each set of key columns that was asked for.
    indexes: Mutex<Vec<Arc<Index>>>,
    /// The times of the rows, if the lookup is bounded by time; read when they are first asked for.
    times: OnceLock<Vec<Option<f64>>>,
}

impl LookupTable {
    fn new(
        definition: LookupDefinition,
        data: Arc<TableData>,
        path: String,
        warnings: Vec<Diagnostic>,
    ) -> LookupTable {
        let (indexes, times) = (Mutex::default(), OnceLock::new());
        LookupTable { definition, data, path, warnings, indexes, times }
    }

    /// How the table is matched, and where that was said.
    pub fn definition(&self) -> &LookupDefinition {
        &self.definition
    }

    /// The table's file as diagnostics print it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was repaired in the file while reading it.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The names of the columns, in the file's order.
    pub fn columns(&self) -> &[Text] {
        &self.data.columns
    }

    /// The number of a column.
    ///
    /// # Errors
    /// The table does not have it.
    pub fn column(&self, name: &str) -> Result<usize> {
        self.data.column(name).ok_or_else(|| {
            let message = format!("the lookup `{}` has no column `{name}`", self.definition.name);
            let problem = Diagnostic::error(Code::LookupField, message).in_file(&self.path, Some(1));
            match nearest_column(name, self.columns()) {
                Some(help) => problem.help(help),
                None => problem,
            }
        })
    }

    /// How many rows the table has.
    pub fn rows(&self) -> usize {
        self.data.rows()
    }

    /// The cells of a row (from 0), as many as columns; an empty cell is no value. Nothing beyond the last.
    pub fn row(&self, row: usize) -> &[Text] {
        self.data.row(row)
    }

    /// What an output field is for a match; none where the cell is empty.
    pub fn output(&self, found: LookupMatch, column: usize) -> Option<&Text> {
        let text = match found {
            LookupMatch::Row(row) => self.data.row(row).get(column)?,
            LookupMatch::Default => &self.definition.default_match,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The rows that match all keys, each a column's number and the value it is to match. For many inputs of
    /// the same columns use [`LookupTable::matcher`].
    pub fn find(&self, keys: &[(usize, &str)]) -> Vec<LookupMatch> {
        let columns: Vec<usize> = keys.iter().map(|(column, _)| *column).collect();
        let values: Vec<&str> = keys.iter().map(|(_, value)| *value).collect();
        self.matcher(&columns).find(&values)
    }

    /// What finds rows by these columns. The table is gone through the first time they are asked for.
    pub fn matcher(&self, columns: &[usize]) -> LookupMatcher<'_> {
        LookupMatcher { table: self, index: self.index(columns) }
    }

    /// What comes of an input that matches nothing: defaults, if the definition asks for any.
    pub fn none(&self) -> Vec<LookupMatch> {
        self.filled_up(Vec::new())
    }

    fn filled_up(&self, mut found: Vec<LookupMatch>) -> Vec<LookupMatch> {
        if found.len() < self.definition.min_matches {
            found.resize(self.definition.min_matches, LookupMatch::Default);
        }
        found
    }

    fn index(&self, columns: &[usize]) -> Arc<Index> {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indexes.iter().find(|index| index.columns() == columns) {
            return Arc::clone(index);
        }
        let kind = |column: usize| {
            let name = self.data.columns.get(column).map_or("", |name| name.as_str());
            (column, self.definition.match_type(name))
        };
        let columns: Vec<_> = columns.iter().copied().map(kind).collect();
        let index = Arc::new(Index::build(&self.data, &columns, self.definition.case_sensitive));
        indexes.push(Arc::clone(&index));
        index
    }
}

/// Finds the rows of a table by a set of columns.
#[derive(Clone, Debug)]
pub struct LookupMatcher<'t> {
    table: &'t LookupTable,
    index: Arc<Index>,
}

impl LookupMatcher<'_> {
    /// The rows that match all values, one for each column: the first `max_matches` of them in the table's
    /// order, filled up with defaults to `min_matches`. An input of which a field is missing never comes
    /// here: it matches nothing, which is [`LookupTable::none`].
    pub fn find(&self, values: &[&str]) -> Vec<LookupMatch> {
        let rows = self.index.find(values, self.table.definition.max_matches);
        self.table.filled_up(rows.into_iter().map(LookupMatch::Row).collect())
    }
}

impl LookupMatcher<'_> {
    /// The same for an event of a time, where the lookup is bounded by time: of the rows that are there then, the
    /// `max_matches` latest. An event without a time finds none.
    pub fn find_at(&self, values: &[&str], time: Option<f64>) -> Vec<LookupMatch> {
        let Some(bounds) = &self.table.definition.time else { return self.find(values) };
        let Some(time) = time else { return self.table.none() };
        let times = self.table.times.get_or_init(|| bounds::times(&self.table.data, bounds));
        let time_of = |row: usize| times.get(row).copied().flatten();
        let mut rows: Vec<(f64, usize)> = self
            .index
            .find(values, usize::MAX)
            .into_iter()
            .filter_map(|row| Some((time_of(row)?, row)))
            .filter(|(of_row, _)| (bounds.later.0..=bounds.later.1).contains(&(time - of_row)))
            .collect();
        // Rows of one time stay in the table's order.
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        rows.truncate(self.table.definition.max_matches);
        self.table.filled_up(rows.into_iter().map(|(_, row)| LookupMatch::Row(row)).collect())
    }
}

fn nearest_column(name: &str, columns: &[Text]) -> Option<String> {
    let names = || columns.iter().map(|name| name.as_str());
    match crate::diagnostic::nearest(name, names()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if columns.is_empty() => Some("the table is empty".to_string()),
        None => Some(format!("its columns are {}", names().collect::<Vec<_>>().join(", "))),
    }
}
