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
        let fields = self.fields.iter().filter_map(|field| batch.column(field));
        let mut found = fields.map(|column| times_of(column, |value| self.read(value, zone, context.now)));
        let mut times = found.next().unwrap_or_else(|| vec![None; batch.rows()]);
        found.for_each(|others| fill(&mut times, others));
        if let Some((prefix, column)) = self.prefix.as_ref().zip(batch.column("_raw")) {
            let read = |value: &Value| self.read_behind(prefix, &value.to_text(), zone, context.now);
            fill(&mut times, times_of(column, read));
        }
        let missing = times.iter().filter(|time| time.is_none()).count() as u64;
        batch.set("_time".into(), times_column(times));
        missing
    }

    fn read_behind(&self, prefix: &str, raw: &str, zone: &TimeZone, now: f64) -> Option<f64> {
        let end = with_regex(prefix, |regex| regex.find(raw).ok().flatten().map(|found| found.end()));
        let rest = end.flatten().and_then(|end| raw.get(end..))?;
        let longest = self.lookahead.unwrap_or(rest.len());
        let text: String =
            rest.chars().take(longest).take_while(|c| !matches!(c, '"' | '\'' | ',' | '}')).collect();
        self.read(&Value::text(text.trim()), zone, now)
    }

    /// A time as text or number: by the format, else ISO 8601, else epoch.
    fn read(&self, value: &Value, zone: &TimeZone, now: f64) -> Option<f64> {
        let value = value.values().first().unwrap_or(value);
        if value.is_null() {
            return None;
        }
        let text = value.to_text();
        // In UTC a full ISO 8601 time means the same by any format, and is read much faster.
        let at_once = if *zone == TimeZone::UTC { parse_iso8601(text.as_bytes()) } else { None };
        let by_format = || self.format.as_ref().and_then(|format| strptime(&text, format, zone, now));
        let by_look = || parse_iso8601(text.as_bytes()).or_else(|| epoch(value));
        let seconds = at_once.or_else(by_format).or_else(by_look);
        seconds.filter(|seconds| seconds.is_finite())
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
    let mut seconds = value.as_number().filter(|number| *number >= 0.0 && number.is_finite())?;
    while seconds >= MILLISECONDS_FROM {
        seconds /= 1000.0;
    }
    Some(seconds)
}

/// The time in each row of a column: read once for each distinct value where it is dictionary-coded.
fn times_of(column: &Column, read: impl Fn(&Value) -> Option<f64>) -> Vec<Option<f64>> {
    match column {
        Column::Dictionary(codes, values) if values.len() <= codes.len() => {
            let times: Vec<Option<f64>> = values.iter().map(read).collect();
            codes.iter().map(|&code| times.get(code as usize).copied().flatten()).collect()
        }
        column => column.iter().map(|value| read(&value)).collect(),
    }
}

/// Fills gaps from other times.
fn fill(times: &mut [Option<f64>], others: Vec<Option<f64>>) {
    for (time, other) in times.iter_mut().zip(others) {
        *time = time.or(other);
    }
}

/// Times as plain numbers where every event has one.
fn times_column(times: Vec<Option<f64>>) -> Column {
    match times.iter().copied().collect::<Option<Vec<f64>>>() {
        Some(numbers) => Column::Numbers(numbers, None),
        None => {
            let value = |time: Option<f64>| time.map_or(Value::Null, Value::number);
            Column::from_values(times.into_iter().map(value).collect())
        }
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
