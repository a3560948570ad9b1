//! Times.

pub mod now;
pub mod relative_time;
pub mod strftime;
pub mod strptime;
pub mod time;
