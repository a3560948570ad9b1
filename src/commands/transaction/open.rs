//! Events become members of transactions: the newest event first.

use std::collections::{HashMap, HashSet};

use super::Transaction;
use crate::batch::Batch;
use crate::value::Value;

/// A transaction that is over.
#[derive(Debug)]
pub struct Finished {
    /// Its events, the newest first.
    pub rows: Vec<usize>,
    /// Whether what was asked for has closed it, and not the end of the input or the limits.
    pub closed: bool,
    /// How many of the fields its events have, all together.
    pub matches: usize,
}

/// Why a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// What was asked for.
    Closed,
    /// There are no more events.
    Input,
    /// There are too many.
    Room,
}

/// An event as its place among transactions sees it.
pub struct Event<'e> {
    /// Its row.
    pub row: usize,
    /// Its time.
    pub time: f64,
    /// Whether `startswith` holds, and `endswith`.
    pub marks: (bool, bool),
    /// For each field its values.
    pub keys: &'e [Vec<String>],
}

/// A transaction to which events may still be added.
struct Open {
    rows: Vec<usize>,
    /// For each field the values that its events have.
    values: Vec<HashSet<String>>,
    newest: f64,
    oldest: f64,
    begun: bool,
    matches: usize,
    /// When an event was added, in events.
    used: u64,
}

/// All transactions so far.
pub struct Transactions<'t> {
    options: &'t Transaction,
    open: HashMap<usize, Open>,
    /// Which open transactions have this value of this field.
    by_value: HashMap<(usize, String), HashSet<usize>>,
    /// Open transactions that lack one of the fields.
    incomplete: HashSet<usize>,
    made: usize,
    events: u64,
    held: usize,
    /// Those that are over, and are shown.
    pub finished: Vec<Finished>,
    /// Events of no transaction.
    pub orphans: Vec<usize>,
}

impl<'t> Transactions<'t> {
    /// None yet.
    pub fn new(options: &'t Transaction) -> Transactions<'t> {
        Transactions {
            options,
            open: HashMap::new(),
            by_value: HashMap::new(),
            incomplete: HashSet::new(),
            made: 0,
            events: 0,
            held: 0,
            finished: Vec::new(),
            orphans: Vec::new(),
        }
    }

    /// The values that an event has of each of the fields.
    pub fn keys(&self, batch: &Batch, row: usize) -> Vec<Vec<String>> {
        let values =
            |value: &Value| value.values().iter().map(|value| value.to_text().into_owned()).collect();
        self.options.fields.iter().map(|name| values(&batch.get(name, row))).collect()
    }

    /// Takes in the next older event.
    pub fn take(&mut self, event: &Event<'_>) {
        self.events += 1;
        let (starts, ends) = event.marks;
        let has_key = event.keys.iter().any(|values| !values.is_empty());
        let free = (starts || ends) && !self.options.unify_ends;
        if !event.keys.is_empty() && !has_key && !free {
            self.orphans.push(event.row);
            return;
        }
        let mut found =
            if event.keys.is_empty() || !has_key { self.last_used() } else { self.matching(event.keys) };
        if let Some(id) = found
            && self.is_too_far(id, event.time)
        {
            self.finish(id, End::Closed);
            found = None;
        }
        if ends {
            // Its end is newer than anything else in it: what is open has no beginning.
            if let Some(id) = found.take() {
                self.finish(id, End::Closed);
            }
        } else if found.is_none() && self.options.ends_with.is_some() {
            self.orphans.push(event.row);
            return;
        }
        let id = found.unwrap_or_else(|| self.begin(event));
        self.add(id, event);
        if starts && let Some(open) = self.open.get_mut(&id) {
            open.begun = true;
        }
        let full = self
            .options
            .max_events
            .is_some_and(|most| self.open.get(&id).is_some_and(|open| open.rows.len() >= most));
        if starts || full {
            self.finish(id, End::Closed);
        }
        self.evict();
    }

    /// Ends all that are open.
    pub fn end(&mut self) {
        let mut ids: Vec<usize> = self.open.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            // One that began with its end, and needs no beginning, has all it can have.
            let end = if self.options.ends_with.is_some() { End::Closed } else { End::Input };
            self.finish(id, end);
        }
    }

