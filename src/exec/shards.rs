//! Groups beyond number: each thread takes those whose keys have a hash of its own.
//!
//! What comes in waits until there is enough of it to be shared out, and never is more than [`WAITING`] rows and groups.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::RunContext;
use super::group::{Grouping, Groups, Piece};
use super::keys::Keys;
use crate::batch::Batch;
use crate::diagnostic::{Code, Diagnostic, Result};

/// More than most machines have threads, and few enough that each has something to do.
const SHARDS: usize = 32;

/// With fewer groups than this, all are in one.
const MANY: usize = 1 << 15;

/// So many rows and groups may wait.
const WAITING: usize = 1 << 18;

/// What is remembered of the rows so far, as [`Groups`]; for a table that does not tell which group was there first.
pub struct Shards {
    grouping: Grouping,
    /// One, or [`SHARDS`] that have no group in common.
    shards: Vec<Groups>,
    /// What came later, in its order.
    waiting: Vec<Waiting>,
}

enum Waiting {
    Rows(Batch),
    Part(Groups),
}

/// What a shard takes in.
enum Share {
    Rows(Batch),
    Groups(Arc<Keys>, Piece),
}

#[derive(Serialize, Deserialize)]
struct Stored(Vec<Vec<u8>>);

impl Shards {
    /// No groups yet.
    pub fn new(grouping: &Grouping) -> Shards {
        Shards { shards: vec![grouping.start()], waiting: Vec::new(), grouping: grouping.clone() }
    }

    /// Groups that [`Shards::save`] stored.
    pub fn load(grouping: &Grouping, bytes: &[u8]) -> Result<Shards> {
        let Stored(parts) = postcard::from_bytes(bytes).map_err(|error| {
            Diagnostic::error(Code::State, format!("a stored state cannot be read: {error}"))
        })?;
        let waiting: Result<_> = parts.iter().map(|part| grouping.load(part).map(Waiting::Part)).collect();
        Ok(Shards { waiting: waiting?, ..Shards::new(grouping) })
    }

    /// Takes in rows.
    pub fn update(&mut self, batch: &Batch, context: &RunContext) {
        match self.whole() {
            Some(whole) if context.options.threads < 2 || whole.len() < MANY => {
                whole.update(batch, context);
            }
            _ => self.wait(Waiting::Rows(batch.clone()), context),
        }
    }

    /// Takes in what a later part remembers.
    pub fn merge(&mut self, later: Shards, context: &RunContext) {
        let parts = later.shards.into_iter().map(Waiting::Part);
        for part in parts.chain(later.waiting) {
            match (self.whole(), part) {
                (Some(whole), Waiting::Part(part)) if whole.len() + part.len() < MANY => {
                    whole.merge(part, context.arrival);
                }
                (_, part) => self.wait(part, context),
            }
        }
    }

    /// All groups, where they are in one and nothing waits.
    fn whole(&mut self) -> Option<&mut Groups> {
        match self.shards.as_mut_slice() {
            [whole] if self.waiting.is_empty() => Some(whole),
            _ => None,
        }
    }

    /// Whether there are far fewer groups than rows.
    pub fn reduces(&self) -> bool {
        self.shards.iter().all(Groups::reduces)
    }

    fn wait(&mut self, later: Waiting, context: &RunContext) {
        self.waiting.push(later);
        if self.waiting.iter().map(Waiting::len).sum::<usize>() >= WAITING {
            self.settle(context);
        }
    }

    /// Takes in what waits.
    fn settle(&mut self, context: &RunContext) {
        let mut waiting = std::mem::take(&mut self.waiting);
        if self.shards.len() < SHARDS {
            let whole = std::mem::take(&mut self.shards).into_iter().map(Waiting::Part);
            waiting.splice(0..0, whole);
            self.shards = (0..SHARDS).map(|_| self.grouping.start()).collect();
        }
        let grouping = &self.grouping;
        let shared: Vec<Vec<Share>> =
            waiting.into_par_iter().map(|later| later.shares(grouping, context)).collect();
        let mut of_shards: Vec<Vec<Share>> = self.shards.iter().map(|_| Vec::new()).collect();
        for shares in shared {
            of_shards.iter_mut().zip(shares).for_each(|(of_shard, share)| of_shard.push(share));
        }
        self.shards.par_iter_mut().zip(of_shards).for_each(|(shard, shares)| {
            for share in shares {
                match share {
                    Share::Rows(batch) => drop(shard.update(&batch, context)),
                    Share::Groups(keys, piece) => shard.absorb(&keys, piece, context.arrival),
                }
            }
        });
    }

    /// The table that `stats` prints: keys, then aggregates, sorted by the keys.
    pub fn table(&mut self, context: &RunContext) -> Batch {
        if !self.waiting.is_empty() {
            self.settle(context);
        }
        Groups::table_of(&mut self.shards)
    }

    /// The state as bytes.
    pub fn save(&mut self, context: &RunContext) -> Result<Vec<u8>> {
        if !self.waiting.is_empty() {
            self.settle(context);
        }
        let parts: Result<Vec<_>> = self.shards.iter().map(Groups::save).collect();
        postcard::to_stdvec(&Stored(parts?))
            .map_err(|error| Diagnostic::error(Code::State, format!("a state cannot be stored: {error}")))
    }
}

impl Waiting {
    fn len(&self) -> usize {
        match self {
            Waiting::Rows(batch) => batch.rows(),
            Waiting::Part(groups) => groups.len(),
        }
    }

    /// What each shard takes in of it.
    fn shares(self, grouping: &Grouping, context: &RunContext) -> Vec<Share> {
        let part = match self {
            Waiting::Rows(batch) => {
                if let Some(split) = Keys::split(&batch, &grouping.by, SHARDS) {
                    return split.iter().map(|rows| Share::Rows(batch.take(rows))).collect();
                }
                let mut part = grouping.start();
                part.update(&batch, context);
                part
            }
            Waiting::Part(part) => part,
        };
        let (keys, pieces) = part.split(SHARDS);
        let keys = Arc::new(keys);
        pieces.into_iter().map(|piece| Share::Groups(Arc::clone(&keys), piece)).collect()
    }
}
