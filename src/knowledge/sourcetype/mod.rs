//! Source types: props.conf with the field transforms of transforms.conf, event types and tags.
//!
//! At search time Splunk applies, in this order: `EXTRACT`, `REPORT`, automatic key-value extraction,
//! `FIELDALIAS`, `EVAL`, `LOOKUP`, event types, tags (Knowledge Manager Manual, "The sequence of search-time
//! operations"). Within one kind the classes come in ASCII order; calculated fields do not see each other.

mod add_on;
mod aliases;
mod breaking;
mod events;
mod indexing;
mod metrics;
mod modular;
mod props;
mod stanzas;
mod transforms;

pub use aliases::{Alias, AutomaticLookup};
pub use breaking::{BreakingRules, CsvRules, Structure};
pub use events::{EventType, NamePart, TagRule};
pub use indexing::{IndexAction, IndexKey, IndexMatch, IndexTransform, Target};
pub use metrics::{Measures, MetricSchema};
pub use stanzas::{Assigned, Recognised};
pub use transforms::FieldTransform;

pub(super) use add_on::{add_on_of, classifies, is_of_search_time, is_stand_in};
pub(super) use events::{event_types, tags};
pub(super) use indexing::HONOURED as HONOURED_INDEXING;
pub(super) use metrics::{HONOURED as HONOURED_METRICS, STANZA as METRIC_STANZA};
pub(super) use props::{HONOURED_CLASSES, honoured, is_lookup_key, names};
pub(super) use stanzas::Stanzas;
pub(super) use transforms::HONOURED as HONOURED_TRANSFORM;

use super::located::Located;
use crate::diagnostic::Diagnostic;
use crate::io::Charset;
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
    /// The app that is their add-on: what is built in for searching them is set aside.
    pub add_on: Option<Text>,
    /// The source type that its events count as when they are searched (`rename`).
    pub rename: Option<Text>,
    /// How fields are found in the event's text without being told.
    pub kv_mode: KvMode,
    /// The stanza of multikv.conf that says how, where [`KvMode::Multi`] names one.
    pub kv_table: Option<Text>,
    /// Whether [`KvMode::Auto`] reads events that are JSON as JSON, too (`AUTO_KV_JSON`).
    pub auto_kv_json: bool,
    /// Whether [`KvMode::Auto`] takes the blanks around a value away (`KV_TRIM_SPACES`).
    pub kv_trim_spaces: bool,
    /// The encoding of its files (`CHARSET`).
    pub charset: Charset,
    /// Whether the names of fields of JSON lose the `{}` of lists (`JSON_TRIM_BRACES_IN_ARRAY_NAMES`).
    pub trim_braces: bool,
    /// The structure that is extracted while indexing (`INDEXED_EXTRACTIONS`).
    pub structure: Option<Structure>,
    /// How a file is broken into events.
    pub breaking: BreakingRules,
    /// Sed scripts that the text goes through while it is indexed (`SEDCMD`), by class.
    pub seds: Vec<Located>,
    /// What is done to an event then: `TRANSFORMS` by class, then `RULESET` by class.
    pub index_transforms: Vec<IndexTransform>,
    /// How an event becomes measurements (`METRIC-SCHEMA-TRANSFORMS`).
    pub metric_schemas: Vec<MetricSchema>,
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
    /// What names of zones stand for (`TZ_ALIAS`).
    pub zone_names: Vec<(Text, Text)>,
    /// What stands for the time of events whose text is not looked at: `CURRENT` or `NONE`
    /// (`DATETIME_CONFIG`).
    pub instead_of_time: Option<Located>,
    /// How old a time may be, and how far ahead, in days; no limit where nothing is said.
    pub believed_days: (Option<i64>, Option<i64>),
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
    /// Tables, as `multikv` reads them: an event becomes several.
    Multi,
    /// JSON.
    Json,
    /// XML.
    Xml,
}

impl KvMode {
    /// Whether events that are JSON are read as JSON; `automatically` says whether that is done unasked.
    pub fn reads_json(self, automatically: bool) -> bool {
        match self {
            KvMode::Json => true,
            KvMode::Auto | KvMode::AutoEscaped => automatically,
            KvMode::None | KvMode::Multi | KvMode::Xml => false,
        }
    }
}

impl SourceType {
    /// Whether nothing is known but Splunk's defaults for JSON that nobody has described.
    pub fn is_plain(&self) -> bool {
        self.place.is_none() && self.name == "_json"
    }

    /// Whether it says where in an event the time is.
    pub fn says_where_the_time_is(&self) -> bool {
        self.time_prefix.is_some() || !self.timestamp_fields.is_empty() || self.instead_of_time.is_some()
    }

    /// Whether the fields of JSON events are found: while indexing, or while searching.
    pub fn reads_json(&self) -> bool {
        self.kv_mode.reads_json(self.auto_kv_json) || self.structure == Some(Structure::Json)
    }

    /// What is done while searching, with what is done while indexing of another.
    #[must_use]
    pub fn with_index_time_of(self, other: SourceType) -> SourceType {
        SourceType {
            charset: other.charset,
            structure: other.structure,
            breaking: other.breaking,
            seds: other.seds,
            index_transforms: other.index_transforms,
            metric_schemas: other.metric_schemas,
            timestamp_fields: other.timestamp_fields,
            time_prefix: other.time_prefix,
            time_format: other.time_format,
            max_timestamp_lookahead: other.max_timestamp_lookahead,
            time_zone: other.time_zone,
            zone_names: other.zone_names,
            instead_of_time: other.instead_of_time,
            believed_days: other.believed_days,
            ..self
        }
    }
}

/// A step that takes fields out of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The class: what stands after `EXTRACT-` or `REPORT-`.
    pub class: Text,
    /// What is done.
    pub kind: ExtractionKind,
}

impl Extraction {
    /// Where it is said what is done.
    pub fn located(&self) -> &Located {
        match &self.kind {
            ExtractionKind::Inline { pattern, .. } => pattern,
            ExtractionKind::Transform(transform) => &transform.place,
        }
    }
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
