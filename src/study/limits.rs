//! Where limits on passages go when their text becomes another: anchored as codings are, in the same event. One without a
//! certain place holds for all of its transcript until somebody places it.

use super::draft::Draft;
use super::revise::{touched, turn_id};
use crate::anchor::{self, Alignment};
use crate::domain::span::Span;
use crate::error::Result;
use crate::store::{Limit, LimitOn, LimitedPassage, NewTurn, Store, Transcript, Tx};

/// What becomes of a limit on a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLimit {
    pub limit: i64,
    /// Where it goes: the span, and its first and last turn, from 0. `None`: nothing certain can be said.
    pub to: Option<(Span, usize, usize)>,
}

/// Where the limits on passages of a transcript's present text would go. One that was lost before stays so.
pub(super) fn plan(
    store: &Store,
    transcript: &Transcript,
    alignment: &Alignment,
    turns: &[NewTurn],
) -> Result<Vec<PlannedLimit>> {
    Ok(placed(store, transcript)?
        .into_iter()
        .map(|(limit, passage)| PlannedLimit {
            limit,
            to: anchor::place(alignment, passage.span)
                .span
                .and_then(|span| {
                    let (first, last) = touched(turns, span)?;
                    Some((span, first, last))
                }),
        })
        .collect())
}

/// The limits on passages that have their place in a transcript's present text.
pub(super) fn placed(store: &Store, transcript: &Transcript) -> Result<Vec<(i64, LimitedPassage)>> {
    let all = store.limits_of(transcript.id)?;
    Ok(all
        .into_iter()
        .filter(|limit| !limit.lost)
        .filter_map(|limit| match limit.on {
            LimitOn::Passage(p) if p.revision == transcript.revision.id => Some((limit.id, p)),
            _ => None,
        })
        .collect())
}

/// What whoever corrects a text is told of limits that lose their place.
pub(super) fn warnings(planned: &[PlannedLimit], slug: &str) -> Vec<String> {
    planned
        .iter()
        .filter(|p| p.to.is_none())
        .map(|p| {
            format!(
                "limit {} has no certain place in the new text: it holds for all of {slug} until it has one, as with: casebook limit edit {} {slug}:12",
                p.limit, p.limit
            )
        })
        .collect()
}

/// Writes where limits go.
pub(super) fn apply(
    tx: &Tx,
    transcript: i64,
    (revision, first_turn): (i64, i64),
    planned: &[PlannedLimit],
) -> Result<()> {
    for p in planned {
        match p.to {
            Some((span, first, last)) => tx.place_limit(
                p.limit,
                transcript,
                LimitedPassage {
                    revision,
                    span,
                    turn: turn_id(first_turn, first),
                    last_turn: turn_id(first_turn, last),
                },
            )?,
            None => tx.lose_limit(p.limit, transcript)?,
        }
    }
    Ok(())
}

/// What a limit covers of its transcript's present text: its passage; all of it, where it is for all or has no certain
/// place. `None` for the limit of one quote, which goes with its coding.
fn covers(limit: &Limit, transcript: &Transcript) -> Option<Span> {
    match limit.on {
        LimitOn::Coding(_) => None,
        LimitOn::Passage(p) if !limit.lost && p.revision == transcript.revision.id => Some(p.span),
        LimitOn::Passage(_) | LimitOn::Transcript => {
            Some(Span::new(0, transcript.revision.characters))
        }
    }
}

/// Takes the limits of a transcript over into a text that holds all of its own, `offset` characters on. One that was for
/// all of it is for that part then, and no more.
pub(super) fn take_over(
    tx: &Tx,
    from: &Transcript,
    to: (i64, i64, i64),
    draft: &Draft,
    offset: u32,
) -> Result<()> {
    let (transcript, revision, first_turn) = to;
    for limit in tx.limits_of(from.id)? {
        let Some(span) = covers(&limit, from) else {
            continue;
        };
        let span = Span::new(span.start + offset, span.end + offset);
        let Some((first, last)) = touched(&draft.turns, span) else {
            continue;
        };
        tx.place_limit(
            limit.id,
            transcript,
            LimitedPassage {
                revision,
                span,
                turn: turn_id(first_turn, first),
                last_turn: turn_id(first_turn, last),
            },
        )?;
    }
    Ok(())
}

/// A part of a text that is cut: the transcript, revision and first turn that it became, its turns, and where it stood.
pub(super) struct Cut {
    pub(super) to: (i64, i64, i64),
    pub(super) turns: Vec<NewTurn>,
    pub(super) stood: Span,
}

/// Takes one limit of a text that was cut into the parts that it covers: it goes into the first, and for each further one
/// there is one like it.
pub(super) fn divide(tx: &Tx, limit: &Limit, whole: &Transcript, parts: &[Cut]) -> Result<()> {
    let Some(span) = covers(limit, whole) else {
        return Ok(());
    };
    // What has no certain place in the whole has none in its parts, and holds for all of them.
    let all = limit.lost || limit.on == LimitOn::Transcript;
    let mut placed = false;
    for part in parts {
        let (start, end) = (
            span.start.max(part.stood.start),
            span.end.min(part.stood.end),
        );
        if start >= end {
            continue;
        }
        let (transcript, revision, first_turn) = part.to;
        let here = Span::new(start - part.stood.start, end - part.stood.start);
        let Some((first, last)) = touched(&part.turns, here) else {
            continue;
        };
        let on = if all {
            LimitOn::Transcript
        } else {
            LimitOn::Passage(LimitedPassage {
                revision,
                span: here,
                turn: turn_id(first_turn, first),
                last_turn: turn_id(first_turn, last),
            })
        };
        match on {
            LimitOn::Passage(passage) if !placed => {
                tx.place_limit(limit.id, transcript, passage)?;
            }
            // The first part keeps the transcript, and so what is for all of it.
            _ if !placed && transcript == whole.id => {}
            _ => {
                let coder = tx.coder(&limit.coder)?;
                let says = (limit.level, limit.quotable);
                tx.add_limit(coder, transcript, on, says, limit.why.as_deref())?;
            }
        }
        placed = true;
    }
    if !placed && !all {
        tx.lose_limit(limit.id, whole.id)?;
    }
    Ok(())
}
