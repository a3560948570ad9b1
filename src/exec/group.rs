//! Grouping and aggregating: what `stats`, `eventstats` and `tstats` share.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::RunContext;
use super::keys::Keys;
use crate::aggregates::{self, Accumulator, AnyAggregate, Arrival, has_bin};
use crate::batch::{Batch, Column, FieldMap, Pattern};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::eval::Program;
use crate::functions::EvalContext;
use crate::parse::aggregation::{Aggregation, Argument, Bins};
use crate::value::{Text, Value};

/// Aggregations over groups, ready to run.
#[derive(Clone)]
pub struct Grouping {
    pub(super) by: Vec<Text>,
    pub(super) columns: Vec<AggregateColumn>,
    /// Whether a value that a multivalue key holds twice counts once.
    pub(super) dedup_values: bool,
    /// Fields that no wildcard stands for; the keys are among them.
    pub(super) no_wildcard: Vec<Text>,
}

/// One aggregation, ready to run.
#[derive(Clone)]
pub(super) struct AggregateColumn {
    pub(super) function: Arc<dyn AnyAggregate>,
    /// Whether it is a statistic of numbers alone.
    of_numbers: bool,
    /// Whether it is a sparkline, which must know from when to when there are rows.
    draws: bool,
    pub(super) argument: Input,
    alias: Option<Text>,
    default_name: Text,
}

/// What an aggregation takes in.
#[derive(Clone)]
pub(super) enum Input {
    Rows,
    Field(Text),
    Wildcard(Pattern),
    Eval(Program),
}

impl Grouping {
    /// Prepares aggregations that the grammar has checked.
    pub fn new(
        list: &[Aggregation],
        by: &[Text],
        dedup_values: bool,
        context: &EvalContext,
    ) -> Result<Grouping> {
        let mut columns = Vec::new();
        for aggregation in list {
            let Some(function) = function(aggregation, context) else {
                let message = format!("unknown statistical function `{}`", aggregation.function);
                return Err(Diagnostic::error(Code::UnknownAggregate, message).at(aggregation.span, ""));
            };
            let argument = match &aggregation.argument {
                Argument::Rows => Input::Rows,
                Argument::Field(name) if name.contains('*') => Input::Wildcard(Pattern::new(name.clone())),
                Argument::Field(name) => Input::Field(name.clone()),
                Argument::Eval(expr) => Input::Eval(Program::new(expr.clone())),
            };
            columns.push(AggregateColumn {
                function: Arc::from(function),
                of_numbers: aggregates::is_of_numbers(&aggregation.function)
                    && aggregation.sparkline.is_none(),
                draws: aggregation.sparkline.is_some(),
                argument,
                alias: aggregation.alias.clone(),
                default_name: aggregation.default_name.clone(),
            });
        }
        Ok(Grouping { by: by.to_vec(), columns, dedup_values, no_wildcard: by.to_vec() })
    }

    /// The same with statistics of numbers only where all values are numbers: `allnum=true`.
    #[must_use]
    pub fn of_all_numbers(mut self) -> Grouping {
        for column in self.columns.iter_mut().filter(|column| column.of_numbers) {
            column.function = Arc::new(aggregates::AllNumbers(Arc::clone(&column.function)));
        }
        self
    }

    /// The same with wildcards that do not stand for these fields either.
    #[must_use]
    pub fn excluding(mut self, fields: impl IntoIterator<Item = Text>) -> Grouping {
        self.no_wildcard.extend(fields);
        self
    }

    /// What the aggregates need to know about the order of rows.
    pub fn order(&self) -> aggregates::Order {
        self.columns.iter().map(|column| column.function.order()).max().unwrap_or(aggregates::Order::Any)
    }

    /// No groups yet.
    pub fn start(&self) -> Groups {
        Groups {
            keys: Keys::new(self.by.len(), self.dedup_values),
            states: self.columns.iter().map(|_| FieldMap::default()).collect(),
            rows: 0,
            times: None,
            grouping: self.clone(),
        }
    }

