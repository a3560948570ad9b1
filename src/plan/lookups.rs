//! What commands ask about lookups while they are planned.

use std::sync::Arc;

use super::Planner;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::eval::Program;
use crate::functions::lookup_tables;
use crate::knowledge::{LookupDefinition, LookupTable};
use crate::parse::expr::Expr;
use crate::value::Text;

/// Whether the table of a lookup will be there when the search runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    Now,
    /// An earlier command of the search writes it.
    Written,
    /// The lookup is known, its table does not exist.
    Missing,
}

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

    /// What becomes of a lookup that a command reads when it runs. A table that is there is read now, so
    /// that what is wrong with it is said before anything runs.
    ///
    /// # Errors
    /// Those of [`crate::knowledge::Knowledge::lookup`], except for a missing table, with the place in the
    /// search.
    pub fn lookup_read_later(&mut self, name: &str, span: Span) -> Result<Presence> {
        let file = match self.knowledge.lookup_definition(name) {
            Ok(definition) => definition.file,
            // A file that an earlier command is yet to make is known by its name alone.
            Err(problem) if problem.code == Code::UnknownLookup && self.writes(name) => name.into(),
            Err(problem) => return Err(problem.at(span, "")),
        };
        if self.writes(&file) {
            self.note(format!("lookup `{name}`: `{file}`, which this search writes"));
            return Ok(Presence::Written);
        }
        match self.knowledge.lookup_if_there(name).map_err(|problem| problem.at(span, ""))? {
            Some(_) => self.lookup(name, span).map(|_| Presence::Now),
            None => Ok(Presence::Missing),
        }
    }

    /// A command writes the table of a lookup when it runs: commands after it see what it wrote. Says whether
    /// that is a KV store collection.
    ///
    /// # Errors
    /// Those of [`crate::knowledge::Knowledge::lookup_to_write`], with the place in the search.
    pub fn lookup_written(&mut self, name: &str, span: Span) -> Result<bool> {
        let definition = self.knowledge.lookup_to_write(name).map_err(|problem| problem.at(span, ""))?;
        let path = self.knowledge.lookup_write_path(&definition).display().to_string();
        self.note(format!("written: {}", came_from(&definition, &path)));
        let is_collection = definition.collection_fields.is_some();
        self.written.push(definition.file);
        Ok(is_collection)
    }

    /// As [`Planner::lookup_read_later`], for a file of results.
    ///
    /// # Errors
    /// A name with a folder, a file that cannot be read; with the place in the search.
    pub fn results_read_later(&mut self, name: &str, span: Span) -> Result<Presence> {
        let file = self.knowledge.results_file(name).map_err(|problem| problem.at(span, ""))?;
        let shown = self.knowledge.results_path(&file).display().to_string();
        if self.writes(&results_key(&file)) {
            self.note(format!("results: {shown}, which this search writes"));
            return Ok(Presence::Written);
        }
        let table = self.knowledge.results(&file).map_err(|problem| problem.at(span, ""))?;
        let Some(table) = table else { return Ok(Presence::Missing) };
        self.warn_of(table.warnings());
        self.note(format!("results: {shown}"));
        Ok(Presence::Now)
    }

    /// A command writes a file of results when it runs: commands after it see what it wrote.
    ///
    /// # Errors
    /// A name with a folder, with the place in the search.
    pub fn results_written(&mut self, name: &str, span: Span) -> Result<Text> {
        let file = self.knowledge.results_file(name).map_err(|problem| problem.at(span, ""))?;
        self.note(format!("written: results {}", self.knowledge.results_path(&file).display()));
        self.written.push(results_key(&file));
        Ok(file)
    }

    fn writes(&self, file: &str) -> bool {
        self.written.iter().any(|written| written == file)
    }

    /// An expression made ready to run. The tables that it looks things up in are read now.
    ///
    /// # Errors
    /// Those of [`lookup_tables`].
    pub fn program(&mut self, expr: &Expr) -> Result<Program> {
        self.read_lookups_of(expr)?;
        Ok(Program::new(expr.clone()))
    }

    /// Reads the tables that an expression looks things up in.
    ///
    /// # Errors
    /// Those of [`lookup_tables`].
    pub fn read_lookups_of(&mut self, expr: &Expr) -> Result<()> {
        for table in lookup_tables(expr, &self.context())? {
            self.note(came_from(table.definition(), table.path()));
        }
        Ok(())
    }

    fn warn_of(&self, warnings: &[Diagnostic]) {
        warnings.iter().for_each(|warning| self.warnings().add(warning.clone()));
    }
}

/// How a file of results is told from a lookup's file of the same name, in which there is no `/`.
fn results_key(file: &str) -> Text {
    format!("csv/{file}").into()
}

/// `lookup NAME: where it is defined, its file`, for `--explain`.
fn came_from(definition: &LookupDefinition, path: &str) -> String {
    match &definition.place {
        Some(place) => format!("lookup `{}`: {place}, {path}", definition.name),
        None => format!("lookup `{}`: {path}", definition.name),
    }
}
