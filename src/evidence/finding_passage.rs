//! Coded passages as evidence shows them: where they stand and when in the recording, who speaks them and what was
//! promised to whom, and whether they count.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::domain::span::{Codepoints, Span};
use crate::domain::words::SourceKind;
use crate::error::Result;
use crate::store::{Coding, Participant, Store, Transcript, transcript_of};
use crate::study::passage::{Open, Reader};
use crate::study::{Codebook, Selection};

/// A voice in a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SaidBy {
    /// Null where nobody has said whose label it is.
    pub participant: Option<String>,
    /// participant, interviewer or unknown.
    pub role: &'static str,
    pub attribution: Option<String>,
    pub quotable: Option<bool>,
    #[serde(skip)]
    pub id: Option<i64>,
}

/// A coded passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    pub coding: i64,
    pub transcript: String,
    /// The revision that its span is in.
    pub revision: i64,
    pub turn: i64,
    pub last_turn: i64,
    /// As people type it: `T01:12`.
    pub place: String,
    pub start: u32,
    pub end: u32,
    /// When its first turn begins, from the recording's start; null where the file doesn't say it.
    pub time_ms: Option<i64>,
    pub theme: String,
    pub coder: String,
    pub case: Option<String>,
    /// The kind of source: Yin's six.
    pub source: SourceKind,
    pub said_by: Vec<SaidBy>,
    /// Null where it is held back.
    pub text: Option<String>,
    /// Why it is neither shown nor counted, or shown and not counted; null where it counts.
    pub held_back: Option<&'static str>,
    #[serde(skip)]
    pub transcript_id: i64,
    #[serde(skip)]
    pub case_id: Option<i64>,
    /// The last event that changed its words.
    #[serde(skip)]
    pub reworded: Option<i64>,
    /// The participants who speak in it and whom the selection takes.
    #[serde(skip)]
    pub heard: Vec<i64>,
}

/// Why a passage is in no count.
pub const WAITS: &str = "waits for its place in a corrected text";
pub const SEALED: &str = "off the record";
pub const INTERVIEWER: &str = "an interviewer's words";
pub const FILTERED: &str = "not in this selection";

impl Passage {
    /// Whether it is in a count.
    pub fn counts(&self) -> bool {
        self.held_back.is_none()
    }

    /// Whether it is a passage of the present text.
    pub fn waits(&self) -> bool {
        self.held_back == Some(WAITS)
    }
}

/// The passages of some codings, by the codings' ids. Codings that are gone are not among them.
pub type Passages = HashMap<i64, Passage>;

/// Reads passages, transcript by transcript; their words only where `words` are wanted.
pub fn passages(
    store: &Store,
    book: &Codebook,
    selection: &Selection,
    ids: impl IntoIterator<Item = i64>,
    words: bool,
) -> Result<Passages> {
    let mut wanted: BTreeMap<i64, Vec<Coding>> = BTreeMap::new();
    let mut seen: HashSet<i64> = HashSet::new();
    for id in ids {
        if seen.insert(id)
            && let Some(coding) = store.coding(id)?
        {
            wanted.entry(coding.revision).or_default().push(coding);
        }
    }
    let mut found = Passages::with_capacity(seen.len());
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut maker = Maker {
        reader: Reader::of_few(store)?,
        store,
        book,
        selection,
        coders: store
            .coders()?
            .into_iter()
            .map(|c| (c.id, c.name))
            .collect(),
        people: HashMap::new(),
    };
    for (revision, codings) in wanted {
        let mut made = Vec::with_capacity(codings.len());
        for coding in &codings {
            made.push(maker.passage(coding)?);
        }
        if words {
            store.with_text(revision, |text| {
                let points = Codepoints::new(text);
                for (passage, open) in &mut made {
                    if passage.held_back.is_none() || passage.held_back == Some(INTERVIEWER) {
                        let span = Span::new(passage.start, passage.end);
                        passage.text = Some(open.words(&points, span).into_owned());
                    }
                }
            })?;
        }
        found.extend(made.into_iter().map(|(p, _)| (p.coding, p)));
    }
    Ok(found)
}

struct Maker<'a> {
    reader: Reader<'a>,
    store: &'a Store,
    book: &'a Codebook,
    selection: &'a Selection,
    coders: HashMap<i64, String>,
    people: HashMap<i64, Participant>,
}

