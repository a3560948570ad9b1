//! The definition of a data model, or the events of one of its datasets.
//!
//! ## Syntax
//! `datamodel [<model> [<dataset> [search|flat|acceleration_search]]] [strict_fields=<bool>] [summariesonly=<bool>]
//! [allow_old_summaries=<bool>]`
//!
//! ## Description
//! Without a dataset a row for each model, or for the one that is named, with its definition as JSON in `_raw`; with
//! a dataset, that of the dataset alone. With a mode the events of the dataset, newest first: `search` gives its fields
//! under the names that `tstats` uses (`All_Changes.user`), `flat` under their own (`user`).
//! `acceleration_search` is the search that summaries would be made by, and gives what `search` gives.
//!
//! An event has the fields of the model and those that every event has; with `strict_fields=false` all others that it
//! has itself too. `summariesonly` and `allow_old_summaries` are
//! about stored summaries, of which there are none: all events are read.
//!
//! ## Examples
//!
//! The events of the examples are those of `tests/fixtures/events.ndjson`.
//!
//! ```spl
//! | datamodel Change All_Changes search | search All_Changes.action=created | table All_Changes.user All_Changes.command
//! ```
//! ```json out
//! {"All_Changes.user": "unknown", "All_Changes.command": "CreateVolume"}
//! {"All_Changes.user": "ada", "All_Changes.command": "RunInstances"}
//! {"All_Changes.user": "ada", "All_Changes.command": "RunInstances"}
//! ```
//!
//! ```spl
//! | datamodel Change All_Changes flat strict_fields=true | search user=unknown | table command
//! ```
//! ```json out
//! {"command": "CreateVolume"}
//! ```
//!
//! ```spl
//! | datamodel Alerts Alerts | eval name = json_extract(_raw, "objectName"), parent = json_extract(_raw, "parentName")
//! | table name, parent
//! ```
//! ```json out
//! {"name": "Alerts", "parent": "BaseEvent"}
//! ```
//!
//! ```spl
//! | datamodel Change All_Changes strict_fields=false search | search eventName=CreateVolume
//! | table All_Changes.command eventName awsRegion
//! ```
//! ```json out
//! {"All_Changes.command": "CreateVolume", "eventName": "CreateVolume", "awsRegion": "eu-west-1"}
//! ```
//!
//! ```spl
//! | datamodel Change All_Changes events
//! ```
//! ```error
//! error[E0205]: `datamodel` takes `search`, `flat` or `acceleration_search`, not `events`
//! ```

use std::fmt;

use super::{Command, Position};
use crate::batch::{Batch, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result, Span};
use crate::exec::{Generating, RunContext};
use crate::knowledge::{DataModel as Model, Object};
use crate::parse::args::{Args, write_name};
use crate::plan::{Condition, DEFAULT_FIELDS, DatasetRequest, Naming, Planner, TimeRange};
use crate::value::{Text, Value};

