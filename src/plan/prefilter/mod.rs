//! Filters pushed through knowledge: from a condition on what a search sees to literals that a line of
//! input must contain.
//!
//! `All_Changes.action=created` is a condition on a field that a data model fills from a lookup keyed on
//! `eventName`: so the line must contain one of the names that the table maps to `created`. The condition
//! is walked backwards, step by step, to the fields of the event as they were read, and then turned into
//! needles. What cannot be inverted exactly widens the condition, never narrows it, and the real filter
//! still runs on what is left.

mod expr;
mod needles;
mod sample;

pub use expr::of_value;
pub use sample::Sample;

use crate::batch::Pattern;
use crate::exec::{LookupJoin, Streaming};
use crate::io::Prefilter;
use crate::knowledge::{LookupMatch, MatchType};
use crate::parse::search::{CompareOp, KeywordKind, SearchExpr};
use crate::value::Text;

/// What must hold of a row for it to count; it may hold of others too.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Nothing is known.
    True,
    /// No row counts.
    False,
    /// All of them.
    And(Vec<Condition>),
    /// One of them.
    Or(Vec<Condition>),
    /// One of a field's values passes a test.
    Field(Text, ValueTest),
    /// The raw text contains these, in any case.
    Raw(Vec<Text>),
}

/// One of several patterns.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTest {
    patterns: Vec<(Pattern, Case)>,
}

/// Whether case counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// It does.
    Exact,
    /// It does not.
    Any,
}

/// A step whose effect on conditions is known.
pub trait Invert: Streaming {
    /// The condition on the fields before the step that must hold for `field` to pass `test` after it; none
    /// if the step does not touch the field.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition>;
}

impl ValueTest {
    /// Any of these texts, exactly.
    pub fn exactly(texts: impl IntoIterator<Item = Text>) -> ValueTest {
        ValueTest { patterns: texts.into_iter().map(|text| (Pattern::new(text), Case::Exact)).collect() }
    }

    /// Any of these patterns.
    pub fn patterns(patterns: impl IntoIterator<Item = Pattern>, case: Case) -> ValueTest {
        ValueTest { patterns: patterns.into_iter().map(|pattern| (pattern, case)).collect() }
    }

    /// Any value at all.
    pub fn exists() -> ValueTest {
        ValueTest::patterns([Pattern::new("*")], Case::Exact)
    }

    /// What must stand in a text for a part of it to pass: pieces without wildcards and without what cuts them.
    pub fn in_text(&self, cuts: &str) -> Condition {
        let cut = |c: char| c == '*' || c == '\u{fffd}' || c.is_control() || cuts.contains(c);
        let pieces = |(pattern, _): &(Pattern, Case)| {
            let pieces = pattern.as_str().split(cut).filter(|piece| !piece.is_empty());
            Condition::Raw(pieces.map(Text::from).collect())
        };
        Condition::any(self.patterns.iter().map(pieces))
    }

    /// The same of a text that what passes is a part of.
    pub fn inside(&self) -> ValueTest {
        let around = |(pattern, case): &(Pattern, Case)| {
            (Pattern::new(Text::from(format!("*{}*", pattern.as_str()))), *case)
        };
        ValueTest { patterns: self.patterns.iter().map(around).collect() }
    }

    /// Whether a text passes.
    pub fn admits(&self, text: &str) -> bool {
        self.patterns.iter().any(|(pattern, case)| match case {
            Case::Exact => pattern.matches(text),
            Case::Any => pattern.matches_ignoring_case(text),
        })
    }
}

