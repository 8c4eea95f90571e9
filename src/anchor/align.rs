//! Which word of the old text is which word of the new one.

use std::collections::HashMap;

use imara_diff::{Algorithm, Diff, Token};

use super::runs::{self, Run, Side};
use super::words::{Numbers, Words};
use crate::domain::span::Span;

/// Runs with fewer words than this are believed only where another stands close by.
const ALONE: usize = 8;
/// So close: at most so many words lie between them, in either text.
pub(super) const CLOSE: usize = 12;
/// Runs with fewer words than this may yet turn out to be part of a passage that moved.
const STRONG: usize = 4;
/// A passage that moved has at least so many words; shorter ones are said by chance.
const MOVED: usize = 8;

/// What became of the words of a text in another.
pub struct Alignment<'t> {
    pub old: Words<'t>,
    pub new: Words<'t>,
    /// For each word of the old text its place in the new one.
    pub(super) map: Vec<Option<usize>>,
    /// Whether that word stands elsewhere among its neighbours than before.
    pub(super) moved: Vec<bool>,
    /// Where each word of the new text stands, by number, and the old text's numbers: to look words up.
    pub(super) old_numbers: Vec<u32>,
    pub(super) places: HashMap<u32, Vec<usize>>,
    /// Whether a word of the new text was matched.
    pub(super) taken: Vec<bool>,
}

/// A place where the texts differ, in code points; one of the two may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub old: Span,
    pub new: Span,
}

/// Compares two texts word by word.
pub fn align<'t>(old: &'t str, new: &'t str) -> Alignment<'t> {
    let (old, new) = (Words::of(old), Words::of(new));
    let mut numbers = Numbers::default();
    let a = old.numbered(&mut numbers);
    let b = new.numbered(&mut numbers);
    let mut matched = Matched::none(a.len(), b.len());
    let certain = matched.certain(&a, &b);
    let backbone = runs::in_order(&certain);
    let mut in_order = Vec::with_capacity(backbone.len() * 2);
    let (mut i, mut j) = (0, 0);
    for run in &backbone {
        between(&a, &b, (i, run.old), (j, run.new), &mut in_order);
        in_order.push(*run);
        (i, j) = (run.old_end(), run.new_end());
    }
    between(&a, &b, (i, a.len()), (j, b.len()), &mut in_order);
    let mut in_order = joined(in_order);
    settle(
        &mut in_order,
        &a,
        |n| old.opens(n),
        |run| (run.old, run.new),
    );
    settle(
        &mut in_order,
        &b,
        |n| new.opens(n),
        |run| (run.new, run.old),
    );
    // A few equal words between others that differ may as well belong to a passage that moved: they wait for that.
    let (strong, weak): (Vec<Run>, Vec<Run>) = believed(&in_order, a.len().min(b.len()))
        .into_iter()
        .partition(|run| run.length >= STRONG);
    for run in strong {
        matched.take(run, false);
    }
    // What stands elsewhere now. Whole lines that stand once in either text are known by themselves, however short; other
    // passages by their length, and what stands beside one that was found by that. Each round may make sequences unique
    // among what is left that were not before.
    let lines = |run: Run| {
        old.opens(run.old)
            && old.opens(run.old_end())
            && new.opens(run.new)
            && new.opens(run.new_end())
    };
    let mut found = certain;
    let mut round = 0;
    loop {
        found.sort_by_key(|run| std::cmp::Reverse((run.length, run.old)));
        let mut taken = 0;
        for run in found {
            if (run.length >= MOVED || (round == 0 && lines(run))) && matched.is_free(run) {
                matched.take(run, true);
                taken += 1;
            }
        }
        if round == 0 || taken > 0 {
            taken += matched.finish_lines(&a, &b, &old, &new);
            taken += matched.fill_beside(&a, &b);
        }
        if taken == 0 && round > 0 {
            break;
        }
        round += 1;
        found = matched.certain(&a, &b);
    }
    matched.take_in_order(&weak);
    matched.into_alignment(old, new, a, &b)
}