    /// Groups that [`Groups::save`] stored.
    pub fn load(&self, bytes: &[u8]) -> Result<Groups> {
        let stored: Stored = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        let mut groups = self.start();
        groups.times = stored.times;
        for key in stored.keys {
            groups.keys.group_of_values(&key);
        }
        for ((states, column), stored) in groups.states.iter_mut().zip(&self.columns).zip(stored.states) {
            for (name, bytes) in stored {
                states.insert(name, column.function.load(&bytes)?);
            }
        }
        Ok(groups)
    }
}

/// For each aggregation its states, by the name of the field: more than one for a wildcard.
type States = Vec<FieldMap<Box<dyn Accumulator>>>;

/// What is made of a state of a part.
type Finish<'f> = &'f (dyn Fn(&Groups, &dyn Accumulator) -> Vec<Value> + Sync);

/// What is remembered of the rows so far.
pub struct Groups {
    grouping: Grouping,
    keys: Keys,
    states: States,
    rows: usize,
    /// The times of the first and the last row, where a sparkline asks for them.
    times: Option<(f64, f64)>,
}

/// Some groups of a part, for another part to take in.
pub(super) struct Piece {
    groups: Vec<u32>,
    states: States,
    times: Option<(f64, f64)>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    times: Option<(f64, f64)>,
    keys: Vec<Vec<Value>>,
    states: Vec<Vec<(Text, Vec<u8>)>>,
}

impl Groups {
    /// Takes in rows; gives for each row that is in a group its number and the group's. A row without one
    /// of the keys is in none; one with a multivalue key may be in several.
    pub fn update(&mut self, batch: &Batch, context: &RunContext) -> Vec<(u32, u32)> {
        self.rows += batch.rows();
        let members = self.keys.members(batch, &self.grouping.by);
        let grouping = self.grouping.clone();
        let times = batch.column("_time");
        for (at, column) in grouping.columns.iter().enumerate() {
            for (name, values) in inputs(column, &grouping.no_wildcard, batch, context) {
                let Some(states) = self.states.get_mut(at) else { continue };
                let state = states.entry(name).or_insert_with(|| column.function.start());
                state.resize(self.keys.len());
                state.update(&members, &values, times, context.arrival);
            }
        }
        if let Some(times) = times
            && grouping.columns.iter().any(|column| column.draws)
        {
            let times = times.iter().filter_map(|time| time.as_number()).filter(|time| has_bin(*time));
            self.cover(times.map(|time| (time, time)).reduce(widest));
        }
        members
    }

    /// Rows of these times were seen: every sparkline goes that far, also those of fields that came late.
    fn cover(&mut self, times: Option<(f64, f64)>) {
        self.times = self.times.into_iter().chain(times).reduce(widest);
        let Some(times) = self.times else { return };
        for (states, column) in self.states.iter_mut().zip(&self.grouping.columns) {
            states.values_mut().filter(|_| column.draws).for_each(|state| state.cover(times));
        }
    }

    /// Takes in what a later part remembers.
    pub fn merge(&mut self, later: Groups, arrival: Arrival) {
        let groups = (0..later.keys.len() as u32).collect();
        let piece = Piece { groups, states: later.states, times: later.times };
        self.absorb(&later.keys, piece, arrival);
    }

    /// Takes in some groups of a later part, of which these are all keys.
    pub(super) fn absorb(&mut self, later: &Keys, piece: Piece, arrival: Arrival) {
        let translated = self.keys.translate(later, piece.groups.into_iter());
        let groups = self.keys.len();
        for ((mine, theirs), column) in self.states.iter_mut().zip(piece.states).zip(&self.grouping.columns) {
            for (name, state) in theirs {
                let own = mine.entry(name).or_insert_with(|| column.function.start());
                own.resize(groups);
                own.merge(state, &translated, arrival);
            }
        }
        self.cover(piece.times);
    }

