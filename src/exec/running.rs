//! Aggregates over the rows so far, row by row: what `streamstats` computes.
//!
//! Without a window each group has one state that every row is added to. With one, the values of the rows
//! inside are kept for each group; `count`, `sum`, `avg`, `dc`, `min`, `max`, `range`, `first` and `last` follow the
//! rows that come and go, other aggregates are computed anew for each row.

use std::collections::VecDeque;

use hashbrown::HashMap;

use super::RunContext;
use super::group::{AggregateColumn, Grouping, Input, inputs};
use super::keys::{Numbered, codes_by_row, for_each_combination};
use super::window::{Kept, Window};
use crate::aggregates::Accumulator;
use crate::batch::{Batch, Column, FieldMap};
use crate::value::{Text, Value};

/// Which rows count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Windows {
    /// The last so many; 0 for all.
    pub rows: usize,
    /// Whether the last rows are those of all groups together.
    pub shared: bool,
    /// Those whose time is less than so many seconds away.
    pub seconds: Option<f64>,
    /// Whether the row itself is one of them.
    pub current: bool,
}

/// Aggregates over the rows so far.
pub struct Running {
    grouping: Grouping,
    windows: Windows,
    numbered: Vec<Numbered>,
    groups: HashMap<Box<[u32]>, u32, foldhash::fast::RandomState>,
    /// For each aggregation its states, by the name of the field: more than one for a wildcard.
    states: Vec<FieldMap<Box<dyn Accumulator>>>,
    /// By group, the rows in its window, the oldest first.
    kept: Vec<Window>,
    /// The last rows of all groups, the oldest first: their numbers and groups.
    order: VecDeque<(u64, Vec<u32>)>,
    /// How many rows were kept.
    count: u64,
}

/// A batch made ready to be taken row by row.
pub struct Rows {
    /// For each row the groups that it is in.
    groups: Vec<Vec<Box<[u32]>>>,
    /// For each aggregation the columns that it takes in.
    inputs: Vec<Vec<(Text, Column)>>,
    times: Option<Column>,
}

impl Running {
    /// Before the first row.
    pub fn new(grouping: Grouping, windows: Windows) -> Running {
        let mut running = Running {
            numbered: grouping.by.iter().map(|_| Numbered::default()).collect(),
            groups: HashMap::default(),
            states: grouping.columns.iter().map(|_| FieldMap::default()).collect(),
            kept: Vec::new(),
            order: VecDeque::new(),
            count: 0,
            windows,
            grouping,
        };
        running.declare();
        running
    }

    /// Forgets all rows.
    pub fn reset(&mut self) {
        self.groups.clear();
        self.kept.clear();
        self.order.clear();
        for (states, column) in self.states.iter_mut().zip(&self.grouping.columns) {
            states.values_mut().for_each(|state| *state = column.function.start());
        }
    }

    /// An aggregation of one field has its column from the first row on.
    fn declare(&mut self) {
        for (states, column) in self.states.iter_mut().zip(&self.grouping.columns) {
            let name = match &column.argument {
                Input::Wildcard(_) => continue,
                Input::Field(name) => name.clone(),
                Input::Rows | Input::Eval(_) => Text::new(),
            };
            states.insert(name, column.function.start());
        }
    }

    /// Makes a batch ready.
    pub fn rows(&mut self, batch: &Batch, context: &RunContext) -> Rows {
        let dedup = self.grouping.dedup_values;
        let mut keys: Vec<Vec<Vec<u32>>> = Vec::new();
        for (name, numbered) in self.grouping.by.iter().zip(&mut self.numbered) {
            keys.push(match batch.column(name) {
                Some(column) => codes_by_row(column, numbered, dedup),
                None => vec![Vec::new(); batch.rows()],
            });
        }
        let groups_of = |row: usize| {
            let choices: Vec<&[u32]> =
                keys.iter().filter_map(|key| key.get(row)).map(Vec::as_slice).collect();
            let mut groups: Vec<Box<[u32]>> = Vec::new();
            for_each_combination(&choices, &mut |codes| groups.push(codes.into()));
            groups
        };
        Rows {
            groups: (0..batch.rows()).map(groups_of).collect(),
            inputs: self
                .grouping
                .columns
                .iter()
                .map(|column| inputs(column, &self.grouping.no_wildcard, batch, context))
                .map(|inputs| inputs.into_iter().map(|(name, values)| (name, values.into_owned())).collect())
                .collect(),
            times: batch.column("_time").cloned(),
        }
    }

