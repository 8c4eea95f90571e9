//! Answers whether a passage stands in a relation to any of many, without looking at each: the work grows with the
//! passages, not with their pairs.

use std::collections::HashMap;

use super::{Relation, Segment};
use crate::domain::span::Span;

/// Passages of one transcript, laid out for one relation.
#[derive(Debug)]
pub struct Index {
    relation: Relation,
    most: i64,
    /// Whose passages these are, ascending: a passage does not stand in a relation to itself.
    ids: Vec<i64>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Their number is all that is asked.
    Any,
    /// Spans, ascending.
    Spans(Vec<Span>),
    Touching(Ranges<u32>),
    Turns(Ranges<i64>),
    /// What is covered at least once, and at least twice.
    Covered(Vec<Span>, Vec<Span>),
    /// By where they begin, with the highest and lowest end of any run of them.
    ByStart {
        all: Vec<(u32, u32, i64)>,
        highest: Highest,
        lowest: Highest,
    },
    /// By where they end, with the first beginning of any run of them.
    ByEnd {
        ends: Vec<u32>,
        lowest: Highest,
    },
    /// (where it begins, that on the ruler) and (where it ends, that on the ruler), each ascending.
    Measured {
        starts: Vec<(u32, i64)>,
        ends: Vec<(u32, i64)>,
    },
    /// All, and those of each theme.
    Themes(Ranges<u32>, HashMap<i64, Ranges<u32>>),
}

/// Beginnings and ends of ranges, each ascending: enough to count how many of them a range meets.
#[derive(Debug, Default)]
pub(crate) struct Ranges<T> {
    starts: Vec<T>,
    ends: Vec<T>,
}

impl<T: Ord + Copy> Ranges<T> {
    pub(crate) fn new(ranges: impl IntoIterator<Item = (T, T)>) -> Self {
        let (mut starts, mut ends): (Vec<T>, Vec<T>) = ranges.into_iter().unzip();
        starts.sort_unstable();
        ends.sort_unstable();
        Self { starts, ends }
    }

    /// How many begin before `end` and have not ended by `start`.
    pub(crate) fn meeting(&self, start: T, end: T) -> usize {
        below(&self.starts, |s| *s < end) - below(&self.ends, |e| *e <= start)
    }
}

/// The highest value in any run of values, in two looks: a table with the highest of every run whose length is a power
/// of two.
#[derive(Debug)]
struct Highest(Vec<Vec<u32>>);

impl Highest {
    fn new(values: Vec<u32>) -> Self {
        let mut rows = vec![values];
        let mut length = 1;
        while let Some(last) = rows.last()
            && last.len() > length
        {
            let next = last.iter().zip(&last[length..]).map(|(a, b)| *a.max(b));
            let next = next.collect();
            rows.push(next);
            length *= 2;
        }
        Self(rows)
    }

    fn over(&self, from: usize, to: usize) -> Option<u32> {
        if from >= to {
            return None;
        }
        let row = (to - from).ilog2() as usize;
        let values = &self.0[row];
        Some(values[from].max(values[to - (1 << row)]))
    }

    /// The same without the value at one place.
    fn over_but(&self, from: usize, to: usize, but: Option<usize>) -> Option<u32> {
        match but {
            Some(but) if (from..to).contains(&but) => {
                self.over(from, but).max(self.over(but + 1, to))
            }
            _ => self.over(from, to),
        }
    }
}

/// How many of the first values a condition holds for, which holds for none after one for which it does not.
fn below<T>(sorted: &[T], holds: impl Fn(&T) -> bool) -> usize {
    sorted.partition_point(|value| {
        #[cfg(test)]
        super::tests::step();
        holds(value)
    })
}

impl Index {
    pub fn new(relation: Relation, most: i64, segments: &[Segment]) -> Self {
        let mut ids: Vec<i64> = segments.iter().map(|s| s.id).collect();
        ids.sort_unstable();
        let spans = || segments.iter().map(|s| (s.span.start, s.span.end));
        let kind = match relation {
            Relation::SameTranscript | Relation::SameCase => Kind::Any,
            Relation::SameSpan => {
                let mut spans: Vec<Span> = segments.iter().map(|s| s.span).collect();
                spans.sort_unstable();
                Kind::Spans(spans)
            }
            Relation::OverlapWhole => Kind::Touching(Ranges::new(spans())),
            Relation::OverlapPart => {
                let (once, twice) = covered(&Ranges::new(spans()));
                Kind::Covered(once, twice)
            }
            Relation::SameTurn => Kind::Turns(Ranges::new(
                segments.iter().map(|s| (s.turns.0, s.turns.1 + 1)),
            )),
            Relation::Within | Relation::Encloses | Relation::Overlaps => {
                let mut all: Vec<(u32, u32, i64)> = segments
                    .iter()
                    .map(|s| (s.span.start, s.span.end, s.id))
                    .collect();
                all.sort_unstable();
                Kind::ByStart {
                    highest: Highest::new(all.iter().map(|s| s.1).collect()),
                    lowest: Highest::new(all.iter().map(|s| !s.1).collect()),
                    all,
                }
            }
            Relation::OverlappedBy => {
                let mut all: Vec<(u32, u32)> = segments
                    .iter()
                    .map(|s| (s.span.end, s.span.start))
                    .collect();
                all.sort_unstable();
                Kind::ByEnd {
                    lowest: Highest::new(all.iter().map(|s| !s.1).collect()),
                    ends: all.into_iter().map(|s| s.0).collect(),
                }
            }
            Relation::Follows | Relation::Precedes | Relation::Near => {
                let measured = segments.iter().filter_map(|s| Some((s, s.measured?)));
                let (mut starts, mut ends): (Vec<_>, Vec<_>) = measured
                    .map(|(s, (from, to))| ((s.span.start, from), (s.span.end, to)))
                    .unzip();
                starts.sort_unstable();
                ends.sort_unstable();
                Kind::Measured { starts, ends }
            }
            Relation::Alone => {
                let mut themes: HashMap<i64, Vec<(u32, u32)>> = HashMap::new();
                for s in segments {
                    let span = (s.span.start, s.span.end);
                    themes.entry(s.theme).or_default().push(span);
                }
                let themes = themes.into_iter().map(|(id, all)| (id, Ranges::new(all)));
                Kind::Themes(Ranges::new(spans()), themes.collect())
            }
        };
        Self {
            relation,
            most,
            ids,
            kind,
        }
    }

