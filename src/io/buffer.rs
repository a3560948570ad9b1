//! Buffers that are used again: fresh memory for every chunk costs as much as reading it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

/// Buffers that are free. A few more than threads are ever out at once.
#[derive(Debug, Default)]
pub struct Pool {
    free: Mutex<Vec<Vec<u8>>>,
}

/// A longer buffer than this is not kept: it was for one long line.
const KEPT: usize = 8 << 20;

impl Pool {
    /// An empty buffer, with the room that it had before.
    pub fn take(self: &Arc<Pool>) -> Buffer {
        let bytes = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Buffer { bytes, pool: Some(Arc::clone(self)) }
    }
}

/// Bytes that go back to their pool when they are no longer needed.
#[derive(Debug, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    pool: Option<Arc<Pool>>,
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Buffer {
        Buffer { bytes, pool: None }
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Buffer {
        self.bytes.clone().into()
    }
}

impl Deref for Buffer {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let Some(pool) = &self.pool else { return };
        let mut bytes = std::mem::take(&mut self.bytes);
        if bytes.capacity() > 0 && bytes.capacity() <= KEPT {
            bytes.clear();
            pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
        }
    }
}
