//! Every label that citations would print, with how many people fit it and what stands in its place where these are too few.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::error::Result;
use crate::governance::citation::{Known, known_label, ladder};
use crate::governance::gate::{Audience, level};
use crate::governance::population::{Fit, Label, Labels};
use crate::study::{People, Study};

/// What stands in the place of a label under which nothing is printed.
const HELD_BACK: &str = "(held back)";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelLine {
    /// As it would be printed.
    pub label: String,
    /// What it tells: `role, organisation and case`.
    pub tells: &'static str,
    /// Participants who fit.
    pub participants: i64,
    /// People who fit in the world, at most; null where nothing was declared, so that the participants alone count.
    pub declared: Option<i64>,
    pub k: i64,
    pub passes: bool,
    /// What is printed in its place of each person for whom nothing before it passes: their one label, or `(held back)`
    /// where their words don't stand in what these read. Empty where everybody has a label before it.
    pub used: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub audience: Audience,
    pub k_labels: i64,
    pub labels: Vec<LabelLine>,
    /// How many fit too few.
    pub failing: usize,
    /// How many were judged by the participants alone.
    pub undeclared: usize,
}

/// Checks the labels of everybody who is not off the record, whether quoted so far or not.
pub fn check_labels(study: &Study, audience: Audience) -> Result<Checked> {
    let people = People::read(&study.store)?;
    let labels = Labels::read(&study.store)?;
    let known = Known {
        case: audience == Audience::Case,
        role: false,
    };
    let mut found: BTreeMap<(u8, String), LabelLine> = BTreeMap::new();
    let mut everybody: Vec<_> = people.participants.values().collect();
    everybody.sort_by(|a, b| a.code.cmp(&b.code));
    for person in everybody {
        let cases: Vec<Option<i64>> = match labels.cases_of(person.id) {
            [] => vec![None],
            some => some.iter().copied().map(Some).collect(),
        };
        for case in cases {
            let rungs = ladder(person, case, level(person));
            let fits: Vec<Fit> = rungs.iter().map(|rung| labels.fit(rung)).collect();
            for (n, rung) in rungs.iter().enumerate() {
                let decided = match audience {
                    Audience::Team => Some(0),
                    _ => fits.iter().position(|fit| fit.passes()),
                };
                let used = decided.map_or_else(Label::default, |n| rungs[n].clone());
                let told = known_label(&used, person, case, known);
                let stands = told == used || labels.fit(&told).passes();
                let used = if stands {
                    used.words(&people)
                } else {
                    HELD_BACK.to_owned()
                };
                let (rank, tells) = tells(rung);
                let label = rung.words(&people);
                let line = found
                    .entry((rank, label.clone()))
                    .or_insert_with(|| LabelLine {
                        label,
                        tells,
                        participants: fits[n].sample,
                        declared: fits[n].population,
                        k: fits[n].k,
                        passes: fits[n].passes(),
                        used: BTreeSet::new(),
                    });
                // Further down the ladder nothing of theirs is printed.
                if decided.is_none_or(|decided| n <= decided) {
                    line.used.insert(used);
                }
            }
        }
    }
    let labels: Vec<LabelLine> = found.into_values().collect();
    Ok(Checked {
        audience,
        k_labels: study
            .store
            .study()?
            .k_labels
            .unwrap_or(crate::store::K_LABELS),
        failing: labels.iter().filter(|l| !l.passes).count(),
        undeclared: labels.iter().filter(|l| l.declared.is_none()).count(),
        labels,
    })
}

/// What a label tells, and where it stands in the list.
fn tells(label: &Label) -> (u8, &'static str) {
    match (
        label.role.is_some(),
        label.organisation.is_some(),
        label.case.is_some(),
    ) {
        (true, true, true) => (0, "role, organisation and case"),
        (true, true, false) => (1, "role and organisation"),
        (false, true, true) => (2, "organisation and case"),
        (false, true, false) => (3, "organisation"),
        (true, false, true) => (4, "role and case"),
        (true, false, false) => (5, "role"),
        (false, false, true) => (6, "case"),
        (false, false, false) => (7, "nothing"),
    }
}
