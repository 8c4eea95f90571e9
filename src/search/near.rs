//! Rows with gaps, and two rows near each other, in the index.
//!
//! A document is a candidate when every slot has a word in it; then the positions decide, by the same functions that
//! decide about a text in memory.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    Bm25StatisticsProvider, Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer,
    Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, TERMINATED, TantivyError, Term};

use super::slot::{Row, Slot};
use super::spans::{Side, Stretch, Want, phrase};
use super::terms::term_infos;

/// One row, or two of them near each other.
#[derive(Clone, Debug)]
pub(super) struct PlaceQuery {
    pub(super) field: Field,
    pub(super) places: Places,
}

#[derive(Clone, Debug)]
pub(super) enum Places {
    Row(Row),
    Near { left: Row, within: u32, right: Row },
}

impl Places {
    fn rows(&self) -> Vec<&Row> {
        match self {
            Self::Row(row) => vec![row],
            Self::Near { left, right, .. } => vec![left, right],
        }
    }
}

impl Query for PlaceQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let similarity = match scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } => Some(similarity(self.field, &self.places, statistics_provider)?),
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(PlaceWeight {
            query: self.clone(),
            similarity,
        }))
    }
}

/// A place is scored as if it were a word that stands in as many documents as the rarest of its slots.
fn similarity(
    field: Field,
    places: &Places,
    statistics: &dyn Bm25StatisticsProvider,
) -> tantivy::Result<Bm25Weight> {
    let documents = statistics.total_num_docs()?;
    let mut rarest = documents;
    for slot in places.rows().into_iter().flat_map(|row| &row.slots) {
        if let Slot::Terms(terms) = slot {
            let mut with = 0;
            for term in terms {
                with += statistics.doc_freq(&Term::from_field_text(field, term))?;
            }
            rarest = rarest.min(with);
        }
    }
    // Counts stay far below where a float is no longer exact enough for ranking.
    #[expect(clippy::cast_precision_loss, reason = "an average, for ranking")]
    let average = statistics.total_num_tokens(field)? as Score / documents.max(1) as Score;
    Ok(Bm25Weight::for_one_term_without_explain(
        rarest, documents, average,
    ))
}

struct PlaceWeight {
    query: PlaceQuery,
    similarity: Option<Bm25Weight>,
}

impl Weight for PlaceWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let field = self.query.field;
        let index = reader.inverted_index(field)?;
        let mut slots = Vec::new();
        let mut ends = Vec::new();
        for row in self.query.places.rows() {
            for slot in &row.slots {
                let mut lists = Vec::new();
                for info in term_infos(&index, slot)? {
                    lists.push(index.read_postings_from_terminfo(
                        &info,
                        IndexRecordOption::WithFreqsAndPositions,
                    )?);
                }
                if lists.is_empty() {
                    return Ok(Box::new(EmptyScorer));
                }
                slots.push(SlotPostings::new(lists));
            }
            ends.push(slots.len());
        }
        let mut order: Vec<usize> = (0..slots.len()).collect();
        order.sort_by_key(|&n| slots[n].size());
        let norms = match &self.similarity {
            Some(_) => reader.get_fieldnorms_reader(field)?,
            None => FieldNormReader::constant(reader.max_doc(), 1),
        };
        let mut scorer = PlaceScorer {
            positions: vec![Vec::new(); slots.len()],
            slots,
            order,
            split: ends[0],
            places: self.query.places.clone(),
            similarity: self
                .similarity
                .as_ref()
                .map(|weight| weight.boost_by(boost)),
            norms,
            doc: 0,
            times: 0,
            stretches: Default::default(),
            sides: Default::default(),
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.seek(doc) == doc {
            Ok(Explanation::new("words at their places", scorer.score()))
        } else {
            Err(TantivyError::InvalidArgument(format!(
                "document {doc} does not match"
            )))
        }
    }
}

struct PlaceScorer {
    slots: Vec<SlotPostings>,
    /// The slots, rarest first.
    order: Vec<usize>,
    /// Where the second row begins among the slots.
    split: usize,
    places: Places,
    similarity: Option<Bm25Weight>,
    norms: FieldNormReader,
    doc: DocId,
    /// How many stretches match in the present document.
    times: u32,
    positions: Vec<Vec<u32>>,
    stretches: [Vec<Stretch>; 2],
    sides: [Side; 2],
}

impl PlaceScorer {
    /// Moves on from where the slots stand to the first document that matches.
    fn settle(&mut self) -> DocId {
        let rarest = self.order[0];
        let mut candidate = self.slots[rarest].doc();
        'candidates: while candidate != TERMINATED {
            for &n in &self.order[1..] {
                let doc = self.slots[n].seek(candidate);
                if doc > candidate {
                    candidate = self.slots[rarest].seek(doc);
                    continue 'candidates;
                }
            }
            self.times = self.count();
            if self.times > 0 {
                break;
            }
            candidate = self.slots[rarest].advance();
        }
        self.doc = candidate;
        candidate
    }

    /// How many stretches match in the document where the slots stand.
    fn count(&mut self) -> u32 {
        if let Places::Row(Row { gap: 0, .. }) = self.places {
            return self.count_side_by_side();
        }
        for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
            slot.positions(positions);
        }
        let [first, second] = &mut self.stretches;
        let found = match &self.places {
            Places::Row(row) => {
                phrase(&self.positions, row.gap, Want::Shortest, first);
                first.len()
            }
            Places::Near {
                left,
                within,
                right,
            } => {
                phrase(&self.positions[..self.split], left.gap, Want::All, first);
                if first.is_empty() {
                    return 0;
                }
                phrase(&self.positions[self.split..], right.gap, Want::All, second);
                let [_, side] = &mut self.sides;
                side.fill(second);
                first
                    .iter()
                    .filter(|&&stretch| side.is_near(stretch, *within))
                    .count()
            }
        };
        u32::try_from(found).unwrap_or(u32::MAX)
    }
}

