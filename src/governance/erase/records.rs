//! Erasing records whose time is over, class by class: transcripts with all that was coded in them, signed forms, responses.
//! The people stay.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::theirs::number;
use crate::error::{Failure, Result};
use crate::store::{Fate, Past, RETENTION_DELETE, transcript_of};
use crate::study::Study;

/// Records of one class: the rows' ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    Transcripts(HashSet<i64>),
    /// Forms, and the people whose forms all of them are.
    Consents {
        forms: HashSet<i64>,
        people: HashSet<i64>,
    },
    /// Responses, and the people whose responses all of them are.
    Responses {
        responses: HashSet<i64>,
        people: HashSet<i64>,
    },
}

impl Records {
    /// Whether a before-image is of one of them, or of a row that was part of one.
    fn has(&self, past: &Past) -> bool {
        let at = |name: &str| number(past.image, name);
        match self {
            Self::Transcripts(ids) => {
                let of_coding = |coding: i64| ids.contains(&transcript_of(coding));
                match past.table {
                    "transcripts" => ids.contains(&past.row),
                    "codings" => of_coding(past.row),
                    "revisions"
                    | "speakers"
                    | "transcript_participants"
                    | "limits"
                    | "sampled"
                    | "settlements" => at("transcript").is_some_and(|t| ids.contains(&t)),
                    "frame_links" => at("coding").is_some_and(of_coding),
                    "attribute_values" | "memos" | "evidence" | "assessment_links" | "cohorts"
                    | "cohort_members" | "claims" => {
                        at("transcript_id").is_some_and(|t| ids.contains(&t))
                            || at("coding_id").is_some_and(of_coding)
                    }
                    _ => false,
                }
            }
            Self::Consents { forms, people } => {
                past.table == "consents"
                    && (forms.contains(&past.row)
                        || at("participant").is_some_and(|p| people.contains(&p)))
            }
            Self::Responses { responses, people } => match past.table {
                "responses" => {
                    responses.contains(&past.row)
                        || at("participant").is_some_and(|p| people.contains(&p))
                }
                "decisions" => at("response").is_some_and(|r| responses.contains(&r)),
                _ => false,
            },
        }
    }
}

/// Erases records of one class in one change, from the tables and from the record, and notes that the rule of `class` was
/// carried out. What is left to do afterwards is on record: see [`super::finish`]. Gives the event.
///
/// # Errors
/// A study that can't be written to.
pub fn erase_records(study: &Study, class: &str, records: &Records) -> Result<Option<i64>> {
    let ((), event) = study.change(RETENTION_DELETE, |tx| {
        let n = match records {
            Records::Transcripts(ids) => {
                let mut ordered: Vec<i64> = ids.iter().copied().collect();
                ordered.sort_unstable();
                for id in ordered {
                    tx.drop_transcript(id)?;
                }
                ids.len()
            }
            Records::Consents { forms, .. } => tx.drop_consents(forms)?,
            Records::Responses { responses, .. } => tx.drop_responses(responses)?,
        };
        let mut gone: Vec<String> = Vec::new();
        tx.sift_images(|past| {
            if !records.has(past) {
                return Ok::<_, Failure>(Fate::Keep);
            }
            for (name, value) in past.image {
                if let Json::String(text) = value
                    && !matches!(
                        name.as_str(),
                        "uuid" | "text_sha256" | "file_sha256" | "basis"
                    )
                {
                    gone.push(text.clone());
                }
            }
            Ok(Fate::Erase)
        })?;
        tx.retention_carried_out(class)?;
        tx.add_erasing(&[], &super::probes(tx, &gone)?.to_bytes())?;
        tx.summary(format!("delete what was due: {n} {class}"));
        Ok(())
    })?;
    Ok(event)
}
