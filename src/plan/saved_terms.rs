//! `savedsearch=name` in a filter: the filter of a saved search in its place.

use super::Planner;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::parse::search::{CompareOp, Comparison, SearchExpr};

/// How many saved searches may name each other in a row.
const MOST_NESTED: usize = 20;

/// Whether a comparison names a saved search.
pub fn names_saved_search(comparison: &Comparison) -> bool {
    comparison.op == CompareOp::Equal && matches!(comparison.field.as_str(), "savedsearch" | "savedsplunk")
}

impl Planner<'_> {
    /// A filter with those of the saved searches that it names in their place.
    ///
    /// # Errors
    /// No app has the saved search, or it is more than a filter.
    pub fn with_saved_searches(&mut self, expr: &SearchExpr) -> Result<SearchExpr> {
        self.replace(expr, 0)
    }

    fn replace(&mut self, expr: &SearchExpr, depth: usize) -> Result<SearchExpr> {
        let mut all = |parts: &[SearchExpr]| -> Result<Vec<SearchExpr>> {
            parts.iter().map(|part| self.replace(part, depth)).collect()
        };
        match expr {
            SearchExpr::And(parts) => Ok(SearchExpr::And(all(parts)?)),
            SearchExpr::Or(parts) => Ok(SearchExpr::Or(all(parts)?)),
            SearchExpr::Not(inner) => Ok(SearchExpr::Not(Box::new(self.replace(inner, depth)?))),
            SearchExpr::Compare(comparison) if names_saved_search(comparison) => {
                self.saved_filter(comparison, depth)
            }
            other => Ok(other.clone()),
        }
    }

    fn saved_filter(&mut self, comparison: &Comparison, depth: usize) -> Result<SearchExpr> {
        let name = &comparison.value;
        let wrong = |code, message: String| Err(Diagnostic::error(code, message).at(comparison.span, ""));
        if depth >= MOST_NESTED {
            return wrong(Code::TooDeep, format!("the saved search `{name}` names itself"));
        }
        let Some(saved) = self.knowledge.saved_search(name, self.sources)? else {
            return wrong(Code::UnknownSavedSearch, format!("no app has the saved search `{name}`"));
        };
        let context = self.context();
        let mut compiler = self.compiler(&context);
        let filter = compiler.search(&saved.search)?;
        self.replace(&filter, depth + 1)
    }
}
