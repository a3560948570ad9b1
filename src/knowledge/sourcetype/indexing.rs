//! What happens to an event while it is indexed: the stanzas of transforms.conf that `TRANSFORMS` and `RULESET` name,
//! and the sed scripts of `SEDCMD`.

use super::super::conf::{Conf, filled, read_bool, read_integer};
use super::super::located::Located;
use super::super::words::split_list;
use super::modular::expanded;
use super::transforms::read_format;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// The settings of such a stanza besides those of a field transform.
pub(in super::super) const HONOURED: &[&str] = &[
    "DEST_KEY",
    "WRITE_META",
    "DEFAULT_VALUE",
    "REPEAT_MATCH",
    "LOOKAHEAD",
    "INGEST_EVAL",
    "STOP_PROCESSING_IF",
    "CLONE_SOURCETYPE",
];

/// How far into a text an expression looks where nothing is said, in characters (`LOOKAHEAD`).
const LOOKAHEAD: i64 = 4096;

/// What is known of an event apart from its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The source.
    Source,
    /// The host.
    Host,
    /// The source type.
    SourceType,
}

impl Target {
    /// What its values begin with, as Splunk keeps them.
    pub fn prefix(self) -> &'static str {
        match self {
            Target::Source => "source::",
            Target::Host => "host::",
            Target::SourceType => "sourcetype::",
        }
    }
}

/// A key that an event has while it is indexed (transforms.conf, "KEYS").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexKey {
    /// The event's text: `_raw`.
    Raw,
    /// `MetaData:Host`, `MetaData:Source` and `MetaData:Sourcetype`.
    Of(Target),
    /// Where the event is kept: `_MetaData:Index`.
    Index,
    /// Whether it is kept: `queue` is `nullQueue` for an event that is not.
    Queue,
    /// The fields that are kept with it: `_meta`.
    Fields,
    /// Its time: `_time`.
    Time,
    /// Where it is sent to: of no meaning where nothing is sent.
    Route,
    /// Fields that were found before, with blanks between them: `field:a`, `fields:a,b`.
    Named(Vec<Text>),
}

impl IndexKey {
    /// The key of this name.
    pub fn of(name: &str) -> Option<IndexKey> {
        Some(match name {
            "_raw" => IndexKey::Raw,
            "MetaData:Source" => IndexKey::Of(Target::Source),
            "MetaData:Host" => IndexKey::Of(Target::Host),
            "MetaData:Sourcetype" => IndexKey::Of(Target::SourceType),
            "_MetaData:Index" => IndexKey::Index,
            "queue" => IndexKey::Queue,
            "_meta" => IndexKey::Fields,
            "_time" => IndexKey::Time,
            "_TCP_ROUTING" | "_SYSLOG_ROUTING" | "_INDEX_AND_FORWARD_ROUTING" => IndexKey::Route,
            _ => {
                let names = name.strip_prefix("field:").or_else(|| name.strip_prefix("fields:"))?;
                IndexKey::Named(names.split(',').map(|name| name.trim().into()).collect())
            }
        })
    }
}

/// One stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexTransform {
    /// The stanza's name.
    pub name: Text,
    /// What is done.
    pub action: IndexAction,
    /// An expression: where it is true nothing more is done (`STOP_PROCESSING_IF`).
    pub stop_if: Option<Located>,
}

/// What a stanza does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexAction {
    /// Sets a key where an expression matches.
    Match(Box<IndexMatch>),
    /// Assignments (`INGEST_EVAL`).
    Eval(Located),
    /// Nothing.
    Nothing,
}

/// Sets a key where an expression matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexMatch {
    /// What must match.
    pub regex: Located,
    /// What is looked at.
    pub source: IndexKey,
    /// How many characters of it.
    pub lookahead: usize,
    /// What is set.
    pub dest: IndexKey,
    /// The value, with `$1` … for the groups of the expression and `$0` for what was there before.
    pub format: Text,
    /// For [`IndexKey::Fields`] the pairs of name and value.
    pub fields: Vec<(Text, Text)>,
    /// Whether every match counts; otherwise the first.
    pub repeat: bool,
    /// What is set where nothing matches.
    pub otherwise: Option<Text>,
    /// The source type of a copy to which it is done, in place of the event itself.
    pub clone_as: Option<Text>,
}

