//! Data models: events become rows of a dataset, under the names that `tstats` uses.
//!
//! `tstats` is no second engine: a model's constraints and calculated fields are ordinary streaming steps
//! before the aggregation that `stats` uses.

use std::sync::Arc;

use super::base_search::EventSearch;
use super::prefilter::{self, Condition, Invert, ValueTest};
use super::search_time::{Compiler, DEFAULT_FIELDS, Extract};
use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::{Filter, Program};
use crate::exec::{LookupJoin, RunContext, Streaming};
use crate::extract::Locate;
use crate::knowledge::{Calculation, CalculationKind, DataModel, FieldPath, Object, Output, Root};
use crate::value::{Text, Value};

/// How the fields of the rows are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `All_Changes.user`: for `tstats`.
    Lineage,
    /// `user`: for `from`.
    Bare,
}

/// Events of a dataset, with the fields that are wanted of it.
pub struct Dataset {
    /// The fields of the event, or of the row of its search, that it is made of.
    pub reads: FieldSet,
    /// The search over events whose rows it is made of.
    base: Option<EventSearch>,
    /// The dataset, then the descendants whose fields are wanted.
    layers: Vec<Layer>,
    /// Fields that go out: name, and where it comes from.
    outputs: Vec<(Text, From)>,
    /// The datasets an event may belong to, if `nodename` is wanted.
    nodes: Vec<(Text, Filter)>,
    /// Which fields of the event stay as they are, beside those of the dataset.
    beside: Option<FieldSet>,
    /// For `--explain`.
    pub notes: Vec<String>,
}

/// One object: which rows belong to it, and what it calculates.
struct Layer {
    lineage: Text,
    /// Rows that belong to it.
    filter: Filter,
    /// Rows that do not are no rows of the dataset at all.
    required: bool,
    /// What the filter asks, for telling lines that cannot match.
    condition: Condition,
    steps: Vec<Arc<dyn Invert>>,
}

/// Where an output comes from.
#[derive(Clone, Debug)]
enum From {
    /// A field of every event.
    Event(Text),
    /// A field of the layer, null in rows that do not belong to it.
    Layer(usize, Text),
    /// The list of datasets the event belongs to.
    NodeName,
    /// Null in every row.
    Nothing,
}

impl Dataset {
    /// The rows of `object`; `wanted` names fields as the search does.
    ///
    /// `carries_model` says that events come with the model's field names already: then tags, which they do
    /// not have, constrain nothing, and an event belongs to a child if it has one of the child's fields.
    /// `base` is the search over events that the dataset's root is made of, if it is.
    pub fn new(
        model: &DataModel,
        object: &Object,
        wanted: &FieldSet,
        naming: Naming,
        carries_model: bool,
        base: Option<EventSearch>,
        compiler: &mut Compiler<'_>,
    ) -> Result<Dataset> {
        if object.root == Root::Transaction {
            let message =
                format!("the dataset `{}` is made of transactions, which is not supported", object.lineage);
            return Err(Diagnostic::error(Code::NotSupported, message).in_file(&object.place, None));
        }
        let mut dataset = Dataset {
            reads: FieldSet::none(),
            base,
            layers: Vec::new(),
            outputs: Vec::new(),
            nodes: Vec::new(),
            beside: None,
            notes: vec![format!("data model `{}`: {}", model.name, model.path)],
        };
        for ancestor in model.ancestry(object) {
            dataset.layers.push(Layer::new(ancestor, true));
        }
        match naming {
            Naming::Lineage => dataset.outputs_by_lineage(model, wanted)?,
            Naming::Bare => dataset.bare_outputs(model, object, wanted),
        }
        dataset.compile_layers(model, carries_model, compiler)?;
        if dataset.outputs.iter().any(|(_, from)| matches!(from, From::NodeName)) {
            let root = |object: &Object| model.ancestry(object).first().map(|root| root.name.clone());
            let tree = root(object);
            for object in model.objects().iter().filter(|it| root(it) == tree) {
                let filter = membership(model, object, carries_model, compiler, &mut dataset.reads)?;
                dataset.nodes.push((object.lineage.clone(), filter));
            }
        }
        if let Some(base) = &dataset.base {
            dataset.reads = base.reads(&dataset.reads);
        }
        Ok(dataset)
    }

