//! A corrected text becomes a new revision, and every coding is put where its words stand in it, or left and listed.
//!
//! First comes a [`Plan`], made without writing anything, to be shown; then the same plan is written as one event. What
//! was coded between the two makes the plan stale, and it is refused.

use std::collections::{BTreeMap, HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::draft::{Draft, Label};
use super::limits::{self, PlannedLimit};
use super::speakers::Assignment;
use super::{Error, Study};
use crate::anchor::{self, Alignment, Change, Grade};
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::import;
use crate::store::{Coding, NewRevision, NewTurn, Pending, Speaker, Store, Transcript, Tx};

/// What a new revision would do.
#[derive(Clone, Debug)]
pub struct Plan {
    pub transcript: Transcript,
    /// The number that the new revision gets.
    pub number: i64,
    pub draft: Draft,
    pub speakers: Vec<PlannedSpeaker>,
    /// Where the present text and the new one differ.
    pub changes: Vec<Change>,
    /// All codings of the transcript, those that wait included, in order of their ids.
    pub codings: Vec<PlannedCoding>,
    /// All limits on passages that have their place in the present text, in order of their ids.
    pub limits: Vec<PlannedLimit>,
}

/// Who speaks under a label of the new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSpeaker {
    /// The transcript's speaker of that label, where there is one.
    pub known: Option<i64>,
    pub label: String,
    pub role: String,
    pub participant: Option<i64>,
    /// The label under which the same words stood before, if role and participant were taken over from it.
    pub was: Option<String>,
    pub turns: usize,
}

/// What becomes of a coding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCoding {
    pub coding: Coding,
    pub grade: Grade,
    /// Where it goes: the span, and its first and last turn, from 0.
    pub to: Option<(Span, usize, usize)>,
    /// Whether other words stand there than did: blanks and line breaks are none.
    pub reworded: bool,
    /// Where it might stand, for the unsure.
    pub candidates: Vec<Span>,
}

impl Plan {
    /// How many codings have a grade.
    pub fn count(&self, grade: Grade) -> usize {
        self.codings.iter().filter(|c| c.grade == grade).count()
    }

    /// Whether the new text is the present one, to the character, with the same turns.
    pub fn changes_nothing(&self, store: &Store) -> Result<bool> {
        let revision = &self.transcript.revision;
        let same_text = store.with_text(revision.id, |text| text == self.draft.text)?;
        let turns = store.turns(revision.first_turn, revision.turns)?;
        let label_of = |id: Option<i64>| id;
        Ok(same_text
            && turns.len() == self.draft.turns.len()
            && turns.iter().zip(&self.draft.turns).all(|(old, new)| {
                let new_speaker = new.speaker.and_then(|s| self.speakers[s].known);
                old.span == new.span
                    && old.time_ms == new.time_ms
                    && label_of(old.speaker) == new_speaker
            }))
    }
}

/// The turns that a span touches, by their places, first and last.
pub(super) fn touched(turns: &[NewTurn], span: Span) -> Option<(usize, usize)> {
    let first = turns.partition_point(|t| t.span.end <= span.start);
    let behind = turns.partition_point(|t| t.span.start < span.end);
    (first < behind).then(|| (first, behind - 1))
}

/// Whether two passages differ in more than blanks and line breaks.
pub(super) fn other_words(was: &str, is: &str) -> bool {
    !was.split_whitespace().eq(is.split_whitespace())
}

