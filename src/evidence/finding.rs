//! Findings as every output shows them: what bears on each claim, how much that is, what else might explain it, and
//! whether it held where it was expected to.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::finding_passage::{Passage, Passages, SEALED, passages, source};
use super::finding_strength::{Flag, Seen, Strength, Timing, flags, timing};
use super::frame::place::ALL;
use super::response::{Answers, ResponseView, Responses};
use crate::domain::span::Span;
use crate::domain::words::{Bearing, CellStatus, Outcome, Replication, SourceKind, Verdict};
use crate::error::Result;
use crate::store::{CellRow, Evidence, EvidenceOn, Finding, Prediction, Rival, Store};
use crate::study::{Codebook, People, Selection};

/// A finding whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingView {
    pub finding: i64,
    /// Its place among the findings, from 1.
    pub place: usize,
    pub claim: String,
    pub detail: Option<String>,
    pub reported: bool,
    pub support: Strength,
    pub against: Strength,
    pub flags: Vec<Flag>,
    /// Where and how disconfirming evidence was looked for.
    pub looked: Option<String>,
    /// Codings among its evidence that wait for a place in a corrected text, and count nowhere.
    pub pending: usize,
    /// What bears on the claim: what supports it, then what contradicts it.
    pub evidence: Vec<EvidenceView>,
    pub rivals: Vec<RivalView>,
    pub replication: Vec<PredictionView>,
    /// How many participants answered to it in the debrief, and how.
    pub answers: Answers,
    /// Their answers; read only where words are wanted.
    pub responses: Vec<ResponseView>,
    pub coder: String,
    /// When it was last written. UTC.
    pub at: String,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceView {
    pub evidence: i64,
    pub bears: Bearing,
    /// coding, cell or transcript.
    pub on: &'static str,
    pub cell: Option<CellView>,
    /// A transcript as a whole.
    pub transcript: Option<TranscriptView>,
    /// The passage, or those that the cell rests on.
    pub passages: Vec<Passage>,
    /// Of a coding: the event that changed its words since it was named or confirmed here; null where none did.
    pub reworded: Option<i64>,
    pub note: Option<String>,
    pub coder: String,
}

/// A cell of the frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// Null: over all cases.
    pub case: Option<String>,
    /// Null: over all themes.
    pub theme: Option<String>,
    pub status: String,
    /// Null where nothing is written, or it rests on words off the record alone.
    pub text: Option<String>,
    /// Why its words are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<&'static str>,
    #[serde(skip)]
    pub id: i64,
}

impl CellView {
    pub fn new(people: &People, book: &Codebook, cell: &CellRow) -> Self {
        Self {
            case: people.case_slug(cell.case).map(str::to_owned),
            theme: cell.theme.map(|id| book.path(id)),
            status: cell.status.clone(),
            text: cell.text.clone(),
            held_back: None,
            id: cell.id,
        }
    }

    /// Whether what was said must not be written down: its codings are nobody's evidence then.
    pub fn is_withheld(&self) -> bool {
        self.status == CellStatus::Withheld.word()
    }

    /// Without its words, where all passages that it rests on are off the record.
    #[must_use]
    pub fn over<'p>(mut self, passages: impl Iterator<Item = &'p Passage>) -> Self {
        let mut passages = passages.peekable();
        let any = passages.peek().is_some();
        if any && passages.all(|p| p.held_back == Some(SEALED)) {
            self.held_back = self.text.take().map(|_| SEALED);
        }
        self
    }

    /// What it says, or why it says nothing.
    pub fn said(&self) -> &str {
        self.text
            .as_deref()
            .or(self.held_back)
            .unwrap_or(&self.status)
    }

    /// Its case and its theme as they are typed; `/` stands for all.
    pub fn typed(&self) -> (&str, &str) {
        (
            self.case.as_deref().unwrap_or(ALL),
            self.theme.as_deref().unwrap_or(ALL),
        )
    }

    /// As it is typed: `alder,governance`.
    pub fn name(&self) -> String {
        let (case, theme) = self.typed();
        format!("{case},{theme}")
    }
}

