//! Reading a source type's stanza of props.conf.

use super::super::conf::{Conf, filled, passed_over, read_bool, read_integer};
use super::super::located::Located;
use super::super::words::split_list;
use super::aliases::{read_aliases, read_lookup};
use super::breaking::{self, BreakingRules};
use super::{
    Calculated, Extraction, ExtractionKind, FieldTransform, IndexTransform, KvMode, SourceType, indexing,
};
use super::{add_on, metrics};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::io::Charset;
use crate::time::parse_time_zone;
use crate::value::Text;

/// The settings that are read.
const OWN: &[&str] = &[
    "CHARSET",
    "KV_MODE",
    "AUTO_KV_JSON",
    "TIMESTAMP_FIELDS",
    "TIME_PREFIX",
    "TIME_FORMAT",
    "MAX_TIMESTAMP_LOOKAHEAD",
    "TZ",
    "DATETIME_CONFIG",
    "MAX_DAYS_AGO",
    "MAX_DAYS_HENCE",
    "rename",
    "priority",
    "sourcetype",
    "KV_TRIM_SPACES",
    "TRANSFORMS",
    "JSON_TRIM_BRACES_IN_ARRAY_NAMES",
    "TZ_ALIAS",
    "METRIC-SCHEMA-TRANSFORMS",
];

/// All settings of a stanza that are honoured.
pub(in super::super) fn honoured() -> Vec<&'static str> {
    OWN.iter().copied().chain(breaking::HONOURED).collect()
}

/// The kinds of setting that are followed by `-` and a class.
pub(in super::super) const HONOURED_CLASSES: &[&str] = &[
    "EXTRACT",
    "REPORT",
    "FIELDALIAS",
    "EVAL",
    "LOOKUP",
    "TRANSFORMS",
    "RULESET",
    "RULESET_DESC",
    "SEDCMD",
    "SEGMENTATION",
];

/// Whether a setting is a lookup: its prefix is read in any case, and a class may follow without a sign (props.conf,
/// `LOOKUP`).
pub(in super::super) fn is_lookup_key(key: &str) -> bool {
    key.get(.."LOOKUP".len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case("LOOKUP"))
}

