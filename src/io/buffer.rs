//! Buffers that are used again: fresh memory for every chunk costs as much as reading it.

use std::fmt;
use std::ops::Deref;
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
        let memory = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        Buffer { memory, start: 0, end: 0, pool: Some(Arc::clone(self)) }
    }
}

/// Bytes that go back to their pool when they are no longer needed.
///
/// The memory behind them stays initialised from one use to the next, so reading into it needs no zeroing, and
/// bytes at the beginning are dropped without moving the others.
#[derive(Default)]
pub struct Buffer {
    memory: Vec<u8>,
    /// The part of the memory that is in use.
    start: usize,
    end: usize,
    pool: Option<Arc<Pool>>,
}

impl Buffer {
    /// Room behind the bytes, at least so much. What is put there counts once [`Buffer::grow`] says so.
    pub fn room(&mut self, wanted: usize) -> &mut [u8] {
        if self.start > 0 && self.memory.len() - self.end < wanted {
            self.memory.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.memory.len() - self.end < wanted {
            // As a vector grows: bytes that come in small pieces are not moved for each of them.
            let doubled = if self.end > 0 { self.memory.len() * 2 } else { 0 };
            self.memory.resize(doubled.max(self.end + wanted), 0);
        }
        self.memory.get_mut(self.end..self.end + wanted).unwrap_or_default()
    }

    /// So many more bytes behind the others count.
    pub fn grow(&mut self, count: usize) {
        self.end = self.memory.len().min(self.end + count);
    }

    /// Appends bytes.
    pub fn append(&mut self, bytes: &[u8]) {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.grow(bytes.len());
    }

    /// Drops so many bytes at the beginning.
    pub fn drop_front(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
    }

    /// Keeps so many bytes at the beginning.
    pub fn truncate(&mut self, count: usize) {
        self.end = self.end.min(self.start + count);
    }

    /// Drops all bytes.
    pub fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// How much memory it holds.
    pub fn capacity(&self) -> usize {
        self.memory.capacity()
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(memory: Vec<u8>) -> Buffer {
        Buffer { start: 0, end: memory.len(), memory, pool: None }
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Buffer {
        self.to_vec().into()
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Buffer").field(&String::from_utf8_lossy(self)).finish()
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.memory.get(self.start..self.end).unwrap_or(&[])
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let Some(pool) = &self.pool else { return };
        let memory = std::mem::take(&mut self.memory);
        if !memory.is_empty() && memory.len() <= KEPT {
            pool.free.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_and_go_at_both_ends() {
        let pool = Arc::new(Pool::default());
        let mut buffer = pool.take();
        buffer.append(b"one two");
        buffer.drop_front(4);
        buffer.room(100)[..6].copy_from_slice(b" three");
        buffer.grow(6);
        assert_eq!(&buffer[..], b"two three");
        buffer.truncate(3);
        buffer.append(b"!");
        assert_eq!(&buffer[..], b"two!");
        buffer.drop_front(100);
        assert!(buffer.is_empty());
        drop(buffer);
        let again = pool.take();
        assert!(again.is_empty() && again.capacity() >= 100);
    }
}
