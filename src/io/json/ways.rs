//! What was learned of how events are laid out, so that the walk need not read again what it has read before.
//!
//! An event is a row of values that vary, its strings and numbers, and of gaps between them: keys, brackets,
//! `true`, `false` and `null`. Events of one source repeat their gaps. Where a gap leads depends on nothing but
//! its text and the containers that are open before it; so a gap that was read once as JSON is JSON whenever
//! the same bytes come in the same place, and comparing them is all that is left to do. The gaps that came after
//! a gap are tried first.

use std::hash::BuildHasher;

use hashbrown::{HashMap, HashTable};

use super::paths::NodeId;
use crate::value::same_bytes;

/// Containers that are open, from the outermost to one of them.
pub type PlaceId = u32;

/// Outside of every event.
pub const OUTSIDE: PlaceId = 0;

/// A gap that was read.
pub type GapId = u32;

/// Before an event.
pub const START: GapId = 0;

/// The gap that was read last and is not remembered.
const LOOSE: GapId = 1;

const NONE: u32 = u32::MAX;

/// So many gaps are remembered, and so many places: then all are forgotten.
const MOST: usize = 1 << 13;

/// Longer gaps are read anew each time.
const LONGEST: usize = 1 << 9;

/// The gaps that are tried after a gap.
const TRIED: usize = 4;

/// Bytes of a gap that are compared at once.
const HEAD: usize = 32;

/// An open container.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The one around it.
    pub up: PlaceId,
    /// Whether it is an object; else it is an array.
    pub object: bool,
    /// The path of an object, or of an array's elements; none where nothing inside is needed.
    pub node: Option<NodeId>,
    /// How many are open, with this one.
    pub depth: u32,
}

impl Place {
    /// The byte that closes it.
    pub fn end(self) -> u8 {
        if self.object { b'}' } else { b']' }
    }
}

/// What comes after a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string, whose quotation mark is the end of the gap.
    Text,
    /// A number. Its first byte is not part of the gap.
    Number,
    /// Nothing: the event has ended.
    Nothing,
}

/// Where a gap leads.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What comes there.
    pub value: Value,
    /// The containers that are open there.
    pub place: PlaceId,
    /// The value's path, if the value is one of a needed field.
    pub leaf: Option<NodeId>,
}

/// A value of a needed field inside a gap: `true`, `false` or `null`.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub node: NodeId,
    /// Bytes from the beginning of the gap.
    pub from: u32,
    pub to: u32,
}

#[derive(Debug)]
struct Gap {
    /// Its first bytes, and zeros behind.
    head: [u64; HEAD / 8],
    length: u32,
    /// In `texts`: the bytes behind the head.
    tail: u32,
    step: Step,
    /// In `words`.
    words: (u32, u32),
    next: [GapId; TRIED],
}

/// The places and gaps so far.
#[derive(Debug)]
pub struct Ways {
    places: Vec<Place>,
    inside: HashMap<(PlaceId, bool, Option<NodeId>), PlaceId, foldhash::fast::RandomState>,
    gaps: Vec<Gap>,
    texts: Vec<u8>,
    words: Vec<Word>,
    /// Gaps by the place before them and their text.
    index: HashTable<GapKey>,
    hasher: foldhash::fast::RandomState,
    /// How often all was forgotten.
    age: u32,
}

#[derive(Debug)]
struct GapKey {
    hash: u64,
    from: PlaceId,
    gap: GapId,
}

impl Default for Ways {
    fn default() -> Ways {
        let mut ways = Ways {
            places: Vec::new(),
            inside: HashMap::default(),
            gaps: Vec::new(),
            texts: Vec::new(),
            words: Vec::new(),
            index: HashTable::new(),
            hasher: foldhash::fast::RandomState::default(),
            age: 0,
        };
        ways.begin();
        ways
    }
}

