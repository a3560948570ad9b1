//! Rows as a table for a person.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::for_each_row;
use crate::batch::Batch;
use crate::value::{Text, Value};

/// Columns stand two blanks apart, their names above a line.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// A header and the rows. Without columns there is nothing to write.
pub fn write(
    batches: &[Batch],
    columns: &[Text],
    out: &mut dyn Write,
    width: Option<usize>,
) -> io::Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(STYLE).force_no_tty();
    match width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
        }
        None => drop(table.set_content_arrangement(ContentArrangement::Disabled)),
    }
    table.set_header(columns.iter().map(|name| visible(name)));
    // Whether a column has numbers, and whether it has anything else.
    let mut kinds = vec![(false, false); columns.len()];
    for_each_row(batches, columns, |cells| {
        for ((numbers, others), cell) in kinds.iter_mut().zip(cells) {
            *numbers |= matches!(**cell, Value::Number(_));
            *others |= !matches!(**cell, Value::Number(_) | Value::Null);
        }
        table.add_row(cells.iter().map(|cell| shown(cell)));
        Ok(())
    })?;
    let last = columns.len() - 1;
    for (at, (column, kind)) in table.column_iter_mut().zip(kinds).enumerate() {
        column.set_padding((0, if at < last { 2 } else { 0 }));
        if kind == (true, false) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A cell; the values of a multivalue on lines of their own.
fn shown(value: &Value) -> String {
    let values: Vec<String> = value.values().iter().map(|value| visible(&value.to_text())).collect();
    values.join("\n")
}

/// Text that cannot move a terminal's cursor, colour it, or turn the direction of what follows: control
/// characters are shown as their pictures.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + u32::from(character)).unwrap_or('?')),
            '\x7f' => out.push('\u{2421}'),
            '\u{80}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                out.extend(character.escape_unicode());
            }
            _ => out.push(character),
        }
    }
    out
}
