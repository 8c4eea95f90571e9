//! One interview in several files becomes one transcript; several in one file become one each. Codings go with their words.

use sha2::{Digest, Sha256};

use super::draft::Draft;
use super::import::check_slug;
use super::limits;
use super::revise::{PlannedSpeaker, touched, turn_id, write_revision};
use super::{Error, Study};
use crate::domain::attribute::Owner;
use crate::domain::span::Span;
use crate::error::Result;
use crate::store::{Coding, NewTranscript, NewTurn, OwnerId, Pending, Store, Transcript, Tx};

/// What merging did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    pub transcript: String,
    /// The transcripts that are part of it now, in their order.
    pub parts: Vec<String>,
    /// The number of its new revision.
    pub revision: i64,
    pub turns: usize,
    /// Codings that came with the parts.
    pub codings: usize,
    /// What does not go over, or goes over changed.
    pub warnings: Vec<String>,
    pub event: Option<i64>,
}

/// What splitting did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pub parts: Vec<Part>,
    /// Codings over a cut: they wait on the undivided text.
    pub pending: usize,
    pub event: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub transcript: String,
    pub turns: usize,
    pub codings: usize,
}

fn refuse_pending(store: &Store, transcript: &Transcript) -> Result<()> {
    let n = store.pending_codings(Some(transcript.id))?.len();
    if n == 0 {
        return Ok(());
    }
    Err(Error::refused(
        if n == 1 {
            format!("1 coding of {} waits for its place", transcript.slug)
        } else {
            format!("{n} codings of {} wait for their place", transcript.slug)
        },
        format!(
            "place them or let them go first: casebook transcript pending {}",
            transcript.slug
        ),
    )
    .into())
}

/// The speakers of a draft whose labels all say who they are.
fn said(draft: &Draft) -> Vec<PlannedSpeaker> {
    draft
        .labels
        .iter()
        .enumerate()
        .map(|(n, label)| {
            let (role, participant) = label
                .who
                .clone()
                .unwrap_or_else(|| ("unknown".into(), None));
            PlannedSpeaker {
                known: None,
                label: label.label.clone(),
                role,
                participant,
                was: None,
                turns: draft.turns.iter().filter(|t| t.speaker == Some(n)).count(),
            }
        })
        .collect()
}

/// Several transcripts put together, and where each of those behind the first begins.
struct Joined {
    draft: Draft,
    offsets: Vec<u32>,
    warnings: Vec<String>,
}

fn join(store: &Store, first: &Transcript, others: &[Transcript]) -> Result<Joined> {
    let mut draft = Draft::of_present(store, first)?;
    let mut offsets = Vec::with_capacity(others.len());
    let mut warnings = Vec::new();
    for other in others {
        refuse_pending(store, other)?;
        let labels = draft.labels.len();
        let part = Draft::of_present(store, other)?;
        offsets.push(draft.append(&part, &other.slug));
        let marked = draft.labels[labels..]
            .iter()
            .filter(|l| !part.labels.iter().any(|p| p.label == l.label))
            .count();
        if marked > 0 {
            warnings.push(format!(
                "{marked} labels of {} are somebody else's in {}: they are marked ({})",
                other.slug, first.slug, other.slug
            ));
        }
        for (what, same) in [
            ("case", first.case == other.case),
            ("phase", first.phase == other.phase),
            ("date", first.date == other.date),
            ("language", first.language == other.language),
            ("kind", first.kind == other.kind),
        ] {
            if !same {
                warnings.push(format!(
                    "{} has another {what}: that of {} stands",
                    other.slug, first.slug
                ));
            }
        }
        if draft.turns.iter().any(|t| t.time_ms.is_some())
            && part.turns.iter().any(|t| t.time_ms.is_some())
        {
            warnings.push(format!(
                "times of {} are counted from the beginning of its own recording",
                other.slug
            ));
        }
    }
    crate::import::check_size(draft.text.len())?;
    Ok(Joined {
        draft,
        offsets,
        warnings,
    })
}

impl Study {
    /// What merging these transcripts would do; nothing is written.
    pub fn plan_merge(&self, first: &Transcript, others: &[Transcript]) -> Result<Merged> {
        let joined = join(&self.store, first, others)?;
        let mut codings = 0;
        for other in others {
            codings += self.store.codings_of(other.id)?.len();
        }
        Ok(Merged {
            transcript: first.slug.clone(),
            parts: others.iter().map(|t| t.slug.clone()).collect(),
            revision: next_number(&self.store, first)?,
            turns: joined.draft.turns.len(),
            codings,
            warnings: joined.warnings,
            event: None,
        })
    }

