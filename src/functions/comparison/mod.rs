//! Choosing and comparing.

pub mod r#if;
