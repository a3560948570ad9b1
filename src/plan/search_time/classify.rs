//! Event types and tags.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::Compiler;
use super::type_names::{Names, given_name};
use crate::batch::{Batch, Column, Dictionary, FieldSet, Pattern};
use crate::diagnostic::Result;
use crate::eval::Filter;
use crate::exec::{RunContext, Streaming};
use crate::knowledge::{self, NamePart, SourceType, TagRule};
use crate::parse::search::{CompareOp, SearchExpr};
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// Which event types and rules hold of an event, and the names that were made for it, in the order of those types.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Hits {
    hits: Vec<bool>,
    made: Vec<Option<Text>>,
}

/// The event types, and the tags that they and field values carry.
pub struct EventTypes {
    /// Name, filter and tags of each event type.
    types: Vec<EventType>,
    /// Field, value and tags of each rule that is not about an event type.
    rules: Vec<(Text, Text, Vec<Text>)>,
    /// The tags of names that event types may make of the event's fields.
    made: Vec<(Text, Vec<Text>)>,
    reads: FieldSet,
    /// Whether somebody asks for `eventtype`, `tag`, and which `tag::field`.
    eventtype: bool,
    tag: bool,
    tags_of: Vec<Text>,
}

struct EventType {
    name: Text,
    /// What the name is made of, where an event has a part in it.
    parts: Option<Vec<NamePart>>,
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
        source_type: &SourceType,
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
        let mut names = Names::new(compiler.knowledge);
        let mut reads = FieldSet::none();
        let mut types = Vec::new();
        // An add-on brings its own.
        let set_aside = |of: &knowledge::EventType| source_type.add_on.is_some() && of.is_built_in();
        for event_type in event_types.into_iter().filter(|event_type| !set_aside(event_type)) {
            let parts = event_type.name_parts();
            // A name that is yet to be made may be any of those that fit.
            let fits = |name: &Text| match &parts {
                None => *name == event_type.name,
                Some(parts) => NamePart::pattern(parts).matches(name),
            };
            let of_type = |rule: &&TagRule| rule.field == "eventtype" && fits(&rule.value);
            let tags: Vec<Text> =
                tag_rules.iter().filter(of_type).flat_map(|rule| rule.tags.clone()).collect();
            if !eventtype && tags.is_empty() {
                continue;
            }
            let needed = condition.names("eventtype", &event_type.name);
            let Some(expr) = compiler.event_type(&event_type, needed, &mut names)? else { continue };
            if !possible(&expr, &source_type.name) {
                continue;
            }
            reads.extend(&FieldSet::of(expr.fields()));
            reads.extend(&FieldSet::of(parts.iter().flatten().filter_map(NamePart::field)));
            let (name, filter) = (event_type.name.clone(), Filter::new(&expr));
            types.push(EventType { name, parts, filter, condition: Condition::of_search(&expr), tags });
        }
        let (mut rules, mut made) = (Vec::new(), Vec::new());
        for rule in tag_rules {
            if rule.field == "eventtype" {
                made.push((rule.value, rule.tags));
                continue;
            }
            reads.add(rule.field.clone());
            rules.push((rule.field, rule.value, rule.tags));
        }
        Ok(Some(EventTypes { types, rules, made, reads, eventtype, tag, tags_of }))
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
        let carries = |tags: &[Text]| tags.iter().any(|tag| test.admits(tag));
        let gives: &dyn Fn(&EventType) -> bool = match field {
            "eventtype" => &|of_type| of_type.parts.is_some() || test.admits(&of_type.name),
            _ if field == "tag" || field.starts_with("tag::") => &|of_type| carries(&of_type.tags),
            _ => return None,
        };
        let types = self.types.iter().filter(|of_type| gives(of_type));
        let types = types.map(|of_type| of_type.condition.clone());
        let rules = self.rules.iter().filter(|(_, _, tags)| field != "eventtype" && carries(tags));
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
        // Few event types have an event's fields in their name.
        let types = self.types.iter().zip(&hits);
        let templates: Vec<(&Vec<NamePart>, &Vec<bool>)> =
            types.filter_map(|(of, hits)| Some((of.parts.as_ref()?, hits))).collect();
        // Few combinations of hits occur: each is worked out once.
        let mut combinations: HashMap<Hits, u32, foldhash::fast::RandomState> = HashMap::default();
        let mut distinct: Vec<Hits> = Vec::new();
        let mut codes = Vec::with_capacity(rows);
        for row in 0..rows {
            let hit = |mask: &Vec<bool>| mask.get(row).copied().unwrap_or(false);
            let of_row = hits.iter().chain(&rule_hits).map(hit).collect();
            let made =
                templates.iter().map(|(parts, hits)| given_name(parts, &batch, row).filter(|_| hit(hits)));
            let key = Hits { hits: of_row, made: made.collect() };
            let code = *combinations.entry(key).or_insert_with_key(|key| {
                distinct.push(key.clone());
                distinct.len() as u32 - 1
            });
            codes.push(code);
        }
        let column = |value: &dyn Fn(&Hits) -> Value| {
            Column::Dictionary(Dictionary::new(codes.clone(), distinct.iter().map(value).collect::<Vec<_>>()))
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
    /// The names of the event types that hit.
    fn names(&self, Hits { hits, made }: &Hits) -> Value {
        let mut made = made.iter();
        let names = self.types.iter().zip(hits).filter_map(|(of_type, hit)| match of_type.parts {
            Some(_) => made.next()?.clone(),
            None => hit.then(|| of_type.name.clone()),
        });
        Value::from_values(names.map(Value::Text).collect::<Vec<_>>())
    }

    /// The tags of the event types and rules that hit, sorted; of one field, or of all.
    fn tags(&self, Hits { hits, made }: &Hits, of: Option<&Text>) -> Value {
        let fixed = |of_type: &'_ EventType| of_type.parts.is_none();
        let none = &Vec::new();
        let types = self.types.iter().map(|of| ("eventtype", if fixed(of) { &of.tags } else { none }));
        let rules = self.rules.iter().map(|(field, _, tags)| (field.as_str(), tags));
        let hit = types.chain(rules).zip(hits).filter(|(_, hit)| **hit).map(|(carries, _)| carries);
        let names = self.made.iter().filter(|(name, _)| made.iter().flatten().any(|made| made == name));
        let all = hit.chain(names.map(|(_, tags)| ("eventtype", tags)));
        let wanted = all.filter(|(field, _)| of.is_none_or(|of| of == field));
        let tags: BTreeSet<&Text> = wanted.flat_map(|(_, tags)| tags).collect();
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
