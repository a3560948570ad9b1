//! Moves a time by a time modifier.
//!
//! ## Syntax
//! `relative_time(<time>, <modifier>)`
//!
//! ## Description
//! The time is seconds since 1970 UTC. The modifier is a chain such as `-1d@d+2h`, applied from left to right:
//! offsets by units from seconds to years, and `@`, which rounds down to the start of a unit on the local
//! clock. The result has six decimals; it is null if the time is no number, or if the modifier is none, which a
//! warning says.
//!
//! ## Examples
//!
//! The start of the day before Tuesday, 2023-11-14T22:13:20Z, and of its week, which begins on Sunday.
//!
//! ```spl
//! eval day = relative_time(1700000000, "-1d@d"), week = relative_time(1700000000, "@w0")
//! ```
//! ```json out
//! {"day": 1699833600.000000, "week": 1699747200.000000}
//! ```
//!
//! ```spl
//! where seen > relative_time(1700000000, "-1h@h")
//! ```
//! ```json in
//! {"seen": "1699995599"}
//! {"seen": "1699995601"}
//! ```
//! ```json out
//! {"seen": "1699995601"}
//! ```
//!
//! ```spl
//! eval day = relative_time(now(), -86400, "@d")
//! ```
//! ```error
//! error[E0302]: the function `relative_time` takes 2 arguments, not 3
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::diagnostic::{Code, Diagnostic};
use crate::time::RelativeTime;
use crate::value::{Number, Value};

/// `relative_time(<time>, <modifier>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Number, relative_time);

fn relative_time(arguments: &[Value], context: &EvalContext) -> Value {
    let [time, modifier] = arguments else { return Value::Null };
    let modifier = match modifier.to_text().parse::<RelativeTime>() {
        Ok(modifier) => modifier,
        Err(error) => {
            let message = format!("`{}` is not a time modifier: {error}", modifier.to_text());
            context.warnings.add(Diagnostic::warning(Code::Time, message));
            return Value::Null;
        }
    };
    let moved = time.as_number().and_then(|time| modifier.apply(time, &context.zone));
    moved.map_or(Value::Null, |moved| Value::Number(Number::fixed(moved, 6)))
}

#[cfg(test)]
mod tests {
    use super::super::super::support::testing::{call, field, literal};
    use crate::value::Value;

    #[test]
    fn offsets_and_snaps() {
        let moved = |time: &str, modifier: &str| {
            call("relative_time", &[field(time), literal(modifier)]).to_text().into_owned()
        };
        assert_eq!(moved("1700000000", "-1d@d"), "1699833600.000000");
        assert_eq!(moved("1700000000.25", "+90s"), "1700000090.250000");
        assert_eq!(moved("1700000000", "-24h@h"), "1699912800.000000");
    }

    #[test]
    fn what_is_no_time() {
        assert_eq!(call("relative_time", &[field("today"), literal("@d")]), Value::Null);
        assert_eq!(call("relative_time", &[field(0.0), field("-1 fortnight")]), Value::Null);
        assert_eq!(call("relative_time", &[field(Value::Null), literal("@d")]), Value::Null);
        assert_eq!(call("relative_time", &[field(0.0), literal("-1x")]), Value::Null);
    }
}
