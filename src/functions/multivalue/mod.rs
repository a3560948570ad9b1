//! Fields with several values.

pub mod commands;
pub mod mv_to_json_array;
pub mod mvappend;
pub mod mvcount;
pub mod mvdedup;
pub mod mvfilter;
pub mod mvfind;
pub mod mvindex;
pub mod mvjoin;
pub mod mvmap;
pub mod mvrange;
pub mod mvreverse;
pub mod mvsort;
pub mod mvzip;
pub mod split;
