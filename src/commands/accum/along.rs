//! Values computed from those of the rows before: what `accum`, `autoregress`, `delta` and `trendline` share.

use crate::batch::{Batch, Column, FieldSet};
use crate::diagnostic::Result;
use crate::exec::{Centralized, Flow, RunContext, Scan};
use crate::value::{Text, Value};

/// What is computed along the rows: for each row, of its value, and with what is remembered of those before.
pub trait Step: Send {
    /// The value that the row gets; none for a row that is left as it is.
    fn next(&mut self, value: &Value) -> Option<Value>;
}

/// One field that is computed from another.
#[derive(Clone, Debug)]
pub struct Course<K> {
    /// The field that is looked at.
    pub field: Text,
    /// The field that gets the result.
    pub target: Text,
    /// What is computed.
    pub kind: K,
}

/// What makes a step of its description.
pub trait Kind: Clone + Send + Sync + 'static {
    /// A step before the first row.
    fn start(&self) -> Box<dyn Step>;
}

/// The stage.
pub struct Along<K>(pub Vec<Course<K>>);

impl<K> Along<K> {
    /// The fields that are needed before, for `after` to be right.
    pub fn needs(courses: &[Course<K>], after: &FieldSet) -> FieldSet {
        // Rows may be left as they are, so that what is overwritten is needed.
        after.clone().with(&FieldSet::of(courses.iter().map(|course| course.field.clone())))
    }
}

impl<K: Kind> Centralized for Along<K> {
    fn start(&self) -> Box<dyn Scan> {
        let start = |course: &Course<K>| (course.field.clone(), course.target.clone(), course.kind.start());
        Box::new(State(self.0.iter().map(start).collect()))
    }
}

struct State(Vec<(Text, Text, Box<dyn Step>)>);

impl Scan for State {
    fn step(&mut self, mut batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        let mut results = Vec::new();
        for (field, target, step) in &mut self.0 {
            let values: Vec<Option<Value>> =
                (0..batch.rows()).map(|row| step.next(&batch.get(field, row))).collect();
            if values.iter().any(Option::is_some) {
                let old = |row: usize| batch.get(target, row).into_owned();
                let values = values.into_iter().enumerate();
                let values = values.map(|(row, value)| value.unwrap_or_else(|| old(row))).collect();
                results.push((target.clone(), Column::from_values(values)));
            }
        }
        for (target, column) in results {
            batch.set(target, column);
        }
        Ok((batch, Flow::More))
    }
}
