//! A first look into a file, before it is read.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::buffer::Buffer;
use super::discover::{InputFile, Origin};
use super::input::Input;

/// How much of a file is looked at to recognise it, in bytes.
const HEAD: usize = 32 * 1024;

/// The beginning of a file.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Its first bytes, unpacked.
    pub bytes: Vec<u8>,
    /// Whether they are all of it.
    pub ended: bool,
    /// Whether they were UTF-16, and are UTF-8 now.
    pub decoded: bool,
}

/// An input that was opened for a first look, with what was read of it: a pipe gives its bytes only once.
#[derive(Clone, Default)]
pub struct Opened(Arc<Mutex<Option<(Input, Head)>>>);

impl Opened {
    /// The input, if it is open; the second who asks opens it again.
    pub(super) fn take(&self) -> Option<(Input, Head)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened")
    }
}

/// The beginning of a file; none where it cannot be read. Whoever reads the file later gets all of it.
pub fn head(file: &InputFile) -> Option<Head> {
    if let Some((_, head)) = &*file.opened.0.lock().unwrap_or_else(PoisonError::into_inner) {
        return Some(head.clone());
    }
    let mut input = Input::open(file).ok()?;
    let mut buffer = Buffer::default();
    // What is damaged further on is said when the file is read.
    let ended = input.fill(&mut buffer, HEAD).unwrap_or(true);
    let head = Head { bytes: buffer.to_vec(), ended, decoded: input.is_decoded() };
    let again = match &file.origin {
        Origin::Path(path) => std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()),
        Origin::Stdin => false,
    };
    if !again {
        *file.opened.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((input, head.clone()));
    }
    Some(head)
}
