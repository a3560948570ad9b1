//! Every function, by chapter. A line names the chapter's folder, the file, the function and its constant.

use super::{Function, comparison, math};

/// The chapters of the Search Reference, in its order.
pub const CHAPTERS: &[&str] = &[
    "bitwise",
    "comparison",
    "conversion",
    "crypto",
    "datetime",
    "informational",
    "json",
    "math",
    "multivalue",
    "statistical",
    "text",
    "trigonometry",
];

struct Entry {
    name: &'static str,
    function: &'static Function,
    chapter: &'static str,
    source: &'static str,
}

macro_rules! functions {
    ($($chapter:ident / $file:literal: $name:literal => $constant:path;)*) => {
        &[$(Entry {
            name: $name,
            function: &$constant,
            chapter: stringify!($chapter),
            source: include_str!(concat!(stringify!($chapter), "/", $file, ".rs")),
        },)*]
    };
}

/// Sorted by chapter, then by name.
static FUNCTIONS: &[Entry] = functions! {
    comparison / "if": "if" => comparison::r#if::FUNCTION;
    math / "abs": "abs" => math::abs::FUNCTION;
};

/// The function of a name, in any case, and the name as it is written here.
pub fn find(name: &str) -> Option<(&'static str, &'static Function)> {
    let entry = FUNCTIONS.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
    Some((entry.name, entry.function))
}

/// All names.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|entry| entry.name)
}

/// Name, chapter and source file of every function: its page stands at the top of the source.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    FUNCTIONS.iter().map(|entry| (entry.name, entry.chapter, entry.source))
}