/// `datamodel`
#[derive(Clone, Debug)]
pub struct DataModel {
    model: Option<(Text, Span)>,
    dataset: Option<(Text, Span)>,
    mode: Option<Mode>,
    /// Whether events have the fields of the model alone.
    strict: bool,
    /// Options as they are printed.
    others: Vec<(&'static str, Text)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Search,
    Flat,
    Acceleration,
}

/// Reads the arguments of `datamodel`.
pub fn parse(args: &mut Args<'_>) -> Result<Box<dyn Command>> {
    let mut command = DataModel { model: None, dataset: None, mode: None, strict: true, others: Vec::new() };
    while !args.at_end() {
        if let Some((name, value)) =
            args.option(&["strict_fields", "summariesonly", "allow_old_summaries"])?
        {
            let truth = value.truth(name)?;
            if name == "strict_fields" {
                command.strict = truth;
            }
            command.others.push((name, value.text));
            continue;
        }
        let word = args.word("a data model")?;
        if command.model.is_none() {
            command.model = Some((word.text, word.span));
        } else if command.dataset.is_none() {
            command.dataset = Some((word.text, word.span));
        } else if command.mode.is_none() {
            command.mode = Some(match word.text.to_ascii_lowercase().as_str() {
                "search" => Mode::Search,
                "flat" => Mode::Flat,
                "acceleration_search" => Mode::Acceleration,
                other => {
                    let message =
                        format!("`datamodel` takes `search`, `flat` or `acceleration_search`, not `{other}`");
                    return Err(Diagnostic::error(Code::Arguments, message).at(word.span, ""));
                }
            });
        } else {
            return Err(args.error("`datamodel` takes a model, a dataset and a mode"));
        }
    }
    Ok(Box::new(command))
}

impl fmt::Display for DataModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("datamodel")?;
        for (name, _) in self.model.iter().chain(&self.dataset) {
            f.write_str(" ")?;
            write_name(f, name)?;
        }
        match self.mode {
            Some(Mode::Search) => f.write_str(" search")?,
            Some(Mode::Flat) => f.write_str(" flat")?,
            Some(Mode::Acceleration) => f.write_str(" acceleration_search")?,
            None => {}
        }
        self.others.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl Command for DataModel {
    fn position(&self) -> Position {
        Position::First
    }

    fn needs(&self, _: &FieldSet) -> FieldSet {
        FieldSet::none()
    }

    fn plan(&self, planner: &mut Planner<'_>) -> Result<()> {
        let Some((name, span)) = &self.model else {
            let names: Vec<String> = planner.knowledge.data_model_names().map(str::to_string).collect();
            let mut texts = Vec::new();
            for name in names {
                let model = planner.knowledge.data_model(&name, planner.sources)?;
                texts.push(definition(&model, None, planner)?);
            }
            planner.generating(Definitions(texts));
            return Ok(());
        };
        let model = planner.knowledge.data_model(name, planner.sources);
        let model = model.map_err(|problem| problem.at(*span, ""))?;
        let object = match &self.dataset {
            Some((dataset, span)) => Some(model.object(dataset).map_err(|problem| problem.at(*span, ""))?),
            None => None,
        };
        match (object, self.mode) {
            (Some(object), Some(mode)) => events((&model, object), (mode, self.strict), *span, planner),
            (object, _) => {
                let text = definition(&model, object, planner)?;
                planner.generating(Definitions(vec![text]));
                Ok(())
            }
        }
    }
}

/// The definition of a model, or of one of its datasets, as JSON without blanks.
fn definition(model: &Model, object: Option<&Object>, planner: &Planner<'_>) -> Result<String> {
    let text = planner.sources.text(model.source);
    let wrong = |error: serde_json::Error| {
        Diagnostic::error(Code::Knowledge, format!("the data model cannot be read: {error}"))
            .in_file(&model.path, None)
    };
    let json: serde_json::Value = serde_json::from_str(&text).map_err(wrong)?;
    let Some(object) = object else { return Ok(json.to_string()) };
    let objects = json.get("objects").and_then(serde_json::Value::as_array);
    let named = |json: &&serde_json::Value| {
        json.get("objectName").and_then(serde_json::Value::as_str) == Some(object.name.as_str())
    };
    let found = objects.and_then(|objects| objects.iter().find(named));
    Ok(found.map_or_else(String::new, serde_json::Value::to_string))
}

/// The events of a dataset, with its fields alone or with all that they have.
fn events(
    (model, object): (&Model, &Object),
    (mode, strict): (Mode, bool),
    span: Span,
    planner: &mut Planner<'_>,
) -> Result<()> {
    let carried = planner.carries(&model.name, span)?;
    let beside = (!strict).then(|| planner.after().clone());
    let after = planner.after().clone();
    let (naming, wanted) = match mode {
        Mode::Flat => (Naming::Bare, after),
        Mode::Search | Mode::Acceleration => {
            let default = DEFAULT_FIELDS.iter().copied().chain(["_time", "_raw"]).map(String::from);
            let declared = model.ancestry(object).into_iter().flat_map(|ancestor| {
                ancestor.declared().map(|field| format!("{}.{}", ancestor.lineage, field.name))
            });
            let names = default.chain(declared).filter(|name| after.contains(name));
            (Naming::Lineage, FieldSet::of(names).with(&FieldSet::of(["_time"])))
        }
    };
    let request =
        DatasetRequest { model, object, wanted, naming, beside, carried, range: TimeRange::default() };
    planner.dataset_rows(&request, &Condition::True)?;
    if naming == Naming::Lineage {
        planner.time_order();
    }
    Ok(())
}

/// Rows of `_raw`.
struct Definitions(Vec<String>);

impl Generating for Definitions {
    fn generate(&self, _: &RunContext) -> Result<Vec<Batch>> {
        let rows = self.0.iter().map(|text| vec![Value::text(text.as_str())]);
        Ok(vec![Batch::from_rows(&["_raw".into()], rows)])
    }
}
