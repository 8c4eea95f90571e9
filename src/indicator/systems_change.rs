//! Names, codes and links of cases, as they are put down: one by one or from a table.

use std::path::Path;

use super::Error;
use super::rows::{Row, days, each, needed, overlap, read, said_days};
use crate::domain::span::printable;
use crate::domain::words::LinkKind;
use crate::error::Result;
use crate::store::{CaseCode, CaseName, Tx};
use crate::study::Study;
use crate::study::records::{TableReport, day, link};

/// Puts a name of a case down. Refused where it would be called two things on one day.
fn put_name(tx: &Tx, new: &CaseName, again: bool) -> Result<Row> {
    days(new.from.as_deref(), new.to.as_deref())?;
    let slug = tx
        .cases()?
        .into_iter()
        .find(|c| c.id == new.case)
        .map_or(String::new(), |c| c.slug);
    let all: Vec<CaseName> = tx
        .case_names()?
        .into_iter()
        .filter(|n| n.case == new.case)
        .collect();
    let before = all.iter().find(|n| n.name == new.name);
    if before.is_some() && !again {
        return Err(Error::refused(
            format!("`{slug}` has the name `{}` already", printable(&new.name)),
            format!("see its names with: casebook case name list {slug}"),
        )
        .into());
    }
    let dated = |n: &CaseName| n.from.is_some() || n.to.is_some();
    if let Some(other) = all.iter().find(|n| {
        n.name != new.name
            && dated(n)
            && dated(new)
            && overlap(
                (n.from.as_deref(), n.to.as_deref()),
                (new.from.as_deref(), new.to.as_deref()),
            )
    }) {
        return Err(Error::refused(
            format!(
                "`{slug}` would be called `{}` and `{}` on one day: the first holds {}",
                printable(&other.name),
                printable(&new.name),
                said_days(other.from.as_deref(), other.to.as_deref())
            ),
            "give the days so that one ends where the other begins; what only a source calls it has no days",
        )
        .into());
    }
    let row = CaseName {
        id: before.map_or(0, |n| n.id),
        ..new.clone()
    };
    let same = before == Some(&row);
    if !same {
        tx.put_case_name(&row)?;
    }
    Ok(Row {
        name: format!("{slug}: {}", new.name),
        same,
        there: before.is_some(),
    })
}

/// Puts a code of a case down. Refused where it would mean two cases on one day.
fn put_code(tx: &Tx, new: &CaseCode, again: bool) -> Result<Row> {
    days(new.from.as_deref(), new.to.as_deref())?;
    let slugs: std::collections::HashMap<i64, String> =
        tx.cases()?.into_iter().map(|c| (c.id, c.slug)).collect();
    let slug = |id: i64| slugs.get(&id).map_or("?", String::as_str);
    let name = format!("{} {} {}", slug(new.case), new.scheme, new.code);
    let mut before = None;
    for k in tx.case_codes()? {
        if !(k.scheme.eq_ignore_ascii_case(&new.scheme) && k.code.eq_ignore_ascii_case(&new.code)) {
            continue;
        }
        let one = (k.from.as_deref(), k.to.as_deref());
        if !overlap(one, (new.from.as_deref(), new.to.as_deref())) {
            continue;
        }
        // From a table, what begins on the same day is the same, with another end or source.
        if k.case == new.case && again && k.from == new.from {
            before = Some(k);
            continue;
        }
        return Err(Error::refused(
            format!(
                "`{}` of {} is the code of `{}` {}: on one day it would {}",
                printable(&new.code),
                printable(&new.scheme),
                slug(k.case),
                said_days(k.from.as_deref(), k.to.as_deref()),
                if k.case == new.case { "be there twice" } else { "mean two cases" }
            ),
            format!(
                "let one end where the other begins (--from, --to), or remove it: casebook case code remove {} {} {}",
                slug(k.case), k.scheme, k.code
            ),
        )
        .into());
    }
    let row = CaseCode {
        id: before.as_ref().map_or(0, |k| k.id),
        scheme: before
            .as_ref()
            .map_or(new.scheme.clone(), |k| k.scheme.clone()),
        code: before.as_ref().map_or(new.code.clone(), |k| k.code.clone()),
        ..new.clone()
    };
    let same = before.as_ref() == Some(&row);
    if !same {
        tx.put_case_code(&row)?;
    }
    Ok(Row {
        name,
        same,
        there: before.is_some(),
    })
}

