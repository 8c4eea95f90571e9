//! Cases and participants: linking, attributes, and import from CSV with a report of what did not fit.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use super::{Error, Study};
use crate::domain::Date;
use crate::domain::attribute::{Owner, infer};
use crate::domain::span::printable;
use crate::domain::words::{Attribution, LinkKind};
use crate::error::Result;
use crate::store::{Case, CaseLink, OwnerId, Participant, Setting, Store, Tx};

/// A short name that can be typed: letters, digits, `-`, `_`, `.`.
pub fn check_name(what: &str, name: &str) -> Result<(), Error> {
    let fine = !name.is_empty()
        && name.chars().count() <= 64
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if fine {
        return Ok(());
    }
    Err(Error::refused(
        format!("`{}` can't name a {what}", printable(name)),
        "use letters, digits, `-`, `_` and `.`, without blanks, at most 64, as in north-trust",
    ))
}

/// Links two cases. A `part-of` that would make a case part of itself is refused.
pub fn link(
    tx: &Tx,
    case: &str,
    kind: LinkKind,
    other: &str,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<()> {
    let (case, other) = (tx.case(case)?, tx.case(other)?);
    if case.id == other.id {
        return Err(Error::refused(
            format!("`{}` can't be linked to itself", case.slug),
            "name two different cases",
        )
        .into());
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(Error::refused(
            "the link would end before it begins",
            "give --to a later day than --from",
        )
        .into());
    }
    if kind == LinkKind::PartOf && tx.with_parts(&[case.id], None)?.contains(&other.id) {
        return Err(Error::refused(
            format!(
                "`{}` can't be part of `{}`: that is part of it already",
                case.slug, other.slug
            ),
            format!("see the links with: casebook case show {}", other.slug),
        )
        .into());
    }
    let new = CaseLink {
        id: 0,
        case: case.id,
        kind: kind.word().into(),
        other: other.id,
        from: from.map(|d| d.to_string()),
        to: to.map(|d| d.to_string()),
    };
    let same = tx
        .case_links()?
        .into_iter()
        .any(|l| CaseLink { id: 0, ..l } == new);
    if same {
        return Err(Error::refused(
            format!("`{}` is {kind} `{}` already", case.slug, other.slug),
            format!("see the links with: casebook case show {}", case.slug),
        )
        .into());
    }
    Ok(tx.add_case_link(&new)?)
}

/// Sets `KEY=VALUE` pairs on one thing. An empty value takes the value away.
pub fn set_attributes(tx: &Tx, owner: OwnerId, pairs: &[(String, String)]) -> Result<()> {
    for (name, value) in pairs {
        let attribute = tx.attribute(owner.0, name)?;
        if value.trim().is_empty() {
            tx.set_value(owner, attribute.id, None)?;
            continue;
        }
        let value = attribute.kind.canonical(value).map_err(|e| {
            Error::refused(
                format!("attribute `{}`: {e}", attribute.name),
                "see its type with: casebook attribute list",
            )
        })?;
        tx.set_value(owner, attribute.id, Some(&value))?;
    }
    Ok(())
}

/// A row that did not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    pub line: u64,
    pub reason: String,
    pub hint: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableReport {
    pub added: Vec<String>,
    pub edited: Vec<String>,
    pub unchanged: usize,
    /// Attributes that the file's other columns made: name and type.
    pub attributes: Vec<(String, String)>,
    pub refused: Vec<RefusedRow>,
    pub event: Option<i64>,
}

/// A CSV with named columns, read whole: these tables are small.
pub(crate) struct Sheet {
    heads: Vec<String>,
    /// Each with its line.
    pub(crate) rows: Vec<(u64, Vec<String>)>,
}

impl Sheet {
    pub(crate) fn read(path: &Path, needs: &str) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let bad = |e: csv::Error| {
            Error::refused(
                format!("`{}` is no CSV that can be read: {e}", path.display()),
                "save it as CSV, in UTF-8, with a first row of column names",
            )
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
        let heads: Vec<String> = reader
            .headers()
            .map_err(bad)?
            .iter()
            .map(str::to_owned)
            .collect();
        if !heads.iter().any(|h| h.eq_ignore_ascii_case(needs)) {
            return Err(Error::refused(
                format!("`{}` has no column `{needs}`", path.display()),
                format!("its first row names the columns; one of them must be `{needs}`"),
            ));
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(bad)?;
            rows.push((
                record.position().map_or(0, csv::Position::line),
                record.iter().map(str::to_owned).collect(),
            ));
        }
        Ok(Self { heads, rows })
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.heads.iter().position(|h| h.eq_ignore_ascii_case(name))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// What stands in the column of that name; `None` of nothing.
    pub(crate) fn get<'a>(&self, row: &'a [String], name: &str) -> Option<&'a str> {
        row.get(self.column(name)?)
            .map(String::as_str)
            .filter(|v| !v.is_empty())
    }

    /// The columns that are none of the known ones, with their place.
    pub(crate) fn others(&self, known: &[&str]) -> Vec<(usize, &str)> {
        self.heads
            .iter()
            .enumerate()
            .filter(|(_, h)| !h.is_empty() && !known.iter().any(|k| h.eq_ignore_ascii_case(k)))
            .map(|(n, h)| (n, h.as_str()))
            .collect()
    }

    /// Makes attributes of the other columns where there are none of that name yet; their types from all values.
    fn attributes(
        &self,
        tx: &Tx,
        of: Owner,
        known: &[&str],
        report: &mut TableReport,
    ) -> Result<Vec<(usize, String)>> {
        let there = tx.attributes()?;
        let mut columns = Vec::new();
        for (n, head) in self.others(known) {
            let name = match there
                .iter()
                .find(|a| a.of == of && a.name.eq_ignore_ascii_case(head))
            {
                Some(a) => a.name.clone(),
                None => {
                    let kind = infer(
                        self.rows
                            .iter()
                            .filter_map(|(_, row)| row.get(n))
                            .map(String::as_str),
                    );
                    tx.add_attribute(head, of, &kind)?;
                    report
                        .attributes
                        .push((head.to_owned(), kind.name().to_string()));
                    head.to_owned()
                }
            };
            columns.push((n, name));
        }
        Ok(columns)
    }
}

