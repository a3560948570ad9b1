//! Names of event types: what an event type asks of others and of tags, and names that have fields of the event in them.

use std::cell::OnceCell;

use super::Compiler;
use crate::batch::{Batch, FieldMap, Pattern};
use crate::diagnostic::{Code, Result, Span};
use crate::knowledge::{EventType, Knowledge, NamePart, TagRule};
use crate::parse::search::{CompareOp, Comparison, SearchExpr};
use crate::value::Text;

/// More event types than this are not put in for the names in one of them.
const MOST: usize = 2_000;

/// How many event types may ask for one another in a row.
const DEEPEST: usize = 64;

/// What names stand for.
pub struct Names<'k> {
    knowledge: &'k Knowledge,
    /// All event types and the tags; got when the first name is met.
    known: OnceCell<(Vec<EventType>, Vec<TagRule>)>,
    /// The searches that were read, by the names of their event types; none for one that cannot be.
    read: FieldMap<Option<SearchExpr>>,
    left: usize,
}

impl<'k> Names<'k> {
    /// Those of the apps.
    pub fn new(knowledge: &'k Knowledge) -> Names<'k> {
        Names { knowledge, known: OnceCell::new(), read: FieldMap::default(), left: MOST }
    }

    fn known(&self) -> (&[EventType], &[TagRule]) {
        let get = || (self.knowledge.event_types().0, self.knowledge.tags().0);
        let (types, rules) = self.known.get_or_init(get);
        (types, rules)
    }

    /// What a field with names asks for.
    fn asked(field: &str) -> Option<Asked<'_>> {
        match field {
            "eventtype" => Some(Asked::Type),
            "tag" => Some(Asked::Tag(None)),
            _ => field.strip_prefix("tag::").map(|field| Asked::Tag(Some(field))),
        }
    }

    /// Whether a search asks for event types or tags.
    pub fn are_in(expr: &SearchExpr) -> bool {
        let mut any = false;
        expr.walk(&mut |part| {
            any |= match part {
                SearchExpr::Compare(comparison) => Names::asked(&comparison.field).is_some(),
                SearchExpr::In(membership) => Names::asked(&membership.field).is_some(),
                _ => false,
            };
        });
        any
    }
}

enum Asked<'n> {
    Type,
    /// A tag, on the values of a field or of any.
    Tag(Option<&'n str>),
}

impl Compiler<'_> {
    /// A search in which event types and tags are what they stand for: an event type may be made of others. One that is
    /// made of itself is none by that.
    pub(super) fn without_names(
        &mut self,
        expr: SearchExpr,
        of: &Text,
        names: &mut Names<'_>,
    ) -> Result<SearchExpr> {
        if !Names::are_in(&expr) {
            return Ok(expr);
        }
        names.left = MOST;
        self.resolve(expr, names, &mut vec![of.clone()])
    }

    fn resolve(
        &mut self,
        expr: SearchExpr,
        names: &mut Names<'_>,
        trail: &mut Vec<Text>,
    ) -> Result<SearchExpr> {
        let mut all = |parts: Vec<SearchExpr>| {
            parts.into_iter().map(|part| self.resolve(part, names, trail)).collect::<Result<Vec<_>>>()
        };
        Ok(match expr {
            SearchExpr::And(parts) => SearchExpr::And(all(parts)?),
            SearchExpr::Or(parts) => SearchExpr::Or(all(parts)?),
            SearchExpr::Not(inner) => SearchExpr::Not(Box::new(self.resolve(*inner, names, trail)?)),
            SearchExpr::Compare(comparison) => match (Names::asked(&comparison.field), comparison.op) {
                (Some(asked), CompareOp::Equal) => self.named(&asked, &comparison, names, trail)?,
                (Some(asked), CompareOp::NotEqual) => {
                    SearchExpr::Not(Box::new(self.named(&asked, &comparison, names, trail)?))
                }
                _ => SearchExpr::Compare(comparison),
            },
            SearchExpr::In(membership) => match Names::asked(&membership.field) {
                None => SearchExpr::In(membership),
                Some(asked) => {
                    let mut any = Vec::new();
                    for value in &membership.values {
                        let (field, span) = (membership.field.clone(), membership.span);
                        let one = equal(field, value.clone(), span);
                        any.push(self.named(&asked, &one, names, trail)?);
                    }
                    SearchExpr::Or(any)
                }
            },
            other => other,
        })
    }

    /// What a name stands for.
    fn named(
        &mut self,
        asked: &Asked<'_>,
        named: &Comparison,
        names: &mut Names<'_>,
        trail: &mut Vec<Text>,
    ) -> Result<SearchExpr> {
        let pattern = Pattern::new(named.value.clone());
        let (known, rules) = names.known();
        let mut any = Vec::new();
        let types: Vec<EventType> = match asked {
            Asked::Type => {
                let found = known.iter().filter(|of| pattern.matches_ignoring_case(&of.name));
                found.cloned().collect()
            }
            Asked::Tag(field) => {
                let carried = |rule: &&TagRule| {
                    field.is_none_or(|field| rule.field == field)
                        && rule.tags.iter().any(|tag| pattern.matches_ignoring_case(tag))
                };
                let (of_types, others): (Vec<_>, Vec<_>) =
                    rules.iter().filter(carried).partition(|rule| rule.field == "eventtype");
                let other = |rule: &TagRule| equal(rule.field.clone(), rule.value.clone(), named.span);
                any.extend(others.into_iter().map(|rule| SearchExpr::Compare(other(rule))));
                let tagged = |of: &&EventType| of_types.iter().any(|rule| rule.value == of.name);
                known.iter().filter(tagged).cloned().collect()
            }
        };
        for of in types {
            any.extend(self.definition(&of, names, trail)?);
        }
        Ok(SearchExpr::Or(any))
    }

    /// What an event type is; none where it is being made, or cannot be read.
    fn definition(
        &mut self,
        of: &EventType,
        names: &mut Names<'_>,
        trail: &mut Vec<Text>,
    ) -> Result<Option<SearchExpr>> {
        if trail.contains(&of.name) {
            return Ok(None);
        }
        names.left = names.left.saturating_sub(1);
        if names.left == 0 || trail.len() > DEEPEST {
            let message = format!("the event type `{}` is made of too many others", trail.join(", "));
            return Err(of.search.error(Code::Knowledge, message));
        }
        let search = match names.read.get(&of.name) {
            Some(search) => search.clone(),
            None => {
                let read = self.untimed_search(&of.search).map(Some);
                let search = self.unless_needed(read, false, &of.search)?;
                names.read.insert(of.name.clone(), search.clone());
                search
            }
        };
        let Some(search) = search else { return Ok(None) };
        trail.push(of.name.clone());
        let found = self.resolve(search, names, trail);
        trail.pop();
        found.map(Some)
    }
}

fn equal(field: Text, value: Text, span: Span) -> Comparison {
    Comparison { field, op: CompareOp::Equal, value, case_sensitive: false, span }
}

/// The name that an event type gives to an event: `%field%` in it is the field's value, and an event without the field is
/// given none (eventtypes.conf.spec).
pub fn given_name(parts: &[NamePart], batch: &Batch, row: usize) -> Option<Text> {
    let mut name = String::new();
    for part in parts {
        match part {
            NamePart::Text(text) => name.push_str(text),
            NamePart::Field(field) => {
                let value = batch.get(field, row);
                let first = value.values().first().map(|value| value.to_text().into_owned());
                name.push_str(&first.filter(|text| !text.is_empty())?);
            }
        }
    }
    Some(name.into())
}
