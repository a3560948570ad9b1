//! Sine, cosine, tangent and their inverses.
//!
//! ## Syntax
//! `sin(<number>)` `cos(<number>)` `tan(<number>)`
//! `asin(<number>)` `acos(<number>)` `atan(<number>)` `atan2(<y>, <x>)`
//!
//! ## Description
//! Angles are radians. The result has the significant digits of the argument as it is written; whole
//! numbers are exact. `asin` and `acos` of a number beyond -1 and 1 are null. `atan2` looks at both signs
//! to find the quadrant.
//!
//! ## Examples
//!
//! ```spl
//! eval a = acos(0), b = atan(0.50), c = atan2(0.50, 0.75), d = cos(pi()), e = sin(1)
//! ```
//! ```json out
//! {"a": 1.5707963267948966, "b": 0.46, "c": 0.59, "d": -1.00000000000, "e": 0.8414709848078965}
//! ```
//!
//! ```spl
//! eval angle = asin(n)
//! ```
//! ```json in
//! {"n": "1"}
//! {"n": "2"}
//! {"n": "one"}
//! ```
//! ```json out
//! {"n": "1", "angle": 1.5707963267948966}
//! {"n": "2"}
//! {"n": "one"}
//! ```
//!
//! ```spl
//! eval angle = atan2(1)
//! ```
//! ```error
//! error[E0302]: the function `atan2` takes 2 arguments, not 1
//! ```

use super::super::{Arity, Function, Type};
use crate::functions::math::{check_numbers, of_one, of_two};

/// `sin(<number>)`
pub const SIN: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::sin)).checked(check_numbers);

/// `cos(<number>)`
pub const COS: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::cos)).checked(check_numbers);

/// `tan(<number>)`
pub const TAN: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::tan)).checked(check_numbers);

/// `asin(<number>)`
pub const ASIN: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::asin)).checked(check_numbers);

/// `acos(<number>)`
pub const ACOS: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::acos)).checked(check_numbers);

/// `atan(<number>)`
pub const ATAN: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::atan)).checked(check_numbers);

/// `atan2(<y>, <x>)`
pub const ATAN2: Function =
    Function::strict(Arity::exactly(2), Type::Number, |x, _| of_two(x, f64::atan2)).checked(check_numbers);

#[cfg(test)]
mod tests {
    use crate::functions::math::of_one;
    use crate::value::Value;

    #[test]
    fn documented_values() {
        // Search Reference, Trig and Hyperbolic functions.
        let print = |function: fn(f64) -> f64, x: &str| of_one(&[x.into()], function).to_text().into_owned();
        assert_eq!(print(f64::cos, "-1"), "0.5403023058681398");
        assert_eq!(print(f64::tan, "1"), "1.5574077246549023");
        assert_eq!(print(f64::tan, "135"), "-0.08871575677006045");
        assert_eq!(print(f64::atanh, "0.500"), "0.549");
        assert_eq!(print(f64::acosh, "2"), "1.3169578969248166");
        assert_eq!(print(f64::sinh, "1"), "1.1752011936438014");
        assert_eq!(of_one(&["2".into()], f64::atanh), Value::Null);
    }
}
