//! Collecting what a query finds: how many, which, and the best of them, in one pass.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::columnar::{Cardinality, ColumnValues};
use tantivy::index::SegmentReader;
use tantivy::query::{EnableScoring, Query};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Score, Searcher};

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

    pub(super) fn numbered(number: u64) -> Option<Self> {
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

    /// Whether all documents of a segment may be found.
    fn is_open(&self, numbers: &dyn ColumnValues<u64>) -> bool {
        self.filter.turns.is_none() && (self.filter.memos || numbers.max_value() < MEMOS)
    }

    /// Says of each number whether its document may be found. It is asked about many at once, so that what kind of
    /// filter this is has to be looked at once only.
    fn sift(&mut self, numbers: &[u64], lets: &mut [bool]) {
        let memos = self.filter.memos;
        let each = numbers.iter().zip(lets);
        let Some(turns) = &self.filter.turns else {
            each.for_each(|(&number, lets)| *lets = memos || number < MEMOS);
            return;
        };
        if self.bits.is_none() {
            match self.patience.checked_sub(numbers.len() as u64) {
                Some(left) => self.patience = left,
                None => self.bits = Some(Bits::new(turns)),
            }
        }
        let turn = |number: u64| u32::try_from(number).ok();
        if let Some(bits) = &self.bits {
            each.for_each(|(&number, lets)| {
                *lets = turn(number).map_or(memos, |turn| bits.contains(turn));
            });
        } else {
            each.for_each(|(&number, lets)| {
                *lets = turn(number).map_or(memos, |turn| turns.contains(turn));
            });
        }
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

/// The numbers of a segment's documents.
fn numbers(reader: &SegmentReader) -> tantivy::Result<Arc<dyn ColumnValues<u64>>> {
    let column = reader.fast_fields().u64("id")?;
    Ok(if column.get_cardinality() == Cardinality::Full {
        // Every document has one, so its number is in its place.
        column.values
    } else {
        column.first_or_default_col(0)
    })
}

pub(super) fn search(
    searcher: &Searcher,
    query: &dyn Query,
    filter: &Filter,
    limit: usize,
) -> tantivy::Result<Found> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut best = Best::new(limit);
    let mut total = 0;
    let mut gate = Gate::new(filter);
    for reader in searcher.segment_readers() {
        let numbers = numbers(reader)?;
        let alive = reader.alive_bitset();
        if gate.is_open(&*numbers) {
            weight.for_each(reader, &mut |doc: DocId, score: Score| {
                if alive.is_none_or(|alive| alive.is_alive(doc)) {
                    total += 1;
                    best.offer(score, || numbers.get_val(doc));
                }
            })?;
            continue;
        }
        let mut batch = Batch::default();
        let mut ask = |batch: &mut Batch| {
            let (numbers, scores, lets) = batch.ask(&*numbers, &mut gate);
            for ((&number, &score), &lets) in numbers.iter().zip(scores).zip(lets) {
                total += u64::from(lets);
                if lets {
                    best.offer(score, || number);
                }
            }
        };
        weight.for_each(reader, &mut |doc: DocId, score: Score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) && batch.add(doc, score) {
                ask(&mut batch);
            }
        })?;
        ask(&mut batch);
    }
    Ok(Found {
        total,
        hits: best.into_hits(),
    })
}

/// Documents that wait for their numbers to be looked up together, which is several times quicker than one by one.
struct Batch {
    len: usize,
    docs: [DocId; BATCH],
    scores: [Score; BATCH],
    numbers: [u64; BATCH],
    lets: [bool; BATCH],
}

const BATCH: usize = 128;

impl Default for Batch {
    fn default() -> Self {
        Self {
            len: 0,
            docs: [0; BATCH],
            scores: [0.0; BATCH],
            numbers: [0; BATCH],
            lets: [false; BATCH],
        }
    }
}

impl Batch {
    /// Adds one; `true` if there is no room for another.
    fn add(&mut self, doc: DocId, score: Score) -> bool {
        self.docs[self.len] = doc;
        self.scores[self.len] = score;
        self.len += 1;
        self.len == BATCH
    }

    /// Takes all of them out: their numbers, their scores, and whether the gate lets them through.
    fn ask(
        &mut self,
        numbers: &dyn ColumnValues<u64>,
        gate: &mut Gate<'_>,
    ) -> (&[u64], &[Score], &[bool]) {
        let len = std::mem::take(&mut self.len);
        numbers.get_vals(&self.docs[..len], &mut self.numbers[..len]);
        gate.sift(&self.numbers[..len], &mut self.lets[..len]);
        (&self.numbers[..len], &self.scores[..len], &self.lets[..len])
    }
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
    for reader in searcher.segment_readers() {
        let numbers = numbers(reader)?;
        let alive = reader.alive_bitset();
        let mut page = [0; COLLECT_BLOCK_BUFFER_LEN];
        let mut lets = [false; COLLECT_BLOCK_BUFFER_LEN];
        weight.for_each_no_score(reader, &mut |docs: &[DocId]| {
            for docs in docs.chunks(COLLECT_BLOCK_BUFFER_LEN) {
                let (page, lets) = (&mut page[..docs.len()], &mut lets[..docs.len()]);
                numbers.get_vals(docs, page);
                gate.sift(page, lets);
                for ((&doc, &number), &lets) in docs.iter().zip(&*page).zip(&*lets) {
                    if lets
                        && alive.is_none_or(|alive| alive.is_alive(doc))
                        && let Some(Doc::Turn(turn)) = Doc::numbered(number)
                    {
                        found.push(turn);
                    }
                }
            }
        })?;
    }
    // A few long runs, one for each thread that wrote each segment: what the stable sort is quick at.
    #[expect(
        clippy::stable_sort_primitive,
        reason = "merges the runs that are there"
    )]
    found.sort();
    found.dedup();
    Ok(TurnSet::from_ascending(found))
}
