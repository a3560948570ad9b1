//! Lookup definitions: the stanzas of transforms.conf that name a table.

use super::super::conf::{Conf, Stanza, filled, read_bool, read_integer};
use super::super::located::Located;
use super::super::words::split_list;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// The settings of a lookup that are read, or that cannot change a result.
pub(in super::super) const HONOURED: &[&str] = &[
    "filename",
    "collection",
    "external_type",
    "external_cmd",
    "fields_list",
    "match_type",
    "case_sensitive_match",
    "max_matches",
    "min_matches",
    "default_match",
    "time_field",
    "time_format",
    "min_offset_secs",
    "max_offset_secs",
    "filter",
    // Speed, permissions and distribution.
    "allow_caching",
    "batch_index_query",
    "cache_size",
    "check_permission",
    "index_fields_list",
    "max_ext_batch",
    "python.required",
    "python.version",
    "replicate",
    // Whether a search may be turned into one for the rows of a table, which gives the same.
    "reverse_lookup_honor_case_sensitive_match",
];

/// The most rows that a lookup gives where its definition does not say (transforms.conf, `max_matches`).
const MAX_MATCHES: usize = 100;

/// How a column of the table is compared with a field of the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MatchType {
    /// The same text.
    #[default]
    Exact,
    /// `*` in the table's cell stands for any text.
    Wildcard,
    /// The table's cell is a network that contains the event's address.
    Cidr,
}

/// A lookup: which table, and how it is matched.
#[derive(Clone, Debug)]
pub struct LookupDefinition {
    /// The name that searches use.
    pub name: Text,
    /// The table's file in `lookups/`. A KV store collection is a table `COLLECTION.csv`.
    pub file: Text,
    /// The columns that a KV store collection has before anything is written to it; none for a file.
    pub collection_fields: Option<Vec<Text>>,
    /// The columns that are not compared exactly.
    pub match_types: Vec<(Text, MatchType)>,
    /// Whether upper and lower case differ; true by default.
    pub case_sensitive: bool,
    /// The most rows that a lookup gives, the first in the table; 1 to 1000.
    pub max_matches: usize,
    /// Where fewer rows than this match, `default_match` fills up.
    pub min_matches: usize,
    /// What every output field is where `min_matches` is not reached.
    pub default_match: Text,
    /// Which rows there are at an event's time, if the lookup is bounded by time.
    pub time: Option<TimeBounds>,
    /// A search that the rows of the table must pass.
    pub filter: Option<Located>,
    /// Where the definition was read, `file:line`; none if the name is that of a file.
    pub place: Option<String>,
    /// The app of the definition; none if the name is that of a file.
    pub app: Option<Text>,
}

impl LookupDefinition {
    /// What holds for a table that is called by its file's name, without a definition.
    pub(super) fn of_file(name: &str, file: &str) -> LookupDefinition {
        LookupDefinition {
            name: name.into(),
            file: file.into(),
            collection_fields: None,
            match_types: Vec::new(),
            case_sensitive: true,
            max_matches: MAX_MATCHES,
            min_matches: 0,
            default_match: Text::new(),
            time: None,
            filter: None,
            place: None,
            app: None,
        }
    }

    /// How a column is compared.
    pub fn match_type(&self, column: &str) -> MatchType {
        self.match_types.iter().find(|(name, _)| name == column).map_or(MatchType::Exact, |(_, kind)| *kind)
    }

