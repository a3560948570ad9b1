//! Running a plan.

mod eval;
mod regex_cache;
mod warnings;

pub use eval::{Program, concatenate};
pub use regex_cache::{REGEX_STEPS, compile, with_regex};
pub use warnings::Warnings;
