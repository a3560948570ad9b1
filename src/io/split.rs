//! Cuts lists, pretty-printed and concatenated values into events, in one pass and in little memory.
//!
//! The splitter knows brackets, strings and lines; whether an event is JSON is found out when it is
//! parsed. An event that cannot be JSON is told by brackets that do not fit or a line that ends inside a
//! string; then the next line that begins with `{` begins the next event, so that a file which was cut and
//! written on loses one event and not all the others.

use memchr::{memchr, memchr3};

use super::json::{ListStart, is_blank, list_start};
use super::problems::{Problems, Trouble};
use crate::value::Text;

/// Deeper than this no event can be; its text is no longer kept. A little more than the parser allows.
const TOO_DEEP: u32 = 128;

/// `{"Records": [` with all its blanks is not longer than this.
const LONGEST_HEAD: usize = 256;

/// An event in the text of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The line of the file (from 1) on which it begins.
    pub line: u64,
}

/// What is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before an event, a separator, or the end.
    Between,
    /// An event, or something that is passed over like one, outside strings.
    Value,
    /// A string in it.
    String,
    /// Just after a backslash in a string.
    Escape,
    /// A word or number where an event should be.
    Word,
    /// The rest of a line that is none of this.
    Junk,
}

/// What becomes of the value being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Keep,
    /// Passed over, and this is said.
    Drop(Trouble),
    /// What follows the list in `{"Records": [...], ...}`.
    Tail,
}

/// A list of events that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    None,
    Array,
    Records,
}

/// What a list allows next, besides blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    ElementOrEnd,
    CommaOrEnd,
    Element,
}

/// The splitter of one file. What it has cut so far is in `text` and `events`.
pub struct Splitter {
    /// The events of the chunk being filled.
    pub text: Vec<u8>,
    /// Where they stand in `text`.
    pub events: Vec<Event>,
    /// What was wrong so far.
    pub problems: Problems,
    /// Whether any event was cut.
    pub met: bool,
    file: usize,
    name: Text,
    longest: usize,
    state: State,
    fate: Fate,
    list: List,
    expect: Expect,
    /// The line of the next byte, from 1, and whether that byte is its first.
    line: u64,
    fresh: bool,
    /// Of the value being read: where it began in `text` and in the file; the open containers, the
    /// innermost in the lowest bit, set for an object; the last byte that was not blank.
    start: usize,
    start_line: u64,
    depth: u32,
    kinds: u128,
    last: u8,
}

impl Splitter {
    /// At the beginning of a line of a file.
    pub fn new(file: usize, name: Text, line: u64, longest: usize) -> Splitter {
        Splitter {
            text: Vec::new(),
            events: Vec::new(),
            problems: Problems::new(),
            met: false,
            file,
            name,
            longest,
            state: State::Between,
            fate: Fate::Keep,
            list: List::None,
            expect: Expect::ElementOrEnd,
            line,
            fresh: true,
            start: 0,
            start_line: line,
            depth: 0,
            kinds: 0,
            last: 0,
        }
    }

