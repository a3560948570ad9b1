//! Text broken into lines, and lines put together to events: props.conf's `LINE_BREAKER`, `TRUNCATE` and what
//! [`Merge`] stands for.

use std::borrow::Cow;
use std::sync::Arc;

use crate::eval::Regex;
use memchr::memchr2;

use super::super::lossy;
use super::super::problems::Trouble;
use super::merge::{Merge, Progress};
use super::{Content, Cut, LastTime};
use crate::time::Stamp;

/// A match of `LINE_BREAKER` counts only with so many bytes behind it, or at the end of the file: what an
/// expression sees of what follows must not depend on how the file is read.
const AHEAD: usize = 4096;

/// How a file of text is broken into events.
#[derive(Clone, Debug)]
pub struct Breaking {
    /// Where its first group matches, a line ends and the next begins; none for ends of lines.
    pub breaker: Option<Regex>,
    /// How lines become events; none where each is one.
    pub merge: Option<Merge>,
    /// The length in bytes at which a line is cut.
    pub truncate: Option<usize>,
    /// How the time of an event is read.
    pub stamp: Arc<Stamp>,
}

/// Cuts a file of text.
#[derive(Debug)]
pub struct Lines {
    breaking: Arc<Breaking>,
    progress: Progress,
    /// The event that may have further lines, and the line of the file on which it begins.
    open: Vec<u8>,
    open_line: u64,
    /// How much of the input is known to hold no end of a line.
    searched: usize,
    /// The rest of a line that is too long is passed over.
    too_long: bool,
    last: LastTime,
}

impl Lines {
    pub(super) fn new(breaking: Arc<Breaking>) -> Lines {
        let last = LastTime { stamp: Arc::clone(&breaking.stamp), time: None };
        Lines {
            breaking,
            progress: Progress::default(),
            open: Vec::new(),
            open_line: 1,
            searched: 0,
            too_long: false,
            last,
        }
    }

    /// What the parser must know of the events that were just cut.
    pub(super) fn content(&mut self, cut: &Cut) -> Content {
        self.last.content(cut)
    }

    /// Whether no event waits for further lines.
    pub(super) fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn feed(&mut self, bytes: &[u8], ended: bool, full: usize, cut: &mut Cut) -> usize {
        let text = self.breaking.breaker.is_some().then(|| as_text(bytes));
        let mut at = 0;
        while !cut.is_full(full) {
            let found = match (&self.breaking.breaker, &text) {
                (Some(breaker), Some(text)) => first_break(breaker, text, at, ended),
                _ => self.line_end(bytes, at),
            };
            let (line, next) = match found {
                Some(found) => found,
                None if ended && bytes.len() - at <= cut.longest => (bytes.len(), bytes.len()),
                None => {
                    at += self.drop_long(bytes.get(at..).unwrap_or(&[]), cut);
                    break;
                }
            };
            if next == at {
                self.close(cut);
                break;
            }
            self.searched = 0;
            if !std::mem::take(&mut self.too_long) {
                self.line(bytes.get(at..line).unwrap_or(&[]), cut);
            }
            cut.pass(bytes.get(at..next).unwrap_or(&[]));
            at = next;
        }
        at
    }

    /// Where the line that begins at `at` ends, and the next begins.
    fn line_end(&mut self, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        let from = at + self.searched;
        let Some(end) = memchr2(b'\n', b'\r', bytes.get(from..)?) else {
            self.searched = bytes.len() - at;
            return None;
        };
        let breaks = bytes.get(from + end..)?.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        Some((from + end, from + end + breaks.count()))
    }

    /// Passes over what has grown too long for a line; gives how much of it.
    fn drop_long(&mut self, rest: &[u8], cut: &mut Cut) -> usize {
        if rest.len() <= cut.longest {
            return 0;
        }
        if !std::mem::replace(&mut self.too_long, true) {
            cut.trouble(Trouble::TooLong, cut.line);
        }
        cut.pass(rest);
        self.searched = 0;
        rest.len()
    }

    fn line(&mut self, line: &[u8], cut: &mut Cut) {
        let line = truncate(line, self.breaking.truncate);
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let breaking = Arc::clone(&self.breaking);
        let Some(merge) = &breaking.merge else {
            let line_number = cut.line;
            cut.event(line, line_number);
            return;
        };
        let begins = merge.begins(&lossy(line), &breaking.stamp, &mut self.progress);
        if begins || self.open.len() + line.len() > cut.longest {
            self.close(cut);
            self.open_line = cut.line;
        } else {
            self.open.push(b'\n');
        }
        self.open.extend_from_slice(line);
    }

    /// The open event has no further lines.
    fn close(&mut self, cut: &mut Cut) {
        if !self.open.is_empty() {
            cut.event(&self.open, self.open_line);
            self.open.clear();
        }
    }
}

/// A line cut at a length in bytes, on a character.
fn truncate(line: &[u8], length: Option<usize>) -> &[u8] {
    let Some(length) = length.filter(|length| *length < line.len()) else { return line };
    let continues = |at: usize| line.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    let end = (0..=length).rev().find(|&at| !continues(at)).unwrap_or(0);
    line.get(..end).unwrap_or(line)
}

/// The first match of a breaker from a place on that is not at the very end of what was read: where its group
/// begins and ends.
fn first_break(breaker: &Regex, text: &str, at: usize, ended: bool) -> Option<(usize, usize)> {
    let mut from = at;
    loop {
        let captures = breaker.captures_from(text, from).ok().flatten()?;
        let (whole, group) = (captures.get(0)?, captures.get(1).or_else(|| captures.get(0))?);
        if !ended && whole.end() + AHEAD > text.len() {
            return None;
        }
        // A break before the first byte breaks nothing.
        if group.end() > at {
            return Some((group.start().max(at), group.end()));
        }
        from = whole.end() + text.get(whole.end()..)?.chars().next()?.len_utf8();
    }
}

/// The bytes as text of the same length: what is not UTF-8 becomes a control character.
fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\x1a'));
    }
    Cow::Owned(text)
}
