//! Filled reply forms: whose each is and which debrief it answers, and whether it fits this study.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Error;
use super::response::NewAnswer;
use super::response_form::{
    FORM, Filled, FormName, Reader, Unclear, read_rows, read_tables, study_name,
};
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
    // Whoever's form it is and whatever it answers to is in the hint, so that it can be typed; no code that is not one of
    // the study's.
    let unclear = |why: Unclear, cells: &[String]| {
        let code = [cells, who.map(str::to_owned).as_slice()]
            .concat()
            .into_iter()
            .map(|cell| match cell.parse::<FormName>() {
                Ok(FormName {
                    reader: Reader::Participant(code),
                    ..
                }) => code,
                _ => cell,
            })
            .find_map(|code| Some(study.store.find_participant(&code).ok()??.code))
            .unwrap_or_else(|| "PARTICIPANT".to_owned());
        let said = why.to_string();
        let finding =
            after(&said, "finding ").map_or_else(|| "FINDING".to_owned(), |n| n.to_string());
        Error::refused(
            said,
            format!(
                "mend it in the form, or write the answer down by hand: casebook respond {code} {finding} disagree TEXT"
            ),
        )
    };
    let filled = match ending.as_str() {
        "docx" => {
            let tables = crate::import::docx_tables(bytes)?;
            let read = read_tables(&tables);
            let head = tables
                .into_iter()
                .flatten()
                .find(|row| row.first().is_some_and(|c| c.trim() == FORM));
            vec![read.map_err(|why| unclear(why, &head.unwrap_or_default()))?]
        }
        "csv" | "tsv" | "xlsx" | "ods" => {
            let rows = sheet::rows(file_name, bytes)?;
            read_rows(&rows).map_err(|why| {
                let number = after(&why.to_string(), "row ");
                let row = rows
                    .iter()
                    .find(|row| i64::try_from(row.number).ok() == number);
                unclear(why, row.map_or(&[], |row| &row.cells))
            })?
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
    let empty = filled.iter().find_map(|f| {
        let named = f.name.as_ref().and_then(|name| match &name.reader {
            Reader::Participant(code) => Some(code.clone()),
            Reader::Case(_) => None,
        });
        named.or_else(|| f.who.clone())
    });
    let empty = empty.or_else(|| who.map(str::to_owned));
    let forms = filled
        .into_iter()
        .filter(|filled| !filled.answers.is_empty())
        .map(|filled| form(study, &own, filled, who))
        .collect::<Result<Vec<Form>>>()?;
    if forms.is_empty() {
        return Err(Error::refused(
            "nothing is filled in",
            // A code that is not one of the study's is not repeated.
            match empty.filter(|code| study.store.find_participant(code).is_ok_and(|p| p.is_some())) {
                Some(code) => {
                    format!("if that is the answer, write it down: casebook respond {code} --no-reply")
                }
                None => "if that is the answer, write down whose: casebook respond PARTICIPANT --no-reply".to_owned(),
            },
        )
        .into());
    }
    Ok(FormFile {
        sha256: hash(bytes),
        forms,
    })
}

/// The number behind these words.
fn after(said: &str, words: &str) -> Option<i64> {
    let (_, rest) = said.split_once(words)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
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
            "say it: casebook response import FILE --participant ID",
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
    for (place, finding, claim) in &filled.claims {
        let plain = |words: &str| {
            // Spreadsheets turn quotation marks and put signs before what looks like a formula.
            let letters = words.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        let Some(now) = store.finding(*finding)? else {
            continue;
        };
        let before = store.claims_since(*finding, version.unwrap_or(0))?;
        let then = before.iter().take(version.map_or(usize::MAX, |_| 1));
        if !then.chain([&now.claim]).any(|c| plain(c) == plain(claim)) {
            return Err(Error::refused(
                format!("{place}: the claim beside the answer is not that of finding {finding}"),
                format!("see which finding is meant: casebook finding show {finding}"),
            )
            .into());
        }
    }
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
