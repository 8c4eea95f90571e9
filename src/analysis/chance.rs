//! Chance that can be had again: the same seed gives the same draws on every machine and in every later version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of draws. ChaCha with eight rounds is specified to the bit, so a sample drawn from a seed can be drawn
/// again by anybody; what is made of its bits is written here, for the same reason.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn from_seed(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number from 0 to `n` - 1, each as likely as the others; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let Some(n) = std::num::NonZeroU64::new(n as u64) else {
            return 0;
        };
        // Draws from the incomplete last round would favour small numbers: they are drawn again.
        let whole = u64::MAX - u64::MAX % n;
        loop {
            let drawn = self.0.next_u64();
            if drawn < whole {
                return usize::try_from(drawn % n).unwrap_or_default();
            }
        }
    }

    /// Puts things into an order of which each is as likely (Fisher & Yates, from the last to the first).
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last + 1);
            things.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was drawn once is drawn for ever: a changed figure here would change everybody's samples.
    #[test]
    fn a_seed_gives_the_same_draws_for_ever() {
        let mut chance = Chance::from_seed(2021);
        let drawn: Vec<usize> = (0..8).map(|_| chance.below(100)).collect();
        let mut order: Vec<usize> = (0..10).collect();
        Chance::from_seed(7).shuffle(&mut order);
        assert_eq!(
            (drawn, order),
            (
                vec![89, 40, 6, 7, 29, 8, 21, 90],
                vec![2, 7, 0, 6, 3, 4, 8, 1, 9, 5]
            )
        );
    }

    #[test]
    fn every_order_of_three_comes_up_about_as_often() {
        let mut chance = Chance::from_seed(1);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut three = [1, 2, 3];
            chance.shuffle(&mut three);
            *seen.entry(three).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|n| (880..1120).contains(n)), "{seen:?}");
    }
}
