//! A transaction as a row.

use std::collections::BTreeSet;

use super::Transaction;
use super::open::Finished;
use crate::batch::{Batch, Column};
use crate::value::{Text, Value};

/// Which fields are lists with a value for each event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lists {
    /// None: of each field the different values, sorted.
    None,
    /// All.
    All,
    /// These.
    Of(Vec<Text>),
}

/// Fields that a transaction has of its earliest event alone, beside `_time` (Search Reference, `transaction`).
const OF_THE_EARLIEST: &str = "date_";

impl Transaction {
    /// The rows of transactions and, where they are kept, of orphans: the latest beginning first.
    pub(super) fn rows(&self, all: &Batch, finished: &[Finished], orphans: &[usize]) -> Batch {
        let orphans = if self.keep_orphans { orphans } else { &[] };
        let mut rows: Vec<(f64, Row<'_>)> = Vec::new();
        let time = |row: usize| all.get("_time", row).as_number().unwrap_or(f64::NEG_INFINITY);
        for one in finished {
            rows.push((one.rows.last().map_or(f64::NEG_INFINITY, |&row| time(row)), Row::Transaction(one)));
        }
        rows.extend(orphans.iter().map(|&row| (time(row), Row::Orphan(row))));
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut out = Batch::with_rows(rows.len());
        out.ordered = all.ordered;
        for (name, column) in all.columns() {
            let cells = rows.iter().map(|(_, row)| match row {
                Row::Transaction(one) => self.cell(name, column, &one.rows),
                Row::Orphan(row) => column.get(*row).into_owned(),
            });
            out.set(name.clone(), Column::from_values(cells.collect()));
        }
        let mut add = |name: &str, of: &dyn Fn(&Finished) -> Value| {
            let cells = rows.iter().map(|(_, row)| match row {
                Row::Transaction(one) => of(one),
                Row::Orphan(_) => Value::Null,
            });
            out.set(name.into(), Column::from_values(cells.collect()));
        };
        let whole = |number: usize| Value::number(number as f64);
        add("closed_txn", &|one| whole(usize::from(one.closed)));
        add("duration", &|one| {
            let (newest, oldest) = (one.rows.first(), one.rows.last());
            Value::number(newest.map_or(0.0, |&row| time(row)) - oldest.map_or(0.0, |&row| time(row)))
        });
        add("eventcount", &|one| whole(one.rows.len()));
        add("field_match_sum", &|one| whole(one.matches));
        if let Some(raw) = all.column("_raw") {
            let lines = |row: &usize| raw.get(*row).to_text().lines().count();
            add("linecount", &|one| whole(one.rows.iter().map(lines).sum()));
        }
        if self.keep_orphans {
            let mark = |row: &Row<'_>| if matches!(row, Row::Orphan(_)) { whole(1) } else { Value::Null };
            let marks = rows.iter().map(|(_, row)| mark(row)).collect();
            out.set("_txn_orphan".into(), Column::from_values(marks));
        }
        out
    }

    /// A field of a transaction, of its events, the newest first.
    fn cell(&self, name: &str, column: &Column, rows: &[usize]) -> Value {
        let oldest_first = || rows.iter().rev().map(|&row| column.get(row));
        if name == "_time" || name.starts_with(OF_THE_EARLIEST) {
            return oldest_first().next().unwrap_or_default().into_owned();
        }
        if name == "_raw" {
            let texts = oldest_first().filter(|raw| !raw.is_null()).map(std::borrow::Cow::into_owned);
            let raw = Value::from_values(texts);
            return if self.raw_values || raw.is_null() { raw } else { Value::text(raw.to_text()) };
        }
        let listed = match &self.lists {
            Lists::None => false,
            Lists::All => true,
            Lists::Of(names) => names.iter().any(|listed| listed == name),
        };
        if listed {
            let null = Value::Text(self.null.clone());
            let value = |value: std::borrow::Cow<'_, Value>| match value.is_null() {
                true => null.clone(),
                false => value.into_owned(),
            };
            return Value::from_values(oldest_first().map(value));
        }
        let texts: BTreeSet<String> = oldest_first()
            .flat_map(|value| {
                value.values().iter().map(|value| value.to_text().into_owned()).collect::<Vec<_>>()
            })
            .collect();
        Value::from_values(texts.into_iter().map(Value::text))
    }
}

enum Row<'f> {
    Transaction(&'f Finished),
    Orphan(usize),
}
