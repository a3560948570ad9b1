//! Rows of a dataset: a data model's, a lookup's or a saved search's.
//!
//! ## Syntax
//! `from datamodel:<model>[.<dataset>]` | `from lookup:<name>` | `from savedsearch:<name>`
//!
//! ## Description
//! The events of a data model's dataset, with its fields under their own names (`user`, not
//! `All_Changes.user`), newest first; the rows of a lookup's table; or those of a saved search, as it is. A blank
//! may stand for the colon, and quotation marks around the parts of a name. Without a dataset the first of the
//! model is meant.
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
//! | from savedsearch:failures | table code
//! ```
//! ```json out
//! {"code": "Client.UnauthorizedOperation"}
//! ```
//!
//! ```spl
//! | from index:main
//! ```
//! ```error
//! error[E0205]: `from` takes a `datamodel`, a `lookup` or a `savedsearch`, not `index`
//! ```

use std::fmt;

use super::savedsearch::SavedSearch;
use super::support::InputTable;
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
    SavedSearch,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::DataModel => "datamodel",
            Kind::Lookup => "lookup",
            Kind::SavedSearch => "savedsearch",
        }
    }
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
        "savedsearch" => Kind::SavedSearch,
        other => {
            let message = format!("`from` takes a `datamodel`, a `lookup` or a `savedsearch`, not `{other}`");
            return Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""));
        }
    };
    Ok(Box::new(From { kind, name, span: word.span }))
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from {}:", self.kind.name())?;
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
            Kind::Lookup => InputTable::whole(self.name.clone(), self.span).plan(planner),
            Kind::DataModel => self.scan(planner),
            Kind::SavedSearch => SavedSearch::plain(self.name.clone(), self.span).plan(planner),
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
        let request = DatasetRequest {
            model: &model,
            object,
            wanted,
            naming: Naming::Bare,
            beside: None,
            carried: carries,
            range,
        };
        planner.dataset_rows(&request, &Condition::True)
    }
}
