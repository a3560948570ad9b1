//! Speleo runs Splunk searches without Splunk.
pub mod aggregates;
pub mod batch;
pub mod diagnostic;
pub mod exec;
pub mod functions;
pub mod knowledge;
pub mod page;
pub mod parse;
pub mod value;
