//! Maturity frameworks, read from files: domains, the stages that a case goes through in each, and what is true of it there.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::domain::span::printable;
use crate::error::{Result, did_you_mean};
use crate::store::{Maturity, MaturityDomain, Store, Tx};
use crate::study::Study;
use crate::study::records::check_name;

/// One sentence or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Sentences {
    One(String),
    Several(Vec<String>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DomainFile {
    slug: String,
    name: Option<String>,
    #[serde(default)]
    statements: BTreeMap<String, Sentences>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaturityFile {
    slug: String,
    name: String,
    version: Option<String>,
    source: String,
    stages: Vec<String>,
    domains: Vec<DomainFile>,
}

/// What is true of a case at a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    pub stage: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DomainView {
    pub domain: String,
    pub name: String,
    pub statements: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaturityView {
    pub maturity: String,
    pub name: String,
    pub version: Option<String>,
    pub source: String,
    /// The first stage first.
    pub stages: Vec<String>,
    pub domains: Vec<DomainView>,
    /// How many assessments are by it.
    pub assessments: i64,
}

/// A framework with its domains, as it is shown.
pub fn view(store: &Store, m: Maturity) -> Result<MaturityView> {
    let domains = store
        .maturity_domains(m.id)?
        .into_iter()
        .map(|d| DomainView {
            domain: d.slug,
            name: d.name,
            statements: d
                .statements
                .into_iter()
                .map(|(stage, text)| Statement {
                    stage: stage_name(&m, stage),
                    text,
                })
                .collect(),
        })
        .collect();
    Ok(MaturityView {
        domains,
        assessments: store.assessments_by(m.id)?,
        maturity: m.slug,
        name: m.name,
        version: m.version,
        source: m.source,
        stages: m.stages,
    })
}

/// The name of a stage by its place, from 1.
pub fn stage_name(m: &Maturity, stage: i64) -> String {
    usize::try_from(stage - 1)
        .ok()
        .and_then(|n| m.stages.get(n))
        .cloned()
        .unwrap_or_else(|| stage.to_string())
}

/// The place of a stage in a framework's, from 1, by its name.
pub fn stage_of(m: &Maturity, typed: &str) -> Result<i64> {
    let at = m
        .stages
        .iter()
        .position(|s| s.eq_ignore_ascii_case(typed.trim()))
        .and_then(|n| i64::try_from(n + 1).ok());
    at.ok_or_else(|| {
        let near = did_you_mean(typed, m.stages.iter().map(String::as_str))
            .map_or(String::new(), |near| format!("did you mean `{near}`? "));
        Error::refused(
            format!("`{}` is no stage of `{}`", printable(typed), m.slug),
            format!("{near}the stages are: {}", m.stages.join(", ")),
        )
        .into()
    })
}

/// A domain of a framework by its slug.
pub fn domain_of(m: &Maturity, domains: &[MaturityDomain], typed: &str) -> Result<i64> {
    let found = domains
        .iter()
        .find(|d| d.slug.eq_ignore_ascii_case(typed.trim()));
    found.map(|d| d.id).ok_or_else(|| {
        let near = did_you_mean(typed, domains.iter().map(|d| d.slug.as_str()))
            .map_or(String::new(), |near| format!("did you mean `{near}`? "));
        let all: Vec<&str> = domains.iter().map(|d| d.slug.as_str()).collect();
        Error::refused(
            format!("`{}` is no domain of `{}`", printable(typed), m.slug),
            format!("{near}the domains are: {}", all.join(", ")),
        )
        .into()
    })
}

fn words(what: &str, typed: &str) -> Result<String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.chars().any(char::is_control) {
        return Err(Error::refused(
            format!("{what} is empty, or holds a line break"),
            "write a few words, on one line",
        )
        .into());
    }
    Ok(typed.to_owned())
}

fn read(path: &Path) -> Result<(Maturity, Vec<MaturityDomain>)> {
    let text = std::fs::read_to_string(path).map_err(|source| crate::study::Error::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let file: MaturityFile = serde_saphyr::from_str(&text).map_err(|e| {
        let first = e.to_string();
        Error::refused(
            format!(
                "`{}` is no maturity framework: {}",
                path.display(),
                printable(first.lines().next().unwrap_or_default().trim_start_matches("error: "))
            ),
            "its keys are slug, name, version, source, stages (a list) and domains (a list of slug, name and statements by stage)",
        )
    })?;
    check_name("maturity framework", &file.slug)?;
    let mut stages: Vec<String> = Vec::new();
    for stage in &file.stages {
        let stage = words("a stage", stage)?;
        if stages.iter().any(|s| s.eq_ignore_ascii_case(&stage)) {
            return Err(Error::refused(
                format!("stage `{}` stands there twice", printable(&stage)),
                "give each stage a name of its own, the first stage first",
            )
            .into());
        }
        stages.push(stage);
    }
    if stages.len() < 2 {
        return Err(Error::refused(
            "a maturity framework needs two stages at least",
            "list them, the first stage first, as in: stages: [emerging, developing, maturing, thriving]",
        )
        .into());
    }
    let maturity = Maturity {
        id: 0,
        slug: file.slug,
        name: words("its name", &file.name)?,
        version: file.version.filter(|v| !v.trim().is_empty()),
        source: words("its source", &file.source)?,
        stages,
    };
    let mut domains: Vec<MaturityDomain> = Vec::new();
    for d in file.domains {
        check_name("domain", &d.slug)?;
        if domains.iter().any(|o| o.slug.eq_ignore_ascii_case(&d.slug)) {
            return Err(Error::refused(
                format!("domain `{}` stands there twice", d.slug),
                "give each domain a slug of its own",
            )
            .into());
        }
        let mut statements = Vec::new();
        for (stage, sentences) in d.statements {
            let at = stage_of(&maturity, &stage)?;
            let all = match sentences {
                Sentences::One(one) => vec![one],
                Sentences::Several(several) => several,
            };
            for sentence in all {
                statements.push((at, words("a statement", &sentence)?));
            }
        }
        statements.sort_by_key(|(stage, _)| *stage);
        domains.push(MaturityDomain {
            id: 0,
            name: match d.name {
                Some(name) => words("the name of a domain", &name)?,
                None => d.slug.clone(),
            },
            slug: d.slug,
            statements,
        });
    }
    Ok((maturity, domains))
}

/// Imports a framework from a YAML file. The same file again changes nothing; another one of the same slug is taken in the
/// place of the first as long as nobody was assessed by it.
///
/// # Errors
/// A file that is no framework, with what is wrong in it; one that would change what assessments are by.
pub fn import(study: &Study, path: &Path) -> Result<(MaturityView, Option<i64>)> {
    let (new, domains) = read(path)?;
    let slug = new.slug.clone();
    let ((), event) = study.change("maturity import", |tx| {
        if let Some(there) = tx.find_maturity(&new.slug)? {
            if is_same(tx, &there, &new, &domains)? {
                return Ok(());
            }
            let n = tx.assessments_by(there.id)?;
            if n > 0 {
                return Err(Error::refused(
                    format!(
                        "`{}` is there with other contents, and {n} assessment{} by it",
                        there.slug,
                        if n == 1 { " is" } else { "s are" }
                    ),
                    "give the new version a slug of its own in the file, as in ics-2021: assessments stay with the framework that they were made by",
                )
                .into());
            }
            tx.remove_maturity(there.id)?;
        }
        tx.add_maturity(&new, &domains)?;
        tx.summary(format!(
            "import maturity framework {}: {} domains",
            new.slug,
            domains.len()
        ));
        Ok(())
    })?;
    let there = study.store.maturity(&slug)?;
    Ok((view(&study.store, there)?, event))
}

fn is_same(tx: &Tx, there: &Maturity, new: &Maturity, domains: &[MaturityDomain]) -> Result<bool> {
    let same = Maturity {
        id: there.id,
        ..new.clone()
    };
    let without_ids = |all: Vec<MaturityDomain>| -> Vec<MaturityDomain> {
        all.into_iter()
            .map(|d| MaturityDomain { id: 0, ..d })
            .collect()
    };
    Ok(same == *there && without_ids(tx.maturity_domains(there.id)?) == domains)
}

/// Removes a framework with all assessments by it.
pub fn remove(study: &Study, m: &Maturity) -> Result<Option<i64>> {
    let ((), event) = study.change("maturity remove", |tx| {
        tx.remove_maturity(m.id)?;
        tx.summary(format!("remove maturity framework {}", m.slug));
        Ok(())
    })?;
    Ok(event)
}
