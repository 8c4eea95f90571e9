//! The record of a person: which before-images hold what was theirs, also of rows that went long ago, of imports that
//! were undone, and of texts that only repeat them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value as Json};

use super::blank::{self, SpokenTurn};
use super::quoted::Said;
use super::theirs::{Shared, Theirs, number, text};
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::store::{Fate, Past, Store, transcript_of};

type Image = Map<String, Json>;

/// What of the record is theirs.
#[derive(Default)]
pub(super) struct Former {
    ids: BTreeSet<i64>,
    /// Transcripts that are or were theirs alone.
    whole: BTreeSet<i64>,
    shared: BTreeMap<i64, Shared>,
    codings: HashSet<i64>,
    responses: HashSet<i64>,
    /// Claims, assessments, members of cohorts and cohorts that rest or rested on what was theirs, by table and row: what
    /// was written down because of it may repeat it, also after the source was taken away.
    resting: HashSet<(String, i64)>,
    /// The labels that they had, by transcript.
    labels: HashMap<i64, Vec<String>>,
    /// Turns of revisions of shared transcripts, and the first turn's id.
    turns: HashMap<i64, (i64, Vec<SpokenTurn>)>,
}

impl Former {
    /// Reads the record. `theirs` is what was theirs until now; `labels` how they were called.
    pub(super) fn read(
        store: &Store,
        theirs: &Theirs,
        labels: HashMap<i64, Vec<String>>,
    ) -> Result<Self> {
        let mut found = Self {
            ids: theirs.ids.clone(),
            whole: theirs.whole.clone(),
            shared: theirs.shared.clone(),
            codings: theirs.codings.iter().copied().collect(),
            labels,
            ..Self::default()
        };
        found.find_transcripts(store)?;
        found.find_turns(store)?;
        let mut codings = Vec::new();
        let mut responses = Vec::new();
        store.each_image_of(&["codings", "responses"], |past| {
            match past.table {
                "codings" if found.is_on_theirs(past.image, "turn") => codings.push(past.row),
                "responses" if found.names_them(past.image, "participant") => {
                    responses.push(past.row);
                }
                _ => {}
            }
            Ok::<(), crate::store::Error>(())
        })?;
        // One that touches others' words too now stays, wherever it stood before.
        found.codings.extend(
            codings
                .into_iter()
                .filter(|c| !theirs.codings_shared.contains(c)),
        );
        found.responses.extend(responses);
        let mut resting = Vec::new();
        let tables = ["assessment_links", "claims", "cohort_members", "cohorts"];
        store.each_image_of(&tables, |past| {
            if found.is_source(past.image) {
                resting.extend(if past.table == "assessment_links" {
                    number(past.image, "assessment").map(|id| ("assessments".to_owned(), id))
                } else {
                    Some((past.table.to_owned(), past.row))
                });
            }
            Ok::<(), crate::store::Error>(())
        })?;
        found.resting.extend(resting);
        Ok(found)
    }

    /// Transcripts that are not there any more and once were with them.
    fn find_transcripts(&mut self, store: &Store) -> Result<()> {
        #[derive(Default)]
        struct Was {
            theirs: bool,
            others: bool,
            speakers: BTreeSet<i64>,
            open: BTreeSet<i64>,
            labels: Vec<String>,
        }
        let there: HashSet<i64> = store.transcripts()?.into_iter().map(|t| t.id).collect();
        let mut were: BTreeMap<i64, Was> = BTreeMap::new();
        store.each_image_of(&["speakers", "transcript_participants"], |past| {
            let Some(transcript) = number(past.image, "transcript") else {
                return Ok::<(), crate::store::Error>(());
            };
            if there.contains(&transcript) || self.whole.contains(&transcript) {
                return Ok(());
            }
            let was = were.entry(transcript).or_default();
            let participant = number(past.image, "participant");
            let theirs = participant.is_some_and(|p| self.ids.contains(&p));
            was.theirs |= theirs;
            was.others |= participant.is_some() && !theirs;
            if past.table == "speakers" {
                let label = text(past.image, "label").unwrap_or_default().to_owned();
                if theirs {
                    was.speakers.insert(past.row);
                    was.labels.push(label);
                } else if participant.is_none() && text(past.image, "role") != Some("interviewer") {
                    was.open.insert(past.row);
                    was.labels.push(label);
                }
            }
            Ok(())
        })?;
        for (transcript, was) in were.into_iter().filter(|(_, w)| w.theirs) {
            if was.others {
                // Nobody can say any more whose an open label was: it goes too. Only the undoing is lost by it.
                let mut speakers = was.speakers;
                speakers.extend(was.open);
                self.labels
                    .entry(transcript)
                    .or_default()
                    .extend(was.labels);
                self.shared.insert(
                    transcript,
                    Shared {
                        speakers,
                        unlabelled: false,
                    },
                );
            } else {
                self.whole.insert(transcript);
            }
        }
        Ok(())
    }

