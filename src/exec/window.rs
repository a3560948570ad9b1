//! The rows of one group that are in a window, and what is known of them.

use std::collections::VecDeque;

use super::RunContext;
use super::group::AggregateColumn;
use crate::aggregates::Sliding;
use crate::batch::Column;
use crate::value::Value;

/// What is kept of a row in a window.
pub(super) struct Kept {
    pub number: u64,
    pub time: Option<f64>,
    /// For each aggregation the values of its fields, in the order of its states.
    pub values: Vec<Vec<Value>>,
}

/// The rows in a window, the oldest first.
#[derive(Default)]
pub(super) struct Window {
    rows: VecDeque<Kept>,
    /// For each aggregation, for each of its fields, the statistic, if it can slide.
    sliding: Vec<Vec<Option<Box<dyn Sliding>>>>,
}

impl Window {
    /// How many rows are in it.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row comes in. A field that was not there before has a statistic from here on.
    pub fn push(&mut self, row: Kept, columns: &[AggregateColumn]) {
        self.sliding.resize_with(columns.len(), Vec::new);
        for ((sliding, values), column) in self.sliding.iter_mut().zip(&row.values).zip(columns) {
            while sliding.len() < values.len() {
                sliding.push(column.function.sliding());
            }
        }
        for_each_value(&mut self.sliding, &row, |sliding, value| sliding.push(value));
        self.rows.push_back(row);
    }

    /// The oldest row goes, if this is true of it; says whether it was.
    pub fn pop_if(&mut self, goes: impl Fn(&Kept) -> bool) -> bool {
        let Some(row) = self.rows.pop_front_if(|row| goes(row)) else { return false };
        for_each_value(&mut self.sliding, &row, |sliding, value| sliding.pop(value));
        true
    }

    /// An aggregate over the rows inside; `place` is that of its values among all.
    pub fn value(&self, column: &AggregateColumn, place: (usize, usize), context: &RunContext) -> Value {
        let sliding = self.sliding.get(place.0).and_then(|fields| fields.get(place.1)?.as_ref());
        match sliding {
            Some(sliding) => sliding.value(),
            None => self.computed(column, place, context),
        }
    }

    fn computed(&self, column: &AggregateColumn, place: (usize, usize), context: &RunContext) -> Value {
        let mut state = column.function.start();
        state.resize(1);
        let value = |kept: &Kept| kept.values.get(place.0)?.get(place.1).cloned();
        let values = self.rows.iter().map(|kept| value(kept).unwrap_or_default()).collect();
        let times = self.rows.iter().map(|kept| kept.time.map_or(Value::Null, Value::number)).collect();
        let members: Vec<(u32, u32)> = (0..self.rows.len() as u32).map(|row| (row, 0)).collect();
        state.update(&members, &Column::Values(values), Some(&Column::Values(times)), context.arrival);
        state.value(0)
    }
}

/// The statistics that slide, each with the value that it has in a row.
fn for_each_value(
    sliding: &mut [Vec<Option<Box<dyn Sliding>>>],
    row: &Kept,
    mut act: impl FnMut(&mut dyn Sliding, &Value),
) {
    for (fields, values) in sliding.iter_mut().zip(&row.values) {
        for (sliding, value) in fields.iter_mut().zip(values) {
            if let Some(sliding) = sliding
                && !value.is_null()
            {
                act(sliding.as_mut(), value);
            }
        }
    }
}
