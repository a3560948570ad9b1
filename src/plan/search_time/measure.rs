//! Events that become measurements: `metric_name:NAME` for each, as `mstats` reads them.

use super::DEFAULT_FIELDS;
use crate::batch::{Batch, Column, FieldMap};
use crate::diagnostic::Result;
use crate::exec::{RunContext, Streaming};
use crate::knowledge::MetricSchema;
use crate::plan::prefilter::{Condition, Invert, ValueTest};
use crate::value::{Text, Value};

/// What the names of measurements begin with.
const METRIC: &str = "metric_name:";

/// The schemas of a source type.
pub struct Measure(pub Vec<MetricSchema>);

impl Invert for Measure {
    /// A measurement is a field of another name; what is no dimension is gone.
    fn before(&self, field: &str, _: &ValueTest) -> Option<Condition> {
        field.starts_with(METRIC).then_some(Condition::True)
    }
}

impl Streaming for Measure {
    fn map(&self, mut batch: Batch, _: &RunContext) -> Result<Batch> {
        let of_row: Vec<Option<&MetricSchema>> =
            (0..batch.rows()).map(|row| self.of(&batch.get("metric_name", row).to_text())).collect();
        let own = |name: &Text| name.starts_with('_') || DEFAULT_FIELDS.contains(&name.as_str());
        let names: Vec<Text> = batch.names().filter(|name| !own(name)).cloned().collect();
        let mut measured: FieldMap<Vec<Value>> = FieldMap::default();
        for name in names {
            let mut kept = Vec::with_capacity(batch.rows());
            for (row, schema) in of_row.iter().enumerate() {
                let value = batch.get(&name, row).into_owned();
                let Some(schema) = schema else {
                    kept.push(value);
                    continue;
                };
                let number = value.as_number().filter(|_| name != "metric_name");
                match number.filter(|_| schema.measures.has(&name)) {
                    Some(number) => {
                        let prefix = schema.metric.iter().map(|metric| format!("{metric}."));
                        let metric = format!("{METRIC}{}{name}", prefix.collect::<String>());
                        let values = measured.entry(metric.into());
                        let values = values.or_insert_with(|| vec![Value::Null; of_row.len()]);
                        if let Some(cell) = values.get_mut(row) {
                            *cell = Value::number(number);
                        }
                        kept.push(Value::Null);
                    }
                    // The name of the metric is in those of its measurements.
                    None if name == "metric_name" => kept.push(Value::Null),
                    None => kept.push(if is_dimension(schema, &name) { value } else { Value::Null }),
                }
            }
            batch.set(name, Column::from_values(kept));
        }
        for (name, values) in measured {
            batch.set(name, Column::from_values(values));
        }
        Ok(batch)
    }
}

impl Measure {
    /// The schema of events of a metric: one for that, or else one for all.
    fn of(&self, metric: &str) -> Option<&MetricSchema> {
        let of = |schema: &&MetricSchema| schema.metric.as_deref() == Some(metric);
        self.0.iter().find(of).or_else(|| self.0.iter().find(|schema| schema.metric.is_none()))
    }
}

fn is_dimension(schema: &MetricSchema, name: &str) -> bool {
    let denied = schema.denied.iter().any(|pattern| pattern.matches(name));
    !denied && (schema.allowed.is_empty() || schema.allowed.iter().any(|pattern| pattern.matches(name)))
}