/// What a draft would do as the next revision of a transcript. `assignments` say who speaks, where the user did.
pub fn plan(
    store: &Store,
    transcript: &Transcript,
    mut draft: Draft,
    assignments: &[Assignment],
) -> Result<Plan> {
    if draft.turns.is_empty() {
        return Err(Error::refused(
            "the new text has no turns",
            "look at what is read of it: casebook import FILE --dry-run",
        )
        .into());
    }
    let mut codings = store.codings_of(transcript.id)?;
    codings.extend(store.pending_codings(Some(transcript.id))?);
    codings.sort_unstable_by_key(|c| c.id);
    let present = store.text(transcript.revision.id)?;
    let alignment = match &draft.kept {
        Some(kept) => anchor::align_kept(&present, &draft.text, kept),
        None => anchor::align(&present, &draft.text),
    };
    let speakers = speakers(store, transcript, &draft, &alignment, assignments)?;
    let limits = limits::plan(store, transcript, &alignment, &draft.turns)?;
    draft
        .warnings
        .extend(limits::warnings(&limits, &transcript.slug));
    let mut planned: BTreeMap<i64, PlannedCoding> = BTreeMap::new();
    let new = Codepoints::new(&draft.text);
    // Codings that wait stand on older revisions: each is compared with the new text itself.
    let older: HashSet<i64> = codings
        .iter()
        .map(|c| c.revision)
        .filter(|r| *r != transcript.revision.id)
        .collect();
    {
        let old = Codepoints::new(&present);
        let present = transcript.revision.id;
        for coding in codings.iter().filter(|c| c.revision == present) {
            let placed = anchor::place(&alignment, coding.span);
            let to = placed.span.and_then(|span| {
                let (first, last) = touched(&draft.turns, span)?;
                Some((span, first, last))
            });
            // A coding stands on what is said: not on a label or a heading.
            let mut candidates = placed.candidates;
            candidates.retain(|span| touched(&draft.turns, *span).is_some());
            let grade = match to {
                Some(_) => placed.grade,
                None if candidates.is_empty() || placed.grade == Grade::Lost => Grade::Lost,
                None => Grade::Unsure,
            };
            planned.insert(
                coding.id,
                PlannedCoding {
                    coding: *coding,
                    grade,
                    to,
                    reworded: to.is_some_and(|(span, ..)| {
                        other_words(old.slice(coding.span), new.slice(span))
                    }),
                    candidates,
                },
            );
        }
    }
    // What waits goes on waiting, unless its words are there again in the very surroundings in which they were coded: it
    // was left because nothing certain could be said, and a later text says no more about the one in between.
    for revision in older {
        let text = store.text(revision)?;
        let alignment = anchor::align(&text, &draft.text);
        for coding in codings.iter().filter(|c| c.revision == revision) {
            let placed = anchor::place(&alignment, coding.span);
            let back = placed
                .span
                .filter(|_| placed.grade == Grade::Same && alignment.unchanged_around(coding.span))
                .and_then(|span| Some((span, touched(&draft.turns, span)?)));
            let mut candidates = placed.candidates;
            candidates.extend(placed.span);
            candidates.retain(|span| touched(&draft.turns, *span).is_some());
            planned.insert(
                coding.id,
                PlannedCoding {
                    coding: *coding,
                    grade: match back {
                        Some(_) => Grade::Same,
                        None if candidates.is_empty() || placed.grade == Grade::Lost => Grade::Lost,
                        None => Grade::Unsure,
                    },
                    // It comes back only with its own words.
                    reworded: false,
                    to: back.map(|(span, (first, last))| (span, first, last)),
                    candidates: if back.is_some() {
                        Vec::new()
                    } else {
                        candidates
                    },
                },
            );
        }
    }
    Ok(Plan {
        number: store
            .revisions(transcript.id)?
            .iter()
            .map(|r| r.number)
            .max()
            .unwrap_or(0)
            + 1,
        transcript: transcript.clone(),
        speakers,
        changes: alignment.changes(),
        codings: planned.into_values().collect(),
        limits,
        draft,
    })
}

/// Who speaks in the new text: as the user says; as it was under the same label; as it was under the label under which
/// these words stood; or as the label itself says.
fn speakers(
    store: &Store,
    transcript: &Transcript,
    draft: &Draft,
    alignment: &Alignment,
    assignments: &[Assignment],
) -> Result<Vec<PlannedSpeaker>> {
    let known = store.speakers(Some(transcript.id))?;
    let before = heirs(store, transcript, draft, alignment, &known)?;
    let said = |label: &str| {
        let exact = assignments.iter().find(|a| a.label == label);
        exact.or_else(|| {
            assignments
                .iter()
                .find(|a| a.label.eq_ignore_ascii_case(label))
        })
    };
    for assignment in assignments {
        if !draft
            .labels
            .iter()
            .any(|l| l.label.eq_ignore_ascii_case(&assignment.label))
        {
            return Err(Error::refused(
                "a label named with --speaker stands nowhere in the new text",
                "see the labels with --dry-run",
            )
            .into());
        }
    }
    let mut all = Vec::with_capacity(draft.labels.len());
    for (n, Label { label, who }) in draft.labels.iter().enumerate() {
        let there = known.iter().find(|s| s.label == *label);
        let heir = there.is_none().then(|| before.get(&n).copied()).flatten();
        let (role, participant, was) = match (said(label), who, there, heir) {
            (Some(said), ..) => {
                let id = match &said.participant {
                    Some(code) => Some(store.participant(code)?.id),
                    None => None,
                };
                (said.role.word().into(), id, None)
            }
            (None, Some((role, participant)), ..) => (role.clone(), *participant, None),
            (None, None, Some(s), _) => (s.role.clone(), s.participant, None),
            (None, None, None, Some(s)) => (s.role.clone(), s.participant, Some(s.label.clone())),
            (None, None, None, None) => match store.find_participant(label)? {
                Some(p) => ("participant".into(), Some(p.id), None),
                None if import::is_interviewer(label) => ("interviewer".into(), None, None),
                None => ("unknown".into(), None, None),
            },
        };
        all.push(PlannedSpeaker {
            known: there.map(|s| s.id),
            label: label.clone(),
            role,
            participant,
            was,
            turns: draft.turns.iter().filter(|t| t.speaker == Some(n)).count(),
        });
    }
    Ok(all)
}

