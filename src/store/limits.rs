//! Limits: stricter levels than the person's, for one interview, one passage or one quote.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};
use crate::domain::span::Span;
use crate::domain::words::Attribution;

/// A passage of one text: its characters and the first and last turn that they touch (ids).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitedPassage {
    pub revision: i64,
    pub span: Span,
    pub turn: i64,
    pub last_turn: i64,
}

/// What a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOn {
    /// The whole transcript.
    Transcript,
    Passage(LimitedPassage),
    /// One quote: a coding's id.
    Coding(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub id: i64,
    pub transcript: i64,
    pub on: LimitOn,
    /// A corrected text has no certain place for its passage: it holds for the whole transcript until it is placed.
    pub lost: bool,
    /// `None`: it says nothing of the level.
    pub level: Option<Attribution>,
    pub quotable: bool,
    pub why: Option<String>,
    /// By name.
    pub coder: String,
    /// When it was set.
    pub at: String,
}

const LIMIT: &str = "SELECT l.id, l.transcript, l.coding_id, l.revision, l.start, l.end, l.turn, l.last_turn, l.lost, l.level, l.quotable, l.why, k.name, e.at
    FROM limits l JOIN coders k ON k.id = l.coder JOIN events e ON e.id = l.event";

fn limit(r: &Row) -> rusqlite::Result<Limit> {
    let on = match (r.get::<_, Option<i64>>(2)?, r.get::<_, Option<i64>>(3)?) {
        (Some(coding), _) => LimitOn::Coding(coding),
        (None, Some(revision)) => LimitOn::Passage(LimitedPassage {
            revision,
            span: Span::new(r.get(4)?, r.get(5)?),
            turn: r.get(6)?,
            last_turn: r.get(7)?,
        }),
        (None, None) => LimitOn::Transcript,
    };
    let level: Option<String> = r.get(9)?;
    Ok(Limit {
        id: r.get(0)?,
        transcript: r.get(1)?,
        on,
        lost: r.get(8)?,
        // A word that is not on the list can't come from the study; if it does, the strictest holds.
        level: level.map(|word| word.parse().unwrap_or(Attribution::OffRecord)),
        quotable: r.get(10)?,
        why: r.get(11)?,
        coder: r.get(12)?,
        at: r.get(13)?,
    })
}

/// The turns of a present text that a limit shuts as off the record.
const SHUT: &str = "SELECT l.id,
        CASE WHEN l.revision = r.id AND l.lost = 0 THEN l.turn ELSE r.first_turn END,
        CASE WHEN l.revision = r.id AND l.lost = 0 THEN l.last_turn ELSE r.first_turn + r.turns - 1 END
    FROM limits l JOIN transcripts t ON t.id = l.transcript JOIN revisions r ON r.transcript = t.id AND r.number = t.revision
    WHERE l.level = 'off-record' AND l.coding_id IS NULL AND r.turns > 0
    UNION ALL
    SELECT l.id,
        CASE WHEN c.revision = r.id THEN c.turn ELSE r.first_turn END,
        CASE WHEN c.revision = r.id THEN ifnull(c.last_turn, c.turn) ELSE r.first_turn + r.turns - 1 END
    FROM limits l JOIN codings c ON c.id = l.coding_id JOIN transcripts t ON t.id = l.transcript
        JOIN revisions r ON r.transcript = t.id AND r.number = t.revision
    WHERE l.level = 'off-record' AND r.turns > 0
    ORDER BY 2, 3, 1";

impl Store {
    pub fn limits(&self) -> Result<Vec<Limit>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{LIMIT} ORDER BY l.id"))?;
        Ok(all.query_map([], limit)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn limits_of(&self, transcript: i64) -> Result<Vec<Limit>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{LIMIT} WHERE l.transcript = ?1 ORDER BY l.id"))?;
        Ok(all
            .query_map([transcript], limit)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn limit(&self, id: i64) -> Result<Option<Limit>> {
        let mut one = self
            .conn
            .prepare_cached(&format!("{LIMIT} WHERE l.id = ?1"))?;
        Ok(one.query_row([id], limit).optional()?)
    }

    /// The turns of present texts that are off the record by a limit, in their order: its id, the first and the last. A
    /// passage shuts the turns that it touches, as a search works by turn; one without a certain place all of its
    /// transcript.
    pub fn shut_turns(&self) -> Result<Vec<(i64, i64, i64)>> {
        let mut all = self.conn.prepare_cached(SHUT)?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// How many limits each transcript has that wait for a place in a corrected text.
    pub fn lost_limits(&self) -> Result<HashMap<i64, usize>> {
        let mut all = self.conn.prepare_cached(
            "SELECT transcript, count(*) FROM limits WHERE lost = 1 GROUP BY transcript",
        )?;
        Ok(all
            .query_map([], |r| {
                Ok((r.get(0)?, usize::try_from(r.get::<_, i64>(1)?).unwrap_or(0)))
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    pub fn add_limit(
        &self,
        coder: i64,
        transcript: i64,
        on: LimitOn,
        (level, quotable): (Option<Attribution>, bool),
        why: Option<&str>,
    ) -> Result<i64> {
        let coding = if let LimitOn::Coding(id) = on {
            Some(id)
        } else {
            None
        };
        let passage = if let LimitOn::Passage(p) = on {
            Some(p)
        } else {
            None
        };
        self.conn
            .prepare_cached("INSERT INTO limits (uuid, transcript, coding_id, revision, start, end, turn, last_turn, level, quotable, why, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?
            .execute(params![
                new_uuid(),
                transcript,
                coding,
                passage.map(|p| p.revision),
                passage.map(|p| p.span.start),
                passage.map(|p| p.span.end),
                passage.map(|p| p.turn),
                passage.map(|p| p.last_turn),
                level.map(Attribution::word),
                quotable,
                why,
                coder,
                self.event,
            ])?;
        Ok(self.last_id())
    }

    /// Sets the passage that a limit is for; it has a certain place then.
    pub fn place_limit(&self, id: i64, transcript: i64, passage: LimitedPassage) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE limits SET transcript = ?2, revision = ?3, start = ?4, end = ?5, turn = ?6, last_turn = ?7, lost = 0 WHERE id = ?1")?
            .execute(params![
                id,
                transcript,
                passage.revision,
                passage.span.start,
                passage.span.end,
                passage.turn,
                passage.last_turn
            ])?;
        Ok(())
    }

    /// A passage's limit has no certain place any more: it holds for all of this transcript.
    pub fn lose_limit(&self, id: i64, transcript: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE limits SET transcript = ?2, lost = 1 WHERE id = ?1")?
            .execute(params![id, transcript])?;
        Ok(())
    }

    /// A limit goes over to another transcript: as a whole, or with the coding that it is for.
    pub fn move_limit(&self, id: i64, transcript: i64, coding: Option<i64>) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE limits SET transcript = ?2, coding_id = ?3 WHERE id = ?1")?
            .execute(params![id, transcript, coding])?;
        Ok(())
    }

    pub fn remove_limit(&self, id: i64) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM limits WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    /// The limits of one quote go with it.
    pub(super) fn drop_limits_of_coding(&self, coding: i64) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM limits WHERE coding_id = ?1")?
            .execute([coding])?;
        Ok(())
    }
}