    /// Reads a stanza; none if it defines a field transform and not a lookup.
    ///
    /// # Errors
    /// A value that cannot be read, and kinds of lookup that are not supported: scripts and geographical ones.
    pub(super) fn read(conf: &Conf, stanza: &Stanza) -> Result<Option<LookupDefinition>> {
        if !is_lookup(conf, &stanza.name) {
            return Ok(None);
        }
        let get = |key| filled(conf.get(&stanza.name, key));
        refuse_unsupported(conf, stanza)?;
        let (file, collection_fields) = match get("filename") {
            Some(file) => (file_of(file.text()), None),
            None => {
                let collection = get("collection").map_or(stanza.name.as_str(), |name| name.text());
                let fields = get("fields_list").map_or_else(Vec::new, |list| split_list(list.text()));
                let fields = fields.into_iter().filter(|name| name != "_key").collect();
                (format!("{collection}.csv").into(), Some(fields))
            }
        };
        let time = TimeBounds::read(conf, &stanza.name)?;
        let max_matches = match get("max_matches") {
            // Of several rows the one that is nearest in time.
            None if time.is_some() => 1,
            None => MAX_MATCHES,
            some => usize::try_from(read_integer(some, 1)?).unwrap_or(1).clamp(1, 1000),
        };
        Ok(Some(LookupDefinition {
            name: stanza.name.clone(),
            file,
            collection_fields,
            match_types: get("match_type").map_or(Ok(Vec::new()), |types| {
                read_match_types(types.text()).map_err(|message| types.error(Code::Knowledge, message))
            })?,
            case_sensitive: read_bool(get("case_sensitive_match"), true)?,
            max_matches,
            min_matches: usize::try_from(read_integer(get("min_matches"), 0)?).unwrap_or(0).min(1000),
            default_match: get("default_match").map_or_else(Text::new, |text| text.to_text()),
            time,
            filter: get("filter").cloned(),
            place: Some(format!("{}:{}", stanza.file.path, stanza.line)),
            app: Some(stanza.file.app.as_ref().into()),
        }))
    }
}

/// The file that `filename` names: of a path inside of the app the last part counts (transforms.conf, `filename`). One
/// that leads elsewhere stays as it is, to be refused.
fn file_of(path: &str) -> Text {
    let parts = || path.split(['/', '\\']);
    let inside = parts().all(|part| !part.is_empty() && part != ".." && !part.contains(':'));
    parts().next_back().filter(|_| inside).unwrap_or(path).into()
}

/// Whether a stanza of transforms.conf defines a lookup, and not a field transform.
pub(in super::super) fn is_lookup(conf: &Conf, stanza: &str) -> bool {
    ["filename", "collection", "external_cmd", "external_type"]
        .iter()
        .any(|key| filled(conf.get(stanza, key)).is_some())
}

fn refuse_unsupported(conf: &Conf, stanza: &Stanza) -> Result<()> {
    let name = &stanza.name;
    let get = |key| filled(conf.get(name, key));
    let refuse = |key: &'static str, message: String| match get(key) {
        Some(value) => Err(value.error(Code::NotSupported, message)),
        None => Ok(()),
    };
    if get("external_type").is_some_and(|kind| ["geo", "geo_hex"].contains(&kind.text())) {
        refuse("external_type", format!("the lookup `{name}` is geographical, which is not supported"))?;
    }
    if get("filename").is_none() && get("external_type").is_none_or(|kind| kind.text() != "kvstore") {
        refuse("external_cmd", format!("the lookup `{name}` runs a program, which is not supported"))?;
        refuse("external_type", format!("the lookup `{name}` is external, which is not supported"))?;
    }
    Ok(())
}

/// How a lookup is bounded by time: a row is there for events that are between so many seconds and so many
/// seconds later than it (transforms.conf, `time_field`).
#[derive(Clone, Debug, PartialEq)]
pub struct TimeBounds {
    /// The column with the row's time.
    pub column: Text,
    /// Its format, as for `strptime`; seconds since 1970 where none is given.
    pub format: Option<String>,
    /// The least and the most seconds that an event may be later.
    pub later: (f64, f64),
}

/// How much later an event may be where nothing is said, in seconds (`max_offset_secs`).
const MAX_OFFSET: i64 = 2_000_000_000;

impl TimeBounds {
    fn read(conf: &Conf, stanza: &str) -> Result<Option<TimeBounds>> {
        let get = |key| filled(conf.get(stanza, key));
        let Some(column) = get("time_field") else { return Ok(None) };
        let least = read_integer(get("min_offset_secs"), 0)?;
        let most = read_integer(get("max_offset_secs"), MAX_OFFSET)?;
        Ok(Some(TimeBounds {
            column: column.to_text(),
            format: get("time_format").map(|format| format.text().to_string()),
            later: (least as f64, most as f64),
        }))
    }
}

