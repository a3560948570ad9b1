//! Reading a data model's JSON and putting its objects into a tree.

use std::sync::Arc;

use hashbrown::HashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::located::{KnowledgeFile, Located};
use super::string::{line_of, offset, read_string};
use super::{Calculation, CalculationKind, DataModel, DataModelField, DataType, Object, Output, Root};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::value::Text;

#[derive(Deserialize)]
struct RawModel<'j> {
    #[serde(borrow)]
    objects: Vec<RawObject<'j>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawObject<'j> {
    #[serde(borrow)]
    object_name: &'j RawValue,
    #[serde(borrow, default)]
    parent_name: Option<&'j RawValue>,
    #[serde(borrow, default)]
    constraints: Vec<RawConstraint<'j>>,
    #[serde(borrow, default)]
    base_search: Option<&'j RawValue>,
    #[serde(default)]
    fields: Vec<RawField>,
    #[serde(borrow, default)]
    calculations: Vec<RawCalculation<'j>>,
}

#[derive(Deserialize)]
struct RawConstraint<'j> {
    #[serde(borrow)]
    search: &'j RawValue,
    #[serde(default)]
    owner: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawField {
    field_name: String,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default, rename = "type")]
    data_type: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    multivalue: bool,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    lookup_output_field_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCalculation<'j> {
    #[serde(default, rename = "calculationID")]
    id: String,
    #[serde(borrow)]
    calculation_type: &'j RawValue,
    #[serde(default)]
    owner: Option<String>,
    #[serde(borrow, default)]
    expression: Option<&'j RawValue>,
    #[serde(default)]
    input_field: Option<String>,
    #[serde(default)]
    lookup_name: Option<String>,
    /// The one input of a lookup, as older models have it, with `inputField`.
    #[serde(default)]
    lookup_field: Option<String>,
    #[serde(default)]
    lookup_inputs: Vec<RawInput>,
    #[serde(default)]
    output_fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawInput {
    input_field: String,
    lookup_field: String,
}

/// How deep objects may stand below each other. Splunk's own models go to four.
const DEEPEST: usize = 64;

/// What reading needs to know everywhere.
struct Reader<'j> {
    text: &'j str,
    file: &'j Arc<KnowledgeFile>,
}

impl DataModel {
    /// Reads a model from its file's text.
    ///
    /// # Errors
    /// Text that is no data model (with its line and column); objects that are not a tree: an unknown parent,
    /// a cycle, two of one name.
    pub(in super::super) fn parse(name: &str, file: &Arc<KnowledgeFile>, text: &str) -> Result<DataModel> {
        let raw: RawModel<'_> = serde_json::from_str(text).map_err(|error| {
            let mut message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            message.truncate(end);
            let place = format!("{}:{}:{}", file.path, error.line(), error.column());
            Diagnostic::error(Code::Knowledge, format!("the data model cannot be read: {message}"))
                .in_file(place, None)
        })?;
        let reader = Reader { text, file };
        let mut objects = Vec::with_capacity(raw.objects.len());
        for object in raw.objects {
            objects.push(reader.object(object)?);
        }
        let objects = into_tree(objects)?;
        let (path, app) = (file.path.clone(), file.app.as_ref().into());
        Ok(DataModel { name: name.into(), path, app, source: file.source, objects })
    }
}

