//! Fields found in an event's text without being told: `KV_MODE`.

use super::Reader;
use crate::batch::{Batch, Column, FieldMap, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, Found, KeyValues, Sections, Structured, Tables, add_fields, tags};
use crate::knowledge::{Knowledge, KvMode, SourceType, Structure};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// Automatic extraction.
pub struct Automatic {
    /// Whether a text that is JSON is read as JSON.
    json: bool,
    kind: Kind,
    wanted: FieldSet,
}

enum Kind {
    /// And whether blanks around values are taken away.
    Pairs(KeyValues, bool),
    Xml,
    None,
}

impl Automatic {
    /// What a source type asks for, if the reader has not done it and any field may come of it.
    pub fn new(source_type: &SourceType, reader: Reader, wanted: &FieldSet) -> Option<Automatic> {
        let trim = source_type.kv_trim_spaces;
        let pairs = |escaped| Kind::Pairs(KeyValues { escaped, ..KeyValues::auto() }, trim);
        // JSON that stands in a file of JSON was read by the reader.
        // What is found while indexing is in an envelope still to be found.
        let structured = reader == Reader::Wrapped && source_type.structure == Some(Structure::Json);
        let json =
            reader != Reader::Json && source_type.kv_mode.reads_json(source_type.auto_kv_json) || structured;
        let kind = match source_type.kv_mode {
            // What was read under a header has its fields.
            _ if reader == Reader::Records => return None,
            KvMode::Json | KvMode::None if json => Kind::None,
            KvMode::None | KvMode::Json | KvMode::Multi => return None,
            KvMode::Auto => pairs(false),
            KvMode::AutoEscaped => pairs(true),
            KvMode::Xml => Kind::Xml,
        };
        let given = |name: &str| name.starts_with('_') || super::DEFAULT_FIELDS.contains(&name);
        let any = !wanted.is_exact() || wanted.names().any(|name| !given(name));
        any.then(|| Automatic { json, kind, wanted: wanted.clone() })
    }

    /// For `--explain`.
    pub fn note(&self) -> String {
        match self.kind {
            Kind::Pairs(..) => "pairs of key and value in the text".to_string(),
            Kind::Xml => "elements of XML in the text".to_string(),
            Kind::None => "JSON in the text".to_string(),
        }
    }
}

impl Invert for Automatic {
    /// The value stood in the field before, or stands in the text.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        if field.starts_with('_') || super::DEFAULT_FIELDS.contains(&field) {
            return None;
        }
        let before = Condition::Field(field.into(), test.clone());
        // What XML writes as an entity and JSON may escape cuts the literals.
        Some(Condition::any([before, test.in_text("&<>\"'\\/=")]))
    }
}

impl Streaming for Automatic {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        add_fields(&mut batch, &"_raw".into(), Existing::Kept, &self.wanted, |value| {
            let text = value.to_text();
            if self.json
                && text.trim_start().starts_with(['{', '['])
                && let Some(Structured::Json(json)) = Structured::parse(&text)
            {
                return Structured::Json(json).fields();
            }
            let mut found: Found = match &self.kind {
                Kind::None => Found::new(),
                Kind::Pairs(pairs, trim) => {
                    let value = |value: Text| if *trim { value.trim_matches(' ').into() } else { value };
                    let found = pairs.pairs(&text).into_iter().map(|(name, text)| (name, value(text)));
                    let filled = found.filter(|(_, text)| !text.is_empty());
                    filled.map(|(name, text)| (name, Value::Text(text))).collect()
                }
                Kind::Xml => {
                    let elements = tags::leaf_elements(&text).into_iter();
                    elements.map(|(name, value)| (name.into(), Value::text(value.as_ref()))).collect()
                }
            };
            // Of pairs with one key the first counts; elements that come again are one field of several values.
            if let Kind::Pairs(..) = self.kind {
                let mut seen = hashbrown::HashSet::<_, foldhash::fast::RandomState>::default();
                found.retain(|(name, _)| seen.insert(name.clone()));
            }
            found
        });
        Ok(batch)
    }
}

/// `KV_MODE = multi`: an event that is a table becomes one event for each of its rows.
pub struct TableRows {
    /// How tables are described, where the mode names a description.
    sections: Option<Sections>,
}

impl TableRows {
    /// As a source type wants it.
    ///
    /// # Errors
    /// No app has the description that it names, or it cannot be read.
    pub fn of(source_type: &SourceType, knowledge: &Knowledge) -> Result<TableRows> {
        let Some(name) = &source_type.kv_table else { return Ok(TableRows { sections: None }) };
        let settings = knowledge.table_settings(name).ok_or_else(|| {
            let message =
                format!("no app describes the table `{name}` of the source type `{}`", source_type.name);
            Diagnostic::error(Code::KnowledgeIgnored, message).help("no fields are found by it")
        })?;
        Ok(TableRows { sections: Some(Sections::read(&settings)?) })
    }
}

/// A field that events have while they are read: the number of the row that an event was made of.
pub const MADE_OF: &str = "_made_of";

impl Invert for TableRows {
    /// The value stood in the field before, or in a cell.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        match field {
            "_raw" => Some(Condition::True),
            // What a description replaces does not stand in the text.
            _ if self.sections.is_some() && !super::DEFAULT_FIELDS.contains(&field) => Some(Condition::True),
            _ if field.starts_with('_') || super::DEFAULT_FIELDS.contains(&field) => None,
            _ => {
                let before = Condition::Field(field.into(), test.clone());
                Some(Condition::any([before, test.in_text("\"")]))
            }
        }
    }
}

impl Streaming for TableRows {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let tables = Tables { header: None, without_header: false, several: true };
        let numbers = (0..batch.rows()).map(|row| Value::number(row as f64)).collect();
        batch.set(MADE_OF.into(), Column::from_values(numbers));
        let mut taken = Vec::new();
        let mut columns: FieldMap<Vec<Value>> = FieldMap::default();
        for row in 0..batch.rows() {
            let raw = batch.get("_raw", row).to_text().into_owned();
            let rows = match &self.sections {
                Some(sections) => sections.rows(&raw, true),
                None => tables.rows(&raw),
            };
            if rows.is_empty() {
                taken.push(row);
            }
            // Events come last read first: so the rows come as they stand there.
            for table_row in rows.iter().rev() {
                let cells = table_row.columns.iter().map(|(name, value)| (name.clone(), value.as_ref()));
                for (name, value) in cells.chain([("_raw".into(), table_row.line)]) {
                    let values = columns.entry(name).or_default();
                    values.resize(taken.len(), Value::Null);
                    values.push(Value::text(value));
                }
                taken.push(row);
            }
        }
        let mut batch = batch.take(&taken);
        for (name, mut values) in columns {
            values.resize(taken.len(), Value::Null);
            let column = Column::from_values(values);
            let column = match batch.column(&name) {
                Some(before) => column.select(&column.mask(|value| !value.is_null()), before),
                None => column,
            };
            batch.set(name, column);
        }
        Ok(batch)
    }
}