/// A stretch of the old text that stands unchanged in the new one, in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub old: u32,
    pub new: u32,
    pub length: u32,
}

/// The alignment of a text with what an edit made of it, where the edit itself says what it left alone (in order, apart
/// in both texts): nothing is guessed.
pub fn align_kept<'t>(old: &'t str, new: &'t str, kept: &[Kept]) -> Alignment<'t> {
    let (old, new) = (Words::of(old), Words::of(new));
    let mut numbers = Numbers::default();
    let a = old.numbered(&mut numbers);
    let b = new.numbered(&mut numbers);
    let mut matched = Matched::none(a.len(), b.len());
    for (n, word) in old.all().iter().enumerate() {
        let before = kept.partition_point(|k| k.old <= word.span.start);
        let Some(k) = before.checked_sub(1).map(|k| kept[k]) else {
            continue;
        };
        if word.span.end > k.old + k.length {
            continue;
        }
        // A word that something was put against is another word now.
        let at = k.new + (word.span.start - k.old);
        let wanted = Span::new(at, at + word.span.len());
        if let Ok(there) = new.all().binary_search_by_key(&wanted, |w| w.span) {
            let run = Run {
                old: n,
                new: there,
                length: 1,
            };
            matched.take(run, false);
        }
    }
    matched.into_alignment(old, new, a, &b)
}

struct Matched {
    map: Vec<Option<usize>>,
    moved: Vec<bool>,
    free_old: Vec<bool>,
    free_new: Vec<bool>,
}

impl Matched {
    fn none(old: usize, new: usize) -> Self {
        Self {
            map: vec![None; old],
            moved: vec![false; old],
            free_old: vec![true; old],
            free_new: vec![true; new],
        }
    }

