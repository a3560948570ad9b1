//! Reads a time from text.
//!
//! ## Syntax
//! `strptime(<text>, <format>)`
//!
//! ## Description
//! Seconds since 1970 UTC with six decimals, or null if the text is not in the format. The format holds the
//! variables of Splunk's "Date and time format variables". Without an offset or a zone the text is read on
//! the local clock; without any date it is of today; with a part of a date the day is required, and the year
//! is 1971 or later. Leading zeros may be missing. What follows in the text is passed over.
//!
//! ## Examples
//!
//! ```spl
//! eval time = strptime(text, "%Y-%m-%d %H:%M:%S")
//! ```
//! ```json in
//! {"text": "2023-11-14 22:13:20"}
//! {"text": "2023-11-4 2:13:20"}
//! {"text": "14.11.2023"}
//! ```
//! ```json out
//! {"text": "2023-11-14 22:13:20", "time": 1700000000.000000}
//! {"text": "2023-11-4 2:13:20", "time": 1699064000.000000}
//! {"text": "14.11.2023"}
//! ```
//!
//! ```spl
//! eval time = strptime("2023-11-14T23:13:20.5+01:00", "%Y-%m-%dT%H:%M:%S.%N%z")
//! ```
//! ```json out
//! {"time": 1700000000.500000}
//! ```
//!
//! Only the day, and milliseconds since 1970.
//!
//! ```spl
//! eval day = strptime("2023-11-14T22:13:20Z", "%Y-%m-%d"), time = strptime("1700000000123", "%s%3N")
//! ```
//! ```json out
//! {"day": 1699920000.000000, "time": 1700000000.123000}
//! ```
//!
//! ```spl
//! eval time = strptime(text)
//! ```
//! ```error
//! error[E0302]: the function `strptime` takes 2 arguments, not 1
//! ```

use super::super::{Arity, EvalContext, Function, Type};
use crate::time;
use crate::value::{Number, Value};

/// `strptime(<text>, <format>)`
pub const FUNCTION: Function = Function::strict(Arity::exactly(2), Type::Number, strptime);

fn strptime(arguments: &[Value], context: &EvalContext) -> Value {
    let [text, format] = arguments else { return Value::Null };
    if matches!(text, Value::Multi(_)) {
        return Value::Null;
    }
    let read = time::strptime_prefix(&text.to_text(), &format.to_text(), &context.zone, context.now);
    read.map_or(Value::Null, |epoch| Value::Number(Number::fixed(epoch, 6)))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::super::support::testing::{call, call_in, context, field, literal, many};
    use crate::value::Value;

    #[test]
    fn six_decimals() {
        let read = |text: &str, format: &str| {
            call("strptime", &[field(text), literal(format)]).to_text().into_owned()
        };
        assert_eq!(read("1534143600", "%s"), "1534143600.000000");
        // Today, as the search has it: 2023-11-14.
        assert_eq!(read("22:13", "%H:%M"), "1699999980.000000");
    }

    #[test]
    fn local_clock() {
        let mut context = context();
        context.zone = TimeZone::get("America/Los_Angeles").unwrap();
        // Search Reference, "Date and time format variables".
        let text = field("2022-9-25T09:45:22.000");
        let read = call_in("strptime", &[text, literal("%Y-%m-%dT%H:%M:%S.%Q")], &context);
        assert_eq!(read.to_text(), "1664124322.000000");
    }

    #[test]
    fn what_does_not_match() {
        assert_eq!(call("strptime", &[field("soon"), literal("%Y-%m-%d")]), Value::Null);
        assert_eq!(call("strptime", &[field(many(&["1", "2"])), literal("%s")]), Value::Null);
    }
}
