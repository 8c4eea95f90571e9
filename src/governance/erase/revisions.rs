//! Erasing earlier texts: what a transcript said before it was corrected or pseudonymised, and what notes said before they
//! were. The present texts stay.
//!
//! Names that went from the texts may stand elsewhere in the record: in labels that only an earlier text had, in reasons, in
//! states of notes that were edited by hand. So each word that stands in what went and in nothing that stays takes these
//! with it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use super::quoted;
use super::theirs::{number, text};
use crate::error::{Failure, Result};
use crate::governance::Error;
use crate::store::{ERASE_REVISIONS, FREE_TEXT, Fate, FileToGo, Past, Store, Transcript};
use crate::study::Study;

/// The change that puts replacements into texts and notes.
const APPLY: &str = "pseudonym apply";

/// Stands for a transcript where states of notes are meant; no transcript is called so.
const NOTES: &str = "(notes)";

/// Whether people write in their own words into a table.
fn is_note(table: &str) -> bool {
    FREE_TEXT.iter().any(|(t, _)| *t == table)
}

/// The words in which people wrote, of a before-image.
fn written<'a>(past: &'a Past) -> impl Iterator<Item = &'a str> {
    FREE_TEXT
        .iter()
        .filter(|(table, _)| *table == past.table)
        .filter_map(|(_, column)| text(past.image, column))
}

/// What goes of one transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionsGone {
    pub transcript: String,
    /// Numbers of the revisions that go.
    pub revisions: Vec<i64>,
    /// Of the record: before-images of earlier texts.
    pub images: usize,
}

/// What goes of these transcripts; those without an earlier text are left out.
///
/// # Errors
/// Refused where codings wait on an earlier text for their place.
pub fn reach_revisions(store: &Store, transcripts: &[Transcript]) -> Result<Vec<RevisionsGone>> {
    let mut found = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    for transcript in transcripts {
        let pending = store.pending_codings(Some(transcript.id))?.len();
        if pending > 0 {
            waiting.push(format!("{} ({pending})", transcript.slug));
        }
        found.push(RevisionsGone {
            transcript: transcript.slug.clone(),
            revisions: store
                .revisions(transcript.id)?
                .iter()
                .map(|r| r.number)
                .filter(|n| *n != transcript.revision.number)
                .collect(),
            images: 0,
        });
    }
    if let Some(first) = waiting.first() {
        let slug = first.split(' ').next().unwrap_or_default();
        return Err(Error::refused(
            format!(
                "codings wait on earlier texts for their place: {}",
                waiting.join(", ")
            ),
            format!("place them or let them go: casebook transcript pending {slug}"),
        )
        .into());
    }
    let ids: BTreeSet<i64> = transcripts.iter().map(|t| t.id).collect();
    store.each_image_of(&["revisions"], |past| {
        if let Some(id) = number(past.image, "transcript").filter(|id| ids.contains(id))
            && let Some(n) = transcripts.iter().position(|t| t.id == id)
        {
            found[n].images += 1;
        }
        Ok::<(), crate::store::Error>(())
    })?;
    let applied = store.events_of(APPLY)?;
    let mut notes = RevisionsGone {
        transcript: NOTES.into(),
        revisions: Vec::new(),
        images: 0,
    };
    store.each_image(|past| {
        notes.images += usize::from(is_note(past.table) && applied.contains(&past.event));
        Ok::<(), crate::store::Error>(())
    })?;
    found.push(notes);
    found.retain(|f| f.images > 0 || !f.revisions.is_empty());
    Ok(found)
}

/// Erases all texts of these transcripts but the present ones, in one change. What is left to do afterwards is on record.
pub fn erase_revisions(
    study: &Study,
    transcripts: &[Transcript],
    files: &[FileToGo],
) -> Result<(Vec<RevisionsGone>, Option<i64>)> {
    let ids: BTreeSet<i64> = transcripts.iter().map(|t| t.id).collect();
    study.change(ERASE_REVISIONS, |tx| {
        let found = reach_revisions(tx, transcripts)?;
        if found.is_empty() {
            return Ok(found);
        }
        for transcript in transcripts {
            for revision in tx.revisions(transcript.id)? {
                if revision.number != transcript.revision.number {
                    tx.drop_revision(revision.id)?;
                }
            }
        }
        let mut gone: Vec<String> = Vec::new();
        let mut labels: HashSet<i64> = HashSet::new();
        for transcript in transcripts {
            let called = tx.speakers(Some(transcript.id))?;
            for id in tx.labels_without_turns(transcript.id)? {
                gone.extend(
                    called
                        .iter()
                        .filter(|s| s.id == id)
                        .map(|s| s.label.clone()),
                );
                tx.drop_label(id)?;
                labels.insert(id);
            }
        }
        let applied = tx.events_of(APPLY)?;
        let goes = |past: &Past| match past.table {
            "revisions" => number(past.image, "transcript").is_some_and(|id| ids.contains(&id)),
            "speakers" => labels.contains(&past.row),
            table => is_note(table) && applied.contains(&past.event),
        };
        tx.each_image(|past| {
            if goes(past) {
                gone.extend(text(past.image, "text").map(str::to_owned));
                gone.extend(text(past.image, "label").map(str::to_owned));
                gone.extend(written(past).map(str::to_owned));
            }
            Ok::<(), crate::store::Error>(())
        })?;
        let words = words_of(tx, &gone)?;
        let has_one = |said: &str| quoted::words(said).any(|word| words.contains(&word));
        let mut more: Vec<String> = Vec::new();
        tx.sift_images(|past| {
            if goes(past) {
                return Ok::<_, Failure>(Fate::Erase);
            }
            if written(past).any(has_one) {
                more.extend(written(past).map(str::to_owned));
                return Ok(Fate::Erase);
            }
            Ok(Fate::Keep)
        })?;
        gone.extend(more);
        let mut reasons = BTreeSet::new();
        for (event, why) in tx.reasons()? {
            // Of formats before 4 the chain covers the reason itself.
            if event != tx.event() && has_one(&why) && tx.has_hashed_reason(event)? {
                reasons.insert(event);
                gone.push(why);
            }
        }
        tx.erase_words(&reasons, &BTreeMap::new())?;
        tx.add_erasing(files, &super::probes(tx, &gone)?.to_bytes())?;
        let texts = found.iter().filter(|f| f.transcript != NOTES);
        tx.summary(match &texts.collect::<Vec<_>>()[..] {
            [] => "erase earlier states of notes".to_owned(),
            [one] => format!("erase earlier texts of {}", one.transcript),
            many => format!("erase earlier texts of {} transcripts", many.len()),
        });
        Ok(found)
    })
}

/// The words of what went that stand in nothing that stays: in no present text, note, label or name.
fn words_of(store: &Store, gone: &[String]) -> Result<HashSet<String>> {
    let mut words: HashSet<String> = gone.iter().flat_map(|text| quoted::words(text)).collect();
    let mut stays = |text: &str| {
        for word in quoted::words(text) {
            words.remove(&word);
        }
    };
    for transcript in store.transcripts()? {
        stays(&transcript.slug);
        store.with_text(transcript.revision.id, &mut stays)?;
    }
    for speaker in store.speakers(None)? {
        stays(&speaker.label);
    }
    for participant in store.participants()? {
        stays(&participant.code);
    }
    store.each_free_text(|_, _, _, text| {
        stays(text);
        Ok::<(), crate::store::Error>(())
    })?;
    Ok(words)
}
