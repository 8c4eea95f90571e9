//! Cohorts: named, dated sets of cases, with who is in them on a day, who is covered in part and who joined later.

use std::path::Path;

use serde::Serialize;

use super::Error;
use super::cited::{Cited, Places};
use super::rows::{Row, days, each, needed, read};
use super::systems::Systems;
use super::systems_change::said;
use crate::domain::span::printable;
use crate::error::Result;
use crate::store::{Cohort, Member, Store, Tx};
use crate::study::Study;
use crate::study::records::{TableReport, check_name, day};

/// The first day of a membership: its own, or the cohort's; none where neither is known, which is always.
pub fn since<'a>(cohort: &'a Cohort, member: &'a Member) -> Option<&'a str> {
    member.from.as_deref().or(cohort.date.as_deref())
}

/// Whether a case is a member on a day.
pub fn is_member(cohort: &Cohort, member: &Member, day: &str) -> bool {
    since(cohort, member).is_none_or(|from| from <= day)
        && member.to.as_deref().is_none_or(|to| day < to)
}

/// Whether it joined after the cohort was named.
pub fn joined_later(cohort: &Cohort, member: &Member) -> bool {
    matches!((&member.from, &cohort.date), (Some(from), Some(date)) if from > date)
}

/// A member as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct MemberView {
    pub case: String,
    /// As of a day, what it was called then.
    pub name: String,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Which part of the case is covered; null: the whole.
    pub part: Option<String>,
    /// Whether it joined after the cohort's date.
    pub joined_later: bool,
    /// What it has become by that day (without one, at last); empty: it is still there.
    pub became: Vec<String>,
    pub why: Option<String>,
    pub source: Option<String>,
    /// The passage that says so.
    pub coding: Option<Cited>,
}

/// A cohort as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct CohortView {
    pub cohort: String,
    pub name: String,
    pub date: Option<String>,
    pub why: Option<String>,
    pub source: Option<String>,
    /// The source, where it is a document of the study.
    pub document: Option<String>,
    pub as_of: Option<String>,
    /// How many members: all that are named, or those of that day.
    pub cases: usize,
    pub in_part: usize,
    pub joined_later: usize,
    pub members: Vec<MemberView>,
}

/// Cohorts with their members, those of a day where one is given.
pub fn views(store: &Store, only: Option<&str>, as_of: Option<&str>) -> Result<Vec<CohortView>> {
    let systems = Systems::read(store)?;
    let mut places = Places::new(store)?;
    let wanted = match only {
        Some(slug) => vec![store.cohort(slug)?],
        None => store.cohorts()?,
    };
    let mut found = Vec::new();
    for cohort in wanted {
        let mut members = Vec::new();
        for m in store.cohort_members(Some(cohort.id))? {
            if as_of.is_some_and(|d| !is_member(&cohort, &m, d)) {
                continue;
            }
            let coding = places.coding(m.coding)?;
            let shown = coding.as_ref().is_none_or(|c| c.held_back.is_none());
            let became = systems
                .stands_for(m.case, as_of.unwrap_or("9999-12-31"))
                .into_iter()
                .filter(|id| *id != m.case);
            members.push(MemberView {
                case: systems.slug(m.case).to_owned(),
                name: match as_of {
                    Some(day) => systems.name_on(m.case, day).to_owned(),
                    None => systems
                        .case(m.case)
                        .map_or(String::new(), |c| c.name.clone()),
                },
                joined_later: joined_later(&cohort, &m),
                became: became.map(|id| systems.slug(id).to_owned()).collect(),
                from: m.from,
                to: m.to,
                part: m.part,
                why: m.why.filter(|_| shown),
                source: m.source,
                coding,
            });
        }
        let is_shut = places.is_shut(cohort.transcript)?;
        found.push(CohortView {
            document: places.transcript(cohort.transcript)?,
            cohort: cohort.slug,
            name: cohort.name,
            date: cohort.date,
            why: cohort.why.filter(|_| !is_shut),
            source: cohort.source,
            as_of: as_of.map(str::to_owned),
            cases: members.len(),
            in_part: members.iter().filter(|m| m.part.is_some()).count(),
            joined_later: members.iter().filter(|m| m.joined_later).count(),
            members,
        });
    }
    Ok(found)
}