/// A transcript that is evidence as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TranscriptView {
    pub transcript: String,
    pub kind: String,
    pub source: SourceKind,
    pub date: Option<String>,
    pub case: Option<String>,
    /// Whom it is with.
    pub participants: Vec<String>,
    /// Why it is in no count; null where it counts.
    pub held_back: Option<&'static str>,
}

/// A rival explanation with what bears on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RivalView {
    pub rival: i64,
    pub text: String,
    pub verdict: Verdict,
    pub why: Option<String>,
    pub support: Strength,
    pub against: Strength,
    pub evidence: Vec<EvidenceView>,
    pub coder: String,
}

/// What was predicted for a case, and what was found there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PredictionView {
    pub case: String,
    pub kind: Replication,
    pub text: String,
    pub made: String,
    /// The day on which it was entered in the study.
    pub entered: String,
    /// The day of the case's first dated transcript; null where there is none.
    pub first_data: Option<String>,
    pub timing: Timing,
    pub result: Option<Outcome>,
    pub result_text: Option<String>,
    #[serde(skip)]
    pub case_id: i64,
}

/// Reads findings as `selection` leaves them: all, or one. Words of passages are read only where `words` are wanted.
pub fn findings(
    store: &Store,
    selection: &Selection,
    only: Option<i64>,
    words: bool,
) -> Result<Vec<FindingView>> {
    let all = store.findings()?;
    let wanted: Vec<(usize, Finding)> = (1..)
        .zip(all)
        .filter(|(_, f)| only.is_none_or(|id| id == f.id))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let evidence = store.evidence_of(only)?;
    let mut rivals: HashMap<i64, Vec<Rival>> = HashMap::new();
    for rival in store.rivals(only)? {
        rivals.entry(rival.finding).or_default().push(rival);
    }
    let mut predictions: HashMap<i64, Vec<Prediction>> = HashMap::new();
    for p in store.predictions(only)? {
        predictions.entry(p.finding).or_default().push(p);
    }
    let desk = Desk::read(store, selection, &evidence, words)?;
    let mut of: HashMap<(i64, Option<i64>), Vec<&Evidence>> = HashMap::new();
    for one in &evidence {
        of.entry((one.finding, one.rival)).or_default().push(one);
    }
    wanted
        .into_iter()
        .map(|(place, finding)| {
            let own = of.remove(&(finding.id, None)).unwrap_or_default();
            let rivals: Vec<RivalView> = rivals
                .remove(&finding.id)
                .unwrap_or_default()
                .into_iter()
                .map(|r| {
                    let own = of.remove(&(finding.id, Some(r.id))).unwrap_or_default();
                    desk.rival(r, &own)
                })
                .collect();
            let predictions = predictions.remove(&finding.id).unwrap_or_default();
            desk.finding(place, finding, &own, rivals, &predictions)
        })
        .collect()
}

/// The event that changed a coding's words since it was named as evidence or confirmed.
pub fn reworded_since(reworded: Option<i64>, evidence: &Evidence) -> Option<i64> {
    reworded.filter(|event| *event > evidence.event)
}

/// The cases at the top that each case is part of; a case that is part of nothing is its own top.
pub struct Tops {
    above: HashMap<i64, Vec<i64>>,
}

impl Tops {
    /// Links count whenever they stood.
    pub fn read(store: &Store) -> Result<Self> {
        let mut above: HashMap<i64, Vec<i64>> = HashMap::new();
        for link in store.case_links()? {
            if link.kind == "part-of" {
                above.entry(link.case).or_default().push(link.other);
            }
        }
        Ok(Self { above })
    }

    pub fn of(&self, case: i64) -> Vec<i64> {
        let mut tops = BTreeSet::new();
        let mut seen = HashSet::new();
        let mut next = vec![case];
        while let Some(at) = next.pop() {
            if !seen.insert(at) {
                continue;
            }
            match self.above.get(&at) {
                Some(parents) => next.extend(parents),
                None => {
                    tops.insert(at);
                }
            }
        }
        if tops.is_empty() {
            // Cases that are part of one another in a ring.
            tops.insert(case);
        }
        tops.into_iter().collect()
    }
}

/// All that the evidence names, read once.
struct Desk<'a> {
    store: &'a Store,
    people: People,
    tops: Tops,
    passages: Passages,
    cells: HashMap<i64, (CellView, Vec<i64>)>,
    transcripts: HashMap<i64, (TranscriptView, Seen)>,
    responses: Responses,
    words: bool,
}

