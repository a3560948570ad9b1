//! Reading a source type's stanza of props.conf.

use super::super::conf::{Conf, filled, passed_over, read_bool, read_integer};
use super::super::located::Located;
use super::super::words::split_list;
use super::aliases::{read_aliases, read_lookup};
use super::{Calculated, Extraction, ExtractionKind, FieldTransform, KvMode, SourceType};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// The settings that are read, or that cannot change a result.
pub(in super::super) const HONOURED: &[&str] = &[
    "KV_MODE",
    "AUTO_KV_JSON",
    "INDEXED_EXTRACTIONS",
    "TIMESTAMP_FIELDS",
    "TIME_PREFIX",
    "TIME_FORMAT",
    "MAX_TIMESTAMP_LOOKAHEAD",
    "TZ",
    "TRUNCATE",
    "rename",
    "category",
    "description",
    "pulldown_type",
];

/// The kinds of setting that are followed by `-` and a class.
pub(in super::super) const HONOURED_CLASSES: &[&str] = &["EXTRACT", "REPORT", "FIELDALIAS", "EVAL", "LOOKUP"];

/// How far a time is looked for where props.conf does not say.
const MAX_TIMESTAMP_LOOKAHEAD: i64 = 128;

/// Where an event is cut where props.conf does not say, in bytes.
const TRUNCATE: i64 = 10_000;

/// The names of the source types that have a stanza, in order.
pub(in super::super) fn names(props: &Conf) -> Vec<&str> {
    let names = props.stanzas().map(|stanza| stanza.name.as_str());
    let mut names: Vec<&str> = names.filter(|name| is_source_type(name)).collect();
    names.sort_unstable();
    names
}

/// Whether a stanza of props.conf is about a source type by its name, and not about sources, hosts or a
/// pattern of source types.
pub(in super::super) fn is_source_type(stanza: &str) -> bool {
    let others = ["source::", "host::", "rule::", "delayedrule::", "(?"];
    !others.iter().any(|prefix| stanza.starts_with(prefix))
}

impl SourceType {
    /// What the merged files say about a source type.
    ///
    /// # Errors
    /// A setting that cannot be read as what it is.
    pub(in super::super) fn read(name: &str, props: &Conf, transforms: &Conf) -> Result<SourceType> {
        let default = |key: &str| props.defaults().find(|(name, _)| *name == key).map(|(_, value)| value);
        let get = |key: &str| filled(props.get(name, key).or_else(|| default(key)));
        let list = |key| get(key).map_or_else(Vec::new, |value| split_list(value.text()));
        let stanza = props.stanza(name);
        let mut problems = Vec::new();
        let mut found = SourceType {
            name: name.into(),
            place: stanza.map(|stanza| format!("{}:{}", stanza.file.path, stanza.line)),
            app: stanza.map(|stanza| stanza.file.app.as_ref().into()),
            rename: get("rename").map(Located::to_text),
            kv_mode: get("KV_MODE").map_or(Ok(KvMode::Auto), read_kv_mode)?,
            auto_kv_json: read_bool(get("AUTO_KV_JSON"), true)?,
            indexed_extractions: get("INDEXED_EXTRACTIONS").map(|it| it.text().to_ascii_lowercase().into()),
            timestamp_fields: list("TIMESTAMP_FIELDS"),
            time_prefix: get("TIME_PREFIX").cloned(),
            time_format: get("TIME_FORMAT").cloned(),
            // -1 and 0 both lift the limit.
            max_timestamp_lookahead: limit(read_integer(
                get("MAX_TIMESTAMP_LOOKAHEAD"),
                MAX_TIMESTAMP_LOOKAHEAD,
            )?),
            time_zone: get("TZ").cloned(),
            truncate: limit(read_integer(get("TRUNCATE"), TRUNCATE)?),
            extractions: extractions(name, props, transforms, &mut problems),
            aliases: Vec::new(),
            calculated: Vec::new(),
            lookups: Vec::new(),
            problems: Vec::new(),
        };
        for (_, value) in classes(props, name, "FIELDALIAS") {
            found.aliases.extend(keep(read_aliases(value), &mut problems).unwrap_or_default());
        }
        for (field, value) in classes(props, name, "EVAL") {
            found.calculated.push(Calculated { field: field.into(), expression: value.clone() });
        }
        for (class, value) in classes(props, name, "LOOKUP") {
            found.lookups.extend(keep(read_lookup(class, value), &mut problems));
        }
        found.problems = problems;
        Ok(found)
    }
}

/// The settings of one kind that are not empty: an empty one takes back what another file said.
fn classes<'c>(props: &'c Conf, name: &str, prefix: &str) -> Vec<(&'c str, &'c Located)> {
    let mut classes = props.classes(name, prefix);
    classes.retain(|(class, value)| !class.is_empty() && !value.text().is_empty());
    classes
}

/// What was read, or none and the mistake among the problems: Splunk passes over such a setting.
fn keep<T>(read: Result<T>, problems: &mut Vec<Diagnostic>) -> Option<T> {
    read.map_err(|problem| problems.push(passed_over(problem))).ok()
}

fn extractions(
    name: &str,
    props: &Conf,
    transforms: &Conf,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Extraction> {
    let mut found = Vec::new();
    for (class, value) in classes(props, name, "EXTRACT") {
        let (pattern, source) = split_source(value);
        found.push(Extraction { class: class.into(), kind: ExtractionKind::Inline { pattern, source } });
    }
    for (class, value) in classes(props, name, "REPORT") {
        for transform in split_list(value.text()) {
            match keep(FieldTransform::read(&transform, transforms), problems) {
                Some(Some(transform)) => {
                    found.push(Extraction { class: class.into(), kind: ExtractionKind::Transform(transform) })
                }
                Some(None) => {
                    let message = format!("no app defines the field transform `{transform}`");
                    let names = transforms.stanzas().map(|stanza| stanza.name.as_str());
                    problems.push(value.warning(Code::KnowledgeIgnored, message).suggest(&transform, names));
                }
                None => {}
            }
        }
    }
    found
}

/// Splits `regex in field`; without a field the expression is applied to the event's text. A field is a
/// word of letters, digits and underscores (props.conf, `EXTRACT`).
fn split_source(value: &Located) -> (Located, Text) {
    let text = value.text();
    let word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let before = text.trim_end_matches(word);
    let field = text.get(before.len()..).unwrap_or("");
    let pattern = before.trim_end();
    match pattern.strip_suffix("in") {
        Some(pattern)
            if !field.is_empty()
                && before.len() > "in".len() + pattern.len()
                && pattern.ends_with(char::is_whitespace) =>
        {
            (value.slice(0..pattern.trim_end().len()), field.into())
        }
        _ => (value.clone(), "_raw".into()),
    }
}

fn read_kv_mode(value: &Located) -> Result<KvMode> {
    match value.text().to_ascii_lowercase().as_str() {
        "none" => Ok(KvMode::None),
        "auto" => Ok(KvMode::Auto),
        "auto_escaped" => Ok(KvMode::AutoEscaped),
        "json" => Ok(KvMode::Json),
        "xml" => Ok(KvMode::Xml),
        multi if multi == "multi" || multi.starts_with("multi:") => Ok(KvMode::Multi),
        other => Err(value
            .error(Code::Knowledge, format!("`{other}` is not a KV_MODE"))
            .help("it is none, auto, auto_escaped, multi, json or xml")),
    }
}

fn limit(number: i64) -> Option<usize> {
    usize::try_from(number).ok().filter(|number| *number > 0)
}