/// Reads `WILDCARD(a), CIDR(b) EXACT(c)`.
fn read_match_types(text: &str) -> Result<Vec<(Text, MatchType)>, String> {
    let mut types = Vec::new();
    let mut rest = text.trim_start_matches(|it: char| it == ',' || it.is_whitespace());
    while !rest.is_empty() {
        let wrong = || format!("`{rest}` is not WILDCARD(FIELD), CIDR(FIELD) or EXACT(FIELD)");
        let (kind, after) = rest.split_once('(').ok_or_else(wrong)?;
        let (field, after) = after.split_once(')').ok_or_else(wrong)?;
        let kind = match kind.trim().to_ascii_uppercase().as_str() {
            "WILDCARD" => MatchType::Wildcard,
            "CIDR" => MatchType::Cidr,
            "EXACT" => MatchType::Exact,
            _ => return Err(wrong()),
        };
        types.push((field.trim().trim_matches('"').into(), kind));
        rest = after.trim_start_matches(|it: char| it == ',' || it.is_whitespace());
    }
    Ok(types)
}

/// An unknown lookup, with the nearest name that is known.
pub(super) fn unknown<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Diagnostic {
    let message = format!("no app defines the lookup `{name}`");
    Diagnostic::error(Code::UnknownLookup, message)
        .suggest(name, known)
        .help(format!("name its file: --lookup {name}=FILE, or put it into the lookups/ of an --app"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::located::KnowledgeFile;
    use super::*;
    use crate::diagnostic::Sources;

    fn read(text: &str) -> Result<Option<LookupDefinition>> {
        let source = Sources::new().add("transforms.conf", text);
        let file = Arc::new(KnowledgeFile { path: "transforms.conf".into(), app: "test".into(), source });
        let conf = Conf::parse(&file, text, &mut Vec::new());
        let stanza = conf.stanzas().next().unwrap();
        LookupDefinition::read(&conf, stanza)
    }

    #[test]
    fn defaults_and_settings() {
        let plain = read("[l]\nfilename = l.csv").unwrap().unwrap();
        assert!(plain.case_sensitive && plain.match_types.is_empty());
        assert_eq!((plain.max_matches, plain.min_matches, plain.default_match.as_str()), (100, 0, ""));
        assert_eq!(plain.place.as_deref(), Some("transforms.conf:1"));
        let full = read(
            "[l]\nfilename = l.csv\nmatch_type = WILDCARD(a), CIDR(b) EXACT( c )\ncase_sensitive_match = false\nmax_matches = 1\nmin_matches = 1\ndefault_match = unknown",
        );
        let full = full.unwrap().unwrap();
        assert_eq!(full.match_type("a"), MatchType::Wildcard);
        assert_eq!(full.match_type("b"), MatchType::Cidr);
        assert_eq!(full.match_type("c"), MatchType::Exact);
        assert!(!full.case_sensitive);
        assert_eq!((full.max_matches, full.min_matches, full.default_match.as_str()), (1, 1, "unknown"));
    }

    #[test]
    fn of_a_path_the_file_counts() {
        assert_eq!(["a.csv", "lookups/a.csv", "x\\a.csv"].map(file_of), ["a.csv"; 3]);
        for outside in ["../a.csv", "/a.csv", "x/../a.csv", "C:\\a.csv", "x//a.csv"] {
            assert_eq!(file_of(outside), outside);
        }
    }

    #[test]
    fn a_collection_is_a_table_of_its_name() {
        let read =
            read("[l]\nexternal_type = kvstore\ncollection = c\nfields_list = _key, a, b").unwrap().unwrap();
        assert_eq!(read.file, "c.csv");
        assert_eq!(read.collection_fields.unwrap(), ["a", "b"]);
    }

    #[test]
    fn field_transforms_are_no_lookups_and_scripts_are_refused() {
        assert!(read("[l]\nREGEX = x").unwrap().is_none());
        for (text, line) in
            [("[l]\nexternal_cmd = x.py a", 2), ("[l]\nexternal_type = geo\nfilename = l.kmz", 2)]
        {
            let error = read(text).unwrap_err();
            assert_eq!(
                (error.code, error.place),
                (Code::NotSupported, Some(format!("transforms.conf:{line}")))
            );
        }
    }

    #[test]
    fn values_that_cannot_be_read() {
        for text in [
            "max_matches = many",
            "match_type = GLOB(a)",
            "match_type = WILDCARD(a",
            "case_sensitive_match = 2",
        ] {
            let error = read(&format!("[l]\nfilename = l.csv\n{text}")).unwrap_err();
            assert_eq!(
                (error.code, error.place.as_deref()),
                (Code::Knowledge, Some("transforms.conf:3")),
                "{text}"
            );
        }
    }
}
