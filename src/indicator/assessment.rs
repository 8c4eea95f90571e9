//! Assessments: at which stage of a maturity framework somebody saw a case on a day, and what that rests on.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::Error;
use super::cited::{Cited, Places};
use super::maturity::{domain_of, stage_name, stage_of};
use super::rows::{Row, each, needed, read};
use super::systems::Systems;
use super::systems_change::said;
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Assessment, Maturity, MaturityDomain, RestsOn, Store, Tx};
use crate::study::Study;
use crate::study::records::{TableReport, day};

words! {
    /// Who assessed.
    By, "kind of assessor" {
        /// The case itself.
        OneSelf = "self",
        Researcher = "researcher",
        Regulator = "regulator",
        Other = "other",
    }
}

words! {
    /// How sure the assessor is.
    Confidence, "confidence" {
        High = "high",
        Moderate = "moderate",
        Low = "low",
    }
}

/// An assessment as it is typed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub case: String,
    pub maturity: String,
    pub stage: String,
    pub domain: Option<String>,
    pub date: String,
    pub by: String,
    pub assessor: Option<String>,
    pub confidence: Option<String>,
    pub why: Option<String>,
    pub source: Option<String>,
    pub codings: Vec<i64>,
    pub documents: Vec<String>,
}

/// An assessment as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct AssessmentView {
    pub assessment: i64,
    pub case: String,
    pub maturity: String,
    /// Null: overall, as the assessor gave it.
    pub domain: Option<String>,
    pub stage: String,
    /// Its place among the stages, from 1, and how many there are.
    pub stage_number: i64,
    pub stages: usize,
    pub date: String,
    pub by: String,
    pub assessor: Option<String>,
    pub confidence: Option<String>,
    pub why: Option<String>,
    pub source: Option<String>,
    /// The passages that it rests on.
    pub passages: Vec<Cited>,
    /// The transcripts that it rests on as a whole.
    pub documents: Vec<String>,
}

/// Frameworks and their domains, at hand by id.
pub struct Frameworks {
    pub all: HashMap<i64, (Maturity, Vec<MaturityDomain>)>,
}

impl Frameworks {
    pub fn read(store: &Store) -> Result<Self> {
        let mut all = HashMap::new();
        for m in store.maturities()? {
            let domains = store.maturity_domains(m.id)?;
            all.insert(m.id, (m, domains));
        }
        Ok(Self { all })
    }

    pub fn domain(&self, maturity: i64, domain: Option<i64>) -> Option<&str> {
        let (_, domains) = self.all.get(&maturity)?;
        domains
            .iter()
            .find(|d| Some(d.id) == domain)
            .map(|d| d.slug.as_str())
    }
}

/// Assessments as they are shown: of one framework, or of all, narrowed by what `takes`.
pub fn views(
    store: &Store,
    maturity: Option<i64>,
    takes: impl Fn(&Assessment) -> bool,
) -> Result<Vec<AssessmentView>> {
    let frameworks = Frameworks::read(store)?;
    let systems = Systems::read(store)?;
    let mut places = Places::new(store)?;
    let mut links: HashMap<i64, Vec<RestsOn>> = HashMap::new();
    for (assessment, on) in store.assessment_links(None)? {
        links.entry(assessment).or_default().push(on);
    }
    let mut found = Vec::new();
    for a in store.assessments(maturity)?.into_iter().filter(takes) {
        let Some((m, _)) = frameworks.all.get(&a.maturity) else {
            continue;
        };
        let (mut passages, mut documents) = (Vec::new(), Vec::new());
        let mut is_shut = false;
        for on in links.remove(&a.id).unwrap_or_default() {
            match on {
                RestsOn::Coding(id) => passages.extend(places.coding(Some(id))?),
                RestsOn::Transcript(id) => {
                    is_shut |= places.is_shut(Some(id))?;
                    documents.extend(places.transcript(Some(id))?);
                }
            }
        }
        let shown = !is_shut && passages.iter().all(|c| c.held_back.is_none());
        found.push(AssessmentView {
            assessment: a.id,
            case: systems.slug(a.case).to_owned(),
            maturity: m.slug.clone(),
            domain: frameworks.domain(a.maturity, a.domain).map(str::to_owned),
            stage: stage_name(m, a.stage),
            stage_number: a.stage,
            stages: m.stages.len(),
            date: a.date,
            by: a.by,
            assessor: a.assessor,
            confidence: a.confidence,
            why: a.why.filter(|_| shown),
            source: a.source,
            passages,
            documents,
        });
    }
    Ok(found)
}

