//! Choosing and comparing.

pub mod case;
pub mod cidrmatch;
pub mod coalesce;
pub mod r#if;
pub mod r#in;
pub mod like;
pub mod lookup;
pub mod r#match;
pub mod null;
pub mod nullif;
pub mod searchmatch;
pub mod validate;
