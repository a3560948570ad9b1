//! Settings that are not honoured: what Splunk knows and this engine does not, and what is misspelt.

use super::conf::{Conf, Stanza, parse_bool};
use super::located::Located;
use super::lookup::{self, is_lookup};
use super::named::TRANSACTION_OPTIONS;
use super::sourcetype::{self, IndexKey};
use super::{Knowledge, macros, saved};
use crate::diagnostic::{Code, Diagnostic};
use crate::extract::Sections;
use crate::value::Text;

/// The settings of an event type that are read, or that change nothing but its looks.
const EVENT_TYPE: &[&str] = &["search", "disabled", "tags", "description", "color", "priority"];

/// The settings of fields.conf that are read, or that change nothing here: where Splunk keeps a field.
const FIELD: &[&str] = &["TOKENIZER", "INDEXED", "INDEXED_VALUE"];

/// The settings of collections.conf that change nothing here: where Splunk keeps a collection, and how it finds what is
/// in it (collections.conf.spec).
const COLLECTION: &[&str] = &[
    "disabled",
    "profilingEnabled",
    "profilingThresholdMs",
    "replicate",
    "replication_dump_strategy",
    "replication_dump_maximum_file_size",
];

/// Settings of props.conf that cannot change a result here: how Splunk finds, reads, forwards, keeps and guesses
/// files, and how it shows source types.
const WITHOUT_MEANING: &[&str] = &[
    "ADD_EXTRA_TIME_FIELDS",
    "ANNOTATE_PUNCT",
    "CHECK_METHOD",
    "DEPTH_LIMIT",
    "EVENT_BREAKER",
    "EVENT_BREAKER_ENABLE",
    "LB_CHUNK_BREAKER",
    "LB_CHUNK_BREAKER_TRUNCATE",
    "LEARN_MODEL",
    "LEARN_SOURCETYPE",
    "LINE_BREAKER_LOOKBEHIND",
    "MATCH_LIMIT",
    "MAX_DIFF_SECS_AGO",
    "MAX_DIFF_SECS_HENCE",
    "MAX_EXPECTED_EVENT_LINES",
    "NO_BINARY_CHECK",
    "OPTIMIZE_IE_EXTRACT",
    "PREFIX_SOURCETYPE",
    "SEGMENTATION",
    "SOURCETYPE_NAME_RESTRICTED_CHARACTERS",
    "XML_INDEXED_EXTRACTIONS_PIPELINE",
    "_actions",
    "category",
    "description",
    "detect_trailing_nulls",
    "disabled",
    "force_local_processing",
    "given_type",
    "initCrcLength",
    "invalid_cause",
    "is_valid",
    "maxDist",
    "pulldown_type",
    "termFrequencyWeightedDist",
    "trackPipelineLatency",
    "unarchive_cmd",
    "unarchive_cmd_start_mode",
    "unarchive_sourcetype",
];

