//! Turning values into other kinds of values.

pub mod ipmask;
pub mod printf;
pub mod toarray;
pub mod tobool;
pub mod tonumber;
pub mod tostring;
