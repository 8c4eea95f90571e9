//! Texts with their names back, by the key.

use super::apply::hash;
use super::find::marks;
use crate::anchor;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::governance::key::{Key, Mark};
use crate::store::{Store, Transcript};

/// A text with its names, and how surely they are those that stood there.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed {
    pub text: String,
    /// Places where the very words that stood there are known.
    pub exact: usize,
    /// Places where the entity's first name was put, as it is not known which form stood there.
    pub likely: usize,
}

/// What is replaced in a transcript's present text: as the key knows it of this text, or of an earlier one and found again.
pub fn standing(store: &Store, key: &Key, transcript: &Transcript) -> Result<Vec<Mark>> {
    if key.applied.is_empty() {
        return Ok(Vec::new());
    }
    let present = store.text(transcript.revision.id)?;
    if let Some(marks) = key.applied_in(&hash(&present)) {
        return Ok(marks.to_vec());
    }
    let mut revisions = store.revisions(transcript.id)?;
    revisions.sort_by_key(|r| std::cmp::Reverse(r.number));
    for revision in revisions
        .iter()
        .filter(|r| r.number < transcript.revision.number)
    {
        let text = store.text(revision.id)?;
        if let Some(marks) = key.applied_in(&hash(&text)) {
            return Ok(moved(&text, &present, marks));
        }
    }
    Ok(Vec::new())
}

/// Marks where the same words stand in a text that came of another.
fn moved(old: &str, new: &str, marks: &[Mark]) -> Vec<Mark> {
    let alignment = anchor::align(old, new);
    let (old, new) = (Codepoints::new(old), Codepoints::new(new));
    let mut there: Vec<Mark> = marks
        .iter()
        .filter_map(|mark| {
            let mut span = anchor::place(&alignment, mark.span).span?;
            let wanted = old.slice(mark.span);
            // Words are what is found again: brackets stand around them.
            if new.slice(span) != wanted && wanted.starts_with('[') {
                span = Span::new(span.start.checked_sub(1)?, span.end + 1);
            }
            (new.slice(span) == wanted).then(|| Mark {
                span,
                ..mark.clone()
            })
        })
        .collect();
    there.sort_by_key(|m| m.span);
    there.dedup_by(|b, a| a.span.overlaps(b.span));
    there
}

/// Puts names back into a text: at `known` what stood there, in other brackets that hold a replacement the entity's name.
pub fn reveal(key: &Key, text: &str, known: &[Mark]) -> Revealed {
    let points = Codepoints::new(text);
    let mut places: Vec<(std::ops::Range<usize>, &str, bool)> = known
        .iter()
        .map(|m| (points.bytes(m.span), m.form.as_str(), true))
        .collect();
    let entity = |inside: &str| {
        key.entities
            .iter()
            .find(|e| e.replacement.eq_ignore_ascii_case(inside.trim()))
    };
    for mark in marks(text, |inside| entity(inside).is_some()) {
        let taken = |(at, ..): &(std::ops::Range<usize>, &str, bool)| {
            at.start < mark.end && mark.start < at.end
        };
        if places.iter().any(taken) {
            continue;
        }
        if let Some(entity) = entity(&text[mark.start + 1..mark.end - 1]) {
            places.push((mark, &entity.real, false));
        }
    }
    places.sort_by_key(|(at, ..)| at.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let (mut exact, mut likely) = (0, 0);
    for (at, form, sure) in places {
        if at.start < done {
            continue;
        }
        out.push_str(&text[done..at.start]);
        out.push_str(form);
        done = at.end;
        if sure {
            exact += 1;
        } else {
            likely += 1;
        }
    }
    out.push_str(&text[done..]);
    Revealed {
        text: out,
        exact,
        likely,
    }
}
