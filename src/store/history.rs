//! Reading the record: events, their changes, and whether the chain holds.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use serde::Serialize;

use super::door::{Hashes, RowHash, before_hash};
use super::releases::HANDED_OUT;
use super::{Result, Store};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    pub event: i64,
    pub at: String,
    pub coder: String,
    pub op: String,
    pub summary: String,
    pub why: Option<String>,
    /// The event that this one takes back.
    pub undoes: Option<i64>,
    /// The event that took this one back, if it stands so now.
    pub undone_by: Option<i64>,
    /// Rows touched.
    pub changes: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeOp {
    Added,
    Edited,
    Removed,
}

/// A row touched.
#[derive(Clone, Debug)]
pub struct Change {
    pub table: String,
    pub row: i64,
    pub op: ChangeOp,
    pub before: Option<serde_json::Map<String, serde_json::Value>>,
    /// Whether what it was has been erased since, whole or in part.
    pub erased: bool,
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    pub coder: Option<String>,
    /// First and last day, included.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Table and row that must have been touched.
    pub object: Option<Vec<(String, i64)>>,
    /// Rows of codings in this range of ids, for a transcript's history.
    pub codings: Option<(i64, i64)>,
    pub limit: Option<usize>,
}

pub(super) const EVENT: &str = "e.id, e.at, e.coder, e.op, e.summary, e.why, e.undoes, (SELECT max(u.id) FROM events u WHERE u.undoes = e.id AND NOT EXISTS (SELECT 1 FROM events v WHERE v.undoes = u.id)), e.changes";

pub(super) fn event(r: &Row) -> rusqlite::Result<Event> {
    Ok(Event {
        event: r.get(0)?,
        at: r.get(1)?,
        coder: r.get(2)?,
        op: r.get(3)?,
        summary: r.get(4)?,
        why: r.get(5)?,
        undoes: r.get(6)?,
        undone_by: r.get(7)?,
        changes: r.get(8)?,
    })
}