    /// Keeps fields of the event, or of the row of the dataset's search, beside those of the dataset.
    pub fn keep(&mut self, fields: FieldSet) {
        let read = self.base.as_ref().map_or_else(|| fields.clone(), |base| base.reads(&fields));
        self.reads.extend(&read);
        self.beside = Some(fields);
    }

    fn outputs_by_lineage(&mut self, model: &DataModel, wanted: &FieldSet) -> Result<()> {
        for name in wanted.names() {
            if name == "nodename" {
                self.outputs.push((name.clone(), From::NodeName));
                continue;
            }
            let from = match model.resolve_field(name)? {
                FieldPath::OfEvent(field) => From::Event(field),
                FieldPath::Declared { object, field } => {
                    From::Layer(self.layer_of(model, object), field.name.clone())
                }
                FieldPath::Inherited { .. } => From::Nothing,
            };
            self.outputs.push((name.clone(), from));
        }
        Ok(())
    }

    /// All fields of the dataset and its ancestors, under their own names.
    fn bare_outputs(&mut self, model: &DataModel, object: &Object, wanted: &FieldSet) {
        for name in DEFAULT_FIELDS.iter().chain(&["_time", "_raw"]).filter(|name| wanted.contains(name)) {
            self.outputs.push((Text::from(*name), From::Event(Text::from(*name))));
        }
        for (layer, ancestor) in model.ancestry(object).into_iter().enumerate() {
            for field in ancestor.declared().filter(|field| wanted.contains(&field.name)) {
                self.outputs.push((field.name.clone(), From::Layer(layer, field.name.clone())));
            }
        }
    }

    /// The layer of an object; it and its ancestors are added where they are not there yet.
    fn layer_of(&mut self, model: &DataModel, object: &Object) -> usize {
        for ancestor in model.ancestry(object) {
            if !self.layers.iter().any(|layer| layer.lineage == ancestor.lineage) {
                self.layers.push(Layer::new(ancestor, false));
            }
        }
        self.layers.iter().position(|layer| layer.lineage == object.lineage).unwrap_or(0)
    }

    /// Constraints and calculations, backwards from the outputs to what they read.
    fn compile_layers(
        &mut self,
        model: &DataModel,
        carries_model: bool,
        compiler: &mut Compiler<'_>,
    ) -> Result<()> {
        for (_, from) in &self.outputs {
            match from {
                From::Event(field) | From::Layer(_, field) => self.reads.add(field.clone()),
                From::NodeName | From::Nothing => {}
            }
        }
        let mut layers = std::mem::take(&mut self.layers);
        for layer in layers.iter_mut().rev() {
            let object = model.object(&layer.lineage)?;
            for calculation in object.calculations.iter().rev() {
                let made = |name: &Text| self.reads.contains(name);
                if !calculation.outputs.iter().any(|output| made(&output.field.name)) {
                    continue;
                }
                layer.steps.push(compile(calculation, &mut self.reads, compiler)?);
            }
            layer.steps.reverse();
            (layer.filter, layer.condition) = constraints(object, carries_model, compiler, &mut self.reads)?;
        }
        self.layers = layers;
        Ok(())
    }
}

impl Layer {
    fn new(object: &Object, required: bool) -> Layer {
        let (filter, condition) = (Filter::Everything, Condition::True);
        Layer { lineage: object.lineage.clone(), filter, required, condition, steps: Vec::new() }
    }
}

/// What an object's own constraints let through.
fn constraints(
    object: &Object,
    carries_model: bool,
    compiler: &mut Compiler<'_>,
    reads: &mut FieldSet,
) -> Result<(Filter, Condition)> {
    if carries_model {
        let own: Vec<Text> = object.declared().map(|field| field.name.clone()).collect();
        let is_root = !object.lineage.contains('.');
        if is_root || own.is_empty() {
            return Ok((Filter::Everything, Condition::True));
        }
        reads.extend(&FieldSet::of(own.iter().cloned()));
        return Ok((Filter::Or(own.into_iter().map(Filter::exists).collect()), Condition::True));
    }
    let (mut filters, mut conditions) = (Vec::new(), Vec::new());
    for constraint in &object.constraints {
        let expr = compiler.untimed_search(constraint)?;
        reads.extend(&FieldSet::of(expr.fields()));
        filters.push(Filter::new(&expr));
        conditions.push(Condition::of_search(&expr));
    }
    let filter = if filters.is_empty() { Filter::Everything } else { Filter::And(filters) };
    Ok((filter, Condition::all(conditions)))
}

