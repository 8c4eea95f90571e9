//! Claims: what was said on a day about when a case reaches a goal.

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Its number: claim 3.
    pub id: i64,
    pub goal: i64,
    pub case: i64,
    /// The day on which it was said.
    pub said: String,
    /// plans, waits, undecided or doubts.
    pub stance: String,
    /// The planned time: its first and its last day. Both or none.
    pub planned_from: Option<String>,
    pub planned_to: Option<String>,
    /// As the source has it.
    pub planned_words: Option<String>,
    pub reason: Option<String>,
    pub source: Option<String>,
    pub coding: Option<i64>,
    pub transcript: Option<i64>,
    /// Who wrote it down, by id.
    pub coder: i64,
}

const CLAIM: &str = "SELECT l.id, l.goal, l.case_id, l.said, l.stance, l.planned_from, l.planned_to, l.planned_words, l.reason, l.source, l.coding_id, l.transcript_id, l.coder FROM claims l";

fn claim(r: &Row) -> rusqlite::Result<Claim> {
    Ok(Claim {
        id: r.get(0)?,
        goal: r.get(1)?,
        case: r.get(2)?,
        said: r.get(3)?,
        stance: r.get(4)?,
        planned_from: r.get(5)?,
        planned_to: r.get(6)?,
        planned_words: r.get(7)?,
        reason: r.get(8)?,
        source: r.get(9)?,
        coding: r.get(10)?,
        transcript: r.get(11)?,
        coder: r.get(12)?,
    })
}

impl Store {
    /// The claims about one goal, or all, by goal and case, the earliest first.
    pub fn claims(&self, goal: Option<i64>) -> Result<Vec<Claim>> {
        let mut all = self.conn.prepare_cached(&format!(
            "{CLAIM} JOIN goals g ON g.id = l.goal JOIN cases c ON c.id = l.case_id
             WHERE ?1 IS NULL OR l.goal = ?1 ORDER BY g.slug, c.slug, l.said, l.id"
        ))?;
        Ok(all
            .query_map([goal], claim)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn claim(&self, id: i64) -> Result<Claim> {
        let found = self
            .conn
            .prepare_cached(&format!("{CLAIM} WHERE l.id = ?1"))?
            .query_row([id], claim)
            .optional()?;
        found.ok_or_else(|| Error::Unknown {
            what: "claim",
            name: id.to_string(),
            near: None,
            list: "claim list",
        })
    }
}

impl Tx<'_> {
    /// Gives the number.
    pub fn add_claim(&self, c: &Claim) -> Result<i64> {
        self.conn
            .prepare_cached("INSERT INTO claims (uuid, goal, case_id, said, stance, planned_from, planned_to, planned_words, reason, source, coding_id, transcript_id, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")?
            .execute(params![new_uuid(), c.goal, c.case, c.said, c.stance, c.planned_from, c.planned_to, c.planned_words, c.reason, c.source, c.coding, c.transcript, c.coder, self.event])?;
        Ok(self.last_id())
    }

    pub fn remove_claim(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM claims WHERE id = ?1", [id])?;
        Ok(())
    }
}