impl Reader<'_> {
    fn error(&self, code: Code, raw: &RawValue, message: String) -> Diagnostic {
        let line = line_of(self.text, offset(raw, self.text));
        Diagnostic::error(code, message).in_file(&self.file.path, Some(line))
    }

    fn string(&self, raw: &RawValue) -> Result<Located> {
        read_string(raw, self.text, self.file)
            .ok_or_else(|| self.error(Code::Knowledge, raw, "text was expected here".to_string()))
    }

    /// An object with its parent's name still to be resolved.
    fn object(&self, raw: RawObject<'_>) -> Result<(Object, Option<Located>)> {
        let name = self.string(raw.object_name)?;
        let parent = raw.parent_name.map(|parent| self.string(parent)).transpose()?;
        let own = |owner: &Option<String>| is_own(owner.as_deref(), name.text());
        let mut constraints = Vec::new();
        for constraint in raw.constraints.iter().filter(|it| own(&it.owner)) {
            let search = self.string(constraint.search)?.trimmed();
            if !search.text().is_empty() {
                constraints.push(search);
            }
        }
        let mut calculations = Vec::new();
        for calculation in raw.calculations.into_iter().filter(|it| own(&it.owner)) {
            calculations.push(self.calculation(calculation)?);
        }
        let base_search = raw.base_search.map(|search| self.string(search)).transpose()?;
        let object = Object {
            name: name.to_text(),
            lineage: name.to_text(),
            root: Root::Event,
            constraints,
            base_search: base_search.map(|search| search.trimmed()).filter(|it| !it.text().is_empty()),
            fields: raw.fields.into_iter().filter(|field| own(&field.owner)).map(field).collect(),
            calculations,
            place: name.place(),
            parent: None,
            children: Vec::new(),
        };
        Ok((object, parent))
    }

    fn calculation(&self, raw: RawCalculation<'_>) -> Result<Calculation> {
        let kind = self.string(raw.calculation_type)?;
        let missing = |what: &str| {
            let message = format!("the calculation `{}` has no `{what}`", raw.id);
            self.error(Code::Knowledge, raw.calculation_type, message)
        };
        let expression = || self.string(raw.expression.ok_or_else(|| missing("expression"))?);
        let input = || raw.input_field.as_deref().map(Text::from).ok_or_else(|| missing("inputField"));
        let kind = match kind.text() {
            "Eval" => CalculationKind::Eval { expression: expression()? },
            "Rex" => CalculationKind::Rex { input: input()?, pattern: expression()? },
            "GeoIP" => CalculationKind::GeoIp { input: input()? },
            "Lookup" => {
                let lookup =
                    raw.lookup_name.as_deref().map(Text::from).ok_or_else(|| missing("lookupName"))?;
                let mut inputs: Vec<(Text, Text)> = Vec::new();
                for pair in &raw.lookup_inputs {
                    inputs.push((pair.lookup_field.as_str().into(), pair.input_field.as_str().into()));
                }
                if inputs.is_empty() {
                    let field = raw.lookup_field.as_deref().ok_or_else(|| missing("lookupInputs"))?;
                    inputs.push((field.into(), input()?));
                }
                CalculationKind::Lookup { lookup, inputs }
            }
            other => {
                let message = format!("`{other}` is not a kind of calculation: Eval, Lookup, Rex or GeoIP");
                return Err(self.error(Code::Knowledge, raw.calculation_type, message));
            }
        };
        let output = |mut raw: RawField| {
            let source = raw.lookup_output_field_name.take().filter(|name| !name.is_empty());
            let source = source.unwrap_or_else(|| raw.field_name.clone()).into();
            Output { field: field(raw), source }
        };
        let outputs = raw.output_fields.into_iter().map(output).collect();
        Ok(Calculation { id: raw.id.into(), kind, outputs })
    }
}

/// Sorts the objects so that parents come before their children, and gives each its lineage.
fn into_tree(objects: Vec<(Object, Option<Located>)>) -> Result<Vec<Object>> {
    let mut known: HashMap<Text, String> = HashMap::new();
    for (object, _) in &objects {
        if let Some(first) = known.insert(object.name.clone(), object.place.clone()) {
            let message = format!("two objects have the name `{}`", object.name);
            return Err(tree_error(object, message).help(format!("the first is at {first}")));
        }
    }
    let mut placed: Vec<Object> = Vec::with_capacity(objects.len());
    let mut numbers: HashMap<Text, usize> = HashMap::new();
    let mut waiting = objects;
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for (object, parent) in waiting {
            match place(&placed, &numbers, object, parent) {
                Ok(object) => {
                    if object.lineage.matches('.').count() >= DEEPEST {
                        let message = format!("`{}` has more than {DEEPEST} ancestors", object.name);
                        return Err(tree_error(&object, message));
                    }
                    let number = placed.len();
                    numbers.insert(object.name.clone(), number);
                    if let Some(parent) = object.parent.and_then(|parent| placed.get_mut(parent)) {
                        parent.children.push(number);
                    }
                    placed.push(object);
                }
                Err(waits) => later.push(*waits),
            }
        }
        if later.len() == before {
            return Err(stuck(&later, &known));
        }
        waiting = later;
    }
    Ok(placed)
}

