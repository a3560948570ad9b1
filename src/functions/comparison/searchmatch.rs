//! Tells whether a row matches a search.
//!
//! ## Syntax
//! `searchmatch("<filter>")`
//!
//! ## Description
//! The filter is one of the search language, as `search` takes it: terms side by side must all match, `OR`
//! binds tighter than that, `field=value` compares in any case and with `*`. Words and phrases are looked for
//! in `_raw`; a row without `_raw` has none of them. A quotation mark in the filter is written `\"`. The
//! result is true or false, never null, and so stands where a predicate does: in `where`, in `if(...)`.
//!
//! The filter is a constant. It cannot have a time range (`earliest`, `latest`).
//!
//! ## Examples
//!
//! ```spl
//! eval kind = if(searchmatch("status IN (401, 403) OR action=fail* NOT user=svc-*"), "refused", "other")
//! ```
//! ```json in
//! {"status": "403", "user": "ada", "action": "read"}
//! {"user": "svc-backup", "action": "Failure"}
//! {"action": "FAILED"}
//! {"status": "200"}
//! ```
//! ```json out
//! {"status": "403", "user": "ada", "action": "read", "kind": "refused"}
//! {"user": "svc-backup", "action": "Failure", "kind": "other"}
//! {"action": "FAILED", "kind": "refused"}
//! {"status": "200", "kind": "other"}
//! ```
//!
//! Words and phrases in the text of the event.
//!
//! ```spl
//! where searchmatch("\"access denied\" root")
//! ```
//! ```json in
//! {"_raw": "su: Access denied for user=root"}
//! {"_raw": "su: access denied for user=ada"}
//! {"message": "access denied for root"}
//! ```
//! ```json out
//! {"_raw": "su: Access denied for user=root"}
//! ```
//!
//! ```spl
//! where searchmatch("user=")
//! ```
//! ```error
//! error[E0002]: expected a value after `=`, found the end
//! ```
//!
//! ```spl
//! where searchmatch(filter)
//! ```
//! ```error
//! error[E0302]: the filter of `searchmatch` is text in quotation marks
//! ```
//!
//! ```spl
//! where searchmatch("error earliest=-1d")
//! ```
//! ```error
//! error[E0302]: the filter of `searchmatch` cannot have a time range
//! ```

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::super::{Arity, Function, Type};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::Filter;
use crate::parse::balanced_search;
use crate::parse::cursor::Cursor;
use crate::parse::expr::{Expr, ExprKind, Field};
use crate::parse::search::SearchExpr;
use crate::value::{Text, Value};

/// `searchmatch("<filter>")`
pub const FUNCTION: Function = Function::form(Arity::exactly(1), Type::Bool, read);

/// A filter of the search language within an expression.
#[derive(Clone)]
pub struct SearchMatch {
    /// The filter as it stood between the quotation marks, without their escapes.
    pub text: Text,
    /// The fields it reads; `_raw` where it has words or phrases.
    pub fields: Vec<Field>,
    filter: Arc<Filter>,
}

/// The value of a field that a row lacks.
static NOTHING: Value = Value::Null;

impl SearchMatch {
    /// Reads the filter that a literal holds.
    ///
    /// # Errors
    /// Text that is no filter, and a filter with a time range; at the literal's place.
    pub fn new(text: Text, literal: Span) -> Result<SearchMatch> {
        let expr = balanced_search(&mut Cursor::of_literal(&text, literal), |_| false)?;
        let mut timed = false;
        expr.walk(&mut |part| timed |= matches!(part, SearchExpr::Time(_)));
        if timed {
            let message = "the filter of `searchmatch` cannot have a time range";
            return Err(Diagnostic::error(Code::FunctionArguments, message).at(literal, ""));
        }
        let fields = expr.fields().into_iter().map(|name| Field { name, slot: 0 }).collect();
        let filter = Arc::new(Filter::new(&expr));
        Ok(SearchMatch { text, fields, filter })
    }

