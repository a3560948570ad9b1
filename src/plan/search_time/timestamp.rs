//! When an event happened.

use jiff::tz::TimeZone;

use super::Compiler;
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Result};
use crate::eval::with_regex;
use crate::functions::EvalContext;
use crate::knowledge::{KvMode, SourceType};
use crate::time::{parse_iso8601, parse_time_zone, strptime};
use crate::value::{Text, Value};

/// Where an event's time is looked for when nobody says.
const USUAL_FIELDS: [&str; 6] = ["_time", "timestamp", "@timestamp", "time", "eventTime", "datetime"];

/// Epoch milliseconds and the like are told from seconds by their size: 1e11 seconds is the year 5138.
const MILLISECONDS_FROM: f64 = 1e11;

/// How `_time` is found.
pub struct Timestamp {
    fields: Vec<Text>,
    prefix: Option<Text>,
    format: Option<Text>,
    lookahead: Option<usize>,
    zone: Option<TimeZone>,
}

impl Timestamp {
    /// From the usual fields.
    pub fn guessed() -> Timestamp {
        let fields = USUAL_FIELDS.map(Text::from).to_vec();
        Timestamp { fields, prefix: None, format: None, lookahead: None, zone: None }
    }

    /// As the source type says; an event exported from Splunk carries `_time` itself.
    pub fn new(source_type: &SourceType, compiler: &mut Compiler<'_>) -> Result<Timestamp> {
        let mut timestamp = Timestamp::guessed();
        if !source_type.timestamp_fields.is_empty() {
            timestamp.fields = vec!["_time".into()];
            timestamp.fields.extend(source_type.timestamp_fields.iter().cloned());
        } else if let Some(prefix) = &source_type.time_prefix {
            let pattern = compiler.regex(prefix)?;
            timestamp.fields = vec!["_time".into()];
            match key_of(&pattern).filter(|_| source_type.kv_mode == KvMode::Json) {
                Some(field) => timestamp.fields.push(field),
                None => timestamp.prefix = Some(pattern),
            }
        }
        timestamp.format = source_type.time_format.as_ref().map(|format| format.to_text());
        timestamp.lookahead = source_type.max_timestamp_lookahead;
        if let Some(zone) = &source_type.time_zone {
            let read = parse_time_zone(zone.text());
            timestamp.zone = Some(read.map_err(|error| zone.error(Code::Time, error.to_string()))?);
        }
        Ok(timestamp)
    }

    /// The fields it is found in.
    pub fn reads(&self) -> FieldSet {
        let mut reads = FieldSet::of(self.fields.iter().cloned());
        if self.prefix.is_some() {
            reads.add("_raw");
        }
        reads
    }

    /// Sets `_time`; the number of events whose time cannot be read.
    pub fn set(&self, batch: &mut Batch, context: &EvalContext) -> u64 {
        let zone = self.zone.as_ref().unwrap_or(&context.zone);
        let columns: Vec<Column> = self
            .fields
            .iter()
            .filter_map(|field| batch.column(field))
            .map(|column| column.map(|value| self.read(value, zone, context.now)))
            .collect();
        let raw = self.prefix.as_ref().zip(batch.column("_raw"));
        let from_raw = raw.map(|(prefix, column)| {
            column.map(|value| self.read_behind(prefix, &value.to_text(), zone, context.now))
        });
        let mut missing = 0;
        let time = |row: usize| {
            let found =
                columns.iter().chain(&from_raw).map(|column| column.get(row)).find(|value| !value.is_null());
            missing += u64::from(found.is_none());
            found.map_or(Value::Null, std::borrow::Cow::into_owned)
        };
        let times: Vec<Value> = (0..batch.rows()).map(time).collect();
        batch.set("_time".into(), times_column(times));
        missing
    }

    fn read_behind(&self, prefix: &str, raw: &str, zone: &TimeZone, now: f64) -> Value {
        let end = with_regex(prefix, |regex| regex.find(raw).ok().flatten().map(|found| found.end()));
        let Some(rest) = end.flatten().and_then(|end| raw.get(end..)) else { return Value::Null };
        let longest = self.lookahead.unwrap_or(rest.len());
        let text: String =
            rest.chars().take(longest).take_while(|c| !matches!(c, '"' | '\'' | ',' | '}')).collect();
        self.read(&Value::text(text.trim()), zone, now)
    }

    /// A time as text or number: by the format, else ISO 8601, else epoch.
    fn read(&self, value: &Value, zone: &TimeZone, now: f64) -> Value {
        let value = value.values().first().unwrap_or(value);
        if value.is_null() {
            return Value::Null;
        }
        let text = value.to_text();
        // In UTC a full ISO 8601 time means the same by any format, and is read much faster.
        let at_once = if *zone == TimeZone::UTC { parse_iso8601(text.as_bytes()) } else { None };
        let by_format = || self.format.as_ref().and_then(|format| strptime(&text, format, zone, now));
        let by_look = || parse_iso8601(text.as_bytes()).or_else(|| epoch(value));
        let seconds = at_once.or_else(by_format).or_else(by_look);
        seconds.map_or(Value::Null, Value::number)
    }
}

/// The field that a TIME_PREFIX leads to when it is a JSON key and what stands before its value,
/// `"eventTime"\s*:\s*"`: then nobody needs to search the event's text.
fn key_of(prefix: &str) -> Option<Text> {
    let (key, rest) = prefix.strip_prefix('"')?.split_once('"')?;
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let between = rest.strip_suffix('"').unwrap_or(rest);
    let colon = [r"\s*:\s*", r"\s*:\s+", r":\s*", r"\s*:", ":", ": "].contains(&between);
    (plain && colon).then(|| Text::from(key))
}

/// Epoch seconds, or milliseconds, microseconds or nanoseconds by their size.
fn epoch(value: &Value) -> Option<f64> {
    let mut seconds = value.as_number().filter(|number| *number > 0.0 && number.is_finite())?;
    while seconds >= MILLISECONDS_FROM {
        seconds /= 1000.0;
    }
    Some(seconds)
}

/// Times as plain numbers where every event has one.
fn times_column(times: Vec<Value>) -> Column {
    let numbers: Option<Vec<f64>> = times.iter().map(Value::as_number).collect();
    match numbers {
        Some(numbers) => Column::Numbers(numbers, None),
        None => Column::from_values(times),
    }
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn a_prefix_that_is_a_json_key() {
        assert_eq!(key_of(r#""eventTime"\s*:\s*""#).as_deref(), Some("eventTime"));
        assert_eq!(key_of(r#""time":"#).as_deref(), Some("time"));
        assert_eq!(key_of(r#""time(stamp)?"\s*:\s*""#), None);
        assert_eq!(key_of(r"^\["), None);
    }
}
