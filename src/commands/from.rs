//! Rows of a dataset: a data model's, or a lookup's.
//!
//! ## Syntax
//! `from datamodel:<model>.<dataset>` | `from lookup:<name>`
//!
//! ## Description
//! The events of a data model's dataset, with its fields under their own names (`user`, not
//! `All_Changes.user`), newest first; or the rows of a lookup's table.
//!
//! ## Examples
//!
//! ```spl
//! | from lookup:staff | where level > 0 | table user, department
//! ```
//! ```json out
//! {"user": "ada", "department": "research"}
//! {"user": "bob", "department": "sales"}
//! ```
//!
//! The events of the example are those of `tests/fixtures/events.ndjson`.
//!
//! ```spl
//! | from datamodel:"Change.All_Changes" | search action=created | table user, command
//! ```
//! ```json out
//! {"user": "unknown", "command": "CreateVolume"}
//! {"user": "ada", "command": "RunInstances"}
//! {"user": "ada", "command": "RunInstances"}
//! ```
//!
//! ```spl
//! | from savedsearch:mine
//! ```
//! ```error
//! error[E0207]: `from savedsearch:` is not supported
//! ```

use std::fmt;

use super::inputlookup::InputLookup;
use super::{Command, Position};
use crate::batch::FieldSet;
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::parse::args::Args;
use crate::parse::search::write_value;
use crate::plan::{Condition, DatasetRequest, Naming, Planner, TimeRange};
use crate::value::Text;

/// `from`
#[derive(Clone, Debug)]
pub struct From {
    kind: Kind,
    name: Text,
    span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    DataModel,
    Lookup,
}

/// Reads the arguments of `from`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let word = args.word("a dataset")?;
    let (kind, rest) = match word.text.split_once(':') {
        Some((kind, rest)) => (Text::from(kind), Text::from(rest)),
        None => (word.text.clone(), Text::new()),
    };
    let name = if rest.is_empty() { args.word("a dataset's name")?.text } else { rest };
    let kind = match kind.to_ascii_lowercase().as_str() {
        "datamodel" => Kind::DataModel,
        "lookup" | "inputlookup" => Kind::Lookup,
        other => {
            let message = format!("`from {other}:` is not supported");
            return Err(Diagnostic::error(Code::NotSupported, message).at(word.span, ""));
        }
    };
    Ok(Box::new(From { kind, name, span: word.span }))
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.kind == Kind::DataModel { "from datamodel:" } else { "from lookup:" })?;
        write_value(f, &self.name)
    }
}

impl Command for From {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        match self.kind {
            // The same rows as `inputlookup`; a dataset that is not there is a mistake.
            Kind::Lookup => InputLookup::whole(self.name.clone(), self.span).plan(planner),
            Kind::DataModel => self.scan(planner),
        }
    }
}

impl From {
    fn scan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let place = |problem: Diagnostic| problem.at(self.span, "");
        let (name, dataset) = self.name.split_once('.').unwrap_or((self.name.as_str(), ""));
        let model = planner.knowledge.data_model(name, planner.sources).map_err(place)?;
        let object = match dataset {
            "" => model.roots().next().ok_or_else(|| {
                place(Diagnostic::error(
                    Code::UnknownDataset,
                    format!("the data model `{name}` has no dataset"),
                ))
            })?,
            dataset => model.object(dataset).map_err(place)?,
        };
        let carries = planner.carries(name, self.span)?;
        let wanted = planner.after().clone();
        let range = TimeRange::default();
        let request =
            DatasetRequest { model: &model, object, wanted, naming: Naming::Bare, carried: carries, range };
        planner.dataset_rows(&request, &Condition::True)
    }
}
