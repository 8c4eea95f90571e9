//! The frame's cells when themes are merged: they go over with their codings, and where both themes have one for a
//! case, the two become one. Nothing of them is lost.

use crate::analysis::frame::Basis;
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::store::{Cell, Tx};

/// Hands the cells of one theme to another, before it goes. `within`: the target has it below itself, so that its
/// cells rest on these codings already. Gives how many moved, and how many were joined with one that was there.
pub(super) fn hand_over(tx: &Tx, from: i64, to: i64, within: bool) -> Result<(usize, usize)> {
    let (mut moved, mut joined) = (0, 0);
    for source in tx.cells()?.into_iter().filter(|c| c.theme == Some(from)) {
        let Some(target) = tx.cell(source.case, Some(to))? else {
            tx.move_cell(source.id, to)?;
            moved += 1;
            continue;
        };
        let (status, text) = both(&target, &source);
        let basis = match (
            Basis::stored(target.below, &target.basis),
            Basis::stored(source.below, &source.basis),
        ) {
            (Some(mut basis), Some(other)) if !within => {
                basis.join(other);
                basis
            }
            (Some(basis), _) => basis,
            (None, _) => Basis::default(),
        };
        tx.rewrite_cell(
            target.id,
            status,
            text.as_deref(),
            basis.below,
            &basis.digest(),
        )?;
        let mut links = tx.cell_links(target.id)?;
        for coding in tx.cell_links(source.id)? {
            if !links.contains(&coding) {
                links.push(coding);
            }
        }
        tx.set_cell_links(target.id, &links)?;
        tx.hand_over_cell(source.id, target.id)?;
        tx.remove_cell(source.id)?;
        joined += 1;
    }
    Ok((moved, joined))
}

/// What two cells say as one: their summaries, the target's first, with an empty line between. A summary stands before
/// a reason for none; of two reasons the target's stays.
fn both(target: &Cell, source: &Cell) -> (CellStatus, Option<String>) {
    match (&target.text, &source.text) {
        (Some(a), Some(b)) if a == b => (CellStatus::Charted, Some(a.clone())),
        (Some(a), Some(b)) => (CellStatus::Charted, Some(format!("{a}\n\n{b}"))),
        (Some(one), None) | (None, Some(one)) => (CellStatus::Charted, Some(one.clone())),
        (None, None) => (target.status, None),
    }
}
