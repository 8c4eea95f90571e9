//! Official codes of cases, with the days on which they hold.

use rusqlite::{Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};

/// A code of a case under a scheme, from a day until another (exclusive).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCode {
    pub id: i64,
    pub case: i64,
    /// Who gives it: ONS, ODS …
    pub scheme: String,
    pub code: String,
    pub from: Option<String>,
    /// The first day on which it held no longer.
    pub to: Option<String>,
    pub source: Option<String>,
}

impl CaseCode {
    /// Whether it holds on `day`.
    pub fn holds(&self, day: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= day)
            && self.to.as_deref().is_none_or(|to| day < to)
    }
}

fn case_code(r: &Row) -> rusqlite::Result<CaseCode> {
    Ok(CaseCode {
        id: r.get(0)?,
        case: r.get(1)?,
        scheme: r.get(2)?,
        code: r.get(3)?,
        from: r.get(4)?,
        to: r.get(5)?,
        source: r.get(6)?,
    })
}

impl Store {
    /// All codes, case by case, by scheme, the earliest first.
    pub fn case_codes(&self) -> Result<Vec<CaseCode>> {
        let mut all = self.conn.prepare_cached(
            "SELECT k.id, k.case_id, k.scheme, k.code, k.from_date, k.to_date, k.source FROM case_codes k JOIN cases c ON c.id = k.case_id
             ORDER BY c.slug, k.scheme, k.from_date, k.code, k.id",
        )?;
        Ok(all
            .query_map([], case_code)?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Adds a code, or writes it anew where its id is set.
    pub fn put_case_code(&self, k: &CaseCode) -> Result<()> {
        if k.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO case_codes (uuid, case_id, scheme, code, from_date, to_date, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
                .execute(params![new_uuid(), k.case, k.scheme, k.code, k.from, k.to, k.source])?;
        } else {
            self.conn
                .prepare_cached(
                    "UPDATE case_codes SET from_date = ?2, to_date = ?3, source = ?4 WHERE id = ?1",
                )?
                .execute(params![k.id, k.from, k.to, k.source])?;
        }
        Ok(())
    }

    pub fn remove_case_code(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM case_codes WHERE id = ?1", [id])?;
        Ok(())
    }
}
