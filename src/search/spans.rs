//! Where phrases stand, given where their words stand. Positions count words; lists are ascending.

/// A stretch of words: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) first: u32,
    pub(super) last: u32,
}

/// How much to look for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Every stretch, from each first word to each last word that it can have.
    All,
    /// From each first word, the shortest.
    Shortest,
}

/// The stretches that hold one word of each list, in order, with at most `gap` other words in between in all.
pub(super) fn phrase<L: AsRef<[u32]>>(lists: &[L], gap: u32, want: Want, found: &mut Vec<Stretch>) {
    found.clear();
    let Some((firsts, rest)) = lists.split_first() else {
        return;
    };
    let Some((lasts, middle)) = rest.split_last() else {
        found.extend(firsts.as_ref().iter().map(|&at| Stretch {
            first: at,
            last: at,
        }));
        return;
    };
    let lasts = lasts.as_ref();
    let between = u32::try_from(rest.len()).unwrap_or(u32::MAX);
    'firsts: for &first in firsts.as_ref() {
        let mut at = first;
        for list in middle {
            match after(list.as_ref(), at) {
                Some(next) => at = next,
                // A later beginning finds no more than this one.
                None => break 'firsts,
            }
        }
        let farthest = first.saturating_add(between).saturating_add(gap);
        let from = lasts.partition_point(|&last| last <= at);
        for &last in lasts[from..].iter().take_while(|&&last| last <= farthest) {
            found.push(Stretch { first, last });
            if want == Want::Shortest {
                break;
            }
        }
    }
}

/// The words of a stretch that [`phrase`] found: of each list the earliest that fits.
pub(super) fn phrase_words<L: AsRef<[u32]>>(
    lists: &[L],
    stretch: Stretch,
    mut each: impl FnMut(u32),
) {
    each(stretch.first);
    if lists.len() > 2 {
        let mut at = stretch.first;
        for list in &lists[1..lists.len() - 1] {
            if let Some(next) = after(list.as_ref(), at) {
                at = next;
                each(at);
            }
        }
    }
    if lists.len() > 1 {
        each(stretch.last);
    }
}

fn after(list: &[u32], at: u32) -> Option<u32> {
    list.get(list.partition_point(|&next| next <= at)).copied()
}

/// The stretches of one side of a `NEAR`, made ready for asking how near another one is.
#[derive(Default)]
pub(super) struct Side {
    firsts: Vec<u32>,
    lasts: Vec<u32>,
}

impl Side {
    pub(super) fn fill(&mut self, stretches: &[Stretch]) {
        self.firsts.clear();
        self.firsts
            .extend(stretches.iter().map(|stretch| stretch.first));
        self.lasts.clear();
        self.lasts
            .extend(stretches.iter().map(|stretch| stretch.last));
        // Found by their first words; the last words of long and short stretches can cross.
        self.lasts.sort_unstable();
    }

    /// Whether one of these stretches is before or after that one, sharing no word, its facing end at most
    /// `within` words away.
    pub(super) fn is_near(&self, stretch: Stretch, within: u32) -> bool {
        let follows =
            after(&self.firsts, stretch.last).is_some_and(|first| first - stretch.last <= within);
        follows || {
            let before = self.lasts.partition_point(|&last| last < stretch.first);
            before
                .checked_sub(1)
                .is_some_and(|n| stretch.first - self.lasts[n] <= within)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(lists: &[Vec<u32>], gap: u32, want: Want) -> Vec<(u32, u32)> {
        let mut stretches = Vec::new();
        phrase(lists, gap, want, &mut stretches);
        stretches
            .iter()
            .map(|stretch| (stretch.first, stretch.last))
            .collect()
    }

    /// Every choice of one position from each list.
    fn choices(lists: &[Vec<u32>]) -> Vec<Vec<u32>> {
        lists.iter().fold(vec![Vec::new()], |all, list| {
            let longer = |chosen: &Vec<u32>| -> Vec<Vec<u32>> {
                list.iter()
                    .map(|&at| chosen.iter().copied().chain([at]).collect())
                    .collect()
            };
            all.iter().flat_map(longer).collect()
        })
    }

    fn by_the_book(lists: &[Vec<u32>], gap: u32) -> Vec<(u32, u32)> {
        let mut stretches: Vec<(u32, u32)> = choices(lists)
            .into_iter()
            .filter(|chosen| chosen.windows(2).all(|pair| pair[0] < pair[1]))
            .map(|chosen| (chosen[0], chosen[chosen.len() - 1]))
            .filter(|(first, last)| (last - first) as usize <= lists.len() - 1 + gap as usize)
            .collect();
        stretches.sort_unstable();
        stretches.dedup();
        stretches
    }

    #[test]
    fn examples() {
        let lists = [vec![0, 4], vec![1, 6], vec![3, 7]];
        assert_eq!(found(&lists, 0, Want::All), []);
        assert_eq!(found(&lists, 1, Want::All), [(0, 3), (4, 7)]);
        assert_eq!(found(&lists, 9, Want::All), [(0, 3), (0, 7), (4, 7)]);
        assert_eq!(found(&lists, 9, Want::Shortest), [(0, 3), (4, 7)]);
        assert_eq!(found(&[vec![2, 5]], 0, Want::All), [(2, 2), (5, 5)]);
        assert_eq!(found(&[], 0, Want::All), []);
    }

    #[test]
    fn a_repeated_word_needs_as_many_places() {
        let very = vec![3, 4];
        assert_eq!(found(&[very.clone(), very.clone()], 0, Want::All), [(3, 4)]);
        assert_eq!(found(&[very.clone(), very.clone(), very], 5, Want::All), []);
    }

    fn positions() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::btree_set(0u32..14, 0..6).prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn phrases_are_by_the_book(lists in prop::collection::vec(positions(), 1..4), gap in 0u32..5) {
            let expected = by_the_book(&lists, gap);
            let all = found(&lists, gap, Want::All);
            prop_assert_eq!(&all, &expected);
            let mut firsts: Vec<u32> = expected.iter().map(|pair| pair.0).collect();
            firsts.dedup();
            let shortest = found(&lists, gap, Want::Shortest);
            prop_assert_eq!(shortest.iter().map(|pair| pair.0).collect::<Vec<_>>(), firsts);
            for (first, last) in all {
                let mut words = Vec::new();
                phrase_words(&lists, Stretch { first, last }, |at| words.push(at));
                prop_assert_eq!(words.len(), lists.len());
                prop_assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(words.iter().zip(&lists).all(|(at, list)| list.contains(at)));
            }
        }

        #[test]
        fn nearness_is_by_the_book(
            a in prop::collection::vec((0u32..12, 0u32..3), 0..5),
            b in prop::collection::vec((0u32..12, 0u32..3), 0..5),
            within in 1u32..5,
        ) {
            let stretches = |list: &[(u32, u32)]| {
                let mut list: Vec<Stretch> =
                    list.iter().map(|&(first, len)| Stretch { first, last: first + len }).collect();
                list.sort_unstable();
                list
            };
            let (a, b) = (stretches(&a), stretches(&b));
            let mut side = Side::default();
            side.fill(&b);
            for one in &a {
                let expected = b.iter().any(|other| {
                    (other.first > one.last && other.first - one.last <= within)
                        || (one.first > other.last && one.first - other.last <= within)
                });
                prop_assert_eq!(side.is_near(*one, within), expected);
            }
        }
    }
}
