//! The rows of a lookup table, as they are read from a CSV file.

use std::borrow::Cow;
use std::io::{self, Read};

use super::super::app::Place;
use super::super::conf::decode_utf16;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// The columns and cells of a table. All is text; an empty cell is no value.
#[derive(Debug, Default)]
pub(super) struct TableData {
    pub columns: Vec<Text>,
    /// Row by row, each as wide as the columns.
    cells: Vec<Text>,
    rows: usize,
}

impl TableData {
    /// A table without rows.
    pub fn empty(columns: Vec<Text>) -> TableData {
        TableData { columns, ..TableData::default() }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn row(&self, row: usize) -> &[Text] {
        let width = self.columns.len();
        let start = row.saturating_mul(width);
        self.cells.get(start..start.saturating_add(width)).unwrap_or(&[])
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Keeps the rows for which the mask says so.
    pub fn keep(&mut self, mask: &[bool]) {
        let width = self.columns.len().max(1);
        let rows = self.cells.chunks(width).zip(mask).filter(|(_, keep)| **keep);
        self.cells = rows.flat_map(|(cells, _)| cells.iter().cloned()).collect();
        self.rows = mask.iter().filter(|keep| **keep).count();
    }

    /// Reads a table: CSV with a header, gzip or not, `\n` or `\r\n`, a byte-order mark or none. `shown` is
    /// the path that diagnostics print.
    ///
    /// What is not as it should be is repaired and said: rows with too few or too many cells, columns without
    /// a name or with a name that another has, text that is not UTF-8.
    ///
    /// # Errors
    /// The file cannot be read or unpacked to its end.
    pub fn read(place: &Place, shown: &str) -> Result<(TableData, Vec<Diagnostic>)> {
        let unreadable = |error: io::Error| {
            Diagnostic::error(Code::LookupFile, format!("the lookup table cannot be read: {error}"))
                .in_file(shown, None)
        };
        let bytes = place.read().and_then(unpack).map_err(unreadable)?;
        let of_utf16 = decode_utf16(&bytes);
        let bytes = of_utf16.as_ref().map_or(bytes.as_ref(), String::as_bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        let mut trouble = Trouble::default();
        let mut table = TableData::default();
        let mut kept: Vec<bool> = Vec::new();
        let mut first = true;
        while csv.read_byte_record(&mut record).map_err(|error| unreadable(error.into()))? {
            let line = line_of(record.position(), bytes);
            if !first {
                trouble.check_width(record.len(), kept.len(), line);
            }
            let cells = record.iter().map(|cell| decode(cell, line, &mut trouble));
            if first {
                first = false;
                let names: Vec<Text> = cells.collect();
                kept = table.read_header(names, line, &mut trouble);
            } else {
                table.add_row(cells, &kept);
            }
        }
        Ok((table, trouble.into_diagnostics(shown)))
    }

    /// Sets the columns and says which cells of a row belong to one.
    fn read_header(&mut self, names: Vec<Text>, line: u64, trouble: &mut Trouble) -> Vec<bool> {
        let mut kept = Vec::with_capacity(names.len());
        for name in names {
            let name = Text::from(name.trim());
            let keep = !name.is_empty() && !self.columns.contains(&name);
            if keep {
                self.columns.push(name);
            } else {
                trouble.columns.add(line);
            }
            kept.push(keep);
        }
        kept
    }

    fn add_row(&mut self, cells: impl Iterator<Item = Text>, kept: &[bool]) {
        let cells = cells.chain(std::iter::repeat(Text::new()));
        self.cells.extend(cells.zip(kept).filter(|(_, keep)| **keep).map(|(cell, _)| cell));
        self.rows += 1;
    }
}

/// Unpacks gzip, told by its first two bytes: names lie.
fn unpack(bytes: Cow<'static, [u8]>) -> io::Result<Cow<'static, [u8]>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_ref()).read_to_end(&mut plain)?;
    Ok(Cow::Owned(plain))
}

/// The line (from 1) on which a record begins: its position is that of the blank lines before it.
fn line_of(position: Option<&csv::Position>, bytes: &[u8]) -> u64 {
    let Some(position) = position else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let before = bytes.get(from..).unwrap_or_default().iter();
    let blank =
        before.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + blank as u64
}

fn decode(cell: &[u8], line: u64, trouble: &mut Trouble) -> Text {
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => {
            trouble.not_utf8.add(line);
            String::from_utf8_lossy(cell).into()
        }
    }
}

/// How often something was repaired, and where first.
#[derive(Default)]
struct Count {
    times: u64,
    first: u64,
}

impl Count {
    fn add(&mut self, line: u64) {
        if self.times == 0 {
            self.first = line;
        }
        self.times += 1;
    }
}

#[derive(Default)]
struct Trouble {
    short: Count,
    long: Count,
    columns: Count,
    not_utf8: Count,
}

impl Trouble {
    fn check_width(&mut self, cells: usize, columns: usize, line: u64) {
        match cells.cmp(&columns) {
            std::cmp::Ordering::Less => self.short.add(line),
            std::cmp::Ordering::Greater => self.long.add(line),
            std::cmp::Ordering::Equal => {}
        }
    }

