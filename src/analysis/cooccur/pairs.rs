//! How many pairs of passages stand in a relation, theme by theme, without going through the pairs.
//!
//! Passages that overlap are counted in one sweep: when one begins, every theme that is open then gains as many pairs
//! as it has passages open. What asks for two ends at once keeps, for each theme, a tree of counts over its passages'
//! ends. So a passage costs as much as there are themes beside it, not as there are passages.

use super::Tie;

/// A coded passage: a theme, by its place in a list, on a span of one transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub theme: u32,
    pub start: u32,
    pub end: u32,
    /// First and last turn that it touches.
    pub turns: (i64, i64),
    /// Where it begins and ends on the ruler of the distance; none where it can't be measured.
    pub measured: Option<(i64, i64)>,
}

/// Counts pairs, transcript after transcript, in memory that is taken once.
#[derive(Debug)]
pub struct Counter {
    tie: Tie,
    most: i64,
    starts: Vec<u64>,
    ends: Vec<u64>,
    open: Open,
}

/// How many passages of each theme are open, and of which themes any are.
#[derive(Debug)]
struct Open {
    count: Vec<u64>,
    /// Themes with any, in no order.
    some: Vec<u32>,
    /// Where each stands in `some`.
    place: Vec<u32>,
}

impl Open {
    fn new(themes: usize) -> Self {
        Self {
            count: vec![0; themes],
            some: Vec::new(),
            place: vec![0; themes],
        }
    }

    fn add(&mut self, theme: u32) {
        let n = theme as usize;
        if self.count[n] == 0 {
            self.place[n] = narrow(self.some.len());
            self.some.push(theme);
        }
        self.count[n] += 1;
    }

    fn take(&mut self, theme: u32) {
        let n = theme as usize;
        self.count[n] -= 1;
        if self.count[n] == 0 {
            let place = self.place[n] as usize;
            self.some.swap_remove(place);
            if let Some(moved) = self.some.get(place) {
                self.place[*moved as usize] = narrow(place);
            }
        }
    }

    fn clear(&mut self) {
        for theme in self.some.drain(..) {
            self.count[theme as usize] = 0;
        }
    }

    /// What is open of every other theme.
    fn beside(&self, theme: u32, each: &mut impl FnMut(u32, u32, u64)) {
        for other in &self.some {
            #[cfg(test)]
            super::tests::step();
            if *other != theme {
                each(theme, *other, self.count[*other as usize]);
            }
        }
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A place and a theme in one number, in the order of the places.
fn key(at: u32, theme: u32) -> u64 {
    (u64::from(at) << 32) | u64::from(theme)
}

/// The two again.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the halves of a number of 64 bits"
)]
fn halves(key: u64) -> (u32, u32) {
    ((key >> 32) as u32, key as u32)
}

impl Counter {
    /// For so many themes.
    pub fn new(tie: Tie, most: i64, themes: usize) -> Self {
        Self {
            tie,
            most,
            starts: Vec::new(),
            ends: Vec::new(),
            open: Open::new(themes),
        }
    }

    /// Tells `each` how many pairs of passages of two different themes stand in the relation: (theme of A, theme of B,
    /// pairs), two themes any number of times. Of a relation that has no direction, a pair is told once, either way.
    pub fn pairs(&mut self, pieces: &[Piece], mut each: impl FnMut(u32, u32, u64)) {
        match self.tie {
            Tie::Overlap => {
                self.starts.clear();
                self.ends.clear();
                for p in pieces {
                    self.starts.push(key(p.start, p.theme));
                    self.ends.push(key(p.end, p.theme));
                }
                self.sweep(&mut each);
            }
            Tie::SameTurn => {
                let base = pieces.iter().map(|p| p.turns.0).min().unwrap_or_default();
                let place = |turn: i64| u32::try_from(turn - base).unwrap_or(u32::MAX);
                self.starts.clear();
                self.ends.clear();
                for p in pieces {
                    self.starts.push(key(place(p.turns.0), p.theme));
                    self.ends.push(key(place(p.turns.1 + 1), p.theme));
                }
                self.sweep(&mut each);
            }
            Tie::SameSpan => {
                let mut all: Vec<(u32, u32, u32)> =
                    pieces.iter().map(|p| (p.start, p.end, p.theme)).collect();
                all.sort_unstable();
                for same in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
                    for (.., theme) in same {
                        self.open.beside(*theme, &mut each);
                        self.open.add(*theme);
                    }
                    self.open.clear();
                }
            }
            Tie::SameTranscript | Tie::SameCase => {
                for p in pieces {
                    self.open.add(p.theme);
                }
                let some = &self.open.some;
                let count = |theme: u32| self.open.count[theme as usize];
                for (n, a) in some.iter().enumerate() {
                    for b in &some[..n] {
                        #[cfg(test)]
                        super::tests::step();
                        each(*a, *b, count(*a) * count(*b));
                    }
                }
                self.open.clear();
            }
            Tie::Within => nested(pieces, true, &mut each),
            Tie::Encloses => nested(pieces, true, &mut |a, b, n| each(b, a, n)),
            Tie::OverlappedBy => nested(pieces, false, &mut each),
            Tie::Overlaps => nested(pieces, false, &mut |a, b, n| each(b, a, n)),
            Tie::Follows | Tie::Precedes | Tie::Near => self.measured(pieces, &mut each),
        }
    }

    /// Pairs of ranges that meet, each told when the later one begins.
    fn sweep(&mut self, each: &mut impl FnMut(u32, u32, u64)) {
        self.starts.sort_unstable();
        self.ends.sort_unstable();
        let mut over = self.ends.iter().map(|e| halves(*e)).peekable();
        for start in &self.starts {
            let (at, theme) = halves(*start);
            while let Some((_, ended)) = over.next_if(|(end, _)| *end <= at) {
                self.open.take(ended);
            }
            self.open.beside(theme, each);
            self.open.add(theme);
        }
        self.open.clear();
    }

    fn measured(&self, pieces: &[Piece], each: &mut impl FnMut(u32, u32, u64)) {
        let mut themes: Vec<Line> = Vec::new();
        for same in by_theme(pieces).chunk_by(|a, b| a.theme == b.theme) {
            let mut line = Line {
                theme: same[0].theme,
                ..Line::default()
            };
            for p in same {
                if let Some((from, to)) = p.measured {
                    line.starts.push((p.start, from));
                    line.ends.push((p.end, to));
                }
            }
            line.starts.sort_unstable();
            line.ends.sort_unstable();
            themes.push(line);
        }
        for p in pieces {
            let Some((from, to)) = p.measured else {
                continue;
            };
            let far = |gap: i64| gap > self.most;
            for line in themes.iter().filter(|line| line.theme != p.theme) {
                let before = || below(&line.ends, |b| b.0 <= p.start);
                let before_far = || {
                    below(&line.ends, |b| {
                        b.0 <= p.start && far(from.saturating_sub(b.1))
                    })
                };
                let not_after = || below(&line.starts, |b| b.0 < p.end);
                let not_after_far = || {
                    below(&line.starts, |b| {
                        b.0 < p.end || !far(b.1.saturating_sub(to))
                    })
                };
                let n = match self.tie {
                    Tie::Follows => before() - before_far(),
                    Tie::Precedes => not_after_far() - not_after(),
                    // Near has no direction: told by the theme that comes first.
                    _ if p.theme < line.theme => not_after_far() - before_far(),
                    _ => 0,
                };
                if n > 0 {
                    each(p.theme, line.theme, n as u64);
                }
            }
        }
    }
}

