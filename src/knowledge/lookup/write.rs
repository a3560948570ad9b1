//! Writing a lookup table: all of it or nothing, one run at a time.
//!
//! The table is written beside its place, brought to disk and renamed: whoever reads sees the old table or
//! the new one, also after a crash. A lock on `lookups/.lock` keeps two runs from mixing what they append.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hashbrown::HashMap;

use super::super::app::{App, file_in};
use super::definition::LookupDefinition;
use super::multivalue;
use super::store::Shelf;
use super::table::TableData;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::io::replace_file;
use crate::value::{Text, Value};

/// The options of `outputlookup` that concern the table (Search Reference, `outputlookup`).
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    /// Adds to what is there, under the columns that are there: new columns are lost, missing cells empty.
    pub append: bool,
    /// Without any row, whether an empty table is written; else the table is taken away.
    pub create_empty: bool,
    /// Without any row, whether the table that is there is touched at all.
    pub override_if_empty: bool,
    /// Whether the values of a multivalue field can be told apart again: see [`multivalue`].
    pub multivalues: bool,
    /// Whether a row that is added to a KV store collection takes the place of one with the same `_key`; else
    /// that one is kept.
    pub allow_updates: bool,
}

impl Default for WriteOptions {
    fn default() -> WriteOptions {
        WriteOptions {
            append: false,
            create_empty: false,
            override_if_empty: true,
            multivalues: false,
            allow_updates: true,
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The table's file.
    pub path: PathBuf,
    /// How many rows were given.
    pub rows: usize,
    /// Columns that were given and are not in the table, because it was appended to.
    pub lost_columns: Vec<Text>,
}

impl Shelf<'_> {
    /// Writes the table of a lookup into the `lookups/` of `app`, which is made if need be.
    ///
    /// Fields that begin with `_` are not written, except `_key` and `_time`. A multivalue field is written
    /// as its values with blanks between them, unless the options keep them apart.
    ///
    /// # Errors
    /// No such lookup, a table that was named on the command line, or one that cannot be written.
    pub fn write(
        self,
        app: &Path,
        name: &str,
        columns: &[Text],
        rows: impl IntoIterator<Item = Vec<Value>>,
        options: WriteOptions,
    ) -> Result<Written> {
        let definition = self.definition_to_write(name)?;
        let given = Given::new(columns, rows, is_written, options.multivalues);
        let path = write_path(app, &definition);
        let target = Target { what: format!("the lookup `{name}`"), path: &path };
        let written = target.locked(|| {
            let existing = match self.find_file(&definition)? {
                Some((place, shown)) if options.append => Some(TableData::read(&place, &shown)?.0),
                _ => None,
            };
            let fields = definition.collection_fields.as_deref();
            let (existing, given) = match existing {
                Some(records) if fields.is_some() && !given.rows.is_empty() => {
                    (None, given.added_to(&records, options.allow_updates))
                }
                existing => (existing, given),
            };
            target.write(existing, fields, given, options, || self.elsewhere(&definition, &path))
        });
        self.store.forget();
        written
    }

    /// Whether another app has a table of this name, which would come to light if this one were removed.
    fn elsewhere(self, definition: &LookupDefinition, path: &Path) -> Result<bool> {
        let own = path.parent().and_then(Path::parent);
        let others: Vec<App> = self.apps.iter().filter(|app| !is_same(app.folder(), own)).cloned().collect();
        match self.find_in(&others, definition)? {
            Some((place, shown)) => Ok(TableData::read(&place, &shown)?.0.rows() > 0),
            None => Ok(false),
        }
    }
}

/// Writes rows as they are into a file of a folder of `app`, which is made if need be: all columns, and
/// nothing at all where there are no rows.
///
/// # Errors
/// The file cannot be written; then the old one is still there.
pub(super) fn write_file(
    app: &Path,
    (folder, file): (&str, &str),
    columns: &[Text],
    rows: impl IntoIterator<Item = Vec<Value>>,
    options: WriteOptions,
) -> Result<Written> {
    let mut given = Given::new(columns, rows, |_| true, options.multivalues);
    if given.rows.is_empty() {
        given.columns.clear();
    }
    let path = app.join(folder).join(file);
    let target = Target { what: format!("`{file}`"), path: &path };
    target.locked(|| {
        let existing = match file_in(app, folder, file)? {
            Some((place, shown)) if options.append => Some(TableData::read(&place, &shown)?.0),
            _ => None,
        };
        target.write(existing, None, given, options, || Ok(false))
    })
}

/// A file that is to be written.
struct Target<'t> {
    /// What diagnostics call it.
    what: String,
    path: &'t Path,
}

