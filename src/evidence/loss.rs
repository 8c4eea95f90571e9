//! What a change takes from the frame, from findings and from what else rests on passages: passages that cells name,
//! evidence that goes or no longer counts, findings that are left without support, and claims, assessments and cohorts. Whatever the change is, it is found by comparing what stood
//! before with what stands after.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::finding::{EvidenceView, FindingView, findings};
use super::finding_strength::Flag;
use super::loss_sources::{self, LostSource};
use crate::domain::filter::Filter;
use crate::domain::words::{Bearing, words};
use crate::error::Result;
use crate::store::Resting;
use crate::study::Study;

words! {
    /// What became of a piece of evidence.
    Fate, "fate of evidence" {
        /// It is no evidence any more.
        Gone = "gone",
        /// It is named still, and nothing of it counts.
        NotCounting = "not-counting",
        /// Fewer of its passages count.
        Less = "less",
        /// It came to be the same as another that bears in the same way, and is one with it now.
        Joined = "joined",
    }
}

/// A piece of evidence that a change took away, or made count less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostEvidence {
    pub evidence: i64,
    pub finding: i64,
    /// Where it bears on that rival, not on the claim.
    pub rival: Option<i64>,
    pub bears: Bearing,
    pub fate: Fate,
    /// How many of its passages counted before.
    pub passages_before: usize,
    /// How many count now.
    pub passages: usize,
}

/// What a change took from the frame and from findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// How often cells that are still there named passages that they name no more.
    pub cells: i64,
    /// By finding, then by its own number.
    pub evidence: Vec<LostEvidence>,
    /// Findings that nothing that counts supports any more.
    pub unsupported: Vec<i64>,
    /// What came to stand both for a claim and against it.
    pub contradictory: Vec<Contradictory>,
    /// What claims, assessments, members and cohorts lose of what they rest on.
    pub sources: Vec<LostSource>,
}

/// Two pieces of evidence that are the same thing and bear both ways.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Contradictory {
    pub finding: i64,
    pub rival: Option<i64>,
    pub supports: i64,
    pub contradicts: i64,
}

/// Does `work` and says what that took. Inside a change, it sees what the change has done so far.
pub fn watch<T>(study: &Study, work: impl FnOnce() -> Result<T>) -> Result<(T, Loss)> {
    let before = Standing::read(study)?;
    let given = work()?;
    let after = Standing::read(study)?;
    Ok((given, before.lost(&after)))
}

/// As [`watch`], for work that hands evidence over and takes none away: what is gone was joined with another.
pub fn watch_joining<T>(study: &Study, work: impl FnOnce() -> Result<T>) -> Result<(T, Loss)> {
    let (given, mut loss) = watch(study, work)?;
    for e in loss.evidence.iter_mut().filter(|e| e.fate == Fate::Gone) {
        e.fate = Fate::Joined;
    }
    // What rests on two codings that are one now rests on that one.
    loss.sources.clear();
    Ok((given, loss))
}

/// What stands at one moment.
struct Standing {
    /// How many passages each cell names.
    cells: HashMap<i64, i64>,
    evidence: BTreeMap<(i64, i64), Piece>,
    supported: BTreeSet<i64>,
    resting: Resting,
}

struct Piece {
    rival: Option<i64>,
    bears: Bearing,
    passages: usize,
    on: Option<On>,
}

/// What it is: a coding, a cell or a transcript.
#[derive(PartialEq, Eq)]
enum On {
    Coding(i64),
    Cell(i64),
    Transcript(String),
}

impl Standing {
    fn read(study: &Study) -> Result<Self> {
        let mut found = Self {
            cells: study.store.passages_of_cells()?.into_iter().collect(),
            evidence: BTreeMap::new(),
            supported: BTreeSet::new(),
            resting: study.store.resting()?,
        };
        if study.store.evidence_of(None)?.is_empty() {
            return Ok(found);
        }
        for f in findings(
            &study.store,
            &study.select(&Filter::default())?,
            None,
            false,
        )? {
            if !f.flags.contains(&Flag::Unsupported) {
                found.supported.insert(f.finding);
            }
            found.take(&f);
        }
        Ok(found)
    }

    fn take(&mut self, f: &FindingView) {
        let own = f.evidence.iter().map(|e| (None, e));
        let rivals = f
            .rivals
            .iter()
            .flat_map(|r| r.evidence.iter().map(|e| (Some(r.rival), e)));
        for (rival, e) in own.chain(rivals) {
            let piece = Piece {
                rival,
                bears: e.bears,
                passages: counting(e),
                on: on(e),
            };
            self.evidence.insert((f.finding, e.evidence), piece);
        }
    }

