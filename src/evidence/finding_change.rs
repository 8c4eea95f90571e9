//! What may be written of findings: which things are evidence, and what is refused with its reason.

use std::collections::BTreeSet;

use super::Error;
use super::finding::reworded_since;
use super::finding_passage::{INTERVIEWER, SEALED, WAITS, passages};
use super::frame::CellPlace;
use crate::domain::filter::{Filter, Speakers};
use crate::domain::place::Place;
use crate::domain::span::printable;
use crate::domain::words::{Bearing, Verdict};
use crate::error::Result;
use crate::store::{
    CellRow, Evidence, EvidenceOn, Finding, NewEvidence, Prediction, Rival, Store, Tx,
};
use crate::study::{Codebook, Shut, Study};

/// How many codings a hint names.
const NAMED: usize = 6;

/// A piece of evidence as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub codings: Vec<i64>,
    /// `CASE,THEME`; `/` stands for all.
    pub cells: Vec<String>,
    pub transcripts: Vec<String>,
}

/// Finds what was typed, and refuses what can't be evidence: codings that wait, words that are off the record or an
/// interviewer's, cells that say nothing.
pub fn find(study: &Study, typed: &Typed) -> Result<Vec<EvidenceOn>> {
    let store = &study.store;
    let mut found = Vec::new();
    if !typed.codings.is_empty() {
        // Whoever speaks: what is an interviewer's is told apart below.
        let selection = study.select(&Filter {
            speakers: Speakers::Participant,
            ..Filter::default()
        })?;
        let book = Codebook::read(store)?;
        let all = passages(
            store,
            &book,
            &selection,
            typed.codings.iter().copied(),
            false,
        )?;
        for id in &typed.codings {
            let passage = all
                .get(id)
                .ok_or(crate::coding::Error::UnknownCoding(*id))?;
            match passage.held_back {
                Some(WAITS) => {
                    return Err(Error::refused(
                        format!("coding {id} waits for its place in a corrected text, and counts nowhere until then"),
                        format!("place it with: casebook transcript pending {} --coding {id} --accept", passage.transcript),
                    )
                    .into());
                }
                Some(SEALED) => {
                    return Err(Error::refused(
                        format!("coding {id} is off the record, and no evidence for anything"),
                        "see what was promised with: casebook participant list",
                    )
                    .into());
                }
                Some(INTERVIEWER) => {
                    return Err(Error::refused(
                        format!("coding {id} is an interviewer's words, which are no evidence"),
                        format!(
                            "code the answer: casebook code {}:{} THEME",
                            passage.transcript,
                            passage.last_turn + 1
                        ),
                    )
                    .into());
                }
                _ => found.push(EvidenceOn::Coding(*id)),
            }
        }
    }
    for typed in &typed.cells {
        let cell = cell(store, typed, "--cell ")?;
        if cell.status != "charted" {
            return Err(Error::refused(
                format!(
                    "the cell {} says nothing: it is `{}`",
                    printable(typed),
                    cell.status
                ),
                "write it first with: casebook frame set CASE THEME TEXT",
            )
            .into());
        }
        found.push(EvidenceOn::Cell(cell.id));
    }
    for slug in &typed.transcripts {
        let transcript = store.transcript(slug)?;
        let sealed = Shut::read(store)?;
        let with = store
            .transcript_participants(Some(transcript.id))?
            .remove(&transcript.id)
            .unwrap_or_default();
        if sealed.covers(&transcript.revision, &with) {
            return Err(Error::refused(
                format!(
                    "{} is off the record, and no evidence for anything",
                    transcript.slug
                ),
                "see what was promised with: casebook participant list",
            )
            .into());
        }
        found.push(EvidenceOn::Transcript(transcript.id));
    }
    Ok(found)
}

