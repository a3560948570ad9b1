//! Results on their way out.

mod csv;
mod json;
mod table;

use std::io;

use crate::batch::Batch;
use crate::value::{Text, Value};

/// Cells are small and a write to a pipe is not.
const BUFFER: usize = 64 * 1024;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for a person.
    Table,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// Comma-separated values with a header (RFC 4180, lines end with a line feed).
    Csv,
}

/// Writes the rows of all batches in turn.
///
/// The columns are those of all batches together, in their display order. In JSON a computed number is a
/// number as it prints, field text a string, a multivalue an array, and a null is left out. In CSV and
/// tables a null is empty and the values of a multivalue stand on lines of their own. `width` is the
/// terminal's, in columns: a table folds its cells to fit; without it lines are as long as they are.
///
/// # Errors
/// Those of `out`.
pub fn write(
    batches: &[Batch],
    format: Format,
    out: &mut dyn io::Write,
    width: Option<usize>,
) -> io::Result<()> {
    let columns = columns(batches);
    let out = &mut io::BufWriter::with_capacity(BUFFER, out);
    match format {
        // A person who looked for events and found none has no use for the names of all their fields.
        Format::Table if batches.iter().all(|batch| batch.rows() == 0 && !batch.ordered) => {}
        Format::Table => table::write(batches, &columns, out, width)?,
        Format::Json => json::write_array(batches, &columns, out)?,
        Format::Ndjson => json::write_lines(batches, &columns, out)?,
        Format::Csv => csv::write(batches, &columns, out)?,
    }
    io::Write::flush(out)
}

/// The columns of all batches together, in display order.
fn columns(batches: &[Batch]) -> Vec<Text> {
    let schemas: Vec<Batch> = batches.iter().map(|batch| batch.slice(0, 0)).collect();
    Batch::concat(&schemas).display_order().into_iter().cloned().collect()
}

/// Calls `with` on every row: its cells in the order of the columns.
fn for_each_row(
    batches: &[Batch],
    columns: &[Text],
    mut with: impl FnMut(&[std::borrow::Cow<'_, Value>]) -> io::Result<()>,
) -> io::Result<()> {
    for batch in batches {
        let sources: Vec<_> = columns.iter().map(|name| batch.column(name)).collect();
        let mut cells = Vec::with_capacity(columns.len());
        for row in 0..batch.rows() {
            cells.clear();
            cells.extend(sources.iter().map(|column| match column {
                Some(column) => column.get(row),
                None => std::borrow::Cow::Owned(Value::Null),
            }));
            with(&cells)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    fn written(batches: &[Batch], format: Format, width: Option<usize>) -> String {
        let mut out = Vec::new();
        write(batches, format, &mut out, width).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Two batches of differing schema, the second with a column of nulls.
    fn sample() -> [Batch; 2] {
        let many = Value::from_values(["i-1".into(), "i-2".into()]);
        let mut first = Batch::from_rows(
            &["user".into(), "dest".into(), "n".into()],
            [
                vec!["a, \"b\"".into(), many, Value::Number(Number::fixed(10.0, 2))],
                vec!["x\ny".into(), Value::Null, Value::number(1e20)],
            ],
        );
        first.ordered = true;
        let mut second = Batch::from_rows(&["n".into(), "none".into()], [vec!["007".into(), Value::Null]]);
        second.ordered = true;
        [first, second]
    }

    #[test]
    fn json_lines() {
        assert_eq!(
            written(&sample(), Format::Ndjson, None),
            "{\"user\":\"a, \\\"b\\\"\",\"dest\":[\"i-1\",\"i-2\"],\"n\":10.00}\n\
             {\"user\":\"x\\ny\",\"n\":1e+20}\n\
             {\"n\":\"007\"}\n"
        );
        assert_eq!(written(&[Batch::with_rows(2)], Format::Ndjson, None), "{}\n{}\n");
    }

    #[test]
    fn json_array() {
        let text = written(&sample(), Format::Json, None);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0]["dest"][1], "i-2");
        assert_eq!(rows[2], serde_json::json!({"n": "007"}));
        assert_eq!(written(&[], Format::Json, None), "[]\n");
    }

    #[test]
    fn csv() {
        assert_eq!(
            written(&sample(), Format::Csv, None),
            "user,dest,n,none\n\"a, \"\"b\"\"\",\"i-1\ni-2\",10.00,\n\"x\ny\",,1e+20,\n,,007,\n"
        );
        let none = Batch::from_rows(&["b".into(), "_time".into(), "a".into()], []);
        assert_eq!(written(&[none], Format::Csv, None), "_time,a,b\n");
        assert_eq!(written(&[], Format::Csv, None), "");
    }

    #[test]
    fn a_table_is_aligned() {
        assert_eq!(
            written(&sample(), Format::Table, None),
            "user    dest  n      none\n\
             ─────────────────────────\n\
             a, \"b\"  i-1   10.00\n\
            \x20       i-2\n\
             x␊y           1e+20\n\
            \x20             007\n"
        );
    }

    #[test]
    fn numbers_stand_to_the_right() {
        let batch = Batch::from_rows(
            &["count".into(), "text".into()],
            [vec![Value::number(7.0), "1".into()], vec![Value::number(12.0), "日本".into()]],
        );
        assert_eq!(
            written(&[batch], Format::Table, None),
            "count  text\n───────────\n    7  1\n   12  日本\n"
        );
    }

    #[test]
    fn a_table_is_safe_for_a_terminal() {
        let batch =
            Batch::from_rows(&["a\u{1b}".into()], [vec!["\u{1b}[31mred\u{7}\t\u{9b}\u{202e}x\u{7f}".into()]]);
        let text = written(&[batch], Format::Table, None);
        assert!(text.starts_with("a␛\n"), "{text}");
        assert!(text.contains("␛[31mred␇␉\\u{9b}\\u{202e}x␡\n"), "{text}");
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text}");
    }

    #[test]
    fn a_table_folds_to_the_width() {
        let words = "one two three four five six seven eight nine ten".repeat(3);
        let batch = Batch::from_rows(&["words".into(), "n".into()], [vec![words.into(), "1".into()]]);
        let text = written(&[batch], Format::Table, Some(40));
        assert!(text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 40), "{text}");
        assert!(text.lines().count() > 4, "{text}");
    }
}