    fn into_alignment<'t>(
        self,
        old: Words<'t>,
        new: Words<'t>,
        old_numbers: Vec<u32>,
        new_numbers: &[u32],
    ) -> Alignment<'t> {
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (n, word) in new_numbers.iter().enumerate() {
            places.entry(*word).or_default().push(n);
        }
        Alignment {
            old,
            new,
            map: self.map,
            moved: self.moved,
            old_numbers,
            places,
            taken: self.free_new.into_iter().map(|free| !free).collect(),
        }
    }

    fn certain(&self, a: &[u32], b: &[u32]) -> Vec<Run> {
        let old = Side {
            words: a,
            free: &self.free_old,
        };
        let new = Side {
            words: b,
            free: &self.free_new,
        };
        runs::certain(&old, &new)
    }

    fn is_free(&self, run: Run) -> bool {
        self.free_old[run.old..run.old_end()].iter().all(|f| *f)
            && self.free_new[run.new..run.new_end()].iter().all(|f| *f)
    }

    fn take(&mut self, run: Run, moved: bool) {
        for n in 0..run.length {
            self.map[run.old + n] = Some(run.new + n);
            self.moved[run.old + n] = moved;
            self.free_old[run.old + n] = false;
            self.free_new[run.new + n] = false;
        }
    }

    /// Takes runs that stand between those that did not move, and are free. What was filled in since they were found may
    /// have taken a place that is theirs only if it stands elsewhere: then it is not known where they are.
    fn take_in_order(&mut self, runs: &[Run]) {
        let stays = |s: &Self, n: usize| s.map[n].filter(|_| !s.moved[n]);
        // For each word of the old text, where the next one stands that did not move.
        let mut next = vec![usize::MAX; self.map.len() + 1];
        for n in (0..self.map.len()).rev() {
            next[n] = stays(self, n).unwrap_or(next[n + 1]);
        }
        let (mut at, mut behind) = (0, 0);
        for &run in runs {
            while at < run.old {
                behind = stays(self, at).map_or(behind, |j| j + 1);
                at += 1;
            }
            if behind <= run.new && run.new_end() <= next[run.old] && self.is_free(run) {
                self.take(run, false);
            }
        }
    }

    /// What is matched so far, as runs in the order of the old text.
    fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (old, new) in self.map.iter().enumerate() {
            let Some(new) = *new else { continue };
            match runs.last_mut() {
                Some(last)
                    if last.old_end() == old
                        && last.new_end() == new
                        && self.moved[last.old] == self.moved[old] =>
                {
                    last.length += 1;
                }
                _ => runs.push(Run {
                    old,
                    new,
                    length: 1,
                }),
            }
        }
        runs
    }

    /// Lines end alike (with a full stop) and begin alike (with a label): where one moved, its last words may have been
    /// taken for those of the line that stands in its place now. They are handed to the line that they end, or begin.
    fn finish_lines(&mut self, a: &[u32], b: &[u32], old: &Words, new: &Words) -> usize {
        const EDGE: usize = 4;
        let mut handed = 0;
        for run in self.runs() {
            if !self.moved[run.old] {
                continue;
            }
            let yields =
                |s: &Self, i: usize, j: usize| a[i] == b[j] && s.free_new[j] && !s.moved[i];
            let behind = (0..EDGE)
                .take_while(|n| {
                    let (i, j) = (run.old_end() + n, run.new_end() + n);
                    i < a.len() && j < b.len() && yields(self, i, j)
                })
                .map(|n| n + 1)
                .find(|n| old.opens(run.old_end() + n) && new.opens(run.new_end() + n));
            if let Some(n) = behind.filter(|_| !old.opens(run.old_end())) {
                self.hand_over(run.old_end(), run.new_end(), n);
                handed += 1;
            }
            // A label that was renamed may stand before what is handed over.
            let begins = |words: &Words, at: usize| {
                (0..EDGE).any(|n| at.checked_sub(n).is_some_and(|at| words.opens(at)))
            };
            let before = (1..=EDGE.min(run.old).min(run.new))
                .take_while(|n| yields(self, run.old - n, run.new - n))
                .filter(|n| begins(old, run.old - n) && begins(new, run.new - n))
                .last();
            if let Some(n) = before.filter(|_| !old.opens(run.old)) {
                self.hand_over(run.old - n, run.new - n, n);
                handed += 1;
            }
        }
        handed
    }

    fn hand_over(&mut self, old: usize, new: usize, length: usize) {
        for i in old..old + length {
            if let Some(j) = self.map[i].take() {
                self.free_new[j] = true;
            }
            self.free_old[i] = true;
        }
        self.take(Run { old, new, length }, true);
    }

    /// What is left between two matched runs of the old text, compared with what is left beside either of them in the
    /// new one: a passage that moved and was corrected on the way, or is said more than once.
    fn fill_beside(&mut self, a: &[u32], b: &[u32]) -> usize {
        let mut filled = 0;
        for pair in self.runs().windows(2) {
            let (first, second) = (pair[0], pair[1]);
            // Only beside what moved: the rest was compared already.
            if first.old_end() == second.old || !(self.moved[first.old] || self.moved[second.old]) {
                continue;
            }
            let width = (second.old - first.old_end()) * 2 + CLOSE;
            let from = first.new_end();
            let to = (from..b.len().min(from + width))
                .find(|j| !self.free_new[*j])
                .unwrap_or(b.len().min(from + width));
            filled += self.fill(a, b, (first.old_end(), second.old), (from, to), first);
            let to = second.new;
            let from = (to.saturating_sub(width)..to)
                .rev()
                .find(|j| !self.free_new[*j])
                .map_or(to.saturating_sub(width), |j| j + 1);
            filled += self.fill(a, b, (first.old_end(), second.old), (from, to), second);
        }
        filled
    }

    fn fill(
        &mut self,
        a: &[u32],
        b: &[u32],
        old: (usize, usize),
        new: (usize, usize),
        beside: Run,
    ) -> usize {
        let mut found = Vec::new();
        between(a, b, old, new, &mut found);
        // The run beside vouches for what is close to it.
        let at = found.partition_point(|run| run.old < beside.old);
        if found.is_empty() || (at != 0 && at != found.len()) {
            return 0;
        }
        found.insert(at, beside);
        let moved = self.moved[beside.old];
        let mut filled = 0;
        for run in believed(&joined(found), usize::MAX) {
            // Touching the run beside, it is one with it by now: only what is new is taken.
            for n in 0..run.length {
                let one = Run {
                    old: run.old + n,
                    new: run.new + n,
                    length: 1,
                };
                if self.is_free(one) {
                    self.take(one, moved);
                    filled += 1;
                }
            }
        }
        filled
    }
}

