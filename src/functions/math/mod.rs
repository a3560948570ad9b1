//! Arithmetic.

pub mod abs;
