//! Summary indexes: files of events in the `summary/` of the app that tables are written to, which `collect`
//! adds to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::app::is_plain_name;
use super::lookup::lock_folder;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::io::replace_file;

/// The file of an index in `app`.
///
/// # Errors
/// An index with a folder in its name.
pub(super) fn path_of(app: &Path, index: &str, ending: &str) -> Result<PathBuf> {
    let file = format!("{index}.{ending}");
    if !index.is_empty() && is_plain_name(&file) {
        return Ok(app.join("summary").join(file));
    }
    let message = format!("`{index}` is not the name of an index: it has a file in the summary/ of an app");
    Err(Diagnostic::error(Code::LookupPath, message).help("write the name without a folder"))
}

/// Adds lines to a file: all of them or none, one run at a time.
pub(super) fn append(path: &Path, lines: &str) -> Result<()> {
    let add = || -> io::Result<()> {
        let _lock = lock_folder(path)?;
        let old = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            other => other?,
        };
        replace_file(path, |out| {
            out.write_all(&old)?;
            out.write_all(lines.as_bytes())
        })
    };
    add().map_err(|error| {
        Diagnostic::error(Code::LookupWrite, format!("the events cannot be written: {error}"))
            .in_file(path.display().to_string(), None)
    })
}
