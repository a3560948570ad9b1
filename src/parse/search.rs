//! The search language: what `search`, an implicit first search, `tstats … where` and event types speak.
//!
//! From tightest to loosest: parentheses, NOT, OR, AND, written or implied (Search Reference, `search`).

use std::fmt;

use super::time_term::{TimeBound, TimeTerm};
use crate::diagnostic::Span;
use crate::value::Text;

/// A filter of the search language.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchExpr {
    /// All of them; of none: everything.
    And(Vec<SearchExpr>),
    /// One of them.
    Or(Vec<SearchExpr>),
    /// Not this.
    Not(Box<SearchExpr>),
    /// A word or a quoted phrase in the event's raw text.
    Keyword(Keyword),
    /// A field against a literal.
    Compare(Comparison),
    /// A field against several literals.
    In(Membership),
    /// `earliest=-1d`: a bound of the time range.
    Time(TimeBound),
}

/// A term looked for in `_raw`.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// The term, possibly with `*`.
    pub text: Text,
    /// How it is looked for.
    pub kind: KeywordKind,
    /// Where it stands.
    pub span: Span,
}

/// How a keyword is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeywordKind {
    /// A word or a phrase, in any case, between breakers of any kind.
    Plain,
    /// `TERM(…)`: between major breakers.
    Term,
    /// `CASE(…)`: letter for letter.
    Case,
}

/// `field = literal`
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The field.
    pub field: Text,
    /// The operator.
    pub op: CompareOp,
    /// The literal, possibly with `*`.
    pub value: Text,
    /// `field=CASE(value)`: letter for letter.
    pub case_sensitive: bool,
    /// Where it stands.
    pub span: Span,
}

/// `field IN (a, b)`
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// The field.
    pub field: Text,
    /// The literals, possibly with `*`.
    pub values: Vec<Text>,
    /// Where it stands.
    pub span: Span,
}

/// Operators of the search language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator that its name says")]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl CompareOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Equal => "=",
            CompareOp::NotEqual => "!=",
            CompareOp::Less => "<",
            CompareOp::LessOrEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterOrEqual => ">=",
        }
    }
}

impl SearchExpr {
    /// The search that keeps everything.
    pub fn everything() -> SearchExpr {
        SearchExpr::And(Vec::new())
    }

    /// Calls `visit` on this and everything in it.
    pub fn walk(&self, visit: &mut impl FnMut(&SearchExpr)) {
        visit(self);
        match self {
            SearchExpr::And(parts) | SearchExpr::Or(parts) => parts.iter().for_each(|part| part.walk(visit)),
            SearchExpr::Not(inner) => inner.walk(visit),
            _ => {}
        }
    }

    /// The fields it reads; a keyword reads `_raw`.
    pub fn fields(&self) -> Vec<Text> {
        let mut fields: Vec<Text> = Vec::new();
        let mut add = |name: &Text| {
            if !fields.contains(name) {
                fields.push(name.clone());
            }
        };
        self.walk(&mut |part| match part {
            SearchExpr::Keyword(keyword) if keyword.text != "*" => add(&Text::from("_raw")),
            SearchExpr::Compare(comparison) => add(&comparison.field),
            SearchExpr::In(membership) => add(&membership.field),
            SearchExpr::Time(bound) => {
                add(&Text::from("_time"));
                if matches!(bound.term, TimeTerm::IndexEarliest | TimeTerm::IndexLatest) {
                    add(&Text::from("_indextime"));
                }
            }
            _ => {}
        });
        fields
    }
}

impl fmt::Display for SearchExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchExpr::And(parts) if parts.is_empty() => f.write_str("*"),
            SearchExpr::And(parts) => write_joined(f, parts, " "),
            SearchExpr::Or(parts) => write_joined(f, parts, " OR "),
            SearchExpr::Not(inner) => {
                f.write_str("NOT ")?;
                inner.write_part(f)
            }
            SearchExpr::Keyword(keyword) => match keyword.kind {
                KeywordKind::Plain => write_value(f, &keyword.text),
                KeywordKind::Term => write!(f, "TERM({})", keyword.text),
                KeywordKind::Case => write!(f, "CASE({})", keyword.text),
            },
            SearchExpr::Compare(comparison) => {
                write_value(f, &comparison.field)?;
                f.write_str(comparison.op.symbol())?;
                if comparison.case_sensitive {
                    return write!(f, "CASE({})", comparison.value);
                }
                write_value(f, &comparison.value)
            }
            SearchExpr::In(membership) => {
                write_value(f, &membership.field)?;
                f.write_str(" IN (")?;
                for (at, value) in membership.values.iter().enumerate() {
                    f.write_str(if at > 0 { ", " } else { "" })?;
                    write_value(f, value)?;
                }
                f.write_str(")")
            }
            SearchExpr::Time(bound) => write!(f, "{bound}"),
        }
    }
}

impl SearchExpr {
    /// In parentheses where it has parts.
    fn write_part(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchExpr::And(parts) if parts.is_empty() => f.write_str("()"),
            SearchExpr::And(_) | SearchExpr::Or(_) => write!(f, "({self})"),
            _ => write!(f, "{self}"),
        }
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, parts: &[SearchExpr], separator: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at > 0 { separator } else { "" })?;
        part.write_part(f)?;
    }
    Ok(())
}

/// Text of the search string: in quotes where it would read as something else.
pub fn write_value(f: &mut impl fmt::Write, text: &str) -> fmt::Result {
    const WORDS: [&str; 4] = ["AND", "OR", "NOT", "IN"];
    let plain = |c: char| c.is_alphanumeric() || "_.:-/{}*@#$%+~^".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !WORDS.contains(&text) {
        return f.write_str(text);
    }
    f.write_char('"')?;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => f.write_str("\\\"")?,
            // A backslash is doubled where it would otherwise escape what follows, or could be left out.
            '\\' if rest.peek().is_none_or(|next| next.is_ascii_punctuation() && *next != '*') => {
                f.write_str("\\\\")?;
            }
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
