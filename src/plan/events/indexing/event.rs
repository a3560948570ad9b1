//! An event on its way into the index.

use std::borrow::Cow;

use super::Surroundings;
use crate::batch::{Batch, Column};
use crate::knowledge::{Assigned, IndexKey, Target};
use crate::value::{Text, Value};

/// An event on its way.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its row in the batch that was read.
    pub row: usize,
    /// Where it is from.
    pub assigned: Assigned,
    /// Its text, if that was changed.
    pub raw: Option<Text>,
    /// Its index, if that was set.
    pub index: Option<Text>,
    /// Its time, if that was set.
    pub time: Option<Value>,
    /// The time that counts where its text has none.
    pub otherwise: Option<f64>,
    /// The fields that were added, in order; one may come again.
    pub fields: Vec<(Text, Value)>,
    /// Where it goes, if that was set.
    pub queue: Option<Text>,
    /// Whether nothing more is done to it.
    pub stopped: bool,
}

impl Event {
    /// Its text.
    pub fn raw<'e>(&'e self, around: &Surroundings<'e>) -> Cow<'e, str> {
        match &self.raw {
            Some(raw) => Cow::Borrowed(raw.as_str()),
            None => Cow::Owned(around.batch.get("_raw", self.row).to_text().into_owned()),
        }
    }

    /// Changes its text.
    pub fn set_raw(&mut self, text: &str, around: &Surroundings<'_>) {
        if self.raw(around) != text {
            self.raw = Some(text.into());
        }
    }

    fn assigned(&self, target: Target) -> &Text {
        match target {
            Target::Source => &self.assigned.source,
            Target::Host => &self.assigned.host,
            Target::SourceType => &self.assigned.source_type,
        }
    }

    /// The text of a key, as Splunk keeps it.
    pub fn key<'e>(&'e self, key: &IndexKey, around: &Surroundings<'e>) -> Cow<'e, str> {
        match key {
            IndexKey::Raw => self.raw(around),
            IndexKey::Of(target) => Cow::Owned(format!("{}{}", target.prefix(), self.assigned(*target))),
            IndexKey::Index => Cow::Borrowed(self.index.as_ref().unwrap_or(around.index)),
            IndexKey::Queue => Cow::Borrowed(self.queue.as_deref().unwrap_or("indexQueue")),
            IndexKey::Time => Cow::Owned(self.value("_time", around).to_text().into_owned()),
            IndexKey::Fields => {
                let pair = |(name, value): &(Text, Value)| format!("{name}::{}", value.to_text());
                Cow::Owned(self.fields.iter().map(pair).collect::<Vec<_>>().join(" "))
            }
            IndexKey::Named(names) => {
                let values = names.iter().map(|name| self.value(name, around).to_text().into_owned());
                Cow::Owned(values.filter(|value| !value.is_empty()).collect::<Vec<_>>().join(" "))
            }
            IndexKey::Route => Cow::Borrowed(""),
        }
    }

    /// Sets a key.
    pub fn set_key(&mut self, key: &IndexKey, value: &str, around: &Surroundings<'_>) {
        match key {
            IndexKey::Raw => self.set_raw(value, around),
            IndexKey::Of(target) => {
                let value = value.strip_prefix(target.prefix()).unwrap_or(value);
                let place = match target {
                    Target::Source => &mut self.assigned.source,
                    Target::Host => &mut self.assigned.host,
                    Target::SourceType => &mut self.assigned.source_type,
                };
                if !value.is_empty() {
                    *place = value.into();
                }
            }
            IndexKey::Index if !value.is_empty() => self.index = Some(value.into()),
            IndexKey::Queue => self.queue = Some(value.trim().into()),
            IndexKey::Time => self.time = Some(Value::text(value)),
            IndexKey::Index | IndexKey::Fields | IndexKey::Named(_) | IndexKey::Route => {}
        }
    }

    /// The value of a field, as an expression sees it: of several values the first, of `mv:NAME` all.
    pub fn value(&self, name: &str, around: &Surroundings<'_>) -> Value {
        let (prefix, name) = unprefixed(name);
        match name {
            _ if prefix == "field:" || prefix == "mv:" => self.field(name, prefix == "mv:", around),
            "_raw" => Value::text(self.raw(around).as_ref()),
            "host" => Value::Text(self.assigned.host.clone()),
            "source" => Value::Text(self.assigned.source.clone()),
            "sourcetype" => Value::Text(self.assigned.source_type.clone()),
            "index" => Value::Text(self.index.clone().unwrap_or_else(|| around.index.clone())),
            "queue" => Value::text(self.queue.as_deref().unwrap_or("indexQueue")),
            "linecount" => Value::text(self.raw(around).lines().count().max(1).to_string()),
            "splunk_server" => Value::text("local"),
            "_time" if self.time.is_some() => self.time.clone().unwrap_or(Value::Null),
            _ => self.field(name, false, around),
        }
    }

    fn field(&self, name: &str, all: bool, around: &Surroundings<'_>) -> Value {
        let mut values = self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value);
        let found = match all {
            true => Value::from_values(values.cloned()),
            false => values.next().cloned().unwrap_or(Value::Null),
        };
        match found.is_null() {
            true => around.batch.get(name, self.row).into_owned(),
            false => found,
        }
    }
}

/// What says whether a name is a key, a field, or all values of a field; and the name.
pub fn unprefixed(name: &str) -> (&str, &str) {
    let end =
        ["pd:", "field:", "mv:"].into_iter().find(|prefix| name.starts_with(prefix)).map_or(0, str::len);
    name.split_at_checked(end).unwrap_or(("", name))
}

/// Events as rows of the fields that an expression reads.
pub fn as_batch(events: &[Event], names: &[Text], around: &Surroundings<'_>) -> Batch {
    let mut batch = Batch::with_rows(events.len());
    for name in names {
        let values = events.iter().map(|event| event.value(name, around)).collect();
        batch.set(name.clone(), Column::from_values(values));
    }
    batch
}

/// The fields that were added to events, by name; `_time` among them where it was set.
pub fn added(events: &[Event]) -> Vec<(Text, Column)> {
    let mut names: Vec<&Text> = Vec::new();
    for (name, _) in events.iter().flat_map(|event| &event.fields) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let column = |name: &Text| {
        let of = |event: &Event| {
            let found = event.fields.iter().filter(|(field, _)| field == name);
            Value::from_values(found.map(|(_, value)| value.clone()))
        };
        Column::from_values(events.iter().map(of).collect())
    };
    let mut columns: Vec<(Text, Column)> = names.iter().map(|name| ((*name).clone(), column(name))).collect();
    if events.iter().any(|event| event.time.is_some()) {
        let times = events.iter().map(|event| event.time.clone().unwrap_or(Value::Null));
        columns.push(("_time".into(), Column::from_values(times.collect())));
    }
    columns
}

/// The texts of events, where one was changed.
pub fn texts(events: &[Event], batch: &Batch) -> Option<Column> {
    events.iter().any(|event| event.raw.is_some()).then(|| {
        let text = |(at, event): (usize, &Event)| match &event.raw {
            Some(raw) => Value::Text(raw.clone()),
            None => batch.get("_raw", at).into_owned(),
        };
        Column::from_values(events.iter().enumerate().map(text).collect())
    })
}
