//! What commands ask about lookups while they are planned.

use std::sync::Arc;

use super::Planner;
use crate::diagnostic::{Diagnostic, Result, Span};
use crate::knowledge::{LookupDefinition, LookupTable};

impl Planner<'_> {
    /// The table of a lookup that a command names at `span`. What was repaired in its file is a warning, where
    /// it came from a note.
    ///
    /// # Errors
    /// Those of [`crate::knowledge::Knowledge::lookup`], with the place in the search.
    pub fn lookup(&mut self, name: &str, span: Span) -> Result<Arc<LookupTable>> {
        let table = self.knowledge.lookup(name).map_err(|problem| problem.at(span, ""))?;
        self.warn_of(table.warnings());
        self.note(came_from(table.definition(), table.path()));
        Ok(table)
    }

    fn warn_of(&self, warnings: &[Diagnostic]) {
        warnings.iter().for_each(|warning| self.warnings().add(warning.clone()));
    }
}

/// `lookup NAME: where it is defined, its file`, for `--explain`.
fn came_from(definition: &LookupDefinition, path: &str) -> String {
    match &definition.place {
        Some(place) => format!("lookup `{}`: {place}, {path}", definition.name),
        None => format!("lookup `{}`: {path}", definition.name),
    }
}
