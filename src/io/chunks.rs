//! Input cut into chunks that can be parsed in parallel.
//!
//! A file whose first line is an event of its own is read as lines: cut at newlines, which are found a
//! megabyte at a time; what is in the lines is seen by whoever parses the chunk. Anything else (lists,
//! `{"Records": [...]}`, events over several lines) goes through the splitter. Which of the two, what is
//! passed over and what is said about it depend on the file alone, never on the size of chunks.

use memchr::{memchr, memchr_iter, memrchr};

use std::sync::Arc;

use super::ReadOptions;
use super::buffer::{Buffer, Pool};
use super::discover::InputFile;
use super::input::{Input, Stop};
use super::json::is_blank;
use super::problems::{Problems, Trouble};
use super::sniff::{Form, sniff};
use super::split::{Event, Splitter};
use crate::value::Text;

/// Bytes read at a time where the chunks are not larger anyway.
const BLOCK: usize = 64 * 1024;

/// Some events of one file.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Which of the files.
    pub file: usize,
    /// Its name.
    pub name: Text,
    /// The line of the file (from 1) on which the text begins.
    pub first_line: u64,
    /// Whole lines, or events one after the other.
    pub text: Buffer,
    /// Where the events stand in the text.
    pub layout: Layout,
    /// What was found wrong while cutting.
    pub problems: Problems,
}

/// Where the events of a chunk are.
#[derive(Clone, Debug)]
pub enum Layout {
    /// Each line is for itself.
    Lines {
        /// Whether the last line has no end: the file stops there.
        cut: bool,
        /// A longer line than this is passed over.
        longest: usize,
    },
    /// The events were told apart.
    Events(Vec<Event>),
}

/// All chunks of some files, in order.
pub struct Chunks {
    files: std::iter::Enumerate<std::vec::IntoIter<InputFile>>,
    current: Option<FileChunks>,
    options: ReadOptions,
    pool: Arc<Pool>,
}

/// Cuts files into chunks, one file after the other. Files are opened when their turn comes; what cannot be
/// read is said in the problems of the chunks.
pub fn chunks(files: &[InputFile], options: &ReadOptions) -> Chunks {
    let files = files.to_vec();
    Chunks {
        files: files.into_iter().enumerate(),
        current: None,
        options: options.clone(),
        pool: Arc::default(),
    }
}

impl Iterator for Chunks {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        loop {
            if let Some(chunk) = self.current.as_mut().and_then(FileChunks::next) {
                return Some(chunk);
            }
            let (number, file) = self.files.next()?;
            self.current = Some(FileChunks::open(number, &file, &self.options, &self.pool));
        }
    }
}

enum Mode {
    /// At the beginning of a line; what the file is made of is not known yet.
    Start,
    Lines,
    Split(Box<Splitter>),
    Done,
}

/// The chunks of one file.
struct FileChunks {
    file: usize,
    name: Text,
    options: ReadOptions,
    input: Option<Input>,
    mode: Mode,
    /// Read and not yet cut.
    pending: Buffer,
    pool: Arc<Pool>,
    /// How much of `pending` is known to have no newline.
    searched: usize,
    /// The line of the first byte of `pending`.
    line: u64,
    problems: Problems,
}

impl FileChunks {
    fn open(file: usize, input_file: &InputFile, options: &ReadOptions, pool: &Arc<Pool>) -> FileChunks {
        let mut this = FileChunks {
            file,
            name: Text::from(input_file.name.as_str()),
            options: options.clone(),
            input: None,
            mode: Mode::Start,
            pending: pool.take(),
            pool: Arc::clone(pool),
            searched: 0,
            line: 1,
            problems: Problems::new(),
        };
        match Input::open(input_file) {
            Ok(input) => this.input = Some(input),
            Err(stop) => this.stop(stop),
        }
        this
    }

    /// Notes why reading ended early. What was read before is used.
    fn stop(&mut self, stop: Stop) {
        self.input = None;
        match stop {
            Stop::Unreadable(error) => {
                let message = format!("cannot be read to the end: {error}");
                self.problems.unreadable(self.file, &self.name, message, None);
            }
            Stop::Form(form, help) => {
                let message = format!("{form} cannot be read");
                self.problems.unreadable(self.file, &self.name, message, Some(help.to_string()));
            }
            Stop::Compression(error) => {
                let how = match error.kind() {
                    std::io::ErrorKind::UnexpectedEof => "is cut short",
                    _ => "is damaged",
                };
                let message = format!("the gzip data {how}; what came before is used");
                self.problems.compression(self.file, &self.name, message);
            }
        }
    }

    /// Whether all of the file is in `pending`.
    fn ended(&self) -> bool {
        self.input.is_none()
    }

    fn fill(&mut self, wanted: usize) {
        let Some(input) = &mut self.input else { return };
        match input.fill(&mut self.pending, wanted) {
            Ok(false) => {}
            Ok(true) => self.input = None,
            Err(stop) => self.stop(stop),
        }
    }

    fn next(&mut self) -> Option<Chunk> {
        if matches!(self.mode, Mode::Start) {
            self.start();
        }
        let chunk = match std::mem::replace(&mut self.mode, Mode::Done) {
            Mode::Lines => self.lines(),
            Mode::Split(splitter) => self.split(splitter),
            Mode::Start | Mode::Done => None,
        };
        if chunk.is_some() || self.problems.is_empty() {
            return chunk;
        }
        // The rest of what is to be said comes with a chunk of its own.
        Some(self.chunk(Buffer::default(), Layout::Events(Vec::new())))
    }