    /// Puts transcripts behind the first one, as its next revision, with their codings and memos. They are no transcripts of
    /// their own any more.
    pub fn merge_transcripts(&self, first: &str, others: &[String]) -> Result<Merged> {
        let (merged, event) = self.change("transcript merge", |tx| {
            let first = tx.transcript(first)?;
            let others = others
                .iter()
                .map(|slug| Ok(tx.transcript(slug)?))
                .collect::<Result<Vec<_>>>()?;
            let merged = merge(tx, &first, &others)?;
            tx.summary(format!(
                "merge {} into {}, codings: {}",
                merged.parts.join(", "),
                first.slug,
                merged.codings
            ));
            Ok(merged)
        })?;
        Ok(Merged { event, ..merged })
    }

    /// Cuts a transcript before these turns (numbers from 1, ascending). The first part keeps the transcript, as its next
    /// revision; each other part becomes a transcript of its own.
    pub fn split_transcript(&self, slug: &str, cuts: &[u32], ids: &[String]) -> Result<Split> {
        let (split, event) = self.change("transcript split", |tx| {
            let transcript = tx.transcript(slug)?;
            let split = split(tx, &transcript, cuts, ids)?;
            let parts: Vec<&str> = split.parts.iter().map(|p| p.transcript.as_str()).collect();
            tx.summary(format!(
                "split {slug} into {}, codings pending: {}",
                parts.join(", "),
                split.pending
            ));
            Ok(split)
        })?;
        Ok(Split { event, ..split })
    }

    /// What splitting would do; nothing is written.
    pub fn plan_split(&self, slug: &str, cuts: &[u32], ids: &[String]) -> Result<Split> {
        let transcript = self.store.transcript(slug)?;
        refuse_pending(&self.store, &transcript)?;
        let draft = Draft::of_present(&self.store, &transcript)?;
        let ranges = ranges(&transcript, &draft, cuts)?;
        let ids = part_ids(&self.store, ids, ranges.len() - 1)?;
        let mut parts: Vec<Part> = std::iter::once(&transcript.slug)
            .chain(&ids)
            .zip(&ranges)
            .map(|(slug, range)| Part {
                transcript: slug.clone(),
                turns: range.turns.len(),
                codings: 0,
            })
            .collect();
        let mut pending = 0;
        for coding in self.store.codings_of(transcript.id)? {
            match ranges.iter().position(|r| r.holds(coding.span)) {
                Some(n) => parts[n].codings += 1,
                None => pending += 1,
            }
        }
        Ok(Split {
            parts,
            pending,
            event: None,
        })
    }
}

fn next_number(store: &Store, transcript: &Transcript) -> Result<i64> {
    let all = store.revisions(transcript.id)?;
    Ok(all.iter().map(|r| r.number).max().unwrap_or(0) + 1)
}

fn merge(tx: &Tx, first: &Transcript, others: &[Transcript]) -> Result<Merged> {
    let Joined {
        draft,
        offsets,
        mut warnings,
    } = join(tx, first, others)?;
    let number = next_number(tx, first)?;
    let (revision, first_turn) = write_revision(tx, first.id, number, &draft, &said(&draft))?;
    let place = |span: Span| -> Result<(Span, (i64, i64))> {
        let (a, b) = touched(&draft.turns, span).ok_or_else(|| {
            Error::refused(
                "a coding stands on no turn",
                "look for damage with: casebook check",
            )
        })?;
        Ok((span, (turn_id(first_turn, a), turn_id(first_turn, b))))
    };
    for coding in tx.codings_of(first.id)? {
        let (span, turns) = place(coding.span)?;
        tx.place_coding(coding.id, revision, span, turns, false)?;
    }
    let into = (first.id, revision, first_turn);
    limits::take_over(tx, first, into, &draft, 0)?;
    let mut codings = 0;
    let mut with = named(tx, first)?;
    for (other, offset) in others.iter().zip(offsets) {
        let mut moved = Vec::new();
        for coding in tx.codings_of(other.id)? {
            let span = Span::new(coding.span.start + offset, coding.span.end + offset);
            let (span, turns) = place(span)?;
            moved.push((coding, span, turns));
        }
        codings += moved.len();
        tx.rehome_codings(first.id, revision, &moved)?;
        limits::take_over(tx, other, into, &draft, offset)?;
        tx.hand_over_transcript_memos(other.id, first.id)?;
        tx.hand_over_source(other.id, first.id)?;
        let lost = take_values(tx, other, first)?;
        if lost > 0 {
            warnings.push(format!(
                "{lost} attributes of {} have another value in {}, which stands",
                other.slug, first.slug
            ));
        }
        with.extend(named(tx, other)?);
        tx.remove_transcript(other.id)?;
    }
    with.sort_unstable();
    with.dedup();
    tx.set_transcript_participants(first.id, &with)?;
    Ok(Merged {
        transcript: first.slug.clone(),
        parts: others.iter().map(|t| t.slug.clone()).collect(),
        revision: number,
        turns: draft.turns.len(),
        codings,
        warnings,
        event: None,
    })
}