impl Target<'_> {
    fn failed(&self, error: io::Error) -> Diagnostic {
        Diagnostic::error(Code::LookupWrite, format!("{} cannot be written: {error}", self.what))
            .in_file(self.path.display().to_string(), None)
    }

    /// Does something while no other run writes into the folder, which is made if need be.
    fn locked<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let _lock = lock_folder(self.path).map_err(|error| self.failed(error))?;
        work()
    }

    /// Writes the table after the rows of the existing one, if any. Without rows the file is taken away, or
    /// written without rows where `keep` says so.
    fn write(
        &self,
        existing: Option<TableData>,
        fields: Option<&[Text]>,
        given: Given,
        options: WriteOptions,
        keep: impl FnOnce() -> Result<bool>,
    ) -> Result<Written> {
        let mut written =
            Written { path: self.path.to_path_buf(), rows: given.rows.len(), lost_columns: Vec::new() };
        let existing = existing.filter(|table| !table.columns.is_empty());
        if given.rows.is_empty() && (existing.is_some() || !options.override_if_empty) {
            return Ok(written);
        }
        if given.rows.is_empty() && !options.create_empty && !keep()? {
            match fs::remove_file(self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(self.failed(error)),
                _ => return Ok(written),
            }
        }
        let header = match (&existing, fields) {
            (Some(table), _) => table.columns.as_slice(),
            (None, Some(fields)) if given.columns.is_empty() => fields,
            _ => given.columns.as_slice(),
        };
        written.lost_columns = given.columns.iter().filter(|name| !header.contains(name)).cloned().collect();
        replace(self.path, |file| write_csv(file, header, existing.as_ref(), &given))
            .map_err(|error| self.failed(error))?;
        Ok(written)
    }
}

/// Makes the folder of a file and locks it for one run.
pub(in super::super) fn lock_folder(path: &Path) -> io::Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let lock = File::create(folder.join(".lock"))?;
    lock.lock()?;
    Ok(lock)
}

fn is_same(a: Option<&Path>, b: Option<&Path>) -> bool {
    match (a.map(Path::canonicalize), b.map(Path::canonicalize)) {
        (Some(Ok(a)), Some(Ok(b))) => a == b,
        _ => false,
    }
}

/// The file of a table that is written into an app.
pub(in super::super) fn write_path(app: &Path, definition: &LookupDefinition) -> PathBuf {
    app.join("lookups").join(definition.file.as_str())
}

/// What is to be written, as text.
struct Given {
    columns: Vec<Text>,
    rows: Vec<Vec<Text>>,
}

impl Given {
    fn new(
        columns: &[Text],
        rows: impl IntoIterator<Item = Vec<Value>>,
        is_written: fn(&str) -> bool,
        multivalues: bool,
    ) -> Given {
        let kept: Vec<bool> = columns.iter().map(|name| is_written(name)).collect();
        let own = |row: Vec<Value>| -> Vec<Value> {
            row.into_iter().zip(&kept).filter(|(_, keep)| **keep).map(|(value, _)| value).collect()
        };
        let mut columns: Vec<Text> = columns.iter().filter(|name| is_written(name)).cloned().collect();
        let rows = rows.into_iter().map(own);
        if !multivalues {
            let row = |row: Vec<Value>| row.iter().map(|value| joined(value, " ")).collect();
            return Given { columns, rows: rows.map(row).collect() };
        }
        let rows: Vec<Vec<Value>> = rows.collect();
        let several = |at: usize| rows.iter().any(|row| matches!(row.get(at), Some(Value::Multi(_))));
        let apart: Vec<usize> = (0..columns.len()).filter(|&at| several(at)).collect();
        let row = |row: &Vec<Value>| {
            let cells = row.iter().map(|value| joined(value, "\n"));
            let apart = apart.iter().map(|&at| row.get(at).map_or_else(Text::default, values_apart));
            cells.chain(apart).collect()
        };
        let rows = rows.iter().map(row).collect();
        let names = apart.iter().filter_map(|&at| columns.get(at));
        let names: Vec<Text> = names.map(|name| format!("{}{name}", multivalue::PREFIX).into()).collect();
        columns.extend(names);
        Given { columns, rows }
    }
}

