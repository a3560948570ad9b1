//! When an event happened.

use jiff::tz::TimeZone;

use super::{Compiler, Reader};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Result};
use crate::functions::EvalContext;
use crate::io;
use crate::knowledge::{Located, SourceType};
use crate::time::{Instead, Stamp, ZoneNames, parse_iso8601, parse_time_zone, recognise, strptime};
use crate::value::{Text, Value};

/// Where an event's time is looked for when nobody says.
const USUAL_FIELDS: [&str; 6] = ["_time", "timestamp", "@timestamp", "time", "eventTime", "datetime"];

/// Epoch milliseconds and the like are told from seconds by their size: 1e11 seconds is the year 5138.
const MILLISECONDS_FROM: f64 = 1e11;

/// How `_time` is found.
pub struct Timestamp {
    fields: Vec<Text>,
    /// Fields that make up a time together, such as a date and a time of day.
    together: Vec<Text>,
    /// How it is read from the event's text, if it is.
    text: Option<Stamp>,
    format: Option<Text>,
    zone: Option<TimeZone>,
    zone_names: ZoneNames,
    /// Whether the fields are those of the text.
    wrapped: bool,
}

/// How the time is read from the text of an event of a source type.
///
/// # Errors
/// An expression or a zone that cannot be read.
pub fn stamp(source_type: &SourceType, compiler: &mut Compiler<'_>) -> Result<Stamp> {
    let (now, zone) = (compiler.context.now, zone(source_type)?);
    let mut stamp = Stamp::automatic(zone.unwrap_or_else(|| compiler.context.zone.clone()), now);
    if let Some(prefix) = &source_type.time_prefix {
        let pattern = compiler.regex(prefix)?;
        stamp.prefix =
            Some(crate::eval::compile(&pattern).map_err(|message| prefix.error(Code::Regex, message))?);
    }
    stamp.format = source_type.time_format.as_ref().map(|format| format.text().to_string());
    stamp.zone_names = ZoneNames::new(&source_type.zone_names);
    stamp.lookahead = source_type.max_timestamp_lookahead;
    let days = |days: i64| days as f64 * 86_400.0;
    let (ago, hence) = source_type.believed_days;
    stamp.believed = (
        ago.map_or(f64::NEG_INFINITY, |ago| now - days(ago)),
        hence.map_or(f64::INFINITY, |hence| now + days(hence)),
    );
    // Any other value names a file of patterns, which has no meaning here.
    stamp.instead =
        match source_type.instead_of_time.as_ref().map(|it| it.text().to_ascii_uppercase()).as_deref() {
            Some("CURRENT") => Some(Instead::Now),
            Some("NONE") => Some(Instead::File),
            _ => None,
        };
    Ok(stamp)
}

/// The zone of times that name none, if a source type says one.
///
/// # Errors
/// A zone that cannot be read.
pub fn zone(source_type: &SourceType) -> Result<Option<TimeZone>> {
    let read = |zone: &Located| {
        parse_time_zone(zone.text()).map_err(|error| zone.error(Code::Time, error.to_string()))
    };
    source_type.time_zone.as_ref().map(read).transpose()
}

impl Timestamp {
    /// From the usual fields.
    pub fn guessed() -> Timestamp {
        let fields = USUAL_FIELDS.map(Text::from).to_vec();
        let zone_names = ZoneNames::default();
        Timestamp {
            fields,
            together: Vec::new(),
            text: None,
            format: None,
            zone: None,
            zone_names,
            wrapped: false,
        }
    }

    /// As the source type says; an event exported from Splunk carries `_time` itself.
    pub fn new(source_type: &SourceType, reader: Reader, compiler: &mut Compiler<'_>) -> Result<Timestamp> {
        if reader == Reader::Raw {
            // The reader has it: only who reads all of a file knows what came before an event without a time.
            return Ok(Timestamp { fields: vec!["_time".into()], ..Timestamp::guessed() });
        }
        let mut timestamp = Timestamp { wrapped: reader == Reader::Wrapped, ..Timestamp::guessed() };
        timestamp.format = source_type.time_format.as_ref().map(|format| format.to_text());
        timestamp.zone = zone(source_type)?;
        timestamp.zone_names = ZoneNames::new(&source_type.zone_names);
        let text = stamp(source_type, compiler)?;
        if text.instead.is_some() {
            timestamp.fields = Vec::new();
            timestamp.text = Some(text);
        } else if !source_type.timestamp_fields.is_empty() {
            timestamp.fields = vec!["_time".into()];
            match source_type.timestamp_fields.as_slice() {
                [one] => timestamp.fields.push(one.clone()),
                several => timestamp.together = several.to_vec(),
            }
        } else if let Some(prefix) = &source_type.time_prefix {
            timestamp.fields = vec!["_time".into()];
            match key_of(prefix.text()).filter(|_| reader != Reader::Records) {
                Some(field) => timestamp.fields.push(field),
                None => timestamp.text = Some(text),
            }
        } else if matches!(reader, Reader::Records | Reader::Wrapped) {
            timestamp.text = Some(text);
        }
        Ok(timestamp)
    }

