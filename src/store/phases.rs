//! Phases of fieldwork.

use rusqlite::{Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phase {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

fn phase(r: &Row) -> rusqlite::Result<Phase> {
    Ok(Phase {
        id: r.get(0)?,
        slug: r.get(1)?,
        name: r.get(2)?,
        from: r.get(3)?,
        to: r.get(4)?,
    })
}

impl Store {
    /// In the order of their beginning, then by slug.
    pub fn phases(&self) -> Result<Vec<Phase>> {
        let mut all = self.conn.prepare_cached("SELECT id, slug, name, from_date, to_date FROM phases ORDER BY from_date IS NULL, from_date, slug")?;
        Ok(all.query_map([], phase)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn phase(&self, slug: &str) -> Result<Phase> {
        let all = self.phases()?;
        let near = did_you_mean(slug, all.iter().map(|p| p.slug.as_str()));
        all.into_iter()
            .find(|p| p.slug.eq_ignore_ascii_case(slug))
            .ok_or_else(|| Error::Unknown {
                what: "phase",
                name: crate::domain::span::printable(slug).into_owned(),
                near,
                list: "phase list",
            })
    }

    pub fn phase_uses(&self, id: i64) -> Result<i64> {
        Ok(self.conn.query_row(
            "SELECT count(*) FROM transcripts WHERE phase = ?1",
            [id],
            |r| r.get(0),
        )?)
    }
}

impl Tx<'_> {
    pub fn put_phase(&self, p: &Phase) -> Result<i64> {
        let taken = |e: rusqlite::Error| taken(e, "phase", &p.slug);
        if p.id == 0 {
            self.conn
                .execute("INSERT INTO phases (uuid, slug, name, from_date, to_date) VALUES (?1, ?2, ?3, ?4, ?5)", params![new_uuid(), p.slug, p.name, p.from, p.to])
                .map_err(taken)?;
            return Ok(self.last_id());
        }
        self.conn.execute("UPDATE phases SET slug = ?2, name = ?3, from_date = ?4, to_date = ?5 WHERE id = ?1", params![p.id, p.slug, p.name, p.from, p.to]).map_err(taken)?;
        Ok(p.id)
    }

    pub fn remove_phase(&self, id: i64) -> Result<()> {
        self.drop_leaning_on_phase(id)?;
        self.conn
            .execute("UPDATE transcripts SET phase = NULL WHERE phase = ?1", [id])?;
        self.conn
            .execute("DELETE FROM phases WHERE id = ?1", [id])?;
        Ok(())
    }
}
