//! Field transforms: the stanzas of transforms.conf that `REPORT` names.

use super::super::conf::{Conf, filled, read_bool};
use super::super::located::Located;
use super::super::words::{split_list, split_quoted, split_words};
use super::indexing::{IndexKey, Target};
use super::modular::expanded;
use crate::diagnostic::{Code, Result};
use crate::extract::kv::clean_key;
use crate::value::Text;

/// The settings of a field transform that are read, or that cannot change a result.
pub(in super::super) const HONOURED: &[&str] = &[
    "REGEX",
    "FORMAT",
    "SOURCE_KEY",
    "MV_ADD",
    "CLEAN_KEYS",
    "KEEP_EMPTY_VALS",
    "DELIMS",
    "FIELDS",
    "CAN_OPTIMIZE",
    // How much work an expression may be, which is bounded otherwise.
    "MATCH_LIMIT",
    "DEPTH_LIMIT",
];

/// Takes fields out of a text, by a regular expression or by delimiters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldTransform {
    /// The stanza's name.
    pub name: Text,
    /// The expression or the delimiters, and where they stand.
    pub place: Located,
    /// The regular expression; without a format its named groups are fields.
    pub regex: Option<Located>,
    /// Pairs of a field's name and its value, with `$1` … for the groups of the expression.
    pub format: Vec<(Text, Text)>,
    /// The field it is applied to; `_raw` by default.
    pub source_key: Text,
    /// Whether a field that is there gets one more value; otherwise it is left alone.
    pub mv_add: bool,
    /// Whether what is no letter, digit or underscore becomes `_` in the names of fields.
    pub clean_keys: bool,
    /// Whether a field with an empty value is one.
    pub keep_empty: bool,
    /// The characters that separate pairs, then those that separate a name from its value.
    pub delims: Vec<Text>,
    /// The names of values that stand without one, in order.
    pub fields: Vec<Text>,
}

impl FieldTransform {
    /// Reads a stanza; none if there is no such stanza, or if it extracts nothing when searching.
    ///
    /// # Errors
    /// A value that cannot be read.
    pub(in super::super) fn read(name: &str, transforms: &Conf) -> Result<Option<FieldTransform>> {
        let get = |key| filled(transforms.get(name, key));
        if get("DEST_KEY").is_some() {
            return Ok(None);
        }
        let Some(place) = get("REGEX").or_else(|| get("DELIMS")) else { return Ok(None) };
        let clean_keys = read_bool(get("CLEAN_KEYS"), true)?;
        // A name that an event gives is cleaned when it is known.
        let clean = |name: Text| if clean_keys && !name.contains('$') { clean_key(&name) } else { name };
        let mut format = match get("FORMAT") {
            None => Vec::new(),
            Some(format) => read_format(format.text()).ok_or_else(|| {
                format.error(Code::Knowledge, format!("`{}` is not NAME::VALUE", format.text()))
            })?,
        };
        format.iter_mut().for_each(|(name, _)| *name = clean(name.clone()));
        let fields = get("FIELDS").map_or_else(Vec::new, |fields| split_list(fields.text()));
        Ok(Some(FieldTransform {
            name: name.into(),
            place: place.clone(),
            regex: get("REGEX").map(|regex| expanded(regex, transforms)),
            format,
            source_key: get("SOURCE_KEY").map_or_else(
                || Text::from("_raw"),
                |key| {
                    let key = key.text();
                    match IndexKey::of(key) {
                        Some(IndexKey::Of(Target::Source)) => "source".into(),
                        Some(IndexKey::Of(Target::Host)) => "host".into(),
                        Some(IndexKey::Of(Target::SourceType)) => "sourcetype".into(),
                        _ => key.strip_prefix("field:").unwrap_or(key).trim().into(),
                    }
                },
            ),
            mv_add: read_bool(get("MV_ADD"), false)?,
            clean_keys,
            keep_empty: read_bool(get("KEEP_EMPTY_VALS"), false)?,
            delims: get("DELIMS").map_or_else(Vec::new, |delims| split_quoted(delims.text())),
            fields: fields.into_iter().map(clean).collect(),
        }))
    }
}

/// Reads `$1::$2 name::"a value"`.
pub(super) fn read_format(text: &str) -> Option<Vec<(Text, Text)>> {
    // Quotes stand around a name, a value or a pair; inside of a word they are not seen by the splitter.
    let mut pairs: Vec<(Text, Text)> = Vec::new();
    let mut open: Option<Text> = None;
    for word in split_words(&text.replace("::\"", ":: \"").replace("\"::", "\" ::")) {
        open = match (open, word.text.split_once("::")) {
            (None, Some((name, ""))) if !name.is_empty() => Some(name.into()),
            (None, Some((name, value))) if !name.is_empty() => {
                pairs.push((name.into(), value.into()));
                None
            }
            (None, None) => Some(word.text),
            (Some(name), None) => {
                pairs.push((name, word.text));
                None
            }
            (Some(name), Some(("", ""))) => Some(name),
            (Some(name), Some(("", value))) => {
                pairs.push((name, value.into()));
                None
            }
            _ => return None,
        };
    }
    open.is_none().then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::read_format;

    #[test]
    fn formats() {
        let pair = |a: &str, b: &str| (a.into(), b.into());
        assert_eq!(read_format("$1::$2"), Some(vec![pair("$1", "$2")]));
        assert_eq!(read_format("a::$1 b::\"x $2\""), Some(vec![pair("a", "$1"), pair("b", "x $2")]));
        assert_eq!(read_format("\"a b\"::$1"), Some(vec![pair("a b", "$1")]));
        assert_eq!(read_format("a"), None);
        assert_eq!(read_format("::a"), None);
    }
}
