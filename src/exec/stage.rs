//! The kinds of command, as the executor sees them.
//!
//! Splunk's own command types are the architecture (Search Reference, "Command types"). What a type makes
//! impossible is the point of it: a streaming stage is `&self` and can keep nothing from row to row; a
//! transforming stage can be computed in parts or not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::aggregates::Arrival;
use crate::batch::Batch;
use crate::diagnostic::Result;
use crate::eval::Warnings;
use crate::functions::EvalContext;
use crate::io::ReadOptions;

/// How a plan is run; none of it changes what comes out, unless there is a deadline that it does not meet.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Threads.
    pub threads: usize,
    /// How events are read.
    pub read: ReadOptions,
    /// When no more events are read.
    pub deadline: Option<Deadline>,
}

/// A time from which on no more events are read: what was read by then is what there is.
#[derive(Clone, Debug)]
pub struct Deadline {
    at: Instant,
    missed: Arc<AtomicBool>,
}

impl Deadline {
    /// In so much time, or with an earlier one that holds already.
    pub fn within(time: Duration, outer: Option<&Deadline>) -> Option<Deadline> {
        let at = Instant::now().checked_add(time)?;
        let at = outer.map_or(at, |outer| at.min(outer.at));
        Some(Deadline { at, missed: Arc::default() })
    }

    /// Whether it is now; asked before something more is read, which then is not.
    pub fn is_over(&self) -> bool {
        let over = Instant::now() >= self.at;
        if over {
            self.missed.store(true, Ordering::Relaxed);
        }
        over
    }

    /// Whether something was not read.
    pub fn is_missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }
}

impl Default for RunOptions {
    fn default() -> RunOptions {
        RunOptions { threads: 1, read: ReadOptions::default(), deadline: None }
    }
}

/// What a running stage may know.
#[derive(Clone, Debug)]
pub struct RunContext {
    /// What expressions may know.
    pub eval: EvalContext,
    /// Which way rows arrive.
    pub arrival: Arrival,
    /// How this run is made, and runs inside of it.
    pub options: RunOptions,
}

impl RunContext {
    /// Where run-time trouble goes.
    pub fn warnings(&self) -> &Warnings {
        &self.eval.warnings
    }
}

/// Whether more rows are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Yes.
    More,
    /// No: the result is complete, and reading may stop.
    Enough,
}

/// Rows from nothing. Law: twice the same.
pub trait Generating: Send + Sync {
    /// All rows.
    fn generate(&self, context: &RunContext) -> Result<Vec<Batch>>;
}

/// Distributable streaming: a pure map of one batch. Law: `f(a ++ b) = f(a) ++ f(b)` for every cut.
pub trait Streaming: Send + Sync {
    /// The rows that come out for the rows that go in.
    fn map(&self, batch: Batch, context: &RunContext) -> Result<Batch>;
}

/// Centralized streaming: a step with state. Law: the same result for every batch size.
pub trait Centralized: Send + Sync {
    /// A state before the first row.
    fn start(&self) -> Box<dyn Scan>;
}

/// The state of a centralized stage.
pub trait Scan: Send {
    /// Takes the next rows; gives what can already be given.
    fn step(&mut self, batch: Batch, context: &RunContext) -> Result<(Batch, Flow)>;

    /// What was held back.
    fn finish(&mut self, _context: &RunContext) -> Result<Vec<Batch>> {
        Ok(Vec::new())
    }
}

/// Transforming: whole = merge of the parts, for every cut; a part's state can be stored.
pub trait Transforming: Send + Sync {
    /// A state before the first row.
    fn start(&self) -> Box<dyn Partial>;

    /// A state that [`Partial::save`] stored.
    fn load(&self, bytes: &[u8]) -> Result<Box<dyn Partial>>;
}

/// The state of a transforming stage over a part of the rows.
pub trait Partial: Send {
    /// Takes in rows.
    fn update(&mut self, batch: &Batch, context: &RunContext) -> Result<()>;

    /// Whether it is smaller than the rows that it took in. Where it is not, parts are not worth it.
    fn reduces(&self) -> bool {
        true
    }

    /// Takes in what a later part remembers.
    fn merge(&mut self, later: Box<dyn Partial>, context: &RunContext) -> Result<()>;

    /// The result.
    fn finish(&mut self, context: &RunContext) -> Result<Vec<Batch>>;

    /// The state as bytes.
    fn save(&mut self, context: &RunContext) -> Result<Vec<u8>>;

    /// For merging states of one type.
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any>;
}

/// Dataset processing: a map of all rows at once.
pub trait Dataset: Send + Sync {
    /// The rows that come out for all rows that went in.
    fn apply(&self, batches: Vec<Batch>, context: &RunContext) -> Result<Vec<Batch>>;
}

/// One step of a plan.
#[derive(Clone)]
pub enum Stage {
    /// See [`Streaming`].
    Streaming(Arc<dyn Streaming>),
    /// See [`Centralized`].
    Centralized(Arc<dyn Centralized>),
    /// See [`Transforming`].
    Transforming(Arc<dyn Transforming>),
    /// See [`Dataset`].
    Dataset(Arc<dyn Dataset>),
}

impl Stage {
    /// The kind's name in Splunk's documentation.
    pub fn kind(&self) -> &'static str {
        match self {
            Stage::Streaming(_) => "distributable streaming",
            Stage::Centralized(_) => "centralized streaming",
            Stage::Transforming(_) => "transforming",
            Stage::Dataset(_) => "dataset processing",
        }
    }
}
