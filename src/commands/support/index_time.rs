//! What `tstats` and `mstats` do to rows before they are grouped.

use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::time;
use crate::value::{Text, Value};

/// What ends a term of an event's text wherever it stands: major breakers (Splunk's segmenters.conf).
const MAJOR_BREAKERS: &str = "[]<>(){}|!;,'\"*&?+\n\r\t ";

/// `_time` becomes the start of its bin.
pub struct TimeBins(pub time::Span);

impl Streaming for TimeBins {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let bin = |value: &Value| {
            let start = value.as_number().and_then(|time| self.0.floor(time, &context.eval.zone));
            start.map_or(Value::Null, Value::number)
        };
        if let Some(times) = batch.column("_time").map(|column| column.map(bin)) {
            batch.set("_time".into(), times);
        }
        Ok(batch)
    }
}

/// A value for fields that a row lacks.
pub struct FillNull {
    /// The fields.
    pub fields: Vec<Text>,
    /// The value.
    pub value: Value,
}

impl Streaming for FillNull {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        for field in &self.fields {
            let filled = match batch.column(field) {
                Some(column) => {
                    column.map(|value| if value.is_null() { self.value.clone() } else { value.clone() })
                }
                None => Column::constant(self.value.clone(), batch.rows()),
            };
            batch.set(field.clone(), filled);
        }
        Ok(batch)
    }
}

/// `prestats=t`: the rows that statistics are made of, with no more than these need. The command that follows
/// makes them.
pub struct PreStats {
    /// The fields of groups: a row that lacks one is in no group.
    pub by: Vec<Text>,
    /// The fields that statistics are made of.
    pub fields: FieldSet,
}

impl Streaming for PreStats {
    fn map(&self, batch: Batch, _: &RunContext) -> Result<Batch> {
        let mut mask = vec![true; batch.rows()];
        for field in &self.by {
            let has = match batch.column(field) {
                Some(column) => column.mask(|value| !value.is_null()),
                None => vec![false; batch.rows()],
            };
            mask.iter_mut().zip(has).for_each(|(keep, has)| *keep &= has);
        }
        let mut batch = batch.filter(&mask);
        batch.retain(|name| {
            name == "_time" || self.fields.contains(name) || self.by.iter().any(|by| by == name)
        });
        Ok(batch)
    }
}

/// `PREFIX(kbps=)`: what follows a prefix in the terms of an event's text.
pub struct Prefixes(pub Vec<Prefix>);

/// One prefix, and the field that its values go to.
#[derive(Clone, Debug, PartialEq)]
pub struct Prefix {
    /// The prefix, in lower case, as the index has all its terms.
    pub text: Text,
    /// The field.
    pub field: Text,
}

impl Prefix {
    /// The prefix in `PREFIX(…)`.
    pub fn of(name: &str) -> Option<Text> {
        let (head, rest) = name.split_at_checked("prefix(".len())?;
        let inside = rest.strip_suffix(')')?;
        head.eq_ignore_ascii_case("prefix(").then(|| inside.trim().to_lowercase().into())
    }

    fn values(&self, raw: &Value) -> Value {
        let text = raw.to_text().to_lowercase();
        let terms = text.split(|c: char| MAJOR_BREAKERS.contains(c));
        let values = terms.filter_map(|term| term.strip_prefix(self.text.as_str()));
        Value::from_values(values.filter(|value| !value.is_empty()).map(Value::text))
    }
}

impl Streaming for Prefixes {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        for prefix in &self.0 {
            let values = match batch.column("_raw") {
                Some(raw) => raw.map(|raw| prefix.values(raw)),
                None => Column::Null(batch.rows()),
            };
            batch.set(prefix.field.clone(), values);
        }
        Ok(batch)
    }
}
