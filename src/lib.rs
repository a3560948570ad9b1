//! Speleo runs Splunk searches without Splunk.
//!
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod aggregates;
pub mod batch;
pub mod cli;
pub mod commands;
pub mod compile;
pub mod diagnostic;
pub mod eval;
pub mod exec;
pub mod expand;
pub mod extract;
pub mod format;
pub mod functions;
pub mod io;
pub mod knowledge;
pub mod page;
pub mod parse;
pub mod plan;
pub mod searches;
pub mod time;
pub mod value;
pub mod xml;
