//! Fields out of JSON text: one walk forward over each event.

mod marks;
mod paths;
mod rows;
mod scan;
mod walk;
mod ways;

pub use rows::{ListStart, Rows, list_start};
pub use scan::{Fault, is_blank, is_number};

#[cfg(test)]
mod tests;
