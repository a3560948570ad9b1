//! Turning values into other kinds of values.

mod digits;
pub mod ipmask;
pub(super) mod json_text;
pub mod printf;
pub mod toarray;
pub mod tobool;
pub mod tonumber;
pub mod tostring;
