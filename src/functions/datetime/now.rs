//! The time at which the search was started.
//!
//! ## Syntax
//! `now()`
//!
//! ## Description
//! Whole seconds since 1970 UTC, the same in every row and in every part of the search.
//!
//! ## Examples
//!
//! ```spl
//! eval whole = if(isint(now()), "yes", "no")
//! ```
//! ```json out
//! {"whole": "yes"}
//! ```
//!
//! ```spl
//! where when > relative_time(now(), "+1y")
//! ```
//! ```json in
//! {"when": "1700000000"}
//! {"when": "99999999999"}
//! ```
//! ```json out
//! {"when": "99999999999"}
//! ```
//!
//! ```spl
//! eval start = now("UTC")
//! ```
//! ```error
//! error[E0302]: the function `now` takes no arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `now()`
pub const FUNCTION: Function = Function::strict(Arity::exactly(0), Type::Number, now);

fn now(_: &[Value], context: &EvalContext) -> Value {
    Value::number(context.now.floor())
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::call;

    #[test]
    fn whole_seconds() {
        assert_eq!(call("now", &[]).to_text(), "1700000000");
    }
}
