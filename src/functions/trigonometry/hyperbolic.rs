//! Hyperbolic sine, cosine, tangent and their inverses.
//!
//! ## Syntax
//! `sinh(<number>)` `cosh(<number>)` `tanh(<number>)`
//! `asinh(<number>)` `acosh(<number>)` `atanh(<number>)`
//!
//! ## Description
//! The result has the significant digits of the argument as it is written; whole numbers are exact. Null
//! where there is no finite result: `acosh` below 1, `atanh` beyond -1 and 1 and at them.
//!
//! ## Examples
//!
//! ```spl
//! eval a = sinh(1), b = cosh(1), c = tanh(1), d = asinh(1), e = acosh(2), f = atanh(0.500)
//! ```
//! ```json out
//! {"a": 1.1752011936438014, "b": 1.5430806348152437, "c": 0.7615941559557649, "d": 0.881373587019543, "e": 1.3169578969248166, "f": 0.549}
//! ```
//!
//! ```spl
//! eval n = atanh(n)
//! ```
//! ```json in
//! {"n": "0"}
//! {"n": "1"}
//! ```
//! ```json out
//! {"n": 0}
//! {}
//! ```
//!
//! ```spl
//! eval n = sinh("1")
//! ```
//! ```error
//! error[E0302]: the text "1" stands where a number is needed
//! ```

use super::super::{Arity, Function, Type};
use crate::functions::math::{check_numbers, growing, of_one};

/// `sinh(<number>)`
pub const SINH: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| growing(x, f64::sinh)).checked(check_numbers);

/// `cosh(<number>)`
pub const COSH: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| growing(x, f64::cosh)).checked(check_numbers);

/// `tanh(<number>)`
pub const TANH: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::tanh)).checked(check_numbers);

/// `asinh(<number>)`
pub const ASINH: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::asinh)).checked(check_numbers);

/// `acosh(<number>)`
pub const ACOSH: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::acosh)).checked(check_numbers);

/// `atanh(<number>)`
pub const ATANH: Function =
    Function::strict(Arity::exactly(1), Type::Number, |x, _| of_one(x, f64::atanh)).checked(check_numbers);