impl Store {
    /// The newest events first.
    pub fn events(&self, filter: &EventFilter) -> Result<Vec<Event>> {
        let mut sql = format!("SELECT {EVENT} FROM events e WHERE 1");
        let mut values: Vec<String> = Vec::new();
        let mut add = |clause: &str, value: &str| {
            values.push(value.to_owned());
            sql.push_str(&clause.replace('?', &format!("?{}", values.len())));
        };
        if let Some(coder) = &filter.coder {
            add(" AND e.coder = ?", coder);
        }
        if let Some(from) = &filter.from {
            add(" AND date(e.at) >= ?", from);
        }
        if let Some(to) = &filter.to {
            add(" AND date(e.at) <= ?", to);
        }
        let mut touched = Vec::new();
        for (table, row) in filter.object.iter().flatten() {
            touched.push(format!(
                "(c.tab = (SELECT id FROM recorded WHERE name = '{table}') AND c.row = {row})"
            ));
        }
        if let Some((from, to)) = filter.codings {
            touched.push(format!("(c.tab = (SELECT id FROM recorded WHERE name = 'codings') AND c.row BETWEEN {from} AND {to})"));
        }
        if !touched.is_empty() {
            sql.push_str(&format!(
                " AND e.id IN (SELECT c.event FROM changes c WHERE {})",
                touched.join(" OR ")
            ));
        }
        sql.push_str(" ORDER BY e.id DESC");
        if let Some(limit) = filter.limit {
            sql.push_str(&format!(" LIMIT {limit}"));
        }
        let mut statement = self.conn.prepare(&sql)?;
        Ok(statement
            .query_map(params_from_iter(values), event)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn find_event(&self, id: i64) -> Result<Option<Event>> {
        Ok(self
            .conn
            .query_row(
                &format!("SELECT {EVENT} FROM events e WHERE e.id = ?1"),
                [id],
                event,
            )
            .optional()?)
    }

    /// The number of the newest event; 0 before the first.
    pub fn last_event(&self) -> Result<i64> {
        Ok(self
            .conn
            .query_row("SELECT ifnull(max(id), 0) FROM events", [], |r| r.get(0))?)
    }

    /// The time of the newest event.
    pub fn last_event_at(&self) -> Result<Option<String>> {
        Ok(self
            .conn
            .query_row("SELECT at FROM events ORDER BY id DESC LIMIT 1", [], |r| {
                r.get(0)
            })
            .optional()?)
    }

    /// The time of the newest event that changed what reports are made of: the date of every report, so that the same
    /// study gives the same report. That one was written is none.
    pub fn last_change(&self) -> Result<Option<String>> {
        Ok(self
            .conn
            .query_row(
                "SELECT at FROM events WHERE op NOT IN (?1, ?2) ORDER BY id DESC LIMIT 1",
                HANDED_OUT,
                |r| r.get(0),
            )
            .optional()?)
    }

    /// Rows touched by one event, in order.
    pub fn changes_of(&self, event: i64) -> Result<Vec<Change>> {
        let mut statement = self.conn.prepare(
            "SELECT r.name, c.row, c.op, c.before, c.erased IS NOT NULL FROM events e JOIN changes c ON c.id BETWEEN e.first_change AND e.first_change + e.changes - 1
             JOIN recorded r ON r.id = c.tab WHERE e.id = ?1 ORDER BY c.id",
        )?;
        Ok(statement
            .query_map([event], change)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Rows touched after `event` in the tables that the index follows: (table, row, and the row's before-image where
    /// it says to which transcript it belonged).
    pub fn touched_since(&self, event: i64) -> Result<Vec<(String, i64)>> {
        let first: i64 = self.conn.query_row(
            "SELECT ifnull(min(first_change), 0) FROM events WHERE id > ?1",
            [event],
            |r| r.get(0),
        )?;
        let mut statement = self.conn.prepare(
            "SELECT DISTINCT r.name, CASE r.name WHEN 'codings' THEN c.row / 1000000 WHEN 'speakers' THEN ifnull(json_extract(c.before, '$.transcript'), (SELECT transcript FROM speakers s WHERE s.id = c.row)) ELSE c.row END
             FROM changes c JOIN recorded r ON r.id = c.tab
             WHERE c.id >= ?1 AND ?1 > 0 AND r.name IN ('codings', 'speakers', 'revisions', 'transcripts', 'memos', 'study')
               AND NOT (r.name = 'speakers' AND c.op = 3)",
        )?;
        let rows =
            statement.query_map([first], |r| Ok((r.get(0)?, r.get::<_, Option<i64>>(1)?)))?;
        Ok(rows
            .collect::<rusqlite::Result<Vec<(String, Option<i64>)>>>()?
            .into_iter()
            .filter_map(|(t, r)| Some((t, r?)))
            .collect())
    }

    /// Walks the whole record: each event's digest against the rows as they are or as the next change found them, and
    /// each hash against the one before. Gives the events that don't hold, with what is wrong, oldest first.
    pub fn verify_chain(&self) -> Result<Vec<(i64, &'static str)>> {
        let mut wrong = Vec::new();
        // From the newest back: the state after an event is the state before the row's next change.
        let mut known: HashMap<(i64, i64), RowHash> = HashMap::new();
        let mut now = Hashes::new(self)?;
        let mut events = self
            .conn
            .prepare("SELECT id, first_change, changes, digest FROM events ORDER BY id DESC")?;
        let mut rows = events.query([])?;
        let mut erasures = self.erasures()?;
        let stray_erasure = "what it found was erased, and no erase on record did that";
        wrong.extend(erasures.strays.iter().map(|e| (*e, stray_erasure)));
        let mut expected_end: Option<i64> = None;
        while let Some(r) = rows.next()? {
            let (id, first, changes, digest): (i64, i64, i64, Vec<u8>) =
                (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
            if expected_end.is_some_and(|end| first + changes != end) {
                wrong.push((id, "rows of its record are missing"));
            }
            expected_end = Some(first);
            let erased = erasures.of.remove(&id).unwrap_or_default();
            let found = self.digest(first, changes, &erased, |tab, row| {
                match known.get(&(tab, row)) {
                    Some(hash) => Ok(*hash),
                    None => now.now(tab, row),
                }
            })?;
            if found.as_bytes()[..] != digest[..] {
                wrong.push((id, "the rows it touched are not as it left them"));
            }
            let mut of_event = self.conn.prepare_cached("SELECT tab, row, before, erased FROM changes WHERE id BETWEEN ?1 AND ?1 + ?2 - 1 ORDER BY id DESC")?;
            let mut befores = of_event.query([first, changes])?;
            while let Some(c) = befores.next()? {
                known.insert(
                    (c.get(0)?, c.get(1)?),
                    before_hash(c.get_ref(2)?, c.get_ref(3)?),
                );
            }
        }
        // An event that there is not has erased nothing.
        wrong.extend(
            erasures
                .of
                .keys()
                .map(|by| (*by, "it is said to have erased, and is not on record")),
        );
        let reasons = self.erased_reasons()?;
        let mut before: Vec<u8> = Vec::new();
        let mut last = 0;
        let mut chain = self
            .conn
            .prepare("SELECT id, hash, why, why_hash FROM events ORDER BY id")?;
        let mut rows = chain.query([])?;
        while let Some(r) = rows.next()? {
            let (id, hash): (i64, Vec<u8>) = (r.get(0)?, r.get(1)?);
            if id != last + 1 {
                wrong.push((id, "an event before it is missing"));
            }
            if let (Some(why), Some(kept)) = (
                r.get::<_, Option<String>>(2)?,
                r.get::<_, Option<Vec<u8>>>(3)?,
            ) && blake3::hash(why.as_bytes()).as_bytes()[..] != kept[..]
            {
                wrong.push((id, "its reason is not the one that was given"));
            }
            let now = self.event_hash(id, &before)?;
            // A reason that the chain itself covers was erased: the erase keeps what the event hashes to without it.
            let erased = reasons.get(&id).is_some_and(|r| {
                r.hash == super::erase::hex(&hash) && r.rest == super::erase::hex(now.as_bytes())
            });
            if now.as_bytes()[..] != hash[..] && !erased {
                wrong.push((id, "its hash does not follow from the one before"));
            }
            last = id;
            before = hash;
        }
        let stray: i64 = self.conn.query_row(
            "SELECT count(*) FROM changes WHERE event > ?1 OR event < 1",
            params![last],
            |r| r.get(0),
        )?;
        if stray > 0 {
            wrong.push((last + 1, "the record goes on after the last event"));
        }
        if self.has_unrecorded_rows(&known)? {
            wrong.push((last, "rows were added since that no event made"));
        }
        wrong.sort_unstable();
        wrong.dedup();
        Ok(wrong)
    }

    /// Whether a recorded table holds a row that the record never touched.
    fn has_unrecorded_rows(&self, touched: &HashMap<(i64, i64), RowHash>) -> Result<bool> {
        let mut tables = self.conn.prepare("SELECT id, name FROM recorded")?;
        for pair in tables
            .query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?
        {
            let mut all = self.conn.prepare(&format!("SELECT id FROM {}", pair.1))?;
            let mut rows = all.query([])?;
            while let Some(r) = rows.next()? {
                if !touched.contains_key(&(pair.0, r.get(0)?)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

pub(super) fn change(r: &Row) -> rusqlite::Result<Change> {
    let before: Option<String> = r.get(3)?;
    Ok(Change {
        table: r.get(0)?,
        row: r.get(1)?,
        op: match r.get::<_, i64>(2)? {
            1 => ChangeOp::Added,
            2 => ChangeOp::Edited,
            _ => ChangeOp::Removed,
        },
        before: before.and_then(|json| serde_json::from_str(&json).ok()),
        erased: r.get(4)?,
    })
}
