//! What several commands are made of.

mod index_time;
mod operand;
mod rows;
mod saved;
mod subsearch;
mod template;

pub use index_time::{FillNull, PreStats, Prefix, Prefixes, TimeBins};
pub use operand::Operand;
pub use rows::{Index, merge};
pub use saved::Saved;
pub use subsearch::SubsearchOptions;
pub use template::Template;
