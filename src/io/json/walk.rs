//! The walk over one event.

use std::ops::Range;

use super::paths::{NodeId, Paths, ROOT};
use super::scan::{Fault, Scanner, TOO_DEEP, unescape};
use super::ways::{GapId, OUTSIDE, Place, PlaceId, START, Step, Value, Ways, Word};

/// The values of events that are not yet rows.
#[derive(Default)]
pub struct Found {
    pub values: Vec<Hit>,
    /// The text of strings that have escapes.
    pub unescaped: String,
}

/// One value of a needed field.
pub struct Hit {
    pub node: NodeId,
    /// In the event's text, or in `unescaped`.
    pub range: Range<usize>,
    pub unescaped: bool,
    pub column: usize,
    /// The next value of the same column in the same row.
    pub next: Option<usize>,
    /// Whether this is not the first value of its column in the row.
    pub follows: bool,
}

impl Hit {
    fn new(node: NodeId, range: Range<usize>, unescaped: bool) -> Hit {
        Hit { node, range, unescaped, column: 0, next: None, follows: false }
    }
}

/// The walk over one event: from value to value, over the gaps between them.
pub struct Walk<'w, 'n> {
    pub text: &'w str,
    pub scanner: Scanner<'w>,
    pub paths: &'w mut Paths<'n>,
    pub ways: &'w mut Ways,
    pub found: &'w mut Found,
}

impl Walk<'_, '_> {
    /// Walks over an event, which begins here.
    pub fn event(&mut self) -> Result<(), Fault> {
        let mut gap = START;
        loop {
            let start = self.scanner.at;
            let step;
            if let Some((next, length)) = self.ways.guess(gap, self.text.as_bytes(), start)
                && let Some((leads_to, words)) = self.ways.passed(next)
            {
                self.scanner.at += length;
                for word in words {
                    let range = start + word.from as usize..start + word.to as usize;
                    self.found.values.push(Hit::new(word.node, range, false));
                }
                (gap, step) = (next, leads_to);
            } else {
                gap = self.unknown(gap)?;
                step = self.ways.step(gap);
            }
            match step.value {
                Value::Text => {
                    let string = self.scanner.string_inside()?;
                    if let Some(leaf) = step.leaf {
                        self.hit(leaf, string.range, string.escaped);
                    }
                }
                Value::Number => {
                    let range = self.scanner.bare()?;
                    if let Some(leaf) = step.leaf {
                        self.hit(leaf, range, false);
                    }
                }
                Value::Nothing => return Ok(()),
            }
        }
    }

    /// Reads a gap that is not one of those that were expected.
    #[cold]
    fn unknown(&mut self, last: GapId) -> Result<GapId, Fault> {
        let (start, age) = (self.scanner.at, self.ways.age());
        let mut words = Vec::new();
        let step = self.read_gap(self.ways.step(last).place, &mut words)?;
        for (node, range) in &words {
            self.hit(*node, range.clone(), false);
        }
        let text = self.text.as_bytes().get(start..self.scanner.at).unwrap_or(&[]);
        let inside = |at: usize| (at - start) as u32;
        let word = |(node, range): (NodeId, Range<usize>)| Word {
            node,
            from: inside(range.start),
            to: inside(range.end),
        };
        let words: Vec<Word> = words.into_iter().map(word).collect();
        Ok(self.ways.learn(last, age, text, step, &words))
    }

    /// Reads up to the next string or number, or to the end of the event; `place` is what is open around the value
    /// that ends here.
    fn read_gap(
        &mut self,
        mut place: PlaceId,
        words: &mut Vec<(NodeId, Range<usize>)>,
    ) -> Result<Step, Fault> {
        let mut next = if place == OUTSIDE { Next::Value(Some(ROOT)) } else { Next::Ended };
        loop {
            let node = match next {
                Next::Value(node) => node,
                Next::Ended if place == OUTSIDE => {
                    return Ok(Step { value: Value::Nothing, place, leaf: None });
                }
                Next::Ended => {
                    (next, place) = self.after_value(place)?;
                    continue;
                }
            };
            let leaf = node.filter(|&node| self.paths.node(node).is_some_and(|node| node.leaf));
            match self.scanner.token()? {
                open @ (b'{' | b'[') => (next, place) = self.enter(open == b'{', node, place)?,
                b'"' => {
                    self.scanner.at += 1;
                    return Ok(Step { value: Value::Text, place, leaf });
                }
                b'-' | b'0'..=b'9' => return Ok(Step { value: Value::Number, place, leaf }),
                _ => {
                    let range = self.scanner.bare()?;
                    words.extend(leaf.map(|leaf| (leaf, range)));
                    next = Next::Ended;
                }
            }
        }
    }

    /// Opens a container in a place.
    fn enter(
        &mut self,
        object: bool,
        node: Option<NodeId>,
        place: PlaceId,
    ) -> Result<(Next, PlaceId), Fault> {
        self.scanner.at += 1;
        if self.ways.place(place).depth + 1 >= TOO_DEEP {
            return Err(Fault::Syntax);
        }
        let node = match object {
            true => node.filter(|&node| self.paths.node(node).is_some_and(|node| node.object)),
            false => node.and_then(|node| self.paths.element(node)),
        };
        let inside = self.ways.enter(place, object, node);
        let within = self.ways.place(inside);
        match self.scanner.take(within.end())? {
            true => Ok((Next::Ended, within.up)),
            false => Ok((self.member(within)?, inside)),
        }
    }

    /// After a value in a place: the next value there, or the end of the container.
    fn after_value(&mut self, place: PlaceId) -> Result<(Next, PlaceId), Fault> {
        let within = self.ways.place(place);
        if self.scanner.take(b',')? {
            return Ok((self.member(within)?, place));
        }
        if self.scanner.take(within.end())? { Ok((Next::Ended, within.up)) } else { Err(Fault::Syntax) }
    }

    /// Up to the value of the next member: in an object its key is read.
    fn member(&mut self, within: Place) -> Result<Next, Fault> {
        if !within.object {
            return Ok(Next::Value(within.node));
        }
        let key = self.scanner.key()?;
        let Some(node) = within.node else { return Ok(Next::Value(None)) };
        let name = self.text.get(key.range).unwrap_or("");
        Ok(Next::Value(self.paths.child(node, name, key.escaped)))
    }

    /// Notes a value of a field.
    fn hit(&mut self, node: NodeId, range: Range<usize>, escaped: bool) {
        let mut range = range;
        if escaped {
            let start = self.found.unescaped.len();
            unescape(self.text.get(range).unwrap_or(""), &mut self.found.unescaped);
            range = start..self.found.unescaped.len();
        }
        self.found.values.push(Hit::new(node, range, escaped));
    }
}

/// What the walk comes to.
enum Next {
    /// A value of a path; none if it is not needed.
    Value(Option<NodeId>),
    /// What follows a value.
    Ended,
}
