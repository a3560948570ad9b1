//! Input cut into pieces that can be read and parsed in parallel.
//!
//! A file whose first line is an event of its own is read as lines: in sections that nobody has looked into
//! before (`section.rs`), or, where it comes in one stream, cut at newlines; what is in the lines is seen by
//! whoever parses the chunk. Anything else (lists, `{"Records": [...]}`, events over several lines) goes through
//! the splitter. Which of the two, what is passed over and what is said about it depend on the file alone, never
//! on the size of chunks.

use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use super::ReadOptions;
use super::buffer::{Buffer, Pool};
use super::chunk::{Chunk, Layout};
use super::discover::{InputFile, Origin};
use super::input::{Input, Placed, Stop};
use super::json::is_blank;
use super::problems::{Problems, Trouble};
use super::section::{Section, Sections};
use super::sniff::{Form as Shape, sniff};
use super::split::Splitter;
use super::text::{Broken, Content, Cuts, Form};
use crate::value::Text;

/// Bytes read at a time where the chunks are not larger anyway.
const BLOCK: usize = 64 * 1024;

/// A part of the input that can be read and parsed by itself.
pub enum Piece {
    /// A whole file that is not large.
    File(Box<FileChunks>),
    /// Lines of a file.
    Section(Box<Section>),
    /// Events that were read already.
    Chunks(Vec<Chunk>),
}

impl Piece {
    /// Which of the files it belongs to.
    pub fn file(&self) -> usize {
        match self {
            Piece::File(chunks) => chunks.file,
            Piece::Section(section) => section.file(),
            Piece::Chunks(chunks) => chunks.first().map_or(0, |chunk| chunk.file),
        }
    }

    /// Its chunks, read one after the other.
    pub fn chunks(self) -> Box<dyn Iterator<Item = Chunk>> {
        match self {
            Piece::File(chunks) => Box::new(chunks.flat_map(Piece::chunks)),
            Piece::Section(section) => Box::new(section),
            Piece::Chunks(chunks) => Box::new(chunks.into_iter()),
        }
    }
}

/// Pieces of what comes in one stream begin with one chunk and grow up to so many.
const MOST_AT_ONCE: usize = 8;

/// A file of no more bytes is one piece: whoever works on it opens it.
const SMALL_FILE: u64 = 2 << 20;

/// The input of some files, in order.
pub struct Pieces {
    files: std::iter::Enumerate<std::vec::IntoIter<InputFile>>,
    current: Option<Box<FileChunks>>,
    options: ReadOptions,
    pool: Arc<Pool>,
    in_parts: bool,
}

/// Cuts files into pieces that can be read side by side. Files are opened when their turn comes; what cannot be
/// read is said in the problems of the chunks. Where malformed input ends the run, it is read in one stream, to
/// know the line when that happens.
pub fn pieces(files: &[InputFile], options: &ReadOptions) -> Pieces {
    let files = files.to_vec();
    Pieces {
        files: files.into_iter().enumerate(),
        current: None,
        options: options.clone(),
        pool: Arc::default(),
        in_parts: !options.fail_on_malformed,
    }
}

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.current.as_mut().and_then(|file| file.next()) {
                return Some(piece);
            }
            let (number, file) = self.files.next()?;
            let chunks = Box::new(FileChunks::new(number, &file, &self.options, &self.pool, self.in_parts));
            if self.in_parts && is_small(&file) {
                return Some(Piece::File(chunks));
            }
            self.current = Some(chunks);
        }
    }
}

fn is_small(file: &InputFile) -> bool {
    let Origin::Path(path) = &file.origin else { return false };
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= SMALL_FILE)
}

/// All chunks of some files, in order, read in one stream.
pub fn chunks(files: &[InputFile], options: &ReadOptions) -> impl Iterator<Item = Chunk> + use<> {
    let stream = Pieces { in_parts: false, ..pieces(files, options) };
    stream.flat_map(Piece::chunks)
}

enum Mode {
    /// Not opened yet.
    Closed(InputFile),
    /// At the beginning of a line; what the file is made of is not known yet.
    Start,
    Sections(Sections),
    Lines,
    Split(Box<Splitter>),
    Break(Box<Broken>),
    Done,
}

/// One file; an iterator over its pieces.
pub struct FileChunks {
    file: usize,
    form: Form,
    name: Text,
    options: ReadOptions,
    /// Whether it is read in sections where that can be.
    in_parts: bool,
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
    /// How many chunks make the next piece, where they come in one stream.
    at_once: usize,
}

impl FileChunks {
    fn new(
        file: usize,
        input_file: &InputFile,
        options: &ReadOptions,
        pool: &Arc<Pool>,
        in_parts: bool,
    ) -> FileChunks {
        FileChunks {
            file,
            form: input_file.form.clone(),
            name: Text::from(input_file.name.as_str()),
            options: options.clone(),
            in_parts,
            input: None,
            mode: Mode::Closed(input_file.clone()),
            pending: Buffer::default(),
            pool: Arc::clone(pool),
            searched: 0,
            line: 1,
            problems: Problems::new(),
            at_once: 1,
        }
    }