impl Ways {
    fn begin(&mut self) {
        self.places.push(Place { up: OUTSIDE, object: false, node: None, depth: 0 });
        let step = Step { value: Value::Nothing, place: OUTSIDE, leaf: None };
        let gap = |_| Gap { head: [0; _], length: 0, tail: 0, step, words: (0, 0), next: [NONE; TRIED] };
        self.gaps.extend([START, LOOSE].map(gap));
    }

    /// Forgets everything but the containers that are open; gives the innermost of them.
    fn forget(&mut self, place: PlaceId) -> PlaceId {
        let up = |place: &PlaceId| Some(self.place(*place).up);
        let open = std::iter::successors(Some(place), up).take_while(|place| *place != OUTSIDE);
        let open: Vec<Place> = open.map(|place| self.place(place)).collect();
        self.places.clear();
        self.inside.clear();
        self.gaps.clear();
        self.texts.clear();
        self.words.clear();
        self.index.clear();
        self.age = self.age.wrapping_add(1);
        self.begin();
        open.iter().rev().fold(OUTSIDE, |up, place| self.enter(up, place.object, place.node))
    }

    /// Changes when all is forgotten: gaps that were met before are no longer known.
    pub fn age(&self) -> u32 {
        self.age
    }

    /// A place by its number.
    pub fn place(&self, place: PlaceId) -> Place {
        let outside = Place { up: OUTSIDE, object: false, node: None, depth: 0 };
        self.places.get(place as usize).copied().unwrap_or(outside)
    }

    /// A container inside another.
    pub fn enter(&mut self, up: PlaceId, object: bool, node: Option<NodeId>) -> PlaceId {
        if let Some(&place) = self.inside.get(&(up, object, node)) {
            return place;
        }
        let up = if self.places.len() < MOST { up } else { self.forget(up) };
        let place = self.places.len() as PlaceId;
        self.places.push(Place { up, object, node, depth: self.place(up).depth + 1 });
        self.inside.insert((up, object, node), place);
        place
    }

    /// Where a gap leads.
    #[inline]
    pub fn step(&self, gap: GapId) -> Step {
        let nothing = Step { value: Value::Nothing, place: OUTSIDE, leaf: None };
        self.gaps.get(gap as usize).map_or(nothing, |gap| gap.step)
    }

    /// Where a gap leads, and the values inside.
    #[inline]
    pub fn passed(&self, gap: GapId) -> Option<(Step, &[Word])> {
        let gap = self.gaps.get(gap as usize)?;
        let (from, to) = gap.words;
        if from == to {
            return Some((gap.step, &[]));
        }
        Some((gap.step, self.words.get(from as usize..to as usize)?))
    }

    /// The gap that stands at a place of a text and came after another one before, and its length.
    #[inline]
    pub fn guess(&self, last: GapId, text: &[u8], at: usize) -> Option<(GapId, usize)> {
        match text.get(at..)?.first_chunk() {
            Some(head) => self.first_of(last, &words_of(head), text, at),
            None => self.guess_near_end(last, text, at),
        }
    }

    #[inline(never)]
    fn guess_near_end(&self, last: GapId, text: &[u8], at: usize) -> Option<(GapId, usize)> {
        self.first_of(last, &head_of(text.get(at..)?), text, at)
    }

    /// The first of those that came after a gap which stands at a place of a text, whose first bytes are `head`.
    #[inline(always)] // Else it is called for every gap, and saves and restores what it uses.
    fn first_of(
        &self,
        last: GapId,
        head: &[u64; HEAD / 8],
        text: &[u8],
        at: usize,
    ) -> Option<(GapId, usize)> {
        for &id in &self.gaps.get(last as usize)?.next {
            let gap = self.gaps.get(id as usize)?;
            let length = gap.length as usize;
            if gap.begins(head)
                && self.ends(gap, text, at)
                && (gap.step.value != Value::Number || begins_number(text.get(at + length)))
            {
                return Some((id, length));
            }
        }
        None
    }

