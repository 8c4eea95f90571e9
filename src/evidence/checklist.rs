//! Reporting checklists for qualitative studies: their items in our own words, what the study itself can say to each,
//! and what its authors say.

mod coreq;
mod say;
mod srqr;

use serde::Serialize;

use super::study_facts::Facts;
use crate::domain::words::words;
use crate::error::Result;
use crate::store::Store;
use crate::study::Study;

words! {
    /// Which list.
    Checklist, "checklist" {
        /// Consolidated criteria for reporting qualitative research: 32 items (Tong, Sainsbury & Craig 2007).
        Coreq = "coreq",
        /// Standards for reporting qualitative research: 21 items (O'Brien et al. 2014).
        Srqr = "srqr",
    }
}

words! {
    /// How it stands with an item.
    Status, "status of an item" {
        Met = "met",
        NotMet = "not-met",
        NotApplicable = "not-applicable",
        /// Nobody and nothing says it yet, or the study only proposes it.
        ToWrite = "to-write",
    }
}

words! {
    /// Who can say it.
    By, "way to say it" {
        /// The study says it.
        Study = "study",
        /// The study proposes it; the authors confirm it in their words.
        Confirm = "confirm",
        /// The authors write it.
        Authors = "authors",
    }
}

/// What an item asks, and what the study has to say to it.
pub struct Item {
    /// The heading under which it stands.
    pub part: &'static str,
    pub topic: &'static str,
    pub asks: &'static str,
    pub by: By,
    fill: fn(&Facts) -> Filled,
}

/// What the study says to an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filled {
    evidence: Vec<String>,
    missing: Vec<Missing>,
    /// It says something, but not of all that is asked: that doesn't meet the item.
    partly: bool,
    /// What it comes to, where that is not said by the evidence being there or not; with its reason.
    status: Option<(Status, &'static str)>,
}

/// What the study would need to say more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    pub what: String,
    /// The command that supplies it.
    pub command: String,
}

/// An item as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub item: usize,
    pub part: &'static str,
    pub topic: &'static str,
    pub asks: &'static str,
    pub by: By,
    pub status: Status,
    /// Why it is not met or not applicable.
    pub reason: Option<String>,
    /// What the study says, whatever the authors say.
    pub evidence: Vec<String>,
    /// What the authors say.
    pub text: Option<String>,
    /// Where in the report it stands.
    pub place: Option<String>,
    pub missing: Vec<Missing>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filling {
    pub checklist: Checklist,
    pub source: &'static str,
    pub method: String,
    pub met: usize,
    pub not_met: usize,
    pub not_applicable: usize,
    pub to_write: usize,
    /// Participants who spoke off the record: left out of all counts.
    pub off_record: usize,
    /// Codings that wait for their place: in no count.
    pub pending: usize,
    pub items: Vec<Row>,
}

impl Checklist {
    pub fn items(self) -> &'static [Item] {
        match self {
            Self::Coreq => coreq::ITEMS,
            Self::Srqr => srqr::ITEMS,
        }
    }

    pub const fn source(self) -> &'static str {
        match self {
            Self::Coreq => {
                "after COREQ: Tong, Sainsbury & Craig 2007, International Journal for Quality in Health Care; items in our own words"
            }
            Self::Srqr => {
                "after SRQR: O'Brien et al. 2014, Academic Medicine; items in our own words"
            }
        }
    }
}

/// All items of a checklist, with what the study and its authors say.
pub fn fill(study: &Study, checklist: Checklist) -> Result<Filling> {
    let facts = Facts::read(study)?;
    filling(&study.store, checklist, &facts)
}

fn filling(store: &Store, checklist: Checklist, facts: &Facts) -> Result<Filling> {
    let said = store.checklist_items(checklist.word())?;
    let items: Vec<Row> = checklist
        .items()
        .iter()
        .enumerate()
        .map(|(n, item)| {
            let number = n + 1;
            let filled = (item.fill)(facts);
            let own = status_of(item.by, &filled);
            let mut row = Row {
                item: number,
                part: item.part,
                topic: item.topic,
                asks: item.asks,
                by: item.by,
                status: own,
                reason: filled.status.map(|(_, why)| why.to_owned()),
                evidence: filled.evidence,
                text: None,
                place: None,
                missing: filled.missing,
            };
            let authors = said.get(&i64::try_from(number).unwrap_or_default());
            if let Some(authors) = authors {
                row.status = authors.status.parse().unwrap_or(Status::Met);
                row.text.clone_from(&authors.text);
                row.place.clone_from(&authors.place);
                // Their word stands, and with it their reason; what the study has to say stays beside it.
                row.reason = match row.status {
                    Status::NotMet | Status::NotApplicable => row.text.clone(),
                    Status::Met | Status::ToWrite => None,
                };
                row.missing.clear();
            } else if row.status == Status::ToWrite && item.by != By::Study {
                row.missing.push(Missing {
                    what: match item.by {
                        By::Confirm => "the authors' word on it".to_owned(),
                        _ => "the authors' words".to_owned(),
                    },
                    command: format!("casebook checklist set {checklist} {number} TEXT"),
                });
            }
            row
        })
        .collect();
    let times = |status: Status| items.iter().filter(|r| r.status == status).count();
    Ok(Filling {
        checklist,
        source: checklist.source(),
        method: facts.method.to_string(),
        met: times(Status::Met),
        not_met: times(Status::NotMet),
        not_applicable: times(Status::NotApplicable),
        to_write: times(Status::ToWrite),
        off_record: facts.off_record,
        pending: facts.pending,
        items,
    })
}

/// What the study's own word comes to: it can meet an item, or only propose it.
fn status_of(by: By, filled: &Filled) -> Status {
    match (filled.status, by) {
        (Some((status, _)), _) => status,
        (None, By::Study) if !filled.evidence.is_empty() && !filled.partly => Status::Met,
        (None, _) => Status::ToWrite,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn exactly_as_many_items_as_the_lists_have() {
        assert_eq!(Checklist::Coreq.items().len(), 32);
        assert_eq!(Checklist::Srqr.items().len(), 21);
        for list in Checklist::ALL {
            let topics: BTreeSet<&str> = list.items().iter().map(|i| i.topic).collect();
            assert_eq!(topics.len(), list.items().len(), "a topic stands twice");
            // Each part stands together.
            let mut parts: Vec<&str> = list.items().iter().map(|i| i.part).collect();
            parts.dedup();
            let different: BTreeSet<&str> = parts.iter().copied().collect();
            assert_eq!(parts.len(), different.len());
        }
    }

    /// Which items of COREQ the study fills, which it proposes, and which the authors write.
    #[test]
    fn who_says_what() {
        let by = |by: By| -> Vec<usize> {
            Checklist::Coreq
                .items()
                .iter()
                .enumerate()
                .filter(|(_, i)| i.by == by)
                .map(|(n, _)| n + 1)
                .collect()
        };
        assert_eq!(
            by(By::Study),
            [
                1, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29
            ]
        );
        assert_eq!(by(By::Confirm), [9, 17, 22, 30, 31, 32]);
        assert_eq!(by(By::Authors), [2, 3, 4, 5, 6, 7, 8, 10]);
    }
}