/// The cell that `CASE,THEME` names; `before` is what stands before that where it is typed.
pub fn cell(store: &Store, typed: &str, before: &str) -> Result<CellRow> {
    let Some((case, theme)) = typed.split_once(',') else {
        return Err(Error::refused(
            format!(
                "`{}` is no cell: it is named by its case and its theme",
                printable(typed)
            ),
            format!("as in: {before}alder,governance/clarity"),
        )
        .into());
    };
    let place = CellPlace::find(store, case, theme)?;
    match store.cell_row_at(place.case_id(), place.theme_id())? {
        Some(cell) => Ok(cell),
        None => {
            let (case, theme) = place.typed();
            Err(Error::refused(
                format!("nothing is written for {}", place.said()),
                format!("write it first with: casebook frame set {case} {theme} TEXT"),
            )
            .into())
        }
    }
}

/// Why a place is no evidence, with the codings there.
pub fn only_codings(
    study: &Study,
    finding: i64,
    verb: &str,
    place: &Place,
    quote: Option<&str>,
) -> Result<Error> {
    let found = study.locate(place, quote)?;
    let book = Codebook::read(&study.store)?;
    let there: Vec<_> = study
        .store
        .codings_of(found.transcript.id)?
        .into_iter()
        .filter(|c| c.span.overlaps(found.span))
        .collect();
    let message = format!("{place} is a place; only what is coded there is evidence");
    if there.is_empty() {
        return Ok(Error::refused(
            message,
            format!("code it first: casebook code {place} THEME"),
        ));
    }
    let mut named: Vec<String> = there
        .iter()
        .take(NAMED)
        .map(|c| format!("{} ({})", c.id, book.path_of(c.theme)))
        .collect();
    if there.len() > NAMED {
        named.push(format!("{} more", there.len() - NAMED));
    }
    Ok(Error::refused(
        message,
        format!(
            "name one of its codings: {}; as in: casebook finding {verb} {finding} --coding {}",
            named.join(", "),
            there[0].id
        ),
    ))
}

/// Where evidence bears: on a finding's claim, or on one of its rivals.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub finding: i64,
    pub rival: Option<i64>,
}

/// Adds evidence. What bears there the same way already is not added twice; what bears the other way is refused.
/// Gives the numbers of those added, and how many were there.
pub fn add(
    tx: &Tx,
    target: Target,
    bears: Bearing,
    on: &[EvidenceOn],
    note: Option<&str>,
    coder: i64,
) -> Result<(Vec<i64>, usize)> {
    let mut there = tx.evidence_of(Some(target.finding))?;
    there.retain(|e| e.rival == target.rival);
    let (mut added, mut known) = (Vec::new(), 0);
    let mut done: Vec<EvidenceOn> = Vec::new();
    for on in on {
        if let Some(same) = there.iter().find(|e| e.on == *on) {
            if same.bears != bears {
                return Err(Error::refused(
                    format!(
                        "it {} {} already, as evidence {}",
                        same.bears,
                        match target.rival {
                            Some(rival) => format!("rival {rival}"),
                            None => format!("finding {}", target.finding),
                        },
                        same.id
                    ),
                    format!(
                        "take it off first: casebook finding withdraw {} --evidence {}",
                        target.finding, same.id
                    ),
                )
                .into());
            }
            known += 1;
            continue;
        }
        if done.contains(on) {
            continue;
        }
        done.push(*on);
        added.push(tx.add_evidence(&NewEvidence {
            finding: target.finding,
            rival: target.rival,
            bears,
            on: *on,
            note,
            coder,
        })?);
    }
    Ok((added, known))
}

/// The piece of evidence of that number, which must bear on that finding.
pub fn evidence_of(store: &Store, finding: &Finding, evidence: i64) -> Result<Evidence> {
    let all = store.evidence_of(Some(finding.id))?;
    all.into_iter().find(|e| e.id == evidence).ok_or_else(|| {
        Error::refused(
            format!("no evidence `{evidence}` of finding {}", finding.id),
            format!(
                "see it and its numbers with: casebook finding show {}",
                finding.id
            ),
        )
        .into()
    })
}

