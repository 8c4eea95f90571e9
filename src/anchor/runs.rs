//! Runs of equal words that are certain by themselves: they hold a sequence that stands once in either text.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// So many words in a row are looked for. Fewer are seldom unique in talk; more are broken by every typo.
const GRAM: usize = 4;

/// `length` words from `old` on are those from `new` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub old: usize,
    pub new: usize,
    pub length: usize,
}

impl Run {
    pub(super) fn old_end(self) -> usize {
        self.old + self.length
    }
    pub(super) fn new_end(self) -> usize {
        self.new + self.length
    }
    /// Cut off at its beginning so that it begins at these places or later.
    fn from(self, old: usize, new: usize) -> Option<Self> {
        let cut = old
            .saturating_sub(self.old)
            .max(new.saturating_sub(self.new));
        (cut < self.length).then(|| Self {
            old: self.old + cut,
            new: self.new + cut,
            length: self.length - cut,
        })
    }
}

/// A text's words by number, and which of them are still free to be matched.
pub(super) struct Side<'a> {
    pub words: &'a [u32],
    pub free: &'a [bool],
}

/// Where each sequence of free words stands; none where it stands more than once.
fn grams(side: &Side) -> HashMap<[u32; GRAM], Option<usize>> {
    let mut found = HashMap::with_capacity(side.words.len());
    let mut free = 0;
    for (n, is_free) in side.free.iter().enumerate() {
        free = if *is_free { free + 1 } else { 0 };
        if free < GRAM {
            continue;
        }
        let at = n + 1 - GRAM;
        let mut gram = [0; GRAM];
        gram.copy_from_slice(&side.words[at..=n]);
        match found.entry(gram) {
            Entry::Vacant(empty) => {
                empty.insert(Some(at));
            }
            Entry::Occupied(mut there) => {
                there.insert(None);
            }
        }
    }
    found
}

/// Runs that hold a sequence which stands once among the free words of either text, grown as far as the free words
/// agree; in the order of the old text. They may overlap.
pub(super) fn certain(old: &Side, new: &Side) -> Vec<Run> {
    let in_new = grams(new);
    let mut pairs: Vec<(usize, usize)> = grams(old)
        .into_iter()
        .filter_map(|(gram, at)| Some((at?, (*in_new.get(&gram)?)?)))
        .collect();
    pairs.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    for (i, j) in pairs {
        // Most pairs only go on with the run before.
        if let Some(last) = runs.last()
            && i < last.old_end()
            && j >= last.new
            && j - last.new == i - last.old
        {
            continue;
        }
        runs.push(grown(
            old,
            new,
            Run {
                old: i,
                new: j,
                length: GRAM,
            },
        ));
    }
    runs
}

/// A run with the equal free words before and behind it.
fn grown(old: &Side, new: &Side, run: Run) -> Run {
    let fits = |i: usize, j: usize| old.free[i] && new.free[j] && old.words[i] == new.words[j];
    let before = (1..=run.old.min(run.new))
        .take_while(|n| fits(run.old - n, run.new - n))
        .count();
    let room = (old.words.len() - run.old_end()).min(new.words.len() - run.new_end());
    let behind = (0..room)
        .take_while(|n| fits(run.old_end() + n, run.new_end() + n))
        .count();
    Run {
        old: run.old - before,
        new: run.new - before,
        length: before + run.length + behind,
    }
}

/// The heaviest chain of runs that stand in the same order in both texts, cut so that none overlap; weight is words.
pub(super) fn in_order(runs: &[Run]) -> Vec<Run> {
    // For each end in the new text, the heaviest chain that ends there or before: a Fenwick tree of maxima, so that a
    // text with thousands of corrections takes no longer than its length asks for.
    let width = runs.iter().map(|r| r.new_end()).max().unwrap_or(0) + 1;
    let mut heaviest: Vec<(usize, Option<usize>)> = vec![(0, None); width + 1];
    let mut before: Vec<Option<usize>> = vec![None; runs.len()];
    let mut best = (0, None);
    for (n, run) in runs.iter().enumerate() {
        let (mut weight, mut link) = (0, None);
        // Runs that begin before this one does; where they overlap, the later one is cut.
        let mut at = run.new;
        while at > 0 {
            if heaviest[at].0 > weight {
                (weight, link) = heaviest[at];
            }
            at &= at - 1;
        }
        before[n] = link;
        let overlap = link.map_or(0, |l: usize| {
            runs[l]
                .old_end()
                .saturating_sub(run.old)
                .max(runs[l].new_end().saturating_sub(run.new))
        });
        let weight = weight + run.length.saturating_sub(overlap);
        if weight > best.0 {
            best = (weight, Some(n));
        }
        let mut at = run.new + 1;
        while at <= width {
            if weight > heaviest[at].0 {
                heaviest[at] = (weight, Some(n));
            }
            at += at & at.wrapping_neg();
        }
    }
    let mut chain = Vec::new();
    let mut at = best.1;
    while let Some(n) = at {
        chain.push(runs[n]);
        at = before[n];
    }
    chain.reverse();
    let (mut old, mut new) = (0, 0);
    chain
        .into_iter()
        .filter_map(|run| {
            let cut = run.from(old, new)?;
            (old, new) = (cut.old_end(), cut.new_end());
            Some(cut)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(old: usize, new: usize, length: usize) -> Run {
        Run { old, new, length }
    }

    #[test]
    fn what_stands_once_in_both_is_certain_and_grows() {
        let old = [1, 2, 3, 4, 5, 9, 9, 9, 9, 9];
        let new = [9, 9, 9, 9, 9, 0, 2, 3, 4, 5, 9];
        let all = [true; 11];
        let side = |words| Side {
            words,
            free: &all[..],
        };
        let old = Side {
            words: &old,
            free: &all[..10],
        };
        assert_eq!(certain(&old, &side(&new)), [run(1, 6, 5)]);
    }

    #[test]
    fn the_heaviest_chain_wins_and_overlaps_are_cut() {
        let moved = run(10, 0, 5);
        let chain = in_order(&[run(0, 5, 10), moved, run(12, 14, 10)]);
        assert_eq!(chain, [run(0, 5, 10), run(13, 15, 9)]);
    }
}