    /// The transaction that got an event last.
    fn last_used(&self) -> Option<usize> {
        self.open.iter().max_by_key(|(_, open)| open.used).map(|(id, _)| *id)
    }

    /// The transaction that an event with these values belongs to: one with a value in common, or, where events
    /// need not be connected, one whose fields are others; of several the one that got an event last. No field
    /// may have another value in the event than in the transaction.
    fn matching(&self, keys: &[Vec<String>]) -> Option<usize> {
        let mut candidates: HashSet<usize> = HashSet::new();
        for (field, values) in keys.iter().enumerate() {
            for value in values {
                candidates.extend(self.by_value.get(&(field, value.clone())).into_iter().flatten());
            }
        }
        if !self.options.connected {
            candidates.extend(&self.incomplete);
        }
        let agrees = |open: &Open| {
            open.values.iter().zip(keys).all(|(known, values)| {
                known.is_empty() || values.is_empty() || values.iter().any(|value| known.contains(value))
            })
        };
        let open = candidates.into_iter().filter_map(|id| Some((id, self.open.get(&id)?)));
        open.filter(|(_, open)| agrees(open)).max_by_key(|(_, open)| open.used).map(|(id, _)| id)
    }

    /// Whether an event is too old to belong to a transaction.
    fn is_too_far(&self, id: usize, time: f64) -> bool {
        let Some(open) = self.open.get(&id) else { return true };
        self.options.max_span.is_some_and(|span| open.newest - time > span.nominal_seconds())
            || self.options.max_pause.is_some_and(|pause| open.oldest - time > pause.nominal_seconds())
    }

    fn begin(&mut self, event: &Event<'_>) -> usize {
        let id = self.made;
        self.made += 1;
        let open = Open {
            rows: Vec::new(),
            values: vec![HashSet::new(); event.keys.len()],
            newest: event.time,
            oldest: event.time,
            begun: false,
            matches: 0,
            used: self.events,
        };
        self.open.insert(id, open);
        id
    }

    fn add(&mut self, id: usize, event: &Event<'_>) {
        let Some(open) = self.open.get_mut(&id) else { return };
        open.rows.push(event.row);
        open.oldest = event.time;
        open.used = self.events;
        open.matches += event.keys.iter().filter(|values| !values.is_empty()).count();
        self.held += 1;
        for (field, (known, values)) in open.values.iter_mut().zip(event.keys).enumerate() {
            for value in values {
                if known.insert(value.clone()) {
                    self.by_value.entry((field, value.clone())).or_default().insert(id);
                }
            }
        }
        if open.values.iter().any(HashSet::is_empty) {
            self.incomplete.insert(id);
        } else {
            self.incomplete.remove(&id);
        }
    }

    /// Ends a transaction. One that lacks its beginning is evicted, as is one that has to go for want of room.
    fn finish(&mut self, id: usize, end: End) {
        let Some(open) = self.open.remove(&id) else { return };
        self.incomplete.remove(&id);
        self.held -= open.rows.len();
        for (field, values) in open.values.into_iter().enumerate() {
            for value in values {
                let key = (field, value);
                if let Some(ids) = self.by_value.get_mut(&key) {
                    ids.remove(&id);
                    if ids.is_empty() {
                        self.by_value.remove(&key);
                    }
                }
            }
        }
        let complete = end != End::Room && (open.begun || self.options.starts_with.is_none());
        if complete || self.options.keep_evicted {
            let closed = complete && end == End::Closed;
            self.finished.push(Finished { rows: open.rows, closed, matches: open.matches });
        }
    }

    /// Ends those that got no event for the longest, where there are more than are allowed.
    fn evict(&mut self) {
        let options = self.options;
        while options.max_open.is_some_and(|most| self.open.len() > most)
            || options.max_open_events.is_some_and(|most| self.held > most)
        {
            let Some(id) = self.open.iter().min_by_key(|(_, open)| open.used).map(|(id, _)| *id) else {
                return;
            };
            self.finish(id, End::Room);
        }
    }
}
