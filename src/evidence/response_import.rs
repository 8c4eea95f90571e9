//! Filled reply forms: whose each is and which debrief it answers, and whether it fits this study.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Error;
use super::response::NewAnswer;
use super::response_form::{Filled, Reader, read_rows, read_tables, study_name};
use crate::domain::span::printable;
use crate::error::Result;
use crate::import::sheet;
use crate::store::Participant;
use crate::study::Study;

/// The endings of files that a form can come back in.
pub const ENDINGS: [&str; 5] = ["docx", "csv", "tsv", "xlsx", "ods"];

/// A file of forms: a Word file is one, a table may hold those of many.
#[derive(Debug)]
pub struct FormFile {
    pub sha256: [u8; 32],
    pub forms: Vec<Form>,
}

/// One participant's form.
#[derive(Debug)]
pub struct Form {
    pub person: Participant,
    /// The state of the study that the debrief was of; none where it isn't said.
    pub version: Option<i64>,
    pub received: Option<String>,
    pub answers: Vec<NewAnswer>,
    pub warnings: Vec<String>,
}

/// A file that was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    pub file: String,
    /// How many answers were read from it.
    pub responses: i64,
}

/// The SHA-256 of a file.
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Reads a filled form. `who` is who sent it, where the form can't say it.
pub fn read(study: &Study, file_name: &str, bytes: &[u8], who: Option<&str>) -> Result<FormFile> {
    let ending = file_name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase())
        .unwrap_or_default();
    let unclear = |why: super::response_form::Unclear| {
        Error::refused(
            why.to_string(),
            "mend it in the form, or write the answer down by hand: casebook respond P07 3 disagree TEXT",
        )
    };
    let filled = match ending.as_str() {
        "docx" => vec![read_tables(&crate::import::docx_tables(bytes)?).map_err(unclear)?],
        "csv" | "tsv" | "xlsx" | "ods" => {
            read_rows(&sheet::rows(file_name, bytes)?).map_err(unclear)?
        }
        _ => {
            return Err(Error::refused(
                format!("forms are not read from `.{}`", printable(&ending)),
                "save it as .docx, or as a table: .csv or .xlsx",
            )
            .into());
        }
    };
    let own = study_name(&study.store.study()?.uuid);
    let forms = filled
        .into_iter()
        .filter(|filled| !filled.answers.is_empty())
        .map(|filled| form(study, &own, filled, who))
        .collect::<Result<Vec<Form>>>()?;
    if forms.is_empty() {
        return Err(Error::refused(
            "nothing is filled in",
            "if that is the answer, write it down: casebook respond P07 --no-reply",
        )
        .into());
    }
    Ok(FormFile {
        sha256: hash(bytes),
        forms,
    })
}

fn form(study: &Study, own: &str, filled: Filled, who: Option<&str>) -> Result<Form> {
    let store = &study.store;
    if let Some(name) = &filled.name
        && name.study != own
    {
        return Err(Error::refused(
            "it is a form of another study",
            "open that study with: --study FILE",
        )
        .into());
    }
    let named = filled.name.as_ref().and_then(|name| match &name.reader {
        Reader::Participant(code) => Some(code.clone()),
        Reader::Case(_) => None,
    });
    let codes: Vec<String> = [named, filled.who.clone(), who.map(str::to_owned)]
        .into_iter()
        .flatten()
        .collect();
    let Some(code) = codes.first() else {
        return Err(Error::refused(
            "it does not say who answers",
            "say it: casebook response import FILE --participant P07",
        )
        .into());
    };
    let person = store.participant(code)?;
    for other in &codes[1..] {
        if store.participant(other)?.id != person.id {
            return Err(Error::refused(
                "it names two participants",
                "import it without --participant, or mend the form",
            )
            .into());
        }
    }
    let mut warnings = Vec::new();
    let version = filled.name.as_ref().map(|name| name.version);
    if version.is_some_and(|v| v > study.store.state().unwrap_or(v)) {
        warnings
            .push("it answers a debrief of a later state of the study than this one".to_owned());
    }
    let changed = match version {
        Some(version) => store.findings_changed_since(version)?,
        None => Vec::new(),
    };
    for answer in &filled.answers {
        let Some(finding) = answer.finding else {
            continue;
        };
        if store.finding(finding)?.is_none() {
            return Err(Error::refused(
                format!("it answers to finding {finding}, and there is none of that number"),
                "see: casebook finding list",
            )
            .into());
        }
        let warning =
            format!("finding {finding} was changed after the debrief that it answers was written");
        if changed.contains(&finding) && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    Ok(Form {
        person,
        version,
        received: filled.received,
        answers: filled.answers,
        warnings,
    })
}
