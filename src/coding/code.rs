//! Coding passages, and taking codings away.

use super::Error;
use crate::error::Result;
use crate::store::{Coding, NewCoding, Tx};
use crate::study::passage::Found;

/// Codes one found place with themes. A coding that is there already (same coder, theme and span) is not made twice.
/// Gives the ids of those made, and how many were there.
pub fn code(tx: &Tx, found: &Found, themes: &[i64], coder: i64) -> Result<(Vec<i64>, usize)> {
    let there = tx.codings_of(found.transcript.id)?;
    let mut new: Vec<NewCoding> = Vec::new();
    let mut known = 0;
    for &theme in themes {
        let same = |c: &Coding| {
            c.theme == theme
                && c.coder == coder
                && c.span == found.span
                && c.revision == found.transcript.revision.id
        };
        if there.iter().any(same) || new.iter().any(|c| c.theme == theme) {
            known += 1;
            continue;
        }
        new.push(NewCoding {
            transcript: found.transcript.id,
            revision: found.transcript.revision.id,
            span: found.span,
            turn: found.turn,
            last_turn: found.last_turn,
            theme,
            coder,
        });
    }
    Ok((tx.add_codings(found.transcript.id, &new)?.collect(), known))
}

/// Takes codings away, with the memos on them. All must be there.
pub fn uncode(tx: &Tx, codings: &[i64]) -> Result<Vec<Coding>> {
    let mut gone = Vec::new();
    for id in codings {
        let coding = tx.coding(*id)?.ok_or(Error::UnknownCoding(*id))?;
        tx.remove_coding(*id)?;
        gone.push(coding);
    }
    Ok(gone)
}
