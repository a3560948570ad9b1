//! Running a plan.

mod combinations;
mod group;
mod lookup_join;
mod run;
mod running;
mod stage;

pub use combinations::Combinations;
pub use group::{Grouping, Groups};
pub use lookup_join::{LookupJoin, look_up};
pub use run::{Work, run_stages};
pub use running::{Running, Windows};
pub use stage::{
    Centralized, Dataset, Flow, Generating, Partial, RunContext, Scan, Stage, Streaming, Transforming,
};
