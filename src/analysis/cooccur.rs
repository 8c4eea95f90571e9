//! How often two themes occur together: the counts n1, n2 and n12, and the coefficient that is made of them.
//!
//! `c = n12 / (n1 + n2 − n12)`, as ATLAS.ti's manual defines it. It lies between 0 and 1 where n12 counts things that
//! both n1 and n2 count; pairs of overlapping codings can be more than either, and then it is said.

pub mod pairs;

use std::collections::HashMap;

use serde::Serialize;

use crate::domain::relation::Relation;
use crate::domain::words::words;
use pairs::{Counter, Piece};

words! {
    /// What makes a pair of two passages.
    Tie, "relation that makes a pair" {
        /// They share at least one character.
        Overlap = "overlap",
        SameSpan = "same-span",
        Within = "within",
        Encloses = "encloses",
        Overlaps = "overlaps",
        OverlappedBy = "overlapped-by",
        Follows = "follows",
        Precedes = "precedes",
        Near = "near",
        SameTurn = "same-turn",
        SameTranscript = "same-transcript",
        SameCase = "same-case",
    }
}

impl Tie {
    pub const fn relation(self) -> Relation {
        match self {
            Self::Overlap => Relation::OverlapWhole,
            Self::SameSpan => Relation::SameSpan,
            Self::Within => Relation::Within,
            Self::Encloses => Relation::Encloses,
            Self::Overlaps => Relation::Overlaps,
            Self::OverlappedBy => Relation::OverlappedBy,
            Self::Follows => Relation::Follows,
            Self::Precedes => Relation::Precedes,
            Self::Near => Relation::Near,
            Self::SameTurn => Relation::SameTurn,
            Self::SameTranscript => Relation::SameTranscript,
            Self::SameCase => Relation::SameCase,
        }
    }

    /// Whether A to B says something else than B to A.
    pub fn is_directed(self) -> bool {
        let relation = self.relation();
        relation.turned() != relation
    }
}

words! {
    /// What n1, n2 and n12 count.
    Count, "unit to count" {
        /// n1: codings of the first theme; n12: pairs of one of each that stand in the relation. One coding can be in
        /// many pairs.
        Codings = "codings",
        /// n1: turns that a coding of the first theme touches and the filters take; n12: such turns that both codings of such
        /// a pair touch.
        Turns = "turns",
        /// n1: transcripts with the first theme; n12: with such a pair.
        Transcripts = "transcripts",
        /// n1: participants who say something coded with the first theme; n12: who say both codings of such a pair.
        Participants = "participants",
        /// n1: cases with the first theme; n12: with such a pair.
        Cases = "cases",
    }
}

words! {
    /// What to mind about a coefficient.
    Flag, "flag" {
        /// One theme is used more than five times as often as the other, so the coefficient is small whatever they share.
        Unequal = "unequal",
        /// There are more pairs than uses of one theme: codings lie upon each other, and the coefficient, which takes
        /// each use to be one stretch of text, says too much.
        OutOfRange = "out-of-range",
    }
}

/// What three counts come to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    pub n1: u64,
    pub n2: u64,
    pub n12: u64,
    /// n12 / (n1 + n2 − n12).
    pub c: Option<f64>,
    /// n12 / n1.
    pub share1: Option<f64>,
    /// n12 / n2.
    pub share2: Option<f64>,
    pub flags: Vec<Flag>,
    /// Why there is no coefficient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

pub fn coefficient(n1: u64, n2: u64, n12: u64) -> Coefficient {
    let either = (n1 + n2).checked_sub(n12).filter(|n| *n > 0);
    let mut flags = Vec::new();
    if n1.max(n2) > 5 * n1.min(n2) {
        flags.push(Flag::Unequal);
    }
    if n12 > n1.min(n2) {
        flags.push(Flag::OutOfRange);
    }
    Coefficient {
        n1,
        n2,
        n12,
        c: either.and_then(|n| share(n12, n)),
        share1: share(n12, n1),
        share2: share(n12, n2),
        flags,
        reason: match either {
            Some(_) => None,
            None if n1 + n2 == 0 => Some("neither theme is used"),
            None => Some("there are as many pairs as uses of both themes together, or more"),
        },
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts are far below what a float holds exactly"
)]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Numbers by two themes: a square where that is small, else only those that are not 0.
#[derive(Debug)]
enum Square {
    Whole(usize, Vec<u64>),
    Some(HashMap<(u32, u32), u64>),
}

