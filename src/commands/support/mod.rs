//! What several commands are made of.

mod index_time;
mod input_table;
mod operand;
mod rows;
mod saved;
mod subsearch;
mod summary;
mod template;

pub use index_time::{FillNull, PreStats, Prefix, Prefixes, TimeBins};
pub use input_table::{InputTable, TableKind};
pub use operand::Operand;
pub use rows::{Index, merge};
pub use saved::Saved;
pub use subsearch::SubsearchOptions;
pub use summary::{Summary, append_rows_of, write_options};
pub use template::Template;