    /// What bears both ways.
    fn contradictory(&self) -> BTreeSet<Contradictory> {
        let mut found = BTreeSet::new();
        for ((finding, supports), a) in &self.evidence {
            for ((_, contradicts), b) in self.evidence.range((*finding, 0)..=(*finding, i64::MAX)) {
                let opposed = (a.bears, b.bears) == (Bearing::Supports, Bearing::Contradicts);
                if opposed && a.on.is_some() && (&a.on, a.rival) == (&b.on, b.rival) {
                    found.insert(Contradictory {
                        finding: *finding,
                        rival: a.rival,
                        supports: *supports,
                        contradicts: *contradicts,
                    });
                }
            }
        }
        found
    }

    fn lost(&self, after: &Self) -> Loss {
        let cells = after.cells.iter().map(|(cell, now)| {
            let then = self.cells.get(cell).copied().unwrap_or_default();
            (then - now).max(0)
        });
        let mut evidence = Vec::new();
        for ((finding, id), was) in &self.evidence {
            let is = after.evidence.get(&(*finding, *id));
            let passages = is.map_or(0, |is| is.passages);
            let fate = match is {
                None => Fate::Gone,
                Some(_) if passages >= was.passages => continue,
                Some(_) if passages == 0 => Fate::NotCounting,
                Some(_) => Fate::Less,
            };
            evidence.push(LostEvidence {
                evidence: *id,
                finding: *finding,
                rival: was.rival,
                bears: was.bears,
                fate,
                passages_before: was.passages,
                passages,
            });
        }
        Loss {
            cells: cells.sum(),
            evidence,
            unsupported: self
                .supported
                .difference(&after.supported)
                .copied()
                .collect(),
            contradictory: after
                .contradictory()
                .difference(&self.contradictory())
                .cloned()
                .collect(),
            sources: loss_sources::lost(&self.resting, &after.resting),
        }
    }
}

fn on(e: &EvidenceView) -> Option<On> {
    match (&e.cell, &e.transcript) {
        (Some(cell), _) => Some(On::Cell(cell.id)),
        (_, Some(transcript)) => Some(On::Transcript(transcript.transcript.clone())),
        _ => e.passages.first().map(|p| On::Coding(p.coding)),
    }
}

/// How many passages of it count: two codings of one coder on the same words are one. A transcript as a whole is one.
fn counting(e: &EvidenceView) -> usize {
    let whole = e.transcript.iter().filter(|t| t.held_back.is_none());
    let passages: BTreeSet<_> = e
        .passages
        .iter()
        .filter(|p| p.counts())
        .map(|p| (p.transcript_id, p.start, p.end, &p.coder))
        .collect();
    whole.count() + passages.len()
}

impl Loss {
    /// What findings, claims, assessments and cohorts lose, as clauses: before it is done (`goes`), or after (`went`).
    pub fn said(&self, done: bool) -> Vec<String> {
        let mut clauses = Vec::new();
        let mut groups: BTreeMap<(i64, Option<i64>, Fate), Vec<&LostEvidence>> = BTreeMap::new();
        for e in &self.evidence {
            groups
                .entry((e.finding, e.rival, e.fate))
                .or_default()
                .push(e);
        }
        for ((finding, rival, fate), all) in groups {
            let numbers: Vec<String> = all.iter().map(|e| e.evidence.to_string()).collect();
            let on = match rival {
                Some(rival) => format!("rival {rival} of finding {finding}"),
                None => format!("finding {finding}"),
            };
            let one = all.len() == 1;
            let does = match (fate, one, done) {
                (Fate::Gone, _, true) => "went".to_owned(),
                (Fate::Gone, true, false) => "goes".to_owned(),
                (Fate::Gone, false, false) => "go".to_owned(),
                (Fate::Joined, true, _) => "is one with another now".to_owned(),
                (Fate::Joined, false, _) => "are one with others now".to_owned(),
                (Fate::NotCounting, true, _) => "no longer counts".to_owned(),
                (Fate::NotCounting, false, _) => "no longer count".to_owned(),
                (Fate::Less, _, _) => {
                    let sum =
                        |f: fn(&LostEvidence) -> usize| all.iter().map(|e| f(e)).sum::<usize>();
                    format!(
                        "{} {} of {} passages",
                        if one { "keeps" } else { "keep" },
                        sum(|e| e.passages),
                        sum(|e| e.passages_before)
                    )
                }
            };
            clauses.push(format!("evidence {} of {on} {does}", listed(&numbers)));
        }
        for finding in &self.unsupported {
            clauses.push(format!(
                "finding {finding} has nothing left that supports it"
            ));
        }
        for c in &self.contradictory {
            let of = match c.rival {
                Some(rival) => format!("rival {rival} of finding {}", c.finding),
                None => format!("finding {}", c.finding),
            };
            clauses.push(format!(
                "the same stands for {of} (evidence {}) and against it (evidence {})",
                c.supports, c.contradicts
            ));
        }
        clauses.extend(loss_sources::said(&self.sources, done));
        clauses
    }
}

/// "1", "1 and 2", "1, 2 and 3".
pub(super) fn listed(numbers: &[String]) -> String {
    match numbers {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