    /// The turns of all revisions of shared transcripts, those that are gone included.
    fn find_turns(&mut self, store: &Store) -> Result<()> {
        for (transcript, shared) in &self.shared {
            for revision in store.revisions(*transcript)? {
                let turns = store.turns(revision.first_turn, revision.turns)?;
                self.turns.insert(
                    revision.id,
                    (revision.first_turn, super::theirs::spoken(&turns, shared)),
                );
            }
        }
        let (shared, turns) = (&self.shared, &mut self.turns);
        store.each_image_of(&["revisions"], |past| {
            if let Some(shared) = number(past.image, "transcript").and_then(|t| shared.get(&t)) {
                turns.entry(past.row).or_insert_with(|| {
                    let first = number(past.image, "first_turn").unwrap_or_default();
                    (first, turns_of(past.image, |s| shared.is_theirs(s)))
                });
            }
            Ok::<(), crate::store::Error>(())
        })?;
        Ok(())
    }

    /// Rows of claims, assessments, members and cohorts that rest or rested on what was theirs.
    pub(super) fn resting(&self) -> impl Iterator<Item = (&str, i64)> {
        self.resting
            .iter()
            .map(|(table, row)| (table.as_str(), *row))
    }

    /// Whether a transcript is or was theirs alone.
    pub(super) fn is_whole(&self, transcript: i64) -> bool {
        self.whole.contains(&transcript)
    }

    fn names_them(&self, image: &Image, column: &str) -> bool {
        number(image, column).is_some_and(|id| self.ids.contains(&id))
    }

    fn in_whole(&self, image: &Image, column: &str) -> bool {
        number(image, column).is_some_and(|id| self.whole.contains(&id))
    }

    fn is_coding(&self, coding: i64) -> bool {
        self.whole.contains(&transcript_of(coding)) || self.codings.contains(&coding)
    }

    fn names_coding(&self, image: &Image, column: &str) -> bool {
        number(image, column).is_some_and(|id| self.is_coding(id))
    }

    /// Whether a row names as its source what was theirs: a coding or a transcript.
    fn is_source(&self, image: &Image) -> bool {
        self.in_whole(image, "transcript_id") || self.names_coding(image, "coding_id")
    }

    /// Whether the passage of a coding or a limit touches their words and nobody else's.
    fn is_on_theirs(&self, image: &Image, turn: &str) -> bool {
        let (Some(revision), Some(first), Some(start), Some(end)) = (
            number(image, "revision"),
            number(image, turn),
            number(image, "start"),
            number(image, "end"),
        ) else {
            return false;
        };
        let Some((first_of_all, turns)) = self.turns.get(&revision) else {
            return false;
        };
        let last = number(image, "last_turn").unwrap_or(first);
        let at = |turn: i64| usize::try_from(turn - first_of_all).unwrap_or(usize::MAX);
        let span = Span::new(narrow(start), narrow(end));
        let (mut own, mut others) = (false, false);
        for turn in turns
            .get(at(first)..at(last).saturating_add(1))
            .unwrap_or_default()
        {
            if turn.span.overlaps(span) {
                own |= turn.theirs;
                others |= !turn.theirs;
            }
        }
        own && !others
    }

    /// Whether a row is or was theirs.
    fn goes(&self, past: &Past) -> bool {
        let image = past.image;
        match past.table {
            "participants" => self.ids.contains(&past.row),
            "participant_cases"
            | "transcript_participants"
            | "milestones"
            | "consents"
            | "responses" => {
                self.names_them(image, "participant") || self.in_whole(image, "transcript")
            }
            "attribute_values" => {
                self.names_them(image, "participant_id") || self.in_whole(image, "transcript_id")
            }
            "speakers" => {
                self.names_them(image, "participant")
                    || self.in_whole(image, "transcript")
                    || number(image, "transcript")
                        .and_then(|t| self.shared.get(&t))
                        .is_some_and(|s| s.speakers.contains(&past.row))
            }
            "revisions" | "sampled" => self.in_whole(image, "transcript"),
            "settlements" => {
                let codings: Vec<i64> = text(image, "codings")
                    .and_then(|c| serde_json::from_str(c).ok())
                    .unwrap_or_default();
                self.in_whole(image, "transcript") || codings.iter().any(|c| self.is_coding(*c))
            }
            "transcripts" => self.whole.contains(&past.row),
            "codings" => self.is_coding(past.row),
            "memos" => {
                self.names_them(image, "participant_id")
                    || self.in_whole(image, "transcript_id")
                    || self.names_coding(image, "coding_id")
            }
            "limits" => {
                self.in_whole(image, "transcript")
                    || self.names_coding(image, "coding_id")
                    || self.is_on_theirs(image, "turn")
            }
            "evidence" | "assessment_links" => self.is_source(image),
            "cohort_members" | "cohorts" | "claims" | "assessments" => {
                self.is_source(image) || self.resting.contains(&(past.table.to_owned(), past.row))
            }
            "frame_links" => self.names_coding(image, "coding"),
            "decisions" => number(image, "response").is_some_and(|r| self.responses.contains(&r)),
            _ => false,
        }
    }

