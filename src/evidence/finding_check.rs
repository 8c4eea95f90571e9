//! Whether the chain of evidence holds: findings that reports print must rest on something, and cells of the frame on
//! codings.

use std::collections::HashMap;

use serde::Serialize;

use super::finding::{CellView, findings};
use super::finding_strength::Flag;
use super::frame::{self, CellPlace};
use crate::domain::filter::Filter;
use crate::domain::words::words;
use crate::error::Result;
use crate::study::{Codebook, People, Study};

words! {
    /// What is wrong with a link of the chain.
    Fault, "fault" {
        /// A finding that is reported and that nothing ever supported.
        Unsupported = "unsupported",
        /// A finding that is reported and whose support was all taken away, or no longer counts.
        SupportGone = "support-gone",
        /// A finding that is reported rests on a cell below which codings have changed since it was written.
        StaleCell = "stale-cell",
        /// A cell that says something and names no coding for it.
        CellWithoutCodings = "cell-without-codings",
        /// A finding that is reported rests on a coding whose words were changed since it was named or confirmed.
        Reworded = "reworded",
        /// Evidence of a finding that is reported waits for its place in a corrected text.
        Waits = "waits",
        /// A participant disagreed, corrected or asked to remove, and nothing is decided about it.
        Undecided = "undecided",
    }
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub fault: Fault,
    pub finding: Option<i64>,
    /// `CASE,THEME`.
    pub cell: Option<String>,
    pub what: String,
}

/// The chain as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Whether no problem was found; warnings don't count.
    pub holds: bool,
    /// Findings that reports print, and that were looked at.
    pub findings: usize,
    pub problems: Vec<Broken>,
    pub warnings: Vec<Broken>,
}

/// Looks at every finding that reports print, and at every cell.
pub fn check(study: &Study) -> Result<Chain> {
    let store = &study.store;
    let all = findings(store, &study.select(&Filter::default())?, None, false)?;
    let reported: Vec<_> = all.into_iter().filter(|f| f.reported).collect();
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    let of = |fault, finding: i64, cell: Option<String>, what: String| Broken {
        fault,
        finding: Some(finding),
        cell,
        what,
    };
    // Whether a cell is stale is asked once, whoever rests on it.
    let mut stale: HashMap<i64, bool> = HashMap::new();
    for f in &reported {
        if f.flags.contains(&Flag::Unsupported) {
            let named = f
                .evidence
                .iter()
                .any(|e| e.bears == crate::domain::words::Bearing::Supports);
            let taken = store.support_taken_off(f.finding)?;
            problems.push(match (named, taken) {
                (true, _) => of(
                    Fault::SupportGone,
                    f.finding,
                    None,
                    "nothing that is named as its support counts any more".into(),
                ),
                (false, 0) => of(
                    Fault::Unsupported,
                    f.finding,
                    None,
                    "is reported and nothing supports it".into(),
                ),
                (false, n) => of(
                    Fault::SupportGone,
                    f.finding,
                    None,
                    format!("is reported and all of its support was taken away ({n} in all)"),
                ),
            });
        }
        if f.pending > 0 {
            warnings.push(of(
                Fault::Waits,
                f.finding,
                None,
                format!(
                    "{} of its codings {} for a place in a corrected text, and {} nowhere",
                    f.pending,
                    if f.pending == 1 { "waits" } else { "wait" },
                    if f.pending == 1 { "counts" } else { "count" }
                ),
            ));
        }
        if f.answers.open > 0 {
            warnings.push(of(
                Fault::Undecided,
                f.finding,
                None,
                format!(
                    "{} of participants {} for a decision: casebook decision list --finding {}",
                    if f.answers.open == 1 {
                        "1 answer".to_owned()
                    } else {
                        format!("{} answers", f.answers.open)
                    },
                    if f.answers.open == 1 { "waits" } else { "wait" },
                    f.finding
                ),
            ));
        }
        let named = f
            .evidence
            .iter()
            .chain(f.rivals.iter().flat_map(|r| &r.evidence));
        for e in named.clone() {
            if let (Some(event), Some(p)) = (e.reworded, e.passages.first()) {
                problems.push(of(
                    Fault::Reworded,
                    f.finding,
                    None,
                    format!(
                        "evidence {} is coding {}, whose words were changed since (event {event}); if it still holds: casebook finding confirm {} --evidence {}",
                        e.evidence, p.coding, f.finding, e.evidence
                    ),
                ));
            }
        }
        for cell in named.filter_map(|e| e.cell.as_ref()) {
            let stale = match stale.get(&cell.id) {
                Some(known) => *known,
                None => {
                    let (case, theme) = cell.typed();
                    let place = CellPlace::find(store, case, theme)?;
                    let is = frame::whole(study, &place)?.cell.stale.is_some();
                    stale.insert(cell.id, is);
                    is
                }
            };
            if stale {
                problems.push(of(
                    Fault::StaleCell,
                    f.finding,
                    Some(cell.name()),
                    format!("rests on the cell {}, below which codings have changed since it was written", cell.name()),
                ));
            }
        }
    }
    let bare = store.cells_without_codings()?;
    if !bare.is_empty() {
        let people = People::without_participants(store)?;
        let book = Codebook::read(store)?;
        for cell in bare {
            let cell = CellView::new(&people, &book, &cell);
            warnings.push(Broken {
                fault: Fault::CellWithoutCodings,
                finding: None,
                cell: Some(cell.name()),
                what: "says something and names no coding for it".into(),
            });
        }
    }
    Ok(Chain {
        holds: problems.is_empty(),
        findings: reported.len(),
        problems,
        warnings,
    })
}
