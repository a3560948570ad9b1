//! What several statistical functions remember, in forms that can be merged.

mod addition;
mod all_numbers;
mod bins;
mod exact;
mod moments;
mod ranked;
mod sliding;
mod split;
mod tally;
mod total;

pub use addition::Addition;
pub use all_numbers::{AllNumbers, is_of_numbers};
pub use bins::{Bins, MOST_BINS, has_bin, seconds};
pub use exact::Exact;
pub use moments::Moments;
pub use ranked::Ranked;
pub use sliding::{Least, Sliding, SlidingSum};
pub use split::{places, split};
pub use tally::Kept;
pub use total::Total;

use crate::value::Value;

/// The numbers in a field: each of its values that is, or looks like, one. Other values do not count
/// (Search Reference, "Aggregate functions").
pub fn numbers(value: &Value) -> impl Iterator<Item = f64> {
    value.values().iter().filter_map(Value::as_number)
}
