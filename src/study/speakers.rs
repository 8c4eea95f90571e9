//! Who speaks under a label: said by the user, or plain from the label; never guessed.

use super::Error;
use crate::domain::words::SpeakerRole;
use crate::error::{Result, did_you_mean};
use crate::import;
use crate::store::{Store, Transcript, Tx};

/// `LABEL=interviewer`, `LABEL=participant`, `LABEL=unknown` or `LABEL=P07`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub label: String,
    pub role: SpeakerRole,
    /// The participant's code, where it is said who speaks.
    pub participant: Option<String>,
}

pub fn parse_assignment(typed: &str) -> Result<Assignment, Error> {
    let fail = || {
        Error::refused(
            format!(
                "`{}` does not say who speaks",
                crate::domain::span::printable(typed)
            ),
            "write it as LABEL=interviewer or LABEL=P07",
        )
    };
    let (label, who) = typed.rsplit_once('=').ok_or_else(fail)?;
    let (label, who) = (label.trim(), who.trim());
    if label.is_empty() || who.is_empty() {
        return Err(fail());
    }
    let role = who.to_lowercase().parse::<SpeakerRole>().ok();
    Ok(Assignment {
        label: label.to_owned(),
        role: role.unwrap_or(SpeakerRole::Participant),
        participant: role.is_none().then(|| who.to_owned()),
    })
}

/// What an assignment does to some transcripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    pub assignment: Assignment,
    /// In how many of the transcripts the label stands.
    pub transcripts: usize,
    /// In how many of them it is somebody else's until now.
    pub changes: usize,
    /// Ids of the labels to change, and the participant's.
    speakers: Vec<i64>,
    participant: Option<i64>,
}

/// Finds the labels that assignments mean in these transcripts. A label that stands in none of them is refused.
pub fn plan_assignments(
    store: &Store,
    transcripts: &[Transcript],
    assignments: &[Assignment],
) -> Result<Vec<Assigned>> {
    if assignments.is_empty() {
        return Ok(Vec::new());
    }
    let one = match transcripts {
        [one] => Some(one.id),
        _ => None,
    };
    let mut all = store.speakers(one)?;
    let mut wanted: Vec<i64> = transcripts.iter().map(|t| t.id).collect();
    wanted.sort_unstable();
    all.retain(|s| wanted.binary_search(&s.transcript).is_ok());
    all.sort_by_key(|s| s.transcript);
    let mut planned = Vec::new();
    for assignment in assignments {
        let participant = match &assignment.participant {
            Some(code) => Some(store.participant(code)?.id),
            None => None,
        };
        let mut assigned = Assigned {
            assignment: assignment.clone(),
            transcripts: 0,
            changes: 0,
            speakers: Vec::new(),
            participant,
        };
        for labels in all.chunk_by(|a, b| a.transcript == b.transcript) {
            let exact = labels.iter().find(|s| s.label == assignment.label);
            let found = exact.or_else(|| {
                labels
                    .iter()
                    .find(|s| s.label.to_lowercase() == assignment.label.to_lowercase())
            });
            let Some(found) = found else { continue };
            assigned.transcripts += 1;
            if found.role != assignment.role.word() || found.participant != participant {
                assigned.changes += 1;
                assigned.speakers.push(found.id);
            }
        }
        if assigned.transcripts == 0 {
            return Err(unknown(store, transcripts, &assignment.label)?.into());
        }
        planned.push(assigned);
    }
    Ok(planned)
}

/// Writes what was planned.
pub fn assign(tx: &Tx, planned: &[Assigned]) -> Result<()> {
    for one in planned {
        for speaker in &one.speakers {
            tx.assign_speaker(*speaker, one.assignment.role.word(), one.participant)?;
        }
    }
    Ok(())
}

fn unknown(store: &Store, transcripts: &[Transcript], label: &str) -> Result<Error> {
    let labels = match transcripts {
        [one] => store.speakers(Some(one.id))?,
        _ => store.speakers(None)?,
    };
    // A label may be somebody's name: only one that is a role (`Speaker 1`) is said.
    let roles = labels
        .iter()
        .filter(|s| import::is_role(&s.label) && transcripts.iter().any(|t| t.id == s.transcript))
        .map(|s| s.label.as_str());
    let (place, show) = match transcripts {
        [one] => (one.slug.clone(), one.slug.as_str()),
        _ => (format!("these {} transcripts", transcripts.len()), "T01"),
    };
    let near = match did_you_mean(label, roles) {
        Some(near) => format!(
            "did you mean `{}`? Or ",
            crate::domain::span::printable(&near)
        ),
        None => String::new(),
    };
    Ok(Error::refused(
        format!("nobody speaks under that label in {place}"),
        format!("{near}see the labels with: casebook transcript show {show} --json"),
    ))
}
