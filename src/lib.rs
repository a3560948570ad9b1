//! Speleo runs Splunk searches without Splunk.
pub mod batch;
pub mod diagnostic;
pub mod value;
