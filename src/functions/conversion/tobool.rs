//! Turns text and numbers into truth values.
//!
//! ## Syntax
//! `tobool(<value>)`
//!
//! ## Description
//! The texts `true` and `True` are true, `false` and `False` are false; the number 0 is false, every other
//! number is true, whether computed or written in a field. Anything else is null. A field cannot hold the
//! result: use it in a condition.
//!
//! ## Examples
//!
//! ```spl
//! eval stock = if(tobool(units), "in stock", "sold out")
//! ```
//! ```json in
//! {"units": "12"}
//! {"units": "0"}
//! {"units": "0.5"}
//! ```
//! ```json out
//! {"units": "12", "stock": "in stock"}
//! {"units": "0", "stock": "sold out"}
//! {"units": "0.5", "stock": "in stock"}
//! ```
//!
//! ```spl
//! where tobool(mfa)
//! ```
//! ```json in
//! {"mfa": "true"}
//! {"mfa": "False"}
//! {"mfa": "yes"}
//! ```
//! ```json out
//! {"mfa": "true"}
//! ```
//!
//! ```spl
//! where tobool()
//! ```
//! ```error
//! error[E0302]: the function `tobool` takes 1 argument, not 0
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::value::Value;

/// `tobool(<value>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(1), Type::Bool, tobool);

fn tobool(arguments: &[Value], _: &EvalContext) -> Value {
    match arguments {
        [Value::Bool(truth)] => Value::Bool(*truth),
        [Value::Text(text)] if text == "true" || text == "True" => Value::Bool(true),
        [Value::Text(text)] if text == "false" || text == "False" => Value::Bool(false),
        [value] => value.as_number().map_or(Value::Null, |number| Value::Bool(number != 0.0)),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field};
    use crate::value::Value;

    #[test]
    fn truth_of_values() {
        for truth in ["true", "True", "1", "-2.5"] {
            assert_eq!(call("tobool", &[field(truth)]), true.into(), "{truth}");
        }
        for falsehood in ["false", "False", "0", "0.00", "-0"] {
            assert_eq!(call("tobool", &[field(falsehood)]), false.into(), "{falsehood}");
        }
        for neither in ["TRUE", "t", "", "yes"] {
            assert_eq!(call("tobool", &[field(neither)]), Value::Null, "{neither}");
        }
        assert_eq!(call("tobool", &[field(Value::Null)]), Value::Null);
        assert_eq!(call("tobool", &[field(false)]), false.into());
    }
}
