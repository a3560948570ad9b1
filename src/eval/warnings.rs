//! Trouble at run time that does not end the run: collected, said once each, in a stable order.

use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::Diagnostic;

/// How many different warnings are kept; a broken pattern over a million values says no more than this.
const KEPT: usize = 100;

/// A shared list of warnings. Equal ones are kept once.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    list: Arc<Mutex<Vec<Diagnostic>>>,
}

impl Warnings {
    /// No warnings yet.
    pub fn new() -> Warnings {
        Warnings::default()
    }

    /// Adds one, unless it is there already.
    pub fn add(&self, warning: Diagnostic) {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if list.len() < KEPT && !list.contains(&warning) {
            list.push(warning);
        }
    }

    /// All so far, ordered by code and message so that threads do not show.
    pub fn take(&self) -> Vec<Diagnostic> {
        let mut list = std::mem::take(&mut *self.list.lock().unwrap_or_else(PoisonError::into_inner));
        list.sort_by(|a, b| {
            (a.code.as_str(), &a.place, &a.message).cmp(&(b.code.as_str(), &b.place, &b.message))
        });
        list
    }
}
