//! Writes a time as text.
//!
//! ## Syntax
//! `strftime(<time>, <format>)`
//!
//! ## Description
//! The time is seconds since 1970 UTC; the text shows the local clock. The format holds the variables of
//! Splunk's "Date and time format variables", such as `%Y-%m-%dT%H:%M:%S.%Q %z`; what follows an unknown `%`
//! stands for itself. Null if the time is no number.
//!
//! ## Examples
//!
//! ```spl
//! eval text = strftime(time, "%Y-%m-%dT%H:%M:%S.%Q%:z")
//! ```
//! ```json in
//! {"time": "1700000000"}
//! {"time": "1700000000.25"}
//! {"time": "yesterday"}
//! ```
//! ```json out
//! {"time": "1700000000", "text": "2023-11-14T22:13:20.000+00:00"}
//! {"time": "1700000000.25", "text": "2023-11-14T22:13:20.250+00:00"}
//! {"time": "yesterday"}
//! ```
//!
//! ```spl
//! eval day = strftime(1700000000, "%A, %b %d")
//! ```
//! ```json out
//! {"day": "Tuesday, Nov 14"}
//! ```
//!
//! ```spl
//! eval text = strftime(time)
//! ```
//! ```error
//! error[E0302]: the function `strftime` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::time;
use crate::value::Value;

/// `strftime(<time>, <format>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Text, strftime);

fn strftime(arguments: &[Value], context: &EvalContext) -> Value {
    let [time, format] = arguments else { return Value::Null };
    let written = time.as_number().and_then(|epoch| time::strftime(epoch, &format.to_text(), &context.zone));
    written.map_or(Value::Null, Value::from)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::super::support::testing::{call, call_in, context, field, literal};
    use crate::value::Value;

    #[test]
    fn local_clock() {
        let mut context = context();
        context.zone = TimeZone::get("America/Los_Angeles").unwrap();
        let format = "%m-%d-%Y %H:%M:%S.%Q %z";
        // Search Reference, "Date and time format variables".
        let written = call_in("strftime", &[field("1745995522"), literal(format)], &context);
        assert_eq!(written, "04-29-2025 23:45:22.000 -0700".into());
    }

    #[test]
    fn what_is_no_time() {
        assert_eq!(call("strftime", &[field("now"), literal("%s")]), Value::Null);
        assert_eq!(call("strftime", &[field(1e300), literal("%s")]), Value::Null);
    }
}
