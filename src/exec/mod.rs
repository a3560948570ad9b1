//! Running a plan.

mod combinations;
mod eval;
mod filter;
mod group;
mod keyword;
mod lookup_join;
mod regex_cache;
mod run;
mod stage;
mod warnings;

pub use combinations::Combinations;
pub use eval::{Program, concatenate};
pub use filter::Filter;
pub use group::{Grouping, Groups};
pub use lookup_join::{LookupJoin, look_up};
pub use regex_cache::{REGEX_STEPS, compile, with_regex};
pub use run::{Work, run_stages};
pub use stage::{
    Centralized, Dataset, Flow, Generating, Partial, RunContext, Scan, Stage, Streaming, Transforming,
};
pub use warnings::Warnings;