impl IndexTransform {
    /// Reads a stanza; none if there is no such stanza, or if it does nothing while indexing that is known here.
    ///
    /// # Errors
    /// A setting that cannot be read.
    pub(super) fn read(name: &str, transforms: &Conf) -> Result<Option<IndexTransform>> {
        let get = |key| filled(transforms.get(name, key));
        let stop_if = get("STOP_PROCESSING_IF").cloned();
        let action = match get("INGEST_EVAL") {
            Some(eval) => IndexAction::Eval(eval.clone()),
            None => match read_match(name, transforms)? {
                Some(action) => IndexAction::Match(Box::new(action)),
                None if stop_if.is_some() => IndexAction::Nothing,
                None => return Ok(None),
            },
        };
        Ok(Some(IndexTransform { name: name.into(), action, stop_if }))
    }
}

fn read_match(name: &str, transforms: &Conf) -> Result<Option<IndexMatch>> {
    let get = |key| filled(transforms.get(name, key));
    let Some(regex) = get("REGEX") else { return Ok(None) };
    let dest = match get("DEST_KEY").map(|key| IndexKey::of(key.text())) {
        Some(Some(dest)) => dest,
        Some(None) => return Ok(None),
        None if read_bool(get("WRITE_META"), false)? => IndexKey::Fields,
        None => return Ok(None),
    };
    let source = match get("SOURCE_KEY").map(|key| IndexKey::of(key.text())) {
        None => IndexKey::Raw,
        Some(Some(source)) => source,
        Some(None) => return Ok(None),
    };
    let format = match (get("FORMAT"), &dest) {
        (Some(format), _) => format.to_text(),
        (None, IndexKey::Fields) => format!("{name}::$1").into(),
        (None, _) => return Ok(None),
    };
    let fields = match &dest {
        IndexKey::Fields => {
            let pairs = format.trim().strip_prefix("$0").unwrap_or(&format);
            read_format(pairs).ok_or_else(|| wrong_format(get("FORMAT").unwrap_or(regex)))?
        }
        _ => Vec::new(),
    };
    let lookahead = read_integer(get("LOOKAHEAD"), LOOKAHEAD)?;
    Ok(Some(IndexMatch {
        regex: expanded(regex, transforms),
        source,
        lookahead: usize::try_from(lookahead).unwrap_or(usize::MAX),
        format,
        fields,
        repeat: read_bool(get("REPEAT_MATCH"), false)? && dest != IndexKey::Raw,
        dest,
        otherwise: get("DEFAULT_VALUE").map(Located::to_text),
        clone_as: get("CLONE_SOURCETYPE").map(Located::to_text),
    }))
}

fn wrong_format(format: &Located) -> Diagnostic {
    format.error(Code::Knowledge, format!("`{}` is not NAME::VALUE", format.text()))
}

/// The stanzas that lists such as `a, b` name, in order; what is wrong with one is a problem of that one alone.
pub(super) fn read_lists<'c>(
    lists: impl IntoIterator<Item = &'c Located>,
    transforms: &Conf,
    problems: &mut Vec<Diagnostic>,
) -> Vec<IndexTransform> {
    let mut found = Vec::new();
    for list in lists {
        for name in split_list(list.text()) {
            match IndexTransform::read(&name, transforms) {
                Ok(Some(transform)) => found.push(transform),
                Ok(None) if transforms.stanza(&name).is_some() => {}
                Ok(None) => problems.push(unknown(&name, list, transforms)),
                Err(problem) => problems.push(super::super::conf::passed_over(problem)),
            }
        }
    }
    found
}

/// A stanza of transforms.conf that is named and not there.
pub(super) fn unknown(name: &str, list: &Located, transforms: &Conf) -> Diagnostic {
    let message = format!("no app defines the field transform `{name}`");
    let names = transforms.stanzas().map(|stanza| stanza.name.as_str());
    list.warning(Code::KnowledgeIgnored, message).suggest(name, names)
}
