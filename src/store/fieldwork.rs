//! Fieldwork: the sampling plan, and what is on record of each participant's way through the study.

use rusqlite::{OptionalExtension, Row, params};

use super::{Error, Result, Store, Tx};

/// A line of the sampling plan: how many participants are wanted where. `None`: any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    pub id: i64,
    pub case: Option<i64>,
    pub phase: Option<i64>,
    pub role: Option<String>,
    pub wanted: i64,
}

/// A mark: what happened with a participant, in a phase where one is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub participant: i64,
    pub phase: Option<i64>,
    /// A word of [`crate::domain::words::Stage`].
    pub stage: String,
    pub date: Option<String>,
}

const QUOTA: &str = "SELECT id, case_id, phase, role, wanted FROM quotas";

fn quota(r: &Row) -> rusqlite::Result<Quota> {
    Ok(Quota {
        id: r.get(0)?,
        case: r.get(1)?,
        phase: r.get(2)?,
        role: r.get(3)?,
        wanted: r.get(4)?,
    })
}

impl Store {
    /// The sampling plan, in the order in which it was made.
    pub fn quotas(&self) -> Result<Vec<Quota>> {
        let mut all = self.conn.prepare_cached(&format!("{QUOTA} ORDER BY id"))?;
        Ok(all.query_map([], quota)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn quota(&self, id: i64) -> Result<Quota> {
        let found = self
            .conn
            .prepare_cached(&format!("{QUOTA} WHERE id = ?1"))?
            .query_row([id], quota)
            .optional()?;
        found.ok_or_else(|| Error::Unknown {
            what: "quota",
            name: id.to_string(),
            near: None,
            list: "plan list",
        })
    }

    /// All marks, participant by participant, in the order in which they were made.
    pub fn milestones(&self) -> Result<Vec<Milestone>> {
        let mut all = self.conn.prepare_cached(
            "SELECT participant, phase, stage, date FROM milestones ORDER BY participant, id",
        )?;
        let rows = all.query_map([], |r| {
            Ok(Milestone {
                participant: r.get(0)?,
                phase: r.get(1)?,
                stage: r.get(2)?,
                date: r.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Adds a line to the plan, or writes it anew where its id is set. Gives the id.
    pub fn put_quota(&self, q: &Quota) -> Result<i64> {
        if q.id == 0 {
            self.conn.execute(
                "INSERT INTO quotas (case_id, phase, role, wanted) VALUES (?1, ?2, ?3, ?4)",
                params![q.case, q.phase, q.role, q.wanted],
            )?;
            return Ok(self.last_id());
        }
        self.conn.execute(
            "UPDATE quotas SET case_id = ?2, phase = ?3, role = ?4, wanted = ?5 WHERE id = ?1",
            params![q.id, q.case, q.phase, q.role, q.wanted],
        )?;
        Ok(q.id)
    }

    pub fn remove_quota(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM quotas WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Makes a mark, or gives the one that is there another day; without a day that one keeps its own. Whether anything
    /// changed.
    pub fn put_milestone(&self, m: &Milestone) -> Result<bool> {
        let there: Option<(i64, Option<String>)> = self
            .conn
            .prepare_cached("SELECT id, date FROM milestones WHERE participant = ?1 AND ifnull(phase, 0) = ifnull(?2, 0) AND stage = ?3")?
            .query_row(params![m.participant, m.phase, m.stage], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()?;
        match there {
            Some((_, date)) if m.date.is_none() || date == m.date => return Ok(false),
            Some((id, _)) => self.conn.execute(
                "UPDATE milestones SET date = ?2, event = ?3 WHERE id = ?1",
                params![id, m.date, self.event],
            )?,
            None => self
                .conn
                .prepare_cached("INSERT INTO milestones (participant, phase, stage, date, event) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![m.participant, m.phase, m.stage, m.date, self.event])?,
        };
        Ok(true)
    }

    /// Takes a mark away. Whether it was there.
    pub fn remove_milestone(
        &self,
        participant: i64,
        phase: Option<i64>,
        stage: &str,
    ) -> Result<bool> {
        let gone = self.conn.execute(
            "DELETE FROM milestones WHERE participant = ?1 AND ifnull(phase, 0) = ifnull(?2, 0) AND stage = ?3",
            params![participant, phase, stage],
        )?;
        Ok(gone > 0)
    }
}