/// How far a time is looked for where props.conf does not say.
const MAX_TIMESTAMP_LOOKAHEAD: i64 = 128;

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
    /// What the merged files say about a source type, by the stanzas that hold for it, of which the last wins. A value
    /// that cannot be read counts as not said, and is among the problems.
    pub(in super::super) fn read<'l>(
        name: &str,
        layers: impl IntoIterator<Item = &'l str>,
        add_on: Option<&str>,
        all_props: &Conf,
        transforms: &Conf,
    ) -> SourceType {
        let mut layered = all_props.layered(name, layers);
        if add_on.is_some() {
            add_on::set_aside(&mut layered, name);
        }
        let props = &layered;
        let get = |key: &str| filled(props.get(name, key).or_else(|| props.default_of(key)));
        let stanza = props.stanza(name);
        let mut problems = Vec::new();
        let said = &mut problems;
        let mut flag = |key| keep(read_bool(get(key), true), said).unwrap_or(true);
        let (auto_kv_json, kv_trim_spaces) = (flag("AUTO_KV_JSON"), flag("KV_TRIM_SPACES"));
        let trim_braces = keep(read_bool(get("JSON_TRIM_BRACES_IN_ARRAY_NAMES"), false), said);
        let zone_names = keep(read_zone_names(get("TZ_ALIAS")), said);
        let lookahead = keep(read_integer(get("MAX_TIMESTAMP_LOOKAHEAD"), MAX_TIMESTAMP_LOOKAHEAD), said);
        let mut days =
            |key| keep(get(key).map(|value| read_integer(Some(value), 0)).transpose(), said).flatten();
        let believed_days = (days("MAX_DAYS_AGO"), days("MAX_DAYS_HENCE"));
        let fields =
            get("TIMESTAMP_FIELDS").map(|value| split_list(breaking::without_brackets(value.text())));
        let mut found = SourceType {
            name: name.into(),
            place: stanza.map(|stanza| format!("{}:{}", stanza.file.path, stanza.line)),
            app: stanza.map(|stanza| stanza.file.app.as_ref().into()),
            add_on: add_on.map(Text::from),
            rename: get("rename").map(Located::to_text),
            kv_mode: get("KV_MODE").and_then(|mode| keep(read_kv_mode(mode), said)).unwrap_or(KvMode::Auto),
            kv_table: get("KV_MODE").and_then(|mode| described_table(mode.text())).map(Text::from),
            auto_kv_json,
            kv_trim_spaces,
            trim_braces: trim_braces.unwrap_or(false),
            charset: get("CHARSET").and_then(|name| keep(read_charset(name), said)).unwrap_or_default(),
            structure: keep(BreakingRules::structure(name, props), said).flatten(),
            breaking: BreakingRules::read(name, props, said),
            seds: classes(props, name, "SEDCMD").into_iter().map(|(_, script)| script.clone()).collect(),
            index_transforms: index_transforms(name, props, transforms, said),
            metric_schemas: metrics::read(get("METRIC-SCHEMA-TRANSFORMS"), transforms, said),
            timestamp_fields: fields.unwrap_or_default(),
            time_prefix: get("TIME_PREFIX").cloned(),
            time_format: get("TIME_FORMAT").cloned(),
            // -1 and 0 both lift the limit.
            max_timestamp_lookahead: limit(lookahead.unwrap_or(MAX_TIMESTAMP_LOOKAHEAD)),
            time_zone: get("TZ").cloned(),
            zone_names: zone_names.unwrap_or_default(),
            instead_of_time: get("DATETIME_CONFIG").cloned(),
            believed_days,
            extractions: extractions(name, props, transforms, said),
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
        for (class, value) in lookups(props, name) {
            found.lookups.extend(keep(read_lookup(class, value), &mut problems));
        }
        found.problems = problems;
        found
    }
}

/// The settings of one kind that are not empty: an empty one takes back what another file said.
fn classes<'c>(props: &'c Conf, name: &str, prefix: &str) -> Vec<(&'c str, &'c Located)> {
    let mut classes = props.classes(name, prefix);
    classes.retain(|(class, value)| !class.is_empty() && !value.text().is_empty());
    classes
}

/// The lookups that are not empty, by class.
fn lookups<'c>(props: &'c Conf, name: &str) -> Vec<(&'c str, &'c Located)> {
    let class = |key: &'c Text| key.get("LOOKUP".len()..).unwrap_or("").trim_start_matches(['-', '_']);
    let settings = props.settings(name).filter(|(key, value)| is_lookup_key(key) && !value.text().is_empty());
    let mut found: Vec<_> = settings.map(|(key, value)| (class(key), value)).collect();
    found.sort_by(|a, b| a.0.cmp(b.0));
    found
}

/// What was read, or none and the mistake among the problems: Splunk passes over such a setting.
pub(super) fn keep<T>(read: Result<T>, problems: &mut Vec<Diagnostic>) -> Option<T> {
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
        let kind = ExtractionKind::Inline { pattern, source };
        found.push(Extraction { class: class.into(), kind });
    }
    for (class, value) in classes(props, name, "REPORT") {
        for transform in split_list(value.text()) {
            match keep(FieldTransform::read(&transform, transforms), problems) {
                Some(Some(transform)) => {
                    let kind = ExtractionKind::Transform(transform);
                    found.push(Extraction { class: class.into(), kind });
                }
                // What is there does something while indexing, and nothing while searching.
                Some(None) if transforms.stanza(&transform).is_some() => {}
                Some(None) => problems.push(indexing::unknown(&transform, value, transforms)),
                None => {}
            }
        }
    }
    found
}

