//! Whole numbers as bits.

pub mod bits;
pub mod not;
pub mod shift;

use crate::value::Value;

/// The largest number that bitwise functions take and give: 53 ones (Search Reference, Bitwise
/// functions).
const ALL_ONES: u64 = (1 << 53) - 1;

/// The bits of a whole number from 0 to 2^53 - 1; anything else has none.
fn bits(value: &Value) -> Option<u64> {
    let number = value.as_number()?;
    let whole = number.fract() == 0.0 && (0.0..=ALL_ONES as f64).contains(&number);
    whole.then_some(number as u64)
}

fn number(bits: u64) -> Value {
    Value::number(bits as f64)
}
