//! Hashes.

pub mod digest;
