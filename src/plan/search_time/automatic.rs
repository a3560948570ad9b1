//! Fields found in an event's text without being told: `KV_MODE`.

use super::Reader;
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::extract::{Existing, Found, KeyValues, add_fields, tags};
use crate::knowledge::{KvMode, SourceType};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::Value;

/// Automatic extraction.
pub struct Automatic {
    kind: Kind,
    wanted: FieldSet,
}

enum Kind {
    Pairs(KeyValues),
    Xml,
}

impl Automatic {
    /// What a source type asks for, if the reader has not done it and any field may come of it.
    pub fn new(source_type: &SourceType, reader: Reader, wanted: &FieldSet) -> Option<Automatic> {
        let pairs = |escaped| Kind::Pairs(KeyValues { escaped, ..KeyValues::auto() });
        let kind = match source_type.kv_mode {
            // What was read under a header has its fields.
            _ if reader == Reader::Records => return None,
            KvMode::None | KvMode::Json | KvMode::Multi => return None,
            KvMode::Auto => pairs(false),
            KvMode::AutoEscaped => pairs(true),
            KvMode::Xml => Kind::Xml,
        };
        let given = |name: &str| name.starts_with('_') || super::DEFAULT_FIELDS.contains(&name);
        let any = !wanted.is_exact() || wanted.names().any(|name| !given(name));
        any.then(|| Automatic { kind, wanted: wanted.clone() })
    }

    /// For `--explain`.
    pub fn note(&self) -> String {
        match self.kind {
            Kind::Pairs(_) => "pairs of key and value in the text".to_string(),
            Kind::Xml => "elements of XML in the text".to_string(),
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
        // What XML writes as an entity cuts the literals.
        Some(Condition::any([before, test.in_text("&<>\"'\\")]))
    }
}

impl Streaming for Automatic {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        add_fields(&mut batch, &"_raw".into(), Existing::Kept, &self.wanted, |value| {
            let text = value.to_text();
            let mut found: Found = match &self.kind {
                Kind::Pairs(pairs) => {
                    pairs.pairs(&text).into_iter().map(|(name, value)| (name, Value::Text(value))).collect()
                }
                Kind::Xml => {
                    let elements = tags::leaf_elements(&text).into_iter();
                    elements.map(|(name, value)| (name.into(), Value::text(value.as_ref()))).collect()
                }
            };
            // Of pairs with one key the first counts; elements that come again are one field of several values.
            if let Kind::Pairs(_) = self.kind {
                let mut seen = hashbrown::HashSet::<_, foldhash::fast::RandomState>::default();
                found.retain(|(name, _)| seen.insert(name.clone()));
            }
            found
        });
        Ok(batch)
    }
}
