//! Declared populations: how many people in the world fit a role in a case.

use rusqlite::{OptionalExtension, Row, params};

use super::{Result, Store, Tx};

/// How many people fit. `case` none: in each case; `role` none: of any role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    pub id: i64,
    pub case: Option<i64>,
    pub role: Option<String>,
    /// At least 1; 1 is unique.
    pub people: i64,
    /// How that is known.
    pub source: Option<String>,
}

const POPULATION: &str = "SELECT id, case_id, role, people, source FROM populations";

fn population(r: &Row) -> rusqlite::Result<Population> {
    Ok(Population {
        id: r.get(0)?,
        case: r.get(1)?,
        role: r.get(2)?,
        people: r.get(3)?,
        source: r.get(4)?,
    })
}

impl Store {
    /// All of them, in the order in which they were declared.
    pub fn populations(&self) -> Result<Vec<Population>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{POPULATION} ORDER BY id"))?;
        Ok(all
            .query_map([], population)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// What is declared for exactly that place; a role reads the same in capitals.
    pub fn population(&self, case: Option<i64>, role: Option<&str>) -> Result<Option<Population>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{POPULATION} WHERE ifnull(case_id, 0) = ifnull(?1, 0) AND ifnull(role, '') = ifnull(?2, '') COLLATE NOCASE"))?
            .query_row(params![case, role], population)
            .optional()?)
    }
}

impl Tx<'_> {
    /// Declares how many people fit, in the place of what was declared there. Whether anything changed.
    pub fn put_population(&self, new: &Population) -> Result<bool> {
        match self.population(new.case, new.role.as_deref())? {
            Some(old) if old.people == new.people && old.source == new.source => return Ok(false),
            Some(old) => self.conn.execute(
                "UPDATE populations SET people = ?2, source = ?3, event = ?4 WHERE id = ?1",
                params![old.id, new.people, new.source, self.event],
            )?,
            None => self.conn.execute(
                "INSERT INTO populations (case_id, role, people, source, event) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![new.case, new.role, new.people, new.source, self.event],
            )?,
        };
        Ok(true)
    }

    pub fn remove_population(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM populations WHERE id = ?1", [id])?;
        Ok(())
    }
}
