//! The quotes that a theme may choose from, kept so few that a theme with a million passages needs no more room than
//! one with fifty, and chosen as if all had been kept.

use std::collections::HashSet;

use super::quote::{Candidate, spread};

/// A pool from which at most `n` will be chosen.
///
/// Dropping what [`spread`] would not choose now is safe, for more candidates never raise one that is there: each
/// case's and each participant's best, second best and so on can only get better.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    n: usize,
    kept: Vec<(Candidate, T)>,
    /// What a new candidate has to be better than, where every one that would be chosen now is the best of its case:
    /// its strain and its place. With fewer cases than quotes there is none.
    bar: Option<(usize, i64)>,
}

impl<T> Pool<T> {
    pub(super) fn new(n: usize) -> Self {
        Self {
            n,
            kept: Vec::new(),
            bar: None,
        }
    }

    /// How many may be kept before those that have no chance go.
    fn room(&self) -> usize {
        self.n.saturating_mul(4).saturating_add(32)
    }

    /// `what` is asked for only where the candidate has a chance.
    pub(super) fn add(&mut self, candidate: Candidate, what: impl FnOnce() -> T) {
        if self.n > 0
            && self
                .bar
                .is_none_or(|bar| (candidate.strain(), candidate.order) <= bar)
        {
            self.kept.push((candidate, what()));
        }
        if self.kept.len() > self.room() {
            self.prune();
        }
    }

    fn prune(&mut self) {
        let candidates: Vec<Candidate> =
            self.kept.iter().map(|(candidate, _)| *candidate).collect();
        let mut chosen = spread(&candidates, self.n);
        // What is kept stands as it came, whatever order the candidates are to be told apart by.
        chosen.sort_unstable();
        let mut chosen = chosen.into_iter().peekable();
        let mut at = 0;
        self.kept.retain(|_| {
            let keep = chosen.next_if_eq(&at).is_some();
            at += 1;
            keep
        });
        let cases: HashSet<Option<i64>> = self.kept.iter().map(|(c, _)| c.case).collect();
        self.bar = if cases.len() == self.n {
            self.kept.iter().map(|(c, _)| (c.strain(), c.order)).max()
        } else {
            None
        };
    }

    /// At most `n`, as they came.
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
            all in prop::collection::vec((prop::option::of(0_i64..9), prop::option::of(0_i64..6), 0_usize..900), 0..400),
            n in 0_usize..9,
            turned in prop::sample::select(vec![1_i64, 101, 397]),
        ) {
            // With 1 they come in their order, with another in one that has nothing to do with it.
            let all: Vec<Candidate> = (0_i64..)
                .zip(all)
                .map(|(at, (case, participant, length))| Candidate { case, participant, length, order: at * turned % 401 })
                .collect();
            let mut pool = Pool::new(n);
            for candidate in &all {
                pool.add(*candidate, || ());
            }
            let mut expected = spread(&all, n);
            expected.sort_unstable();
            let expected: Vec<Candidate> = expected.into_iter().map(|i| all[i]).collect();
            let chosen: Vec<Candidate> = pool.chosen().into_iter().map(|(candidate, ())| candidate).collect();
            prop_assert_eq!(chosen, expected);
        }
    }
}
