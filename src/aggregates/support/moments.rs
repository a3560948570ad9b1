//! What variance and standard deviation remember.

use serde::{Deserialize, Serialize};

use super::Exact;

/// How far, of the sum of squared distances, Splunk's way of computing it may be from the exact sum to be followed.
const ROUNDING: f64 = 1e-12;

/// The count, the sum and the sum of squares, both exact, so that no split of the rows shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Moments {
    count: u64,
    sum: Exact,
    squares: Exact,
}

impl Moments {
    /// Takes in a number.
    pub fn add(&mut self, number: f64) {
        self.count += 1;
        self.sum.add(number, 1);
        self.squares.add_product(number, number, 1);
    }

    /// Takes in those of another part.
    pub fn merge(&mut self, other: Moments) {
        self.count += other.count;
        self.sum.merge(other.sum);
        self.squares.merge(other.squares);
    }

    /// The variance of a sample, over n - 1; 0 of one number, none of nothing.
    pub fn sample_variance(&self) -> Option<f64> {
        match self.count {
            0 => None,
            1 => Some(0.0),
            count => Some(self.deviations() / (count - 1) as f64),
        }
    }

    /// The variance of a population, over n; none of nothing.
    pub fn population_variance(&self) -> Option<f64> {
        (self.count > 0).then(|| self.deviations() / self.count as f64)
    }

    /// The sum of the squared distances from the mean, with the last digits that Splunk prints.
    ///
    /// Splunk takes the mean times the sum from the sum of the squares, in doubles. Where numbers are large and
    /// close together nothing is left of that; there the exact sum stands.
    fn deviations(&self) -> f64 {
        let sum = self.sum.round();
        let mean = sum / self.count as f64;
        let exact = self.exact_deviations(mean);
        let in_doubles = self.squares.round() - mean * sum;
        if (in_doubles - exact).abs() <= exact * ROUNDING { in_doubles } else { exact }
    }

    /// The sum of the squared distances from the mean m: that of the squares, less 2m times the sum, plus
    /// n times m squared, rounded only at the end. That m is itself rounded changes nothing that a double
    /// could hold.
    fn exact_deviations(&self, mean: f64) -> f64 {
        let mut total = self.squares.clone();
        for part in self.sum.parts() {
            total.add_product(part, -2.0 * mean, 1);
        }
        total.add_product(mean, mean, self.count);
        let deviations = total.round();
        if deviations < 0.0 { 0.0 } else { deviations }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(numbers: &[f64]) -> Moments {
        let mut moments = Moments::default();
        numbers.iter().for_each(|&number| moments.add(number));
        moments
    }

    #[test]
    fn by_hand() {
        // Mean 30; distances 20, 10, 0, 10, 20; squares 1000 in all.
        let five = moments(&[10.0, 20.0, 30.0, 40.0, 50.0]);
        assert_eq!((five.sample_variance(), five.population_variance()), (Some(250.0), Some(200.0)));
        assert_eq!(moments(&[5.0]).sample_variance(), Some(0.0));
        // As Splunk's documentation of `sumsq` prints it; the double nearest to the true value ends in 34.
        let week = moments(&[65.0, 42.0, 40.0, 31.0, 47.0, 53.0, 64.0]);
        assert_eq!(week.sample_variance().map(f64::sqrt), Some(12.615183595289349));
        assert_eq!(moments(&[]).sample_variance(), None);
        // Equal numbers do not vary, though no double is 3.99.
        assert_eq!(moments(&[3.99; 100]).sample_variance(), Some(0.0));
        // Large numbers close together: distances 1, 0, 1.
        assert_eq!(moments(&[1e15 + 0.5, 1e15 + 1.5, 1e15 + 2.5]).sample_variance(), Some(1.0));
    }
}
