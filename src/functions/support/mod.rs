//! What several functions share.

pub mod digits;
pub mod each;
pub mod json_text;
#[cfg(test)]
pub mod testing;
