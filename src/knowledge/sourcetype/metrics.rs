//! How an event becomes measurements while it is indexed: `METRIC-SCHEMA-TRANSFORMS` of props.conf, and the stanzas
//! `[metric-schema:NAME]` of transforms.conf that it names.

use super::super::conf::{Conf, filled};
use super::super::located::Located;
use super::super::words::split_list;
use super::indexing::unknown;
use crate::batch::Pattern;
use crate::diagnostic::Diagnostic;
use crate::value::Text;

/// The settings of such a stanza; each may be followed by the name of a metric.
pub(in super::super) const HONOURED: &[&str] =
    &["METRIC-SCHEMA-MEASURES", "METRIC-SCHEMA-BLACKLIST-DIMS", "METRIC-SCHEMA-WHITELIST-DIMS"];

/// What the names of these stanzas begin with.
pub(in super::super) const STANZA: &str = "metric-schema:";

/// Which fields of an event are measurements, and which of the others dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricSchema {
    /// The `metric_name` of the events that it holds for; none for those that no other holds for.
    pub metric: Option<Text>,
    /// The measurements.
    pub measures: Measures,
    /// Fields that are no dimensions.
    pub denied: Vec<Pattern>,
    /// The only fields that are dimensions; all where this is empty.
    pub allowed: Vec<Pattern>,
}

/// Which fields with a number are measurements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measures {
    /// All but these (`_ALLNUMS_`, `_NUMS_EXCEPT_`).
    AllBut(Vec<Pattern>),
    /// These.
    These(Vec<Pattern>),
}

impl Measures {
    fn read(text: &str) -> Measures {
        match text.trim().strip_prefix("_NUMS_EXCEPT_") {
            Some(others) => Measures::AllBut(patterns(others)),
            None if text.trim() == "_ALLNUMS_" => Measures::AllBut(Vec::new()),
            None => Measures::These(patterns(text)),
        }
    }

    /// Whether a field with a number is one.
    pub fn has(&self, field: &str) -> bool {
        let among = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(field));
        match self {
            Measures::AllBut(others) => !among(others),
            Measures::These(these) => among(these),
        }
    }
}

fn patterns(text: &str) -> Vec<Pattern> {
    split_list(text).into_iter().map(Pattern::new).collect()
}

/// The schemas that a list names, in order; one that is not there is a problem.
pub(super) fn read(
    list: Option<&Located>,
    transforms: &Conf,
    problems: &mut Vec<Diagnostic>,
) -> Vec<MetricSchema> {
    let mut found = Vec::new();
    for (name, list) in
        list.iter().flat_map(|list| split_list(list.text()).into_iter().map(move |name| (name, list)))
    {
        if transforms.stanza(&name).is_none() {
            problems.push(unknown(&name, list, transforms));
        }
        let of = |kind: &str, metric: Option<&Text>| {
            let key = metric.map_or_else(|| kind.to_string(), |metric| format!("{kind}-{metric}"));
            filled(transforms.get(&name, &key)).map(|value| value.to_text())
        };
        let named = transforms.classes(&name, "METRIC-SCHEMA-MEASURES");
        let metrics = named.into_iter().map(|(metric, _)| Some(Text::from(metric))).chain([None]);
        for metric in metrics {
            let Some(measures) = of("METRIC-SCHEMA-MEASURES", metric.as_ref()) else { continue };
            let fields = |kind| of(kind, metric.as_ref()).map_or_else(Vec::new, |text| patterns(&text));
            let (denied, allowed) =
                (fields("METRIC-SCHEMA-BLACKLIST-DIMS"), fields("METRIC-SCHEMA-WHITELIST-DIMS"));
            found.push(MetricSchema { measures: Measures::read(&measures), denied, allowed, metric });
        }
    }
    found
}
