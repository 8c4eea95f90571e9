//! Where two coders coded one text differently. Pure: it is given what each coded, and says which codings agree and
//! which disagreement each of the others is part of.
//!
//! Every coding finds at most one partner among the other coder's, in this order:
//! 1. the same theme on the same span: they agree;
//! 2. the same theme on spans that overlap: they disagree on the boundary;
//! 3. different themes on spans that overlap: they disagree on the theme.
//!
//! What has no partner then was coded by one of them only: they disagree on its presence. Within each step the pair that
//! shares most characters comes first; of those the one with the shorter stretch from the first start to the last end,
//! then the one that begins first, then the one whose codings were numbered first. So the outcome does not depend on
//! the order in which codings are given, nor (but for which of the two is called the first) on that of the coders.
//!
//! Each step walks from a coding to the best one for it, from there to the best for that, until two choose each other:
//! those are a pair. As pairs have one order, that is the same as taking the best pair of all again and again, without
//! listing all pairs. A tree over the ends finds what overlaps; for n codings it takes about n log n, and more only where
//! many overlap at one place.

use crate::domain::span::Span;
use crate::domain::words::words;

words! {
    /// How two coders disagree.
    Kind, "kind of disagreement" {
        /// The same theme, with other ends.
        Boundary = "boundary",
        /// Another theme on the same words, or some of them.
        Theme = "theme",
        /// One coded, the other has nothing to hold against it.
        Presence = "presence",
    }
}

/// A coding of one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub span: Span,
    pub theme: i64,
    pub coding: i64,
}

/// Two codings with the same theme and span, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Agreed {
    pub first: Mark,
    pub second: Mark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub kind: Kind,
    /// What each coded; one of them may have coded nothing.
    pub first: Option<Mark>,
    pub second: Option<Mark>,
}

impl Disagreement {
    /// From the first start to the last end.
    pub fn span(&self) -> Span {
        let spans = [self.first, self.second];
        let mut spans = spans.iter().flatten().map(|m| m.span);
        let one = spans.next().unwrap_or(Span::new(0, 0));
        spans.fold(one, stretch)
    }

    /// The codings at stake, the first coder's first.
    pub fn codings(&self) -> Vec<i64> {
        [self.first, self.second]
            .iter()
            .flatten()
            .map(|m| m.coding)
            .collect()
    }
}

/// What two coders made of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// In the order of the text.
    pub agreed: Vec<Agreed>,
    /// In the order of the text.
    pub disagreements: Vec<Disagreement>,
}

/// Compares what two coders coded in one text. Spans must not be empty.
pub fn compare(first: &[Mark], second: &[Mark]) -> Compared {
    let (mut first, mut second) = (first.to_vec(), second.to_vec());
    first.sort_unstable();
    second.sort_unstable();
    let mut found = Compared::default();
    identical(&mut first, &mut second, &mut found.agreed);
    // Only codings of one theme are held against each other.
    let (mine, theirs) = (by_theme(&first), by_theme(&second));
    for of_one in mine.chunk_by(|a, b| a.theme == b.theme) {
        let theme = of_one[0].theme;
        let from = theirs.partition_point(|m| m.theme < theme);
        let upto = theirs.partition_point(|m| m.theme <= theme);
        for (a, b) in partners(of_one, &theirs[from..upto]) {
            found.disagreements.push(Disagreement {
                kind: Kind::Boundary,
                first: Some(a),
                second: Some(b),
            });
        }
    }
    without(&mut first, &mut second, &found.disagreements);
    for (a, b) in partners(&first, &second) {
        found.disagreements.push(Disagreement {
            kind: Kind::Theme,
            first: Some(a),
            second: Some(b),
        });
    }
    without(&mut first, &mut second, &found.disagreements);
    let alone = |first, second| Disagreement {
        kind: Kind::Presence,
        first,
        second,
    };
    found
        .disagreements
        .extend(first.iter().map(|m| alone(Some(*m), None)));
    found
        .disagreements
        .extend(second.iter().map(|m| alone(None, Some(*m))));
    found
        .disagreements
        .sort_unstable_by_key(|d| (d.span(), d.first, d.second));
    found
}

/// Theme by theme, in the order of the text within each.
fn by_theme(marks: &[Mark]) -> Vec<Mark> {
    let mut all = marks.to_vec();
    all.sort_unstable_by_key(|m| (m.theme, *m));
    all
}

