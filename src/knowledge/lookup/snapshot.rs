//! The tables that the expressions of a run look things up in.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::Knowledge;
use super::LookupTable;
use super::definition::unknown;
use crate::batch::FieldMap;
use crate::diagnostic::Result;

/// Lookup tables, each as it was when it was first asked for: what the run itself writes is not seen, as by
/// the command `lookup`. Clones share what was read.
#[derive(Clone, Debug, Default)]
pub struct LookupSnapshot {
    knowledge: Option<Arc<Knowledge>>,
    read: Arc<Mutex<FieldMap<Arc<LookupTable>>>>,
}

impl LookupSnapshot {
    /// The tables of the apps; none read so far. The default knows no lookup.
    pub fn new(knowledge: &Arc<Knowledge>) -> LookupSnapshot {
        LookupSnapshot { knowledge: Some(Arc::clone(knowledge)), read: Arc::default() }
    }

    /// The table of a lookup.
    ///
    /// # Errors
    /// Those of [`Knowledge::lookup`].
    pub fn get(&self, name: &str) -> Result<Arc<LookupTable>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = read.get(name) {
            return Ok(Arc::clone(table));
        }
        let Some(knowledge) = &self.knowledge else { return Err(unknown(name, [])) };
        let table = knowledge.lookup(name)?;
        read.insert(name.into(), Arc::clone(&table));
        Ok(table)
    }
}
