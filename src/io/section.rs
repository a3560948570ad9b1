//! Parts of a file of lines, read side by side: each by whoever parses it.
//!
//! A section has the lines that begin in it. So it reads from one byte before its beginning, to see whether a
//! line begins there, and on behind its end, to the end of its last line. Nobody has to look for newlines before
//! the work can be handed out.

use std::sync::Arc;

use memchr::{memchr, memrchr};

use super::ReadOptions;
use super::buffer::{Buffer, Pool};
use super::chunk::{Chunk, Layout};
use super::input::Placed;
use super::json::is_blank;
use super::problems::{Problems, Trouble};
use super::text::Content;
use crate::value::Text;

/// How much is read at a time behind the end of a section.
const TAIL: usize = 16 * 1024;

/// Sections begin with one chunk and grow up to so many: the first rows come early, and what is done once a
/// section is done seldom.
const MOST_CHUNKS: u64 = 64;

/// A file is cut into this many sections at least, if they do not become small then: what was learned of the lines of
/// a section is learned anew in the next.
const LEAST_SECTIONS: u64 = 64;
const SMALL_CHUNKS: u64 = 8;

/// The sections of a file, in order.
#[derive(Debug)]
pub struct Sections {
    placed: Placed,
    file: usize,
    name: Text,
    options: ReadOptions,
    pool: Arc<Pool>,
    /// The line that the first begins with.
    line: u64,
    number: u32,
    size: u64,
    /// How long the file is, as far as is known.
    length: u64,
}

impl Sections {
    /// Those from a place in a file on, at which the given line begins.
    pub fn new(
        placed: Placed,
        line: u64,
        (file, name): (usize, Text),
        options: &ReadOptions,
        pool: &Arc<Pool>,
    ) -> Sections {
        let (options, pool) = (options.clone(), Arc::clone(pool));
        let size = options.chunk_size.max(1) as u64;
        Sections { placed, file, name, options, pool, line, number: 0, size, length: 0 }
    }
}

impl Iterator for Sections {
    type Item = Section;

