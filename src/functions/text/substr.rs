//! A part of a text, by position.
//!
//! ## Syntax
//! `substr(<text>, <start>[, <length>])`
//!
//! ## Description
//! The first character is 1; a negative start counts from the end. Without a length, the rest of the
//! text. Positions outside the text are counted but empty, as SQLite does: from 0 with a length of 2
//! there is one character, the first. A negative length takes the characters before the start. A
//! multivalue field gives null.
//!
//! ## Examples
//!
//! ```spl
//! eval first = substr("string", 1, 3), last = substr("string", -3)
//! ```
//! ```json out
//! {"first": "str", "last": "ing"}
//! ```
//!
//! ```spl
//! eval head = substr(command, 0, 5), beyond = substr(command, 20)
//! ```
//! ```json in
//! {"command": "whoami /all"}
//! ```
//! ```json out
//! {"command": "whoami /all", "head": "whoa", "beyond": ""}
//! ```
//!
//! ```spl
//! eval part = substr("string")
//! ```
//! ```error
//! error[E0302]: the function `substr` takes 2 or 3 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use super::single;
use crate::functions::math::check_number;
use crate::value::Value;

/// `substr(<text>, <start>[, <length>])`
pub const FUNCTION: Function = Function::strict(Arity::between(2, 3), Type::Text, substr).checked(check);

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    check_number(arguments, 1)?;
    check_number(arguments, 2)
}

fn substr(arguments: &[Value], _: &EvalContext) -> Value {
    let Some(text) = arguments.first().and_then(single) else { return Value::Null };
    let number = |argument: &Value| argument.as_number().map(|number| number as i64);
    let Some(start) = arguments.get(1).and_then(number) else { return Value::Null };
    let length = match arguments.get(2) {
        None => None,
        Some(length) => match number(length) {
            None => return Value::Null,
            length => length,
        },
    };
    let (first, count) = window(text.chars().count(), start, length);
    Value::text(text.chars().skip(first).take(count).collect::<String>())
}

/// Which characters SQLite's `substr` takes of so many: how many to skip, how many to keep.
fn window(size: usize, start: i64, length: Option<i64>) -> (usize, usize) {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    // The half-open range of positions from 0, before it is cut to the text.
    let begin = match start {
        0 if length.is_none() => 0,
        start if start < 0 => start.saturating_add(size),
        start => start - 1,
    };
    let (begin, end) = match length {
        None => (begin, size),
        Some(length) if length < 0 => (begin.saturating_add(length), begin),
        Some(length) => (begin, begin.saturating_add(length)),
    };
    let (begin, end) = (begin.clamp(0, size), end.clamp(0, size));
    (begin as usize, (end - begin).max(0) as usize)
}

#[cfg(test)]
mod tests {
    use super::window;

    fn part(text: &str, start: i64, length: Option<i64>) -> &str {
        let (skip, take) = window(text.len(), start, length);
        &text[skip..skip + take]
    }

    #[test]
    fn positions_are_counted_as_sqlite_counts_them() {
        // By SQLite's documentation of substr(X,Y,Z).
        assert_eq!(part("string", 1, Some(3)), "str");
        assert_eq!(part("string", -3, None), "ing");
        assert_eq!(part("string", 0, None), "string");
        assert_eq!(part("string", 0, Some(2)), "s");
        assert_eq!(part("string", -8, Some(3)), "s");
        assert_eq!(part("string", 4, Some(-2)), "tr");
        assert_eq!(part("string", 7, Some(2)), "");
        assert_eq!(part("string", 3, Some(0)), "");
        assert_eq!(part("string", i64::MIN, Some(i64::MIN)), "");
        assert_eq!(part("string", i64::MAX, Some(i64::MAX)), "");
    }
}
