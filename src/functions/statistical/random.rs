//! A random whole number from 0 to 2147483647.
//!
//! ## Syntax
//! `random()`
//!
//! ## Description
//! Another one for every row, and in every run.
//!
//! ## Examples
//!
//! ```spl
//! eval fair = if(random() >= 0 AND random() <= 2147483647, "in range", "out of range")
//! ```
//! ```json out
//! {"fair": "in range"}
//! ```
//!
//! A number from 1 to 1, by the rule that makes 1 to 100000 with `% 100000`:
//!
//! ```spl
//! eval n = (random() % 1) + 1
//! ```
//! ```json out
//! {"n": 1}
//! ```
//!
//! ```spl
//! eval n = random(6)
//! ```
//! ```error
//! error[E0302]: the function `random` takes no arguments, not 1
//! ```

use std::hash::{BuildHasher, Hasher, RandomState};

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `random()`
pub const FUNCTION: Function = Function::strict(Arity::exactly(0), Type::Number, random).impure();

/// The hash of nothing under fresh keys: the standard library seeds them from the system and takes
/// others each time.
fn random(_: &[Value], _: &EvalContext) -> Value {
    let bits = RandomState::new().build_hasher().finish();
    Value::number((bits & 0x7fff_ffff) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_over_the_whole_range() {
        let warnings = crate::eval::Warnings::new();
        let context = EvalContext::new(0.0, jiff::tz::TimeZone::UTC, warnings);
        let numbers: Vec<f64> = (0..1000).filter_map(|_| random(&[], &context).as_number()).collect();
        assert_eq!(numbers.len(), 1000);
        assert!(numbers.iter().all(|number| (0.0..2f64.powi(31)).contains(number) && number.fract() == 0.0));
        // Of 1000 fair draws, fewer than 20 in a tenth of the range would be a wonder.
        for tenth in 0..10 {
            let within = numbers.iter().filter(|number| (**number / 2f64.powi(31) * 10.0) as i32 == tenth);
            assert!(within.count() >= 20, "tenth {tenth}");
        }
    }
}
