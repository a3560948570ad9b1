//! Summary indexes: files of events in the `summary/` of the app that tables are written to, which `collect`
//! adds to.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::app::is_plain_name;
use super::lookup::lock_folder;
use crate::diagnostic::{Code, Diagnostic, Result};

/// The file of an index in `app`.
///
/// # Errors
/// An index with a folder in its name.
pub(super) fn path_of(app: &Path, index: &str, file: &str) -> Result<PathBuf> {
    let message = if index.is_empty() || !is_plain_name(index) {
        format!("`{index}` is not the name of an index: it has a file in the summary/ of an app")
    } else if is_plain_name(file) {
        return Ok(app.join("summary").join(file));
    } else {
        format!("`{file}` is not a name for a file in the summary/ of an app")
    };
    Err(Diagnostic::error(Code::LookupPath, message).help("write the name without a folder"))
}

/// Adds lines to a file, one run at a time: all of them, or none where they cannot be written.
pub(super) fn append(path: &Path, lines: &str) -> Result<()> {
    let add = || -> io::Result<()> {
        let _lock = lock_folder(path)?;
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        let before = file.metadata()?.len();
        let added = file.write_all(lines.as_bytes()).and_then(|()| file.sync_all());
        if added.is_err() {
            // What there is of them must not be taken for an event: the first failure is the one that is told.
            let _ = file.set_len(before);
        }
        added
    };
    add().map_err(|error| {
        Diagnostic::error(Code::LookupWrite, format!("the events cannot be written: {error}"))
            .in_file(path.display().to_string(), None)
    })
}