    /// Shares the groups out to so many shards, the same values of keys always to the same.
    pub(super) fn split(self, shards: usize) -> (Keys, Vec<Piece>) {
        let of = self.keys.shards(shards);
        let piece = |_| Piece { groups: Vec::new(), states: Vec::new(), times: self.times };
        let mut pieces: Vec<Piece> = (0..shards).map(piece).collect();
        for (group, &shard) in of.iter().enumerate() {
            pieces.iter_mut().skip(shard as usize).take(1).for_each(|piece| piece.groups.push(group as u32));
        }
        for states in self.states {
            pieces.iter_mut().for_each(|piece| piece.states.push(FieldMap::default()));
            for (name, state) in states {
                for (piece, state) in pieces.iter_mut().zip(state.split(&of, shards)) {
                    piece.states.last_mut().and_then(|states| states.insert(name.clone(), state));
                }
            }
        }
        (self.keys, pieces)
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are far fewer groups than rows were taken in: if not, merging them into others is no less work
    /// than taking in the rows.
    pub(super) fn reduces(&self) -> bool {
        const TOO_FEW_TO_TELL: usize = 1024;
        self.rows < TOO_FEW_TO_TELL || self.len() * 2 < self.rows
    }

    /// The columns of the aggregates: name, and a value for each group.
    pub fn results(&self) -> Vec<(Text, Vec<Value>)> {
        Groups::results_of(std::slice::from_ref(self))
    }

    /// The same over the groups of several parts, one part after the other.
    fn results_of(parts: &[Groups]) -> Vec<(Text, Vec<Value>)> {
        let aggregates = parts.first().map_or(0, |part| part.grouping.columns.len());
        let finish = |part: &Groups, state: &dyn Accumulator| state.finish(part.len());
        (0..aggregates).flat_map(|at| Groups::columns_of(parts, at, &finish)).collect()
    }

    /// The columns of one aggregate over several parts: several for a wildcard, in the order of their names.
    fn columns_of(parts: &[Groups], at: usize, finish: Finish<'_>) -> Vec<(Text, Vec<Value>)> {
        let Some(column) = parts.first().and_then(|part| part.grouping.columns.get(at)) else {
            return Vec::new();
        };
        let names = parts.iter().filter_map(|part| part.states.get(at)).flat_map(FieldMap::keys);
        let mut fields: BTreeSet<Option<&Text>> = names.map(Some).collect();
        if fields.is_empty() && !matches!(column.argument, Input::Wildcard(_)) {
            fields.insert(None);
        }
        let of_part = |part: &Groups, field: Option<&Text>| {
            if let Some(state) = field.and_then(|field| part.states.get(at)?.get(field)) {
                return finish(part, state.as_ref());
            }
            let mut state = column.function.start();
            part.times.into_iter().for_each(|times| state.cover(times));
            finish(part, state.as_ref())
        };
        let values = |field: Option<&Text>| -> Vec<Value> {
            if let [whole] = parts {
                return of_part(whole, field);
            }
            let of_parts: Vec<Vec<Value>> = parts.par_iter().map(|part| of_part(part, field)).collect();
            of_parts.into_iter().flatten().collect()
        };
        fields.into_iter().map(|field| (column.name(field), values(field))).collect()
    }

    /// The columns of each aggregate where groups are put together to so many: `of` says for each group which
    /// of those it becomes part of. What is beyond them is left out.
    pub fn regrouped(&self, of: &[u32], groups: usize, arrival: Arrival) -> Vec<Vec<(Text, Vec<Value>)>> {
        let columns = self.grouping.columns.iter().enumerate();
        let regrouped = |(at, column): (usize, &AggregateColumn)| {
            let finish = |part: &Groups, state: &dyn Accumulator| {
                let mut merged = column.function.start();
                merged.merge(state.copy(), of, arrival);
                part.times.into_iter().for_each(|times| merged.cover(times));
                merged.finish(groups)
            };
            Groups::columns_of(std::slice::from_ref(self), at, &finish)
        };
        columns.map(regrouped).collect()
    }

    /// The values of the keys of each group with the group's number, sorted by them.
    pub fn keys(&self) -> Vec<(Vec<Value>, usize)> {
        let sorted = Keys::sorted(&[&self.keys]);
        sorted.into_iter().map(|group| (self.keys.values(group), group)).collect()
    }

    /// The table that `stats` prints of parts that have no group in common: keys, then aggregates, sorted by the
    /// keys.
    pub(super) fn table_of(parts: &mut [Groups]) -> Batch {
        let Some(first) = parts.first_mut() else { return Batch::default() };
        let by = first.grouping.by.clone();
        if by.is_empty() {
            first.keys.add_whole();
        }
        let times = parts.iter().filter_map(|part| part.times).reduce(widest);
        parts.iter_mut().for_each(|part| part.cover(times));
        let results = Groups::results_of(parts);
        let keys: Vec<&Keys> = parts.iter().map(|part| &part.keys).collect();
        let mut sorted = Keys::sorted(&keys);
        // Without keys a row in which nothing was computed is no row (measured on Splunk 10.4).
        if by.is_empty() && results.iter().all(|(_, values)| values.iter().all(Value::is_null)) {
            sorted.clear();
        }
        let mut batch = Batch::with_rows(sorted.len());
        batch.ordered = true;
        for (at, name) in by.into_iter().enumerate() {
            batch.set(name, Keys::column(&keys, at, &sorted));
        }
        for (name, values) in results {
            let column = sorted.iter().map(|&group| values.get(group).cloned().unwrap_or_default()).collect();
            batch.set(name, Column::from_values(column));
        }
        batch
    }

    /// The state as bytes.
    pub fn save(&self) -> Result<Vec<u8>> {
        let keys = (0..self.keys.len()).map(|group| self.keys.values(group)).collect();
        let mut states = Vec::new();
        for of_column in &self.states {
            let saved: Result<Vec<_>> =
                of_column.iter().map(|(name, state)| Ok((name.clone(), state.save()?))).collect();
            states.push(saved?);
        }
        postcard::to_stdvec(&Stored { times: self.times, keys, states })
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }
}

impl AggregateColumn {
    /// The name of the column; `field` is the one that a wildcard stands for.
    pub(super) fn name(&self, field: Option<&Text>) -> Text {
        let (Input::Wildcard(pattern), Some(field)) = (&self.argument, field) else {
            return self.alias.clone().unwrap_or_else(|| self.default_name.clone());
        };
        match &self.alias {
            Some(alias) => Pattern::new(alias.clone()).fill(&pattern.captures(field).unwrap_or_default()),
            None if self.default_name.contains('(') => {
                let written = format!("({})", pattern.as_str());
                Text::from(self.default_name.replacen(&written, &format!("({field})"), 1))
            }
            None => Text::from(format!("{}({field})", self.default_name)),
        }
    }
}

/// From the earlier beginning to the later end.
fn widest(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0.min(other.0), one.1.max(other.1))
}

