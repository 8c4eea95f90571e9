//! One cell whole: what it says, what it names with the words, and what lies below it now.

use serde::Serialize;

use super::grid::{CellView, summary_basis};
use super::ground::{self, Sealed};
use super::lay::Lay;
use super::passage::{CellPassage, Release, passages};
use super::place::CellPlace;
use super::since::{History, Since, of_cells};
use crate::analysis::frame::Basis;
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::governance::gate::{Audience, HeldBack, To};
use crate::store::{Cell, CellThen};
use crate::study::{Codebook, Study};

/// A cell with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellWhole {
    #[serde(flatten)]
    pub cell: CellView,
    /// The passages that it names, in its order.
    pub passages: Vec<CellPassage>,
    /// Of the passages that it names, how many no longer lie below it.
    pub elsewhere: Vec<i64>,
    /// Codings that wait for their place in a corrected text, and would lie below it.
    pub pending: usize,
    pub held_back: HeldBack,
}

/// Reads one cell; of the codings only its own are read.
pub fn whole(study: &Study, place: &CellPlace) -> Result<CellWhole> {
    let store = &study.store;
    let (case, theme) = (place.case_id(), place.theme_id());
    let cell = store.cell(case, theme)?;
    let links = match &cell {
        Some(cell) => store.cell_links(cell.id)?,
        None => Vec::new(),
    };
    let mut pending = 0;
    let mut elsewhere = Vec::new();
    let (basis, stale): (Basis, Option<Since>) = match (case, theme) {
        (Some(case), Some(theme)) => {
            let lay = Lay::now(store)?;
            let sealed = Sealed::read(study)?;
            let themes = Codebook::read(store)?.with_below(theme);
            let codings = ground::below(study, &lay, &sealed, case, &themes)?;
            elsewhere.extend(
                links
                    .iter()
                    .filter(|id| codings.binary_search_by_key(*id, |c| c.id).is_err()),
            );
            let transcripts = lay.transcripts_of(case);
            pending = store
                .pending_codings(None)?
                .iter()
                .filter(|c| {
                    themes.contains(&c.theme)
                        && transcripts.contains(&crate::store::transcript_of(c.id))
                })
                .count();
            let basis = ground::basis(&codings);
            let stale = match cell.as_ref().filter(|c| is_stale(c, basis)) {
                None => None,
                Some(cell) => {
                    let history = History::read(study, &lay, &sealed, cell.event)?;
                    let found = history.differences(&[((case, theme), cell.event)])?;
                    found.first().map(|d| d.counted(cell.below, basis.below))
                }
            };
            (basis, stale)
        }
        _ => {
            let cells = store.cells()?;
            let basis = summary_basis(&cells, case, theme);
            let stale = match cell.as_ref().filter(|c| is_stale(c, basis)) {
                None => None,
                Some(cell) => {
                    let then = store.cells_at(cell.event)?;
                    let under = |c: Option<i64>, t: Option<i64>| {
                        c.is_some()
                            && t.is_some()
                            && case.is_none_or(|case| c == Some(case))
                            && theme.is_none_or(|theme| t == Some(theme))
                    };
                    let was: Vec<&CellThen> =
                        then.iter().filter(|c| under(c.case, c.theme)).collect();
                    let is: Vec<&Cell> = cells.iter().filter(|c| under(c.case, c.theme)).collect();
                    Some(of_cells(&was, &is))
                }
            };
            (basis, stale)
        }
    };
    let (mut found, held_back) = passages(
        study,
        &links,
        &Release::in_frame(&To::anyone(Audience::Team)),
    )?;
    if cell
        .as_ref()
        .is_some_and(|c| c.status == CellStatus::Withheld)
    {
        for passage in found.values_mut() {
            passage.text = None;
        }
    }
    Ok(CellWhole {
        passages: links.iter().filter_map(|id| found.remove(id)).collect(),
        elsewhere,
        pending,
        held_back,
        cell: CellView {
            case: place.case.as_ref().map(|c| c.slug.clone()),
            theme: place.theme.as_ref().map(|(_, path)| path.clone()),
            status: cell.as_ref().map_or(CellStatus::NotCharted, |c| c.status),
            text: cell.as_ref().and_then(|c| c.text.clone()),
            below: basis.below,
            held_back: None,
            stale,
            links,
            coder: cell.as_ref().map(|c| c.coder.clone()),
            at: cell.as_ref().map(|c| c.at.clone()),
            event: cell.as_ref().map(|c| c.event),
        },
    })
}

fn is_stale(cell: &Cell, now: Basis) -> bool {
    Basis::stored(cell.below, &cell.basis) != Some(now)
}