fn list(value: Option<&str>) -> Vec<&str> {
    value
        .map(|v| {
            v.split(';')
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .collect()
        })
        .unwrap_or_default()
}

/// A date, as tables write it.
pub(crate) fn day(value: Option<&str>) -> Result<Option<String>, Error> {
    value
        .map(|v| {
            v.parse::<Date>().map(|d| d.to_string()).map_err(|_| {
                Error::refused(
                    format!("`{}` is no date", printable(v)),
                    "dates are written as in 2021-04-30",
                )
            })
        })
        .transpose()
}

const CASE_COLUMNS: &[&str] = &[
    "slug",
    "name",
    "kind",
    "code",
    "from",
    "to",
    "part_of",
    "partner_of",
];
const PARTICIPANT_COLUMNS: &[&str] = &[
    "id",
    "role",
    "organisation",
    "attribution",
    "quotable",
    "case",
];

impl Study {
    /// Imports cases from a CSV: `slug`, `name`, `kind`, `code`, `from`, `to`, `part_of`, `partner_of`; every other column
    /// is an attribute. Rows that don't fit are listed; the rest goes in.
    pub fn import_cases(&self, path: &Path) -> Result<TableReport> {
        let sheet = Sheet::read(path, "slug")?;
        let (mut report, event) = self.change("case import", |tx| {
            let mut report = TableReport::default();
            let columns = sheet.attributes(tx, Owner::Case, CASE_COLUMNS, &mut report)?;
            let mut links: Vec<(u64, String, LinkKind, String)> = Vec::new();
            let mut seen: HashMap<String, u64> = HashMap::new();
            for (line, row) in &sheet.rows {
                let done = (|| -> Result<()> {
                    let slug = sheet.get(row, "slug").unwrap_or_default();
                    check_name("case", slug)?;
                    if let Some(first) = seen.insert(slug.to_lowercase(), *line) {
                        return Err(Error::refused(
                            format!("`{slug}` stands in line {first} already"),
                            "keep one row per case",
                        )
                        .into());
                    }
                    let before = tx.find_case(slug)?;
                    let base = before.clone().unwrap_or_else(|| Case {
                        slug: slug.into(),
                        name: slug.into(),
                        kind: "case".into(),
                        ..Case::default()
                    });
                    let or = |name: &str, old: Option<String>| {
                        sheet.get(row, name).map(str::to_owned).or(old)
                    };
                    let case = Case {
                        name: sheet.get(row, "name").map_or(base.name, str::to_owned),
                        kind: sheet.get(row, "kind").map_or(base.kind, str::to_owned),
                        code: or("code", base.code),
                        from: day(sheet.get(row, "from"))?.or(base.from),
                        to: day(sheet.get(row, "to"))?.or(base.to),
                        id: base.id,
                        slug: base.slug,
                    };
                    let values = fitting(tx, Owner::Case, &columns, row)?;
                    let changed = put(
                        &mut report,
                        before.as_ref() == Some(&case),
                        before.is_some(),
                        &case.slug,
                    );
                    let id = if changed {
                        tx.put_case(&case)?
                    } else {
                        case.id
                    };
                    set_attributes(tx, OwnerId(Owner::Case, id), &values)?;
                    for (column, kind) in [
                        ("part_of", LinkKind::PartOf),
                        ("partner_of", LinkKind::PartnerOf),
                    ] {
                        links.extend(
                            list(sheet.get(row, column))
                                .into_iter()
                                .map(|other| (*line, case.slug.clone(), kind, other.to_owned())),
                        );
                    }
                    Ok(())
                })();
                note(&mut report, *line, done);
            }
            // Links last, so that a row may name a case that stands further down.
            for (line, case, kind, other) in links {
                let there = |tx: &Tx| -> Result<bool> {
                    let (a, b) = (tx.case(&case)?.id, tx.case(&other)?.id);
                    Ok(tx
                        .case_links()?
                        .iter()
                        .any(|l| (l.case, l.other) == (a, b) && l.kind == kind.word()))
                };
                let done = match there(tx) {
                    Ok(true) => Ok(()),
                    Ok(false) => link(tx, &case, kind, &other, None, None),
                    Err(e) => Err(e),
                };
                if let Err(e) = done {
                    report.refused.push(RefusedRow {
                        line,
                        reason: format!("`{case}` is in without this link: {e}"),
                        hint: e.hint(),
                    });
                }
            }
            report.refused.sort_by_key(|row| row.line);
            tx.summary(format!(
                "case import: {} added, {} edited",
                report.added.len(),
                report.edited.len()
            ));
            Ok(report)
        })?;
        report.event = event;
        report.refused.sort_by_key(|row| row.line);
        Ok(report)
    }

