//! Erasing earlier texts: what a transcript said before it was corrected or pseudonymised. The present text stays.

use std::collections::BTreeSet;

use serde::Serialize;

use super::theirs::number;
use crate::error::{Failure, Result};
use crate::governance::Error;
use crate::store::{ERASE_REVISIONS, Fate, FileToGo, Store, Transcript};
use crate::study::Study;
use serde_json::Value as Json;

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
        tx.sift_images(|past| {
            let theirs = past.table == "revisions"
                && number(past.image, "transcript").is_some_and(|id| ids.contains(&id));
            if !theirs {
                return Ok::<_, Failure>(Fate::Keep);
            }
            gone.extend(
                past.image
                    .get("text")
                    .and_then(Json::as_str)
                    .map(str::to_owned),
            );
            Ok(Fate::Erase)
        })?;
        tx.add_erasing(files, &super::probes(tx, &gone)?.to_bytes())?;
        tx.summary(match &found[..] {
            [one] => format!("erase earlier texts of {}", one.transcript),
            many => format!("erase earlier texts of {} transcripts", many.len()),
        });
        Ok(found)
    })
}
