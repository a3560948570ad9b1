//! The statistical functions of `stats` and its kin, one file each.
//!
//! An aggregate is start ([`Default`]), update, merge and finish over a state that can be stored, so a
//! part of the rows may be worked on by another thread, or another machine. One implementation serves
//! `stats`, `eventstats` and `tstats`.

mod avg;
mod count;
mod dc;
mod earliest;
mod earliest_time;
mod estdc;
mod extremes;
mod first;
mod list;
mod median;
mod mode;
mod perc;
mod rate;
mod registry;
mod sparkline;
mod stdev;
mod sum;
mod sumsq;
mod support;
mod values;

#[cfg(test)]
mod tests;

pub use registry::{find, names, page, pages};
pub use sparkline::{FUNCTIONS as SPARKLINE_FUNCTIONS, is_of_sparkline, sparkline};
pub use support::{AllNumbers, Bins, Exact, Sliding, has_bin, is_of_numbers, seconds};

use std::any::Any;
use std::fmt;

use hashbrown::HashSet;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::batch::Column;
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

/// What a function needs to know about the order of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Nothing: `count`, `values`.
    Any,
    /// Which of two rows of the same time is newer: `earliest`, `latest`.
    Ties,
    /// Rows must come in the order of the search: `first`, `last`, `list`.
    Arrival,
}

/// Which way rows arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    /// As the search orders them: events newest first, so among rows of one time the first is the newest.
    #[default]
    SearchOrder,
    /// As they stand in their files, because nobody asked for an order: among rows of one time the last
    /// is the newest.
    FileOrder,
}

/// One row as an aggregate sees it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'v> {
    /// The argument's value in this row, never null; may be a multivalue.
    pub value: &'v Value,
    /// The row's `_time`, epoch seconds, for a function that says [`Aggregate::USES_TIME`].
    pub time: Option<f64>,
    /// Which way rows arrive.
    pub arrival: Arrival,
}

/// A statistical function.
pub trait Aggregate: Send + Sync + 'static {
    /// What it remembers of a group's rows. It can be stored and read back.
    type State: Default + Clone + Serialize + DeserializeOwned + Send + Sync + fmt::Debug + 'static;

    /// Whether it asks for the row's time.
    const USES_TIME: bool = false;

    /// Whether a value makes a difference that its group has had before. Where it makes none, it may be left out.
    const REPEATS_MATTER: bool = true;

    /// Takes in one row's value.
    fn update(&self, state: &mut Self::State, input: Input<'_>);

    /// Takes in what another part remembers; the other part's rows arrived after this one's.
    fn merge(&self, state: &mut Self::State, other: Self::State, arrival: Arrival);

    /// The result; null when there was nothing to compute.
    fn finish(&self, state: &Self::State) -> Value;

    /// What it needs to know about the order of rows.
    fn order(&self) -> Order {
        Order::Any
    }

    /// The same over a window that slides, where that is less than computing it anew for each row.
    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        None
    }
}

/// An aggregate of unknown type: what the registry hands out.
pub trait AnyAggregate: Send + Sync {
    /// States for groups to come.
    fn start(&self) -> Box<dyn Accumulator>;

    /// Reads states that [`Accumulator::save`] stored.
    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Accumulator>, Diagnostic>;

    /// What it needs to know about the order of rows.
    fn order(&self) -> Order;

    /// See [`Aggregate::sliding`].
    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        None
    }
}

/// The states of one aggregate, one for each group.
pub trait Accumulator: Send + Sync {
    /// Makes room for so many groups.
    fn resize(&mut self, groups: usize);

    /// Takes in rows: pairs of row number and group. Rows whose value is null are passed over.
    fn update(&mut self, rows: &[(u32, u32)], column: &Column, times: Option<&Column>, arrival: Arrival);

    /// Says the times of the first and the last row, with a value or not, in seconds since the epoch. A
    /// sparkline goes from one to the other; nothing else cares.
    fn cover(&mut self, _times: (f64, f64)) {}

    /// Takes in the states of a later part; `groups` says which of this part's groups each of the
    /// other's is.
    fn merge(&mut self, other: Box<dyn Accumulator>, groups: &[u32], arrival: Arrival);

    /// The states shared out to so many others: `of` says for each group to which, and in each the groups keep
    /// their order.
    fn split(self: Box<Self>, of: &[u32], shards: usize) -> Vec<Box<dyn Accumulator>>;

    /// The results, group by group, of so many groups: those that it has made room for, and more that have
    /// no row.
    fn finish(&self, groups: usize) -> Vec<Value>;