    /// Whether what is behind the head of a gap stands in a text in which the gap begins.
    #[inline]
    fn ends(&self, gap: &Gap, text: &[u8], at: usize) -> bool {
        let length = gap.length as usize;
        if length <= HEAD {
            return true;
        }
        let tail = self.texts.get(gap.tail as usize..gap.tail as usize + length - HEAD);
        tail.is_some_and(|tail| text.get(at + HEAD..at + length).is_some_and(|there| same_bytes(there, tail)))
    }

    /// Remembers a gap that was read after another; gives its number. `age` is that of before it was read.
    pub fn learn(&mut self, last: GapId, age: u32, text: &[u8], step: Step, words: &[Word]) -> GapId {
        if text.len() > LONGEST || age != self.age {
            return self.loose(step);
        }
        let from = self.step(last).place;
        let hash = self.hasher.hash_one((from, text));
        let head = head_of(text);
        let is = |key: &GapKey| {
            let same =
                |gap: &Gap| gap.length as usize == text.len() && gap.begins(&head) && self.ends(gap, text, 0);
            key.hash == hash && key.from == from && self.gaps.get(key.gap as usize).is_some_and(same)
        };
        let gap = match self.index.find(hash, is) {
            Some(key) => key.gap,
            None if self.gaps.len() >= MOST => {
                let place = self.forget(step.place);
                return self.loose(Step { place, ..step });
            }
            None => {
                let gap = self.gaps.len() as GapId;
                self.index.insert_unique(hash, GapKey { hash, from, gap }, |key| key.hash);
                self.gaps.push(Gap {
                    head,
                    length: text.len() as u32,
                    tail: self.texts.len() as u32,
                    step,
                    words: (self.words.len() as u32, (self.words.len() + words.len()) as u32),
                    next: [NONE; TRIED],
                });
                self.texts.extend(text.get(HEAD..).unwrap_or(&[]));
                self.words.extend(words);
                gap
            }
        };
        if last != LOOSE
            && let Some(last) = self.gaps.get_mut(last as usize)
        {
            // The first ones stay in their order: the processor learns which is likely after what came before.
            let free = last.next.iter().position(|&next| next == NONE).unwrap_or(TRIED - 1);
            last.next.iter_mut().skip(free).take(1).for_each(|next| *next = gap);
        }
        gap
    }

    /// A gap that is not remembered.
    fn loose(&mut self, step: Step) -> GapId {
        if let Some(gap) = self.gaps.get_mut(LOOSE as usize) {
            gap.step = step;
        }
        LOOSE
    }
}

impl Gap {
    /// Whether its first bytes are these. A gap has no zeros, so none can be those behind the end of a text.
    #[inline]
    fn begins(&self, head: &[u64; HEAD / 8]) -> bool {
        /// For each length the bytes that count.
        const MASKS: [[u64; HEAD / 8]; HEAD + 1] = masks();
        let Some(mask) = MASKS.get((self.length as usize).min(HEAD)) else { return false };
        let differs = head.iter().zip(&self.head).zip(mask).map(|((one, other), mask)| (one ^ other) & mask);
        differs.fold(0, |all, differs| all | differs) == 0
    }
}

/// Whether a number begins with a byte.
#[inline]
fn begins_number(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'-' | b'0'..=b'9'))
}

const fn masks() -> [[u64; HEAD / 8]; HEAD + 1] {
    let mut masks = [[0; HEAD / 8]; HEAD + 1];
    let mut length = 0;
    while length <= HEAD {
        let mut at = 0;
        while at < length {
            #[allow(clippy::indexing_slicing)] // Computed when it is compiled.
            {
                masks[length][at / 8] |= 0xff << (at % 8 * 8);
            }
            at += 1;
        }
        length += 1;
    }
    masks
}

#[inline]
fn words_of(bytes: &[u8; HEAD]) -> [u64; HEAD / 8] {
    let (words, _) = bytes.as_chunks::<8>();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

/// The first bytes of a text, and zeros behind its end.
fn head_of(text: &[u8]) -> [u64; HEAD / 8] {
    let mut bytes = [0; HEAD];
    bytes.iter_mut().zip(text).for_each(|(byte, &there)| *byte = there);
    words_of(&bytes)
}
