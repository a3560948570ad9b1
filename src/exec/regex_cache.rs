//! Regular expressions, compiled once for each thread.
//!
//! Patterns are PCRE in meaning. A pattern that needs back-tracking has a step limit for each value, as
//! Splunk has (limits.conf, `match_limit`): where it is reached the value does not match, and a warning
//! says so.

use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::{Regex, RegexBuilder};
use hashbrown::HashMap;

/// Steps that a pattern may take on one value (limits.conf, [rex] match_limit).
pub const REGEX_STEPS: usize = 100_000;

/// Patterns kept per thread; beyond that all are forgotten. Searches use a handful; patterns taken from
/// event fields could be endless.
const KEPT: usize = 512;

thread_local! {
    static CACHE: RefCell<HashMap<String, Option<Rc<Regex>>, foldhash::fast::RandomState>> =
        RefCell::new(HashMap::default());
}

/// Compiles a pattern; the error is the engine's message.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).backtrack_limit(REGEX_STEPS).build().map_err(|error| error.to_string())
}

/// Calls `with` on the compiled pattern; none if it does not compile.
pub fn with_regex<T>(pattern: &str, with: impl FnOnce(&Regex) -> T) -> Option<T> {
    let found = CACHE.with_borrow_mut(|cache| {
        if let Some(regex) = cache.get(pattern) {
            return regex.clone();
        }
        if cache.len() >= KEPT {
            cache.clear();
        }
        let regex = compile(pattern).ok().map(Rc::new);
        cache.insert(pattern.to_string(), regex.clone());
        regex
    });
    found.map(|regex| with(&regex))
}
