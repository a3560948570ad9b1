//! Text to tree.

pub mod expr;