    /// Imports participants from a CSV: `id`, `role`, `organisation`, `attribution`, `quotable`, `case` (several parted by
    /// `;`); every other column is an attribute.
    pub fn import_participants(&self, path: &Path) -> Result<TableReport> {
        let sheet = Sheet::read(path, "id")?;
        let (mut report, event) = self.change("participant import", |tx| {
            let mut report = TableReport::default();
            let columns =
                sheet.attributes(tx, Owner::Participant, PARTICIPANT_COLUMNS, &mut report)?;
            let mut seen: HashMap<String, u64> = HashMap::new();
            for (line, row) in &sheet.rows {
                let done = (|| -> Result<()> {
                    let code = sheet.get(row, "id").unwrap_or_default();
                    check_name("participant", code)?;
                    if let Some(first) = seen.insert(code.to_lowercase(), *line) {
                        return Err(Error::refused(
                            format!("`{code}` stands in line {first} already"),
                            "keep one row per participant",
                        )
                        .into());
                    }
                    let before = tx.find_participant(code)?;
                    let base = before.clone().unwrap_or_else(|| Participant::new(code));
                    let organisation = match sheet.get(row, "organisation") {
                        Some(slug) => Some(tx.case(slug)?.id),
                        None => base.organisation,
                    };
                    let attribution = match sheet.get(row, "attribution") {
                        Some(word) => word.parse::<Attribution>()?.word().to_owned(),
                        None => base.set.attribution.clone(),
                    };
                    let quotable = match sheet.get(row, "quotable") {
                        Some(word) => {
                            crate::domain::attribute::Type::YesNo.canonical(word)? == "yes"
                        }
                        None => base.set.quotable,
                    };
                    let mut cases = base.cases.clone();
                    for slug in list(sheet.get(row, "case")) {
                        let id = tx.case(slug)?.id;
                        if !cases.contains(&id) {
                            cases.push(id);
                        }
                    }
                    let person = Participant {
                        role: sheet
                            .get(row, "role")
                            .map(str::to_owned)
                            .or_else(|| base.role.clone()),
                        organisation,
                        set: Setting {
                            attribution,
                            quotable,
                        },
                        cases,
                        ..base
                    };
                    if before.as_ref().is_some_and(|b| b.set != person.set) {
                        within_form(tx, &person)?;
                    }
                    let values = fitting(tx, Owner::Participant, &columns, row)?;
                    let changed = put(
                        &mut report,
                        before.as_ref() == Some(&person),
                        before.is_some(),
                        &person.code,
                    );
                    let id = if changed {
                        tx.put_participant(&person)?
                    } else {
                        person.id
                    };
                    set_attributes(tx, OwnerId(Owner::Participant, id), &values)?;
                    Ok(())
                })();
                note(&mut report, *line, done);
            }
            tx.summary(format!(
                "participant import: {} added, {} edited",
                report.added.len(),
                report.edited.len()
            ));
            Ok(report)
        })?;
        report.event = event;
        report.refused.sort_by_key(|row| row.line);
        Ok(report)
    }
}