    /// What becomes of a before-image, and the words that go with it.
    pub(super) fn fate(&self, past: &Past, said: &Said, gone: &mut Vec<String>) -> Fate {
        if self.goes(past) {
            let mut values: Vec<&Json> = past.image.values().collect();
            while let Some(value) = values.pop() {
                match value {
                    Json::String(words) if !is_hex(words) => gone.push(words.clone()),
                    Json::Array(more) => values.extend(more),
                    _ => {}
                }
            }
            return Fate::Erase;
        }
        let redacted = if past.table == "revisions" {
            self.blanked(past, said)
        } else {
            without(past.image, said)
        };
        match redacted {
            None => Fate::Keep,
            Some(image) => {
                for (name, words) in past.image {
                    if let Json::String(words) = words
                        && image.get(name).and_then(Json::as_str) != Some(words.as_str())
                    {
                        gone.push(words.clone());
                    }
                }
                Fate::Redact(image)
            }
        }
    }

    /// A text of the record without their words; none where it has none.
    fn blanked(&self, past: &Past, said: &Said) -> Option<Image> {
        let words = text(past.image, "text")?;
        let transcript = number(past.image, "transcript")?;
        let mut places = match (self.shared.get(&transcript), self.turns.get(&past.row)) {
            (Some(_), Some((_, turns))) => {
                let labels = self.labels.get(&transcript).map(Vec::as_slice);
                blank::places(words, turns, labels.unwrap_or_default())
            }
            _ => Vec::new(),
        };
        // A text that nobody ever said is theirs, and that repeats them.
        let mut repeats = said.places(words);
        repeats.retain(|r| !places.iter().any(|p| p.start < r.end && r.start < p.end));
        places.extend(repeats);
        places.sort_by_key(|p| p.start);
        if places.is_empty() {
            return None;
        }
        let mut image = past.image.clone();
        let points = Codepoints::new(words);
        if let Some(Json::Array(sections)) = image.get_mut("@sections") {
            for section in sections {
                blank_section(section, words, &points, &places);
            }
        }
        image.insert(
            "text".into(),
            blank::blanked(words, &places, |_| None).into(),
        );
        Some(image)
    }
}

/// The title of a section of a before-image that begins in a blanked place: `[id, revision, number, level, kind, title,
/// key, start, end, first_turn, last_turn]`.
fn blank_section(
    section: &mut Json,
    text: &str,
    points: &Codepoints,
    places: &[std::ops::Range<usize>],
) {
    let Json::Array(fields) = section else { return };
    let Some(start) = fields.get(7).and_then(Json::as_u64) else {
        return;
    };
    let at = points.byte(u32::try_from(start).unwrap_or(u32::MAX));
    let title = fields.get(5).and_then(Json::as_str).unwrap_or_default();
    if blank::is_title(text, places, at, title) {
        for n in [5, 6] {
            if let Some(Json::String(words)) = fields.get_mut(n) {
                *words = blank::blocks(words);
            }
        }
    }
}

/// Others' texts without what they quote; none where they quote nothing.
fn without(image: &Image, said: &Said) -> Option<Image> {
    let mut redacted: Option<Image> = None;
    for (name, words) in image {
        if let Json::String(words) = words
            && let Some((left, _)) = said.without(words)
        {
            redacted
                .get_or_insert_with(|| image.clone())
                .insert(name.clone(), left.into());
        }
    }
    redacted
}

/// The turns that a before-image of a revision carries.
pub(super) fn turns_of(image: &Image, theirs: impl Fn(Option<i64>) -> bool) -> Vec<SpokenTurn> {
    let rows = image.get("@turns").and_then(Json::as_array);
    let place =
        |row: &Json, n: usize| narrow(row.get(n).and_then(Json::as_i64).unwrap_or_default());
    rows.into_iter()
        .flatten()
        .map(|row| SpokenTurn {
            span: Span::new(place(row, 0), place(row, 1)),
            theirs: theirs(row.get(2).and_then(Json::as_i64)),
        })
        .collect()
}

/// What they said in transcripts that are not there any more.
pub(super) fn said_then(store: &Store, former: &Former, said: &mut Said) -> Result<()> {
    store.each_image_of(&["revisions"], |past| {
        let (Some(words), Some(transcript)) =
            (text(past.image, "text"), number(past.image, "transcript"))
        else {
            return Ok::<(), crate::store::Error>(());
        };
        let points = Codepoints::new(words);
        if former.whole.contains(&transcript) {
            for turn in turns_of(past.image, |_| true) {
                said.add(points.slice(turn.span));
            }
        } else if let Some((_, turns)) = former.turns.get(&past.row) {
            for turn in turns.iter().filter(|t| t.theirs) {
                said.add(points.slice(turn.span));
            }
        }
        Ok(())
    })?;
    Ok(())
}

fn narrow(n: i64) -> u32 {
    u32::try_from(n).unwrap_or_default()
}

/// Lasting ids and hashes, as the record writes them: no words.
fn is_hex(words: &str) -> bool {
    matches!(words.len(), 32 | 64)
        && words
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'))
}
