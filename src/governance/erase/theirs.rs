//! What of the study is a person's: transcripts that are theirs alone, and their turns in those that they share.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use super::blank::{self, SpokenTurn};
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Coding, Revision, Speaker, Store, Turn};

words! {
    /// Whose the words are under labels that nobody is assigned to, in transcripts with the person.
    Unassigned, "answer" {
        Theirs = "theirs",
        Others = "others",
    }
}

/// A label that nobody is assigned to, in a transcript with the person: it may be theirs. Empty: words without a label, in
/// a transcript with several people and no labels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OpenLabel {
    pub transcript: String,
    pub label: String,
}

/// A transcript that the person shares with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Ids of the labels under which they speak.
    pub(super) speakers: BTreeSet<i64>,
    /// Whether turns without a label are theirs.
    pub(super) unlabelled: bool,
}

impl Shared {
    pub fn is_theirs(&self, speaker: Option<i64>) -> bool {
        speaker.map_or(self.unlabelled, |s| self.speakers.contains(&s))
    }
}

/// What is a person's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theirs {
    /// The person's id, and ids that participants of the same code had who are gone.
    pub ids: BTreeSet<i64>,
    /// Transcripts, by id, that are theirs alone.
    pub whole: BTreeSet<i64>,
    pub shared: BTreeMap<i64, Shared>,
    /// Labels of which it is not known whether they are theirs.
    pub open: Vec<OpenLabel>,
    /// Codings that touch nobody else's words.
    pub codings: BTreeSet<i64>,
    /// Codings that touch others' words too, and stay.
    pub codings_shared: BTreeSet<i64>,
}

/// Finds what is a person's.
pub fn theirs(store: &Store, person: i64, unassigned: Option<Unassigned>) -> Result<Theirs> {
    let mut found = Theirs {
        ids: BTreeSet::from([person]),
        ..Theirs::default()
    };
    let code = store.code_of(person)?.unwrap_or_default().to_lowercase();
    let mut formerly: HashSet<i64> = HashSet::new();
    // Whoever had this code and was removed was the same person.
    let mut had_it: BTreeSet<i64> = BTreeSet::new();
    store.each_image_of(&["participants"], |past| {
        if text(past.image, "code").is_some_and(|c| c.to_lowercase() == code) {
            had_it.insert(past.row);
        }
        Ok::<(), crate::store::Error>(())
    })?;
    for id in had_it {
        if store.participant_by_id(id)?.is_none() {
            found.ids.insert(id);
        }
    }
    store.each_image_of(&["speakers", "transcript_participants"], |past| {
        if number(past.image, "participant").is_some_and(|p| found.ids.contains(&p)) {
            formerly.extend(number(past.image, "transcript"));
        }
        Ok::<(), crate::store::Error>(())
    })?;
    let with = store.transcript_participants(None)?;
    let mut concerned: BTreeSet<i64> = formerly.into_iter().collect();
    concerned.extend(
        with.iter()
            .filter(|(_, people)| people.contains(&person))
            .map(|(t, _)| *t),
    );
    for id in concerned {
        let Some(transcript) = store.transcript_by_id(id)? else {
            continue;
        };
        let people = with.get(&id).map(Vec::as_slice).unwrap_or_default();
        let labels = store.speakers(Some(id))?;
        take(
            &mut found,
            person,
            &transcript.slug,
            id,
            people,
            &labels,
            unassigned,
        );
    }
    for (transcript, shared) in found.shared.clone() {
        let (own, both) = codings_of(store, transcript, &shared)?;
        found.codings.extend(own);
        found.codings_shared.extend(both);
    }
    for transcript in &found.whole {
        let all = store.codings_of(*transcript)?.into_iter();
        let waiting = store.pending_codings(Some(*transcript))?.into_iter();
        found.codings.extend(all.chain(waiting).map(|c| c.id));
    }
    found.open.sort();
    Ok(found)
}

