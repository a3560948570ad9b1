//! Event types and tags.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Compiler;
use crate::batch::{Batch, Column, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::eval::Filter;
use crate::exec::{RunContext, Streaming};
use crate::parse::search::{CompareOp, SearchExpr};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// The event types, and the tags that they and field values carry.
pub struct EventTypes {
    /// Name, filter and tags of each event type.
    types: Vec<EventType>,
    /// Field, value and tags of each rule that is not about an event type.
    rules: Vec<(Text, Text, Vec<Text>)>,
    reads: FieldSet,
    /// Whether somebody asks for `eventtype`, `tag`, and which `tag::field`.
    eventtype: bool,
    tag: bool,
    tags_of: Vec<Text>,
}

struct EventType {
    name: Text,
    filter: Filter,
    /// What the filter asks, for telling lines that cannot match.
    condition: Condition,
    tags: Vec<Text>,
}

impl EventTypes {
    /// The event types and tags of events of a source type, if they are wanted. One that cannot be read is left out,
    /// unless `condition` asks for it by its name.
    pub fn new(
        wanted: &FieldSet,
        condition: &Condition,
        source_type: &str,
        compiler: &mut Compiler<'_>,
    ) -> Result<Option<EventTypes>> {
        let prefixed = |name: &Text| name.strip_prefix("tag::").map(Text::from);
        let tags_of: Vec<Text> = wanted.names().filter_map(prefixed).collect();
        let (eventtype, tag) = (wanted.contains("eventtype"), wanted.contains("tag"));
        if !eventtype && !tag && tags_of.is_empty() {
            return Ok(None);
        }
        let (tag_rules, problems) = compiler.knowledge.tags();
        let (event_types, more) = compiler.knowledge.event_types();
        problems.into_iter().chain(more).for_each(|problem| compiler.context.warnings.add(problem));
        let mut reads = FieldSet::none();
        let mut types = Vec::new();
        for event_type in event_types {
            let of_type = |rule: &&crate::knowledge::TagRule| {
                rule.field == "eventtype" && rule.value == event_type.name
            };
            let tags: Vec<Text> =
                tag_rules.iter().filter(of_type).flat_map(|rule| rule.tags.clone()).collect();
            if !eventtype && tags.is_empty() {
                continue;
            }
            let needed = condition.names("eventtype", &event_type.name);
            let Some(expr) = compiler.event_type(&event_type, needed)? else { continue };
            if !possible(&expr, source_type) {
                continue;
            }
            reads.extend(&FieldSet::of(expr.fields()));
            let (name, filter) = (event_type.name.clone(), Filter::new(&expr));
            types.push(EventType { name, filter, condition: Condition::of_search(&expr), tags });
        }
        let mut rules = Vec::new();
        for rule in tag_rules.into_iter().filter(|rule| rule.field != "eventtype") {
            reads.add(rule.field.clone());
            rules.push((rule.field, rule.value, rule.tags));
        }
        Ok(Some(EventTypes { types, rules, reads, eventtype, tag, tags_of }))
    }

    /// The fields that event types and tags look at.
    pub fn reads(&self) -> FieldSet {
        self.reads.clone()
    }

    /// For `--explain`.
    pub fn note(&self) -> String {
        format!(
            "event types and tags: {} event types, {} tags on field values",
            self.types.len(),
            self.rules.len()
        )
    }
}

impl Invert for EventTypes {
    /// One of the event types or rules that give a passing name or tag.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let gives: &dyn Fn(&str, &[Text]) -> bool = match field {
            "eventtype" => &|name, _| test.admits(name),
            _ if field == "tag" || field.starts_with("tag::") => {
                &|_, tags| tags.iter().any(|tag| test.admits(tag))
            }
            _ => return None,
        };
        let types = self.types.iter().filter(|of_type| gives(&of_type.name, &of_type.tags));
        let types = types.map(|of_type| of_type.condition.clone());
        let rules = self.rules.iter().filter(|(_, _, tags)| gives("", tags));
        let rules = rules
            .map(|(field, value, _)| Condition::Field(field.clone(), ValueTest::exactly([value.clone()])));
        Some(Condition::any(types.chain(rules)))
    }
}

