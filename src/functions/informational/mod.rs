//! What a value is.

pub mod isarray;
pub mod isbool;
pub mod ismv;
pub mod isnull;
pub mod isnum;
pub mod r#typeof;