    fn into_diagnostics(self, shown: &str) -> Vec<Diagnostic> {
        let said = |count: Count, code, one: &str, many: &str| {
            let message = match count.times {
                0 => return None,
                1 => one.to_string(),
                times => format!("{times} {many}, the first here"),
            };
            Some(Diagnostic::warning(code, message).in_file(shown, Some(count.first)))
        };
        [
            said(
                self.columns,
                Code::LookupRow,
                "a column without a name of its own is left out",
                "columns without a name of their own are left out",
            ),
            said(
                self.short,
                Code::LookupRow,
                "a row has fewer cells than the header and is filled with empty ones",
                "rows have fewer cells than the header and are filled with empty ones",
            ),
            said(
                self.long,
                Code::LookupRow,
                "a row has more cells than the header and is cut",
                "rows have more cells than the header and are cut",
            ),
            said(
                self.not_utf8,
                Code::EventsNotUtf8,
                "a cell is not UTF-8; what cannot be read is shown as `\u{fffd}`",
                "cells are not UTF-8; what cannot be read is shown as `\u{fffd}`",
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &'static [u8]) -> (TableData, Vec<Diagnostic>) {
        TableData::read(&Place::BuiltIn(bytes), "t.csv").unwrap()
    }

    #[test]
    fn marks_line_ends_and_quotes() {
        let (table, warnings) = read(b"\xef\xbb\xbfa,b\r\n1,\"x\ny\"\r\n\r\n\"2\"\"\",\r\n");
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(table.columns, ["a", "b"]);
        assert_eq!(table.rows(), 2);
        assert_eq!(table.row(0), ["1", "x\ny"]);
        assert_eq!(table.row(1), ["2\"", ""]);
        assert!(table.row(2).is_empty());
        let of_windows: Vec<u8> =
            "\u{feff}a,b\r\n1,ä\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (table, warnings) = read(Vec::leak(of_windows));
        assert!(warnings.is_empty() && table.columns == ["a", "b"] && table.row(0) == ["1", "ä"]);
        // A mark before a quoted name.
        assert_eq!(read(b"\xef\xbb\xbf\"a\"\n1\n").0.columns, ["a"]);
    }

    #[test]
    fn ragged_rows_are_repaired_and_counted() {
        let (table, warnings) = read(b"a,b\n1\n1,2,3\n4\n");
        assert_eq!(
            (table.row(0), table.row(1), table.row(2)),
            (&["1".into(), "".into()][..], &["1".into(), "2".into()][..], &["4".into(), "".into()][..])
        );
        assert_eq!(warnings.len(), 2);
        assert_eq!(
            warnings[0].message,
            "2 rows have fewer cells than the header and are filled with empty ones, the first here"
        );
        assert_eq!(warnings[0].place.as_deref(), Some("t.csv:2"));
        assert_eq!(warnings[1].message, "a row has more cells than the header and is cut");
        assert_eq!(warnings[1].place.as_deref(), Some("t.csv:3"));
        // Blank lines are no rows, but they are lines.
        assert_eq!(read(b"a,b\n\n\r\n1,2\n1\n").1[0].place.as_deref(), Some("t.csv:5"));
        assert_eq!(read(b"a,b\n\n1\n").1[0].place.as_deref(), Some("t.csv:3"));
    }

    #[test]
    fn nameless_and_repeated_columns_are_left_out() {
        let (table, warnings) = read(b"a,,b,a,\n1,2,3,4,5\n");
        assert_eq!(table.columns, ["a", "b"]);
        assert_eq!(table.row(0), ["1", "3"]);
        assert_eq!(warnings[0].message, "3 columns without a name of their own are left out, the first here");
    }

    #[test]
    fn empty_not_utf8_and_gzip() {
        let (table, warnings) = read(b"");
        assert!(table.columns.is_empty() && table.rows() == 0 && warnings.is_empty());
        let (table, warnings) = read(b"a\n\xff\n");
        assert_eq!(table.row(0), ["\u{fffd}"]);
        assert_eq!(warnings[0].place.as_deref(), Some("t.csv:2"));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(b"a\n1\n").unwrap();
        let packed: &'static [u8] = Vec::leak(packed.finish().unwrap());
        assert_eq!(read(packed).0.row(0), ["1"]);
        let cut = Place::BuiltIn(&packed[..packed.len() - 6]);
        let error = TableData::read(&cut, "t.csv.gz").unwrap_err();
        assert_eq!((error.code, error.place.as_deref()), (Code::LookupFile, Some("t.csv.gz")));
    }
}