    fn chunk(&mut self, text: Buffer, layout: Layout) -> Chunk {
        let problems = std::mem::take(&mut self.problems);
        Chunk { file: self.file, name: self.name.clone(), first_line: self.line, text, layout, problems }
    }

    /// Finds the first line with something in it and decides by it how the file is read.
    fn start(&mut self) {
        let mut at_start = true;
        loop {
            if self.pending.len() < 3 && !self.ended() {
                self.fill(BLOCK);
            }
            if std::mem::take(&mut at_start) && self.pending.starts_with(b"\xef\xbb\xbf") {
                self.pending.drain(..3);
            }
            self.drop_blanks();
            if self.pending.is_empty() {
                if self.ended() {
                    if self.problems.is_empty() {
                        self.problems.empty(self.file, &self.name);
                    }
                    self.mode = Mode::Done;
                    return;
                }
                continue;
            }
            match sniff(&self.pending, self.ended()) {
                Form::Unclear => self.fill(BLOCK),
                Form::Lines => self.mode = Mode::Lines,
                Form::Values => {
                    let longest = self.options.longest_event;
                    let splitter = Splitter::new(self.file, self.name.clone(), self.line, longest);
                    self.mode = Mode::Split(Box::new(splitter));
                }
                Form::Junk => {
                    self.problems.add(self.file, &self.name, Trouble::Line, self.line);
                    self.drop_line();
                }
            }
            if !matches!(self.mode, Mode::Start) {
                return;
            }
        }
    }

    /// Drops blanks and empty lines at the beginning of `pending`.
    fn drop_blanks(&mut self) {
        let end = self.pending.iter().position(|&byte| !is_blank(byte)).unwrap_or(self.pending.len());
        self.line += newlines(self.pending.get(..end).unwrap_or(&[]));
        self.pending.drain(..end);
        self.searched = 0;
    }

    /// Drops the rest of the line, however long it is, without keeping it.
    fn drop_line(&mut self) {
        loop {
            if let Some(end) = memchr(b'\n', &self.pending) {
                self.pending.drain(..=end);
                self.line += 1;
                break;
            }
            self.pending.clear();
            if self.ended() {
                break;
            }
            self.fill(BLOCK);
        }
        self.searched = 0;
    }

    /// The next chunk of whole lines.
    fn lines(&mut self) -> Option<Chunk> {
        loop {
            if let Some(end) = self.line_end() {
                return Some(self.take_lines(end, false));
            }
            if self.ended() {
                if self.pending.is_empty() {
                    return None;
                }
                return Some(self.take_lines(self.pending.len(), true));
            }
            if self.searched > 0 && !self.bearable() {
                self.drop_line();
            }
            self.fill(self.options.chunk_size.saturating_sub(self.pending.len()).max(BLOCK));
        }
    }

    /// Where to cut `pending`: after the last newline within a chunk's size, or else the first beyond it.
    fn line_end(&mut self) -> Option<usize> {
        let size = self.options.chunk_size.max(1);
        if self.pending.len() < size && !self.ended() {
            return None;
        }
        if self.searched < size
            && let Some(end) = memrchr(b'\n', self.pending.get(..size).unwrap_or(&self.pending))
        {
            return Some(end + 1);
        }
        let from = self.searched.max(size).min(self.pending.len());
        let end = memchr(b'\n', self.pending.get(from..).unwrap_or(&[]));
        if end.is_none() {
            self.searched = self.pending.len();
        }
        end.map(|end| from + end + 1)
    }

    /// Whether the unfinished line that `pending` is may still become an event that is not too long.
    fn bearable(&mut self) -> bool {
        if self.pending.first().copied().is_some_and(is_blank) {
            self.drop_blanks();
            self.searched = self.pending.len();
        }
        let trouble = match self.pending.first() {
            None => return true,
            Some(b'{' | b'[') if self.pending.len() <= self.options.longest_event => return true,
            Some(b'{' | b'[') => Trouble::TooLong,
            Some(_) => Trouble::Line,
        };
        self.problems.add(self.file, &self.name, trouble, self.line);
        false
    }

    fn take_lines(&mut self, end: usize, cut: bool) -> Chunk {
        let mut rest = self.pool.take();
        rest.extend_from_slice(self.pending.get(end..).unwrap_or(&[]));
        self.pending.truncate(end);
        let text = std::mem::replace(&mut self.pending, rest);
        self.searched = 0;
        self.mode = Mode::Lines;
        let lines = newlines(&text);
        let chunk = self.chunk(text, Layout::Lines { cut, longest: self.options.longest_event });
        self.line += lines;
        chunk
    }

    /// The next chunk of events that have to be told apart.
    fn split(&mut self, mut splitter: Box<Splitter>) -> Option<Chunk> {
        loop {
            let read = splitter.feed(&self.pending, self.options.chunk_size.max(1));
            self.pending.drain(..read);
            let full = !self.pending.is_empty();
            if !full && !self.ended() {
                // Always the same block: where an event becomes too long must not depend on chunks.
                self.fill(BLOCK);
                continue;
            }
            if !full {
                splitter.end();
            }
            self.problems.merge(std::mem::take(&mut splitter.problems));
            if !full && !splitter.met && self.problems.is_empty() {
                self.problems.empty(self.file, &self.name);
            }
            let text = std::mem::take(&mut splitter.text);
            let events = std::mem::take(&mut splitter.events);
            if events.is_empty() && !full {
                return None;
            }
            self.line = events.first().map_or(self.line, |event| event.line);
            if full {
                self.mode = Mode::Split(splitter);
            }
            return Some(self.chunk(text.into(), Layout::Events(events)));
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}