/// The row that a draft is, with what it rests on.
fn fit(tx: &Tx, draft: &Draft) -> Result<(Assessment, Vec<RestsOn>)> {
    let maturity = tx.maturity(&draft.maturity)?;
    let domains = tx.maturity_domains(maturity.id)?;
    let today = tx.today();
    if !today.is_empty() && draft.date.as_str() > today {
        return Err(Error::refused(
            format!("{} is still to come", draft.date),
            "an assessment is of a day that has been",
        )
        .into());
    }
    let mut on = Vec::new();
    for id in &draft.codings {
        on.push(RestsOn::Coding(super::cited::coding(tx, *id)?));
    }
    for slug in &draft.documents {
        on.push(RestsOn::Transcript(tx.transcript(slug)?.id));
    }
    on.dedup();
    let by: By = draft.by.parse()?;
    let confidence = draft
        .confidence
        .as_deref()
        .map(str::parse::<Confidence>)
        .transpose()?;
    Ok((
        Assessment {
            id: 0,
            maturity: maturity.id,
            domain: draft
                .domain
                .as_deref()
                .map(|d| domain_of(&maturity, &domains, d))
                .transpose()?,
            case: tx.case(&draft.case)?.id,
            stage: stage_of(&maturity, &draft.stage)?,
            date: draft.date.clone(),
            by: by.word().to_owned(),
            assessor: draft.assessor.clone(),
            confidence: confidence.map(|c| c.word().to_owned()),
            why: draft.why.clone(),
            source: draft.source.clone(),
        },
        on,
    ))
}

/// Whether two say the same place of one case: by one framework and domain, on one day, by one assessor.
fn same_place(a: &Assessment, b: &Assessment) -> bool {
    (a.maturity, a.domain, a.case) == (b.maturity, b.domain, b.case)
        && (&a.date, &a.by, &a.assessor) == (&b.date, &b.by, &b.assessor)
}

fn put(tx: &Tx, draft: &Draft, coder: i64, again: bool) -> Result<(i64, Row)> {
    let (new, on) = fit(tx, draft)?;
    let there = tx
        .assessments(Some(new.maturity))?
        .into_iter()
        .find(|a| same_place(a, &new));
    let name = format!("{} {} {}", draft.case, draft.maturity, draft.date);
    if let Some(there) = there {
        let same = Assessment {
            id: there.id,
            ..new.clone()
        } == there
            && again;
        if same {
            return Ok((
                there.id,
                Row {
                    name,
                    same: true,
                    there: true,
                },
            ));
        }
        return Err(Error::refused(
            format!(
                "assessment {} is of the same case, day and assessor",
                there.id
            ),
            format!(
                "change it with: casebook assessment edit {}   or say who assessed: --assessor NAME",
                there.id
            ),
        )
        .into());
    }
    let id = tx.put_assessment(coder, &new)?;
    for link in on {
        tx.add_assessment_link(id, link)?;
    }
    Ok((
        id,
        Row {
            name,
            same: false,
            there: false,
        },
    ))
}

/// Adds an assessment. Gives its number.
pub fn add(study: &Study, draft: &Draft) -> Result<(i64, Option<i64>)> {
    study.change("assessment add", |tx| {
        let coder = tx.coder(&study.session.coder)?;
        let (id, _) = put(tx, draft, coder, false)?;
        tx.summary(format!("add assessment {id} of case {}", draft.case));
        Ok(id)
    })
}

/// What is to change of an assessment; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub stage: Option<String>,
    pub date: Option<String>,
    pub by: Option<By>,
    pub assessor: Option<String>,
    pub confidence: Option<Confidence>,
    pub why: Option<String>,
    pub source: Option<String>,
    /// More that it rests on.
    pub codings: Vec<i64>,
    pub documents: Vec<String>,
    /// Takes away all that it rests on first.
    pub no_evidence: bool,
}