/// Adds a cohort.
pub fn add(study: &Study, new: &Cohort) -> Result<Option<i64>> {
    check_name("cohort", &new.slug)?;
    let ((), event) = study.change("cohort add", |tx| {
        if let Some(there) = tx.find_cohort(&new.slug)? {
            return Err(Error::refused(
                format!("cohort `{}` exists already", there.slug),
                format!("change it with: casebook cohort edit {}", there.slug),
            )
            .into());
        }
        tx.put_cohort(new)?;
        tx.summary(format!("add cohort {}", new.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Changes a cohort. `edit` is given what it is.
pub fn edit(
    study: &Study,
    slug: &str,
    edit: impl FnOnce(&Tx, &mut Cohort) -> Result<()>,
) -> Result<Option<i64>> {
    let ((), event) = study.change("cohort edit", |tx| {
        let before = tx.cohort(slug)?;
        let mut after = before.clone();
        edit(tx, &mut after)?;
        check_name("cohort", &after.slug)?;
        if after != before {
            tx.put_cohort(&after)?;
        }
        tx.summary(format!("edit cohort {}", after.slug));
        Ok(())
    })?;
    Ok(event)
}

/// Removes a cohort with its members.
pub fn remove(study: &Study, cohort: &Cohort) -> Result<Option<i64>> {
    let ((), event) = study.change("cohort remove", |tx| {
        tx.remove_cohort(cohort.id)?;
        tx.summary(format!("remove cohort {}", cohort.slug));
        Ok(())
    })?;
    Ok(event)
}

/// What is said of a member; what is not said stays as it was.
#[derive(Clone, Debug, Default)]
pub struct Membership {
    pub from: Option<String>,
    pub to: Option<String>,
    pub part: Option<String>,
    pub why: Option<String>,
    pub source: Option<String>,
    pub coding: Option<i64>,
}

fn put(tx: &Tx, cohort: &Cohort, case: i64, slug: &str, said: Membership) -> Result<Row> {
    let before = tx
        .cohort_members(Some(cohort.id))?
        .into_iter()
        .find(|m| m.case == case);
    let base = before.clone().unwrap_or_else(|| Member {
        cohort: cohort.id,
        case,
        ..Member::default()
    });
    let after = Member {
        from: said.from.or(base.from),
        to: said.to.or(base.to),
        part: said.part.or(base.part),
        why: said.why.or(base.why),
        source: said.source.or(base.source),
        coding: said.coding.or(base.coding),
        ..base
    };
    days(since(cohort, &after), after.to.as_deref())?;
    let same = before.as_ref() == Some(&after);
    if !same {
        tx.put_member(&after)?;
    }
    Ok(Row {
        name: format!("{}: {slug}", cohort.slug),
        same,
        there: before.is_some(),
    })
}

/// Puts a case into a cohort, or says more of one that is in it. Gives whether it was in it already.
pub fn put_member(
    study: &Study,
    cohort: &str,
    case: &str,
    said: Membership,
) -> Result<(bool, Option<i64>)> {
    study.change("cohort member", |tx| {
        let cohort = tx.cohort(cohort)?;
        let case = tx.case(case)?;
        if let Some(id) = said.coding {
            super::cited::coding(tx, id)?;
        }
        let row = put(tx, &cohort, case.id, &case.slug, said)?;
        tx.summary(format!("cohort {}: member {}", cohort.slug, case.slug));
        Ok(row.there)
    })
}

/// Takes a case out of a cohort, as if it had never been in it.
pub fn leave(study: &Study, cohort: &str, case: &str) -> Result<Option<i64>> {
    let ((), event) = study.change("cohort leave", |tx| {
        let cohort = tx.cohort(cohort)?;
        let case = tx.case(case)?;
        let member = tx
            .cohort_members(Some(cohort.id))?
            .into_iter()
            .find(|m| m.case == case.id)
            .ok_or_else(|| {
                Error::refused(
                    format!("`{}` is no member of `{}`", case.slug, cohort.slug),
                    format!("see its members with: casebook cohort show {}", cohort.slug),
                )
            })?;
        tx.remove_member(member.id)?;
        tx.summary(format!("cohort {}: without {}", cohort.slug, case.slug));
        Ok(())
    })?;
    Ok(event)
}

const COLUMNS: &[&str] = &[
    "cohort", "name", "date", "case", "from", "to", "part", "why", "source",
];

/// Imports cohorts and their members: a row per member. A cohort that is not there yet is made of the row's `name` and
/// `date`; one that is there must agree with them.
pub fn import(study: &Study, path: &Path) -> Result<TableReport> {
    let sheet = read(path, COLUMNS, &["cohort"])?;
    let (mut report, event) = study.change("cohort import", |tx| {
        let report = each(&sheet, |row| {
            let slug = needed(&sheet, row, "cohort")?;
            check_name("cohort", slug)?;
            let case = sheet
                .get(row, "case")
                .map(|slug| tx.case(slug))
                .transpose()?;
            let date = day(sheet.get(row, "date"))?;
            let said = Membership {
                from: day(sheet.get(row, "from"))?,
                to: day(sheet.get(row, "to"))?,
                part: sheet.get(row, "part").map(str::to_owned),
                why: sheet.get(row, "why").map(str::to_owned),
                source: sheet.get(row, "source").map(str::to_owned),
                coding: None,
            };
            days(said.from.as_deref().or(date.as_deref()), said.to.as_deref())?;
            let name = sheet.get(row, "name");
            let there = tx.find_cohort(slug)?;
            let cohort = match &there {
                Some(there) => agrees(there.clone(), name, date.as_deref())?,
                None => {
                    let mut new = Cohort {
                        slug: slug.to_owned(),
                        name: name.unwrap_or(slug).to_owned(),
                        date,
                        ..Cohort::default()
                    };
                    new.id = tx.put_cohort(&new)?;
                    new
                }
            };
            match case {
                Some(case) => put(tx, &cohort, case.id, &case.slug, said),
                None => Ok(Row {
                    name: cohort.slug,
                    same: there.is_some(),
                    there: there.is_some(),
                }),
            }
        });
        tx.summary(self::said(&report, "cohort import"));
        Ok(report)
    })?;
    report.event = event;
    Ok(report)
}

/// The cohort that is there, unless the row says otherwise of it.
fn agrees(there: Cohort, name: Option<&str>, date: Option<&str>) -> Result<Cohort> {
    let differs = |what: &str, is: &str, says: &str| {
        Err(Error::refused(
            format!(
                "the {what} of cohort `{}` is `{}`, and this row says `{}`",
                there.slug,
                printable(is),
                printable(says)
            ),
            format!(
                "mend the row, or the cohort: casebook cohort edit {} --{what} …",
                there.slug
            ),
        )
        .into())
    };
    if let Some(name) = name
        && name != there.name
    {
        return differs("name", &there.name, name);
    }
    if let Some(date) = date
        && there.date.as_deref() != Some(date)
    {
        return differs("date", there.date.as_deref().unwrap_or("not known"), date);
    }
    Ok(there)
}
