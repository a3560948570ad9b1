//! Events in envelopes: what exporters and collectors put around an event, and what they say of it.
//!
//! Known are the exports of Splunk (`{"result": {"_raw": ...}}`, and pages of `results`), what the HTTP Event Collector
//! takes (Getting Data In, "Format events for HTTP Event Collector"), the messages of CloudWatch Logs and of EventBridge,
//! hits of Elasticsearch, pages of programming interfaces (`{"value": [...]}`), what container runtimes, Chainsaw and
//! EvtxECmd write. An envelope may hold another one.

mod keys;
mod rules;
mod windows;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

pub use self::keys::keys;
use self::rules::PAGES;
use crate::value::{Text, Value};

/// So many envelopes one in the other are opened.
const DEEPEST: usize = 6;

/// An event that came in an envelope, and what is said of it there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inner {
    /// Its text.
    pub text: String,
    /// Its time, as text or number.
    pub time: Option<Value>,
    /// A time that counts where the text has none.
    pub otherwise: Option<Value>,
    /// Its host.
    pub host: Option<Text>,
    /// Its source.
    pub source: Option<Text>,
    /// Its source type.
    pub source_type: Option<Text>,
    /// Its index.
    pub index: Option<Text>,
    /// Fields that it has beside those in its text.
    pub fields: Vec<(Text, Value)>,
}

/// What is around an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Envelope {
    /// A row of Splunk's results.
    SearchResult,
    /// A page of them.
    SearchResults,
    /// An event for the HTTP Event Collector.
    Collector,
    /// Messages of CloudWatch Logs.
    CloudWatch,
    /// One of them.
    LogMessage,
    /// An event of CloudTrail that another interface gives as text.
    CloudTrailEvent,
    /// A message of EventBridge about a call of an API.
    EventBridge,
    /// A document of Elasticsearch.
    Hit,
    /// A page of them.
    Hits,
    /// A page of an interface: the name of its list is one of those that `rules.rs` knows.
    Page,
    /// A line of a container.
    Container,
    /// What Chainsaw found.
    Chainsaw,
    /// A Windows event as EvtxECmd writes it.
    EvtxECmd,
    /// A Windows event whose data are pairs of name and text.
    WindowsPairs,
}

impl Envelope {
    /// For `--explain`.
    pub fn name(self) -> &'static str {
        match self {
            Envelope::SearchResult | Envelope::SearchResults => "results of Splunk",
            Envelope::Collector => "events for the HTTP Event Collector",
            Envelope::CloudWatch | Envelope::LogMessage => "messages of CloudWatch Logs",
            Envelope::CloudTrailEvent => "results of CloudTrail's LookupEvents",
            Envelope::EventBridge => "messages of EventBridge",
            Envelope::Hit | Envelope::Hits => "documents of Elasticsearch",
            Envelope::Page => "pages of an interface",
            Envelope::Container => "lines of a container",
            Envelope::Chainsaw => "findings of Chainsaw",
            Envelope::EvtxECmd => "Windows events of EvtxECmd",
            Envelope::WindowsPairs => "Windows events with pairs of name and text",
        }
    }
}

/// The envelope that most of some events, or their beginnings, are in.
pub fn seen(events: &[&str]) -> Option<Envelope> {
    // Of a list the first element shows it.
    let first =
        |text: &'_ &str| Envelope::of(text.trim_start().trim_start_matches(['[', ' ', '\t', '\r', '\n']));
    let mut found: Vec<Envelope> = events.iter().filter_map(first).collect();
    found.sort_unstable();
    let most = found.chunk_by(|a, b| a == b).max_by_key(|same| same.len())?;
    (most.len() * 2 > events.len()).then(|| most.first().copied()).flatten()
}

/// The events in an envelope; none for a text that is in none.
pub fn open(text: &str) -> Option<Vec<Inner>> {
    let mut found = Vec::new();
    opened(text, &Inner::default(), &mut found, 0).then_some(found)
}

type Members<'t> = BTreeMap<String, &'t RawValue>;

fn members(text: &str) -> Option<Members<'_>> {
    serde_json::from_str(text).ok()
}

/// Adds the events in a text; says whether it is an envelope that can be opened. `around` has what was said outside.
fn opened(text: &str, around: &Inner, found: &mut Vec<Inner>, depth: usize) -> bool {
    let Some(envelope) = Envelope::of(text).filter(|_| depth < DEEPEST) else { return false };
    let Some(own) = members(text) else { return false };
    let member = |name: &str| own.get(name).map(|value| value.get());
    let inside = |name: &str| {
        let text = member(name)?;
        members_list(text)
    };
    let mut each = |texts: Option<Vec<&RawValue>>, around: &Inner| {
        let Some(texts) = texts else { return false };
        texts.iter().for_each(|text| further(text.get().into(), around.clone(), found, depth));
        true
    };
    let rows = inside("results").filter(|_| envelope == Envelope::SearchResults);
    if let Some(rows) = rows {
        for row in rows {
            let (text, inner) = search_result(row.get(), around);
            further(text, inner, found, depth);
        }
        return true;
    }
    match envelope {
        Envelope::Page => each(PAGES.iter().find_map(|(name, _)| inside(name)), around),
        Envelope::Hits => {
            each(member("hits").and_then(|hits| members_list(members(hits)?.get("hits")?.get())), around)
        }
        Envelope::CloudWatch => each(inside("logEvents"), &of_stream(&member, around)),
        Envelope::EvtxECmd | Envelope::WindowsPairs => {
            let fields = match envelope {
                Envelope::EvtxECmd => windows::evtx_e_cmd(&member),
                _ => windows::pairs(text),
            };
            let time = member("TimeCreated").and_then(as_value);
            let mut inner = Inner { text: text.to_string(), ..around.clone() };
            inner.otherwise = inner.otherwise.or(time);
            inner.fields.extend(fields);
            found.push(inner);
            true
        }
        _ => match one(envelope, text, &member, around) {
            Some((text, inner)) => {
                further(text, inner, found, depth);
                true
            }
            None => false,
        },
    }
}

