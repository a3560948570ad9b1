//! Rows as JSON objects.

use std::io::{self, Write};

use super::for_each_row;
use crate::batch::Batch;
use crate::io::json::is_number;
use crate::value::{Text, Value};

/// One object a line.
pub fn write_lines(batches: &[Batch], columns: &[Text], out: &mut dyn Write) -> io::Result<()> {
    let keys = keys(columns)?;
    for_each_row(batches, columns, |cells| {
        write_object(&keys, cells, out)?;
        out.write_all(b"\n")
    })
}

/// An array of objects, each on a line of its own.
pub fn write_array(batches: &[Batch], columns: &[Text], out: &mut dyn Write) -> io::Result<()> {
    let keys = keys(columns)?;
    let mut before: &[u8] = b"[\n";
    for_each_row(batches, columns, |cells| {
        out.write_all(before)?;
        before = b",\n";
        write_object(&keys, cells, out)
    })?;
    out.write_all(if before == b"[\n" { b"[]\n" } else { b"\n]\n" })
}

/// The field names as JSON strings with their colon.
fn keys(columns: &[Text]) -> io::Result<Vec<Vec<u8>>> {
    let mut keys = Vec::with_capacity(columns.len());
    for name in columns {
        let mut key = serde_json::to_vec(name.as_str())?;
        key.push(b':');
        keys.push(key);
    }
    Ok(keys)
}

fn write_object(keys: &[Vec<u8>], cells: &[impl AsRef<Value>], out: &mut dyn Write) -> io::Result<()> {
    let mut before: &[u8] = b"{";
    for (key, value) in keys.iter().zip(cells).filter(|(_, value)| !value.as_ref().is_null()) {
        out.write_all(before)?;
        before = b",";
        out.write_all(key)?;
        write_value(value.as_ref(), out)?;
    }
    out.write_all(if before == b"{" { b"{}" } else { b"}" })
}

fn write_value(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Value::Null => out.write_all(b"null"),
        Value::Bool(truth) => write!(out, "{truth}"),
        Value::Text(text) => Ok(serde_json::to_writer(out, text.as_str())?),
        Value::Number(number) => {
            let text = number.to_string();
            if is_number(&text) {
                out.write_all(text.as_bytes())
            } else {
                Ok(serde_json::to_writer(out, &text)?)
            }
        }
        Value::Multi(values) => {
            let mut before: &[u8] = b"[";
            for value in values {
                out.write_all(before)?;
                before = b",";
                write_value(value, out)?;
            }
            out.write_all(b"]")
        }
    }
}