/// Which old speaker a new label is: nearly all words under it stood under one old label before, and that label is no
/// longer there.
fn heirs<'a>(
    store: &Store,
    transcript: &Transcript,
    draft: &Draft,
    alignment: &Alignment,
    known: &'a [Speaker],
) -> Result<HashMap<usize, &'a Speaker>> {
    let revision = &transcript.revision;
    let mut words: HashMap<(usize, Option<i64>), usize> = HashMap::new();
    let old = store.turns(revision.first_turn, revision.turns)?;
    for (from, to) in alignment.pairs() {
        let before = old.partition_point(|t| t.span.end <= from.start);
        let now = draft.turns.partition_point(|t| t.span.end <= to.start);
        if let (Some(before), Some(now)) = (old.get(before), draft.turns.get(now))
            && before.span.contains(from)
            && now.span.contains(to)
            && let Some(label) = now.speaker
        {
            *words.entry((label, before.speaker)).or_default() += 1;
        }
    }
    let mut found = HashMap::new();
    for n in 0..draft.labels.len() {
        let all: usize = words
            .iter()
            .filter(|((l, _), _)| *l == n)
            .map(|(_, w)| w)
            .sum();
        let most = words
            .iter()
            .filter(|((l, _), _)| *l == n)
            .max_by_key(|((_, s), w)| (**w, *s));
        if let Some(((_, Some(speaker)), w)) = most
            && w * 10 >= all * 9
            && let Some(speaker) = known.iter().find(|s| s.id == *speaker)
            && !draft.labels.iter().any(|l| l.label == speaker.label)
        {
            found.insert(n, speaker);
        }
    }
    Ok(found)
}

/// Writes a plan. Gives the new revision's id.
pub fn apply(tx: &Tx, plan: &Plan) -> Result<i64> {
    let transcript = plan.transcript.id;
    let stale = || {
        Error::refused(
            format!("{} changed while you looked", plan.transcript.slug),
            "run the same command again, and look again",
        )
    };
    let now = tx.transcript_by_id(transcript)?.ok_or_else(stale)?;
    let mut codings = tx.codings_of(transcript)?;
    codings.extend(tx.pending_codings(Some(transcript))?);
    codings.sort_unstable_by_key(|c| c.id);
    if now.revision.id != plan.transcript.revision.id
        || !codings.iter().eq(plan.codings.iter().map(|c| &c.coding))
        || !limits::placed(tx, &now)?
            .iter()
            .map(|(id, _)| *id)
            .eq(plan.limits.iter().map(|l| l.limit))
    {
        return Err(stale().into());
    }
    let (revision, first_turn) =
        write_revision(tx, transcript, plan.number, &plan.draft, &plan.speakers)?;
    for planned in &plan.codings {
        let id = planned.coding.id;
        match (planned.to, planned.grade) {
            (Some((span, first, last)), _) => {
                tx.place_coding(
                    id,
                    revision,
                    span,
                    (turn_id(first_turn, first), turn_id(first_turn, last)),
                    planned.reworded,
                )?;
            }
            (None, Grade::Lost) => tx.set_pending(id, Pending::Lost)?,
            (None, _) => tx.set_pending(id, Pending::Unsure)?,
        }
    }
    limits::apply(tx, transcript, (revision, first_turn), &plan.limits)?;
    Ok(revision)
}

pub(super) fn turn_id(first_turn: i64, place: usize) -> i64 {
    first_turn + i64::try_from(place).unwrap_or(i64::MAX)
}

/// Writes a draft as a transcript's present revision, with its speakers. Gives its id and its first turn's.
pub(super) fn write_revision(
    tx: &Tx,
    transcript: i64,
    number: i64,
    draft: &Draft,
    speakers: &[PlannedSpeaker],
) -> Result<(i64, i64)> {
    let there = tx.speakers(Some(transcript))?;
    let mut ids = Vec::with_capacity(speakers.len());
    for speaker in speakers {
        ids.push(match there.iter().find(|s| s.label == speaker.label) {
            Some(s) => {
                if s.role != speaker.role || s.participant != speaker.participant {
                    tx.assign_speaker(s.id, &speaker.role, speaker.participant)?;
                }
                s.id
            }
            None => tx.add_speaker(
                transcript,
                &speaker.label,
                &speaker.role,
                speaker.participant,
            )?,
        });
    }
    let written = tx.add_revision(
        transcript,
        NewRevision {
            number,
            format: &draft.format,
            encoding: &draft.encoding,
            file_sha256: draft.file_sha256,
            text_sha256: Sha256::digest(&draft.text).into(),
            text: &draft.text,
            characters: draft.characters(),
            words: draft.words(),
            speakers: ids,
            turns: &mut draft.turns.iter().copied(),
            turn_count: draft.turns.len(),
            sections: &draft.sections,
            reflow: draft.reflow.clone(),
        },
    )?;
    tx.set_present_revision(transcript, number)?;
    Ok(written)
}

impl Study {
    /// Writes a plan as one event named `op`. Gives the event.
    pub fn revise(&self, op: &str, plan: &Plan) -> Result<Option<i64>> {
        let ((), event) = self.change(op, |tx| {
            apply(tx, plan)?;
            let wait = plan.codings.iter().filter(|c| c.to.is_none()).count();
            tx.summary(format!(
                "revise {} to revision {}, codings placed: {}, pending: {wait}",
                plan.transcript.slug,
                plan.number,
                plan.codings.len() - wait
            ));
            Ok(())
        })?;
        Ok(event)
    }
}