impl<'a> Desk<'a> {
    fn read(
        store: &'a Store,
        selection: &Selection,
        evidence: &[Evidence],
        words: bool,
    ) -> Result<Self> {
        let people = People::without_participants(store)?;
        let book = Codebook::read(store)?;
        let tops = Tops::read(store)?;
        let mut ids: Vec<i64> = Vec::new();
        let mut cells: HashMap<i64, (CellView, Vec<i64>)> = HashMap::new();
        let mut transcripts = HashMap::new();
        for one in evidence {
            match one.on {
                EvidenceOn::Coding(id) => ids.push(id),
                EvidenceOn::Cell(id) => {
                    if !cells.contains_key(&id)
                        && let Some(cell) = store.cell_row(id)?
                    {
                        let under = store.codings_under(&cell)?;
                        ids.extend(&under);
                        cells.insert(id, (CellView::new(&people, &book, &cell), under));
                    }
                }
                EvidenceOn::Transcript(id) => {
                    if !transcripts.contains_key(&id)
                        && let Some(found) = whole(store, selection, &people, &tops, id)?
                    {
                        transcripts.insert(id, found);
                    }
                }
            }
        }
        let passages = passages(store, &book, selection, ids, words)?;
        Ok(Self {
            store,
            people,
            tops,
            passages,
            cells,
            transcripts,
            responses: Responses::read(store)?,
            words,
        })
    }

    fn evidence(&self, one: &Evidence) -> EvidenceView {
        let passage = |id: &i64| self.passages.get(id).cloned();
        let (on, cell, transcript, passages) = match one.on {
            EvidenceOn::Coding(id) => ("coding", None, None, passage(&id).into_iter().collect()),
            EvidenceOn::Cell(id) => {
                let found = self.cells.get(&id);
                let under = found.map_or(&[][..], |(_, under)| under);
                (
                    "cell",
                    found.map(|(cell, under)| {
                        let passages = under.iter().filter_map(|id| self.passages.get(id));
                        cell.clone().over(passages)
                    }),
                    None,
                    under.iter().filter_map(passage).collect(),
                )
            }
            EvidenceOn::Transcript(id) => (
                "transcript",
                None,
                self.transcripts.get(&id).map(|(view, _)| view.clone()),
                Vec::new(),
            ),
        };
        let reworded = match one.on {
            EvidenceOn::Coding(id) => self
                .passages
                .get(&id)
                .and_then(|p| reworded_since(p.reworded, one)),
            _ => None,
        };
        EvidenceView {
            evidence: one.id,
            bears: one.bears,
            on,
            cell,
            transcript,
            passages,
            reworded,
            note: one.note.clone(),
            coder: one.coder.clone(),
        }
    }

    /// What counts of the evidence that bears one way.
    fn strength(&self, evidence: &[&Evidence], bears: Bearing) -> Strength {
        let mut seen: Vec<Seen> = Vec::new();
        for one in evidence.iter().filter(|e| e.bears == bears) {
            match one.on {
                EvidenceOn::Coding(id) => seen.extend(self.seen(id)),
                EvidenceOn::Cell(id) => {
                    let under = self.cells.get(&id).map_or(&[][..], |(_, under)| under);
                    seen.extend(under.iter().filter_map(|id| self.seen(*id)));
                }
                EvidenceOn::Transcript(id) => seen.extend(
                    self.transcripts
                        .get(&id)
                        .filter(|(view, _)| view.held_back.is_none())
                        .map(|(_, seen)| seen.clone()),
                ),
            }
        }
        Strength::of(&seen)
    }

    fn seen(&self, coding: i64) -> Option<Seen> {
        let passage = self.passages.get(&coding).filter(|p| p.counts())?;
        Some(Seen {
            span: Some(Span::new(passage.start, passage.end)),
            transcript: passage.transcript_id,
            participants: passage.heard.clone(),
            cases: passage
                .case_id
                .map_or_else(Vec::new, |case| self.tops.of(case)),
            source: passage.source,
        })
    }