/// Equal words between two runs, in order. A stretch without a landmark in many thousand words (the same answers again and
/// again, or a text that was replaced) is compared window by window: what it takes grows with its length, not its square.
fn between(
    a: &[u32],
    b: &[u32],
    (mut old, mut old_end): (usize, usize),
    (mut new, mut new_end): (usize, usize),
    found: &mut Vec<Run>,
) {
    let same = a[old..old_end].iter().zip(&b[new..new_end]);
    let head = same.take_while(|(x, y)| x == y).count();
    take(old, new, head, found);
    (old, new) = (old + head, new + head);
    let same = a[old..old_end]
        .iter()
        .rev()
        .zip(b[new..new_end].iter().rev());
    let tail = same.take_while(|(x, y)| x == y).count();
    (old_end, new_end) = (old_end - tail, new_end - tail);
    while old < old_end && new < new_end {
        let upto = ((old + WINDOW).min(old_end), (new + WINDOW).min(new_end));
        let within = compared(a, b, (old, upto.0), (new, upto.1));
        if upto == (old_end, new_end) {
            found.extend(within);
            break;
        }
        // The end of a window is compared once more with what follows it.
        let sure = |run: &Run| run.old - old <= WINDOW * 3 / 4 && run.new - new <= WINDOW * 3 / 4;
        let kept: Vec<Run> = within.into_iter().take_while(sure).collect();
        match kept.last() {
            Some(last) => (old, new) = (last.old_end(), last.new_end()),
            None => (old, new) = (old + WINDOW / 2, new + WINDOW / 2),
        }
        found.extend(kept);
    }
    take(old_end, new_end, tail, found);
}

/// Words of a window in which two texts without a landmark are compared.
const WINDOW: usize = 2_000;

fn take(old: usize, new: usize, length: usize, found: &mut Vec<Run>) {
    if length > 0 {
        found.push(Run { old, new, length });
    }
}

/// Equal words of two short stretches, by Myers' algorithm.
fn compared(
    a: &[u32],
    b: &[u32],
    (old, old_end): (usize, usize),
    (new, new_end): (usize, usize),
) -> Vec<Run> {
    let tokens = |words: &[u32]| words.iter().map(|n| Token(*n)).collect::<Vec<_>>();
    let mut diff = Diff::default();
    // Myers never looks at the number of different words; only the histogram does.
    diff.compute_with(
        Algorithm::Myers,
        &tokens(&a[old..old_end]),
        &tokens(&b[new..new_end]),
        0,
    );
    let mut found = Vec::new();
    let (mut i, mut j) = (old, new);
    for hunk in diff.hunks() {
        let upto = old + hunk.before.start as usize;
        take(i, j, upto - i, &mut found);
        i = old + hunk.before.end as usize;
        j = new + hunk.after.end as usize;
    }
    take(i, j, old_end - i, &mut found);
    found
}

/// Runs that touch each other in both texts as one.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match all.last_mut() {
            Some(last) if last.old_end() == run.old && last.new_end() == run.new => {
                last.length += run.length;
            }
            _ => all.push(run),
        }
    }
    all
}

