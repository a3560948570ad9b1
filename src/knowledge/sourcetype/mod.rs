//! Source types: props.conf with the field transforms of transforms.conf, event types and tags.
//!
//! At search time Splunk applies, in this order: `EXTRACT`, `REPORT`, automatic key-value extraction,
//! `FIELDALIAS`, `EVAL`, `LOOKUP`, event types, tags (Knowledge Manager Manual, "The sequence of search-time
//! operations"). Within one kind the classes come in ASCII order; calculated fields do not see each other.

mod aliases;
mod events;
mod props;
mod transforms;

pub use aliases::{Alias, AutomaticLookup};
pub use events::{EventType, TagRule};
pub use transforms::FieldTransform;

pub(super) use events::{event_types, is_template, tags};
pub(super) use props::{HONOURED, HONOURED_CLASSES, is_source_type, names};
pub(super) use transforms::HONOURED as HONOURED_TRANSFORM;

use super::located::Located;
use crate::diagnostic::Diagnostic;
use crate::value::Text;

/// What props.conf says about a source type.
#[derive(Clone, Debug)]
pub struct SourceType {
    /// The name.
    pub name: Text,
    /// Where its stanza is; none if props.conf does not name it and Splunk's defaults hold.
    pub place: Option<String>,
    /// The app of the stanza.
    pub app: Option<Text>,
    /// The source type that its events count as when they are searched (`rename`).
    pub rename: Option<Text>,
    /// How fields are found in the event's text without being told.
    pub kv_mode: KvMode,
    /// Whether [`KvMode::Auto`] reads events that are JSON as JSON, too (`AUTO_KV_JSON`).
    pub auto_kv_json: bool,
    /// The structure that was extracted while indexing, in lower case: `json`, `csv` … (`INDEXED_EXTRACTIONS`).
    pub indexed_extractions: Option<Text>,
    /// The fields that the time is read from, where the structure was extracted while indexing.
    pub timestamp_fields: Vec<Text>,
    /// The expression that ends where the time begins.
    pub time_prefix: Option<Located>,
    /// The format of the time, as for `strptime`.
    pub time_format: Option<Located>,
    /// How many characters after the prefix are looked at for the time; none for all of them. By default 128.
    pub max_timestamp_lookahead: Option<usize>,
    /// The time zone of times that name none.
    pub time_zone: Option<Located>,
    /// The length in bytes at which an event is cut; none if it is not. By default 10,000.
    pub truncate: Option<usize>,
    /// `EXTRACT` by class, then `REPORT` by class.
    pub extractions: Vec<Extraction>,
    /// `FIELDALIAS`, by class.
    pub aliases: Vec<Alias>,
    /// `EVAL`, by field; each sees the fields as they were before all of them.
    pub calculated: Vec<Calculated>,
    /// `LOOKUP`, by class.
    pub lookups: Vec<AutomaticLookup>,
    /// Settings that were passed over, as Splunk passes over them, because they cannot be read or name
    /// something that no app has.
    pub problems: Vec<Diagnostic>,
}

/// How fields are found in an event's text without being told (`KV_MODE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KvMode {
    /// Not at all.
    None,
    /// `key=value` pairs.
    Auto,
    /// The same, with `\"` in quoted values.
    AutoEscaped,
    /// Tables, as `multikv` reads them.
    Multi,
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// A step that takes fields out of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The class: what stands after `EXTRACT-` or `REPORT-`.
    pub class: Text,
    /// What is done.
    pub kind: ExtractionKind,
}

/// What an extraction does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtractionKind {
    /// A regular expression whose named groups are fields (`EXTRACT`).
    Inline {
        /// The expression.
        pattern: Located,
        /// The field it is applied to.
        source: Text,
    },
    /// A field transform (`REPORT`).
    Transform(FieldTransform),
}

/// A calculated field (`EVAL-field`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculated {
    /// The field.
    pub field: Text,
    /// The expression.
    pub expression: Located,
}

#[cfg(test)]
mod tests;