/// Says of one transcript what of it is theirs.
fn take(
    found: &mut Theirs,
    person: i64,
    slug: &str,
    id: i64,
    people: &[i64],
    labels: &[Speaker],
    unassigned: Option<Unassigned>,
) {
    let mut mine: BTreeSet<i64> = labels
        .iter()
        .filter(|l| l.participant == Some(person))
        .map(|l| l.id)
        .collect();
    let open: Vec<&Speaker> = labels
        .iter()
        .filter(|l| {
            l.participant.is_none() && l.role != "interviewer" && !blank::is_blank(&l.label)
        })
        .collect();
    let is_with = people.contains(&person);
    let alone = is_with && people.iter().all(|p| *p == person);
    let only_label = mine.is_empty() && open.len() == 1 && unassigned != Some(Unassigned::Others);
    if alone && (open.is_empty() || only_label) {
        found.whole.insert(id);
        return;
    }
    if !open.is_empty() {
        match unassigned {
            None => found.open.extend(open.iter().map(|l| OpenLabel {
                transcript: slug.to_owned(),
                label: l.label.clone(),
            })),
            Some(Unassigned::Theirs) if alone => {
                found.whole.insert(id);
                return;
            }
            Some(Unassigned::Theirs) => mine.extend(open.iter().map(|l| l.id)),
            Some(Unassigned::Others) => {}
        }
    }
    // Several people and no label: nobody can tell whose the words are. Who is left would be taken for the speaker of all.
    let bare = is_with && !alone && labels.iter().all(|l| l.role == "interviewer");
    if bare && unassigned.is_none() {
        found.open.push(OpenLabel {
            transcript: slug.to_owned(),
            label: String::new(),
        });
    }
    if is_with || !mine.is_empty() {
        found.shared.insert(
            id,
            Shared {
                speakers: mine,
                unlabelled: alone || (bare && unassigned == Some(Unassigned::Theirs)),
            },
        );
    }
}

/// A transcript's codings that touch only their words, and those that touch others' too.
fn codings_of(store: &Store, transcript: i64, shared: &Shared) -> Result<(Vec<i64>, Vec<i64>)> {
    let (mut own, mut both) = (Vec::new(), Vec::new());
    let mut codings = store.codings_of(transcript)?;
    codings.extend(store.pending_codings(Some(transcript))?);
    for revision in store.revisions(transcript)? {
        let here: Vec<&Coding> = codings
            .iter()
            .filter(|c| c.revision == revision.id)
            .collect();
        if here.is_empty() {
            continue;
        }
        let turns = store.turns(revision.first_turn, revision.turns)?;
        for coding in here {
            match touches(&revision, &turns, coding, shared) {
                (true, false) => own.push(coding.id),
                (true, true) => both.push(coding.id),
                _ => {}
            }
        }
    }
    Ok((own, both))
}

/// Whether a coding touches their words, and whether it touches others'.
fn touches(revision: &Revision, turns: &[Turn], coding: &Coding, shared: &Shared) -> (bool, bool) {
    let at = |turn: i64| usize::try_from(turn - revision.first_turn).unwrap_or(usize::MAX);
    let range = at(coding.turn)..at(coding.last_turn).saturating_add(1);
    let (mut own, mut others) = (false, false);
    for turn in turns.get(range).unwrap_or_default() {
        if turn.span.overlaps(coding.span) {
            if shared.is_theirs(turn.speaker) {
                own = true;
            } else {
                others = true;
            }
        }
    }
    (own, others)
}

/// The turns of a revision, each with whether it is theirs.
pub(super) fn spoken(turns: &[Turn], shared: &Shared) -> Vec<SpokenTurn> {
    turns
        .iter()
        .map(|t| SpokenTurn {
            span: t.span,
            theirs: shared.is_theirs(t.speaker),
        })
        .collect()
}

/// A number of a before-image.
pub(super) fn number(
    image: &serde_json::Map<String, serde_json::Value>,
    name: &str,
) -> Option<i64> {
    image.get(name).and_then(serde_json::Value::as_i64)
}

/// A text of a before-image.
pub(super) fn text<'a>(
    image: &'a serde_json::Map<String, serde_json::Value>,
    name: &str,
) -> Option<&'a str> {
    image.get(name).and_then(serde_json::Value::as_str)
}