impl PlaceScorer {
    /// The usual phrase, without looking at more positions than it takes to know: the rarest words first.
    fn count_side_by_side(&mut self) -> u32 {
        let [starts, positions, ..] = &mut self.positions[..] else {
            // A word alone stands wherever it is.
            return 1;
        };
        starts.clear();
        for (nth, &n) in self.order.iter().enumerate() {
            let place = u32::try_from(n).unwrap_or(u32::MAX);
            self.slots[n].positions(positions);
            if nth == 0 {
                starts.extend(positions.iter().filter_map(|at| at.checked_sub(place)));
            } else {
                let mut rest = positions.iter().peekable();
                starts.retain(|start| {
                    while rest.next_if(|&&at| at < start + place).is_some() {}
                    rest.next_if(|&&at| at == start + place).is_some()
                });
            }
            if starts.is_empty() {
                return 0;
            }
        }
        u32::try_from(starts.len()).unwrap_or(u32::MAX)
    }
}

impl DocSet for PlaceScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        let rarest = self.order[0];
        self.slots[rarest].advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        let rarest = self.order[0];
        self.slots[rarest].seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.slots[self.order[0]].size() / 4
    }

    fn cost(&self) -> u64 {
        // Reading positions is several times as much work as reading documents.
        self.slots
            .iter()
            .map(|slot| u64::from(slot.size()))
            .sum::<u64>()
            * 4
    }
}

impl Scorer for PlaceScorer {
    fn score(&mut self) -> Score {
        self.similarity.as_ref().map_or(1.0, |weight| {
            weight.score(self.norms.fieldnorm_id(self.doc), self.times)
        })
    }
}

/// The documents and positions of a slot: of all its terms together.
enum SlotPostings {
    One(Box<SegmentPostings>),
    Many(Union),
}

/// Several terms' postings, those of the lowest document on top of a heap.
struct Union {
    lists: Vec<SegmentPostings>,
    heap: std::collections::BinaryHeap<std::cmp::Reverse<(DocId, usize)>>,
    /// The lists that stand at the present document.
    here: Vec<usize>,
    doc: DocId,
    size: u32,
}

impl SlotPostings {
    fn new(mut lists: Vec<SegmentPostings>) -> Self {
        if lists.len() == 1
            && let Some(list) = lists.pop()
        {
            return Self::One(Box::new(list));
        }
        let heap = lists
            .iter()
            .enumerate()
            .map(|(n, list)| std::cmp::Reverse((list.doc(), n)))
            .collect();
        let size = lists
            .iter()
            .map(SegmentPostings::doc_freq)
            .fold(0, u32::saturating_add);
        let mut union = Union {
            lists,
            heap,
            here: Vec::new(),
            doc: TERMINATED,
            size,
        };
        union.gather();
        Self::Many(union)
    }

    fn doc(&self) -> DocId {
        match self {
            Self::One(list) => list.doc(),
            Self::Many(union) => union.doc,
        }
    }

    fn size(&self) -> u32 {
        match self {
            Self::One(list) => list.doc_freq(),
            Self::Many(union) => union.size,
        }
    }

    fn advance(&mut self) -> DocId {
        match self {
            Self::One(list) => {
                if list.doc() == TERMINATED {
                    TERMINATED
                } else {
                    list.advance()
                }
            }
            Self::Many(union) => union.seek(union.doc.saturating_add(1).min(TERMINATED)),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::One(list) => {
                if list.doc() >= target {
                    list.doc()
                } else {
                    list.seek(target)
                }
            }
            Self::Many(union) => union.seek(target),
        }
    }

    fn positions(&mut self, positions: &mut Vec<u32>) {
        match self {
            Self::One(list) => list.positions(positions),
            Self::Many(union) => {
                positions.clear();
                for &n in &union.here {
                    union.lists[n].append_positions_with_offset(0, positions);
                }
                if union.here.len() > 1 {
                    positions.sort_unstable();
                    // A word can be there twice: in its exact and in its search form.
                    positions.dedup();
                }
            }
        }
    }
}

impl Union {
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        for n in self.here.drain(..) {
            let doc = self.lists[n].seek(target);
            self.heap.push(std::cmp::Reverse((doc, n)));
        }
        while let Some(mut top) = self.heap.peek_mut() {
            let (doc, n) = top.0;
            if doc >= target {
                break;
            }
            top.0 = (self.lists[n].seek(target), n);
        }
        self.gather();
        self.doc
    }

    /// Takes the lists of the lowest document from the heap.
    fn gather(&mut self) {
        self.doc = self.heap.peek().map_or(TERMINATED, |top| top.0.0);
        while let Some(top) = self.heap.peek()
            && top.0.0 == self.doc
            && self.doc != TERMINATED
        {
            self.here.push(top.0.1);
            self.heap.pop();
        }
    }
}