/// Resolves an object's parent among those that are placed; gives it back if the parent is not there yet.
fn place(
    placed: &[Object],
    numbers: &HashMap<Text, usize>,
    mut object: Object,
    parent: Option<Located>,
) -> Result<Object, Box<(Object, Option<Located>)>> {
    let name = parent.as_ref().map_or("BaseEvent", Located::text);
    object.root = match name {
        "BaseEvent" | "" => Root::Event,
        "BaseSearch" => Root::Search,
        "BaseTransaction" => Root::Transaction,
        _ => match numbers.get(name).copied() {
            Some(number) => {
                object.parent = Some(number);
                let parent = placed.get(number);
                object.lineage = parent.map_or_else(Text::new, |it| it.lineage.clone());
                object.lineage.push('.');
                object.lineage.push_str(&object.name);
                parent.map_or(Root::Event, |parent| parent.root)
            }
            None => return Err(Box::new((object, parent))),
        },
    };
    Ok(object)
}

/// Why objects are left that have no place in the tree: a parent that does not exist, or a cycle.
fn stuck(left: &[(Object, Option<Located>)], known: &HashMap<Text, String>) -> Diagnostic {
    let parent_of = |it: &(Object, Option<Located>)| it.1.as_ref().map_or_else(Text::new, Located::to_text);
    if let Some(orphan) = left.iter().find(|it| !known.contains_key(&parent_of(it))) {
        let (name, parent) = (&orphan.0.name, parent_of(orphan));
        return tree_error(&orphan.0, format!("the parent of `{name}`, `{parent}`, does not exist"))
            .suggest(&parent, known.keys().map(Text::as_str).chain(["BaseEvent", "BaseSearch"]));
    }
    // Every parent exists and none has a place, so going up from anywhere ends in a cycle.
    let parents: HashMap<Text, Text> = left.iter().map(|it| (it.0.name.clone(), parent_of(it))).collect();
    let mut at = left.first().map_or_else(Text::new, |it| it.0.name.clone());
    for _ in 0..left.len() {
        at = parents.get(&at).cloned().unwrap_or_default();
    }
    match left.iter().find(|it| it.0.name == at) {
        Some((object, _)) => {
            tree_error(object, format!("the object `{}` is an ancestor of itself", object.name))
        }
        None => Diagnostic::error(Code::DataModelTree, "the objects are not a tree"),
    }
}

fn tree_error(object: &Object, message: String) -> Diagnostic {
    Diagnostic::error(Code::DataModelTree, message).in_file(&object.place, None)
}

/// Whether what has this owner belongs to the object itself. Models that were exported repeat what is
/// inherited, with the lineage of the object that declares it.
fn is_own(owner: Option<&str>, object: &str) -> bool {
    owner.is_none_or(|owner| owner.is_empty() || owner.rsplit('.').next() == Some(object))
}

fn field(raw: RawField) -> DataModelField {
    let data_type = match raw.data_type.as_deref() {
        Some("number") => DataType::Number,
        Some("boolean") => DataType::Boolean,
        Some("timestamp") => DataType::Timestamp,
        Some("ipv4") => DataType::Ipv4,
        Some("objectCount" | "childCount") => DataType::Count,
        _ => DataType::String,
    };
    DataModelField {
        name: raw.field_name.into(),
        data_type,
        required: raw.required,
        multivalue: raw.multivalue,
        hidden: raw.hidden,
    }
}
