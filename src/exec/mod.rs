//! Running a plan.

mod append;
mod combinations;
mod group;
mod keys;
mod lookup_join;
mod run;
mod running;
mod shards;
mod stage;
mod window;

pub use append::AppendRows;
pub use combinations::Combinations;
pub use group::{Grouping, Groups};
pub use lookup_join::{LookupJoin, look_up};
pub use run::{Work, run_stages};
pub use running::{Running, Windows};
pub use shards::Shards;
pub use stage::{
    Centralized, Dataset, Deadline, Flow, Generating, Partial, RunContext, RunOptions, Scan, Stage,
    Streaming, Transforming,
};
