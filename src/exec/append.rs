//! Rows after all others: `append`, `inputlookup append=t`.

use std::sync::Arc;

use super::stage::{Centralized, Flow, Generating, RunContext, Scan};
use crate::batch::Batch;
use crate::diagnostic::Result;

/// Gives the rows that come in, and then others.
pub struct AppendRows(pub Arc<dyn Generating>);

impl Centralized for AppendRows {
    fn start(&self) -> Box<dyn Scan> {
        Box::new(Appending { rows: Arc::clone(&self.0), any: false, ordered: false })
    }
}

struct Appending {
    rows: Arc<dyn Generating>,
    any: bool,
    ordered: bool,
}

impl Scan for Appending {
    fn step(&mut self, batch: Batch, _: &RunContext) -> Result<(Batch, Flow)> {
        self.any |= batch.rows() > 0;
        self.ordered |= batch.rows() > 0 && batch.ordered;
        Ok((batch, Flow::More))
    }

    fn finish(&mut self, context: &RunContext) -> Result<Vec<Batch>> {
        let mut batches = self.rows.generate(context)?;
        // After events, whose columns stand in no order, those of other rows have none either: else where the
        // input was cut would show.
        if self.any && !self.ordered {
            batches.iter_mut().for_each(|batch| batch.ordered = false);
        }
        Ok(batches)
    }
}