/// Says of evidence that it still holds although its words were changed: the pieces of these numbers or, where none is
/// named, all whose words were. Gives how many.
///
/// # Errors
/// A number that is none of the finding's evidence; nothing named and nothing changed.
pub fn confirm(tx: &Tx, finding: &Finding, named: &[i64]) -> Result<usize> {
    let mut wanted = BTreeSet::new();
    for id in named {
        wanted.insert(evidence_of(tx, finding, *id)?.id);
    }
    if named.is_empty() {
        for one in tx.evidence_of(Some(finding.id))? {
            if let EvidenceOn::Coding(id) = one.on
                && let Some(coding) = tx.coding(id)?
                && reworded_since(coding.reworded, &one).is_some()
            {
                wanted.insert(one.id);
            }
        }
    }
    if wanted.is_empty() {
        return Err(Error::refused(
            format!(
                "no evidence of finding {} had its words changed since it was named",
                finding.id
            ),
            format!(
                "see what bears on it with: casebook finding show {}",
                finding.id
            ),
        )
        .into());
    }
    for id in &wanted {
        tx.confirm_evidence(*id)?;
    }
    Ok(wanted.len())
}

/// The rival that is meant: the one of that number, or the only one.
pub fn rival_of(store: &Store, finding: i64, rival: Option<i64>) -> Result<Rival> {
    let mut all = store.rivals(Some(finding))?;
    let listed = |all: &[Rival]| {
        let ids: Vec<String> = all.iter().map(|r| r.id.to_string()).collect();
        ids.join(", ")
    };
    match rival {
        Some(id) => match all.iter().position(|r| r.id == id) {
            Some(at) => Ok(all.swap_remove(at)),
            None if all.is_empty() => Err(Error::refused(
                format!("finding {finding} has no rival `{id}`: it has none yet"),
                format!("add one with: casebook finding rival {finding} TEXT"),
            )
            .into()),
            None => Err(Error::refused(
                format!("finding {finding} has no rival `{id}`"),
                format!("its rivals are: {}", listed(&all)),
            )
            .into()),
        },
        None if all.len() == 1 => Ok(all.remove(0)),
        None if all.is_empty() => Err(Error::refused(
            format!("finding {finding} has no rival yet"),
            format!("add one with: casebook finding rival {finding} TEXT"),
        )
        .into()),
        None => Err(Error::refused(
            format!("finding {finding} has {} rivals", all.len()),
            format!("say which one: --rival N, with N one of {}", listed(&all)),
        )
        .into()),
    }
}

/// A rival with its verdict; every verdict but `open` needs its reason.
pub fn with_verdict(mut rival: Rival, verdict: Verdict, why: Option<&str>) -> Result<Rival> {
    let why = why.map(str::trim).filter(|w| !w.is_empty());
    if verdict != Verdict::Open && why.is_none() {
        return Err(Error::refused(
            format!("a rival that is `{verdict}` is so for a reason"),
            format!(
                "say it: casebook finding rival {} --rival {} --verdict {verdict} --why REASON",
                rival.finding, rival.id
            ),
        )
        .into());
    }
    rival.verdict = verdict;
    rival.why = match verdict {
        Verdict::Open => None,
        _ => why.map(str::to_owned),
    };
    Ok(rival)
}

/// What a finding predicts for a case, which must be there.
pub fn prediction_of(store: &Store, finding: i64, case: i64, slug: &str) -> Result<Prediction> {
    let all = store.predictions(Some(finding))?;
    all.into_iter().find(|p| p.case == case).ok_or_else(|| {
        Error::refused(
            format!("finding {finding} predicts nothing for {}", printable(slug)),
            format!(
                "predict first: casebook finding predict {finding} {} --literal TEXT",
                printable(slug)
            ),
        )
        .into()
    })
}