impl Condition {
    /// All of them, simplified.
    pub fn all(parts: impl IntoIterator<Item = Condition>) -> Condition {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Condition::True => {}
                Condition::False => return Condition::False,
                Condition::And(inner) => kept.extend(inner),
                part => kept.push(part),
            }
        }
        match kept.len() {
            0 => Condition::True,
            1 => kept.pop().unwrap_or(Condition::True),
            _ => Condition::And(kept),
        }
    }

    /// One of them, simplified.
    pub fn any(parts: impl IntoIterator<Item = Condition>) -> Condition {
        let mut kept: Vec<Condition> = Vec::new();
        for part in parts {
            match part {
                Condition::False => {}
                Condition::True => return Condition::True,
                Condition::Or(inner) => kept.extend(inner),
                part if kept.contains(&part) => {}
                part => kept.push(part),
            }
        }
        match kept.len() {
            0 => Condition::False,
            1 => kept.pop().unwrap_or(Condition::False),
            _ => Condition::Or(kept),
        }
    }

    /// What a filter of the search language asks of the row.
    pub fn of_search(expr: &SearchExpr) -> Condition {
        match expr {
            SearchExpr::And(parts) => Condition::all(parts.iter().map(Condition::of_search)),
            SearchExpr::Or(parts) => Condition::any(parts.iter().map(Condition::of_search)),
            SearchExpr::Not(_) | SearchExpr::Time(_) => Condition::True,
            SearchExpr::Keyword(keyword) if keyword.kind == KeywordKind::Plain && keyword.text == "*" => {
                Condition::True
            }
            SearchExpr::Keyword(keyword) => {
                let pieces = keyword.text.split('*').filter(|piece| !piece.is_empty());
                Condition::Raw(pieces.map(Text::from).collect())
            }
            SearchExpr::Compare(comparison) => {
                let case = if comparison.case_sensitive { Case::Exact } else { Case::Any };
                let test = match comparison.op {
                    CompareOp::Equal => literal_test([&comparison.value], case),
                    // A field that is not equal, less or more is there.
                    _ => ValueTest::exists(),
                };
                Condition::Field(comparison.field.clone(), test)
            }
            SearchExpr::In(membership) => {
                Condition::Field(membership.field.clone(), literal_test(&membership.values, Case::Any))
            }
        }
    }

    /// The condition before a step, for this one to hold after it.
    #[must_use]
    pub fn before(&self, step: &dyn Invert) -> Condition {
        self.replace(&|field, test| step.before(field, test))
    }

    /// Replaces conditions on fields for which `with` has something to say.
    #[must_use]
    pub fn replace(&self, with: &dyn Fn(&str, &ValueTest) -> Option<Condition>) -> Condition {
        match self {
            Condition::And(parts) => Condition::all(parts.iter().map(|part| part.replace(with))),
            Condition::Or(parts) => Condition::any(parts.iter().map(|part| part.replace(with))),
            Condition::Field(field, test) => with(field, test).unwrap_or_else(|| self.clone()),
            other => other.clone(),
        }
    }

    /// Whether it asks for a value of a field by its name, and not by a pattern.
    pub fn names(&self, field: &str, value: &str) -> bool {
        match self {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|part| part.names(field, value)),
            Condition::Field(of, test) if of == field => {
                test.patterns.iter().any(|(pattern, _)| pattern.as_str().eq_ignore_ascii_case(value))
            }
            _ => false,
        }
    }

    /// The literals that a line must contain for the condition to hold of its event; none if that says
    /// nothing. Of several choices the one that the fewest lines of the sample pass.
    pub fn prefilter(&self, sample: &Sample) -> Option<Prefilter> {
        needles::of(self, sample).and_then(Prefilter::new)
    }
}

/// Literals of the search language; a network is any value.
fn literal_test<'v>(values: impl IntoIterator<Item = &'v Text>, case: Case) -> ValueTest {
    let pattern = |value: &Text| {
        Pattern::new(if value.contains('/') && is_network(value) { "*".into() } else { value.clone() })
    };
    ValueTest::patterns(values.into_iter().map(pattern), case)
}

fn is_network(value: &str) -> bool {
    value.parse::<ipnet::IpNet>().is_ok()
}

impl Invert for LookupJoin {
    /// The value stood in the field before, or a row of the table that has it was found by its keys.
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        let (output, _) = *self.outputs.iter().find(|(_, name)| name == field)?;
        let mut ways = vec![Condition::Field(field.into(), test.clone())];
        let by_default = self.table.none().contains(&LookupMatch::Default);
        if by_default && test.admits(&self.table.definition().default_match) {
            return Some(Condition::True);
        }
        let rows = (0..self.table.rows()).map(|row| self.table.row(row));
        let rows: Vec<&[Text]> =
            rows.filter(|row| row.get(output).is_some_and(|cell| test.admits(cell))).collect();
        if !rows.is_empty() {
            ways.push(Condition::all(
                self.inputs
                    .iter()
                    .map(|(column, input)| Condition::Field(input.clone(), self.key_test(*column, &rows))),
            ));
        }
        Some(Condition::any(ways))
    }
}

impl LookupJoin {
    /// What an input must be to find one of the rows.
    fn key_test(&self, column: usize, rows: &[&[Text]]) -> ValueTest {
        let definition = self.table.definition();
        let name = self.table.columns().get(column).map_or("", Text::as_str);
        let case = if definition.case_sensitive { Case::Exact } else { Case::Any };
        if definition.match_type(name) == MatchType::Cidr {
            return ValueTest::exists();
        }
        // An asterisk in an exact key is taken for a wildcard: that widens the test.
        let mut patterns: Vec<Pattern> = Vec::new();
        for cell in rows.iter().filter_map(|row| row.get(column)) {
            let pattern = Pattern::new(cell.clone());
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        ValueTest::patterns(patterns, case)
    }
}

#[cfg(test)]
mod tests;
