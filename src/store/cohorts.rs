//! Cohorts: named, dated sets of cases.

use rusqlite::{OptionalExtension, Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cohort {
    pub id: i64,
    pub slug: String,
    pub name: String,
    /// When it was named or announced.
    pub date: Option<String>,
    /// Why these.
    pub why: Option<String>,
    pub source: Option<String>,
    /// The source, where it is a document of the study.
    pub transcript: Option<i64>,
}

/// A case in a cohort, from a day (without one, the cohort's) until another (exclusive).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    pub cohort: i64,
    pub case: i64,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Which part of the case it covers; none: the whole.
    pub part: Option<String>,
    pub why: Option<String>,
    pub source: Option<String>,
    /// The passage that says so.
    pub coding: Option<i64>,
}

const COHORT: &str = "SELECT id, slug, name, date, why, source, transcript_id FROM cohorts";
const MEMBER: &str = "SELECT m.id, m.cohort, m.case_id, m.from_date, m.to_date, m.part, m.why, m.source, m.coding_id FROM cohort_members m JOIN cases c ON c.id = m.case_id";

fn cohort(r: &Row) -> rusqlite::Result<Cohort> {
    Ok(Cohort {
        id: r.get(0)?,
        slug: r.get(1)?,
        name: r.get(2)?,
        date: r.get(3)?,
        why: r.get(4)?,
        source: r.get(5)?,
        transcript: r.get(6)?,
    })
}

fn member(r: &Row) -> rusqlite::Result<Member> {
    Ok(Member {
        id: r.get(0)?,
        cohort: r.get(1)?,
        case: r.get(2)?,
        from: r.get(3)?,
        to: r.get(4)?,
        part: r.get(5)?,
        why: r.get(6)?,
        source: r.get(7)?,
        coding: r.get(8)?,
    })
}

impl Store {
    /// All cohorts, the earliest first, those without a date last.
    pub fn cohorts(&self) -> Result<Vec<Cohort>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{COHORT} ORDER BY date IS NULL, date, slug"))?;
        Ok(all
            .query_map([], cohort)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn find_cohort(&self, slug: &str) -> Result<Option<Cohort>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{COHORT} WHERE slug = ?1"))?
            .query_row([slug], cohort)
            .optional()?)
    }

    pub fn cohort(&self, slug: &str) -> Result<Cohort> {
        if let Some(found) = self.find_cohort(slug)? {
            return Ok(found);
        }
        let all = self.cohorts()?;
        Err(Error::Unknown {
            what: "cohort",
            name: crate::domain::span::printable(slug).into_owned(),
            near: did_you_mean(slug, all.iter().map(|c| c.slug.as_str())),
            list: "cohort list",
        })
    }

    /// The members of one cohort, or of all, by their cases' slugs.
    pub fn cohort_members(&self, cohort: Option<i64>) -> Result<Vec<Member>> {
        let mut all = self.conn.prepare_cached(&format!(
            "{MEMBER} WHERE ?1 IS NULL OR m.cohort = ?1 ORDER BY m.cohort, c.slug"
        ))?;
        Ok(all
            .query_map([cohort], member)?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Adds a cohort, or writes it anew where its id is set. Gives the id.
    pub fn put_cohort(&self, c: &Cohort) -> Result<i64> {
        let taken = |e: rusqlite::Error| taken(e, "cohort", &c.slug);
        if c.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO cohorts (uuid, slug, name, date, why, source, transcript_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![new_uuid(), c.slug, c.name, c.date, c.why, c.source, c.transcript])
                .map_err(taken)?;
            return Ok(self.last_id());
        }
        self.conn
            .prepare_cached("UPDATE cohorts SET slug = ?2, name = ?3, date = ?4, why = ?5, source = ?6, transcript_id = ?7 WHERE id = ?1")?
            .execute(params![c.id, c.slug, c.name, c.date, c.why, c.source, c.transcript])
            .map_err(taken)?;
        Ok(c.id)
    }

    /// Removes a cohort with its members.
    pub fn remove_cohort(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM cohort_members WHERE cohort = ?1", [id])?;
        self.conn
            .execute("DELETE FROM cohorts WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Adds a member, or writes it anew where its id is set.
    pub fn put_member(&self, m: &Member) -> Result<()> {
        if m.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO cohort_members (uuid, cohort, case_id, from_date, to_date, part, why, source, coding_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
                .execute(params![new_uuid(), m.cohort, m.case, m.from, m.to, m.part, m.why, m.source, m.coding])?;
        } else {
            self.conn
                .prepare_cached("UPDATE cohort_members SET from_date = ?2, to_date = ?3, part = ?4, why = ?5, source = ?6, coding_id = ?7 WHERE id = ?1")?
                .execute(params![m.id, m.from, m.to, m.part, m.why, m.source, m.coding])?;
        }
        Ok(())
    }

    pub fn remove_member(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM cohort_members WHERE id = ?1", [id])?;
        Ok(())
    }
}
