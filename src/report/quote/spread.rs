//! Choosing quotes so that many are heard: cases first, then participants, and no quote of two words or two pages
//! where there is a better one.

use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Lengths that are read with pleasure, in code points.
const MIDDLE: RangeInclusive<usize> = 60..=400;

/// A quote that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Any number that is the same for quotes of the same case.
    pub case: Option<i64>,
    /// The same for participants; those without one count as one.
    pub participant: Option<i64>,
    /// In code points.
    pub length: usize,
    /// Where it stands among all: its place in the order that the report keeps.
    pub order: i64,
}

impl Candidate {
    /// How far its length is from the middle; 0 within.
    pub(in crate::report) fn strain(&self) -> usize {
        MIDDLE
            .start()
            .saturating_sub(self.length)
            .max(self.length.saturating_sub(*MIDDLE.end()))
    }
}

/// The places of at most `n` candidates, in their original order. Each case gets one before any gets two, and
/// within a case each participant; so no case or participant has two more than another that could have had more.
/// Between equals, middle lengths go first, then what stands first. The same candidates give the same choice, in
/// whatever order they come.
pub fn spread(candidates: &[Candidate], n: usize) -> Vec<usize> {
    // Nothing but a candidate's own values decides; only twins in all of them are told apart by their place.
    let mut best: Vec<usize> = (0..candidates.len()).collect();
    best.sort_by_key(|&i| {
        let c = &candidates[i];
        (c.strain(), c.order, c.case, c.participant, c.length, i)
    });
    // How many of its participant go before each, then how many of its case.
    let by_participant = turns(&best, |i| (candidates[i].case, candidates[i].participant));
    best.sort_by_key(|&i| by_participant[i]);
    let by_case = turns(&best, |i| candidates[i].case);
    best.sort_by_key(|&i| by_case[i]);
    best.truncate(n);
    best.sort_by_key(|&i| (candidates[i].order, i));
    best
}

/// For each candidate, how many of its group come before it in `sequence`.
fn turns<G: std::hash::Hash + Eq>(sequence: &[usize], group: impl Fn(usize) -> G) -> Vec<usize> {
    let mut seen = HashMap::new();
    let mut turns = vec![0; sequence.len()];
    for &i in sequence {
        let count = seen.entry(group(i)).or_insert(0_usize);
        turns[i] = *count;
        *count += 1;
    }
    turns
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn candidate(case: i64, participant: i64, length: usize, order: i64) -> Candidate {
        Candidate {
            case: Some(case),
            participant: Some(participant),
            length,
            order,
        }
    }

    #[test]
    fn every_case_before_a_second_of_one() {
        let all = [
            candidate(1, 1, 100, 0),
            candidate(1, 1, 100, 1),
            candidate(1, 2, 100, 2),
            candidate(2, 3, 900, 3),
        ];
        assert_eq!(spread(&all, 2), [0, 3]);
        assert_eq!(spread(&all, 3), [0, 2, 3]);
        assert_eq!(spread(&all, 9), [0, 1, 2, 3]);
        assert_eq!(spread(&all, 0), [0_usize; 0]);
    }

    #[test]
    fn middle_lengths_are_preferred() {
        let all = [
            candidate(1, 1, 12, 0),
            candidate(1, 1, 200, 1),
            candidate(1, 1, 2000, 2),
        ];
        assert_eq!(spread(&all, 1), [1]);
        assert_eq!(spread(&all, 2), [0, 1]);
    }

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        let one = (
            prop::option::of(0_i64..5),
            prop::option::of(0_i64..6),
            0_usize..800,
        );
        prop::collection::vec(one, 0..60).prop_map(|all| {
            let places = (0_i64..).zip(all);
            places
                .map(|(order, (case, participant, length))| Candidate {
                    case,
                    participant,
                    length,
                    order,
                })
                .collect()
        })
    }

    fn counts<G: Ord>(
        all: &[Candidate],
        chosen: &[usize],
        group: impl Fn(&Candidate) -> G,
    ) -> BTreeMap<G, (usize, usize)> {
        let mut counts: BTreeMap<G, (usize, usize)> = BTreeMap::new();
        for (i, c) in all.iter().enumerate() {
            let count = counts.entry(group(c)).or_default();
            count.0 += usize::from(chosen.contains(&i));
            count.1 += 1;
        }
        counts
    }

    proptest! {
        #[test]
        fn fair_to_cases_and_participants(all in candidates(), n in 0_usize..70) {
            let chosen = spread(&all, n);
            prop_assert_eq!(chosen.len(), n.min(all.len()));
            prop_assert!(chosen.windows(2).all(|pair| pair[0] < pair[1]));
            let cases = counts(&all, &chosen, |c| c.case);
            for (taken, _) in cases.values() {
                // Whoever has less had no more to give, or is one behind.
                prop_assert!(cases.values().all(|(less, had)| less + 1 >= *taken || less == had));
            }
            let people = counts(&all, &chosen, |c| (c.case, c.participant));
            for ((case, _), (taken, _)) in &people {
                for ((other, _), (less, had)) in &people {
                    prop_assert!(case != other || less + 1 >= *taken || less == had);
                }
            }
        }

        #[test]
        fn the_order_they_come_in_does_not_matter(all in candidates(), n in 0_usize..70) {
            let chosen: Vec<_> = spread(&all, n).into_iter().map(|i| all[i]).collect();
            let turned: Vec<_> = all.iter().rev().copied().collect();
            let again: Vec<_> = spread(&turned, n).into_iter().map(|i| turned[i]).collect();
            prop_assert_eq!(chosen, again);
        }
    }
}
