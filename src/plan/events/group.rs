//! Events of a chunk that are each from somewhere else.

use std::sync::Arc;

use super::super::search_time::MADE_OF;
use super::indexing::{self, Event};
use super::profile::Shared;
use crate::batch::Batch;
use crate::knowledge::Assigned;
use crate::value::Text;

/// Events of a chunk that are from one place.
pub struct Group {
    /// Where they are from.
    pub assigned: Assigned,
    /// Their index, where it is not that of all.
    pub index: Option<Text>,
    /// What is done to them.
    pub profile: Shared,
    /// What became of them while they were indexed; none for all as they were read.
    pub events: Option<Vec<Event>>,
}

impl Group {
    /// All events of a chunk, as they were read.
    pub fn whole(assigned: &Assigned, profile: &Shared) -> Group {
        Group { assigned: assigned.clone(), index: None, profile: Arc::clone(profile), events: None }
    }
}

/// The rows of some events, with the text that they have now.
pub fn taken(batch: &Batch, events: &[Event]) -> Batch {
    let rows: Vec<usize> = events.iter().map(|event| event.row).collect();
    let mut part = batch.take(&rows);
    if let Some(texts) = indexing::texts(events, &part) {
        part.set("_raw".into(), texts);
    }
    part
}

/// The rows of all groups in the order in which they were read.
pub fn in_input_order(parts: &[Batch], groups: &[Group]) -> Batch {
    let all = Batch::concat(parts);
    if parts.len() < 2 {
        return all;
    }
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(all.rows());
    for (part, group) in parts.iter().zip(groups) {
        let read =
            |row: usize| group.events.as_ref().and_then(|events| events.get(row)).map_or(row, |it| it.row);
        for row in 0..part.rows() {
            // Where an event became several, each knows which it was.
            let of = part.column(MADE_OF).and_then(|column| column.get(row).as_number());
            order.push((read(of.map_or(row, |number| number as usize)), order.len()));
        }
    }
    order.sort_unstable();
    let rows: Vec<usize> = order.into_iter().map(|(_, now)| now).collect();
    all.take(&rows)
}
