//! Statistics over the arguments of one row.

pub mod extreme;
pub mod random;
pub mod sum;