/// Where lines were taken out (or put in) between two that begin alike, it can't be told by the words which of the like
/// beginnings went: the one at the head of the lines that did. `sides` gives the place in the text that has them, whose
/// words and line beginnings these are, and the place in the other.
fn settle(
    runs: &mut [Run],
    words: &[u32],
    opens: impl Fn(usize) -> bool,
    sides: impl Fn(Run) -> (usize, usize),
) {
    for n in 1..runs.len() {
        let (first, second) = (runs[n - 1], runs[n]);
        let (here, there) = sides(first);
        let (from, to) = (here + first.length, sides(second).0);
        if there + first.length != sides(second).1 || from == to || opens(from) {
            continue;
        }
        let back = (1..first.length)
            .take_while(|k| words[from - k] == words[to - k])
            .find(|k| opens(from - k));
        if let Some(k) = back {
            runs[n - 1].length -= k;
            runs[n] = Run {
                old: second.old - k,
                new: second.new - k,
                length: second.length + k,
            };
            continue;
        }
        let forth = (1..second.length)
            .take_while(|k| words[from + k - 1] == words[to + k - 1])
            .find(|k| opens(from + k));
        if let Some(k) = forth {
            runs[n - 1].length += k;
            runs[n] = Run {
                old: second.old + k,
                new: second.new + k,
                length: second.length - k,
            };
        }
    }
}

/// Runs in order without those that are too short and too far from any other: words that two texts share anyway. The
/// shorter of two runs vouches for the other over four times its own length at most.
fn believed(runs: &[Run], shorter: usize) -> Vec<Run> {
    let linked = |one: Run, next: Run| {
        let gap = (next.old - one.old_end()).max(next.new - one.new_end());
        gap <= CLOSE.min(4 * one.length.min(next.length))
    };
    runs.chunk_by(|one, next| linked(*one, *next))
        .filter(|group| {
            let words: usize = group.iter().map(|run| run.length).sum();
            // In a text of a few words, most of them are enough.
            words >= ALONE || words.saturating_mul(2) > shorter
        })
        .flatten()
        .copied()
        .collect()
}

impl Alignment<'_> {
    /// Where the texts differ, in the order of the old one: words that went and words that came in their stead. A
    /// passage that moved went from its old place and came at its new one.
    pub fn changes(&self) -> Vec<Change> {
        let mut found = Vec::new();
        let (mut i, mut j) = (0, 0);
        let stays = |n: usize| self.map[n].filter(|_| !self.moved[n]);
        for n in 0..=self.map.len() {
            let at = if n == self.map.len() {
                Some(self.new.len())
            } else {
                stays(n)
            };
            let Some(at) = at else { continue };
            if n > i || at > j {
                found.push(Change {
                    old: span(&self.old, i, n),
                    new: span(&self.new, j, at),
                });
            }
            (i, j) = (n + 1, at + 1);
        }
        found
    }

    /// Whether nothing differs but blanks.
    pub fn same_words(&self) -> bool {
        self.old.len() == self.new.len()
            && self.map.iter().enumerate().all(|(n, at)| *at == Some(n))
    }

    /// Every word that is in both texts: where it stood, and where it stands.
    pub fn pairs(&self) -> impl Iterator<Item = (Span, Span)> {
        let at = |(n, at): (usize, &Option<usize>)| Some((self.old.span(n), self.new.span((*at)?)));
        self.map.iter().enumerate().filter_map(at)
    }
}

/// From the first of some words to the last; where there are none, the empty span where they would stand.
fn span(words: &Words, from: usize, to: usize) -> Span {
    if from < to {
        words.over(from, to - 1)
    } else if from < words.len() {
        let at = words.span(from).start;
        Span::new(at, at)
    } else {
        let at = words.all().last().map_or(0, |w| w.span.end);
        Span::new(at, at)
    }
}