    fn next(&mut self) -> Option<Section> {
        let start = self.placed.at;
        if start >= self.length {
            // A file may be written to while it is read.
            self.length = self.placed.file.metadata().map_or(0, |metadata| metadata.len());
            if start >= self.length {
                return None;
            }
        }
        let chunk = self.options.chunk_size.max(1) as u64;
        let end = start.saturating_add(self.size).min(self.length);
        let chunks = |count: u64| chunk.saturating_mul(count);
        let most = (self.length / LEAST_SECTIONS).clamp(chunks(SMALL_CHUNKS), chunks(MOST_CHUNKS));
        self.size = self.size.saturating_mul(2).min(most);
        self.placed.at = end;
        let number = self.number;
        self.number += 1;
        Some(Section {
            // The byte before the beginning shows whether a line begins there.
            placed: Placed { file: Arc::clone(&self.placed.file), at: start - u64::from(number > 0) },
            end,
            file: self.file,
            name: self.name.clone(),
            number,
            first_line: if number == 0 { self.line } else { 1 },
            options: self.options.clone(),
            pending: self.pool.take(),
            pool: Arc::clone(&self.pool),
            searched: 0,
            state: if number == 0 { State::Lines } else { State::Within },
            begun: false,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In a line that is not of this section, or that is passed over.
    Within,
    /// At the beginning of a line.
    Lines,
    /// In a line of this section.
    Line,
    Done,
}

/// A part of a file of lines; an iterator over its chunks.
#[derive(Debug)]
pub struct Section {
    /// What is read next is what follows `pending`.
    placed: Placed,
    /// Lines that begin here or later are not of this section.
    end: u64,
    file: usize,
    name: Text,
    number: u32,
    /// The first line, counted from the beginning of the file in its first section and of the section in others.
    first_line: u64,
    options: ReadOptions,
    pending: Buffer,
    pool: Arc<Pool>,
    /// How much of `pending` is known to have no newline.
    searched: usize,
    state: State,
    /// Whether a chunk was given.
    begun: bool,
}

impl Section {
    /// Which of the files it belongs to.
    pub fn file(&self) -> usize {
        self.file
    }

    /// The place in the file of the first byte of `pending`.
    fn at(&self) -> u64 {
        self.placed.at - self.pending.len() as u64
    }

    /// Reads on; says whether there was anything. A file that is shorter than it was ends where it ends.
    fn fill(&mut self) -> std::io::Result<bool> {
        let before = self.pending.len();
        let in_section = self.end.saturating_sub(self.placed.at);
        let size = self.options.chunk_size.max(1).saturating_sub(before).max(TAIL);
        // As long as no line of this section was met, what is behind it is of no use.
        let behind = if self.state == State::Within { 0 } else { TAIL };
        let wanted = usize::try_from(in_section).map_or(size, |left| left.saturating_add(behind).min(size));
        self.placed.fill(&mut self.pending, wanted)?;
        Ok(self.pending.len() > before)
    }

    /// Passes over the rest of a line; says whether another one of this section may follow.
    fn pass_over(&mut self) -> std::io::Result<bool> {
        loop {
            let newline = memchr(b'\n', &self.pending);
            self.pending.drop_front(newline.map_or(self.pending.len(), |newline| newline + 1));
            self.searched = 0;
            let ours = self.at() < self.end;
            if newline.is_some() || !ours || !self.fill()? {
                return Ok(ours);
            }
        }
    }

    /// Where to cut `pending`: behind its last newline, but, where the section ends in it, behind the line that
    /// goes over the end. None where it has no newline.
    fn cut(&mut self) -> Option<usize> {
        let ours = usize::try_from(self.end.saturating_sub(self.at())).unwrap_or(usize::MAX);
        let from = self.searched.max(ours.saturating_sub(1));
        let over_the_end = self.pending.get(from..).and_then(|rest| memchr(b'\n', rest));
        let end = over_the_end.map(|newline| from + newline).or_else(|| {
            let fresh = self.pending.get(self.searched..)?;
            memrchr(b'\n', fresh).map(|newline| self.searched + newline)
        });
        self.searched = self.pending.len();
        end.map(|newline| newline + 1)
    }

    fn lines(&mut self) -> std::io::Result<Option<Chunk>> {
        loop {
            if self.state == State::Within {
                self.state = if self.pass_over()? { State::Lines } else { State::Done };
            }
            let over = self.state == State::Lines && self.at() >= self.end;
            if over || self.state == State::Done {
                return Ok(None);
            }
            if let Some(end) = self.cut() {
                self.state = State::Lines;
                return Ok(Some(self.take(end, false)));
            }
            if let Some(trouble) = self.unbearable() {
                self.state = State::Within;
                let mut chunk = self.take(0, false);
                chunk.passed_over = Some(trouble);
                return Ok(Some(chunk));
            }
            if !self.fill()? {
                self.state = State::Done;
                let rest = self.pending.len();
                return Ok((rest > 0).then(|| self.take(rest, true)));
            }
        }
    }

    /// Why the unfinished line that `pending` is cannot become an event. Blanks at its beginning are dropped:
    /// they may be many.
    fn unbearable(&mut self) -> Option<Trouble> {
        let text = self.pending.iter().position(|&byte| !is_blank(byte));
        self.pending.drop_front(text.unwrap_or(self.pending.len()));
        self.searched = self.pending.len();
        self.state = State::Line;
        match self.pending.first()? {
            b'{' | b'[' if self.pending.len() <= self.options.longest_event => None,
            b'{' | b'[' => Some(Trouble::TooLong),
            _ => Some(Trouble::Line),
        }
    }

    /// The beginning of `pending` as a chunk.
    fn take(&mut self, end: usize, cut: bool) -> Chunk {
        let mut rest = self.pool.take();
        rest.append(self.pending.get(end..).unwrap_or(&[]));
        self.pending.truncate(end);
        self.searched = 0;
        let text = std::mem::replace(&mut self.pending, rest);
        let first_line = (!std::mem::replace(&mut self.begun, true)).then_some(self.first_line);
        Chunk {
            file: self.file,
            name: self.name.clone(),
            section: Some(self.number),
            first_line,
            text,
            content: Content::Json,
            layout: Layout::Lines { cut, longest: self.options.longest_event },
            passed_over: None,
            problems: Problems::new(),
        }
    }
}

impl Iterator for Section {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        match self.lines() {
            Ok(chunk) => chunk,
            Err(error) => {
                self.state = State::Done;
                let message = format!("cannot be read to the end: {error}");
                let mut chunk = self.take(0, false);
                self.pending.clear();
                chunk.problems.unreadable(self.file, &self.name, message, None);
                Some(chunk)
            }
        }
    }
}
