//! The chain of evidence upwards: from a passage, a coding or a cell to the cells, findings and reports that use it.
//! Downwards it is [`super::finding`]. Every step is a look-up by an index.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::finding::{CellView, reworded_since};
use super::finding_passage::{Passage, passages};
use crate::domain::filter::Filter;
use crate::domain::place::Place;
use crate::domain::words::Bearing;
use crate::error::Result;
use crate::store::{CellRow, Evidence, EvidenceOn, Finding, Release, Store, transcript_of};
use crate::study::{Codebook, People, Selection, Study};

/// A report in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportUse {
    pub report: i64,
    pub kind: String,
    pub subject: Option<String>,
    pub format: String,
    pub at: String,
}

/// A finding that rests on something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingUse {
    pub finding: i64,
    pub claim: String,
    pub reported: bool,
    pub evidence: i64,
    pub bears: Bearing,
    /// Where it bears on that rival, not on the claim.
    pub rival: Option<i64>,
    /// Of a coding: the event that changed its words since it was named or confirmed here; null where none did.
    pub reworded: Option<i64>,
    /// Reports that print the finding.
    pub reports: Vec<ReportUse>,
}

/// A cell of the frame that rests on a coding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellUse {
    pub cell: CellView,
    pub findings: Vec<FindingUse>,
}

/// A coding with everything that uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodingUse {
    pub passage: Passage,
    pub findings: Vec<FindingUse>,
    pub cells: Vec<CellUse>,
    /// Reports that quote it.
    pub reports: Vec<ReportUse>,
}

/// What uses a passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upwards {
    /// What was asked for: a place, `coding:N` or `cell:CASE,THEME`.
    pub of: String,
    /// The cell that was asked for, with the findings that rest on it.
    pub cell: Option<CellUse>,
    pub codings: Vec<CodingUse>,
    /// Findings that rest on the transcript as a whole.
    pub transcript: Vec<FindingUse>,
    /// Codings of the transcript that are no longer there, but stand in reports that were written.
    pub gone: Vec<Gone>,
}

/// A coding that is no longer in the study, with the reports that quote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gone {
    pub coding: i64,
    pub reports: Vec<ReportUse>,
}

/// Everything that uses what is coded at a place.
pub fn of_place(study: &Study, place: &Place, quote: Option<&str>) -> Result<Upwards> {
    let store = &study.store;
    let found = study.locate(place, quote)?;
    let mut ids: Vec<(u32, i64)> = store
        .codings_of(found.transcript.id)?
        .into_iter()
        .filter(|c| c.span.overlaps(found.span) && c.revision == found.transcript.revision.id)
        .map(|c| (c.span.start, c.id))
        .collect();
    ids.sort_unstable();
    let ids: Vec<i64> = ids.into_iter().map(|(_, id)| id).collect();
    let mut desk = Desk::read(study, &ids)?;
    let transcript = desk.findings(EvidenceOn::Transcript(found.transcript.id))?;
    Ok(Upwards {
        of: place.to_string(),
        cell: None,
        codings: desk.codings(&ids)?,
        transcript,
        gone: gone(store, found.transcript.id)?,
    })
}

/// What reports quote of a transcript and nobody finds there any more: a coding that was taken away was still handed out.
fn gone(store: &Store, transcript: i64) -> Result<Vec<Gone>> {
    let mut found: BTreeMap<i64, Vec<ReportUse>> = BTreeMap::new();
    for release in store.releases()? {
        for id in &release.codings {
            if transcript_of(*id) == transcript && store.coding(*id)?.is_none() {
                found.entry(*id).or_default().push(report(&release));
            }
        }
    }
    Ok(found
        .into_iter()
        .map(|(coding, reports)| Gone { coding, reports })
        .collect())
}

/// Everything that uses a coding.
pub fn of_coding(study: &Study, id: i64) -> Result<Upwards> {
    let Some(coding) = study.store.coding(id)? else {
        let mut gone = gone(&study.store, transcript_of(id))?;
        gone.retain(|g| g.coding == id);
        if gone.is_empty() {
            return Err(crate::coding::Error::UnknownCoding(id).into());
        }
        return Ok(Upwards {
            of: format!("coding:{id}"),
            cell: None,
            codings: Vec::new(),
            transcript: Vec::new(),
            gone,
        });
    };
    let mut desk = Desk::read(study, &[id])?;
    let transcript = transcript_of(coding.id);
    Ok(Upwards {
        of: format!("coding:{id}"),
        cell: None,
        codings: desk.codings(&[id])?,
        transcript: desk.findings(EvidenceOn::Transcript(transcript))?,
        gone: Vec::new(),
    })
}

