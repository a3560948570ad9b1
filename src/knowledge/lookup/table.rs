//! The rows of a lookup table, as they are read from a CSV file.

use std::borrow::Cow;
use std::io::{self, Read};

use encoding_rs::{UTF_8, WINDOWS_1252};
use hashbrown::HashSet;

use super::super::app::Place;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::io::{marked, unmarked};
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

    /// Reads a table: CSV with a header, gzip or not, lines that end in `\n`, `\r\n` or `\r`, with a byte-order
    /// mark or none, also of UTF-16, blanks behind its commas or none. `shown` is
    /// the path that diagnostics print.
    ///
    /// What is not as it should be is repaired and said: rows with too few or too many cells, columns without
    /// a name or with a name that another has, text that is not UTF-8. A quotation mark that nothing closes is said:
    /// what follows it is one cell.
    ///
    /// # Errors
    /// The file cannot be read or unpacked to its end.
    pub fn read(place: &Place, shown: &str) -> Result<(TableData, Vec<Diagnostic>)> {
        let unreadable = |error: io::Error| {
            Diagnostic::error(Code::LookupFile, format!("the lookup table cannot be read: {error}"))
                .in_file(shown, None)
        };
        let bytes = place.read().and_then(unpack).map_err(unreadable)?;
        let of_utf16 = marked(&bytes).filter(|encoding| *encoding != UTF_8);
        let of_utf16 = of_utf16.map(|encoding| encoding.decode(&bytes).0);
        let bytes = of_utf16.as_ref().map_or(bytes.as_ref(), |text| text.as_bytes());
        let bytes = without_leading_blanks(unmarked(bytes));
        let bytes = bytes.as_ref();
        let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        let mut trouble = Trouble::default();
        let mut table = TableData::default();
        let mut kept: Vec<bool> = Vec::new();
        let mut known = Known::default();
        let (mut first, mut last) = (true, 0);
        while csv.read_byte_record(&mut record).map_err(|error| unreadable(error.into()))? {
            let at = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
            last = at;
            if !first {
                trouble.check_width(record.len(), kept.len(), at);
            }
            let cells = record.iter().map(|cell| decode(cell, at, &mut known, &mut trouble));
            if first {
                first = false;
                let names: Vec<Text> = cells.collect();
                kept = table.read_header(names, at, &mut trouble);
            } else {
                table.add_row(cells, &kept);
            }
        }
        trouble.open_quote = open_quote(bytes.get(last..).unwrap_or(&[])).map(|at| last + at);
        Ok((table, trouble.into_diagnostics(bytes, shown)))
    }

    /// Sets the columns and says which cells of a row belong to one.
    fn read_header(&mut self, names: Vec<Text>, at: usize, trouble: &mut Trouble) -> Vec<bool> {
        let mut kept = Vec::with_capacity(names.len());
        for name in names {
            let name = Text::from(name.trim());
            let keep = !name.is_empty() && !self.columns.contains(&name);
            if keep {
                self.columns.push(name);
            } else {
                trouble.columns.add(at);
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

/// Blanks before a cell are not part of it: published tables have a blank behind each comma (`*/etc/passwd*, yes`), and
/// published searches ask for the value without it. Between quotation marks they are.
fn without_leading_blanks(bytes: &[u8]) -> Cow<'_, [u8]> {
    let blank = |byte: u8| matches!(byte, b' ' | b'\t');
    let ends = |byte: u8| matches!(byte, b',' | b'\n' | b'\r');
    // Few tables have any, and few bytes are blanks.
    let begins = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(|byte| ends(*byte));
    if !memchr::memchr2_iter(b' ', b'\t', bytes).any(begins) {
        return Cow::Borrowed(bytes);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = Cell::Begins;
    for &byte in bytes {
        at = match (at, byte) {
            (Cell::Begins, _) if blank(byte) => continue,
            (Cell::Begins | Cell::QuoteSeen, b'"') => Cell::Quoted,
            (Cell::Quoted, b'"') => Cell::QuoteSeen,
            (Cell::Quoted, _) => Cell::Quoted,
            (Cell::Begins | Cell::Bare | Cell::QuoteSeen, _) if ends(byte) => Cell::Begins,
            (Cell::Begins | Cell::Bare | Cell::QuoteSeen, _) => Cell::Bare,
        };
        kept.push(byte);
    }
    Cow::Owned(kept)
}

/// Where in a cell of a CSV file a reader is.
#[derive(Clone, Copy)]
enum Cell {
    Begins,
    Bare,
    Quoted,
    /// Behind a mark between marks: another one is a letter, anything else is behind the cell.
    QuoteSeen,
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

/// The line (from 1) of a place in a file, or of the first text behind it: a record's place is that of the blank
/// lines before it.
fn line_of(at: usize, bytes: &[u8]) -> u64 {
    let after = bytes.get(at..).unwrap_or_default();
    let blank = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let before = bytes.get(..at + blank).unwrap_or(bytes);
    let newlines = memchr::memchr_iter(b'\n', before).count();
    let returns = memchr::memchr_iter(b'\r', before).filter(|at| before.get(at + 1) != Some(&b'\n')).count();
    1 + (newlines + returns) as u64
}

/// Where in a record the quotation mark stands that nothing closes.
fn open_quote(record: &[u8]) -> Option<usize> {
    let (mut value, mut open, mut begins, mut before) = (0, false, true, 0);
    for (at, &byte) in record.iter().enumerate() {
        match byte {
            b'"' if open => open = false,
            b'"' if begins => (value, open) = (at, true),
            // Behind the mark that closes a value another one opens it again: it stood for itself.
            b'"' => open = before == b'"',
            _ => {}
        }
        begins = !open && matches!(byte, b',' | b'\n' | b'\r');
        before = byte;
    }
    open.then_some(value)
}

/// Texts that were met and may come again: they are kept once.
#[derive(Default)]
struct Known(HashSet<Text, foldhash::fast::RandomState>);

/// So many texts are remembered: a column in which none comes again is not worth more.
const REMEMBERED: usize = 1 << 16;

/// Shorter texts are no larger than what would point to them.
const SHORT: usize = 15;

impl Known {
    fn text(&mut self, cell: &str) -> Text {
        if cell.len() <= SHORT {
            return cell.into();
        }
        if let Some(known) = self.0.get(cell) {
            return known.clone();
        }
        let text = Text::from(cell);
        if self.0.len() < REMEMBERED {
            self.0.insert(text.clone());
        }
        text
    }
}

/// A cell's text: what is not UTF-8 was written on Windows, as far as anybody can say.
fn decode(cell: &[u8], at: usize, known: &mut Known, trouble: &mut Trouble) -> Text {
    match std::str::from_utf8(cell) {
        Ok(text) => known.text(text),
        Err(_) => {
            trouble.not_utf8.add(at);
            WINDOWS_1252.decode_without_bom_handling(cell).0.as_ref().into()
        }
    }
}

/// How often something was repaired, and where first.
#[derive(Default)]
struct Count {
    times: u64,
    /// The place in the file.
    first: usize,
}

impl Count {
    fn add(&mut self, at: usize) {
        if self.times == 0 {
            self.first = at;
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
    /// Where a quotation mark is that nothing closes.
    open_quote: Option<usize>,
}

impl Trouble {
    fn check_width(&mut self, cells: usize, columns: usize, at: usize) {
        match cells.cmp(&columns) {
            std::cmp::Ordering::Less => self.short.add(at),
            std::cmp::Ordering::Greater => self.long.add(at),
            std::cmp::Ordering::Equal => {}
        }
    }

    fn into_diagnostics(self, bytes: &[u8], shown: &str) -> Vec<Diagnostic> {
        let warning = |code, message: &str, at| {
            Diagnostic::warning(code, message).in_file(shown, Some(line_of(at, bytes)))
        };
        let open = "a quotation mark is not closed: all that follows it is one cell";
        let open = self.open_quote.map(|at| warning(Code::LookupRow, open, at));
        let said = |count: Count, code, one: &str, many: &str| {
            let message = match count.times {
                0 => return None,
                1 => one.to_string(),
                times => format!("{times} {many}, the first here"),
            };
            Some(warning(code, &message, count.first))
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
                "a cell is not UTF-8 and is read as Windows-1252",
                "cells are not UTF-8 and are read as Windows-1252",
            ),
            open,
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
        // A blank behind a comma is not of the cell, one between marks is.
        let (table, _) = read(b"a, b\n 1, yes \n\" 2\",\t\"x\"\", \n y\"\n, \n");
        assert_eq!(table.columns, ["a", "b"]);
        assert_eq!(
            (table.row(0), table.row(1)),
            (&["1".into(), "yes ".into()][..], &[" 2".into(), "x\", \n y".into()][..])
        );
        assert_eq!(table.row(2), ["", ""]);
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
    fn lines_may_end_in_returns() {
        let (table, warnings) = read(b"a,b\r1,2\r3,4,5\r");
        assert_eq!(
            (table.rows(), table.row(0), table.row(1)),
            (2, &["1".into(), "2".into()][..], &["3".into(), "4".into()][..])
        );
        assert_eq!(warnings[0].place.as_deref(), Some("t.csv:3"));
    }

    #[test]
    fn a_quotation_mark_that_nothing_closes_is_said() {
        let (table, warnings) = read(b"a,b\n1,\"x\"\n2,\"y\n3,z\n");
        assert_eq!((table.rows(), table.row(1)), (2, &["2".into(), "y\n3,z\n".into()][..]));
        let told: Vec<_> = warnings.iter().map(|it| (it.code, it.place.as_deref())).collect();
        assert_eq!(told, [(Code::LookupRow, Some("t.csv:3"))]);
        for closed in
            [&b"a\n\"x\""[..], b"a\n\"x\"\"y\"\n", b"a,b\n1,2\"\n", b"a\n\"\"\n", b"a\nx\"y\n", b"\"a\"\n"]
        {
            assert_eq!(open_quote(closed), None, "{closed:?}");
        }
        for (open, at) in [(&b"\"x"[..], 0), (b"1,\"x\"\"", 2), (b"\"a\",\"", 4)] {
            assert_eq!(open_quote(open), Some(at), "{open:?}");
        }
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
        let (table, warnings) = read(b"a,b\n\x80 \xe9,\xc3\xa9\n");
        assert_eq!(table.row(0), ["€ é", "é"]);
        assert_eq!(warnings[0].place.as_deref(), Some("t.csv:2"));
        assert_eq!(warnings[0].message, "a cell is not UTF-8 and is read as Windows-1252");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(b"a\n1\n").unwrap();
        let packed: &'static [u8] = Vec::leak(packed.finish().unwrap());
        assert_eq!(read(packed).0.row(0), ["1"]);
        let cut = Place::BuiltIn(&packed[..packed.len() - 6]);
        let error = TableData::read(&cut, "t.csv.gz").unwrap_err();
        assert_eq!((error.code, error.place.as_deref()), (Code::LookupFile, Some("t.csv.gz")));
    }
}
