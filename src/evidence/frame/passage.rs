//! The words of codings that cells name, as the team may see them: the gate is asked for each, and what it holds back
//! is counted.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::Result;
use crate::governance::gate::{Audience, HeldBack, may_quote};
use crate::store::{Coding, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Codebook, Study};

/// A coded passage that a cell names or that lies below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellPassage {
    pub coding: i64,
    pub transcript: String,
    pub turn: i64,
    pub start: u32,
    pub end: u32,
    /// Null where it may not be shown, or waits for its place in a corrected text.
    pub text: Option<String>,
    pub theme: String,
    pub participant: Option<String>,
    /// Whether it waits for its place in a corrected text.
    pub pending: bool,
}

impl CellPassage {
    /// Where it stands, as it is typed.
    pub fn place(&self) -> String {
        format!("{}:{}", self.transcript, self.turn)
    }
}

/// Reads passages by their numbers. They come in the order in which they are asked for; each text is read once.
pub fn passages(study: &Study, codings: &[i64]) -> Result<(HashMap<i64, CellPassage>, HeldBack)> {
    let book = Codebook::read(&study.store)?;
    let mut reader = Reader::new(&study.store)?;
    let mut held = HeldBack::default();
    let mut ids = codings.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut all: Vec<Coding> = Vec::new();
    for id in ids {
        all.extend(study.store.coding(id)?);
    }
    // By text, so that each is read once.
    all.sort_by_key(|c| (transcript_of(c.id), c.revision, c.id));
    let mut found = HashMap::new();
    for c in &all {
        let transcript = reader.transcript(transcript_of(c.id))?.clone();
        // What waits stands in an older text, and its turn has a number there.
        let revision = if c.revision == transcript.revision.id {
            Some(transcript.revision.clone())
        } else {
            study.store.revision(c.revision)?
        };
        let mut open = false;
        let mut person = None;
        let mut reason = None;
        for turn in study.store.turns(c.turn, c.last_turn - c.turn + 1)? {
            let who = reader.participant_of(transcript.id, &turn)?;
            let interviewer = reader
                .speaker(turn.speaker)?
                .is_some_and(|s| s.role == "interviewer");
            match may_quote(
                Audience::Team,
                who.and_then(|p| reader.people.participants.get(&p)),
                interviewer,
            ) {
                Ok(()) => {
                    person = person.or(who);
                    open = true;
                }
                Err(why) => {
                    reason.get_or_insert(why);
                }
            }
        }
        // A passage that holds words off the record is held back whole.
        if let Some(reason) = reason {
            held.add(reason);
            open = false;
        }
        let text = if open && c.pending.is_none() {
            reader.slices(c.revision, &[c.span])?.pop()
        } else {
            None
        };
        found.insert(
            c.id,
            CellPassage {
                coding: c.id,
                turn: revision.map_or(0, |r| r.number_of(c.turn)),
                transcript: transcript.slug,
                start: c.span.start,
                end: c.span.end,
                text,
                theme: book.path(c.theme),
                participant: reader
                    .people
                    .code(person.filter(|_| open))
                    .map(str::to_owned),
                pending: c.pending.is_some(),
            },
        );
    }
    Ok((found, held))
}