    /// Whether A stands so to any of the passages but itself. Of [`Relation::Alone`]: whether to none.
    pub fn holds(&self, a: &Segment) -> bool {
        let (a1, a2) = (a.span.start, a.span.end);
        let itself = usize::from(self.ids.binary_search(&a.id).is_ok());
        match &self.kind {
            Kind::Any => self.ids.len() > itself,
            Kind::Spans(spans) => {
                let same = below(spans, |s| *s <= a.span) - below(spans, |s| *s < a.span);
                same > itself
            }
            Kind::Touching(ranges) => ranges.meeting(a1, a2) > itself,
            Kind::Turns(ranges) => ranges.meeting(a.turns.0, a.turns.1 + 1) > itself,
            Kind::Covered(once, twice) => {
                let covered = if itself > 0 { twice } else { once };
                covered
                    .get(below(covered, |c| c.end <= a1))
                    .is_some_and(|c| c.start < a2)
            }
            Kind::ByStart {
                all,
                highest,
                lowest,
            } => {
                let but = (itself > 0).then(|| below(all, |b| *b < (a1, a2, a.id)));
                let from = below(all, |b| b.0 < a1);
                let upto = below(all, |b| b.0 <= a1);
                match self.relation {
                    Relation::Within => highest.over_but(0, upto, but).is_some_and(|e| e >= a2),
                    Relation::Encloses => lowest
                        .over_but(from, all.len(), but)
                        .is_some_and(|e| !e <= a2),
                    _ => highest
                        .over(upto, below(all, |b| b.0 < a2))
                        .is_some_and(|e| e > a2),
                }
            }
            Kind::ByEnd { ends, lowest } => lowest
                .over(below(ends, |e| *e <= a1), below(ends, |e| *e < a2))
                .is_some_and(|s| !s < a1),
            Kind::Measured { starts, ends } => {
                self.measured(a, starts, ends)
                    > usize::from(self.relation == Relation::Near) * itself
            }
            Kind::Themes(all, themes) => {
                let own = themes.get(&a.theme).map_or(0, |own| own.meeting(a1, a2));
                all.meeting(a1, a2) == own
            }
        }
    }

    /// How many stand near A, before it or after it, A among them; none where A can't be measured.
    fn measured(&self, a: &Segment, starts: &[(u32, i64)], ends: &[(u32, i64)]) -> usize {
        let Some((from, to)) = a.measured else {
            return 0;
        };
        let (a1, a2) = (a.span.start, a.span.end);
        let far = |gap: i64| gap > self.most;
        let before = below(ends, |b| b.0 <= a1);
        let before_far = below(ends, |b| b.0 <= a1 && far(from.saturating_sub(b.1)));
        let not_after = below(starts, |b| b.0 < a2);
        let not_after_far = below(starts, |b| b.0 < a2 || !far(b.1.saturating_sub(to)));
        match self.relation {
            Relation::Follows => before - before_far,
            Relation::Precedes => not_after_far - not_after,
            _ => not_after_far - before_far,
        }
    }

    /// The parts of A that it shares with others, in order; those that touch are one. For [`Relation::OverlapPart`].
    pub fn parts(&self, a: &Segment) -> Vec<Span> {
        let Kind::Covered(once, twice) = &self.kind else {
            return Vec::new();
        };
        let covered = if self.ids.binary_search(&a.id).is_ok() {
            twice
        } else {
            once
        };
        shared(&[a.span], covered)
    }
}

/// What is covered at least once and at least twice by ranges, as spans that neither touch nor overlap, in order.
fn covered(ranges: &Ranges<u32>) -> (Vec<Span>, Vec<Span>) {
    let (mut once, mut twice) = (Vec::new(), Vec::new());
    let (mut n, mut m) = (0, 0);
    let mut begun: [Option<u32>; 2] = [None, None];
    // At one place, what begins counts before what ends: spans that touch are one.
    while let Some(end) = ranges.ends.get(m) {
        match ranges.starts.get(n) {
            Some(start) if start <= end => {
                n += 1;
                match n - m {
                    1 => begun[0] = Some(*start),
                    2 => begun[1] = Some(*start),
                    _ => {}
                }
            }
            _ => {
                match n - m {
                    1 => once.extend(begun[0].take().map(|start| Span::new(start, *end))),
                    2 => twice.extend(begun[1].take().map(|start| Span::new(start, *end))),
                    _ => {}
                }
                m += 1;
            }
        }
    }
    // Where one of two ended as another began at the same place, depth two was reached without any length.
    twice.retain(|span| !span.is_empty());
    (once, twice)
}

/// What two lists of spans have in common. In each, spans neither touch nor overlap, and stand in order.
pub fn shared(few: &[Span], many: &[Span]) -> Vec<Span> {
    let mut found = Vec::new();
    for one in few {
        let from = below(many, |m| m.end <= one.start);
        for other in many[from..].iter().take_while(|m| m.start < one.end) {
            found.push(Span::new(
                one.start.max(other.start),
                one.end.min(other.end),
            ));
        }
    }
    found
}
