//! The executor: one `match` over the kinds of command.
//!
//! Rows arrive as units of work that can be done on any thread: reading a chunk, and the streaming steps
//! that follow. Their results are taken in input order, so the same bytes come out for any number of
//! threads and any chunk size.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;

use super::stage::{Flow, Partial, RunContext, Scan, Stage};
use crate::batch::Batch;
use crate::diagnostic::Result;

/// One unit of reading: done on any thread, its rows taken in turn.
pub type Work<'w> = Box<dyn FnOnce(&RunContext) -> Result<Vec<Batch>> + Send + 'w>;

/// Units of work in flight for each thread: enough that none waits, few enough that memory stays flat.
const IN_FLIGHT: usize = 2;

/// Runs stages over the rows that `works` yield; `sink` takes the results in order.
pub fn run_stages<'w>(
    works: impl Iterator<Item = Result<Work<'w>>>,
    stages: &[Stage],
    threads: usize,
    context: &RunContext,
    sink: &mut dyn FnMut(Batch) -> Result<Flow>,
) -> Result<()> {
    let parallel = stages.iter().take_while(|stage| matches!(stage, Stage::Streaming(_))).count();
    let (local, central) = stages.split_at(parallel);
    let mut tail = Tail { nodes: central.iter().map(Node::start).collect(), context, sink };
    if threads > 1 {
        let do_one = |work: Work<'w>| local_part(work, local, central.first(), context);
        in_order(works, threads * IN_FLIGHT, do_one, &mut |part| tail.take(part))?;
    } else {
        for work in works {
            // One state takes in all rows: there is nobody to share with.
            if tail.take(local_part(work?, local, None, context)?)? == Flow::Enough {
                break;
            }
        }
    }
    tail.finish()
}

/// Does units of work on all threads while the next ones are read, and takes their results in order.
fn in_order<'w>(
    mut works: impl Iterator<Item = Result<Work<'w>>>,
    in_flight: usize,
    do_one: impl Fn(Work<'w>) -> Result<Part> + Sync,
    take: &mut dyn FnMut(Part) -> Result<Flow>,
) -> Result<()> {
    let (sender, receiver) = mpsc::channel();
    let do_one = &do_one;
    rayon::in_place_scope(|scope| {
        let (mut sent, mut taken, mut all_sent) = (0, 0, false);
        let mut early: BTreeMap<usize, std::thread::Result<Result<Part>>> = BTreeMap::new();
        loop {
            while !all_sent && sent - taken < in_flight {
                let Some(work) = works.next() else {
                    all_sent = true;
                    break;
                };
                let (work, sender, number) = (work?, sender.clone(), sent);
                scope.spawn(move |_| {
                    // A panic is carried over to this function's thread, which would wait for ever otherwise.
                    let part = catch_unwind(AssertUnwindSafe(|| do_one(work)));
                    // Nobody listens any more where the results are complete: the part is not needed.
                    drop(sender.send((number, part)));
                });
                sent += 1;
            }
            if sent == taken {
                return Ok(());
            }
            let Ok((number, part)) = receiver.recv() else { return Ok(()) };
            early.insert(number, part);
            while let Some(part) = early.remove(&taken) {
                taken += 1;
                let part = part.unwrap_or_else(|panic| resume_unwind(panic))?;
                if take(part)? == Flow::Enough {
                    return Ok(());
                }
            }
        }
    })
}

/// What one unit of work comes to.
enum Part {
    Rows(Vec<Batch>),
    State(Box<dyn Partial>),
}

/// Reads, streams, and where the next stage is transforming takes the rows into a state of their own.
fn local_part(work: Work<'_>, stages: &[Stage], next: Option<&Stage>, context: &RunContext) -> Result<Part> {
    let mut batches = work(context)?;
    for stage in stages {
        if let Stage::Streaming(stage) = stage {
            batches = batches.into_iter().map(|batch| stage.map(batch, context)).collect::<Result<_>>()?;
        }
    }
    let Some(Stage::Transforming(stage)) = next else { return Ok(Part::Rows(batches)) };
    let mut state = stage.start();
    for batch in &batches {
        state.update(batch, context)?;
        if !state.reduces() {
            return Ok(Part::Rows(batches));
        }
    }
    Ok(Part::State(state))
}

/// A stage with what it remembers.
enum Node {
    Streaming(std::sync::Arc<dyn super::stage::Streaming>),
    Centralized { scan: Box<dyn Scan>, enough: bool },
    Transforming(Box<dyn Partial>),
    Dataset { stage: std::sync::Arc<dyn super::stage::Dataset>, held: Vec<Batch> },
}

impl Node {
    fn start(stage: &Stage) -> Node {
        match stage {
            Stage::Streaming(stage) => Node::Streaming(stage.clone()),
            Stage::Centralized(stage) => Node::Centralized { scan: stage.start(), enough: false },
            Stage::Transforming(stage) => Node::Transforming(stage.start()),
            Stage::Dataset(stage) => Node::Dataset { stage: stage.clone(), held: Vec::new() },
        }
    }
}

/// The stages after the parallel part.
struct Tail<'c> {
    nodes: Vec<Node>,
    context: &'c RunContext,
    sink: &'c mut dyn FnMut(Batch) -> Result<Flow>,
}

impl Tail<'_> {
    fn take(&mut self, part: Part) -> Result<Flow> {
        match part {
            Part::Rows(batches) => self.push_all(0, batches),
            Part::State(state) => self.merge(state),
        }
    }

    fn push_all(&mut self, at: usize, batches: Vec<Batch>) -> Result<Flow> {
        for batch in batches {
            if self.push(at, batch)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    fn push(&mut self, at: usize, batch: Batch) -> Result<Flow> {
        let (batch, enough) = match self.nodes.get_mut(at) {
            None => return (self.sink)(batch),
            Some(Node::Streaming(stage)) => (stage.map(batch, self.context)?, false),
            Some(Node::Transforming(state)) => {
                state.update(&batch, self.context)?;
                return Ok(Flow::More);
            }
            Some(Node::Dataset { held, .. }) => {
                held.push(batch);
                return Ok(Flow::More);
            }
            Some(Node::Centralized { enough: true, .. }) => return Ok(Flow::Enough),
            Some(Node::Centralized { scan, enough }) => {
                let (batch, flow) = scan.step(batch, self.context)?;
                *enough = flow == Flow::Enough;
                (batch, *enough)
            }
        };
        let flow = self.push(at + 1, batch)?;
        Ok(if enough { Flow::Enough } else { flow })
    }

    fn merge(&mut self, state: Box<dyn Partial>) -> Result<Flow> {
        if let Some(Node::Transforming(mine)) = self.nodes.first_mut() {
            mine.merge(state, self.context)?;
        }
        Ok(Flow::More)
    }

    /// Ends the stages from first to last: each may still give rows to the next.
    fn finish(mut self) -> Result<()> {
        for at in 0..self.nodes.len() {
            let rows = match self.nodes.get_mut(at) {
                Some(Node::Centralized { scan, .. }) => scan.finish(self.context)?,
                Some(Node::Transforming(state)) => state.finish(self.context)?,
                Some(Node::Dataset { stage, held }) => stage.apply(std::mem::take(held), self.context)?,
                Some(Node::Streaming(_)) | None => Vec::new(),
            };
            self.push_all(at + 1, rows)?;
        }
        Ok(())
    }
}
