//! Names in a study's transcripts and notes: found in all of them, then replaced as one event.

use std::collections::BTreeMap;

use super::apply::{Found, Where, look, replace};
use super::find::{Hit, Names};
use super::reveal::standing;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::governance::Error;
use crate::governance::key::{Key, Mark};
use crate::store::{Note, Store, Transcript, Tx};
use crate::study::draft::Draft;
use crate::study::revise;

/// How many characters are shown on either side of a hit.
const AROUND: u32 = 32;

/// A name in a transcript, with what stands around it.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    pub found: Found,
    /// What stands before it, it, and what follows: in one line.
    pub left: String,
    pub hit: String,
    pub right: String,
    /// The turn's number from 1; in how many places it stands, for a label.
    pub turn: Option<usize>,
    pub places: usize,
}

/// What was found in one transcript.
pub struct TextHits {
    pub transcript: Transcript,
    pub hits: Vec<Shown>,
}

/// A name in a note.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteHit {
    pub note: Note,
    pub hit: Hit,
    pub left: String,
    pub words: String,
    pub right: String,
}

/// What replacing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Slug, number of the new revision, places replaced in it, codings that wait.
    pub transcripts: Vec<(String, i64, usize, usize)>,
    pub notes: usize,
    /// Entity → in how many places.
    pub counts: BTreeMap<u32, usize>,
}

/// Finds names in transcripts; those without any are left out.
pub fn find_in_texts(
    store: &Store,
    names: &Names,
    transcripts: Vec<Transcript>,
    mut step: impl FnMut(),
) -> Result<Vec<TextHits>> {
    let mut all = Vec::new();
    for transcript in transcripts {
        let draft = Draft::of_present(store, &transcript)?;
        let points = Codepoints::new(&draft.text);
        let hits: Vec<Shown> = look(names, &draft)
            .into_iter()
            .filter_map(|found| {
                let span = *found.spans.first()?;
                let (left, hit, right) = around(&points, span);
                Some(Shown {
                    left,
                    hit,
                    right,
                    turn: match found.at {
                        Where::Turn(n) => Some(n + 1),
                        _ => None,
                    },
                    places: found.spans.len(),
                    found,
                })
            })
            .collect();
        if !hits.is_empty() {
            all.push(TextHits { transcript, hits });
        }
        step();
    }
    Ok(all)
}

/// What stands before a place, at it and behind it.
pub(super) fn around(points: &Codepoints, span: Span) -> (String, String, String) {
    let line = |span: Span| {
        let words = points.slice(span);
        let mut out = String::with_capacity(words.len());
        for c in words.chars() {
            out.push(if c.is_whitespace() { ' ' } else { c });
        }
        out
    };
    let left = Span::new(span.start.saturating_sub(AROUND), span.start);
    let right = Span::new(span.end, (span.end + AROUND).min(points.len()));
    (
        line(left).trim_start().to_owned(),
        line(span),
        line(right).trim_end().to_owned(),
    )
}

/// Finds names in notes: memos, findings, definitions and the like.
pub fn find_in_notes(store: &Store, names: &Names) -> Result<Vec<NoteHit>> {
    let mut all = Vec::new();
    for note in store.notes()? {
        let points = Codepoints::new(&note.text);
        for hit in names.find(&note.text) {
            let span = Span::new(points.point(hit.span.start), points.point(hit.span.end));
            let (left, words, right) = around(&points, span);
            all.push(NoteHit {
                note: note.clone(),
                hit,
                left,
                words,
                right,
            });
        }
    }
    Ok(all)
}

/// Replaces what was chosen, within one event. What the key must know of it is put into the key.
pub fn write(
    tx: &Tx,
    key: &mut Key,
    texts: &[(Transcript, Vec<Found>)],
    notes: &[NoteHit],
) -> Result<Written> {
    let mut written = Written::default();
    let stale = |what: &str| {
        Error::refused(
            format!("{what} changed while you looked"),
            "run the same command again, and look again",
        )
    };
    for (seen, chosen) in texts {
        let now = tx
            .transcript_by_id(seen.id)?
            .filter(|now| now.revision.id == seen.revision.id)
            .ok_or_else(|| stale(&seen.slug))?;
        let before: Vec<Mark> = standing(tx, key, &now)?;
        let draft = Draft::of_present(tx, &now)?;
        let chosen: Vec<&Found> = chosen.iter().collect();
        let done = replace(key, draft, &chosen, &before)?;
        let plan = revise::plan(tx, &now, done.draft, &[])?;
        revise::apply(tx, &plan)?;
        let waiting = plan.codings.iter().filter(|c| c.to.is_none()).count();
        let places = done.counts.values().sum();
        for (entity, n) in done.counts {
            *written.counts.entry(entity).or_default() += n;
        }
        key.keep_applied(done.applied);
        written
            .transcripts
            .push((now.slug, plan.number, places, waiting));
    }
    for hits in notes.chunk_by(|a, b| a.note == b.note) {
        let Some(first) = hits.first() else { continue };
        let mut text = String::with_capacity(first.note.text.len());
        let mut done = 0;
        for NoteHit { hit, .. } in hits {
            let Some(entity) = key.entities.iter().find(|e| e.number == hit.entity) else {
                continue;
            };
            text.push_str(&first.note.text[done..hit.span.start]);
            text.push_str(&format!("[{}]", entity.replacement));
            done = hit.span.end;
            *written.counts.entry(hit.entity).or_default() += 1;
        }
        text.push_str(&first.note.text[done..]);
        if !tx.put_note(&first.note, &text)? {
            return Err(stale(&first.note.place).into());
        }
        written.notes += 1;
    }
    Ok(written)
}