/// Takes the pairs with the same theme and span out of both lists, which are in order.
fn identical(first: &mut Vec<Mark>, second: &mut Vec<Mark>, agreed: &mut Vec<Agreed>) {
    let key = |m: &Mark| (m.span, m.theme);
    let (mut a, mut b) = (0, 0);
    let mut left = (Vec::new(), Vec::new());
    while a < first.len() && b < second.len() {
        match key(&first[a]).cmp(&key(&second[b])) {
            std::cmp::Ordering::Less => {
                left.0.push(first[a]);
                a += 1;
            }
            std::cmp::Ordering::Greater => {
                left.1.push(second[b]);
                b += 1;
            }
            std::cmp::Ordering::Equal => {
                agreed.push(Agreed {
                    first: first[a],
                    second: second[b],
                });
                a += 1;
                b += 1;
            }
        }
    }
    left.0.extend_from_slice(&first[a..]);
    left.1.extend_from_slice(&second[b..]);
    (*first, *second) = left;
}

/// Takes out of both lists what a disagreement holds already.
fn without(first: &mut Vec<Mark>, second: &mut Vec<Mark>, held: &[Disagreement]) {
    let mut gone: Vec<i64> = held.iter().flat_map(Disagreement::codings).collect();
    gone.sort_unstable();
    for all in [first, second] {
        all.retain(|m| gone.binary_search(&m.coding).is_err());
    }
}

const fn stretch(a: Span, b: Span) -> Span {
    Span::new(
        if a.start < b.start { a.start } else { b.start },
        if a.end > b.end { a.end } else { b.end },
    )
}

/// How good a pair is: the least is the best. No two pairs of one comparison are alike, as no coding has two numbers,
/// and it does not matter which is given first.
fn rank(a: Mark, b: Mark) -> (u32, u32, [Mark; 2]) {
    let shared = a.span.end.min(b.span.end) - a.span.start.max(b.span.start);
    let both = if a < b { [a, b] } else { [b, a] };
    (u32::MAX - shared, stretch(a.span, b.span).len(), both)
}

/// One-to-one pairs of overlapping codings, the best first; both lists are in order.
fn partners(first: &[Mark], second: &[Mark]) -> Vec<(Mark, Mark)> {
    let sides = [first, second];
    let mut open = [Open::new(first), Open::new(second)];
    let mut pairs = Vec::new();
    // From each of the first coder's to its best, and so on; those on the way wait until they are chosen.
    let mut way: Vec<usize> = Vec::new();
    let mut begin = 0;
    loop {
        let Some(&at) = way.last() else {
            while begin < first.len() && !open[0].has(begin) {
                begin += 1;
            }
            if begin == first.len() {
                return pairs;
            }
            way.push(begin);
            continue;
        };
        // The way alternates: at even places stands the first coder's.
        let side = (way.len() - 1) % 2;
        let mine = sides[side][at];
        let best = open[1 - side]
            .overlapping(sides[1 - side], mine.span)
            .into_iter()
            .min_by_key(|n| rank(mine, sides[1 - side][*n]));
        match best {
            Some(best) if way.len() > 1 && way[way.len() - 2] == best => {
                let (a, b) = if side == 0 { (at, best) } else { (best, at) };
                pairs.push((first[a], second[b]));
                open[0].close(a);
                open[1].close(b);
                way.truncate(way.len() - 2);
            }
            Some(best) => way.push(best),
            None => {
                // Only where a way begins is there nobody: whoever was chosen has at least who chose it.
                open[side].close(at);
                way.pop();
            }
        }
    }
}

/// Codings that are still to be had, in a tree over the latest end below each node.
struct Open {
    /// Number of leaves: a power of two.
    width: usize,
    /// Ends; 0 where there is none (any more). The root is at 1.
    latest: Vec<u32>,
}

impl Open {
    fn new(marks: &[Mark]) -> Self {
        let width = marks.len().next_power_of_two();
        let mut latest = vec![0; 2 * width];
        for (n, mark) in marks.iter().enumerate() {
            latest[width + n] = mark.span.end;
        }
        for node in (1..width).rev() {
            latest[node] = latest[2 * node].max(latest[2 * node + 1]);
        }
        Self { width, latest }
    }

    fn has(&self, n: usize) -> bool {
        self.latest[self.width + n] > 0
    }

    fn close(&mut self, n: usize) {
        let mut node = self.width + n;
        self.latest[node] = 0;
        while node > 1 {
            node /= 2;
            self.latest[node] = self.latest[2 * node].max(self.latest[2 * node + 1]);
        }
    }

    /// Places of those that overlap a span. `marks` is in order: what begins before the span's end is a first part of it.
    fn overlapping(&self, marks: &[Mark], span: Span) -> Vec<usize> {
        let upto = marks.partition_point(|m| m.span.start < span.end);
        let mut found = Vec::new();
        // Nodes to look into, with the first leaf below each and how many there are.
        let mut nodes = vec![(1, 0, self.width)];
        while let Some((node, leaf, below)) = nodes.pop() {
            if leaf >= upto || self.latest[node] <= span.start {
                continue;
            }
            if below == 1 {
                found.push(leaf);
                continue;
            }
            let half = below / 2;
            nodes.push((2 * node, leaf, half));
            nodes.push((2 * node + 1, leaf + half, half));
        }
        found
    }
}

#[cfg(test)]
mod tests;
