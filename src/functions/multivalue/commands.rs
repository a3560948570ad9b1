//! The commands of a search.
//!
//! ## Syntax
//! `commands(<search>)`
//!
//! ## Description
//! The first word of every segment, in order, duplicates kept. Pipes in quotes, in brackets and after a backslash do not
//! separate segments; of a subsearch in brackets the commands are left out. A search that does not begin with a pipe begins with `search`,
//! whether it says so or not.
//!
//! ## Examples
//!
//! ```spl
//! eval used = commands("search foo | stats count | sort count")
//! ```
//! ```json out
//! {"used": ["search", "stats", "sort"]}
//! ```
//!
//! ```spl
//! eval used = commands(query)
//! ```
//! ```json in
//! {"query": "| inputlookup hosts | where os=\"a|b\""}
//! {"query": "index=main failed"}
//! ```
//! ```json out
//! {"query": "| inputlookup hosts | where os=\"a|b\"", "used": ["inputlookup", "where"]}
//! {"query": "index=main failed", "used": "search"}
//! ```
//!
//! ```spl
//! eval used = commands()
//! ```
//! ```error
//! error[E0302]: the function `commands` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `commands(<search>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Any, commands);

fn commands(arguments: &[Value], _: &EvalContext) -> Value {
    let [search] = arguments else { return Value::Null };
    let names = search.values().iter().flat_map(|search| names(&search.to_text()));
    Value::from_values(names.map(Value::text).collect::<Vec<_>>())
}

fn names(search: &str) -> Vec<String> {
    let search = search.trim();
    if search.is_empty() {
        return Vec::new();
    }
    let mut segments = segments(search).into_iter();
    // The text before the first pipe is a search, unless the pipe comes first.
    let first = segments.next().filter(|first| !first.trim().is_empty()).map(|_| "search".to_string());
    first.into_iter().chain(segments.filter_map(|segment| first_word(&segment))).collect()
}

fn first_word(segment: &str) -> Option<String> {
    let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let word: String = segment.trim_start().chars().take_while(is_name).collect();
    (!word.is_empty()).then_some(word)
}

/// The text between pipes that are not quoted, not escaped and not inside brackets.
fn segments(search: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    for c in search.chars() {
        if c == '|' && !quoted && !escaped && depth == 0 {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(c);
        }
        match c {
            _ if escaped => {}
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_that_do_not_separate() {
        assert_eq!(
            names("a | append [search b | head 1] | eval x=\"a|b\\\"|c\""),
            ["search", "append", "eval"]
        );
        assert_eq!(names(" |makeresults|STATS count"), ["makeresults", "STATS"]);
        assert_eq!(names("x \\| y"), ["search"]);
        assert!(names("  ").is_empty());
    }
}