/// Refuses a setting of a person that is looser than the newest form: what was signed is the most that may be set.
pub fn within_form(store: &Store, person: &Participant) -> Result<()> {
    let versions = store.consents_of(person.id)?;
    let Some(form) = versions.last() else {
        return Ok(());
    };
    let code = &person.code;
    let may = |option: &str| {
        format!(
            "a newer form is put on record with: casebook consent add {code} --signed DATE {option} --approval TEXT"
        )
    };
    let level: Attribution = person.set.attribution.parse()?;
    if level < form.items.attribution {
        return Err(Error::refused(
            format!(
                "{code} agreed to `{}` at most, in version {} of the consent",
                form.items.attribution, form.version
            ),
            may(&format!("--attribution {level}")),
        )
        .into());
    }
    if person.set.quotable && form.items.quote != Some(true) {
        return Err(Error::refused(
            format!(
                "{code} gave no leave to be quoted, in version {} of the consent",
                form.version
            ),
            may("--quote yes"),
        )
        .into());
    }
    Ok(())
}

/// The row's values of the other columns; all must fit their types before anything of the row is written.
fn fitting(
    tx: &Tx,
    of: Owner,
    columns: &[(usize, String)],
    row: &[String],
) -> Result<Vec<(String, String)>> {
    let mut values = Vec::new();
    for (n, name) in columns {
        let value = row.get(*n).map_or("", String::as_str);
        if !value.is_empty() {
            let attribute = tx.attribute(of, name)?;
            attribute.kind.canonical(value).map_err(|e| {
                Error::refused(
                    format!("column `{name}`: {e}"),
                    "mend the value, or the attribute's type: casebook attribute list",
                )
            })?;
            values.push((name.clone(), value.to_owned()));
        }
    }
    Ok(values)
}

/// Notes whether a row is as it was, was edited or is new. Whether there is something to write.
pub(crate) fn put(report: &mut TableReport, same: bool, there: bool, name: &str) -> bool {
    if same {
        report.unchanged += 1;
    } else if there {
        report.edited.push(name.to_owned());
    } else {
        report.added.push(name.to_owned());
    }
    !same
}

/// Puts a row that did not fit into the report.
pub(crate) fn note(report: &mut TableReport, line: u64, done: Result<()>) {
    if let Err(e) = done {
        report.refused.push(RefusedRow {
            line,
            reason: e.to_string(),
            hint: e.hint(),
        });
    }
}

/// The links of all cases by case, for lists and reports: (kind, other case's id, whether this case is the first).
pub fn links_by_case(
    links: &[CaseLink],
    as_of: Option<&str>,
) -> BTreeMap<i64, Vec<(CaseLink, bool)>> {
    let mut found: BTreeMap<i64, Vec<(CaseLink, bool)>> = BTreeMap::new();
    for link in links.iter().filter(|l| l.stands(as_of)) {
        found
            .entry(link.case)
            .or_default()
            .push((link.clone(), true));
        found
            .entry(link.other)
            .or_default()
            .push((link.clone(), false));
    }
    found
}