/// Measured passages of one theme: (where it begins, that on the ruler) and (where it ends, that on the ruler).
#[derive(Default)]
struct Line {
    theme: u32,
    starts: Vec<(u32, i64)>,
    ends: Vec<(u32, i64)>,
}

fn by_theme(pieces: &[Piece]) -> Vec<Piece> {
    let mut all = pieces.to_vec();
    all.sort_unstable_by_key(|p| p.theme);
    all
}

fn below<T>(sorted: &[T], holds: impl Fn(&T) -> bool) -> usize {
    sorted.partition_point(|value| {
        #[cfg(test)]
        super::tests::step();
        holds(value)
    })
}

/// A theme's passages by their ends: how many of those that have begun end before some place.
struct Tree {
    theme: u32,
    ends: Vec<u32>,
    /// Sums over runs of ends, as Fenwick's tree has them.
    sums: Vec<u64>,
    begun: u64,
}

impl Tree {
    fn add(&mut self, end: u32) {
        let mut n = below(&self.ends, |e| *e < end) + 1;
        self.begun += 1;
        while n <= self.sums.len() {
            self.sums[n - 1] += 1;
            n += n & n.wrapping_neg();
        }
    }

    /// How many end before `at`.
    fn before(&self, at: u32) -> u64 {
        let mut n = below(&self.ends, |e| *e < at);
        let mut sum = 0;
        while n > 0 {
            #[cfg(test)]
            super::tests::step();
            sum += self.sums[n - 1];
            n &= n - 1;
        }
        sum
    }
}

/// Pairs (A, B) where A lies within B, or else where B begins before A and ends inside it.
fn nested(pieces: &[Piece], within: bool, each: &mut impl FnMut(u32, u32, u64)) {
    let mut trees: Vec<Tree> = by_theme(pieces)
        .chunk_by(|a, b| a.theme == b.theme)
        .map(|same| {
            let mut ends: Vec<u32> = same.iter().map(|p| p.end).collect();
            ends.sort_unstable();
            Tree {
                theme: same[0].theme,
                sums: vec![0; ends.len()],
                ends,
                begun: 0,
            }
        })
        .collect();
    let mut all = pieces.to_vec();
    all.sort_unstable_by_key(|p| p.start);
    for same in all.chunk_by(|a, b| a.start == b.start) {
        let begin = |trees: &mut Vec<Tree>| {
            for p in same {
                if let Ok(n) = trees.binary_search_by_key(&p.theme, |t| t.theme) {
                    trees[n].add(p.end);
                }
            }
        };
        // What begins at the same place may enclose, but can't have begun before.
        if within {
            begin(&mut trees);
        }
        for p in same {
            for tree in trees.iter().filter(|t| t.theme != p.theme && t.begun > 0) {
                let n = if within {
                    tree.begun - tree.before(p.end)
                } else {
                    tree.before(p.end) - tree.before(p.start + 1)
                };
                if n > 0 {
                    each(p.theme, tree.theme, n);
                }
            }
        }
        if !within {
            begin(&mut trees);
        }
    }
}
