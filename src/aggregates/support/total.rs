//! Sums that do not depend on the order of their addends.

use serde::{Deserialize, Serialize};

use super::super::{Aggregate, Arrival, Input};
use super::{Exact, numbers};
use crate::value::Value;

/// What `sum`, `avg` and `sumsq` compute, exactly and rounded once.
pub enum Total {
    /// The sum.
    Sum,
    /// The sum over the count.
    Mean,
    /// The sum of the squares.
    Squares,
}

/// How many numbers, and their sum.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Totalled {
    count: u64,
    sum: Exact,
}

impl Aggregate for Total {
    type State = Totalled;

    fn update(&self, state: &mut Totalled, input: Input<'_>) {
        for number in numbers(input.value) {
            state.count += 1;
            match self {
                Total::Squares => state.sum.add_product(number, number, 1),
                Total::Sum | Total::Mean => state.sum.add(number, 1),
            }
        }
    }

    fn merge(&self, state: &mut Totalled, other: Totalled, _: Arrival) {
        state.count += other.count;
        state.sum.merge(other.sum);
    }

    fn finish(&self, state: &Totalled) -> Value {
        match (state.count, self) {
            (0, _) => Value::Null,
            (count, Total::Mean) => Value::number(state.sum.round() / count as f64),
            _ => Value::number(state.sum.round()),
        }
    }
}
