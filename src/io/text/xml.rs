//! Windows events as XML: `<Event …>…</Event>`, one a line, over several lines, or one after the other without
//! anything between.
//!
//! In a value `<` is always written `&lt;`: so `<Event` begins an event wherever it stands.

use std::sync::Arc;

use memchr::memmem;

use super::super::charset::unmarked;
use super::super::problems::Trouble;
use super::{Content, Cut, LastTime};
use crate::time::Stamp;

const OPEN: &[u8] = b"<Event";
const CLOSE: &[u8] = b"</Event>";

/// Cuts elements; what stands between them is passed over, and said if it is more than blanks, a declaration or
/// the tags of `<Events>`.
#[derive(Debug)]
pub struct Elements {
    last: LastTime,
    /// How much of the input is known to hold no end of an event.
    searched: usize,
    /// The rest of an event that is too long is passed over.
    too_long: bool,
}

impl Elements {
    pub(super) fn new(stamp: Arc<Stamp>) -> Elements {
        Elements { last: LastTime { stamp, time: None }, searched: 0, too_long: false }
    }

    /// What the parser must know of the events that were just cut.
    pub(super) fn content(&mut self, cut: &Cut) -> Content {
        self.last.content(cut)
    }

    pub(super) fn feed(&mut self, bytes: &[u8], ended: bool, full: usize, cut: &mut Cut) -> usize {
        let mut at = 0;
        while !cut.is_full(full) {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let from = self.searched.saturating_sub(CLOSE.len()).min(rest.len());
            let end =
                memmem::find(rest.get(from..).unwrap_or(&[]), CLOSE).map(|end| from + end + CLOSE.len());
            let Some(end) = end else {
                self.searched = rest.len();
                at += self.unfinished(rest, ended, cut);
                break;
            };
            self.searched = 0;
            let piece = rest.get(..end).unwrap_or(&[]);
            self.piece(piece, cut);
            cut.pass(piece);
            at += end;
        }
        at
    }

    /// Text up to the end of an event.
    fn piece(&mut self, piece: &[u8], cut: &mut Cut) {
        let too_long = std::mem::take(&mut self.too_long);
        let Some(start) = last_open(piece) else {
            if !too_long {
                cut.trouble(Trouble::Xml, cut.line);
            }
            return;
        };
        let before = piece.get(..start).unwrap_or(&[]);
        let line = cut.line + memchr::memchr_iter(b'\n', before).count() as u64;
        if last_open(before).is_some() {
            // The event before has no end.
            cut.trouble(Trouble::Xml, cut.line);
        } else if !too_long && !is_frame(before) {
            cut.trouble(Trouble::OutsideXml, cut.line);
        }
        let event = piece.get(start..).unwrap_or(&[]);
        if event.len() > cut.longest {
            cut.trouble(Trouble::TooLong, line);
        } else {
            cut.event(event, line);
        }
    }

    /// Text without the end of an event: the rest of the file, or more must be read. Gives how much of it is
    /// done with.
    fn unfinished(&mut self, rest: &[u8], ended: bool, cut: &mut Cut) -> usize {
        if ended {
            if let Some(start) = last_open(rest) {
                cut.pass(rest.get(..start).unwrap_or(&[]));
                cut.trouble(Trouble::CutEvent, cut.line);
                cut.pass(rest.get(start..).unwrap_or(&[]));
                return rest.len();
            }
            if !self.too_long && !is_frame(rest) {
                cut.trouble(Trouble::OutsideXml, cut.line);
            }
            cut.pass(rest);
            return rest.len();
        }
        if rest.len() <= cut.longest {
            return 0;
        }
        if !std::mem::replace(&mut self.too_long, true) {
            cut.trouble(Trouble::TooLong, cut.line);
        }
        // What may be the beginning of its end is kept.
        let done = rest.len() - CLOSE.len();
        cut.pass(rest.get(..done).unwrap_or(&[]));
        self.searched = 0;
        done
    }
}

/// Where the last event of a text begins: `<Event` and no further letter of a name.
fn last_open(text: &[u8]) -> Option<usize> {
    let mut end = text.len();
    loop {
        let at = memmem::rfind(text.get(..end)?, OPEN)?;
        let next = text.get(at + OPEN.len());
        if next.is_some_and(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/')) {
            return Some(at);
        }
        end = at;
    }
}

/// Whether text between events says nothing: blanks, commas, a declaration, the tags of `<Events>`.
fn is_frame(text: &[u8]) -> bool {
    let mut rest = unmarked(text).trim_ascii();
    while let Some(tag) = rest.strip_prefix(b"<") {
        let frame = [&b"?xml"[..], b"Events", b"/Events"].iter().any(|name| tag.starts_with(name));
        let Some(end) = memchr::memchr(b'>', tag).filter(|_| frame) else { return false };
        rest = tag.get(end + 1..).unwrap_or(&[]).trim_ascii();
    }
    rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b',')
}
