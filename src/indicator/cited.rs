//! Where what was put down about a case is from: a coded passage, by its place, or a transcript of the study. Never the words.

use std::collections::HashMap;

use serde::Serialize;

use crate::coding::Error;
use crate::domain::place::{Place, Within};
use crate::error::Result;
use crate::store::{Store, transcript_of};
use crate::study::Shut;
use crate::study::passage::Reader;

/// A coded passage that something rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    pub coding: i64,
    /// As people type it: `T01:12`.
    pub place: String,
    /// Why what was written down of it is not shown; null where it is.
    pub held_back: Option<&'static str>,
}

impl Cited {
    /// The place, with why it doesn't count.
    pub fn said(&self) -> String {
        match self.held_back {
            None => self.place.clone(),
            Some(why) => format!("{} ({why})", self.place),
        }
    }
}

/// What was said off the record by all who speak in a passage.
pub const SEALED: &str = "off the record";
/// Its place in a corrected text is not known yet.
pub const WAITS: &str = "waits for its place in a corrected text";

/// Tells places of codings, each read once.
pub struct Places<'a> {
    store: &'a Store,
    reader: Reader<'a>,
    shut: Shut,
    known: HashMap<i64, Option<Cited>>,
    shut_documents: HashMap<i64, bool>,
}

impl<'a> Places<'a> {
    pub fn new(store: &'a Store) -> Result<Self> {
        Ok(Self {
            store,
            reader: Reader::of_few(store)?,
            shut: Shut::read(store)?,
            known: HashMap::new(),
            shut_documents: HashMap::new(),
        })
    }

    /// Where a coding stands; none of one that is gone.
    pub fn coding(&mut self, id: Option<i64>) -> Result<Option<Cited>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let found = self.read(id)?;
        self.known.insert(id, found.clone());
        Ok(found)
    }

    fn read(&mut self, id: i64) -> Result<Option<Cited>> {
        let Some(coding) = self.store.coding(id)? else {
            return Ok(None);
        };
        let transcript = self.reader.transcript(transcript_of(id))?.clone();
        let revision = if transcript.revision.id == coding.revision {
            transcript.revision.clone()
        } else {
            self.store
                .revision(coding.revision)?
                .unwrap_or_else(|| transcript.revision.clone())
        };
        let number = |turn: i64| u32::try_from(revision.number_of(turn)).unwrap_or(u32::MAX);
        let place = Place {
            transcript: transcript.slug.clone(),
            within: Within::Turns(number(coding.turn), number(coding.last_turn)),
        };
        let held_back = if coding.pending.is_some() {
            Some(WAITS)
        } else if self.is_sealed(transcript.id, (coding.turn, coding.last_turn))? {
            Some(SEALED)
        } else {
            None
        };
        Ok(Some(Cited {
            coding: id,
            place: place.to_string(),
            held_back,
        }))
    }

    /// Whether any turn of a passage was spoken off the record: what was written down of it may be from there.
    fn is_sealed(&mut self, transcript: i64, (first, last): (i64, i64)) -> Result<bool> {
        if self.shut.is_empty() {
            return Ok(false);
        }
        for turn in self.store.turns(first, last - first + 1)? {
            if self.reader.is_sealed(&self.shut, transcript, &turn)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether anything in a transcript was spoken off the record: what was written down of the whole of it may be from there.
    pub fn is_shut(&mut self, transcript: Option<i64>) -> Result<bool> {
        let Some(id) = transcript.filter(|_| !self.shut.is_empty()) else {
            return Ok(false);
        };
        if let Some(known) = self.shut_documents.get(&id) {
            return Ok(*known);
        }
        let revision = self.reader.transcript(id)?.revision.clone();
        let is_shut = revision.turns > 0
            && self.is_sealed(
                id,
                (
                    revision.first_turn,
                    revision.first_turn + revision.turns - 1,
                ),
            )?;
        self.shut_documents.insert(id, is_shut);
        Ok(is_shut)
    }

    /// A transcript by the id that people type.
    pub fn transcript(&mut self, id: Option<i64>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        Ok(Some(self.reader.transcript(id)?.slug.clone()))
    }
}

/// A coding that something is to rest on.
///
/// # Errors
/// One that is not there.
pub fn coding(store: &Store, id: i64) -> Result<i64> {
    Ok(store.coding(id)?.ok_or(Error::UnknownCoding(id))?.id)
}
