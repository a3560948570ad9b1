//! Text to tree.

pub mod aggregation;
pub mod args;
pub mod cursor;
pub mod expr;
mod expr_grammar;
mod expr_print;
pub mod lexeme;
mod pipeline;
pub mod search;
mod search_grammar;
mod subsearch;
pub mod time_term;
mod typecheck;

pub use expr_grammar::expression;
pub use pipeline::{Parsed, Search, Start, parse};
pub use search_grammar::{balanced_search, search_expression};
pub use subsearch::{Insertions, Subsearch, apart};
pub use typecheck::predicate;
