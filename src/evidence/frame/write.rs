//! Writing cells: a summary or a reason for none, with the codings that it rests on; confirming; clearing.

use super::grid::summary_basis;
use super::ground::{self, Sealed};
use super::lay::Lay;
use super::place::CellPlace;
use crate::analysis::frame::Basis;
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::Error;
use crate::store::{CellDraft, Tx};
use crate::study::Study;

/// What a cell is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// A summary.
    Text(String),
    /// Why there is none.
    Status(CellStatus),
    /// What it says already: only the codings that it names change.
    Same,
}

/// What writing a cell did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellWritten {
    /// Codings below it (of a row or column: cells).
    pub below: i64,
    /// The codings that it names now.
    pub links: Vec<i64>,
    pub event: Option<i64>,
}

/// A summary as it is stored, so that every file can hold it exactly: line breaks of any kind are LF, a tab is a blank,
/// marks that turn the direction of writing are gone, and nothing blank is around it.
///
/// # Errors
/// Nothing in it, or other control characters.
pub fn summary_text(typed: &str) -> Result<String, Error> {
    let text: String = typed
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| match c {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            c => c,
        })
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::refused(
            "the summary is empty",
            "to take one away: casebook frame clear CASE THEME   to say why there is none: --status not-asked",
        ));
    }
    if text
        .chars()
        .any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}'))
    {
        return Err(Error::refused(
            "the summary holds control characters, which can't be kept in a spreadsheet",
            "write it again as plain text",
        ));
    }
    Ok(text.to_owned())
}

/// What shows nothing itself, but turns what stands around it; and the byte order mark.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Writes a cell. `links` are the codings that it rests on, these and no others; without them those it has stay.
///
/// # Errors
/// A status that can't be written; a coding that is not there or not below the cell; nothing there to keep.
pub fn set(
    study: &Study,
    place: &CellPlace,
    say: &Say,
    links: Option<&[i64]>,
) -> Result<CellWritten> {
    if let Say::Status(status @ (CellStatus::Charted | CellStatus::NotCharted)) = say {
        return Err(Error::refused(
            format!("`{status}` is nothing that can be set"),
            if *status == CellStatus::Charted {
                "write the summary itself, as in: casebook frame set CASE THEME \"TEXT\""
            } else {
                "to take a summary away: casebook frame clear CASE THEME"
            },
        )
        .into());
    }
    let (mut written, event) = study.change("frame set", |tx| {
        let (case, theme) = (place.case_id(), place.theme_id());
        let there = tx.cell(case, theme)?;
        let now = below(study, tx, place)?;
        if let Some(links) = links {
            check_links(place, &now.codings, links)?;
        }
        let before = match &there {
            Some(cell) => tx.cell_links(cell.id)?,
            None => Vec::new(),
        };
        let links = links.map_or_else(|| before.clone(), once);
        let (status, text) = match say {
            Say::Text(text) => (CellStatus::Charted, Some(summary_text(text)?)),
            Say::Status(status) => (*status, None),
            Say::Same => {
                // The words were not looked at: who wrote them, and when, stays as it was.
                let there = there.as_ref().ok_or_else(|| not_written(place))?;
                tx.set_cell_links(there.id, &links)?;
                (there.status, there.text.clone())
            }
        };
        let same = there.as_ref().is_some_and(|c| {
            c.status == status && c.text == text && c.below == now.below && c.basis == now.digest
        });
        if *say != Say::Same && (!same || before != links) {
            let id = tx.put_cell(&CellDraft {
                case,
                theme,
                status,
                text: text.as_deref(),
                below: now.below,
                basis: &now.digest,
                coder: tx.coder(&study.session.coder)?,
            })?;
            tx.set_cell_links(id, &links)?;
        }
        tx.summary(format!(
            "set frame {}: {status}, {} linked",
            place.said(),
            links.len()
        ));
        Ok(CellWritten {
            below: now.below,
            links,
            event: None,
        })
    })?;
    written.event = event;
    Ok(written)
}

/// Says of a cell that it is still right, although what lies below it has changed.
///
/// # Errors
/// Nothing is written there.
pub fn confirm(study: &Study, place: &CellPlace) -> Result<CellWritten> {
    let (mut written, event) = study.change("frame confirm", |tx| {
        let (case, theme) = (place.case_id(), place.theme_id());
        let there = tx.cell(case, theme)?.ok_or_else(|| not_written(place))?;
        let now = below(study, tx, place)?;
        tx.put_cell(&CellDraft {
            case,
            theme,
            status: there.status,
            text: there.text.as_deref(),
            below: now.below,
            basis: &now.digest,
            coder: tx.coder(&study.session.coder)?,
        })?;
        tx.summary(format!("confirm frame {}", place.said()));
        Ok(CellWritten {
            below: now.below,
            links: tx.cell_links(there.id)?,
            event: None,
        })
    })?;
    written.event = event;
    Ok(written)
}

/// Takes a cell away. Gives how often findings named it as evidence, which goes too, and the event.
///
/// # Errors
/// Nothing is written there.
pub fn clear(study: &Study, place: &CellPlace) -> Result<(i64, Option<i64>)> {
    study.change("frame clear", |tx| {
        let there = tx
            .cell(place.case_id(), place.theme_id())?
            .ok_or_else(|| not_written(place))?;
        let evidence = tx.evidence_on_cell(there.id)?;
        tx.remove_cell(there.id)?;
        tx.summary(format!("clear frame {}", place.said()));
        Ok(evidence)
    })
}

/// What lies below a cell now.
struct Now {
    /// Ids of its codings; none in the summary of a row or column.
    codings: Vec<i64>,
    /// How many codings, or cells, there are.
    below: i64,
    digest: Vec<u8>,
}

fn below(study: &Study, tx: &Tx, place: &CellPlace) -> Result<Now> {
    let (codings, basis): (Vec<i64>, Basis) = match (place.case_id(), place.theme_id()) {
        (Some(case), Some(theme)) => {
            let lay = Lay::now(tx)?;
            let themes = crate::study::Codebook::read(tx)?.with_below(theme);
            let found = ground::below(study, &lay, &Sealed::read(study)?, case, &themes)?;
            (found.iter().map(|c| c.id).collect(), ground::basis(&found))
        }
        (case, theme) => (Vec::new(), summary_basis(&tx.cells()?, case, theme)),
    };
    Ok(Now {
        codings,
        below: basis.below,
        digest: basis.digest().to_vec(),
    })
}

/// Each once, in the order in which they were named.
fn once(links: &[i64]) -> Vec<i64> {
    let mut found = Vec::new();
    for id in links {
        if !found.contains(id) {
            found.push(*id);
        }
    }
    found
}

fn check_links(place: &CellPlace, below: &[i64], links: &[i64]) -> Result<(), Error> {
    let (case, theme) = place.typed();
    if (place.case.is_none() || place.theme.is_none()) && !links.is_empty() {
        return Err(Error::refused(
            format!("{} rests on its cells, not on codings", place.said()),
            "name codings with a cell of one case and one theme",
        ));
    }
    match links.iter().find(|id| below.binary_search(id).is_err()) {
        None => Ok(()),
        Some(id) => Err(Error::refused(
            format!("coding {id} is not below {}", place.said()),
            format!("see its codings with: casebook quotes --case {case} --theme \"{theme}\""),
        )),
    }
}

fn not_written(place: &CellPlace) -> Error {
    let (case, theme) = place.typed();
    Error::refused(
        format!("nothing is written for {}", place.said()),
        format!("write it with: casebook frame set {case} \"{theme}\" \"TEXT\""),
    )
}
