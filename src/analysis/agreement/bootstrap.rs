//! Intervals by drawing again, from a seed.
//!
//! Efron & Tibshirani, An Introduction to the Bootstrap (1993), ch. 13: percentile intervals. What is drawn, with
//! replacement and as many as there are, are blocks: whole transcripts, or turns where there are few transcripts. The
//! turns of one interview resemble each other, so drawing them one by one would promise too much.

use super::Value;
use super::ratings::size;
use crate::analysis::chance::Chance;

/// What each block adds to the sums that a coefficient is made of: block, place in the sums, how much.
#[derive(Clone, Debug, Default)]
pub struct Parts(Vec<(u32, u32, f64)>);

impl Parts {
    pub fn add(&mut self, block: u32, place: u32, much: f64) {
        self.0.push((block, place, much));
    }

    fn sum(&self, times: &[u32], sums: &mut [f64]) {
        sums.fill(0.0);
        for (block, place, much) in &self.0 {
            sums[*place as usize] += f64::from(times[*block as usize]) * much;
        }
    }
}

/// How often each block is in each of the draws. The same for all coefficients, so that they can be compared.
pub struct Draws {
    blocks: usize,
    times: Vec<u32>,
}

impl Draws {
    pub fn new(blocks: usize, draws: usize, seed: u64) -> Self {
        let mut chance = Chance::from_seed(seed);
        let mut times = vec![0; blocks * draws];
        for one in times.chunks_mut(blocks.max(1)) {
            for _ in 0..blocks {
                one[chance.below(blocks)] += 1;
            }
        }
        Self { blocks, times }
    }

    /// The 95 % percentile intervals of the coefficients that `value` makes of the sums. None where fewer than 95 % of
    /// the draws have a value: an interval over the rest would be of another thing.
    pub fn intervals(
        &self,
        parts: &Parts,
        places: usize,
        coefficients: usize,
        mut values: impl FnMut(&[f64], &mut Vec<Value>),
    ) -> Vec<Option<(f64, f64)>> {
        let draws = self.times.len() / self.blocks.max(1);
        let mut sums = vec![0.0; places];
        let mut found: Vec<Vec<f64>> = vec![Vec::with_capacity(draws); coefficients];
        let mut row = Vec::with_capacity(coefficients);
        for times in self.times.chunks(self.blocks.max(1)) {
            parts.sum(times, &mut sums);
            row.clear();
            values(&sums, &mut row);
            for (all, value) in found.iter_mut().zip(&row) {
                all.extend(value.number());
            }
        }
        found
            .into_iter()
            .map(|all| {
                if draws == 0 || all.len() * 100 < draws * 95 {
                    return None;
                }
                percentiles(all)
            })
            .collect()
    }
}

/// The 2.5th and the 97.5th percentile, between neighbours by their distance (R's type 7).
fn percentiles(mut all: Vec<f64>) -> Option<(f64, f64)> {
    all.sort_by(f64::total_cmp);
    let last = all.len().checked_sub(1)?;
    let at = |share: f64| {
        let place = share * size(last);
        let below = whole(place).min(last);
        let above = (below + 1).min(last);
        all[below] + (place - size(below)) * (all[above] - all[below])
    };
    Some((at(0.025), at(0.975)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list: not below 0 and not beyond its length"
)]
fn whole(place: f64) -> usize {
    place.floor() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::agreement::Reason;

    #[test]
    fn percentiles_are_those_of_type_seven() {
        // R: quantile(0:40, c(.025, .975)) is 1 and 39; of 1:10 it is 1.225 and 9.775.
        let forty = (0_u8..=40).map(f64::from).rev().collect();
        assert_eq!(percentiles(forty), Some((1.0, 39.0)));
        let (low, high) = percentiles((1_u8..=10).map(f64::from).collect()).expect("ten numbers");
        assert!((low - 1.225).abs() < 1e-12 && (high - 9.775).abs() < 1e-12);
        assert_eq!(percentiles(Vec::new()), None);
    }

    #[test]
    fn a_mean_has_the_interval_that_theory_gives_it() {
        // 400 blocks, half 0 and half 1: the mean's error is sqrt(0.25 / 400) = 0.025.
        let mut parts = Parts::default();
        for block in 0..400 {
            parts.add(block, 0, f64::from(block % 2));
        }
        let draws = Draws::new(400, 2000, 1);
        let found = draws.intervals(&parts, 1, 1, |sums, row| {
            row.push(Value::Defined(sums[0] / 400.0));
        });
        let (low, high) = found[0].expect("an interval");
        assert!(
            (low - 0.451).abs() < 0.006 && (high - 0.549).abs() < 0.006,
            "{low} {high}"
        );
        let again = Draws::new(400, 2000, 1).intervals(&parts, 1, 1, |sums, row| {
            row.push(Value::Defined(sums[0] / 400.0));
        });
        assert_eq!(found, again);
    }

    #[test]
    fn too_few_draws_with_a_value_give_no_interval() {
        let mut parts = Parts::default();
        parts.add(0, 0, 1.0);
        let draws = Draws::new(2, 100, 1);
        let found = draws.intervals(&parts, 1, 1, |sums, row| {
            row.push(if sums[0] > 0.0 {
                Value::Defined(1.0)
            } else {
                Value::Undefined(Reason::NoUnits)
            });
        });
        assert_eq!(found, [None]);
    }
}