    /// Whether a row passes: its values by the slots of [`SearchMatch::fields`].
    pub fn holds(&self, row: &[Cow<'_, Value>]) -> bool {
        self.filter.holds(&|name| {
            let field = self.fields.iter().find(|field| field.name == name);
            field.and_then(|field| row.get(field.slot)).map_or(&NOTHING, Cow::as_ref)
        })
    }
}

impl PartialEq for SearchMatch {
    fn eq(&self, other: &SearchMatch) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for SearchMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

fn read(arguments: &[Expr]) -> Result<ExprKind> {
    match arguments {
        [Expr { kind: ExprKind::Text(text), span, .. }] => {
            SearchMatch::new(text.clone(), *span).map(ExprKind::SearchMatch)
        }
        others => {
            let message = "the filter of `searchmatch` is text in quotation marks";
            let problem = Diagnostic::error(Code::FunctionArguments, message);
            Err(others.iter().fold(problem, |problem, other| problem.at(other.span, "")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Sources, render};
    use crate::functions::support::testing::many;
    use crate::parse::expression;

    fn parse(text: &str) -> Result<Expr> {
        let id = Sources::new().add("test", text);
        expression(&mut Cursor::new(text, id, 0, text.len()))
    }

    fn holds(filter: &str, row: &[(&str, Value)]) -> bool {
        let mut expr = parse(&format!("searchmatch(\"{filter}\")")).unwrap();
        let names = expr.bind();
        let value_of = |name: &Text| row.iter().find(|(field, _)| field == name).map(|(_, value)| value);
        let cells: Vec<_> =
            names.iter().map(|name| Cow::Borrowed(value_of(name).unwrap_or(&NOTHING))).collect();
        let ExprKind::SearchMatch(search) = expr.kind else { panic!("not a filter") };
        search.holds(&cells)
    }

    #[test]
    fn as_search_does() {
        let row = [("user", "Ada".into()), ("port", many(&["80", "443"])), ("src", "10.1.2.3".into())];
        assert!(holds("", &row) && holds("*", &row));
        assert!(holds("user=ada port>400", &row));
        assert!(holds("user=bob OR port=80 src=10.0.0.0/8", &row));
        assert!(!holds("NOT port=80", &row) && holds("port!=80", &row));
        assert!(holds("NOT host=web", &row) && !holds("host!=web", &row));
        assert!(!holds("ada", &row) && holds("ada", &[("_raw", "user=Ada".into())]));
        // Two readings, one of the literal and one of the search: `\\\\` is one backslash.
        assert!(holds(r#"path=\"c:\\\\x y\""#, &[("path", r"C:\x y".into())]));
    }

    #[test]
    fn fields_and_printing() {
        let text = r#"NOT searchmatch("a=\"x y\" OR (b>1 word)") AND c > 1"#;
        let expr = parse(text).unwrap();
        assert_eq!(expr.fields(), ["a", "b", "_raw", "c"]);
        assert_eq!(expr.to_string(), text);
        assert_eq!(parse(&expr.to_string()).unwrap(), expr);
        assert!(parse(r#"mvfilter(searchmatch("a=1"))"#).is_ok());
        assert!(parse(r#"mvfilter(searchmatch("a=1 b=2"))"#).is_err());
    }

    #[test]
    fn as_deep_as_both_languages_go() {
        let nested = |inner: &str, depth: usize| format!("{}{inner}{}", "(".repeat(depth), ")".repeat(depth));
        let search = |depth: usize| nested(&format!("searchmatch(\"{}\")", nested("a=1", depth)), 90);
        assert!(parse(&search(90)).is_ok());
        assert_eq!(parse(&search(1_000_000)).unwrap_err().code, Code::TooDeep);
    }

    #[test]
    fn mistakes_stand_at_the_literal() {
        for (filter, code) in [
            ("(a=1", Code::Unbalanced),
            ("a=1)", Code::Unbalanced),
            ("a=1 OR", Code::Syntax),
            ("a | stats count", Code::Syntax),
            ("[ search a ]", Code::NotSupported),
            ("a=1 NOT (b=2 latest=now)", Code::FunctionArguments),
        ] {
            let text = format!("x . searchmatch(\"{filter}\")");
            let mut sources = Sources::new();
            let id = sources.add("test", text.clone());
            let mistake = expression(&mut Cursor::new(&text, id, 0, text.len())).unwrap_err();
            assert_eq!(mistake.code, code, "{filter}");
            let literal = format!("\"{filter}\"");
            assert!(mistake.labels.iter().all(|label| sources.slice(label.span) == literal), "{filter}");
            assert!(render(&mistake, &sources, false).contains(&literal), "{filter}");
        }
    }
}
