//! What cases were called, and what sources call them.

use rusqlite::{Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Result, Store, Tx};

/// A name that a case had, or that a source uses for it. Without dates: at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseName {
    pub id: i64,
    pub case: i64,
    pub name: String,
    pub from: Option<String>,
    /// The first day on which it was called so no longer.
    pub to: Option<String>,
    pub source: Option<String>,
}

fn case_name(r: &Row) -> rusqlite::Result<CaseName> {
    Ok(CaseName {
        id: r.get(0)?,
        case: r.get(1)?,
        name: r.get(2)?,
        from: r.get(3)?,
        to: r.get(4)?,
        source: r.get(5)?,
    })
}

impl Store {
    /// All names, case by case, the earliest first; those without dates last.
    pub fn case_names(&self) -> Result<Vec<CaseName>> {
        let mut all = self.conn.prepare_cached(
            "SELECT n.id, n.case_id, n.name, n.from_date, n.to_date, n.source FROM case_names n JOIN cases c ON c.id = n.case_id
             ORDER BY c.slug, n.from_date IS NULL AND n.to_date IS NULL, n.from_date, n.name",
        )?;
        Ok(all
            .query_map([], case_name)?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Adds a name, or writes it anew where its id is set.
    pub fn put_case_name(&self, n: &CaseName) -> Result<()> {
        let taken = |e: rusqlite::Error| taken(e, "name", &n.name);
        if n.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO case_names (uuid, case_id, name, from_date, to_date, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![new_uuid(), n.case, n.name, n.from, n.to, n.source])
                .map_err(taken)?;
        } else {
            self.conn
                .prepare_cached("UPDATE case_names SET name = ?2, from_date = ?3, to_date = ?4, source = ?5 WHERE id = ?1")?
                .execute(params![n.id, n.name, n.from, n.to, n.source])
                .map_err(taken)?;
        }
        Ok(())
    }

    pub fn remove_case_name(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM case_names WHERE id = ?1", [id])?;
        Ok(())
    }
}
