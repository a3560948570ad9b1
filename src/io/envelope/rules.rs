//! What is an envelope, by the keys of the object that it is.

use super::Envelope;
use super::keys::{Key, keys};

type Rule = fn(&Keys<'_>) -> bool;

/// The envelopes; the first that fits counts.
const RULES: &[(Envelope, Rule)] = &[
    (Envelope::SearchResult, |keys| keys.is("result", b'{') && keys.any(&["preview", "offset", "lastrow"])),
    (Envelope::SearchResults, |keys| {
        keys.is("results", b'[') && keys.any(&["preview", "init_offset", "post_process_count"])
    }),
    (Envelope::Collector, |keys| keys.is_collector()),
    (Envelope::CloudWatch, |keys| keys.is("logEvents", b'[')),
    (Envelope::LogMessage, |keys| {
        keys.is("message", b'"')
            && keys.only(&[
                "id",
                "eventId",
                "logStreamName",
                "ingestionTime",
                "timestamp",
                "message",
                "extractedFields",
            ])
            && keys.any(&["timestamp"])
            && keys.any(&["id", "eventId", "ingestionTime"])
    }),
    (Envelope::CloudTrailEvent, |keys| keys.is("CloudTrailEvent", b'"')),
    (Envelope::EventBridge, |keys| {
        let of_call =
            |key: &Key<'_>| key.value.contains("\"eventName\"") && key.value.contains("\"eventSource\"");
        keys.is("detail", b'{') && keys.any(&["detail-type"]) && keys.get("detail").is_some_and(of_call)
    }),
    (Envelope::Hit, |keys| keys.is("_source", b'{') && keys.any(&["_index", "_id", "_type"])),
    (Envelope::Hits, |keys| {
        keys.is("hits", b'{') && keys.any(&["took", "_shards", "timed_out", "_scroll_id"])
    }),
    (Envelope::Container, |keys| {
        keys.only(&["log", "stream", "time", "attrs"]) && keys.is("log", b'"') && keys.is("stream", b'"')
    }),
    (Envelope::Chainsaw, |keys| keys.is("document", b'{') && keys.any(&["kind", "group", "rule"])),
    (Envelope::EvtxECmd, |keys| {
        keys.any(&["Payload", "PayloadData1"]) && keys.any(&["EventRecordId"]) && keys.any(&["EventId"])
    }),
    (Envelope::WindowsPairs, |keys| keys.is_windows_pairs()),
    (Envelope::Page, |keys| keys.page().is_some()),
];

impl Envelope {
    /// What a JSON object is, by its keys: all of them, or those at its beginning.
    pub fn of(text: &str) -> Option<Envelope> {
        let text = text.trim_start();
        if !text.starts_with('{') {
            return None;
        }
        let keys = Keys(keys(text));
        RULES.iter().find(|(_, fits)| fits(&keys)).map(|(envelope, _)| *envelope)
    }
}

/// A list of events that an interface gives by the page, and what stands beside it.
pub const PAGES: &[(&str, &[&str])] = &[
    ("value", &["count", "nextLink", "continuationToken"]),
    ("records", &["count"]),
    ("Records", &["count"]),
    ("items", &["kind", "etag", "nextPageToken", "id"]),
    ("events", &["searchedLogStreams", "nextToken", "nextForwardToken", "nextBackwardToken"]),
    ("Events", &["NextToken", "nextToken"]),
    ("Findings", &["NextToken", "nextToken"]),
];

struct Keys<'t>(Vec<Key<'t>>);

impl Keys<'_> {
    fn get(&self, name: &str) -> Option<&Key<'_>> {
        self.0.iter().find(|key| key.name == name)
    }

    fn is(&self, name: &str, begins: u8) -> bool {
        self.get(name).and_then(Key::begins) == Some(begins)
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    /// Whether there are no other keys than these.
    fn only(&self, names: &[&str]) -> bool {
        self.0.iter().all(|key| names.contains(&key.name.as_ref()))
    }

    /// Whether it is an event for the HTTP Event Collector: other logs have keys of these names, too, but not only
    /// these, and no times in seconds beside a text.
    fn is_collector(&self) -> bool {
        const KEYS: [&str; 7] = ["time", "host", "source", "sourcetype", "index", "event", "fields"];
        let seconds = |key: &Key<'_>| {
            key.value.trim_start_matches('"').starts_with(|c: char| c.is_ascii_digit() || c == '.')
        };
        let time = self
            .get("time")
            .map(|key| seconds(key) && !key.value.get(..12).is_some_and(|start| start.contains(['-', 'T'])));
        let says = self.any(&["sourcetype", "index", "fields"]) || time == Some(true);
        self.any(&["event"])
            && self.only(&KEYS)
            && time != Some(false)
            && (says || self.is("event", b'{') && self.0.len() > 1)
    }

    fn is_windows_pairs(&self) -> bool {
        let Some(event) =
            self.get("Event").or_else(|| self.get("EventData").filter(|_| self.is("System", b'{')))
        else {
            return false;
        };
        event.value.contains("\"@Name\"") && event.value.contains("\"#text\"")
    }

    /// The list of a page, if this is one: of objects, with nothing beside it but what pages have.
    fn page(&self) -> Option<&Key<'_>> {
        PAGES.iter().find_map(|(name, beside)| {
            let list = self.get(name)?;
            let inside = list.value.strip_prefix('[')?.trim_start();
            let of_page = |key: &Key<'_>| {
                key.name == *name || key.name.starts_with("@odata.") || beside.contains(&key.name.as_ref())
            };
            let of_objects = inside.starts_with('{') || inside.starts_with(']');
            (of_objects && self.0.iter().all(of_page)).then_some(list)
        })
    }
}
