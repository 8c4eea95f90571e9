//! Quotes drawn into the cells of an export: the passages that a cell names, or, of a cell that names none, the first
//! that lie below it.

use std::collections::HashMap;

use super::grid::Frame;
use super::ground::Sealed;
use super::lay::Lay;
use super::passage::{CellPassage, Release, passages};
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::governance::gate::{HeldBack, To};
use crate::store::transcript_of;
use crate::study::Study;

/// Passages by the row and column of their cell.
pub type Drawn = HashMap<(usize, usize), Vec<CellPassage>>;

/// At most `most` passages for each cell of a matrix, as the audience may see them; and what was held back.
pub fn drawn(study: &Study, frame: &Frame, most: usize, to: &To) -> Result<(Drawn, HeldBack)> {
    let mut wanted: HashMap<(usize, usize), Vec<i64>> = HashMap::new();
    let mut open: HashMap<(i64, i64), (usize, usize)> = HashMap::new();
    for (r, row) in frame.cells.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            // A reason for no summary is no place for words, least of all that they are withheld.
            if !matches!(cell.status, CellStatus::Charted | CellStatus::NotCharted) {
                continue;
            }
            if cell.links.is_empty() {
                open.insert((frame.rows[r].id, frame.cols[c].id), (r, c));
            } else {
                wanted.insert((r, c), cell.links.iter().take(most).copied().collect());
            }
        }
    }
    if !open.is_empty() && most > 0 {
        let lay = Lay::now(&study.store)?;
        let sealed = Sealed::read(study)?;
        let above = lay.above_cases();
        study.store.each_sized_coding(|coding| {
            let case = lay.case_of(transcript_of(coding.id));
            let Some(cases) = case.and_then(|case| above.get(&case)) else {
                return;
            };
            if !sealed.counts(coding.id) {
                return;
            }
            for theme in lay.above_theme(coding.theme) {
                for case in cases {
                    if let Some(place) = open.get(&(*case, theme)) {
                        // The same passage may be coded several times: enough are taken that others are left.
                        let ids = wanted.entry(*place).or_default();
                        if ids.len() < most.saturating_mul(4) {
                            ids.push(coding.id);
                        }
                    }
                }
            }
        })?;
    }
    let all: Vec<i64> = wanted.values().flatten().copied().collect();
    let (found, held) = passages(study, &all, &Release::in_frame(to))?;
    let drawn = wanted
        .into_iter()
        .map(|(place, ids)| {
            let mut shown: Vec<CellPassage> = Vec::new();
            for p in ids.iter().filter_map(|id| found.get(id)) {
                let same = |q: &CellPassage| {
                    (&q.transcript, q.start, q.end) == (&p.transcript, p.start, p.end)
                };
                if p.text.is_some() && shown.len() < most && !shown.iter().any(same) {
                    shown.push(p.clone());
                }
            }
            (place, shown)
        })
        .collect();
    Ok((drawn, held))
}
