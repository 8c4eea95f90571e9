//! From the study to the stages of its cases.

use std::collections::BTreeMap;

use super::Chart;
use super::stages::{Line, Seen, Stages, stages};
use crate::error::Result;
use crate::indicator::assessment::By;
use crate::indicator::assessment_compare::compare;
use crate::indicator::assessment_movement::movement;
use crate::study::Study;

/// Reads the latest assessments by `as_of` of one framework, of these cases or of all, and draws them.
pub fn stages_of(
    study: &Study,
    maturity: &str,
    cases: &[String],
    as_of: Option<&str>,
) -> Result<Chart> {
    let maturity = study.store.maturity(maturity)?;
    let ids: Vec<i64> = cases
        .iter()
        .map(|slug| Ok(study.store.case(slug)?.id))
        .collect::<Result<_>>()?;
    let compared = compare(&study.store, &maturity, &ids, as_of)?;
    let moved = movement(&study.store, &maturity, &ids, (None, as_of))?;
    let names: BTreeMap<String, String> = study
        .store
        .cases()?
        .into_iter()
        .map(|c| (c.slug, c.name))
        .collect();
    let mut domains: Vec<(Option<String>, String)> = study
        .store
        .maturity_domains(maturity.id)?
        .into_iter()
        .map(|d| (Some(d.slug), d.name))
        .collect();
    if compared.iter().any(|c| c.domain.is_none()) {
        domains.insert(0, (None, "overall".to_owned()));
    }
    let kinds: Vec<By> = By::ALL
        .iter()
        .copied()
        .filter(|by| {
            compared
                .iter()
                .any(|c| c.seen.iter().any(|s| s.by == *by) || c.disagree.contains(by))
        })
        .collect();
    let mut lines: Vec<Line> = Vec::new();
    let mut of_case: BTreeMap<&str, usize> = BTreeMap::new();
    for found in &compared {
        let line = *of_case.entry(&found.case).or_insert_with(|| {
            lines.push(Line {
                case: names
                    .get(&found.case)
                    .cloned()
                    .unwrap_or_else(|| found.case.clone()),
                cells: vec![Vec::new(); domains.len()],
            });
            lines.len() - 1
        });
        let Some(domain) = domains.iter().position(|d| d.0 == found.domain) else {
            continue;
        };
        let cell = &mut lines[line].cells[domain];
        for seen in &found.seen {
            let moved = moved
                .iter()
                .find(|m| m.case == found.case && m.domain == found.domain && m.by == seen.by)
                .and_then(|m| m.stages);
            cell.push(Seen {
                by: seen.by,
                stage: usize::try_from(seen.stage_number).ok(),
                moved,
                date: seen.date.clone(),
            });
        }
        for by in &found.disagree {
            cell.push(Seen {
                by: *by,
                stage: None,
                moved: None,
                date: String::new(),
            });
        }
    }
    let mut notes = Vec::new();
    let other = moved.iter().filter(|m| m.other_assessor).count();
    if other > 0 {
        notes.push(format!(
            "Between the first and the latest another assessor of the same kind looked: {other}."
        ));
    }
    notes.push(match &maturity.version {
        Some(version) => format!(
            "Framework: {} ({version}), {}.",
            maturity.name, maturity.source
        ),
        None => format!("Framework: {}, {}.", maturity.name, maturity.source),
    });
    Ok(stages(&Stages {
        maturity: maturity.name.clone(),
        stages: maturity.stages.clone(),
        domains: domains.into_iter().map(|d| d.1).collect(),
        kinds,
        lines,
        as_of: as_of.map(str::to_owned),
        notes,
    }))
}
