//! Codings that wait on an older revision until somebody places them or lets them go.

use super::revise::{other_words, touched};
use super::{Error, Selection, Study};
use crate::anchor;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::store::{Coding, NewTurn, Store, Transcript, Tx};
use crate::study::passage::Found;

/// A coding that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub coding: Coding,
    /// Number of the revision that it stands on.
    pub revision: i64,
    /// Number of its turn there.
    pub turn: i64,
    /// Its words there.
    pub text: String,
    /// Where it might stand in the present revision, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// A place in the present revision where a coding might stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub span: Span,
    /// Number of the turn that it begins in.
    pub turn: i64,
    pub text: String,
}

/// The codings of a transcript that wait, in the order of their places. Where they might stand is looked up anew: the
/// text may have changed once more since they were left.
pub fn waiting(store: &Store, transcript: &Transcript) -> Result<Vec<Waiting>> {
    let mut codings = store.pending_codings(Some(transcript.id))?;
    if codings.is_empty() {
        return Ok(Vec::new());
    }
    codings.sort_unstable_by_key(|c| (c.revision, c.span, c.id));
    let present = &transcript.revision;
    let new = store.text(present.id)?;
    let new_points = Codepoints::new(&new);
    let turns: Vec<NewTurn> = store
        .turns(present.first_turn, present.turns)?
        .iter()
        .map(|t| NewTurn {
            span: t.span,
            speaker: None,
            time_ms: None,
        })
        .collect();
    let mut found = Vec::with_capacity(codings.len());
    for group in codings.chunk_by(|a, b| a.revision == b.revision) {
        let old = store.text(group[0].revision)?;
        let points = Codepoints::new(&old);
        let alignment = anchor::align(&old, &new);
        let Some(revision) = store.revision(group[0].revision)? else {
            continue; // the schema's keys do not allow it
        };
        for coding in group {
            let placed = anchor::place(&alignment, coding.span);
            let candidates = placed
                .span
                .into_iter()
                .chain(placed.candidates)
                .filter_map(|span| {
                    let (first, _) = touched(&turns, span)?;
                    Some(Candidate {
                        span,
                        turn: i64::try_from(first).ok()? + 1,
                        text: new_points.slice(span).to_owned(),
                    })
                })
                .collect();
            found.push(Waiting {
                coding: *coding,
                revision: revision.number,
                turn: revision.number_of(coding.turn),
                text: points.slice(coding.span).to_owned(),
                candidates,
            });
        }
    }
    Ok(found)
}

/// Puts a coding that waits at a place of its transcript's present revision.
pub fn settle(tx: &Tx, coding: &Coding, found: &Found) -> Result<()> {
    if crate::store::transcript_of(coding.id) != found.transcript.id {
        return Err(Error::refused(
            format!("coding {} is not on {}", coding.id, found.transcript.slug),
            "a coding stays in its transcript; make another with: casebook code PLACE THEME",
        )
        .into());
    }
    let twin = tx
        .codings_of(found.transcript.id)?
        .into_iter()
        .find(|c| c.theme == coding.theme && c.coder == coding.coder && c.span == found.span);
    if let Some(twin) = twin {
        return Err(Error::refused(
            format!("coding {} has this place, theme and coder already", twin.id),
            format!(
                "let this one go: casebook transcript pending {} --coding {} --let-go",
                found.transcript.slug, coding.id
            ),
        )
        .into());
    }
    let words = tx.with_text(coding.revision, |text| {
        Codepoints::new(text).slice(coding.span).to_owned()
    })?;
    let present = found.transcript.revision.id;
    let reworded = tx.with_text(present, |text| {
        other_words(&words, Codepoints::new(text).slice(found.span))
    })?;
    tx.place_coding(
        coding.id,
        present,
        found.span,
        (found.turn, found.last_turn),
        reworded,
    )?;
    Ok(())
}

impl Study {
    /// How many codings wait that a selection would leave: of its transcripts, themes and coders. Whoever shows codings
    /// says so, as they are not among them.
    pub fn pending_in(&self, selection: &Selection) -> Result<usize> {
        let all = self.store.pending_codings(None)?;
        let among =
            |ids: &Option<Vec<i64>>, id: i64| ids.as_ref().is_none_or(|ids| ids.contains(&id));
        Ok(all
            .iter()
            .filter(|c| {
                among(&selection.transcripts, crate::store::transcript_of(c.id))
                    && among(&selection.themes, c.theme)
                    && among(&selection.coders, c.coder)
            })
            .count())
    }
}