    fn rival(&self, rival: Rival, evidence: &[&Evidence]) -> RivalView {
        RivalView {
            rival: rival.id,
            text: rival.text,
            verdict: rival.verdict,
            why: rival.why,
            support: self.strength(evidence, Bearing::Supports),
            against: self.strength(evidence, Bearing::Contradicts),
            evidence: self.in_order(evidence),
            coder: rival.coder,
        }
    }

    /// What supports, then what contradicts.
    fn in_order(&self, evidence: &[&Evidence]) -> Vec<EvidenceView> {
        let mut all: Vec<EvidenceView> = evidence.iter().map(|e| self.evidence(e)).collect();
        all.sort_by_key(|e| e.bears);
        all
    }

    fn finding(
        &self,
        place: usize,
        finding: Finding,
        evidence: &[&Evidence],
        rivals: Vec<RivalView>,
        predictions: &[Prediction],
    ) -> Result<FindingView> {
        let support = self.strength(evidence, Bearing::Supports);
        let against = self.strength(evidence, Bearing::Contradicts);
        let verdicts: Vec<Verdict> = rivals.iter().map(|r| r.verdict).collect();
        let evidence = self.in_order(evidence);
        let waiting: HashSet<i64> = evidence
            .iter()
            .chain(rivals.iter().flat_map(|r| &r.evidence))
            .flat_map(|e| &e.passages)
            .filter(|p| p.waits())
            .map(|p| p.coding)
            .collect();
        Ok(FindingView {
            finding: finding.id,
            place,
            flags: flags(&support, &against, &verdicts, finding.looked.is_some()),
            claim: finding.claim,
            detail: finding.detail,
            reported: finding.reported,
            support,
            against,
            looked: finding.looked,
            pending: waiting.len(),
            evidence,
            rivals,
            replication: predictions
                .iter()
                .map(|p| self.prediction(p))
                .collect::<Result<_>>()?,
            answers: self.responses.of(finding.id),
            responses: if self.words {
                self.responses.views(|r| r.finding == Some(finding.id))
            } else {
                Vec::new()
            },
            coder: finding.coder,
            at: finding.at,
        })
    }

    fn prediction(&self, p: &Prediction) -> Result<PredictionView> {
        let (transcripts, first) = self.store.first_day_of_case(p.case)?;
        Ok(PredictionView {
            case: self
                .people
                .case_slug(Some(p.case))
                .unwrap_or("?")
                .to_owned(),
            kind: p.kind,
            text: p.text.clone(),
            made: p.made.clone(),
            entered: p.entered.get(..10).unwrap_or_default().to_owned(),
            timing: timing(&p.made, transcripts, first.as_deref()),
            first_data: first,
            result: p.result,
            result_text: p.result_text.clone(),
            case_id: p.case,
        })
    }
}

/// A transcript as a whole, and how it counts.
fn whole(
    store: &Store,
    selection: &Selection,
    people: &People,
    tops: &Tops,
    id: i64,
) -> Result<Option<(TranscriptView, Seen)>> {
    let Some(transcript) = store.transcript_by_id(id)? else {
        return Ok(None);
    };
    let with = store
        .transcript_participants(Some(id))?
        .remove(&id)
        .unwrap_or_default();
    let open: Vec<i64> = with
        .iter()
        .copied()
        .filter(|p| selection.takes("participant", Some(*p)))
        .collect();
    let outside = selection
        .transcripts
        .as_ref()
        .is_some_and(|ids| !ids.contains(&id));
    let held_back = if selection.sealed.covers(&transcript.revision, &with) {
        Some(super::finding_passage::SEALED)
    } else if outside || (!with.is_empty() && open.is_empty()) {
        Some(super::finding_passage::FILTERED)
    } else {
        None
    };
    let mut codes = Vec::new();
    for p in with.iter().filter(|p| !selection.sealed.contains(p)) {
        codes.extend(store.code_of(*p)?);
    }
    let view = TranscriptView {
        transcript: transcript.slug.clone(),
        kind: transcript.kind.clone(),
        source: source(&transcript),
        date: transcript.date.clone(),
        case: people.case_slug(transcript.case).map(str::to_owned),
        participants: codes,
        held_back,
    };
    let seen = Seen {
        span: None,
        transcript: id,
        participants: open,
        cases: transcript.case.map_or_else(Vec::new, |case| tops.of(case)),
        source: view.source,
    };
    Ok(Some((view, seen)))
}
