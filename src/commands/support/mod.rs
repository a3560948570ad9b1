//! What several commands are made of.

mod subsearch;

pub use subsearch::SubsearchOptions;
