//! Declared populations from a CSV: `case`, `role`, `people`, `source`. A row without a case holds in each case, one
//! without a role for people of any role.

use std::path::Path;

use crate::domain::span::printable;
use crate::error::{Failure, Result};
use crate::governance::Error;
use crate::store::{Population, Tx};
use crate::study::Study;
use crate::study::records::{RefusedRow, TableReport};

/// How many people: a number from 1, or `unique`.
///
/// # Errors
/// What else it may be.
pub fn people(typed: &str) -> Result<i64, String> {
    match typed.trim() {
        word if word.eq_ignore_ascii_case("unique") => Ok(1),
        n => match n.parse() {
            Ok(n) if (1..=1_000_000_000).contains(&n) => Ok(n),
            _ => Err("write a whole number from 1, or `unique`".into()),
        },
    }
}

/// Takes the rows that fit, as one change; the others are listed.
///
/// # Errors
/// A file that is no CSV, or has no column `people`.
pub fn import_populations(study: &Study, path: &Path) -> Result<TableReport> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let bad = |what: String| {
        Error::refused(
            format!("`{}` {what}", path.display()),
            "save it as CSV, in UTF-8, with the columns case, role, people and source",
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let heads = reader
        .headers()
        .map_err(|_| bad("is no CSV that can be read".into()))?
        .clone();
    let column = |name: &str| heads.iter().position(|h| h.eq_ignore_ascii_case(name));
    let Some(number) = column("people") else {
        return Err(bad("has no column `people`".into()).into());
    };
    let (case, role, source) = (column("case"), column("role"), column("source"));
    let rows: Vec<csv::StringRecord> = reader
        .records()
        .collect::<Result<_, _>>()
        .map_err(|_| bad("is no CSV that can be read".into()))?;
    let (mut report, event) = study.change("population import", |tx| {
        let mut report = TableReport::default();
        for row in &rows {
            let get = |at: Option<usize>| at.and_then(|n| row.get(n)).filter(|v| !v.is_empty());
            let done = one(tx, get(case), get(role), get(Some(number)), get(source));
            match done {
                Ok((name, put)) => match put {
                    Put::Added => report.added.push(name),
                    Put::Edited => report.edited.push(name),
                    Put::Unchanged => report.unchanged += 1,
                },
                Err(failure) if failure.kind() == crate::error::Kind::User => {
                    report.refused.push(RefusedRow {
                        line: row.position().map_or(0, csv::Position::line),
                        reason: failure.to_string(),
                        hint: failure.hint(),
                    });
                }
                Err(failure) => return Err(failure),
            }
        }
        tx.summary(format!(
            "import populations: {} added, {} edited",
            report.added.len(),
            report.edited.len()
        ));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}

fn one(
    tx: &Tx,
    case: Option<&str>,
    role: Option<&str>,
    number: Option<&str>,
    source: Option<&str>,
) -> Result<(String, Put), Failure> {
    let typed = number.unwrap_or_default();
    let people = people(typed).map_err(|hint| {
        Error::refused(
            format!("`{}` is no number of people", printable(typed)),
            hint,
        )
    })?;
    let case = case.map(|slug| tx.case(slug)).transpose()?;
    let (case, case_name) = (case.as_ref().map(|c| c.id), case.map(|c| c.slug));
    if case.is_none() && role.is_none() {
        return Err(Error::refused(
            "a row names neither a case nor a role",
            "name one of them, or both",
        )
        .into());
    }
    let name = [
        case_name.as_deref().unwrap_or("each case"),
        role.unwrap_or("any role"),
    ]
    .join(": ");
    let there = tx.population(case, role)?.is_some();
    let changed = tx.put_population(&Population {
        id: 0,
        case,
        role: role.map(str::to_owned),
        people,
        source: source.map(str::to_owned),
    })?;
    let put = match (changed, there) {
        (false, _) => Put::Unchanged,
        (true, true) => Put::Edited,
        (true, false) => Put::Added,
    };
    Ok((name, put))
}

/// What became of a row.
enum Put {
    Added,
    Edited,
    Unchanged,
}