/// Whom a transcript is with.
fn named(store: &Store, transcript: &Transcript) -> Result<Vec<i64>> {
    let mut all = store.transcript_participants(Some(transcript.id))?;
    Ok(all.remove(&transcript.id).unwrap_or_default())
}

/// Gives a transcript the attribute values of another where it has none. Gives how many differ.
fn take_values(tx: &Tx, from: &Transcript, to: &Transcript) -> Result<usize> {
    let there = tx.values(Owner::Transcript, Some(to.id))?;
    let attributes = tx.attributes()?;
    let mut differ = 0;
    for value in tx.values(Owner::Transcript, Some(from.id))? {
        match there.iter().find(|v| v.attribute == value.attribute) {
            Some(same) => differ += usize::from(same.value != value.value),
            None => {
                let of = |a: &&crate::store::Attribute| {
                    a.of == Owner::Transcript && a.name == value.attribute
                };
                if let Some(attribute) = attributes.iter().find(of) {
                    let owner = OwnerId(Owner::Transcript, to.id);
                    tx.set_value(owner, attribute.id, Some(&value.value))?;
                }
            }
        }
    }
    Ok(differ)
}

/// A part of a text that is cut: its turns, and its characters with what stands before the first of them.
struct Range {
    turns: std::ops::Range<usize>,
    from: u32,
    to: u32,
}

impl Range {
    fn holds(&self, span: Span) -> bool {
        self.from <= span.start && span.end <= self.to
    }
}

fn ranges(transcript: &Transcript, draft: &Draft, cuts: &[u32]) -> Result<Vec<Range>> {
    let turns = draft.turns.len();
    let mut places: Vec<usize> = cuts.iter().map(|n| *n as usize).collect();
    places.sort_unstable();
    places.dedup();
    if let Some(wrong) = places.iter().find(|n| **n < 2 || **n > turns) {
        return Err(Error::refused(
            format!("{} can't be cut before turn {wrong}: it has {turns} turns", transcript.slug),
            format!(
                "name the turn with which the second part begins, as in: casebook transcript split {} --at {}:{}",
                transcript.slug,
                transcript.slug,
                turns.max(2)
            ),
        )
        .into());
    }
    let mut found = Vec::with_capacity(places.len() + 1);
    let (mut turn, mut from) = (0, 0);
    for place in places.into_iter().map(|n| n - 1).chain([turns]) {
        // A label and a heading belong to the turn that they stand before.
        let to = if place == turns {
            draft.characters()
        } else {
            draft.turns[place - 1].span.end
        };
        found.push(Range {
            turns: turn..place,
            from,
            to,
        });
        (turn, from) = (place, to);
    }
    Ok(found)
}

