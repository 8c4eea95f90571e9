//! What the authors say to an item of a reporting checklist, and the small counts that only a checklist asks for.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};

use super::participants::SEALED;
use super::{Result, Store, Tx};

/// The authors' word on one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistItem {
    pub item: i64,
    /// met, not-met or not-applicable.
    pub status: String,
    pub text: Option<String>,
    /// Where in the report it stands.
    pub place: Option<String>,
}

fn item(r: &Row) -> rusqlite::Result<ChecklistItem> {
    Ok(ChecklistItem {
        item: r.get(0)?,
        status: r.get(1)?,
        text: r.get(2)?,
        place: r.get(3)?,
    })
}

const ITEM: &str = "SELECT item, status, text, place FROM checklist_items WHERE checklist = ?1";

impl Store {
    /// What the authors said to the items of a checklist, by number.
    pub fn checklist_items(&self, checklist: &str) -> Result<BTreeMap<i64, ChecklistItem>> {
        let mut all = self.conn.prepare_cached(ITEM)?;
        Ok(all
            .query_map([checklist], |r| Ok((r.get(0)?, item(r)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn checklist_item(&self, checklist: &str, number: i64) -> Result<Option<ChecklistItem>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{ITEM} AND item = ?2"))?
            .query_row(params![checklist, number], item)
            .optional()?)
    }

    /// Participants who reached each stage at least once, those off the record left out.
    pub fn participants_by_milestone(&self) -> Result<BTreeMap<String, i64>> {
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT m.stage, count(DISTINCT m.participant) FROM milestones m
             WHERE m.participant NOT IN ({SEALED}) GROUP BY m.stage",
        ))?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// When the last turn of each transcript begins, from the recording's start, where the text says it: (transcript,
    /// milliseconds).
    pub fn last_times(&self) -> Result<BTreeMap<i64, i64>> {
        let mut all = self.conn.prepare_cached(
            "SELECT t.id, u.time_ms FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision
             JOIN turns u ON u.id = r.first_turn + r.turns - 1 WHERE u.time_ms IS NOT NULL",
        )?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Findings that reports print: all, those with support, those with a rival explanation or disconfirming evidence
    /// examined.
    pub fn finding_counts(&self) -> Result<[i64; 3]> {
        let sql = "SELECT count(*),
            count(*) FILTER (WHERE EXISTS (SELECT 1 FROM evidence e WHERE e.finding = f.id AND e.bears = 'supports' AND e.rival IS NULL)),
            count(*) FILTER (WHERE f.looked IS NOT NULL OR EXISTS (SELECT 1 FROM rivals r WHERE r.finding = f.id)
                OR EXISTS (SELECT 1 FROM evidence e WHERE e.finding = f.id AND e.bears = 'contradicts'))
            FROM findings f WHERE f.reported = 1";
        Ok(self
            .conn
            .query_row(sql, [], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?]))?)
    }
}

impl Tx<'_> {
    /// Says it, or says it anew; saying the same again is no change.
    pub fn put_checklist_item(&self, checklist: &str, new: &ChecklistItem) -> Result<()> {
        if self.checklist_item(checklist, new.item)?.as_ref() == Some(new) {
            return Ok(());
        }
        self.conn.execute(
            "INSERT INTO checklist_items (checklist, item, status, text, place, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (checklist, item) DO UPDATE SET status = excluded.status, text = excluded.text, place = excluded.place, event = excluded.event",
            params![checklist, new.item, new.status, new.text, new.place, self.event],
        )?;
        Ok(())
    }

    /// Takes the authors' word on an item back.
    pub fn clear_checklist_item(&self, checklist: &str, number: i64) -> Result<()> {
        self.conn.execute(
            "DELETE FROM checklist_items WHERE checklist = ?1 AND item = ?2",
            params![checklist, number],
        )?;
        Ok(())
    }
}