    /// Whether no time is looked for.
    pub fn is_untimed(&self) -> bool {
        self.text.as_ref().is_some_and(|stamp| stamp.instead.is_some())
    }

    /// The key of JSON that the time of a source type stands behind, if it says one.
    pub fn key(source_type: &SourceType) -> Option<Text> {
        key_of(source_type.time_prefix.as_ref()?.text())
    }

    /// Looks into the event's text too, where no field has the time.
    pub fn or_in_text(&mut self, stamp: Stamp) {
        self.text.get_or_insert(stamp);
    }

    /// Whether one of the usual fields may be in a text of JSON.
    pub fn usual_in(text: &str) -> bool {
        USUAL_FIELDS.iter().any(|field| text.contains(&format!("\"{field}\"")))
    }

    /// The fields it is found in.
    pub fn reads(&self) -> FieldSet {
        let mut reads = FieldSet::of(self.fields.iter().chain(&self.together).cloned());
        if self.text.is_some() || self.wrapped {
            reads.add("_raw");
        }
        reads
    }

    /// Sets `_time`: null where it cannot be read.
    pub fn set(&self, batch: &mut Batch, context: &EvalContext) {
        let zone = self.zone.as_ref().unwrap_or(&context.zone);
        let fields = self.fields.iter().filter_map(|field| batch.column(field));
        let mut found = fields.map(|column| times_of(column, |value| self.read(value, zone, context.now)));
        let mut times = found.next().unwrap_or_else(|| vec![None; batch.rows()]);
        found.for_each(|others| fill(&mut times, others));
        // A part that is missing is left out: whether the batch has its column at all must not show.
        let together: Vec<&Column> = self.together.iter().filter_map(|field| batch.column(field)).collect();
        if !together.is_empty() {
            let parts = |row: usize| together.iter().map(move |column| column.get(row));
            let filled = move |row| parts(row).filter(|part| !part.is_null());
            let text = |row| filled(row).map(|part| part.to_text().into_owned());
            let time = |row| Value::text(text(row).collect::<Vec<String>>().join(" "));
            let times_of_row = |row| self.read(&time(row), zone, context.now);
            fill(&mut times, (0..batch.rows()).map(times_of_row).collect());
        }
        if let (true, Some(column)) = (self.wrapped, batch.column("_raw")) {
            fill(&mut times, times_of(column, |text| self.in_json(&text.to_text(), zone, context.now)));
        }
        if let Some((stamp, column)) = self.text.as_ref().zip(batch.column("_raw")) {
            fill(&mut times, times_of(column, |value| stamp.read(&value.to_text())));
        }
        batch.set("_time".into(), times_column(times));
    }

    /// The time in one of the fields of a text that is JSON.
    fn in_json(&self, text: &str, zone: &TimeZone, now: f64) -> Option<f64> {
        let keys = io::keys(text.trim_start().strip_prefix('[').unwrap_or(text));
        let value = |name: &Text| keys.iter().find(|key| key.name == name.as_str())?.scalar();
        self.fields.iter().find_map(|field| self.read(&Value::text(value(field)?.as_ref()), zone, now))
    }

    /// A time as text or number: by the format, else ISO 8601, else epoch.
    fn read(&self, value: &Value, zone: &TimeZone, now: f64) -> Option<f64> {
        let value = value.values().first().unwrap_or(value);
        if value.is_null() {
            return None;
        }
        let text = value.to_text();
        let text = self.zone_names.put_into(&text);
        // In UTC a full ISO 8601 time means the same by any format in that order, and is read much faster.
        let in_order = self.format.as_ref().is_none_or(|format| format.starts_with("%Y-%m-%d"));
        let at_once = if in_order && *zone == TimeZone::UTC { parse_iso8601(text.as_bytes()) } else { None };
        let by_format = || self.format.as_ref().and_then(|format| strptime(&text, format, zone, now));
        let found = at_once.or_else(by_format).or_else(|| seconds(value, zone, now));
        found.filter(|seconds| seconds.is_finite())
    }
}

/// A time as text or number, of which nobody says how it is written: ISO 8601, epoch, or one of the common forms.
pub fn seconds(value: &Value, zone: &TimeZone, now: f64) -> Option<f64> {
    let text = value.to_text();
    let iso = parse_iso8601(text.as_bytes());
    iso.or_else(|| epoch(value)).or_else(|| recognise(&text, zone, now))
}

/// Gives rows without a time another one, and where there is none `age`; says how many those are.
pub fn fill_in(batch: &mut Batch, otherwise: &dyn Fn(usize) -> Option<f64>, age: f64) -> u64 {
    let Some(column) = batch.column("_time") else { return 0 };
    let is_null = column.mask(Value::is_null);
    if !is_null.contains(&true) {
        return 0;
    }
    let time = |(row, null): (usize, &bool)| match null {
        true => otherwise(row),
        false => column.get(row).as_number(),
    };
    let mut times: Vec<Option<f64>> = is_null.iter().enumerate().map(time).collect();
    let missing = times.iter().filter(|time| time.is_none()).count() as u64;
    times.iter_mut().for_each(|time| *time = time.or(Some(age)));
    batch.set("_time".into(), times_column(times));
    missing
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
    column.each(read)
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
