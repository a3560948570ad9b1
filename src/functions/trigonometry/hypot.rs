//! The hypotenuse of a right-angled triangle with these legs.
//!
//! ## Syntax
//! `hypot(<leg>, <leg>)`
//!
//! ## Examples
//!
//! ```spl
//! eval n = hypot(3, 4)
//! ```
//! ```json out
//! {"n": 5}
//! ```
//!
//! ```spl
//! eval n = hypot(a, b)
//! ```
//! ```json in
//! {"a": "-5", "b": "12"}
//! {"a": "5"}
//! ```
//! ```json out
//! {"a": "-5", "b": "12", "n": 13}
//! {"a": "5"}
//! ```
//!
//! ```spl
//! eval n = hypot(3)
//! ```
//! ```error
//! error[E0302]: the function `hypot` takes 2 arguments, not 1
//! ```

use super::super::{Arity, Function, Type};
use crate::functions::math::{check_numbers, of_two};

/// `hypot(<leg>, <leg>)`
pub const FUNCTION: Function =
    Function::strict(Arity::exactly(2), Type::Number, |x, _| of_two(x, f64::hypot)).checked(check_numbers);