/// Squares of up to so many themes are held whole: 32 MB.
const WHOLE: usize = 2_000;

impl Square {
    fn new(themes: usize) -> Self {
        if themes <= WHOLE {
            Self::Whole(themes, vec![0; themes * themes])
        } else {
            Self::Some(HashMap::new())
        }
    }

    fn add(&mut self, a: u32, b: u32, n: u64) {
        match self {
            Self::Whole(themes, all) => all[a as usize * *themes + b as usize] += n,
            Self::Some(all) => *all.entry((a, b)).or_default() += n,
        }
    }

    fn get(&self, a: u32, b: u32) -> u64 {
        match self {
            Self::Whole(themes, all) => all[a as usize * *themes + b as usize],
            Self::Some(all) => all.get(&(a, b)).copied().unwrap_or_default(),
        }
    }
}

/// Counts uses and pairs of themes, transcript after transcript.
#[derive(Debug)]
pub struct Tally {
    tie: Tie,
    count: Count,
    counter: Counter,
    uses: Vec<u64>,
    pairs: Square,
    /// Of participants and cases, which stand in several transcripts: who uses a theme, and who has a pair.
    users: Vec<(u32, i64)>,
    having: Vec<(u32, u32, i64)>,
    /// Of pairs that reach over transcripts: how many codings of each theme a case has; and a participant in it.
    wide: HashMap<(i64, i64), HashMap<u32, u64>>,
    found: Vec<(u32, u32)>,
}

/// What was counted.
#[derive(Debug)]
pub struct Counts {
    /// How often each theme is used.
    pub uses: Vec<u64>,
    directed: bool,
    pairs: Square,
    having: Vec<(u32, u32, i64)>,
}

impl Tally {
    pub fn new(tie: Tie, most: i64, count: Count, themes: usize) -> Self {
        Self {
            tie,
            count,
            counter: Counter::new(tie, most, themes),
            uses: vec![0; themes],
            pairs: Square::new(themes),
            users: Vec::new(),
            having: Vec::new(),
            wide: HashMap::new(),
            found: Vec::new(),
        }
    }

    /// Counts the passages of one transcript, which may be of a case. `who` says whose words each is, where participants
    /// are counted, and `takes` whether a turn counts, where turns are.
    pub fn transcript(
        &mut self,
        case: Option<i64>,
        pieces: &[Piece],
        who: &[Option<i64>],
        takes: &dyn Fn(i64) -> bool,
    ) {
        match self.count {
            Count::Codings => {
                for p in pieces {
                    self.uses[p.theme as usize] += 1;
                }
                if self.tie == Tie::SameCase {
                    self.keep(case.map(|case| (case, 0)), pieces);
                } else {
                    let directed = self.tie.is_directed();
                    let pairs = &mut self.pairs;
                    self.counter.pairs(pieces, |a, b, n| {
                        let (a, b) = if directed {
                            (a, b)
                        } else {
                            (a.min(b), a.max(b))
                        };
                        pairs.add(a, b, n);
                    });
                }
            }
            Count::Transcripts => self.each_once(case, pieces),
            Count::Cases => {
                if let Some(whom) = case {
                    self.of(case, whom, pieces);
                }
            }
            Count::Participants => {
                for (person, theirs) in parts(
                    pieces
                        .iter()
                        .zip(who)
                        .filter_map(|(p, w)| Some(((*w)?, *p))),
                ) {
                    self.of(case, person, &theirs);
                }
            }
            Count::Turns => {
                let touched = pieces
                    .iter()
                    .flat_map(|p| (p.turns.0..=p.turns.1).map(|turn| (turn, *p)))
                    .filter(|(turn, _)| takes(*turn));
                for (_, there) in parts(touched) {
                    self.each_once(case, &there);
                }
            }
        }
    }

