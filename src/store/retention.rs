//! Retention: how long each class of record is kept, and what its months are counted from.

use std::collections::{BTreeMap, HashSet};

use rusqlite::params;

use super::{Result, Store, Tx};

/// The operation that carries a rule out. Nothing brings back what it deleted.
pub const RETENTION_DELETE: &str = "retention delete";

/// How long one class of record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRule {
    /// contact, consent, transcript, response or study.
    pub record: String,
    pub months: i64,
    /// interview, debrief, withdrawal or study-end.
    pub since: String,
    /// Who asks for it.
    pub basis: String,
    /// When it was last set or carried out.
    pub event: i64,
}

/// A row that a rule is about, and whom it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: i64,
    /// As people call it: `T01`, `P07 version 2`.
    pub name: String,
    pub participants: Vec<i64>,
}

/// The day of each participant's last withdrawal, by their ids.
pub type Days = BTreeMap<i64, String>;

impl Store {
    /// The rules, in the order of the classes' names.
    pub fn retention(&self) -> Result<Vec<RetentionRule>> {
        let mut all = self.conn.prepare_cached(
            "SELECT record, months, since, basis, event FROM retention ORDER BY record",
        )?;
        Ok(all
            .query_map([], |r| {
                Ok(RetentionRule {
                    record: r.get(0)?,
                    months: r.get(1)?,
                    since: r.get(2)?,
                    basis: r.get(3)?,
                    event: r.get(4)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The forms that people signed.
    pub fn kept_consents(&self) -> Result<Vec<Kept>> {
        self.kept("SELECT c.id, p.code || ' version ' || c.version, c.participant FROM consents c JOIN participants p ON p.id = c.participant ORDER BY p.code, c.version")
    }

    /// What people answered.
    pub fn kept_responses(&self) -> Result<Vec<Kept>> {
        self.kept("SELECT r.id, p.code || ' ' || r.kind || CASE WHEN r.finding IS NULL THEN '' ELSE ' finding ' || r.finding END, r.participant FROM responses r JOIN participants p ON p.id = r.participant ORDER BY p.code, r.id")
    }

    fn kept(&self, sql: &str) -> Result<Vec<Kept>> {
        let mut all = self.conn.prepare_cached(sql)?;
        Ok(all
            .query_map([], |r| {
                Ok(Kept {
                    id: r.get(0)?,
                    name: r.get(1)?,
                    participants: vec![r.get(2)?],
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// On which day each participant last asked to withdraw. Of those who were erased nobody is left here.
    pub fn withdrawal_days(&self) -> Result<Days> {
        self.days("SELECT w.participant, max(w.asked) FROM withdrawals w JOIN participants p ON p.id = w.participant GROUP BY 1")
    }

    /// On which day each participant was last debriefed; not those with a debrief that has no day.
    pub fn debrief_days(&self) -> Result<Days> {
        self.days("SELECT participant, max(date) FROM milestones WHERE stage = 'debriefed' GROUP BY 1 HAVING count(*) = count(date)")
    }

    /// Who has a debrief on record without a day.
    pub fn debriefed_some_day(&self) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare_cached("SELECT DISTINCT participant FROM milestones WHERE stage = 'debriefed' AND date IS NULL ORDER BY 1")?;
        Ok(all
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    fn days(&self, sql: &str) -> Result<Days> {
        let mut all = self.conn.prepare_cached(sql)?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Sets the rule of a class, in the place of one that is there.
    pub fn put_retention(&self, rule: &RetentionRule) -> Result<()> {
        self.conn.execute(
            "INSERT INTO retention (record, months, since, basis, event) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (record) DO UPDATE SET months = excluded.months, since = excluded.since, basis = excluded.basis, event = excluded.event",
            params![rule.record, rule.months, rule.since, rule.basis, self.event],
        )?;
        Ok(())
    }

    /// Notes that the rule of a class was carried out with this event.
    pub fn retention_carried_out(&self, record: &str) -> Result<()> {
        self.conn.execute(
            "UPDATE retention SET event = ?2 WHERE record = ?1",
            params![record, self.event],
        )?;
        Ok(())
    }

    /// Removes signed forms; says how many.
    pub fn drop_consents(&self, forms: &HashSet<i64>) -> Result<usize> {
        self.drop_each(forms, &["DELETE FROM consents WHERE id = ?1"])
    }

    /// Removes responses with what was decided on them; says how many.
    pub fn drop_responses(&self, responses: &HashSet<i64>) -> Result<usize> {
        self.drop_each(
            responses,
            &[
                "DELETE FROM decisions WHERE response = ?1",
                "DELETE FROM responses WHERE id = ?1",
            ],
        )
    }

    fn drop_each(&self, ids: &HashSet<i64>, statements: &[&str]) -> Result<usize> {
        let mut ordered: Vec<i64> = ids.iter().copied().collect();
        ordered.sort_unstable();
        for id in &ordered {
            for sql in statements {
                self.conn.prepare_cached(sql)?.execute([id])?;
            }
        }
        Ok(ordered.len())
    }

    /// Takes the rule of a class away; says whether there was one.
    pub fn remove_retention(&self, record: &str) -> Result<bool> {
        Ok(self
            .conn
            .execute("DELETE FROM retention WHERE record = ?1", [record])?
            > 0)
    }
}