/// The stream of CloudWatch Logs that messages are from.
fn of_stream<'t>(member: &dyn Fn(&str) -> Option<&'t str>, around: &Inner) -> Inner {
    let said = |name| member(name).and_then(as_text);
    let source = match (said("logGroup"), said("logStream")) {
        (Some(group), Some(stream)) => Some(Text::from(format!("{group}:{stream}"))),
        (group, stream) => group.or(stream),
    };
    Inner { source: around.source.clone().or(source), ..around.clone() }
}

/// What is in an envelope of one event, and what is said of it.
fn one<'t>(
    envelope: Envelope,
    text: &'t str,
    member: &dyn Fn(&str) -> Option<&'t str>,
    around: &Inner,
) -> Option<(Cow<'t, str>, Inner)> {
    let mut inner = around.clone();
    let said = |name| member(name).and_then(as_text);
    let text = match envelope {
        Envelope::SearchResult => return Some(search_result(member("result")?, around)),
        Envelope::Collector => {
            inner.time = member("time").and_then(as_value).or(inner.time);
            inner.host = said("host").or(inner.host);
            inner.source = said("source").or(inner.source);
            inner.source_type = said("sourcetype").or(inner.source_type);
            inner.index = said("index").or(inner.index);
            let fields = member("fields").and_then(members).unwrap_or_default();
            inner.fields.extend(in_order(fields));
            content(member("event")?)?
        }
        Envelope::LogMessage => {
            inner.otherwise = member("timestamp").and_then(as_value);
            content(member("message")?)?
        }
        Envelope::CloudTrailEvent => content(member("CloudTrailEvent")?)?,
        Envelope::EventBridge => member("detail")?.into(),
        Envelope::Hit => member("_source")?.into(),
        Envelope::Container => {
            inner.otherwise = member("time").and_then(as_value);
            content(member("log")?)?
        }
        Envelope::Chainsaw => {
            let document = members(member("document")?)?;
            document.get("data").map(|data| Cow::Borrowed(data.get()))?
        }
        _ => text.into(),
    };
    Some((text, inner))
}

/// A row of results: the text of the event and what Splunk had found out about it; a row without a text is itself one.
fn search_result<'t>(row: &'t str, around: &Inner) -> (Cow<'t, str>, Inner) {
    let mut inner = around.clone();
    let Some(row_members) = members(row) else { return (row.into(), inner) };
    let raw = row_members.get("_raw").and_then(|raw| content(raw.get()));
    let fields = in_order(row_members);
    told(&mut inner, fields, raw.is_some());
    (raw.unwrap_or(Cow::Borrowed(row)), inner)
}

/// Fields of results that are worked out anew.
const WORKED_OUT: [&str; 10] = [
    "linecount",
    "punct",
    "splunk_server",
    "splunk_server_group",
    "timestamp",
    "timestartpos",
    "timeendpos",
    "eventtype",
    "tag",
    "unix_category",
];

/// What a row of results says of its event.
pub fn told(inner: &mut Inner, fields: Vec<(Text, Value)>, of_event: bool) {
    for (name, value) in fields {
        let text = || {
            Some(Text::from(value.values().first().unwrap_or(&value).to_text().as_ref()))
                .filter(|text| !text.is_empty())
        };
        match name.as_str() {
            "_time" => inner.time = Some(value),
            "host" => inner.host = text(),
            "source" => inner.source = text(),
            "sourcetype" => inner.source_type = text(),
            "index" => inner.index = text(),
            name if !of_event
                || name.starts_with('_')
                || name.starts_with("date_")
                || name.starts_with("tag::") => {}
            name if WORKED_OUT.contains(&name) => {}
            _ => inner.fields.push((name, value)),
        }
    }
}

/// The members of an object as fields, by name.
fn in_order(members: Members<'_>) -> Vec<(Text, Value)> {
    let field =
        |(name, value): (String, &RawValue)| Some((Text::from(name.as_str()), as_value(value.get())?));
    members.into_iter().filter_map(field).collect()
}

/// Opens what was in an envelope, or takes it as the event; an empty text is none.
fn further(text: Cow<'_, str>, inner: Inner, found: &mut Vec<Inner>, depth: usize) {
    if !opened(&text, &inner, found, depth + 1) && !text.trim().is_empty() {
        let text = text.trim_end_matches(['\r', '\n']).to_string();
        found.push(Inner { text, ..inner });
    }
}

fn members_list(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// What a value holds: the content of a string, the text of anything else but null.
fn content(value: &str) -> Option<Cow<'_, str>> {
    match value.as_bytes().first()? {
        b'"' => serde_json::from_str::<Cow<'_, str>>(value).ok(),
        _ if value == "null" => None,
        _ => Some(value.into()),
    }
}

fn as_text(value: &str) -> Option<Text> {
    content(value).map(|text| Text::from(text.as_ref())).filter(|text| !text.is_empty())
}

/// A value of JSON as that of a field: the elements of a list are several values.
fn as_value(value: &str) -> Option<Value> {
    match value.as_bytes().first()? {
        b'[' => {
            let elements: Vec<&RawValue> = serde_json::from_str(value).ok()?;
            let values = elements.iter().filter_map(|element| content(element.get()));
            Some(Value::from_values(values.map(|text| Value::text(text.as_ref()))))
        }
        _ => content(value).map(|text| Value::text(text.as_ref())),
    }
}

#[cfg(test)]
mod tests;
