//! The search language: the grammar.

use super::cursor::Cursor;
use super::lexeme;
use super::search::{CompareOp, Comparison, Keyword, KeywordKind, Membership, SearchExpr};
use super::time_term::{TimeBound, TimeTerm};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

/// What ends an unquoted word where an operator may follow.
const WORD_ENDS: &str = "=!<>(),[]|";
/// What ends an unquoted value.
const VALUE_ENDS: &str = "()[]|";
/// What ends an unquoted value in a list.
const LIST_ENDS: &str = "(),[]|";

/// Reads a search expression up to the end of the cursor, or to what cannot belong to it: `until` says so
/// at the start of a term.
pub fn search_expression(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
    cursor.deeper(|cursor| conjunction(cursor, until))
}

/// The same; that what stopped it is no closing parenthesis without its partner.
pub fn balanced_search(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
    let expr = search_expression(cursor, until)?;
    if cursor.peek() == Some(')') {
        let message = "a closing parenthesis without its partner";
        return Err(Diagnostic::error(Code::Unbalanced, message).at(cursor.here(), ""));
    }
    Ok(expr)
}

fn ends(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> bool {
    cursor.at_end() || cursor.peek() == Some(')') || until(cursor)
}

fn conjunction(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
    let mut parts = Vec::new();
    while !ends(cursor, until) {
        if eat_operator(cursor, "AND") {
            if parts.is_empty() || ends(cursor, until) {
                return Err(cursor.expected("a term beside `AND`"));
            }
            continue;
        }
        parts.push(disjunction(cursor, until)?);
    }
    Ok(match parts.len() {
        1 => parts.pop().unwrap_or_else(SearchExpr::everything),
        _ => SearchExpr::And(parts),
    })
}

fn disjunction(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
    let mut parts = vec![negation(cursor, until)?];
    while eat_operator(cursor, "OR") {
        if ends(cursor, until) {
            return Err(cursor.expected("a term after `OR`"));
        }
        parts.push(negation(cursor, until)?);
    }
    Ok(match parts.len() {
        1 => parts.pop().unwrap_or_else(SearchExpr::everything),
        _ => SearchExpr::Or(parts),
    })
}

fn negation(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
    if !eat_operator(cursor, "NOT") {
        return term(cursor, until);
    }
    if ends(cursor, until) {
        return Err(cursor.expected("a term after `NOT`"));
    }
    let inner = cursor.deeper(|cursor| negation(cursor, until))?;
    Ok(SearchExpr::Not(Box::new(inner)))
}

/// An operator of the search language: upper case only, unquoted; in lower case it is a keyword like any.
fn eat_operator(cursor: &mut Cursor<'_>, name: &str) -> bool {
    cursor.blanks();
    let Some(after) = cursor.rest().strip_prefix(name) else { return false };
    let ends_here = after.chars().next().is_none_or(|c| c.is_whitespace() || "()[\"".contains(c));
    if ends_here {
        cursor.jump(cursor.position() + name.len());
    }
    ends_here
}

fn term(cursor: &mut Cursor<'_>, until: fn(&mut Cursor<'_>) -> bool) -> Result<SearchExpr> {
    cursor.blanks();
    let open = cursor.here();
    match cursor.peek() {
        Some('(') => {
            cursor.eat('(');
            let inner = search_expression(cursor, until)?;
            cursor.close(open, "`)`")?;
            return Ok(inner);
        }
        Some('[') => {
            return Err(no_subsearch(cursor));
        }
        // A comma between terms separates them and says nothing else.
        Some(',') => {
            cursor.separators();
            return if ends(cursor, until) { Ok(SearchExpr::everything()) } else { negation(cursor, until) };
        }
        _ => {}
    }
    if let Some(function) = term_function(cursor)? {
        return Ok(function);
    }
    let start = cursor.position();
    let quoted = cursor.peek() == Some('"');
    let word = cursor.lex(lexeme::word(WORD_ENDS)).ok_or_else(|| cursor.expected("a search term"))?;
    let word = Text::from(word);
    let after_word = cursor.clone();
    if let Some(op) = compare_operator(cursor) {
        return comparison(cursor, start, word, op);
    }
    if eat_operator(cursor, "IN") && cursor.peek_after_blanks() == Some('(') {
        return membership(cursor, start, word);
    }
    *cursor = after_word;
    let span = cursor.span_from(start);
    if let Some((field, value)) = word.split_once("::")
        && !quoted
    {
        let (field, value) = (Text::from(field), Text::from(value));
        let op = CompareOp::Equal;
        return Ok(SearchExpr::Compare(Comparison { field, op, value, case_sensitive: false, span }));
    }
    Ok(SearchExpr::Keyword(Keyword { text: word, kind: KeywordKind::Plain, span }))
}

/// The text of a subsearch is inserted before the filter of a command is read: what still has one is the
/// filter of an event type, of a data model, or of `searchmatch`.
fn no_subsearch(cursor: &Cursor<'_>) -> Diagnostic {
    let message = "a subsearch cannot stand in a filter that is knowledge or text";
    Diagnostic::error(Code::NotSupported, message).at(cursor.here(), "a subsearch")
}

/// `TERM(…)` and `CASE(…)`.
fn term_function(cursor: &mut Cursor<'_>) -> Result<Option<SearchExpr>> {
    let start = cursor.position();
    let kind = match cursor.rest() {
        rest if rest.starts_with("TERM(") => KeywordKind::Term,
        rest if rest.starts_with("CASE(") => KeywordKind::Case,
        _ => return Ok(None),
    };
    let text = argument_of_term(cursor)?;
    Ok(Some(SearchExpr::Keyword(Keyword { text, kind, span: cursor.span_from(start) })))
}

