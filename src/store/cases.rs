//! Cases and the dated graph between them.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub code: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// `case` stands as `kind` to `other`, from a day on, until another (exclusive).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseLink {
    pub id: i64,
    pub case: i64,
    pub kind: String,
    pub other: i64,
    pub from: Option<String>,
    pub to: Option<String>,
}

impl CaseLink {
    /// Whether it stands on `day`; without a day, links count whenever they stood.
    pub fn stands(&self, day: Option<&str>) -> bool {
        day.is_none_or(|day| {
            self.from.as_deref().is_none_or(|from| from <= day)
                && self.to.as_deref().is_none_or(|to| day < to)
        })
    }
}

fn case(r: &Row) -> rusqlite::Result<Case> {
    Ok(Case {
        id: r.get(0)?,
        slug: r.get(1)?,
        name: r.get(2)?,
        kind: r.get(3)?,
        code: r.get(4)?,
        from: r.get(5)?,
        to: r.get(6)?,
    })
}

impl Store {
    pub fn cases(&self) -> Result<Vec<Case>> {
        let mut all = self.conn.prepare_cached(
            "SELECT id, slug, name, kind, code, from_date, to_date FROM cases ORDER BY slug",
        )?;
        Ok(all.query_map([], case)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn case(&self, slug: &str) -> Result<Case> {
        if let Some(found) = self.find_case(slug)? {
            return Ok(found);
        }
        let all = self.cases()?;
        Err(Error::Unknown {
            what: "case",
            name: crate::domain::span::printable(slug).into_owned(),
            near: did_you_mean(slug, all.iter().map(|c| c.slug.as_str())),
            list: "case list",
        })
    }

    /// The case of that slug, if there is one; without the cost of a suggestion where there is none.
    pub fn find_case(&self, slug: &str) -> Result<Option<Case>> {
        let mut one = self.conn.prepare_cached(
            "SELECT id, slug, name, kind, code, from_date, to_date FROM cases WHERE slug = ?1",
        )?;
        Ok(one.query_row([slug], case).optional()?)
    }

    pub fn case_links(&self) -> Result<Vec<CaseLink>> {
        let mut all = self.conn.prepare_cached(
            "SELECT id, case_id, kind, other_id, from_date, to_date FROM case_links ORDER BY id",
        )?;
        let rows = all.query_map([], |r| {
            Ok(CaseLink {
                id: r.get(0)?,
                case: r.get(1)?,
                kind: r.get(2)?,
                other: r.get(3)?,
                from: r.get(4)?,
                to: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The cases and everything that is part of them or became them (merged into, renamed to), directly or through others.
    pub fn with_parts(&self, cases: &[i64], as_of: Option<&str>) -> Result<Vec<i64>> {
        let mut below: HashMap<i64, Vec<i64>> = HashMap::new();
        for link in self
            .case_links()?
            .into_iter()
            .filter(|l| l.kind != "partner-of" && l.stands(as_of))
        {
            below.entry(link.other).or_default().push(link.case);
        }
        let mut found: Vec<i64> = Vec::new();
        let mut next: Vec<i64> = cases.to_vec();
        while let Some(id) = next.pop() {
            if !found.contains(&id) {
                found.push(id);
                next.extend(below.get(&id).into_iter().flatten());
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// What of the study belongs to a case: (transcripts, participants, links to it, values, memos).
    pub fn case_uses(&self, id: i64) -> Result<[i64; 5]> {
        let sql = "SELECT (SELECT count(*) FROM transcripts WHERE case_id = ?1),
            (SELECT count(DISTINCT participant) FROM (SELECT participant FROM participant_cases WHERE case_id = ?1 UNION SELECT id FROM participants WHERE organisation = ?1)),
            (SELECT count(*) FROM case_links WHERE ?1 IN (case_id, other_id)), (SELECT count(*) FROM attribute_values WHERE case_id = ?1), (SELECT count(*) FROM memos WHERE case_id = ?1)";
        Ok(self.conn.query_row(sql, [id], |r| {
            Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?])
        })?)
    }
}

impl Tx<'_> {
    /// Adds a case, or writes it anew where its id is set. Gives the id.
    pub fn put_case(&self, c: &Case) -> Result<i64> {
        let taken = |e: rusqlite::Error| taken(e, "case", &c.slug);
        if c.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO cases (uuid, slug, name, kind, code, from_date, to_date) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![new_uuid(), c.slug, c.name, c.kind, c.code, c.from, c.to])
                .map_err(taken)?;
            return Ok(self.last_id());
        }
        self.conn
            .execute("UPDATE cases SET slug = ?2, name = ?3, kind = ?4, code = ?5, from_date = ?6, to_date = ?7 WHERE id = ?1", params![c.id, c.slug, c.name, c.kind, c.code, c.from, c.to])
            .map_err(taken)?;
        Ok(c.id)
    }

    pub fn add_case_link(&self, link: &CaseLink) -> Result<()> {
        self.conn.execute(
            "INSERT INTO case_links (uuid, case_id, kind, other_id, from_date, to_date) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![new_uuid(), link.case, link.kind, link.other, link.from, link.to],
        )?;
        Ok(())
    }

    pub fn remove_case_link(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM case_links WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Removes a case with its links and values. What is still with it is the caller's question.
    pub fn remove_case(&self, id: i64) -> Result<()> {
        self.drop_leaning_on_case(id)?;
        for sql in [
            "DELETE FROM case_links WHERE ?1 IN (case_id, other_id)",
            "DELETE FROM attribute_values WHERE case_id = ?1",
            "DELETE FROM memos WHERE case_id = ?1",
            "DELETE FROM participant_cases WHERE case_id = ?1",
            "UPDATE participants SET organisation = NULL WHERE organisation = ?1",
            "DELETE FROM cases WHERE id = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }
}

/// A unique value that is there already, as the user knows it; any other error as it is.
pub(super) fn taken(error: rusqlite::Error, what: &'static str, name: &str) -> Error {
    match error.sqlite_extended_error_code() {
        Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE) => Error::Taken {
            what,
            name: crate::domain::span::printable(name).into_owned(),
        },
        _ => error.into(),
    }
}