pub fn edit(study: &Study, id: i64, edit: &Edit) -> Result<Option<i64>> {
    let ((), event) = study.change("assessment edit", |tx| {
        let before = tx.assessment(id)?;
        let Some(maturity) = tx
            .maturities()?
            .into_iter()
            .find(|m| m.id == before.maturity)
        else {
            return Ok(());
        };
        let kept = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
        let after = Assessment {
            stage: match &edit.stage {
                Some(stage) => stage_of(&maturity, stage)?,
                None => before.stage,
            },
            date: edit.date.clone().unwrap_or_else(|| before.date.clone()),
            by: edit
                .by
                .map_or_else(|| before.by.clone(), |b| b.word().to_owned()),
            assessor: kept(&edit.assessor, &before.assessor),
            confidence: kept(
                &edit.confidence.map(|c| c.word().to_owned()),
                &before.confidence,
            ),
            why: kept(&edit.why, &before.why),
            source: kept(&edit.source, &before.source),
            ..before.clone()
        };
        if after != before {
            let coder = tx.coder(&study.session.coder)?;
            tx.put_assessment(coder, &after)?;
        }
        let mut there: Vec<RestsOn> = tx
            .assessment_links(Some(id))?
            .into_iter()
            .map(|(_, on)| on)
            .collect();
        if edit.no_evidence && !there.is_empty() {
            tx.drop_assessment_links(id)?;
            there.clear();
        }
        let mut more = Vec::new();
        for coding in &edit.codings {
            more.push(RestsOn::Coding(super::cited::coding(tx, *coding)?));
        }
        for slug in &edit.documents {
            more.push(RestsOn::Transcript(tx.transcript(slug)?.id));
        }
        for on in more {
            if !there.contains(&on) {
                tx.add_assessment_link(id, on)?;
                there.push(on);
            }
        }
        tx.summary(format!("edit assessment {id}"));
        Ok(())
    })?;
    Ok(event)
}

pub fn remove(study: &Study, ids: &[i64]) -> Result<Option<i64>> {
    let ((), event) = study.change("assessment remove", |tx| {
        for id in ids {
            tx.assessment(*id)?;
            tx.remove_assessment(*id)?;
        }
        let all: Vec<String> = ids.iter().map(ToString::to_string).collect();
        tx.summary(format!("remove assessment {}", all.join(", ")));
        Ok(())
    })?;
    Ok(event)
}

const COLUMNS: &[&str] = &[
    "case",
    "maturity",
    "domain",
    "stage",
    "date",
    "by",
    "assessor",
    "confidence",
    "why",
    "source",
    "coding",
    "document",
];

/// Numbers or ids parted by `;`.
pub(super) fn several(value: Option<&str>) -> Vec<String> {
    value
        .unwrap_or_default()
        .split(';')
        .map(|s| s.trim().to_owned())
        .filter(|s| !s.is_empty())
        .collect()
}

/// A coding by its number, as a table has it.
pub(super) fn number(typed: &str) -> Result<i64> {
    typed.parse().map_err(|_| {
        Error::refused(
            format!(
                "`{}` is no coding's number",
                crate::domain::span::printable(typed)
            ),
            "see codings and their numbers with: casebook quotes",
        )
        .into()
    })
}

/// Imports assessments from a CSV. `coding` and `document` may name several, parted by `;`.
pub fn import(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = read(path, COLUMNS, &["case", "maturity", "stage", "date", "by"])?;
    let (mut report, event) = study.change("assessment import", |tx| {
        let coder = tx.coder(&study.session.coder)?;
        let report = each(&sheet, |row| {
            let get = |name: &str| sheet.get(row, name).map(str::to_owned);
            let draft = Draft {
                case: needed(&sheet, row, "case")?.to_owned(),
                maturity: needed(&sheet, row, "maturity")?.to_owned(),
                stage: needed(&sheet, row, "stage")?.to_owned(),
                domain: get("domain"),
                date: day(Some(needed(&sheet, row, "date")?))?.unwrap_or_default(),
                by: needed(&sheet, row, "by")?.to_owned(),
                assessor: get("assessor"),
                confidence: get("confidence"),
                why: get("why"),
                source: get("source"),
                codings: several(sheet.get(row, "coding"))
                    .iter()
                    .map(|c| number(c))
                    .collect::<Result<_>>()?,
                documents: several(sheet.get(row, "document")),
            };
            Ok(put(tx, &draft, coder, true)?.1)
        });
        tx.summary(said(&report, "assessment import"));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}
