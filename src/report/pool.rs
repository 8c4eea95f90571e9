//! The quotes that a theme may choose from, kept so few that a theme with a million passages needs no more room than
//! one with fifty, and chosen as if all had been kept.

use super::quote::{Candidate, spread};

/// A pool from which at most `n` will be chosen.
///
/// Dropping what [`spread`] would not choose now is safe, for more candidates never raise one that is there: each
/// case's and each participant's best, second best and so on can only get better.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    n: usize,
    kept: Vec<(Candidate, T)>,
}

impl<T> Pool<T> {
    pub(super) fn new(n: usize) -> Self {
        Self {
            n,
            kept: Vec::new(),
        }
    }

    /// How many may be kept before those that have no chance go.
    fn room(&self) -> usize {
        self.n.saturating_mul(4).saturating_add(32)
    }

    pub(super) fn add(&mut self, candidate: Candidate, what: T) {
        if self.n > 0 {
            self.kept.push((candidate, what));
        }
        if self.kept.len() > self.room() {
            self.prune();
        }
    }

    fn prune(&mut self) {
        let candidates: Vec<Candidate> =
            self.kept.iter().map(|(candidate, _)| *candidate).collect();
        let mut chosen = spread(&candidates, self.n).into_iter().peekable();
        let mut at = 0;
        self.kept.retain(|_| {
            let keep = chosen.next_if_eq(&at).is_some();
            at += 1;
            keep
        });
    }

    /// At most `n`, in their original order.
    pub(super) fn chosen(mut self) -> Vec<(Candidate, T)> {
        self.prune();
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn chosen_as_if_all_had_been_kept(
            all in prop::collection::vec((prop::option::of(0_i64..4), prop::option::of(0_i64..6), 0_usize..900), 0..400),
            n in 0_usize..9,
        ) {
            let all: Vec<Candidate> = (0_i64..)
                .zip(all)
                .map(|(order, (case, participant, length))| Candidate { case, participant, length, order })
                .collect();
            let mut pool = Pool::new(n);
            for candidate in &all {
                pool.add(*candidate, ());
            }
            let expected: Vec<Candidate> = spread(&all, n).into_iter().map(|i| all[i]).collect();
            let chosen: Vec<Candidate> = pool.chosen().into_iter().map(|(candidate, ())| candidate).collect();
            prop_assert_eq!(chosen, expected);
        }
    }
}
