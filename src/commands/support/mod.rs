//! What several commands are made of.

mod operand;
mod rows;
mod subsearch;
mod template;

pub use operand::Operand;
pub use rows::{Index, merge};
pub use subsearch::SubsearchOptions;
pub use template::Template;