fn argument_of_term(cursor: &mut Cursor<'_>) -> Result<Text> {
    cursor.jump(cursor.position() + "TERM(".len());
    let open = cursor.before();
    cursor.blanks();
    let text = cursor.lex(lexeme::word("()|")).ok_or_else(|| cursor.expected("a term"))?;
    cursor.close(open, "`)`")?;
    Ok(Text::from(text))
}

fn compare_operator(cursor: &mut Cursor<'_>) -> Option<CompareOp> {
    let before = cursor.position();
    cursor.blanks();
    let found = cursor.lex(lexeme::operator(&["==", "!=", "<=", ">=", "=", "<", ">"]));
    let op = match found {
        Some("=" | "==") => CompareOp::Equal,
        Some("!=") => CompareOp::NotEqual,
        Some("<") => CompareOp::Less,
        Some("<=") => CompareOp::LessOrEqual,
        Some(">") => CompareOp::Greater,
        Some(">=") => CompareOp::GreaterOrEqual,
        _ => {
            cursor.jump(before);
            return None;
        }
    };
    Some(op)
}

fn comparison(cursor: &mut Cursor<'_>, start: usize, field: Text, op: CompareOp) -> Result<SearchExpr> {
    cursor.blanks();
    let case_sensitive = cursor.rest().starts_with("CASE(");
    let mut readings = if case_sensitive || cursor.rest().starts_with("TERM(") {
        vec![argument_of_term(cursor)?]
    } else {
        readings(cursor, VALUE_ENDS, op)?
    };
    let span = cursor.span_from(start);
    let field = match field.as_str() {
        // Older names of `tag::field` (Search Reference, `search`).
        "hosttag" => Text::from("tag::host"),
        "eventtypetag" => Text::from("tag::eventtype"),
        _ => field,
    };
    let compare =
        |value| SearchExpr::Compare(Comparison { field: field.clone(), op, value, case_sensitive, span });
    match op {
        CompareOp::Equal if readings.len() > 1 => {
            return Ok(SearchExpr::In(Membership { field, values: readings, span }));
        }
        CompareOp::NotEqual if readings.len() > 1 => {
            return Ok(SearchExpr::And(readings.into_iter().map(compare).collect()));
        }
        _ => {}
    }
    let value = readings.swap_remove(0);
    if let Some(term) = TimeTerm::of(&field, op, &value) {
        return Ok(SearchExpr::Time(TimeBound { term, op, value, span }));
    }
    Ok(compare(value))
}

fn membership(cursor: &mut Cursor<'_>, start: usize, field: Text) -> Result<SearchExpr> {
    let open = cursor.here();
    cursor.eat('(');
    let mut values = Vec::new();
    loop {
        cursor.separators();
        if cursor.eat(')') {
            break;
        }
        if cursor.at_end() {
            cursor.close(open, "`)`")?;
        }
        values.extend(readings(cursor, LIST_ENDS, CompareOp::Equal)?);
    }
    if values.is_empty() {
        return Err(cursor.expected("a value in `IN (…)`"));
    }
    Ok(SearchExpr::In(Membership { field, values, span: cursor.span_from(start) }))
}

/// What a value may mean: as it is written, first, and, where a backslash stands before a punctuation mark that
/// it does not escape, also without that backslash. Splunk's pages say that such a backslash stays (Search
/// Reference, `search`); searches that are published with a test of theirs have `file_name="*\.txt"` and
/// `"*Action\=*"` for values without one.
fn readings(cursor: &mut Cursor<'_>, ends: &'static str, op: CompareOp) -> Result<Vec<Text>> {
    if cursor.rest().starts_with("\"\"") {
        cursor.jump(cursor.position() + 2);
        return Ok(vec![Text::new()]);
    }
    let source = cursor.rest();
    let Some(text) = cursor.lex(lexeme::value_word(ends)) else {
        return Err(match cursor.peek() {
            Some('[') => no_subsearch(cursor),
            _ => cursor.expected(&format!("a value after `{}`", op.symbol())),
        });
    };
    let length = source.len() - cursor.rest().len();
    let bare = source.get(..length).and_then(without_idle_backslashes);
    let bare = bare.and_then(|bare| lexeme::value_word(ends)(&bare).ok().map(|(_, text)| text));
    Ok([Some(text), bare].into_iter().flatten().map(Text::from).collect())
}

/// A value's source without the backslashes that stand before a punctuation mark and escape nothing; none if
/// it has none of them. An asterisk cannot be escaped: the backslash before it stays.
fn without_idle_backslashes(source: &str) -> Option<String> {
    let idle = |next: char| next.is_ascii_punctuation() && !"\"\\|*".contains(next);
    let mut bare = String::new();
    let mut rest = source.chars();
    while let Some(c) = rest.next() {
        let mut after = rest.clone();
        match after.next() {
            Some(next) if c == '\\' => {
                bare.extend((!idle(next)).then_some(c));
                bare.push(next);
                rest = after;
            }
            _ => bare.push(c),
        }
    }
    (bare.len() < source.len()).then_some(bare)
}

impl Cursor<'_> {
    /// The next character that is not a blank.
    fn peek_after_blanks(&mut self) -> Option<char> {
        self.blanks();
        self.peek()
    }
}