/// What belongs to an object: its constraints and those of its ancestors.
fn membership(
    model: &DataModel,
    object: &Object,
    carries_model: bool,
    compiler: &mut Compiler<'_>,
    reads: &mut FieldSet,
) -> Result<Filter> {
    let mut parts = Vec::new();
    for ancestor in model.ancestry(object) {
        parts.push(constraints(ancestor, carries_model, compiler, reads)?.0);
    }
    Ok(Filter::And(parts))
}

/// A calculation as a step; what it makes is no longer wanted of the event, what it reads is.
fn compile(
    calculation: &Calculation,
    reads: &mut FieldSet,
    compiler: &mut Compiler<'_>,
) -> Result<Arc<dyn Invert>> {
    let outputs: Vec<Text> = calculation.outputs.iter().map(|output| output.field.name.clone()).collect();
    match &calculation.kind {
        CalculationKind::Eval { expression } => {
            let program = compiler.expression(expression)?;
            outputs.iter().for_each(|name| reads.remove(name));
            reads.extend(&FieldSet::of(program.fields().iter().cloned()));
            Ok(Arc::new(Evaluate(outputs, program)))
        }
        CalculationKind::Lookup { lookup, inputs } => {
            let table = compiler.knowledge.lookup(lookup)?;
            let bind = |column: &Text, field: &Text| Ok((table.column(column)?, field.clone()));
            let inputs: Vec<(usize, Text)> =
                inputs.iter().map(|(column, field)| bind(column, field)).collect::<Result<_>>()?;
            let of_output = calculation.outputs.iter().map(|output| bind(&output.source, &output.field.name));
            let outputs = of_output.collect::<Result<Vec<_>>>()?;
            reads.extend(&FieldSet::of(inputs.iter().map(|(_, field)| field.clone())));
            Ok(Arc::new(LookupJoin { table, inputs, outputs, overwrite: true }))
        }
        CalculationKind::Rex { input, pattern } => {
            // What the expression does not find stays as it is in the event.
            let extract = Extract::of_field(pattern, input, compiler)?;
            reads.extend(&extract.reads());
            Ok(Arc::new(extract))
        }
        CalculationKind::GeoIp { input } => {
            outputs.iter().for_each(|name| reads.remove(name));
            reads.add(input.clone());
            Ok(Arc::new(places(calculation, input, compiler)))
        }
    }
}

/// Where the addresses in a field are. An output is named after what it is, or its name ends so: `src_City`.
fn places(calculation: &Calculation, input: &Text, compiler: &Compiler<'_>) -> Places {
    let Some(database) = compiler.geo else {
        let message =
            format!("no geographical database was named: the calculation `{}` gives nothing", calculation.id);
        let warning = Diagnostic::warning(Code::GeoMissing, message);
        compiler.context.warnings.add(warning.help("name one in MaxMind's format: --geoip FILE.mmdb"));
        return Places(None);
    };
    let of = |output: &Output| {
        let name = Locate::fields(true).find(|name| output.source.ends_with(name))?;
        Some((name, output.field.name.clone()))
    };
    let outputs = calculation.outputs.iter().filter_map(of);
    Places(Some(Locate::new(input.clone(), Arc::clone(database), "en".into(), outputs)))
}

/// Where addresses are; nothing without a database.
struct Places(Option<Locate>);

impl Streaming for Places {
    fn map(&self, batch: Batch, context: &RunContext) -> Result<Batch> {
        match &self.0 {
            Some(locate) => locate.map(batch, context),
            None => Ok(batch),
        }
    }
}

impl Invert for Places {
    fn before(&self, field: &str, _: &ValueTest) -> Option<Condition> {
        self.0.as_ref().filter(|locate| locate.sets(field)).map(|_| Condition::True)
    }
}

/// A calculated field of a data model: sees those before it.
struct Evaluate(Vec<Text>, Program);

