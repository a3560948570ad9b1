//! A document: its values, and paths into it.

mod path;
mod value;

pub use path::{Path, Step};
pub use value::{Json, Object};
