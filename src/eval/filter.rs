//! Filters of the search language on batches.

use std::net::IpAddr;

use ipnet::IpNet;

use super::keyword::Term;
use crate::batch::{Batch, Pattern};
use crate::parse::search::{CompareOp, Comparison, KeywordKind, SearchExpr};
use crate::value::{Text, Value, parse_number};

/// A search expression made ready to run. Time bounds are not part of it: see [`Filter::new`].
#[derive(Clone, Debug)]
pub enum Filter {
    /// Everything passes.
    Everything,
    /// All of them.
    And(Vec<Filter>),
    /// One of them.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A term in the raw text.
    Raw(Term),
    /// A test of one field's values.
    Field(Text, Test),
}

/// What a field's value must be. A multivalue passes when one of its values does.
#[derive(Clone, Debug)]
pub enum Test {
    /// The field exists.
    Exists,
    /// Text, any case, with `*`, or an address in a network.
    Equal(Vec<Literal>),
    /// The field exists and one of its values is not that.
    NotEqual(Literal),
    /// Numbers by value, else text by bytes.
    Order(CompareOp, Text),
}

/// A literal of the search language.
#[derive(Clone, Debug)]
pub struct Literal {
    pattern: Pattern,
    network: Option<IpNet>,
    case_sensitive: bool,
}

impl Literal {
    fn new(text: &Text, case_sensitive: bool) -> Literal {
        let network = text.contains('/').then(|| text.parse().ok()).flatten();
        Literal { pattern: Pattern::new(text.clone()), network, case_sensitive }
    }

    fn fits(&self, value: &Value) -> bool {
        let text = value.to_text();
        if let Some(network) = &self.network
            && let Ok(address) = text.parse::<IpAddr>()
        {
            return network.contains(&address);
        }
        if self.case_sensitive {
            self.pattern.matches(&text)
        } else {
            self.pattern.matches_ignoring_case(&text)
        }
    }
}

impl Filter {
    /// Makes a search expression ready. Time bounds pass everything: the planner takes them into the
    /// time range.
    pub fn new(expr: &SearchExpr) -> Filter {
        match expr {
            SearchExpr::And(parts) if parts.is_empty() => Filter::Everything,
            SearchExpr::And(parts) => Filter::And(parts.iter().map(Filter::new).collect()),
            SearchExpr::Or(parts) => Filter::Or(parts.iter().map(Filter::new).collect()),
            SearchExpr::Not(inner) => Filter::Not(Box::new(Filter::new(inner))),
            SearchExpr::Keyword(keyword) if keyword.kind == KeywordKind::Plain && keyword.text == "*" => {
                Filter::Everything
            }
            SearchExpr::Keyword(keyword) => Filter::Raw(Term::new(keyword)),
            SearchExpr::Compare(comparison) => compare(comparison),
            SearchExpr::In(membership) => {
                let literals = membership.values.iter().map(|value| Literal::new(value, false)).collect();
                Filter::Field(membership.field.clone(), Test::Equal(literals))
            }
            SearchExpr::Time(_) => Filter::Everything,
        }
    }

    /// Rows that have a field.
    pub fn exists(field: Text) -> Filter {
        Filter::Field(field, Test::Exists)
    }

    /// For each row whether it passes.
    pub fn mask(&self, batch: &Batch) -> Vec<bool> {
        match self {
            Filter::Everything => vec![true; batch.rows()],
            Filter::And(parts) => combine(parts, batch, true),
            Filter::Or(parts) => combine(parts, batch, false),
            Filter::Not(inner) => inner.mask(batch).into_iter().map(|pass| !pass).collect(),
            Filter::Raw(term) => match batch.column("_raw") {
                Some(column) => column.mask(|value| occurs(term, value)),
                None => vec![false; batch.rows()],
            },
            Filter::Field(name, test) => match batch.column(name) {
                Some(column) => column.mask(|value| test.passes(value)),
                None => vec![false; batch.rows()],
            },
        }
    }

    /// Whether one row passes. `value_of` gives a field's value, null where the row lacks it.
    pub fn holds<'v>(&self, value_of: &dyn Fn(&str) -> &'v Value) -> bool {
        match self {
            Filter::Everything => true,
            Filter::And(parts) => parts.iter().all(|part| part.holds(value_of)),
            Filter::Or(parts) => parts.iter().any(|part| part.holds(value_of)),
            Filter::Not(inner) => !inner.holds(value_of),
            Filter::Raw(term) => occurs(term, value_of("_raw")),
            Filter::Field(name, test) => test.passes(value_of(name)),
        }
    }
}

fn occurs(term: &Term, raw: &Value) -> bool {
    raw.values().iter().any(|raw| term.occurs(&raw.to_text()))
}

fn compare(comparison: &Comparison) -> Filter {
    let literal = || Literal::new(&comparison.value, comparison.case_sensitive);
    let test = match comparison.op {
        CompareOp::Equal if comparison.value == "*" => Test::Exists,
        CompareOp::Equal if comparison.field == "index" && comparison.value.starts_with('*') => {
            // `index=*` leaves out the internal indexes (Search Reference, `search`).
            let internal =
                Filter::Field("index".into(), Test::Equal(vec![Literal::new(&"_*".into(), false)]));
            let named = Filter::Field("index".into(), Test::Equal(vec![literal()]));
            return Filter::And(vec![named, Filter::Not(Box::new(internal))]);
        }
        CompareOp::Equal => Test::Equal(vec![literal()]),
        CompareOp::NotEqual => Test::NotEqual(literal()),
        op => Test::Order(op, comparison.value.clone()),
    };
    Filter::Field(comparison.field.clone(), test)
}

/// Each part narrows (`and`) or widens (`or`) what the parts before it left.
fn combine(parts: &[Filter], batch: &Batch, and: bool) -> Vec<bool> {
    let mut mask = vec![and; batch.rows()];
    for part in parts {
        if mask.iter().all(|&pass| pass != and) {
            break;
        }
        for (pass, new) in mask.iter_mut().zip(part.mask(batch)) {
            *pass = if and { *pass && new } else { *pass || new };
        }
    }
    mask
}

impl Test {
    /// Whether one of the values is as it must be; false for null.
    fn passes(&self, value: &Value) -> bool {
        value.values().iter().any(|single| self.holds(single))
    }

    fn holds(&self, value: &Value) -> bool {
        match self {
            Test::Exists => true,
            Test::Equal(literals) => literals.iter().any(|literal| literal.fits(value)),
            Test::NotEqual(literal) => !literal.fits(value),
            Test::Order(op, literal) => {
                let order = match (value.as_number(), parse_number(literal)) {
                    (Some(a), Some(b)) => a.total_cmp(&b.value),
                    _ => value.to_text().as_bytes().cmp(literal.as_bytes()),
                };
                match op {
                    CompareOp::Less => order.is_lt(),
                    CompareOp::LessOrEqual => order.is_le(),
                    CompareOp::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
        }
    }
}
