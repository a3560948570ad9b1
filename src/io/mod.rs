//! Events in, results out.
//!
//! Reading goes in two steps. [`pieces`] cuts the input, file after file, into parts that any thread can work
//! on: small files, sections of large ones, and chunks of what comes in one stream. A [`Reader`] makes rows of a
//! piece, chunk by chunk. Rows keep the order of the input: by file, and within a file as they stand there.
//!
//! Events are JSON objects: one a line, several a line, over several lines, in an array, or in CloudTrail's
//! `{"Records": [...]}` (an object whose first key is `Records`; what stands beside the list is not an
//! event). Plain, gzip or zstd, with or without a byte-order mark; UTF-8, or what `charset.rs` makes it. How a file is read is decided by its first
//! line; in a file whose first line is an event, each line stands for itself.
//!
//! What is not JSON (text, XML events of Windows, values with separators) has a [`Form`], which the planner finds
//! out from the beginning of the file and its source type: see `text/`.

mod buffer;
mod charset;
mod chunk;
mod chunks;
mod discover;
mod envelope;
mod head;
mod input;
mod json;
mod parse;
mod prefilter;
mod problems;
mod replace;
mod section;
mod sniff;
mod split;
mod spool;
mod text;
#[cfg(target_arch = "x86_64")]
mod words;
mod write;

#[cfg(test)]
mod tests;

pub use buffer::Buffer;
pub use charset::{Charset, decode, marked, unmarked};
pub use chunk::{Chunk, Layout};
pub use chunks::{Piece, chunks, pieces};
pub use discover::{InputFile, Origin, discover};
pub use envelope::{Envelope, Inner, keys, open as open_envelope, seen as envelope_seen, told};
pub use head::{Head, Opened, head};
pub use parse::{Parsed, Reader, parse_chunk};
pub use prefilter::{Found, Needle, Prefilter};
pub use problems::Problems;
pub use replace::replace_file;
pub use split::Event;
pub use spool::rereadable;
pub use text::{Breaking, Content, Csv, Form, Header, Merge, Separator};
pub use write::{Format, write};

use std::borrow::Cow;

use crate::batch::{Batch, FieldSet};

/// Longer events than this (128 MiB) are passed over: memory stays bounded whatever the input is.
pub const LONGEST_EVENT: usize = 128 << 20;

/// How events are read. No option changes which rows come out of well-formed input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// About how many bytes are parsed at a time.
    pub chunk_size: usize,
    /// Whether input that is malformed, cut short or unreadable ends the run: see [`Problems::verdict`].
    pub fail_on_malformed: bool,
    /// An event of more bytes than this is passed over; [`LONGEST_EVENT`] unless a test wants less.
    pub longest_event: usize,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { chunk_size: 256 << 10, fail_on_malformed: false, longest_event: LONGEST_EVENT }
    }
}

/// A first look into a file that will be read again. Standard input and pipes are not looked into: what was
/// taken from them is gone.
fn look_into(file: &InputFile) -> Option<impl Iterator<Item = Chunk>> {
    let Origin::Path(path) = &file.origin else { return None };
    let again = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let options = ReadOptions { chunk_size: 128 * 1024, ..ReadOptions::default() };
    again.then(|| chunks(std::slice::from_ref(file), &options))
}

/// The beginning of a file, a line for each event, as far as its first chunk goes; none where it could not be
/// read again.
pub fn sample(file: &InputFile) -> Option<Vec<u8>> {
    let chunk = look_into(file)?.next()?;
    match &chunk.layout {
        Layout::Lines { .. } => Some(chunk.text.to_vec()),
        Layout::Events(events) => {
            let text = |event: &Event| chunk.text.get(event.start..event.end).unwrap_or(&[]);
            let line = |event: &Event| {
                text(event).iter().map(|&byte| if byte == b'\n' { b' ' } else { byte }).collect()
            };
            Some(events.iter().map(line).collect::<Vec<Vec<u8>>>().join(&b'\n'))
        }
    }
}

/// Reads everything on one thread: a batch for each piece that has rows, and what was wrong. Ends early
/// where the options' verdict says so.
pub fn read_all(files: &[InputFile], needs: &FieldSet, options: &ReadOptions) -> (Vec<Batch>, Problems) {
    let mut batches = Vec::new();
    let mut problems = Problems::new();
    for piece in pieces(files, options) {
        let mut reader = Reader::new(needs, None);
        for chunk in piece.chunks() {
            if matches!(chunk.content, Content::Json) {
                reader.read(&chunk);
                continue;
            }
            let parsed = parse_chunk(&chunk, needs, None);
            problems.merge(parsed.problems);
            batches.push(parsed.batch);
        }
        problems.merge(reader.take_problems());
        if reader.rows() > 0 {
            batches.push(reader.take_batch());
        }
        if problems.verdict(options).is_err() {
            break;
        }
    }
    (batches, problems)
}

/// The text of bytes, with U+FFFD for what is not UTF-8. To see first that all is, is twice as fast as to look
/// for what is not.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}
