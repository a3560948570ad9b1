//! What is assigned to events before they are searched: source type, source, host and index; and what a search
//! asks of it.

use std::collections::BTreeSet;

use super::super::Planner;
use super::super::prefilter::Condition;
use crate::knowledge::Assigned;
use crate::parse::search::{CompareOp, SearchExpr};
use crate::value::Text;

/// More combinations than this are not listed.
const SHOWN: usize = 8;

/// A condition with what it asks of assigned fields answered.
pub fn answered(condition: &Condition, assigned: &Assigned, index: Option<&Text>) -> Condition {
    condition.replace(&|field, test| {
        let value = match field {
            "sourcetype" => &assigned.source_type,
            "source" => &assigned.source,
            "host" => &assigned.host,
            "index" => match index {
                Some(index) => index,
                None => return Some(Condition::True),
            },
            _ => return None,
        };
        Some(if test.admits(value) { Condition::True } else { Condition::False })
    })
}

/// A search over events whose index nobody named: they are in every index that it asks for.
#[must_use]
pub fn in_any_index(expr: &SearchExpr) -> SearchExpr {
    let everything = || SearchExpr::And(Vec::new());
    match expr {
        SearchExpr::And(parts) => SearchExpr::And(parts.iter().map(in_any_index).collect()),
        SearchExpr::Or(parts) => SearchExpr::Or(parts.iter().map(in_any_index).collect()),
        SearchExpr::Compare(comparison)
            if comparison.field == "index" && comparison.op == CompareOp::Equal =>
        {
            everything()
        }
        SearchExpr::In(membership) if membership.field == "index" => everything(),
        other => other.clone(),
    }
}

/// The one index that a search asks for by its full name, if it is one.
pub fn named_index(expr: &SearchExpr) -> Option<Text> {
    let mut names: BTreeSet<Text> = BTreeSet::new();
    positive_indexes(expr, &mut names);
    let name = names.pop_first()?;
    (names.is_empty() && !name.contains('*')).then_some(name)
}

fn positive_indexes(expr: &SearchExpr, names: &mut BTreeSet<Text>) {
    match expr {
        SearchExpr::And(parts) | SearchExpr::Or(parts) => {
            parts.iter().for_each(|part| positive_indexes(part, names));
        }
        SearchExpr::Compare(comparison)
            if comparison.field == "index" && comparison.op == CompareOp::Equal =>
        {
            names.insert(comparison.value.clone());
        }
        SearchExpr::In(membership) if membership.field == "index" => {
            names.extend(membership.values.iter().cloned());
        }
        _ => {}
    }
}

/// The combinations that were met, for a message.
pub fn listed(met: &BTreeSet<Assigned>, index: Option<&Text>) -> String {
    let index = index.map_or_else(String::new, |index| format!(" index={index}"));
    let one = |assigned: &Assigned| {
        let Assigned { source_type, source, host } = assigned;
        format!("sourcetype={source_type} source={source} host={host}{index}")
    };
    let mut shown: Vec<String> = met.iter().take(SHOWN).map(one).collect();
    if met.len() > SHOWN {
        shown.push(format!("{} others", met.len() - SHOWN));
    }
    shown.join("; ")
}

impl Planner<'_> {
    /// A search as it is meant where nobody named the index of the events: they are in any.
    pub fn in_index(&self, expr: &SearchExpr) -> SearchExpr {
        match self.settings.events.as_ref().is_some_and(|events| events.index.is_none()) {
            true => in_any_index(expr),
            false => expr.clone(),
        }
    }
}
