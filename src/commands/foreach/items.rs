//! For each value of one field.

use std::sync::Arc;

use crate::batch::{Batch, Column, FieldSet};
use crate::commands::support::Template;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::exec::{RunContext, Stage, Streaming};
use crate::parse::args::Args;
use crate::parse::{Search, Start};
use crate::plan::Planner;
use crate::value::{Text, Value};

/// What the values of the field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Those of a multivalue field.
    Multivalue,
    /// The elements of a JSON array.
    JsonArray,
    /// Either.
    Either,
}

impl Kind {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Multivalue => "multivalue",
            Kind::JsonArray => "json_array",
            Kind::Either => "auto_collections",
        }
    }

    /// Whether a value is one of several values, or a JSON array.
    fn is_collection(value: &Value) -> bool {
        let array = |text: &str| serde_json::from_str::<Vec<serde_json::Value>>(text).is_ok();
        matches!(value, Value::Multi(_)) || array(&value.to_text())
    }

    fn items(self, value: &Value) -> Vec<Value> {
        let array = match (self, value) {
            (_, Value::Null) | (Kind::Multivalue, _) | (Kind::Either, Value::Multi(_)) => None,
            _ => serde_json::from_str::<Vec<serde_json::Value>>(&value.to_text()).ok(),
        };
        let item = |item: serde_json::Value| match item {
            serde_json::Value::String(text) => Value::text(text),
            serde_json::Value::Null => Value::Null,
            other => Value::text(other.to_string()),
        };
        match (array, self) {
            (Some(array), _) => array.into_iter().map(item).collect(),
            (None, Kind::JsonArray) => Vec::new(),
            (None, _) => value.values().to_vec(),
        }
    }
}

/// The `eval` that runs for each value, with a field in the place of each token.
#[derive(Debug)]
pub struct Commands {
    search: Search,
    /// The tokens for the value and for its number: they are the names of fields while the `eval` runs.
    tokens: [Text; 2],
}

impl Commands {
    /// Reads the template.
    ///
    /// # Errors
    /// What is wrong with it, and anything but one `eval`.
    pub fn new(template: &Template, tokens: [Text; 2], args: &mut Args<'_>) -> Result<Commands> {
        let text = with_fields(&template.text, &tokens).ok_or_else(|| {
            let message = "a field cannot be named by a value in `foreach`";
            Diagnostic::error(Code::NotSupported, message).at(template.span, "")
        })?;
        let search = args.search_for(&format!("| {text}"), template.span, Start::Rows)?;
        let eval = search.commands.iter().all(|parsed| parsed.name == "eval" && parsed.insertions.is_none());
        match eval && search.commands.len() == 1 {
            true => Ok(Commands { search, tokens }),
            false => {
                let message = "for each value `foreach` runs one `eval`";
                Err(Diagnostic::error(Code::Arguments, message).at(template.span, ""))
            }
        }
    }

    /// The fields that it needs.
    pub fn needs(&self, after: &FieldSet) -> FieldSet {
        // What it sets at one value it may read at the next.
        let mut needs = self.search.needs(after).with(after);
        needs.extend(&self.search.needs(&needs));
        self.tokens.iter().for_each(|token| needs.remove(token));
        needs
    }

    /// Gives the planner the stage.
    ///
    /// # Errors
    /// What is wrong with what the `eval` leans on.
    pub fn plan(&self, kind: Kind, field: Option<Text>, planner: &mut Planner<'_>) -> Result<()> {
        let wanted = FieldSet::all();
        let plan = planner.inner(&self.search, Start::Rows, &wanted, true)?;
        let stages = plan.steps.iter().filter_map(|step| match &step.stage {
            Stage::Streaming(stage) => Some(Arc::clone(stage)),
            _ => None,
        });
        planner.streaming(ForItems { kind, field, tokens: self.tokens.clone(), stages: stages.collect() });
        Ok(())
    }
}

/// The template with fields in the place of tokens: in a string they are joined to its parts. None where a token
/// stands in single quotes: it would name a field.
fn with_fields(template: &str, tokens: &[Text; 2]) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        let token = tokens.iter().find(|token| rest.starts_with(token.as_str()));
        let length = match (token, c) {
            (Some(token), _) => {
                out.push_str(&format!("'{token}'"));
                token.len()
            }
            (None, '"' | '\'') => {
                let length = quoted(rest, c);
                let text = rest.get(..length).unwrap_or(rest);
                let holds = tokens.iter().any(|token| text.contains(token.as_str()));
                if holds && c == '\'' {
                    return None;
                }
                let joined = tokens.iter().fold(text.to_string(), |text, token| {
                    text.replace(token.as_str(), &format!("\" . '{token}' . \""))
                });
                out.push_str(&if holds { format!("({joined})") } else { joined });
                length
            }
            (None, c) => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or("");
    }
    Some(out)
}

/// How long what begins with a quotation mark is, with both marks; all of it when it is not closed.
fn quoted(text: &str, mark: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            c if c == mark => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

struct ForItems {
    kind: Kind,
    field: Option<Text>,
    tokens: [Text; 2],
    stages: Vec<Arc<dyn Streaming>>,
}

impl Streaming for ForItems {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let items: Vec<Vec<Value>> = (0..batch.rows()).map(|row| self.items(&batch, row)).collect();
        let most = items.iter().map(Vec::len).max().unwrap_or(0);
        for turn in 0..most {
            let (mut with, mut without) = (Vec::new(), Vec::new());
            for (row, items) in items.iter().enumerate() {
                if turn < items.len() { with.push(row) } else { without.push(row) }
            }
            let values =
                with.iter().filter_map(|&row| items.get(row).and_then(|items| items.get(turn)).cloned());
            let changed = self.turn(batch.take(&with), values.collect(), turn, context)?;
            // Back to their places.
            let mut places = vec![0; batch.rows()];
            for (at, &row) in with.iter().chain(&without).enumerate() {
                if let Some(place) = places.get_mut(row) {
                    *place = at;
                }
            }
            let ordered = batch.ordered;
            batch = Batch::concat(&[changed, batch.take(&without)]).take(&places);
            batch.ordered = ordered;
        }
        Ok(batch)
    }
}

impl ForItems {
    /// What is gone through in a row.
    fn items(&self, batch: &Batch, row: usize) -> Vec<Value> {
        if let Some(field) = &self.field {
            return self.kind.items(&batch.get(field, row));
        }
        // In the order of their names, so that it does not hang on what other rows have.
        let mut names: Vec<&Text> =
            batch.columns().map(|(name, _)| name).filter(|name| !name.starts_with('_')).collect();
        names.sort();
        let values = names.into_iter().map(|name| batch.get(name, row));
        values.filter(|value| Kind::is_collection(value)).flat_map(|value| self.kind.items(&value)).collect()
    }

    fn turn(&self, mut batch: Batch, items: Vec<Value>, turn: usize, context: &RunContext) -> Result<Batch> {
        let [item, number] = &self.tokens;
        let rows = batch.rows();
        batch.set(item.clone(), Column::from_values(items));
        batch.set(number.clone(), Column::constant(Value::number(turn as f64), rows));
        for stage in &self.stages {
            batch = stage.map(batch, context)?;
        }
        batch.remove(item);
        batch.remove(number);
        Ok(batch)
    }
}