/// Everything that uses a cell, and the codings that it rests on itself.
pub fn of_cell(study: &Study, typed: &str) -> Result<Upwards> {
    let cell = super::finding_change::cell(&study.store, typed, "casebook trace cell:")?;
    let ids = study.store.codings_under(&cell)?;
    let mut desk = Desk::read(study, &ids)?;
    Ok(Upwards {
        of: format!(
            "cell:{}",
            CellView::new(&desk.people, &desk.book, &cell).name()
        ),
        cell: Some(desk.cell(&cell)?),
        codings: desk.codings(&ids)?,
        transcript: Vec::new(),
        gone: Vec::new(),
    })
}

/// The reports that print a finding.
pub fn reports_of(store: &Store, finding: i64) -> Result<Vec<ReportUse>> {
    let mut all = store.releases_with(&[])?;
    all.retain(|r| r.findings.contains(&finding));
    Ok(all.iter().map(report).collect())
}

fn report(r: &Release) -> ReportUse {
    ReportUse {
        report: r.id,
        kind: r.kind.clone(),
        subject: r.subject.clone(),
        format: r.format.clone(),
        at: r.at.clone(),
    }
}

struct Desk<'a> {
    store: &'a Store,
    book: Codebook,
    people: People,
    selection: Selection,
    /// Each with those of the codings in question that it quotes.
    releases: Vec<Release>,
    findings: HashMap<i64, Option<Finding>>,
}

impl<'a> Desk<'a> {
    fn read(study: &'a Study, codings: &[i64]) -> Result<Self> {
        let mut sorted = codings.to_vec();
        sorted.sort_unstable();
        Ok(Self {
            store: &study.store,
            book: Codebook::read(&study.store)?,
            people: People::without_participants(&study.store)?,
            selection: study.select(&Filter::default())?,
            releases: study.store.releases_with(&sorted)?,
            findings: HashMap::new(),
        })
    }

    fn codings(&mut self, ids: &[i64]) -> Result<Vec<CodingUse>> {
        let mut all = passages(
            self.store,
            &self.book,
            &self.selection,
            ids.iter().copied(),
            true,
        )?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(passage) = all.remove(id) else {
                continue;
            };
            let mut cells = Vec::new();
            for cell in self.cells_over(*id)? {
                cells.push(self.cell(&cell)?);
            }
            found.push(CodingUse {
                passage,
                findings: self.findings(EvidenceOn::Coding(*id))?,
                cells,
                reports: self
                    .releases
                    .iter()
                    .filter(|r| r.codings.binary_search(id).is_ok())
                    .map(report)
                    .collect(),
            });
        }
        Ok(found)
    }

    /// The cells that name a coding, and what their rows and columns come to.
    fn cells_over(&self, coding: i64) -> Result<Vec<CellRow>> {
        let mut found = self.store.cells_on_coding(coding)?;
        for cell in found.clone() {
            let (Some(case), Some(theme)) = (cell.case, cell.theme) else {
                continue;
            };
            let over = [(Some(case), None), (None, Some(theme))];
            for (case, theme) in over {
                if let Some(over) = self.store.cell_row_at(case, theme)?
                    && !found.contains(&over)
                {
                    found.push(over);
                }
            }
        }
        Ok(found)
    }

    fn cell(&mut self, cell: &CellRow) -> Result<CellUse> {
        let ids = self.store.codings_under(cell)?;
        let under = passages(self.store, &self.book, &self.selection, ids, false)?;
        Ok(CellUse {
            cell: CellView::new(&self.people, &self.book, cell).over(under.values()),
            findings: self.findings(EvidenceOn::Cell(cell.id))?,
        })
    }

    fn findings(&mut self, on: EvidenceOn) -> Result<Vec<FindingUse>> {
        let mut found = Vec::new();
        for evidence in self.store.evidence_on(on)? {
            found.extend(self.finding(&evidence)?);
        }
        Ok(found)
    }

    fn finding(&mut self, evidence: &Evidence) -> Result<Option<FindingUse>> {
        let id = evidence.finding;
        if !self.findings.contains_key(&id) {
            self.findings.insert(id, self.store.finding(id)?);
        }
        let Some(Some(finding)) = self.findings.get(&id) else {
            return Ok(None);
        };
        Ok(Some(FindingUse {
            finding: id,
            claim: finding.claim.clone(),
            reported: finding.reported,
            evidence: evidence.id,
            bears: evidence.bears,
            rival: evidence.rival,
            reworded: match evidence.on {
                EvidenceOn::Coding(id) => {
                    let coding = self.store.coding(id)?;
                    reworded_since(coding.and_then(|c| c.reworded), evidence)
                }
                _ => None,
            },
            reports: self
                .releases
                .iter()
                .filter(|r| r.findings.contains(&id))
                .map(report)
                .collect(),
        }))
    }
}