/// The function of an aggregation that has a name that is known.
fn function(aggregation: &Aggregation, context: &EvalContext) -> Option<Box<dyn AnyAggregate>> {
    let Some(bins) = aggregation.sparkline else { return aggregates::find(&aggregation.function) };
    let span = match bins {
        Bins::Of(span) => Some(span),
        Bins::Automatic => None,
    };
    aggregates::sparkline(&aggregation.function, span, context.zone.clone(), context.warnings.clone())
}

/// What an aggregation takes in from a batch: for each field its name and values.
pub(super) fn inputs<'b>(
    column: &AggregateColumn,
    no_wildcard: &[Text],
    batch: &'b Batch,
    context: &RunContext,
) -> Vec<(Text, Cow<'b, Column>)> {
    match &column.argument {
        Input::Rows => {
            vec![(Text::new(), Cow::Owned(Column::constant(Value::number(1.0), batch.rows())))]
        }
        Input::Field(name) => {
            batch.column(name).map(|values| (name.clone(), Cow::Borrowed(values))).into_iter().collect()
        }
        Input::Wildcard(pattern) => {
            let internal = pattern.as_str().starts_with('_');
            let fits = |name: &&Text| {
                pattern.matches(name) && (internal || !name.starts_with('_')) && !no_wildcard.contains(name)
            };
            let names = batch.names().filter(fits);
            let values = |name: &Text| batch.column(name).filter(|values| !values.is_all_null());
            names.filter_map(|name| Some((name.clone(), Cow::Borrowed(values(name)?)))).collect()
        }
        Input::Eval(program) => {
            // Rows for which a predicate is false count as rows without a value.
            let truth = |value: &Value| match value {
                Value::Bool(true) => Value::number(1.0),
                Value::Bool(false) => Value::Null,
                other => other.clone(),
            };
            vec![(Text::new(), Cow::Owned(program.column(batch, &context.eval).map(truth)))]
        }
    }
}
