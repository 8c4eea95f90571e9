//! What the table of two coders gives besides: weighted kappa, the largest kappa possible, and Cohen's errors.

use super::ratings::size;
use super::{Ratings, Reason, Value, chance_corrected};
use crate::domain::words::words;

words! {
    /// How far a disagreement of ordered categories counts, by how many steps lie between.
    Weights, "kind of weights" {
        /// Only the same counts.
        Same = "same",
        /// 1 - steps / (categories - 1).
        Linear = "linear",
        /// 1 - (steps / (categories - 1))².
        Quadratic = "quadratic",
    }
}

/// The shares of each pair of categories, over the units that both coders judged.
pub struct Square {
    units: f64,
    shares: Vec<Vec<f64>>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Square {
    pub fn of(ratings: &Ratings) -> Result<Self, Reason> {
        if !ratings.coders_known() {
            return Err(Reason::CodersNotKnown);
        }
        if ratings.coders() != 2 {
            return Err(Reason::NotTwoCoders);
        }
        let k = ratings.categories();
        let mut square = Self {
            units: 0.0,
            shares: vec![vec![0.0; k]; k],
            first: vec![0.0; k],
            second: vec![0.0; k],
        };
        for (row, weight) in ratings.rows() {
            if let [Some(a), Some(b)] = row {
                square.shares[*a as usize][*b as usize] += weight;
                square.units += weight;
            }
        }
        if square.units <= 0.0 {
            return Err(Reason::NoUnits);
        }
        for (a, row) in square.shares.iter_mut().enumerate() {
            for (b, share) in row.iter_mut().enumerate() {
                *share /= square.units;
                square.first[a] += *share;
                square.second[b] += *share;
            }
        }
        Ok(square)
    }

    /// Weighted kappa: Cohen, Weighted kappa, Psychological Bulletin 70 (1968) 213-220. Categories stand in the order of
    /// the ratings, one step apart; only those that occur count, as R's `irr` has it.
    pub fn kappa(&self, weights: Weights) -> Value {
        if self.used().len() < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        let (observed, expected) = self.sums(weights);
        Value::of(chance_corrected(observed, expected), Reason::OneCategory)
    }

    /// The standard error of it for large samples: Fleiss, Cohen & Everitt, Psychological Bulletin 72 (1969) 323-327.
    pub fn error(&self, weights: Weights) -> Option<f64> {
        let kappa = self.kappa(weights).number()?;
        let used = self.used();
        let weight = |a: usize, b: usize| weight(weights, a, b, used.len());
        let (_, expected) = self.sums(weights);
        // The mean weight of a category against the other coder's distribution.
        let of_first: Vec<f64> = (0..used.len())
            .map(|a| {
                (0..used.len())
                    .map(|b| self.second[used[b]] * weight(a, b))
                    .sum()
            })
            .collect();
        let of_second: Vec<f64> = (0..used.len())
            .map(|b| {
                (0..used.len())
                    .map(|a| self.first[used[a]] * weight(a, b))
                    .sum()
            })
            .collect();
        // The mean of the parts over the units, taken off first: at full agreement what is left is 0, not a rounding error.
        let middle = kappa - expected * (1.0 - kappa);
        let mut spread = 0.0;
        for a in 0..used.len() {
            for b in 0..used.len() {
                let part = weight(a, b) - (of_first[a] + of_second[b]) * (1.0 - kappa) - middle;
                spread += self.shares[used[a]][used[b]] * part * part;
            }
        }
        let variance = spread / (self.units * (1.0 - expected) * (1.0 - expected));
        Some(variance.sqrt())
    }

    /// The standard error of unweighted kappa where there is only chance, for testing against 0 (the same source).
    pub fn error_by_chance(&self) -> Option<f64> {
        self.kappa(Weights::Same).number()?;
        let (_, expected) = self.sums(Weights::Same);
        let both = self.first.iter().zip(&self.second);
        let uneven: f64 = both.map(|(a, b)| a * b * (a + b)).sum();
        let variance = (expected + expected * expected - uneven).max(0.0) / self.units;
        Some(variance.sqrt() / (1.0 - expected))
    }

    /// The largest kappa that the coders' distributions allow: Cohen 1960, p. 42.
    pub fn largest_kappa(&self) -> Value {
        if self.used().len() < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        let both = self.first.iter().zip(&self.second);
        let most = both.map(|(a, b)| a.min(*b)).sum();
        let (_, expected) = self.sums(Weights::Same);
        Value::of(chance_corrected(most, expected), Reason::OneCategory)
    }

    /// The categories that a coder used.
    fn used(&self) -> Vec<usize> {
        (0..self.first.len())
            .filter(|c| self.first[*c] + self.second[*c] > 0.0)
            .collect()
    }

    /// Weighted agreement, as observed and as expected by chance.
    fn sums(&self, weights: Weights) -> (f64, f64) {
        let used = self.used();
        let (mut observed, mut expected) = (0.0, 0.0);
        for (a, from) in used.iter().enumerate() {
            for (b, to) in used.iter().enumerate() {
                let weight = weight(weights, a, b, used.len());
                observed += weight * self.shares[*from][*to];
                expected += weight * self.first[*from] * self.second[*to];
            }
        }
        (observed, expected)
    }
}

fn weight(weights: Weights, a: usize, b: usize, categories: usize) -> f64 {
    let steps = size(a.abs_diff(b)) / (size(categories) - 1.0).max(1.0);
    match weights {
        Weights::Same => f64::from(u8::from(a == b)),
        Weights::Linear => 1.0 - steps,
        Weights::Quadratic => 1.0 - steps * steps,
    }
}