/// Adds a name to a case. The event's summary names the case only.
pub fn add_name(study: &Study, case: &str, name: &CaseName) -> Result<Option<i64>> {
    let ((), event) = study.change("case name add", |tx| {
        let case = tx.case(case)?;
        let name = CaseName {
            case: case.id,
            ..name.clone()
        };
        put_name(tx, &name, false)?;
        tx.summary(format!("add a name of case {}", case.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Takes a name away.
pub fn remove_name(study: &Study, case: &str, name: &str) -> Result<Option<i64>> {
    let ((), event) = study.change("case name remove", |tx| {
        let case = tx.case(case)?;
        let found = tx
            .case_names()?
            .into_iter()
            .find(|n| n.case == case.id && n.name == name)
            .ok_or_else(|| {
                Error::refused(
                    format!("`{}` has no name `{}`", case.slug, printable(name)),
                    format!(
                        "see its names with: casebook case name list {}   (the one that it has now is changed with: casebook case edit {} --name NAME)",
                        case.slug, case.slug
                    ),
                )
            })?;
        tx.remove_case_name(found.id)?;
        tx.summary(format!("remove a name of case {}", case.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Adds a code to a case.
pub fn add_code(study: &Study, case: &str, code: &CaseCode) -> Result<Option<i64>> {
    let ((), event) = study.change("case code add", |tx| {
        let case = tx.case(case)?;
        let code = CaseCode {
            case: case.id,
            ..code.clone()
        };
        put_code(tx, &code, false)?;
        tx.summary(format!("add a code of case {}", case.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Takes a code away; `from` tells which where it held more than once.
pub fn remove_code(
    study: &Study,
    case: &str,
    (scheme, code): (&str, &str),
    from: Option<&str>,
) -> Result<Option<i64>> {
    let ((), event) = study.change("case code remove", |tx| {
        let case = tx.case(case)?;
        let found: Vec<CaseCode> = tx
            .case_codes()?
            .into_iter()
            .filter(|k| {
                k.case == case.id
                    && k.scheme.eq_ignore_ascii_case(scheme)
                    && k.code.eq_ignore_ascii_case(code)
                    && from.is_none_or(|f| k.from.as_deref() == Some(f))
            })
            .collect();
        match found.as_slice() {
            [] => {
                return Err(Error::refused(
                    format!(
                        "`{}` has no such code: {} {}",
                        case.slug,
                        printable(scheme),
                        printable(code)
                    ),
                    format!("see its codes with: casebook case code list {}", case.slug),
                )
                .into());
            }
            [one] => tx.remove_case_code(one.id)?,
            [first, ..] => {
                return Err(Error::refused(
                    format!("`{}` held {} times", printable(code), found.len()),
                    format!(
                        "say from which day, as in: --from {}",
                        first.from.as_deref().unwrap_or("2020-04-01")
                    ),
                )
                .into());
            }
        }
        tx.summary(format!("remove a code of case {}", case.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Imports names: `case`, `name`, `from`, `to`, `source`.
pub fn import_names(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = read(
        path,
        &["case", "name", "from", "to", "source"],
        &["case", "name"],
    )?;
    let (mut report, event) = study.change("case name import", |tx| {
        let report = each(&sheet, |row| {
            let name = CaseName {
                id: 0,
                case: tx.case(needed(&sheet, row, "case")?)?.id,
                name: needed(&sheet, row, "name")?.to_owned(),
                from: day(sheet.get(row, "from"))?,
                to: day(sheet.get(row, "to"))?,
                source: sheet.get(row, "source").map(str::to_owned),
            };
            put_name(tx, &name, true)
        });
        tx.summary(said(&report, "case name import"));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}

/// Imports codes: `case`, `scheme`, `code`, `from`, `to`, `source`.
pub fn import_codes(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = read(
        path,
        &["case", "scheme", "code", "from", "to", "source"],
        &["case", "scheme", "code"],
    )?;
    let (mut report, event) = study.change("case code import", |tx| {
        let report = each(&sheet, |row| {
            let code = CaseCode {
                id: 0,
                case: tx.case(needed(&sheet, row, "case")?)?.id,
                scheme: needed(&sheet, row, "scheme")?.to_owned(),
                code: needed(&sheet, row, "code")?.to_owned(),
                from: day(sheet.get(row, "from"))?,
                to: day(sheet.get(row, "to"))?,
                source: sheet.get(row, "source").map(str::to_owned),
            };
            put_code(tx, &code, true)
        });
        tx.summary(said(&report, "case code import"));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}

/// Imports links: `case`, `link`, `other`, `from`, `to`. One that is there already is left as it is.
pub fn import_links(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = read(
        path,
        &["case", "link", "other", "from", "to"],
        &["case", "link", "other"],
    )?;
    let (mut report, event) = study.change("case link import", |tx| {
        let report = each(&sheet, |row| {
            let case = tx.case(needed(&sheet, row, "case")?)?;
            let kind: LinkKind = needed(&sheet, row, "link")?.parse()?;
            let other = tx.case(needed(&sheet, row, "other")?)?;
            let (from, to) = (day(sheet.get(row, "from"))?, day(sheet.get(row, "to"))?);
            let same = tx.case_links()?.into_iter().any(|l| {
                (l.case, l.other) == (case.id, other.id)
                    && l.kind == kind.word()
                    && l.from == from
                    && l.to == to
            });
            if !same {
                let date = |d: &Option<String>| d.as_deref().and_then(|d| d.parse().ok());
                link(tx, &case.slug, kind, &other.slug, date(&from), date(&to))?;
            }
            Ok(Row {
                name: format!("{} {kind} {}", case.slug, other.slug),
                same,
                there: false,
            })
        });
        tx.summary(said(&report, "case link import"));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}

/// The event's summary: counts only.
pub(super) fn said(report: &TableReport, what: &str) -> String {
    format!(
        "{what}: {} added, {} edited",
        report.added.len(),
        report.edited.len()
    )
}