/// A setting, and the values of it that ask for what is done anyway.
type Usual = (&'static str, fn(&str) -> bool);

/// Settings of props.conf that are honoured as far as they ask for what is done anyway.
const USUAL: &[Usual] = &[
    ("CHECK_FOR_HEADER", is_false),
    ("DETERMINE_TIMESTAMP_DATE_WITH_SYSTEM_TIME", is_false),
    ("HEADER_MODE", |value| value.is_empty() || value.eq_ignore_ascii_case("none")),
];

/// Settings that Splunk has and that are not honoured: not for these is a similar name what was meant.
const KNOWN: &[&str] = &[
    "CHECK_FOR_HEADER",
    "DEST_KEY",
    "DETERMINE_TIMESTAMP_DATE_WITH_SYSTEM_TIME",
    "HEADER_MODE",
    "METRICS_PROTOCOL",
    "REMOVE_DIMS_FROM_METRIC_NAME",
    "ROUTE_EVENTS_OLDER_THAN",
    "STATSD-DIM-TRANSFORMS",
    "STATSD_EMIT_SINGLE_MEASUREMENT_FORMAT",
    "XML_IE_EXCLUDE",
    "XML_IE_INCLUDE",
    "extraction_cutoff",
    "feature_id_element",
];

fn is_false(value: &str) -> bool {
    value.is_empty() || parse_bool(value) == Some(false)
}

/// The settings of a transaction type that are read beside the options, and `search`, which only `searchtxn` reads.
const TRANSACTION_TYPE: [&str; 4] = ["fields", "startswith", "endswith", "search"];

/// The settings that are honoured in a stanza, and the kinds of setting that are followed by a class.
type Honoured = (Vec<&'static str>, &'static [&'static str]);

/// What becomes of a stanza.
enum Kind {
    /// Settings are honoured.
    Read(Honoured),
    /// It is passed over as a whole.
    PassedOver,
    /// It says nothing that could be honoured.
    WithoutMeaning,
}

impl Knowledge {
    /// Every setting in the apps that is not honoured, with its place: those that Splunk knows and this
    /// engine does not, and those that are misspelt.
    pub fn ignored(&self) -> Vec<Diagnostic> {
        let mut found = collect(&self.macros_conf, &self.transforms, &self.props, &self.event_types);
        for stanza in self.props.stanzas() {
            found.extend(self.source_type_with(&stanza.name, std::slice::from_ref(&stanza.name)).problems);
        }
        found.extend(self.event_types().1);
        found.extend(self.tags().1);
        found.extend(saved::ignored(&self.saved_searches));
        each(&self.transaction_types, &mut found, |_| {
            Kind::Read((TRANSACTION_OPTIONS.into_iter().chain(TRANSACTION_TYPE).collect(), &[]))
        });
        each(&self.fields, &mut found, |_| Kind::Read((FIELD.to_vec(), &[])));
        found.extend(described_tables(&self.tables));
        found.extend(collections(&self.collections));
        found
    }
}

/// A warning for each setting of the merged files that is not honoured.
fn collect(macros: &Conf, transforms: &Conf, props: &Conf, event_types: &Conf) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each(macros, &mut found, |_| Kind::Read((macros::HONOURED.to_vec(), &[])));
    each(transforms, &mut found, |stanza| match stanza {
        Some(stanza) if is_lookup(transforms, &stanza.name) => Kind::Read((lookup::HONOURED.to_vec(), &[])),
        Some(stanza) if stanza.name == "accepted_keys" => Kind::WithoutMeaning,
        Some(stanza) if stanza.name.starts_with("statsd-dims:") => Kind::PassedOver,
        Some(stanza) if stanza.name.starts_with(sourcetype::METRIC_STANZA) => {
            Kind::Read((sourcetype::HONOURED_METRICS.to_vec(), sourcetype::HONOURED_METRICS))
        }
        Some(stanza) => Kind::Read((transform_keys(transforms, &stanza.name), &[])),
        None => Kind::Read((
            [lookup::HONOURED, sourcetype::HONOURED_TRANSFORM, sourcetype::HONOURED_INDEXING].concat(),
            &[],
        )),
    });
    each(props, &mut found, |stanza| {
        let rule = stanza.is_some_and(|stanza| is_rule(&stanza.name));
        Kind::Read(match rule {
            true => (vec!["sourcetype", "source"], &["MORE_THAN", "LESS_THAN"]),
            false => (
                sourcetype::honoured().into_iter().chain(WITHOUT_MEANING.iter().copied()).collect(),
                sourcetype::HONOURED_CLASSES,
            ),
        })
    });
    each(event_types, &mut found, |_| Kind::Read((EVENT_TYPE.to_vec(), &[])));
    found
}

/// A warning for each setting of multikv.conf that is not honoured.
fn described_tables(conf: &Conf) -> Vec<Diagnostic> {
    let keys = Sections::NAMES.iter().flat_map(|name| Sections::KEYS.map(|key| format!("{name}.{key}")));
    let keys: Vec<String> = keys.collect();
    let settings = conf.defaults().chain(conf.stanzas().flat_map(Stanza::settings));
    let unknown = settings.filter(|(key, _)| !keys.iter().any(|known| known == key.as_str()));
    let warning = |(key, value): (&Text, &Located)| {
        let message = format!("the setting `{key}` is not honoured");
        value.warning(Code::KnowledgeIgnored, message).suggest(key, keys.iter().map(String::as_str))
    };
    unknown.map(warning).collect()
}

/// A warning for each setting of collections.conf that is not honoured: types that are no text, and that they are to be
/// enforced.
fn collections(conf: &Conf) -> Vec<Diagnostic> {
    let settings = conf.defaults().chain(conf.stanzas().flat_map(Stanza::settings));
    let without_meaning = |(key, value): &(&Text, &Located)| {
        COLLECTION.contains(&key.as_str())
            || key.starts_with("accelerated_fields.")
            || key.starts_with("field.") && value.text() == "string"
            || *key == "enforceTypes" && is_false(value.text())
    };
    let known = |key: &str| key.starts_with("field.") || key == "enforceTypes";
    let told = |(key, value): (&Text, &Located)| match known(key) {
        true => value.warning(Code::KnowledgeIgnored, format!("the setting `{key}` is not honoured")),
        false => warning(key, value, COLLECTION),
    };
    settings.filter(|setting| !without_meaning(setting)).map(told).collect()
}

/// The settings of a transform, while searching and while indexing.
fn transform_keys(transforms: &Conf, stanza: &str) -> Vec<&'static str> {
    let mut keys = [sourcetype::HONOURED_TRANSFORM, sourcetype::HONOURED_INDEXING].concat();
    if transforms.get(stanza, "DEST_KEY").is_some_and(|dest| IndexKey::of(dest.text()).is_none()) {
        keys.retain(|key| *key != "DEST_KEY");
    }
    keys
}

fn is_rule(stanza: &str) -> bool {
    stanza.starts_with("rule::") || stanza.starts_with("delayedrule::")
}

/// Goes through the settings of every stanza and, without one, the defaults.
fn each(conf: &Conf, found: &mut Vec<Diagnostic>, kind: impl Fn(Option<&Stanza>) -> Kind) {
    if let Kind::Read(honoured) = kind(None) {
        check(conf.defaults(), &honoured, found);
    }
    for stanza in conf.stanzas() {
        match kind(Some(stanza)) {
            Kind::Read(honoured) => check(stanza.settings(), &honoured, found),
            Kind::PassedOver => {
                let message = format!("the stanza `{}` is not honoured", stanza.name);
                found.push(stanza.warning(Code::KnowledgeIgnored, message));
            }
            Kind::WithoutMeaning => {}
        }
    }
}

fn check<'c>(
    settings: impl Iterator<Item = (&'c Text, &'c Located)>,
    (keys, classes): &Honoured,
    found: &mut Vec<Diagnostic>,
) {
    for (key, value) in settings {
        let class = |kind: &&str| match key.strip_prefix(*kind) {
            Some(rest) => kind.ends_with("_THAN") || rest.starts_with('-'),
            None => false,
        };
        // The prefix of lookups is read in any case, with or without a sign behind it.
        let lookup = classes.contains(&"LOOKUP") && sourcetype::is_lookup_key(key);
        let usual = USUAL.iter().any(|(name, usual)| key == name && usual(value.text()));
        if !keys.contains(&key.as_str()) && !classes.iter().any(class) && !lookup && !usual {
            found.push(warning(key, value, keys));
        }
    }
}

fn warning(key: &str, value: &Located, honoured: &[&'static str]) -> Diagnostic {
    let message = format!("the setting `{key}` is not honoured");
    let warning = value.warning(Code::KnowledgeIgnored, message);
    if KNOWN.contains(&key) { warning } else { warning.suggest(key, honoured.iter().copied()) }
}
