//! Reading what stands in files of knowledge: expressions, searches, regular expressions.

use std::sync::Arc;

use super::type_names::Names;
use crate::diagnostic::{Code, Diagnostic, Result, Sources, Span};
use crate::eval::Program;
use crate::expand;
use crate::functions::{EvalContext, lookup_tables};
use crate::knowledge::{EventType, GeoDatabase, Knowledge, Located};
use crate::parse::cursor::Cursor;
use crate::parse::search::SearchExpr;
use crate::parse::{expression, search_expression};
use crate::plan::{events, time_range};
use crate::value::Text;

/// What compiling knowledge needs.
pub struct Compiler<'c> {
    /// The knowledge.
    pub knowledge: &'c Knowledge,
    /// The texts.
    pub sources: &'c mut Sources,
    /// What expressions may know.
    pub context: &'c EvalContext,
    /// Whether events are in every index that a search asks for.
    pub any_index: bool,
    /// The geographical database, if one was named.
    pub geo: Option<&'c Arc<GeoDatabase>>,
}

impl Compiler<'_> {
    /// Compiles an expression that stands in a file of knowledge.
    pub fn expression(&mut self, located: &Located) -> Result<Program> {
        let id = located.register(self.sources);
        let text = self.sources.text(id);
        let mut cursor = Cursor::new(&text, id, 0, text.len());
        let expr = expression(&mut cursor)?;
        if !cursor.at_end() {
            return Err(cursor.expected("the end of the expression"));
        }
        lookup_tables(&expr, self.context)?;
        Ok(Program::new(expr))
    }

    /// Reads a search that stands in a file of knowledge: an event type's, or a constraint. Its macros are
    /// expanded.
    pub fn search(&mut self, located: &Located) -> Result<SearchExpr> {
        let id = located.register(self.sources);
        let expanded = expand::expand(id, self.knowledge, self.context, self.sources)?;
        let text = self.sources.text(expanded.id);
        let mut cursor = Cursor::new(&text, expanded.id, 0, text.len());
        let expr = search_expression(&mut cursor, |_| false)?;
        if !cursor.at_end() {
            return Err(cursor.expected("the end of the search"));
        }
        Ok(if self.any_index { events::in_any_index(&expr) } else { expr })
    }

    /// The same, where no time may be stated: what an event is does not depend on when somebody looks.
    pub fn untimed_search(&mut self, located: &Located) -> Result<SearchExpr> {
        let expr = self.search(located)?;
        let Some(place) = time_range::place_of(&expr) else { return Ok(expr) };
        let message = "a time bound in an event type or a constraint is not supported";
        Err(Diagnostic::error(Code::NotSupported, message)
            .at(place, "")
            .help("state the time in the search that asks for it"))
    }

    /// The search of an event type; none if it cannot be read and nobody asks for it by its name.
    pub fn event_type(
        &mut self,
        event_type: &EventType,
        needed: bool,
        names: &mut Names,
    ) -> Result<Option<SearchExpr>> {
        let read = self.untimed_search(&event_type.search);
        let search = read.and_then(|expr| self.without_names(expr, &event_type.name, names)).map(Some);
        self.unless_needed(search, needed, &event_type.search)
    }

    /// What was read, or none and a warning where it cannot be read and is not needed.
    pub fn unless_needed<T>(
        &self,
        read: Result<Option<T>>,
        needed: bool,
        located: &Located,
    ) -> Result<Option<T>> {
        match read {
            Err(problem) if !needed => {
                let message = format!("left out: {}", problem.message);
                self.context.warnings.add(located.warning(Code::KnowledgeIgnored, message));
                Ok(None)
            }
            read => read,
        }
    }

    /// Checks a regular expression that stands in a file of knowledge.
    pub fn regex(&mut self, located: &Located) -> Result<Text> {
        match crate::eval::compile(located.text()) {
            Ok(_) => Ok(located.to_text()),
            Err(message) => {
                let id = located.register(self.sources);
                let span = Span::new(id, 0, located.text().len());
                Err(Diagnostic::error(Code::Regex, message).at(span, ""))
            }
        }
    }
}
