//! Fields that Splunk gives every event: `linecount`, `punct`, `splunk_server` and `date_*` (Knowledge Manager
//! Manual, "Use default fields"). They are worked out only where a search names them.

use jiff::tz::TimeZone;

use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::time::strftime;
use crate::value::{Text, Value};

/// A field, what it is made of, and how.
type Default = (&'static str, &'static str, fn(&Value, &TimeZone) -> Value);

const FIELDS: [Default; 11] = [
    ("linecount", "_raw", line_count),
    ("punct", "_raw", punctuation),
    ("splunk_server", "", |_, _| Value::text("local")),
    ("date_second", "_time", |time, zone| part(time, "%S", zone)),
    ("date_minute", "_time", |time, zone| part(time, "%M", zone)),
    ("date_hour", "_time", |time, zone| part(time, "%H", zone)),
    ("date_mday", "_time", |time, zone| part(time, "%d", zone)),
    ("date_wday", "_time", |time, zone| part(time, "%A", zone)),
    ("date_month", "_time", |time, zone| part(time, "%B", zone)),
    ("date_year", "_time", |time, zone| part(time, "%Y", zone)),
    ("date_zone", "_time", |time, zone| part(time, "%Ez", zone)),
];

/// Characters of `punct`: the first so many of the first line.
const LONGEST: usize = 30;

/// Whether every event has the field without extraction.
pub fn is_default(name: &str) -> bool {
    super::DEFAULT_FIELDS.contains(&name) || FIELDS.iter().any(|(field, ..)| *field == name)
}

/// Those of the fields that a search names.
pub struct DefaultFields(Vec<usize>);

impl DefaultFields {
    /// The fields that are asked for by name, or by a wildcard that is not only `*`.
    pub fn new(wanted: &FieldSet) -> Option<DefaultFields> {
        let named = |name: &str| {
            wanted.names().any(|wanted| wanted == name)
                || wanted.patterns().any(|pattern| pattern.as_str() != "*" && pattern.matches(name))
        };
        let fields: Vec<usize> =
            (0..FIELDS.len()).filter(|&at| FIELDS.get(at).is_some_and(|(name, ..)| named(name))).collect();
        (!fields.is_empty()).then_some(DefaultFields(fields))
    }

    /// What they are made of.
    pub fn reads(&self) -> FieldSet {
        FieldSet::of(self.fields().map(|(_, from, _)| from).filter(|from| !from.is_empty()))
    }

    fn fields(&self) -> impl Iterator<Item = Default> {
        self.0.iter().filter_map(|&at| FIELDS.get(at).copied())
    }
}

impl Invert for DefaultFields {
    fn before(&self, field: &str, _: &ValueTest) -> Option<Condition> {
        self.fields().any(|(name, ..)| name == field).then_some(Condition::True)
    }
}

impl Streaming for DefaultFields {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let rows = batch.rows();
        for (name, from, make) in self.fields() {
            let made = match batch.column(from) {
                Some(column) => column.map(|value| make(value, &context.eval.zone)),
                None if from.is_empty() => Column::constant(make(&Value::Null, &context.eval.zone), rows),
                None => continue,
            };
            // What the event itself says wins.
            let column = match batch.column(name) {
                Some(own) => own.select(&own.mask(|value| !value.is_null()), &made),
                None => made,
            };
            batch.set(name.into(), column);
        }
        Ok(batch)
    }
}

/// A part of a time, in lower case and without leading zeros.
fn part(time: &Value, format: &str, zone: &TimeZone) -> Value {
    let Some(text) = time.as_number().and_then(|time| strftime(time, format, zone)) else {
        return Value::Null;
    };
    let text = text.to_lowercase();
    let text = text.trim_start_matches('+');
    match text.parse::<i64>() {
        Ok(number) => Value::text(number.to_string()),
        Err(_) => Value::text(text),
    }
}

fn line_count(raw: &Value, _: &TimeZone) -> Value {
    if raw.is_null() { Value::Null } else { Value::text(raw.to_text().lines().count().max(1).to_string()) }
}

/// The punctuation of the first line: a blank is `_`, a tab is `t`, a dash behind a letter or digit is left out.
fn punctuation(raw: &Value, _: &TimeZone) -> Value {
    if raw.is_null() {
        return Value::Null;
    }
    let text = raw.to_text();
    let mut punct = Text::new();
    let (mut before, mut count) = (' ', 0);
    for c in text.lines().next().unwrap_or("").chars() {
        let shown = match c {
            ' ' => Some('_'),
            '\t' => Some('t'),
            '-' if before.is_alphanumeric() => None,
            c if ",;-#$%&+./:=?@\\'|*\"(){}<>[]^!".contains(c) => Some(c),
            _ => None,
        };
        before = c;
        if let Some(shown) = shown {
            punct.push(shown);
            count += 1;
        }
        if count == LONGEST {
            break;
        }
    }
    Value::Text(punct)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn punct(raw: &str) -> String {
        punctuation(&Value::text(raw), &TimeZone::UTC).to_text().into_owned()
    }

    /// Knowledge Manager Manual, "Classify and group similar events".
    #[test]
    fn punctuation_of_the_first_line() {
        let line = "####<Jun 3, 2014 5:38:22 PM MDT> <Notice> <WebLogicServer> <bea03> <asiAdminServer> <WrapperStartStopAppMain> <>WLS Kernel<> <> <BEA-000360> <Server started in RUNNING mode>";
        assert_eq!(punct(line), "####<_,__::__>_<>_<>_<>_<>_<>_");
        let line = "172.26.34.223 - - [01/Jul/2005:12:05:27 -0700] \"GET /trade/app?action=logout HTTP/1.1\" 200 2953";
        assert_eq!(punct(line), "..._-_-_[//:::_-]_\"_//?=_/.\"__");
        assert_eq!(punct("a-b\tc\nd,e"), "t");
    }

    #[test]
    fn parts_of_the_time() {
        let time = Value::number(1_773_644_700.0);
        let parts = |format: &str| part(&time, format, &TimeZone::UTC).to_text().into_owned();
        assert_eq!(
            ["%S", "%M", "%H", "%d", "%A", "%B", "%Y", "%Ez"].map(parts).join(" "),
            "0 5 7 16 monday march 2026 0"
        );
    }
}