impl Maker<'_> {
    /// A passage without its words, and what of its turns may be shown.
    fn passage(&mut self, coding: &Coding) -> Result<(Passage, Open)> {
        let transcript = self.reader.transcript(transcript_of(coding.id))?.clone();
        let revision = if transcript.revision.id == coding.revision {
            transcript.revision.clone()
        } else {
            // It waits on an older text.
            self.store
                .revision(coding.revision)?
                .unwrap_or_else(|| transcript.revision.clone())
        };
        let turns = self
            .store
            .turns(coding.turn, coding.last_turn - coding.turn + 1)?;
        let mut said_by: Vec<SaidBy> = Vec::new();
        let mut sealed = false;
        for turn in &turns {
            let one = self.voice(&transcript, turn)?;
            if self
                .reader
                .is_sealed(&self.selection.sealed, transcript.id, turn)?
            {
                sealed = true;
                continue;
            }
            if !said_by.contains(&one) {
                said_by.push(one);
            }
        }
        let open = self.reader.open(
            &self.selection.sealed,
            transcript.id,
            (coding.turn, coding.last_turn),
        )?;
        let (turn, last_turn) = (
            revision.number_of(coding.turn),
            revision.number_of(coding.last_turn),
        );
        let held_back = self.held_back(coding, &transcript, &said_by, sealed);
        let passage = Passage {
            coding: coding.id,
            place: place(&transcript.slug, turn, last_turn),
            transcript: transcript.slug.clone(),
            revision: revision.number,
            turn,
            last_turn,
            start: coding.span.start,
            end: coding.span.end,
            time_ms: turns.first().and_then(|t| t.time_ms),
            theme: self.book.path(coding.theme),
            coder: self
                .coders
                .get(&coding.coder)
                .cloned()
                .unwrap_or_else(|| "?".into()),
            case: self
                .reader
                .people
                .case_slug(transcript.case)
                .map(str::to_owned),
            source: source(&transcript),
            text: None,
            held_back,
            transcript_id: transcript.id,
            case_id: transcript.case,
            reworded: coding.reworded,
            heard: passage_heard(self.selection, &said_by),
            said_by,
        };
        Ok((passage, open))
    }

    fn voice(&mut self, transcript: &Transcript, turn: &crate::store::Turn) -> Result<SaidBy> {
        let interviewer = self
            .reader
            .speaker(turn.speaker)?
            .is_some_and(|s| s.role == "interviewer");
        let participant = self.reader.participant_of(transcript.id, turn)?;
        if let Some(id) = participant
            && !self.people.contains_key(&id)
            && let Some(person) = self.store.participant_by_id(id)?
        {
            self.people.insert(id, person);
        }
        let person = participant.and_then(|id| self.people.get(&id));
        Ok(SaidBy {
            participant: person.map(|p| p.code.clone()),
            role: match (participant, interviewer) {
                (Some(_), _) => "participant",
                (None, true) => "interviewer",
                (None, false) => "unknown",
            },
            attribution: person.map(|p| p.attribution.clone()),
            quotable: person.map(|p| p.quotable),
            id: participant,
        })
    }

    /// Why a passage is in no count.
    fn held_back(
        &self,
        coding: &Coding,
        transcript: &Transcript,
        said_by: &[SaidBy],
        sealed: bool,
    ) -> Option<&'static str> {
        if coding.pending.is_some() {
            return Some(WAITS);
        }
        if sealed && said_by.iter().all(|s| s.role == "interviewer") {
            return Some(SEALED);
        }
        let selection = self.selection;
        let in_it =
            |ids: &Option<Vec<i64>>, id: i64| ids.as_ref().is_none_or(|all| all.contains(&id));
        let taken = in_it(&selection.transcripts, transcript.id)
            && in_it(&selection.themes, coding.theme)
            && in_it(&selection.coders, coding.coder)
            && selection.takes_turn(coding.turn);
        if !taken {
            return Some(FILTERED);
        }
        if said_by.iter().any(|s| selection.takes(s.role, s.id)) {
            return None;
        }
        Some(if said_by.iter().all(|s| s.role == "interviewer") {
            INTERVIEWER
        } else {
            FILTERED
        })
    }
}

fn passage_heard(selection: &Selection, said_by: &[SaidBy]) -> Vec<i64> {
    said_by
        .iter()
        .filter(|s| selection.takes(s.role, s.id))
        .filter_map(|s| s.id)
        .collect()
}

/// The kind of source that a transcript is.
pub fn source(transcript: &Transcript) -> SourceKind {
    let by_kind = || {
        transcript
            .kind
            .parse()
            .map_or(SourceKind::Document, SourceKind::of)
    };
    transcript
        .source
        .as_deref()
        .and_then(|s| s.parse().ok())
        .unwrap_or_else(by_kind)
}

fn place(slug: &str, turn: i64, last: i64) -> String {
    if last > turn {
        format!("{slug}:{turn}-{last}")
    } else {
        format!("{slug}:{turn}")
    }
}