/// What is done to an event while it is indexed (props.conf, "Interaction with TRANSFORMS"). A list without a class comes
/// first: Splunk's own source types have it so.
fn index_transforms(
    name: &str,
    props: &Conf,
    transforms: &Conf,
    problems: &mut Vec<Diagnostic>,
) -> Vec<IndexTransform> {
    let bare = filled(props.get(name, "TRANSFORMS").or_else(|| props.default_of("TRANSFORMS")));
    let lists = ["TRANSFORMS", "RULESET"].into_iter().flat_map(|kind| classes(props, name, kind));
    indexing::read_lists(bare.into_iter().chain(lists.map(|(_, list)| list)), transforms, problems)
}

/// Splits `regex in field`; without a field the expression is applied to the event's text. A field is a
/// word of letters, digits and underscores (props.conf, `EXTRACT`). The keyword may be in any case.
fn split_source(value: &Located) -> (Located, Text) {
    let text = value.text();
    let word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let before = text.trim_end_matches(word);
    let field = text.get(before.len()..).unwrap_or("");
    let pattern = before.trim_end();
    match pattern.len().checked_sub("in".len()).and_then(|at| pattern.split_at_checked(at)) {
        Some((pattern, keyword))
            if keyword.eq_ignore_ascii_case("in")
                && !field.is_empty()
                && before.len() > keyword.len() + pattern.len()
                && pattern.ends_with(char::is_whitespace) =>
        {
            (value.slice(0..pattern.trim_end().len()), field.into())
        }
        _ => (value.clone(), "_raw".into()),
    }
}

/// What names of zones stand for: `EST=GMT+10:00,EDT=GMT+11:00` (props.conf, `TZ_ALIAS`).
fn read_zone_names(value: Option<&Located>) -> Result<Vec<(Text, Text)>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let pair = |pair: &str| {
        let (name, zone) = pair.split_once('=')?;
        let zone = zone.trim();
        // What stands behind GMT is an offset.
        let offset = ["GMT", "UTC"].iter().find_map(|zero| zone.strip_prefix(zero));
        let offset = offset.filter(|offset| offset.starts_with(['+', '-']));
        parse_time_zone(offset.unwrap_or(zone)).ok()?;
        Some((name.trim().into(), offset.unwrap_or(zone).into()))
    };
    let pairs: Option<Vec<(Text, Text)>> = value.text().split(',').map(pair).collect();
    pairs.ok_or_else(|| {
        value
            .error(Code::Knowledge, format!("`{}` is not NAME=ZONE,NAME=ZONE", value.text()))
            .help("a zone is a name of the zone database, or an offset such as GMT+10:00")
    })
}

/// The stanza of multikv.conf that a mode names: `multi:table`, `multi_table`.
fn described_table(mode: &str) -> Option<&str> {
    let (start, rest) = mode.split_at_checked("multi".len())?;
    rest.strip_prefix([':', '_']).filter(|_| start.eq_ignore_ascii_case("multi"))
}

fn read_charset(value: &Located) -> Result<Charset> {
    Charset::of(value.text()).ok_or_else(|| {
        let message = format!("no text is read in the encoding `{}`", value.text());
        value.error(Code::Knowledge, message).help("the events are read as UTF-8")
    })
}

fn read_kv_mode(value: &Located) -> Result<KvMode> {
    match value.text().to_ascii_lowercase().as_str() {
        "none" => Ok(KvMode::None),
        "auto" => Ok(KvMode::Auto),
        "auto_escaped" => Ok(KvMode::AutoEscaped),
        "json" => Ok(KvMode::Json),
        "xml" => Ok(KvMode::Xml),
        "multi" => Ok(KvMode::Multi),
        table if described_table(table).is_some() => Ok(KvMode::Multi),
        other => Err(value
            .error(Code::Knowledge, format!("`{other}` is not a KV_MODE"))
            .help("it is none, auto, auto_escaped, multi, json or xml")),
    }
}

fn limit(number: i64) -> Option<usize> {
    usize::try_from(number).ok().filter(|number| *number > 0)
}