    /// Takes in a row; gives the results of its first group, by the names of their columns. None for a row
    /// in no group.
    pub fn take(&mut self, rows: &Rows, row: usize, context: &RunContext) -> Option<Vec<(Text, Value)>> {
        let keys = rows.groups.get(row).filter(|keys| !keys.is_empty())?;
        let mut groups = Vec::with_capacity(keys.len());
        for key in keys {
            let next = self.groups.len() as u32;
            groups.push(*self.groups.entry(key.clone()).or_insert(next));
        }
        let first = groups.first().copied().unwrap_or_default();
        let before = (!self.windows.current).then(|| self.results(first, rows.time(row), context));
        if self.windows.rows > 0 || self.windows.seconds.is_some() {
            self.keep(&groups, rows, row);
        } else {
            self.add(&groups, rows, row, context);
        }
        Some(match before {
            Some(before) => before,
            None => self.results(first, rows.time(row), context),
        })
    }

    fn add(&mut self, groups: &[u32], rows: &Rows, row: usize, context: &RunContext) {
        let members: Vec<(u32, u32)> = groups.iter().map(|&group| (row as u32, group)).collect();
        let room = self.groups.len();
        let columns = self.grouping.columns.iter().zip(&rows.inputs);
        for (states, (column, inputs)) in self.states.iter_mut().zip(columns) {
            for (name, values) in inputs {
                if let Some(state) = state_of(states, column, name, &values.get(row)) {
                    state.resize(room);
                    state.update(&members, values, rows.times.as_ref(), context.arrival);
                }
            }
        }
    }

    fn keep(&mut self, groups: &[u32], rows: &Rows, row: usize) {
        let columns = self.grouping.columns.iter().zip(&rows.inputs);
        let mut values = Vec::with_capacity(self.states.len());
        for (states, (column, inputs)) in self.states.iter_mut().zip(columns) {
            let mut of_column = vec![Value::Null; states.len()];
            for (name, column_values) in inputs {
                let value = column_values.get(row);
                if state_of(states, column, name, &value).is_some()
                    && let Some(at) = states.get_index_of(name)
                {
                    of_column.resize(states.len(), Value::Null);
                    if let Some(slot) = of_column.get_mut(at) {
                        *slot = value.into_owned();
                    }
                }
            }
            values.push(of_column);
        }
        let (number, time) = (self.count, rows.time(row));
        self.count += 1;
        self.kept.resize_with(self.groups.len(), Window::default);
        for &group in groups {
            if let Some(kept) = self.kept.get_mut(group as usize) {
                kept.push(Kept { number, time, values: values.clone() }, &self.grouping.columns);
            }
        }
        if self.windows.rows > 0 && self.windows.shared {
            self.order.push_back((number, groups.to_vec()));
        }
    }

    /// Lets go of the rows that are not in the window any more.
    fn shrink(&mut self, group: u32, time: Option<f64>) {
        let rows = self.windows.rows;
        while rows > 0 && self.windows.shared && self.order.len() > rows {
            let (number, groups) = self.order.pop_front().unwrap_or_default();
            for oldest in groups {
                // The window of time may have let go of it before.
                if let Some(kept) = self.kept.get_mut(oldest as usize) {
                    kept.pop_if(|kept| kept.number <= number);
                }
            }
        }
        let Some(kept) = self.kept.get_mut(group as usize) else { return };
        while rows > 0 && !self.windows.shared && kept.len() > rows && kept.pop_if(|_| true) {}
        if let (Some(seconds), Some(now)) = (self.windows.seconds, time) {
            let outside = |kept: &Kept| kept.time.is_none_or(|time| (now - time).abs() >= seconds);
            while kept.pop_if(outside) {}
        }
    }

    fn results(&mut self, group: u32, time: Option<f64>, context: &RunContext) -> Vec<(Text, Value)> {
        let windowed = self.windows.rows > 0 || self.windows.seconds.is_some();
        if windowed {
            self.shrink(group, time);
        }
        let none = Window::default();
        let window = self.kept.get(group as usize).unwrap_or(&none);
        let mut out = Vec::new();
        for (at, (states, column)) in self.states.iter().zip(&self.grouping.columns).enumerate() {
            for (field, (name, state)) in states.iter().enumerate() {
                let value = match windowed {
                    true => window.value(column, (at, field), context),
                    false => state.value(group as usize),
                };
                out.push((column.name(Some(name)), value));
            }
        }
        out
    }
}

impl Rows {
    fn time(&self, row: usize) -> Option<f64> {
        self.times.as_ref().and_then(|times| times.get(row).as_number())
    }
}

/// The states of a field; a wildcard has them from the first row on in which the field has a value.
fn state_of<'s>(
    states: &'s mut FieldMap<Box<dyn Accumulator>>,
    column: &AggregateColumn,
    name: &Text,
    value: &Value,
) -> Option<&'s mut Box<dyn Accumulator>> {
    if !states.contains_key(name) {
        if value.is_null() {
            return None;
        }
        states.insert(name.clone(), column.function.start());
    }
    states.get_mut(name)
}
