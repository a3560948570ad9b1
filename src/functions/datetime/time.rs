//! The time by the clock, read anew for every row.
//!
//! ## Syntax
//! `time()`
//!
//! ## Description
//! Seconds since 1970 UTC with microseconds. Use `now()` for a time that is the same in every row.
//!
//! ## Examples
//!
//! ```spl
//! eval type = typeof(time())
//! ```
//! ```json out
//! {"type": "Number"}
//! ```
//!
//! ```spl
//! where time() > when
//! ```
//! ```json in
//! {"when": "1700000000"}
//! {"when": "99999999999"}
//! ```
//! ```json out
//! {"when": "1700000000"}
//! ```
//!
//! ```spl
//! eval t = time(1)
//! ```
//! ```error
//! error[E0302]: the function `time` takes no arguments, not 1
//! ```

use std::time::{SystemTime, UNIX_EPOCH};

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::{Number, Value};

/// `time()`
pub const FUNCTION: Function = Function::strict(Arity::exactly(0), Type::Number, time).impure();

fn time(_: &[Value], _: &EvalContext) -> Value {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => Value::Number(Number::fixed(since.as_secs_f64(), 6)),
        Err(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::find;
    use super::super::super::support::testing::call;

    #[test]
    fn a_clock_with_microseconds() {
        let time = call("time", &[]).as_numeric().unwrap();
        assert!(time.value > 1_700_000_000.0 && time.decimals == Some(6));
        assert!(!find("time").unwrap().1.pure);
    }
}