    fn open(&mut self, file: &InputFile) {
        self.pending = self.pool.take();
        self.mode = Mode::Start;
        let opened = file.opened.take().map(|(input, head)| match file.encoding {
            Some(encoding) => input.decoded(head.bytes, encoding),
            None => {
                self.pending.append(&head.bytes);
                input
            }
        });
        match opened.map_or_else(|| Input::open(file), Ok) {
            Ok(input) => self.input = Some(input),
            Err(stop) => self.stop(stop),
        }
        self.start();
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
            Stop::Compression(with, error) => {
                let how = match error.kind() {
                    std::io::ErrorKind::UnexpectedEof => "is cut short",
                    _ => "is damaged",
                };
                let message = format!("the {with} data {how}; what came before is used");
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

    fn chunk(&mut self, text: Buffer, layout: Layout) -> Chunk {
        let problems = std::mem::take(&mut self.problems);
        Chunk {
            file: self.file,
            name: self.name.clone(),
            section: None,
            first_line: Some(self.line),
            text,
            layout,
            content: Content::Json,
            passed_over: None,
            problems,
        }
    }

    /// The next chunk of what comes in one stream, or what is to be said before its sections.
    fn next_chunk(&mut self) -> Option<Chunk> {
        let chunk = match std::mem::replace(&mut self.mode, Mode::Done) {
            Mode::Lines => self.lines(),
            Mode::Split(splitter) => self.split(splitter),
            Mode::Break(broken) => self.broken(broken),
            mode @ Mode::Sections(_) => {
                self.mode = mode;
                None
            }
            Mode::Closed(_) | Mode::Start | Mode::Done => None,
        };
        if chunk.is_none() && self.problems.is_empty() {
            return None;
        }
        // What is to be said without events comes with a chunk of its own.
        Some(chunk.unwrap_or_else(|| self.chunk(Buffer::default(), Layout::Events(Vec::new()))))
    }

    /// The file is one of lines: who reads them?
    fn lines_mode(&mut self) -> Mode {
        let Some(Input::File(placed)) = self.input.as_ref().filter(|_| self.in_parts) else {
            return Mode::Lines;
        };
        let placed = Placed { at: placed.at - self.pending.len() as u64, ..placed.clone() };
        let file = (self.file, self.name.clone());
        let sections = Sections::new(placed, self.line, file, &self.options, &self.pool);
        (self.pending, self.input) = (Buffer::default(), None);
        Mode::Sections(sections)
    }

    /// Finds the first line with something in it and decides by it how the file is read.
    fn start(&mut self) {
        let mut at_start = true;
        loop {
            if self.pending.len() < 3 && !self.ended() {
                self.fill(BLOCK);
            }
            if std::mem::take(&mut at_start) && self.pending.starts_with(b"\xef\xbb\xbf") {
                self.pending.drop_front(3);
            }
            let file = (self.file, self.name.clone());
            if let Some(broken) = Broken::new(&self.form, file, self.options.longest_event) {
                self.mode = Mode::Break(Box::new(broken));
                return;
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
                Shape::Unclear => self.fill(BLOCK),
                Shape::Lines => self.mode = self.lines_mode(),
                Shape::Values => {
                    let longest = self.options.longest_event;
                    let splitter = Splitter::new(self.file, self.name.clone(), self.line, longest);
                    self.mode = Mode::Split(Box::new(splitter));
                }
                Shape::Junk => {
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
        self.pending.drop_front(end);
        self.searched = 0;
    }

    /// Drops the rest of the line, however long it is, without keeping it.
    fn drop_line(&mut self) {
        loop {
            if let Some(end) = memchr(b'\n', &self.pending) {
                self.pending.drop_front(end + 1);
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
        rest.append(self.pending.get(end..).unwrap_or(&[]));
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
            self.pending.drop_front(read);
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

    /// The next chunk of events that are not JSON.
    fn broken(&mut self, mut broken: Box<Broken>) -> Option<Chunk> {
        let size = self.options.chunk_size.max(1);
        while let Some(wanted) = broken.feed(&mut self.pending, self.input.is_none(), size) {
            self.fill(wanted.max(BLOCK));
        }
        let Cuts { text, events, content, problems, more, empty } = broken.take(size);
        self.problems.merge(problems);
        if empty && self.problems.is_empty() {
            self.problems.empty(self.file, &self.name);
        }
        self.line = events.first()?.line;
        if more {
            self.mode = Mode::Break(broken);
        }
        Some(Chunk { content, ..self.chunk(text.into(), Layout::Events(events)) })
    }
}

impl Iterator for FileChunks {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let mode = std::mem::replace(&mut self.mode, Mode::Done);
        match mode {
            Mode::Closed(file) => self.open(&file),
            mode => self.mode = mode,
        }
        // What was found wrong before comes first.
        if self.problems.is_empty()
            && let Mode::Sections(sections) = &mut self.mode
        {
            return sections.next().map(|section| Piece::Section(Box::new(section)));
        }
        let most = self.at_once;
        let chunks: Vec<Chunk> = std::iter::from_fn(|| self.next_chunk()).take(most).collect();
        self.at_once = if self.in_parts { MOST_AT_ONCE.min(self.at_once * 2) } else { 1 };
        (!chunks.is_empty()).then_some(Piece::Chunks(chunks))
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}
