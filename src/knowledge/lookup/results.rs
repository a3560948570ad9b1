//! Files of results, which `outputcsv` writes and `inputcsv` reads: the `csv/` of the app that tables are written to.

use std::path::Path;
use std::sync::Arc;

use super::super::app::{file_in, is_plain_name, is_table_name};
use super::definition::LookupDefinition;
use super::table::TableData;
use super::write::write_file;
use super::{LookupTable, WriteOptions, Written};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::{Text, Value};

/// The folder of an app that they stand in.
pub(in super::super) const FOLDER: &str = "csv";

/// The file of a name, which `.csv` is added to where it is missing.
pub(in super::super) fn file_of(name: &str) -> Result<Text> {
    let file = if is_table_name(name) { Text::from(name) } else { format!("{name}.csv").into() };
    if is_plain_name(&file) {
        return Ok(file);
    }
    let message = format!("`{name}` is not the name of a file: results stand in the csv/ of an app");
    Err(Diagnostic::error(Code::LookupPath, message).help("write the file's name without a folder"))
}

/// The rows of a file; none if it does not exist.
pub(in super::super) fn read(app: &Path, file: &str) -> Result<Option<Arc<LookupTable>>> {
    let Some((place, shown)) = file_in(app, FOLDER, file)? else { return Ok(None) };
    let (data, warnings) = TableData::read(&place, &shown)?;
    let definition = LookupDefinition::of_file(file, file);
    Ok(Some(Arc::new(LookupTable::new(definition, Arc::new(data), shown, warnings))))
}

/// Writes rows into a file: all of it or nothing.
pub(in super::super) fn write(
    app: &Path,
    file: &str,
    columns: &[Text],
    rows: impl IntoIterator<Item = Vec<Value>>,
    options: WriteOptions,
) -> Result<Written> {
    write_file(app, (FOLDER, file), columns, rows, options)
}