    /// Of something that lies in one transcript, once.
    fn each_once(&mut self, case: Option<i64>, pieces: &[Piece]) {
        for theme in themes(pieces) {
            self.uses[theme as usize] += 1;
        }
        if self.tie != Tie::SameCase || case.is_some() {
            self.find(pieces);
            for (a, b) in &self.found {
                self.pairs.add(*a, *b, 1);
            }
        }
    }

    /// Of a participant or case.
    fn of(&mut self, case: Option<i64>, whom: i64, pieces: &[Piece]) {
        self.users
            .extend(themes(pieces).into_iter().map(|theme| (theme, whom)));
        if self.tie == Tie::SameCase {
            self.keep(case.map(|case| (case, whom)), pieces);
        } else {
            self.find(pieces);
            self.having
                .extend(self.found.iter().map(|(a, b)| (*a, *b, whom)));
        }
    }

    fn keep(&mut self, at: Option<(i64, i64)>, pieces: &[Piece]) {
        let Some(at) = at else { return };
        let there = self.wide.entry(at).or_default();
        for p in pieces {
            *there.entry(p.theme).or_default() += 1;
        }
    }

    /// Which themes have a pair among these, each two once.
    fn find(&mut self, pieces: &[Piece]) {
        let found = &mut self.found;
        found.clear();
        let directed = self.tie.is_directed();
        self.counter.pairs(pieces, |a, b, _| {
            found.push(if directed {
                (a, b)
            } else {
                (a.min(b), a.max(b))
            });
        });
        found.sort_unstable();
        found.dedup();
    }

    pub fn finish(mut self) -> Counts {
        for ((_, whom), there) in self.wide.drain() {
            for (a, n) in &there {
                for (b, m) in there.iter().filter(|(b, _)| *b > a) {
                    if self.count == Count::Codings {
                        self.pairs.add(*a, *b, n * m);
                    } else {
                        self.having.push((*a, *b, whom));
                    }
                }
            }
        }
        self.users.sort_unstable();
        self.users.dedup();
        for (theme, _) in &self.users {
            self.uses[*theme as usize] += 1;
        }
        self.having.sort_unstable();
        self.having.dedup();
        for (a, b, _) in &self.having {
            self.pairs.add(*a, *b, 1);
        }
        Counts {
            uses: self.uses,
            directed: self.tie.is_directed(),
            pairs: self.pairs,
            having: self.having,
        }
    }
}

impl Counts {
    pub fn pairs(&self, a: u32, b: u32) -> u64 {
        let (a, b) = if self.directed {
            (a, b)
        } else {
            (a.min(b), a.max(b))
        };
        self.pairs.get(a, b)
    }

    /// The cases, or participants, that have a pair of these two, ascending.
    pub fn having(&self, a: u32, b: u32) -> impl Iterator<Item = i64> {
        let (a, b) = if self.directed {
            (a, b)
        } else {
            (a.min(b), a.max(b))
        };
        let from = self.having.partition_point(|h| (h.0, h.1) < (a, b));
        self.having[from..]
            .iter()
            .take_while(move |h| (h.0, h.1) == (a, b))
            .map(|h| h.2)
    }
}

/// Passages by something that each has, in its order.
pub fn parts<T: Copy>(keyed: impl Iterator<Item = (i64, T)>) -> Vec<(i64, Vec<T>)> {
    let mut all: Vec<(i64, T)> = keyed.collect();
    all.sort_by_key(|(key, _)| *key);
    all.chunk_by(|a, b| a.0 == b.0)
        .map(|same| (same[0].0, same.iter().map(|(_, value)| *value).collect()))
        .collect()
}

fn themes(pieces: &[Piece]) -> Vec<u32> {
    let mut all: Vec<u32> = pieces.iter().map(|p| p.theme).collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests;
