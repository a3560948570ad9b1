//! Tells whether text matches a pattern with `%` and `_`.
//!
//! ## Syntax
//! `<text> LIKE <pattern>`
//!
//! `like(<text>, <pattern>)`
//!
//! ## Description
//! `%` stands for any run of characters, none included, and `_` for exactly one. The pattern covers the whole
//! text, and case counts. There is no way to ask for a literal `%` or `_`: a backslash in a pattern is a
//! backslash, so that a pattern can end in `\%` and mean everything in a folder. A multivalue field matches
//! when one of its values does; null gives null.
//!
//! ## Examples
//!
//! ```spl
//! where path LIKE "C:\\Windows\\%"
//! ```
//! ```json in
//! {"path": "C:\\Windows\\cmd.exe"}
//! {"path": "C:\\Users\\ann\\cmd.exe"}
//! ```
//! ```json out
//! {"path": "C:\\Windows\\cmd.exe"}
//! ```
//!
//! ```spl
//! eval database = if(like(host, "db_%"), "yes", "no")
//! ```
//! ```json in
//! {"host": "db1.example"}
//! {"host": "db"}
//! {"host": "DB1.example"}
//! ```
//! ```json out
//! {"host": "db1.example", "database": "yes"}
//! {"host": "db", "database": "no"}
//! {"host": "DB1.example", "database": "no"}
//! ```
//!
//! ```spl
//! where like(host)
//! ```
//! ```error
//! error[E0302]: the function `like` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `like(<text>, <pattern>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Bool, like);

fn like(arguments: &[Value], _: &EvalContext) -> Value {
    let [text, pattern] = arguments else { return Value::Null };
    let matches_any =
        |text: &Value| pattern.values().iter().any(|one| matches(&text.to_text(), &one.to_text()));
    Value::Bool(text.values().iter().any(matches_any))
}

/// Whether the pattern covers all of the text. At most the product of their lengths in steps.
fn matches(text: &str, pattern: &str) -> bool {
    let (mut text, mut pattern) = (text.chars(), pattern.chars());
    // The last `%`: what followed it in the pattern, and the text from where it was last tried.
    let mut retry = None;
    loop {
        match (pattern.clone().next(), text.clone().next()) {
            (Some('%'), _) => {
                pattern.next();
                retry = Some((text.clone(), pattern.clone()));
                continue;
            }
            (Some(wanted), Some(found)) if wanted == '_' || wanted == found => {
                pattern.next();
                text.next();
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((from, after)) = &mut retry else { return false };
        if from.next().is_none() {
            return false;
        }
        (text, pattern) = (from.clone(), after.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, literal, many};
    use super::matches;
    use crate::value::Value;

    #[test]
    fn wildcards() {
        for (text, pattern) in [
            ("", ""),
            ("", "%"),
            ("abc", "abc"),
            ("abc", "a%"),
            ("abc", "%c"),
            ("abcbc", "a%bc"),
            ("äb", "_b"),
        ] {
            assert!(matches(text, pattern), "{text} {pattern}");
        }
        for (text, pattern) in [
            ("", "_"),
            ("abc", "ab"),
            ("abc", "bc"),
            ("abc", "A%"),
            ("abc", "a_"),
            ("a", "%_%_"),
            ("ab", "a\\%"),
        ] {
            assert!(!matches(text, pattern), "{text} {pattern}");
        }
    }

    #[test]
    fn many_wildcards_do_not_explode() {
        assert!(!matches(&"a".repeat(2_000), &format!("{}b", "%a".repeat(200))));
    }

    #[test]
    fn any_value_of_a_multivalue_and_null() {
        assert_eq!(call("like", &[field(many(&["x", "ab"])), literal("a%")]), true.into());
        assert_eq!(call("like", &[field(Value::Null), literal("a%")]), Value::Null);
    }
}