/// The ids of the new transcripts: those that were said, then the next numbers.
fn part_ids(store: &Store, said: &[String], parts: usize) -> Result<Vec<String>> {
    if said.len() > parts {
        return Err(Error::refused(
            format!("there are {} ids for {parts} new transcripts", said.len()),
            "the first part keeps its id",
        )
        .into());
    }
    let mut ids = said.to_vec();
    let mut next = store.highest_number()? + 1;
    while ids.len() < parts {
        let id = format!("T{next:02}");
        next += 1;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    for id in &ids {
        check_slug(id)?;
    }
    Ok(ids)
}

fn split(tx: &Tx, transcript: &Transcript, cuts: &[u32], ids: &[String]) -> Result<Split> {
    refuse_pending(tx, transcript)?;
    let whole = Draft::of_present(tx, transcript)?;
    let ranges = ranges(transcript, &whole, cuts)?;
    let ids = part_ids(tx, ids, ranges.len() - 1)?;
    let codings = tx.codings_of(transcript.id)?;
    let number = next_number(tx, transcript)?;
    let with = named(tx, transcript)?;
    let mut parts = Vec::with_capacity(ranges.len());
    let mut cuts: Vec<limits::Cut> = Vec::with_capacity(ranges.len());
    let mut placed: Vec<i64> = Vec::with_capacity(codings.len());
    for (n, range) in ranges.iter().enumerate() {
        let draft = whole.part(range.turns.clone(), range.from, range.to);
        let start = whole.part_start(range.from, range.to);
        let own: Vec<&Coding> = codings
            .iter()
            .filter(|c| range.holds(c.span) && c.span.start >= start)
            .collect();
        let mut moved = Vec::with_capacity(own.len());
        for coding in own {
            let span = Span::new(coding.span.start - start, coding.span.end - start);
            if let Some((a, b)) = touched(&draft.turns, span) {
                moved.push((*coding, span, (a, b)));
                placed.push(coding.id);
            }
        }
        let at = |first_turn: i64| {
            moved
                .iter()
                .map(|(c, span, (a, b))| {
                    (
                        *c,
                        *span,
                        (turn_id(first_turn, *a), turn_id(first_turn, *b)),
                    )
                })
                .collect::<Vec<_>>()
        };
        let slug = if n == 0 {
            let (revision, first_turn) =
                write_revision(tx, transcript.id, number, &draft, &said(&draft))?;
            for (coding, span, turns) in at(first_turn) {
                tx.place_coding(coding.id, revision, span, turns, false)?;
            }
            let stood = Span::new(start, start + draft.characters());
            cuts.push(limits::Cut {
                to: (transcript.id, revision, first_turn),
                turns: draft.turns.clone(),
                stood,
            });
            transcript.slug.clone()
        } else {
            let (id, revision, first_turn) =
                write_part(tx, transcript, &ids[n - 1], &draft, &with)?;
            tx.rehome_codings(id, revision, &at(first_turn))?;
            let stood = Span::new(start, start + draft.characters());
            cuts.push(limits::Cut {
                to: (id, revision, first_turn),
                turns: draft.turns.clone(),
                stood,
            });
            ids[n - 1].clone()
        };
        parts.push(Part {
            transcript: slug,
            turns: draft.turns.len(),
            codings: moved.len(),
        });
    }
    for limit in tx.limits_of(transcript.id)? {
        limits::divide(tx, &limit, transcript, &cuts)?;
    }
    let mut pending = 0;
    for coding in codings.iter().filter(|c| !placed.contains(&c.id)) {
        tx.set_pending(coding.id, Pending::Unsure)?;
        pending += 1;
    }
    Ok(Split {
        parts,
        pending,
        event: None,
    })
}

/// A part as a transcript of its own, with what is known of the whole.
fn write_part(
    tx: &Tx,
    whole: &Transcript,
    slug: &str,
    draft: &Draft,
    with: &[i64],
) -> Result<(i64, i64, i64)> {
    let labels = said(draft)
        .into_iter()
        .map(|s| {
            let role = match s.role.as_str() {
                "participant" => "participant",
                "interviewer" => "interviewer",
                _ => "unknown",
            };
            (s.label, role, s.participant)
        })
        .collect();
    let written = tx.add_transcript(NewTranscript {
        slug: slug.to_owned(),
        case: whole.case,
        phase: whole.phase,
        kind: &whole.kind,
        date: whole.date.clone(),
        language: whole.language.clone(),
        format: &draft.format,
        encoding: &draft.encoding,
        file_sha256: draft.file_sha256,
        text_sha256: Sha256::digest(&draft.text).into(),
        text: &draft.text,
        characters: draft.characters(),
        words: draft.words(),
        labels,
        participants: with.to_vec(),
        turns: &mut draft.turns.iter().copied() as &mut dyn Iterator<Item = NewTurn>,
        turn_count: draft.turns.len(),
        sections: &draft.sections,
        reflow: draft.reflow.clone(),
    })?;
    let part = tx.transcript(slug)?;
    if whole.source.is_some() {
        tx.put_transcript(&Transcript {
            source: whole.source.clone(),
            ..part.clone()
        })?;
    }
    take_values(tx, whole, &part)?;
    Ok(written)
}
