//! A range of numbers, or of times.
//!
//! ## Syntax
//! `mvrange(<start>, <end>)` | `mvrange(<start>, <end>, <step>)`
//!
//! ## Description
//! From the start in steps up to the end, which does not belong to it. The step is 1 if there is none; a negative one
//! counts down. A step such as `7d` or `1mon` is a span of time: start and end are epoch seconds, and days and longer
//! units follow the calendar of the search's time zone, so that every value has the same time of day. Without anything
//! between start and end the result is null.
//!
//! A range ends after a million values, with a warning.
//!
//! ## Examples
//!
//! ```spl
//! eval n = mvrange(1, 11, 2), few = mvrange(0, 3), down = mvrange(3, 0, -1)
//! ```
//! ```json out
//! {"n": [1, 3, 5, 7, 9], "few": [0, 1, 2], "down": [3, 2, 1]}
//! ```
//!
//! ```spl
//! eval days = mvrange(start, start + 3 * 86400, "1d"), tenths = mvrange(0, 0.4, 0.1)
//! ```
//! ```json in
//! {"start": "1514834731"}
//! ```
//! ```json out
//! {"start": "1514834731", "days": [1514834731, 1514921131, 1515007531], "tenths": [0, 0.1, 0.2, 0.3]}
//! ```
//!
//! ```spl
//! eval days = mvrange(0, 10, "-7d")
//! ```
//! ```error
//! error[E0302]: `-7d` is not a step of `mvrange`: a span is a number and a unit of time
//! ```

use super::super::{Arity, EvalContext, Function, Misuse, Type};
use crate::diagnostic::{Code, Diagnostic};
use crate::time::Span;
use crate::value::{Number, Value};

/// `mvrange(<start>, <end>)` | `mvrange(<start>, <end>, <step>)`
pub const FUNCTION: Function = Function::strict(Arity::between(2, 3), Type::Any, range).checked(check);

/// The longest range: 64 MB.
const LONGEST: usize = 1_000_000;

fn check(arguments: &[Option<Value>]) -> Result<(), Misuse> {
    let Some(Some(Value::Text(step))) = arguments.get(2) else { return Ok(()) };
    if crate::value::parse_number(step).is_some() {
        return Ok(());
    }
    match step.parse::<Span>() {
        Ok(_) => Ok(()),
        Err(error) => {
            let message = format!("`{step}` is not a step of `mvrange`: {error}");
            Err(Misuse { message, argument: 2, regex: false })
        }
    }
}

fn range(arguments: &[Value], context: &EvalContext) -> Value {
    let [start, end, rest @ ..] = arguments else { return Value::Null };
    let (Some(start), Some(end)) = (start.as_numeric(), end.as_number()) else { return Value::Null };
    let one = Value::number(1.0);
    let step = rest.first().unwrap_or(&one);
    if let Some(step) = step.as_numeric() {
        return collect(numbers(start, end, step), context);
    }
    let Ok(span) = step.to_text().parse::<Span>() else { return Value::Null };
    let later = |&time: &f64| span.add(time, &context.zone).filter(|&next| next > time);
    collect(std::iter::successors(Some(start.value), later).take_while(|&time| time < end), context)
}

/// Each counted from the start, so that steps do not add up their rounding, and with no more decimals
/// than start and step have.
fn numbers(start: Number, end: f64, step: Number) -> impl Iterator<Item = f64> {
    let decimals = |number: Number| number.to_string().split_once('.').map_or(0, |(_, digits)| digits.len());
    let places = decimals(start).max(decimals(step));
    let count = if step.value == 0.0 { 0 } else { usize::MAX };
    let value = move |index: usize| {
        let exact = start.value + index as f64 * step.value;
        if places == 0 { exact } else { format!("{exact:.places$}").parse().unwrap_or(exact) }
    };
    let before_end = move |&number: &f64| if step.value > 0.0 { number < end } else { number > end };
    (0..count).map(value).take_while(before_end)
}

fn collect(numbers: impl Iterator<Item = f64>, context: &EvalContext) -> Value {
    let mut values: Vec<Value> = numbers.take(LONGEST + 1).map(Value::number).collect();
    if values.len() > LONGEST {
        values.truncate(LONGEST);
        let message = format!("`mvrange` was cut after {LONGEST} values");
        context.warnings.add(Diagnostic::warning(Code::Limit, message));
    }
    Value::from_values(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Warnings;

    fn context(zone: &str) -> EvalContext {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        EvalContext::new(0.0, zone, Warnings::new())
    }

    #[test]
    fn weeks_follow_the_calendar() {
        // Search Reference, "Multivalue eval functions": a week in March has an hour less.
        let arguments = [1514834731.0.into(), 1524134919.0.into(), "7d".into()];
        let weeks = range(&arguments, &context("America/Los_Angeles"));
        let times: Vec<f64> = weeks.values().iter().filter_map(Value::as_number).collect();
        assert_eq!(times.len(), 16);
        assert_eq!(times[9..12], [1520277931.0, 1520879131.0, 1521483931.0]);
        assert_eq!(times.last(), Some(&1523903131.0));
    }

    #[test]
    fn ranges_without_end_are_cut() {
        let context = context("UTC");
        let long = range(&[0.0.into(), 1e12.into()], &context);
        assert_eq!(long.values().len(), LONGEST);
        assert_eq!(context.warnings.take().len(), 1);
        for step in [0.0, -1.0] {
            assert_eq!(range(&[0.0.into(), 5.0.into(), step.into()], &context), Value::Null);
        }
    }
}
