//! Which summaries an audience may read. A summary tells what people said: the gate is asked for every passage that it
//! names, and what it holds back of one, it holds back of the summary.

use std::collections::{HashMap, HashSet};

use super::grid::Charted;
use super::passage::{Asking, voices};
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::governance::gate::{Audience, Reason, To};
use crate::governance::limit::Limits;
use crate::store::{Cell, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Shut, Study};

/// The cells whose summaries are held back from an audience, by their ids.
///
/// The team sees all but what rests on words off the record alone: on passages of which nobody may know, or, where it
/// names none, on nothing else below it. Anyone else sees the summary of a cell that names passages, all of which may be
/// shown to them, and below which something counts; and that of a row or column of which every summary may be shown.
pub(super) fn held_back(study: &Study, charted: &Charted, to: &To) -> Result<HashMap<i64, Reason>> {
    let team = to.audience == Audience::Team;
    let written = |c: &&Cell| c.status == CellStatus::Charted;
    let below = |c: &Cell| charted.basis(c.case, c.theme).below;
    let asked: Vec<&Cell> = charted.cells.iter().filter(written).collect();
    let named = asked
        .iter()
        .flat_map(|c| charted.links_of(c.id))
        .copied()
        .collect();
    let passages = judged(study, named, to)?;
    let unheard = unheard(study, charted, &asked)?;
    let mut held: HashMap<i64, Reason> = HashMap::new();
    let of_passages = |cell: &Cell| {
        charted
            .links_of(cell.id)
            .iter()
            .find_map(|id| passages.get(id).and_then(|p| p.may.err()))
    };
    for cell in &asked {
        let (Some(case), Some(theme)) = (cell.case, cell.theme) else {
            continue;
        };
        let links = charted.links_of(cell.id);
        let is_sealed = |id: &i64| passages.get(id).is_some_and(|p| p.sealed);
        let sealed = if links.is_empty() {
            unheard.contains(&(case, theme))
        } else {
            links.iter().all(is_sealed)
        };
        let reason = if sealed {
            Some(Reason::OffRecord)
        } else if team {
            None
        } else if links.is_empty() {
            Some(Reason::NamesNone)
        } else {
            let waits = |id: &i64| passages.get(id).is_none_or(|p| p.waits);
            of_passages(cell)
                .or((below(cell) == 0 || links.iter().all(waits)).then_some(Reason::NothingBelow))
        };
        held.extend(reason.map(|reason| (cell.id, reason)));
    }
    for cell in charted.cells.iter().filter(written) {
        if cell.case.is_some() && cell.theme.is_some() {
            continue;
        }
        let mut under = charted
            .cells
            .iter()
            .filter(written)
            .filter(|c| c.case.is_some() && c.theme.is_some())
            .filter(|c| cell.case.is_none_or(|id| c.case == Some(id)))
            .filter(|c| cell.theme.is_none_or(|id| c.theme == Some(id)))
            .peekable();
        let empty = under.peek().is_none();
        let reason = if team {
            let all = !empty && under.all(|c| held.contains_key(&c.id));
            all.then_some(Reason::OffRecord)
        } else if empty {
            Some(Reason::NothingBelow)
        } else if under.any(|c| held.contains_key(&c.id)) {
            Some(Reason::OverHeldBack)
        } else {
            of_passages(cell)
        };
        held.extend(reason.map(|reason| (cell.id, reason)));
    }
    Ok(held)
}

/// What the gate says of a passage that a cell names.
struct Judged {
    /// To anyone: whoever reads the frame of a study reads everybody's, and the row is a case.
    may: std::result::Result<(), Reason>,
    /// Whether nobody in it but interviewers spoke on the record.
    sealed: bool,
    /// Whether it waits for its place in a corrected text.
    waits: bool,
}

fn judged(study: &Study, mut codings: Vec<i64>, to: &To) -> Result<HashMap<i64, Judged>> {
    codings.sort_unstable();
    codings.dedup();
    let mut found = HashMap::with_capacity(codings.len());
    if codings.is_empty() {
        return Ok(found);
    }
    let sealed = Shut::read(&study.store)?;
    let limits = Limits::read(&study.store)?;
    // The team is asked for what anyone may see, too: which of it is off the record is the same.
    let anyone = To::anyone(Audience::Public);
    let asking = Asking {
        sealed: &sealed,
        limits: &limits,
        to: if to.audience == Audience::Case {
            to
        } else {
            &anyone
        },
        // A row is one case: what stands in it is attributed to that.
        among_few: true,
    };
    let mut reader = Reader::new(&study.store)?;
    for id in codings {
        let Some(coding) = study.store.coding(id)? else {
            continue;
        };
        let transcript = reader.transcript(transcript_of(id))?.clone();
        let voices = voices(study, &mut reader, &asking, &transcript, &coding)?;
        let says = |wanted: &dyn Fn(Reason) -> bool| {
            voices
                .iter()
                .find_map(|(_, may)| may.err().filter(|r| wanted(*r)))
        };
        // What interviewers ask on the way promises nobody anything; where only they speak, nothing is quoted.
        let may = match says(&|r| r != Reason::Interviewer) {
            Some(reason) => Err(reason),
            None if voices.iter().any(|(_, may)| may.is_ok()) => Ok(()),
            None => Err(Reason::Interviewer),
        };
        found.insert(
            id,
            Judged {
                may,
                sealed: may == Err(Reason::OffRecord)
                    && voices.iter().all(|(_, may)| {
                        matches!(may, Err(Reason::OffRecord | Reason::Interviewer))
                    }),
                waits: coding.pending.is_some(),
            },
        );
    }
    Ok(found)
}

/// Of the places of these cells, those below which words off the record are coded. Asked only where nothing counts.
fn unheard(study: &Study, charted: &Charted, cells: &[&Cell]) -> Result<HashSet<(i64, i64)>> {
    let bare: HashSet<(i64, i64)> = cells
        .iter()
        .filter_map(|c| Some((c.case?, c.theme?)))
        .filter(|(case, theme)| charted.basis(Some(*case), Some(*theme)).below == 0)
        .collect();
    let mut found = HashSet::new();
    if bare.is_empty() || Shut::read(&study.store)?.is_empty() {
        return Ok(found);
    }
    let above = charted.lay.above_cases();
    study.store.each_sized_coding(|c| {
        if charted.sealed.counts(c.id) {
            return;
        }
        let case = charted.lay.case_of(transcript_of(c.id));
        for case in case.and_then(|id| above.get(&id)).into_iter().flatten() {
            for theme in charted.lay.above_theme(c.theme) {
                if bare.contains(&(*case, theme)) {
                    found.insert((*case, theme));
                }
            }
        }
    })?;
    Ok(found)
}