impl Streaming for Evaluate {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        let no_truth = |value: &Value| match value {
            Value::Bool(truth) => Value::text(if *truth { "true" } else { "false" }),
            value => value.clone(),
        };
        let column = self.1.column(&batch, &context.eval).map(no_truth);
        for name in &self.0 {
            batch.set(name.clone(), column.clone());
        }
        Ok(batch)
    }
}

impl Invert for Evaluate {
    fn before(&self, field: &str, test: &ValueTest) -> Option<Condition> {
        self.0.iter().any(|name| name == field).then(|| prefilter::of_value(self.1.expr(), test))
    }
}

impl Dataset {
    /// What must hold of an event for a condition on the dataset's row to hold, and for there to be a row.
    pub fn before(&self, condition: &Condition) -> Condition {
        let inside = condition.replace(&|name, test| {
            let (_, from) = self.outputs.iter().find(|(output, _)| output == name)?;
            Some(match from {
                From::Event(field) => Condition::Field(field.clone(), test.clone()),
                From::Nothing => Condition::False,
                From::NodeName => Condition::True,
                From::Layer(layer, field) => {
                    let calculated = self.through_steps(Condition::Field(field.clone(), test.clone()));
                    let layer = self.layers.get(*layer);
                    let member = layer.map_or(Condition::True, |layer| layer.condition.clone());
                    Condition::all([member, calculated])
                }
            })
        });
        let required = self.layers.iter().filter(|layer| layer.required);
        let whole = Condition::all(required.map(|layer| layer.condition.clone()).chain([inside]));
        self.base.as_ref().map_or_else(|| whole.clone(), |base| base.before(&whole))
    }

    fn through_steps(&self, condition: Condition) -> Condition {
        let steps = self.layers.iter().rev().flat_map(|layer| layer.steps.iter().rev());
        steps.fold(condition, |condition, step| condition.before(step.as_ref()))
    }
}

impl Streaming for Dataset {
    fn map(&self, mut batch: Batch, context: &RunContext) -> Result<Batch> {
        if let Some(base) = &self.base {
            batch = base.rows(batch, context)?;
        }
        for layer in self.layers.iter().filter(|layer| layer.required) {
            batch = batch.filter(&layer.filter.mask(&batch));
        }
        let event = self.beside.as_ref().map(|fields| (fields, batch.clone()));
        let node_names = (!self.nodes.is_empty()).then(|| self.node_names(&batch));
        // A layer's rows are told before anything is calculated: constraints look at the event.
        let members: Vec<Option<Vec<bool>>> =
            self.layers.iter().map(|layer| (!layer.required).then(|| layer.filter.mask(&batch))).collect();
        for layer in &self.layers {
            for step in &layer.steps {
                batch = step.map(batch, context)?;
            }
        }
        let rows = batch.rows();
        let mut out = Batch::with_rows(rows);
        for (name, from) in &self.outputs {
            let column = match from {
                From::Event(field) => batch.column(field).cloned().unwrap_or(Column::Null(rows)),
                From::Layer(layer, field) => {
                    let column = batch.column(field).cloned().unwrap_or(Column::Null(rows));
                    match members.get(*layer).and_then(Option::as_ref) {
                        Some(mine) => column.select(mine, &Column::Null(rows)),
                        None => column,
                    }
                }
                From::NodeName => node_names.clone().unwrap_or(Column::Null(rows)),
                From::Nothing => Column::Null(rows),
            };
            out.set(name.clone(), column);
        }
        if let Some((fields, event)) = event {
            for (name, column) in event.columns().filter(|(name, _)| fields.contains(name)) {
                if out.column(name).is_none() {
                    out.set(name.clone(), column.clone());
                }
            }
        }
        Ok(out)
    }
}

impl Dataset {
    fn node_names(&self, batch: &Batch) -> Column {
        let masks: Vec<Vec<bool>> = self.nodes.iter().map(|(_, filter)| filter.mask(batch)).collect();
        let names = |row: usize| {
            let member = self.nodes.iter().zip(&masks).filter(|(_, mask)| mask.get(row) == Some(&true));
            Value::from_values(member.map(|((name, _), _)| Value::Text(name.clone())))
        };
        Column::from_values((0..batch.rows()).map(names).collect())
    }
}
