//! Collecting what a query finds: how many, which, and the best of them, in one pass.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::ColumnValues;
use tantivy::index::SegmentReader;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, Score, Searcher};

use super::turns::{Bits, TurnSet};

/// What is searched: a turn of a transcript, or a memo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doc {
    Turn(u32),
    Memo(u32),
}

/// Above every turn id.
const MEMOS: u64 = 1 << 40;

impl Doc {
    /// The number by which the index knows it.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Turn(id) => u64::from(id),
            Self::Memo(id) => MEMOS | u64::from(id),
        }
    }

    fn numbered(number: u64) -> Option<Self> {
        if number >= MEMOS {
            u32::try_from(number - MEMOS).ok().map(Self::Memo)
        } else {
            u32::try_from(number).ok().map(Self::Turn)
        }
    }
}

/// Which documents may be found.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Only these turns; `None` for all.
    pub turns: Option<TurnSet>,
    /// Memos too.
    pub memos: bool,
}

impl Filter {
    /// Everything: all turns, and memos.
    pub const ALL: Self = Self {
        turns: None,
        memos: true,
    };
    /// All turns, no memos.
    pub const TURNS: Self = Self {
        turns: None,
        memos: false,
    };
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How many documents match, shown or not.
    pub total: u64,
    /// The best of them: by score, highest first; equal scores by document, turns before memos.
    pub hits: Vec<Hit>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub doc: Doc,
    pub score: f32,
}

/// A filter while it is asked. A compressed set answers a few questions well; for many it is laid out first.
struct Gate<'f> {
    filter: &'f Filter,
    bits: Option<Bits>,
    /// Questions left before laying out is worth it.
    patience: u64,
}

impl<'f> Gate<'f> {
    fn new(filter: &'f Filter) -> Self {
        let len = filter.turns.as_ref().map_or(0, TurnSet::len);
        Self {
            filter,
            bits: None,
            patience: 8192.max(len / 16),
        }
    }

    fn is_open(&self) -> bool {
        self.filter.turns.is_none() && self.filter.memos
    }

    fn lets(&mut self, number: u64) -> bool {
        if number >= MEMOS {
            return self.filter.memos;
        }
        let (Some(turns), Ok(turn)) = (&self.filter.turns, u32::try_from(number)) else {
            return self.filter.turns.is_none();
        };
        if let Some(bits) = &self.bits {
            return bits.contains(turn);
        }
        match self.patience.checked_sub(1) {
            Some(left) => self.patience = left,
            None => self.bits = Some(Bits::new(turns)),
        }
        turns.contains(turn)
    }
}

/// Ordered as hits are shown: the greatest is the first.
#[derive(Clone, Copy)]
struct Ranked {
    score: Score,
    number: u64,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then_with(|| other.number.cmp(&self.number))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

/// The best so many, the worst of them on top.
struct Best {
    limit: usize,
    heap: BinaryHeap<Reverse<Ranked>>,
    /// A score below this cannot get in.
    bar: Score,
}

impl Best {
    fn new(limit: usize) -> Self {
        let bar = if limit == 0 {
            Score::INFINITY
        } else {
            Score::NEG_INFINITY
        };
        // A caller may ask for all of them; the room is taken as they come.
        Self {
            limit,
            heap: BinaryHeap::with_capacity(limit.min(1024)),
            bar,
        }
    }

    fn offer(&mut self, score: Score, number: impl FnOnce() -> u64) {
        if score < self.bar || self.limit == 0 {
            return;
        }
        let ranked = Ranked {
            score,
            number: number(),
        };
        if self.heap.len() < self.limit {
            self.heap.push(Reverse(ranked));
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked > worst.0
        {
            *worst = Reverse(ranked);
        }
        if self.heap.len() == self.limit
            && let Some(worst) = self.heap.peek()
        {
            self.bar = worst.0.score;
        }
    }

    fn into_hits(self) -> Vec<Hit> {
        let ranked = self.heap.into_sorted_vec();
        let hit =
            |Reverse(Ranked { score, number })| Doc::numbered(number).map(|doc| Hit { doc, score });
        ranked.into_iter().filter_map(hit).collect()
    }
}

fn numbers(reader: &SegmentReader) -> tantivy::Result<Arc<dyn ColumnValues<u64>>> {
    Ok(reader.fast_fields().u64("id")?.first_or_default_col(0))
}

pub(super) fn search(
    searcher: &Searcher,
    query: &dyn Query,
    filter: &Filter,
    limit: usize,
) -> tantivy::Result<Found> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut gate = Gate::new(filter);
    let mut best = Best::new(limit);
    let mut total = 0;
    for reader in searcher.segment_readers() {
        let numbers = numbers(reader)?;
        let alive = reader.alive_bitset();
        let open = gate.is_open();
        weight.for_each(reader, &mut |doc: DocId, score: Score| {
            if alive.is_some_and(|alive| !alive.is_alive(doc)) {
                return;
            }
            if open {
                total += 1;
                best.offer(score, || numbers.get_val(doc));
                return;
            }
            let number = numbers.get_val(doc);
            if gate.lets(number) {
                total += 1;
                best.offer(score, || number);
            }
        })?;
    }
    Ok(Found {
        total,
        hits: best.into_hits(),
    })
}

/// The turns that match.
pub(super) fn turns(
    searcher: &Searcher,
    query: &dyn Query,
    filter: &Filter,
) -> tantivy::Result<TurnSet> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut gate = Gate::new(filter);
    let mut found: Vec<u32> = Vec::new();
    let mut page = Vec::new();
    for reader in searcher.segment_readers() {
        let numbers = numbers(reader)?;
        let alive = reader.alive_bitset();
        weight.for_each_no_score(reader, &mut |docs: &[DocId]| {
            page.clear();
            page.resize(docs.len(), 0);
            numbers.get_vals(docs, &mut page);
            for (&doc, &number) in docs.iter().zip(&page) {
                if alive.is_none_or(|alive| alive.is_alive(doc))
                    && gate.lets(number)
                    && let Some(Doc::Turn(turn)) = Doc::numbered(number)
                {
                    found.push(turn);
                }
            }
        })?;
    }
    // Mostly sorted already: turns are indexed in their order.
    found.sort_unstable();
    Ok(found.into_iter().collect())
}
