//! Rows as comma-separated values.

use std::io::{self, Write};

use super::for_each_row;
use crate::batch::Batch;
use crate::value::Text;

/// A header and a line for each row. Without columns there is nothing to write.
pub fn write(batches: &[Batch], columns: &[Text], out: &mut dyn Write) -> io::Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(columns.iter().map(Text::as_str)).map_err(cause)?;
    for_each_row(batches, columns, |cells| {
        for cell in cells {
            writer.write_field(cell.to_text().as_bytes()).map_err(cause)?;
        }
        writer.write_record(None::<&[u8]>).map_err(cause)
    })?;
    writer.flush()
}

/// What went wrong beneath, of its own kind: a closed pipe is told by it.
fn cause(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
