//! `speleo datamodel`: a data model's datasets and, with events, how many are in each and what their fields lack.

use super::args::RunArgs;
use super::run::{prepare, print, run_into, told};
use crate::batch::{Batch, FieldMap};
use crate::compile::compile;
use crate::diagnostic::{Diagnostic, Sources};
use crate::exec::Flow;
use crate::knowledge::{DataModel, Knowledge, Object};
use crate::plan::Settings;
use crate::value::{Text, Value};

/// Shows a data model, or which there are.
pub fn datamodel(name: Option<&str>, args: &RunArgs) -> u8 {
    told(args, |sources| {
        let (settings, knowledge) = prepare(args, sources)?;
        let table = match name {
            None => models(&knowledge, sources)?,
            Some(name) => {
                let one = |mistake| vec![mistake];
                let (model, dataset) = name.split_once('.').unwrap_or((name, ""));
                let model = knowledge.data_model(model, sources).map_err(one)?;
                let objects: Vec<&Object> = match dataset {
                    "" => model.objects().iter().collect(),
                    dataset => vec![model.object(dataset).map_err(one)?],
                };
                match &settings.events {
                    None => datasets(&model, &objects),
                    Some(_) => {
                        let mut survey = Survey { args, settings: &settings, knowledge: &knowledge, sources };
                        survey.table(&model, &objects)?
                    }
                }
            }
        };
        print(table, args)
    })
}

/// Which data models there are.
fn models(knowledge: &Knowledge, sources: &mut Sources) -> Result<Batch, Vec<Diagnostic>> {
    let mut names: Vec<Text> = knowledge.data_model_names().map(Text::from).collect();
    names.sort_unstable();
    let mut rows = Vec::new();
    for name in names {
        // A broken model is one of them; asked for, it says what is wrong.
        let model = knowledge.data_model(&name, sources);
        let (app, datasets) = match &model {
            Ok(model) => (model.app.clone(), lineages(model.objects().iter())),
            Err(problem) => (Text::new(), Value::text(&*problem.message)),
        };
        rows.push(vec![Value::Text(name), Value::Text(app), datasets]);
    }
    Ok(ordered(&["model", "app", "datasets"], rows))
}

fn lineages<'o>(objects: impl Iterator<Item = &'o Object>) -> Value {
    Value::from_values(objects.map(|object| Value::Text(object.lineage.clone())))
}

/// The datasets of a model: what makes an event one of them, and what fields they have besides those of the
/// dataset above.
fn datasets(model: &DataModel, objects: &[&Object]) -> Batch {
    let texts = |texts: &mut dyn Iterator<Item = Text>| Value::from_values(texts.map(Value::Text));
    let row = |object: &&Object| {
        let constraints = object.constraints.iter().chain(&object.base_search);
        let fields = object.declared().map(|field| field.name.clone());
        vec![
            Value::Text(object.lineage.clone()),
            texts(&mut constraints.map(|constraint| constraint.to_text())),
            texts(&mut fields.collect::<Vec<Text>>().into_iter()),
            Value::text(format!("{} ({})", object.place, model.app)),
        ]
    };
    ordered(&["dataset", "constraint", "fields", "place"], objects.iter().map(row).collect())
}

fn ordered(names: &[&str], rows: Vec<Vec<Value>>) -> Batch {
    let names: Vec<Text> = names.iter().copied().map(Text::from).collect();
    let mut batch = Batch::from_rows(&names, rows);
    batch.ordered = true;
    batch
}

/// What is counted of a field.
#[derive(Default)]
struct Filled {
    value: u64,
    unknown: u64,
}

/// Goes through the events, once for each dataset.
struct Survey<'s> {
    args: &'s RunArgs,
    settings: &'s Settings,
    knowledge: &'s std::sync::Arc<Knowledge>,
    sources: &'s mut Sources,
}

impl Survey<'_> {
    /// Of each dataset how many events are in it; of each field of those that have any, how many events have a
    /// value, have `unknown`, or have none.
    fn table(&mut self, model: &DataModel, objects: &[&Object]) -> Result<Batch, Vec<Diagnostic>> {
        let mut rows = Vec::new();
        for object in objects {
            let (events, fields) = self.dataset(model, object)?;
            let of_dataset = |field: Value, counts: [Value; 3]| {
                let head = [Value::Text(object.lineage.clone()), Value::number(events as f64), field];
                head.into_iter().chain(counts).collect()
            };
            rows.push(of_dataset(Value::Null, [Value::Null, Value::Null, Value::Null]));
            for (name, filled) in fields.into_iter().filter(|_| events > 0) {
                let empty = events - filled.value - filled.unknown;
                let counts = [filled.value, filled.unknown, empty].map(|count| Value::number(count as f64));
                rows.push(of_dataset(Value::Text(name), counts));
            }
        }
        Ok(ordered(&["dataset", "events", "field", "filled", "unknown", "empty"], rows))
    }

    fn dataset(
        &mut self,
        model: &DataModel,
        object: &Object,
    ) -> Result<(u64, FieldMap<Filled>), Vec<Diagnostic>> {
        let search = format!("| from datamodel:\"{}.{}\"", model.name, object.lineage);
        let mut compiled = compile("datamodel", &search, self.settings, self.knowledge, self.sources)?;
        compiled.plan.drop_order();
        let ancestry = model.ancestry(object);
        let declared = ancestry.iter().flat_map(|object| object.declared());
        let mut fields: FieldMap<Filled> =
            declared.map(|field| (field.name.clone(), Filled::default())).collect();
        let mut events = 0;
        run_into(&compiled.plan, self.args, self.sources, &mut |batch| {
            events += batch.rows() as u64;
            for (name, filled) in &mut fields {
                let Some(column) = batch.column(name) else { continue };
                for value in column.iter().filter(|value| !value.is_null()) {
                    let text = value.to_text();
                    let unknown = text.is_empty() || text.eq_ignore_ascii_case("unknown");
                    *(if unknown { &mut filled.unknown } else { &mut filled.value }) += 1;
                }
            }
            Ok::<Flow, Diagnostic>(Flow::More)
        })?;
        Ok((events, fields))
    }
}