impl Streaming for EventTypes {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let rows = batch.rows();
        let hits: Vec<Vec<bool>> = self.types.iter().map(|of_type| of_type.filter.mask(&batch)).collect();
        let rule_hits: Vec<Vec<bool>> =
            self.rules.iter().map(|(field, value, _)| rule_mask(&batch, field, value)).collect();
        // Few combinations of hits occur: each is worked out once.
        let mut combinations: HashMap<Vec<bool>, u32, foldhash::fast::RandomState> = HashMap::default();
        let mut distinct: Vec<Vec<bool>> = Vec::new();
        let mut codes = Vec::with_capacity(rows);
        for row in 0..rows {
            let hit = |mask: &Vec<bool>| mask.get(row).copied().unwrap_or(false);
            let key: Vec<bool> = hits.iter().chain(&rule_hits).map(hit).collect();
            let code = *combinations.entry(key).or_insert_with_key(|key| {
                distinct.push(key.clone());
                distinct.len() as u32 - 1
            });
            codes.push(code);
        }
        let column = |value: &dyn Fn(&[bool]) -> Value| {
            Column::Dictionary(codes.clone(), Arc::new(distinct.iter().map(|key| value(key)).collect()))
        };
        let columns: Vec<(Text, Column)> = self
            .eventtype
            .then(|| ("eventtype".into(), column(&|key| self.names(key))))
            .into_iter()
            .chain(self.tag.then(|| ("tag".into(), column(&|key| self.tags(key, None)))))
            .chain(self.tags_of.iter().map(|field| {
                (Text::from(format!("tag::{field}")), column(&|key| self.tags(key, Some(field))))
            }))
            .collect();
        for (name, column) in columns {
            batch.set(name, column);
        }
        Ok(batch)
    }
}

impl EventTypes {
    fn names(&self, hits: &[bool]) -> Value {
        let hit = self.types.iter().zip(hits).filter(|(_, hit)| **hit);
        Value::from_values(hit.map(|(of_type, _)| Value::Text(of_type.name.clone())))
    }

    /// The tags of the event types and rules that hit, sorted; of one field, or of all.
    fn tags(&self, hits: &[bool], of: Option<&Text>) -> Value {
        let types = self.types.iter().map(|of_type| ("eventtype", &of_type.tags));
        let rules = self.rules.iter().map(|(field, _, tags)| (field.as_str(), tags));
        let hit = types.chain(rules).zip(hits).filter(|(_, hit)| **hit);
        let wanted = hit.filter(|((field, _), _)| of.is_none_or(|of| of == field));
        let tags: BTreeSet<&Text> = wanted.flat_map(|((_, tags), _)| tags).collect();
        Value::from_values(tags.into_iter().map(|tag| Value::Text(tag.clone())))
    }
}

/// Whether a search can hold of an event of a source type; most event types are of one.
fn possible(expr: &SearchExpr, source_type: &str) -> bool {
    let is = |name: &Text| Pattern::new(name.clone()).matches_ignoring_case(source_type);
    match expr {
        SearchExpr::And(parts) => parts.iter().all(|part| possible(part, source_type)),
        SearchExpr::Or(parts) => parts.iter().any(|part| possible(part, source_type)),
        SearchExpr::Compare(comparison) if comparison.field == "sourcetype" => {
            comparison.op != CompareOp::Equal || is(&comparison.value)
        }
        SearchExpr::In(membership) if membership.field == "sourcetype" => membership.values.iter().any(is),
        _ => true,
    }
}

fn rule_mask(batch: &Batch, field: &str, wanted: &str) -> Vec<bool> {
    let fits = |value: &Value| value.values().iter().any(|single| single.to_text() == wanted);
    batch.column(field).map_or_else(|| vec![false; batch.rows()], |column| column.mask(fits))
}