    /// The result of one group.
    fn value(&self, group: usize) -> Value {
        self.finish(group + 1).pop().unwrap_or_default()
    }

    /// The states as bytes.
    fn save(&self) -> Result<Vec<u8>, Diagnostic>;

    /// The same states once more.
    fn copy(&self) -> Box<dyn Accumulator>;

    /// For merging states of one type.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// Lifts an [`Aggregate`] to groups.
struct Groups<A: Aggregate> {
    aggregate: std::sync::Arc<A>,
    states: Vec<A::State>,
}

/// Any aggregate can be handed out with its type erased.
pub fn erase<A: Aggregate>(aggregate: A) -> Box<dyn AnyAggregate> {
    Box::new(Erased(std::sync::Arc::new(aggregate)))
}

struct Erased<A: Aggregate>(std::sync::Arc<A>);

impl<A: Aggregate> AnyAggregate for Erased<A> {
    fn start(&self) -> Box<dyn Accumulator> {
        Box::new(Groups { aggregate: std::sync::Arc::clone(&self.0), states: Vec::new() })
    }

    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Accumulator>, Diagnostic> {
        let states: Vec<A::State> = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        Ok(Box::new(Groups { aggregate: std::sync::Arc::clone(&self.0), states }))
    }

    fn order(&self) -> Order {
        self.0.order()
    }

    fn sliding(&self) -> Option<Box<dyn Sliding>> {
        self.0.sliding()
    }
}

impl<A: Aggregate> Accumulator for Groups<A> {
    fn resize(&mut self, groups: usize) {
        self.states.resize_with(groups.max(self.states.len()), A::State::default);
    }

    fn update(&mut self, rows: &[(u32, u32)], column: &Column, times: Option<&Column>, arrival: Arrival) {
        let times = times.filter(|_| A::USES_TIME);
        let time = |row: u32| times.and_then(|times| times.get(row as usize).as_number());
        let aggregate = &self.aggregate;
        let mut update = |(row, group): (u32, u32), value: &Value| {
            if let Some(state) = self.states.get_mut(group as usize).filter(|_| !value.is_null()) {
                aggregate.update(state, Input { value, time: time(row), arrival });
            }
        };
        match column {
            Column::Dictionary(dictionary) => {
                let (codes, values) = (dictionary.codes(), dictionary.values());
                let mut seen: HashSet<(u32, u32), foldhash::fast::RandomState> = HashSet::default();
                for &(row, group) in rows {
                    let Some(&code) = codes.get(row as usize) else { continue };
                    if (A::REPEATS_MATTER || seen.insert((group, code)))
                        && let Some(value) = values.get(code as usize)
                    {
                        update((row, group), value);
                    }
                }
            }
            column => {
                rows.iter().for_each(|&(row, group)| update((row, group), &column.get(row as usize)));
            }
        }
    }

    fn merge(&mut self, other: Box<dyn Accumulator>, groups: &[u32], arrival: Arrival) {
        let Ok(other) = other.into_any().downcast::<Groups<A>>() else { return };
        self.resize(groups.iter().take(other.states.len()).max().map_or(0, |&group| group as usize + 1));
        for (state, &group) in other.states.into_iter().zip(groups) {
            if let Some(mine) = self.states.get_mut(group as usize) {
                self.aggregate.merge(mine, state, arrival);
            }
        }
    }

    fn split(self: Box<Self>, of: &[u32], shards: usize) -> Vec<Box<dyn Accumulator>> {
        let states = support::split(self.states, of, shards);
        let groups = |states| Groups { aggregate: std::sync::Arc::clone(&self.aggregate), states };
        states.into_iter().map(|states| Box::new(groups(states)) as Box<dyn Accumulator>).collect()
    }

    fn finish(&self, groups: usize) -> Vec<Value> {
        let mut values: Vec<Value> =
            self.states.iter().take(groups).map(|state| self.aggregate.finish(state)).collect();
        if values.len() < groups {
            values.resize(groups, self.aggregate.finish(&A::State::default()));
        }
        values
    }

    fn value(&self, group: usize) -> Value {
        match self.states.get(group) {
            Some(state) => self.aggregate.finish(state),
            None => self.aggregate.finish(&A::State::default()),
        }
    }

    fn save(&self) -> Result<Vec<u8>, Diagnostic> {
        postcard::to_stdvec(&self.states)
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }

    fn copy(&self) -> Box<dyn Accumulator> {
        Box::new(Groups { aggregate: std::sync::Arc::clone(&self.aggregate), states: self.states.clone() })
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