    /// Reads on until the bytes or the chunk of `full` bytes are at an end; gives how many were read.
    pub fn feed(&mut self, bytes: &[u8], full: usize) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if self.state == State::Between && self.text.len() >= full && !self.events.is_empty() {
                break;
            }
            at += match self.state {
                State::Between => self.between(rest),
                State::Word => self.word(rest),
                State::Junk => self.junk(rest),
                State::Value | State::String | State::Escape => self.value(rest),
            };
        }
        at
    }

    /// The file is at its end.
    pub fn end(&mut self) {
        match self.state {
            State::Between | State::Junk if self.list == List::None => {}
            State::Between | State::Junk => self.trouble(Trouble::CutList, self.line),
            State::Word => self.trouble(Trouble::Event, self.start_line),
            State::Value | State::String | State::Escape => {
                self.text.truncate(self.start);
                match self.fate {
                    Fate::Keep => self.trouble(Trouble::CutEvent, self.start_line),
                    Fate::Drop(trouble) => self.trouble(trouble, self.start_line),
                    Fate::Tail => self.trouble(Trouble::CutList, self.line),
                }
            }
        }
        self.state = State::Between;
        self.list = List::None;
    }

    fn trouble(&mut self, trouble: Trouble, line: u64) {
        self.problems.add(self.file, &self.name, trouble, line);
    }

    fn newline(&mut self) {
        self.line += 1;
        self.fresh = true;
    }

    /// Before an event: blanks, separators, brackets of lists. Reads one byte, or none when it belongs to
    /// what follows.
    fn between(&mut self, bytes: &[u8]) -> usize {
        let Some(&byte) = bytes.first() else { return 0 };
        let first_of_line = std::mem::replace(&mut self.fresh, false);
        match byte {
            b'\n' => self.newline(),
            b' ' | b'\t' | b'\r' => {}
            b'[' if self.list == List::None => self.open_list(List::Array),
            b']' if self.list != List::None => self.close_list(),
            b',' if self.list != List::None => {
                if self.expect != Expect::CommaOrEnd {
                    self.trouble(Trouble::Event, self.line);
                }
                self.expect = Expect::Element;
            }
            _ => {
                self.fresh = first_of_line;
                self.begin(byte);
                return 0;
            }
        }
        1
    }

    fn open_list(&mut self, list: List) {
        (self.list, self.expect, self.state) = (list, Expect::ElementOrEnd, State::Between);
    }

    fn close_list(&mut self) {
        if self.expect == Expect::Element {
            self.trouble(Trouble::Event, self.line);
        }
        if std::mem::replace(&mut self.list, List::None) == List::Records {
            // The object around the list is still open.
            self.start_value(State::Value, Fate::Tail);
            (self.depth, self.kinds, self.last) = (1, 1, b']');
        }
    }

    fn start_value(&mut self, state: State, fate: Fate) {
        (self.state, self.fate) = (state, fate);
        (self.start, self.start_line) = (self.text.len(), self.line);
        (self.depth, self.kinds, self.last) = (0, 0, 0);
    }

    fn begin(&mut self, byte: u8) {
        if self.list != List::None && self.expect == Expect::CommaOrEnd {
            self.trouble(Trouble::Event, self.line);
        }
        self.expect = Expect::CommaOrEnd;
        match byte {
            b'{' | b'[' => self.start_value(State::Value, Fate::Keep),
            b'"' if self.list != List::None => self.start_value(State::Value, Fate::Drop(Trouble::Event)),
            _ if self.list != List::None => self.start_value(State::Word, Fate::Drop(Trouble::Event)),
            _ => {
                self.trouble(Trouble::Line, self.line);
                self.state = State::Junk;
            }
        }
    }

    fn word(&mut self, bytes: &[u8]) -> usize {
        let ends = |&byte: &u8| is_blank(byte) || matches!(byte, b',' | b'[' | b']' | b'{');
        self.fresh = false;
        match bytes.iter().position(ends) {
            Some(end) => {
                self.trouble(Trouble::Event, self.start_line);
                self.state = State::Between;
                end
            }
            None => bytes.len(),
        }
    }

    fn junk(&mut self, bytes: &[u8]) -> usize {
        let Some(end) = memchr(b'\n', bytes) else { return bytes.len() };
        self.newline();
        self.state = State::Between;
        end + 1
    }

    /// Reads on in a value, up to its end or that of the bytes, and keeps its text if it is to be kept.
    fn value(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.fresh && byte == b'{' && self.is_new_event() {
                return at;
            }
            match self.state {
                State::String => {
                    at += self.string(bytes.get(at..).unwrap_or(&[]));
                    if self.depth == 0 && self.state == State::Value {
                        self.finish(&[]);
                        return at;
                    }
                    continue;
                }
                State::Escape => self.state = State::String,
                _ => {
                    if self.structure(byte) {
                        self.finish(bytes.get(..=at).unwrap_or(&[]));
                        return at + 1;
                    }
                    if byte == b'[' && self.depth == 2 && self.is_records(bytes.get(..=at).unwrap_or(&[])) {
                        return at + 1;
                    }
                }
            }
            if byte == b'\n' {
                self.newline();
            } else {
                self.fresh = false;
            }
            at += 1;
        }
        self.store(bytes);
        at
    }

    /// Reads on in a string, up to the byte after its end or an escape.
    fn string(&mut self, bytes: &[u8]) -> usize {
        self.fresh = false;
        let Some(at) = memchr3(b'"', b'\\', b'\n', bytes) else { return bytes.len() };
        match bytes.get(at) {
            Some(b'"') => (self.state, self.last) = (State::Value, b'"'),
            Some(b'\\') => self.state = State::Escape,
            _ => {
                self.newline();
                self.spoil();
            }
        }
        at + 1
    }

    /// Takes a byte outside strings; says whether the value ends with it.
    fn structure(&mut self, byte: u8) -> bool {
        match byte {
            b'"' => self.state = State::String,
            b'{' | b'[' => {
                if self.depth > 0 && !self.may_open() {
                    self.spoil();
                }
                self.depth += 1;
                self.kinds = self.kinds << 1 | u128::from(byte == b'{');
                if self.depth > TOO_DEEP {
                    self.spoil();
                }
            }
            b'}' | b']' => {
                if (self.kinds & 1 == 1) != (byte == b'}') {
                    self.spoil();
                }
                self.kinds >>= 1;
                self.depth = self.depth.saturating_sub(1);
                self.last = byte;
                return self.depth == 0;
            }
            b' ' | b'\t' | b'\r' | b'\n' => return false,
            0..=0x1f => self.spoil(),
            _ => {}
        }
        self.last = byte;
        false
    }

    /// Whether a container may begin here: after a key, or as an element.
    fn may_open(&self) -> bool {
        if self.kinds & 1 == 1 { self.last == b':' } else { matches!(self.last, b'[' | b',') }
    }

    /// The value cannot be JSON: its text is not needed, and that is what is said even if it is too long.
    fn spoil(&mut self) {
        if self.fate != Fate::Tail {
            self.fate = Fate::Drop(Trouble::Event);
            self.text.truncate(self.start);
        }
    }

    /// At a `{` at the beginning of a line: if it cannot belong to the value, that one is given up.
    fn is_new_event(&mut self) -> bool {
        let spoilt = self.fate == Fate::Drop(Trouble::Event);
        let forbidden = self.state == State::Value && self.depth > 0 && !self.may_open();
        if !(spoilt || forbidden) {
            return false;
        }
        self.spoil();
        if self.fate == Fate::Tail {
            self.trouble(Trouble::CutList, self.line);
            self.state = State::Between;
        } else {
            self.finish(&[]);
        }
        // The comma that would stand between went with the event.
        self.expect = Expect::Element;
        true
    }

    /// Whether the object that has just opened an array is `{"Records": [`: then its elements are events.
    fn is_records(&mut self, bytes: &[u8]) -> bool {
        let before = self.text.len();
        let short = before - self.start + bytes.len() <= LONGEST_HEAD;
        if !short || self.list != List::None || self.fate != Fate::Keep || self.kinds & 0b11 != 0b10 {
            return false;
        }
        self.text.extend_from_slice(bytes);
        let head = self.text.get(self.start..).unwrap_or(&[]);
        let is = matches!(list_start(head), ListStart::At { inside, records: true } if inside == head.len());
        self.text.truncate(if is { self.start } else { before });
        if is {
            self.fresh = false;
            self.open_list(List::Records);
        }
        is
    }

    /// Keeps bytes of the value, if it is to be kept.
    fn store(&mut self, bytes: &[u8]) {
        if self.fate != Fate::Keep {
            return;
        }
        if self.text.len() - self.start + bytes.len() > self.longest {
            self.fate = Fate::Drop(Trouble::TooLong);
            self.text.truncate(self.start);
        } else {
            self.text.extend_from_slice(bytes);
        }
    }

    /// The value ends with these bytes.
    fn finish(&mut self, bytes: &[u8]) {
        self.store(bytes);
        match self.fate {
            Fate::Keep => {
                self.met = true;
                let event = Event { start: self.start, end: self.text.len(), line: self.start_line };
                self.events.push(event);
            }
            Fate::Drop(trouble) => self.trouble(trouble, self.start_line),
            Fate::Tail => {}
        }
        self.state = State::Between;
        self.fresh = false;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The events with their lines, and what was wrong, when the bytes come in pieces of a size.
    fn split(text: &str, piece: usize, full: usize) -> (Vec<(String, u64)>, Problems) {
        let mut splitter = Splitter::new(0, "f".into(), 1, 40);
        let mut events = Vec::new();
        let mut take = |splitter: &mut Splitter| {
            let text = String::from_utf8(std::mem::take(&mut splitter.text)).unwrap();
            let cut = std::mem::take(&mut splitter.events);
            events.extend(cut.iter().map(|event| (text[event.start..event.end].to_string(), event.line)));
        };
        for mut rest in text.as_bytes().chunks(piece) {
            while !rest.is_empty() {
                let read = splitter.feed(rest, full);
                rest = &rest[read..];
                if !rest.is_empty() {
                    take(&mut splitter);
                }
            }
        }
        splitter.end();
        take(&mut splitter);
        (events, splitter.problems)
    }

    #[test]
    fn events_and_their_lines() {
        let (events, problems) = split("[\n{\"a\":\"}\\\"\"},\n{}]\n\n{\"Records\":[{\n}]}[[1]]", 1000, 1000);
        let events: Vec<_> = events.iter().map(|(text, line)| (text.as_str(), *line)).collect();
        assert_eq!(events, [("{\"a\":\"}\\\"\"}", 2), ("{}", 3), ("{\n}", 5), ("[1]", 6)]);
        assert!(problems.is_empty());
    }

    fn text() -> impl Strategy<Value = String> {
        let pieces = vec![
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ",",
            ":",
            "\n",
            "\n{",
            " ",
            "1",
            "x",
            "\0",
            "{\"a\":1}",
            "[{},",
            "\"b\":",
            "{\"Records\":[",
            "{\n\"a\":[1,{}]}",
            "\"long long long long long long text\"",
        ];
        prop::collection::vec(prop::sample::select(pieces), 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn pieces_make_no_difference(text in text(), piece in 1..20_usize, full in 1..50_usize) {
            prop_assert_eq!(split(&text, piece, full), split(&text, 10_000, 10_000));
        }
    }
}
