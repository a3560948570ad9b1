//! What the command line says about knowledge.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::KnowledgeArgs;
use crate::diagnostic::{Code, Diagnostic, Result, Sources};
use crate::knowledge::Knowledge;

/// Where lookups that a search writes go when no app is given.
const WRITE_APP: &str = "speleo-app";

impl KnowledgeArgs {
    /// The apps, and what the command line adds to them. What was passed over in them is among the warnings.
    pub(super) fn load(
        &self,
        sources: &mut Sources,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Arc<Knowledge>> {
        let write_app = self.app.last().cloned().unwrap_or_else(|| PathBuf::from(WRITE_APP));
        let (mut knowledge, passed_over) = Knowledge::load(&self.app, &write_app, sources)?;
        warnings.extend(passed_over);
        for definition in &self.macros {
            knowledge.define_macro(definition, sources)?;
        }
        for pair in &self.lookup {
            let Some((name, file)) = pair.split_once('=') else {
                let message = format!("--lookup {pair}: write NAME=FILE");
                return Err(Diagnostic::error(Code::Usage, message));
            };
            knowledge.set_lookup_file(name, file);
        }
        Ok(Arc::new(knowledge))
    }
}
