//! Fields out of JSON text: one walk forward over each event.

mod paths;
mod plain;
mod rows;
mod scan;

pub use rows::{ListStart, Rows, list_start};
pub use scan::{Fault, is_blank, is_number};

#[cfg(test)]
mod tests;
