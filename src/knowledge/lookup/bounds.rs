//! Which rows of a table count: `filter`, and the times of `time_field`.

use jiff::tz::TimeZone;

use super::super::located::Located;
use super::definition::TimeBounds;
use super::table::TableData;
use crate::batch::Batch;
use crate::diagnostic::{Code, Result, Sources};
use crate::eval::Filter;
use crate::parse::cursor::Cursor;
use crate::parse::search_expression;
use crate::time::strptime;
use crate::value::{Text, Value, parse_number};

/// The time of each row: by the format, else as seconds since 1970. Times that name no zone are in UTC.
pub fn times(data: &TableData, bounds: &TimeBounds) -> Vec<Option<f64>> {
    let column = data.column(&bounds.column);
    let read = |text: &str| {
        let by_format =
            bounds.format.as_deref().and_then(|format| strptime(text, format, &TimeZone::UTC, 0.0));
        by_format.or_else(|| parse_number(text).map(|number| number.value))
    };
    let time = |row: usize| data.row(row).get(column?).and_then(|cell| read(cell));
    (0..data.rows()).map(time).collect()
}

/// Keeps the rows that pass a filter of the search language.
///
/// # Errors
/// Text that is no filter.
pub fn keep_passing(filter: &Located, data: &mut TableData) -> Result<()> {
    // What is wrong is said with the place of the setting.
    let mut sources = Sources::new();
    let id = filter.register(&mut sources);
    let text = filter.text();
    let mut cursor = Cursor::new(text, id, 0, text.len());
    let expr = search_expression(&mut cursor, |_| false);
    let expr =
        expr.map_err(|problem| filter.error(Code::Knowledge, format!("the filter: {}", problem.message)))?;
    if !cursor.at_end() {
        return Err(filter.error(Code::Knowledge, "the filter goes on behind its end"));
    }
    let value = |cell: &Text| if cell.is_empty() { Value::Null } else { Value::Text(cell.clone()) };
    let rows = (0..data.rows()).map(|row| data.row(row).iter().map(value).collect());
    let batch = Batch::from_rows(&data.columns, rows);
    data.keep(&Filter::new(&expr).mask(&batch));
    Ok(())
}
