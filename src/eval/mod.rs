//! Expressions and filters at work: on a row, and on a batch.
//!
//! An expression over one dictionary-coded field is evaluated once for each distinct value, and so is a test of
//! a filter.

mod filter;
mod keyword;
mod pcre;
mod program;
mod regex_cache;
mod warnings;

pub use filter::Filter;
pub use program::{Program, concatenate};
pub use regex_cache::{REGEX_STEPS, Regex, compile, with_regex};
pub use warnings::Warnings;