impl Given {
    /// The records of a collection with these rows added: a row takes the place of the record with its `_key`,
    /// or is left out where records are not updated. Records may have fields of their own.
    fn added_to(self, records: &TableData, allow_updates: bool) -> Given {
        let mut columns = records.columns.clone();
        columns.extend(self.columns.iter().filter(|name| !records.columns.contains(name)).cloned());
        let key_of = |columns: &[Text], row: &[Text]| {
            let at = columns.iter().position(|name| name == KEY)?;
            row.get(at).filter(|key| !key.is_empty()).cloned()
        };
        let mut all: Vec<Vec<Text>> = Vec::new();
        let mut by_key: HashMap<Text, usize> = HashMap::new();
        for row in (0..records.rows()).map(|row| records.row(row)) {
            let mut row = row.to_vec();
            row.resize(columns.len(), Text::default());
            if let Some(key) = key_of(&columns, &row) {
                by_key.insert(key, all.len());
            }
            all.push(row);
        }
        let places: Vec<_> =
            columns.iter().map(|name| self.columns.iter().position(|column| column == name)).collect();
        for row in self.rows {
            let cell = |place: &Option<usize>| place.and_then(|at| row.get(at)).cloned().unwrap_or_default();
            let row: Vec<Text> = places.iter().map(cell).collect();
            let key = key_of(&columns, &row);
            match key.as_ref().and_then(|key| by_key.get(key)).and_then(|&at| all.get_mut(at)) {
                Some(record) if allow_updates => *record = row,
                Some(_) => {}
                None => {
                    by_key.extend(key.map(|key| (key, all.len())));
                    all.push(row);
                }
            }
        }
        Given { columns, rows: all }
    }
}

/// The field that tells the records of a collection apart.
pub const KEY: &str = "_key";

fn is_written(column: &str) -> bool {
    !column.starts_with('_') || column == KEY || column == "_time"
}

fn joined(value: &Value, between: &str) -> Text {
    match value {
        Value::Multi(values) => {
            let parts: Vec<_> = values.iter().map(Value::to_text).collect();
            parts.join(between).into()
        }
        one => one.to_text().as_ref().into(),
    }
}

/// The cell that keeps several values apart; empty for one.
fn values_apart(value: &Value) -> Text {
    let Value::Multi(values) = value else { return Text::default() };
    let texts: Vec<_> = values.iter().map(Value::to_text).collect();
    multivalue::encode(texts.iter().map(AsRef::as_ref))
}

fn write_csv(
    file: &mut dyn Write,
    header: &[Text],
    existing: Option<&TableData>,
    given: &Given,
) -> io::Result<()> {
    if header.is_empty() {
        return Ok(());
    }
    // A blank before a bare cell would not be read again.
    let blank = |cell: &Text| cell.as_str().starts_with([' ', '\t']);
    let kept = existing.into_iter().flat_map(|table| (0..table.rows()).flat_map(|row| table.row(row)));
    let style = match header.iter().chain(kept).chain(given.rows.iter().flatten()).any(blank) {
        true => csv::QuoteStyle::Always,
        false => csv::QuoteStyle::Necessary,
    };
    let mut csv = csv::WriterBuilder::new().quote_style(style).from_writer(file);
    csv.write_record(header.iter().map(|cell| cell.as_bytes()))?;
    if let Some(table) = existing {
        for row in 0..table.rows() {
            csv.write_record(table.row(row).iter().map(|cell| cell.as_bytes()))?;
        }
    }
    let places: Vec<Option<usize>> =
        header.iter().map(|name| given.columns.iter().position(|column| column == name)).collect();
    for row in &given.rows {
        let cell = |place: &Option<usize>| place.and_then(|at| row.get(at)).map_or("", |cell| cell.as_str());
        csv.write_record(places.iter().map(cell))?;
    }
    csv.flush()
}

/// Replaces a table as a whole; one whose name ends in `gz` is compressed.
fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    replace_file(path, |out| {
        if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz")) {
            return write(out);
        }
        let mut packed = flate2::write::GzEncoder::new(out, flate2::Compression::default());
        write(&mut packed)?;
        packed.finish().map(drop)
    })
}
