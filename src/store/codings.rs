//! Codings, clustered by transcript: the id is transcript × 1,000,000 + n.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::domain::span::Span;

/// How many codings one transcript can ever have had.
pub const CODINGS_PER_TRANSCRIPT: i64 = 1_000_000;

/// The transcript that a coding is on.
pub const fn transcript_of(coding: i64) -> i64 {
    coding / CODINGS_PER_TRANSCRIPT
}

/// First and last possible id of a transcript's codings.
pub(super) const fn range(transcript: i64) -> (i64, i64) {
    (
        transcript * CODINGS_PER_TRANSCRIPT,
        transcript * CODINGS_PER_TRANSCRIPT + CODINGS_PER_TRANSCRIPT - 1,
    )
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coding {
    pub id: i64,
    pub revision: i64,
    pub span: Span,
    /// First and last turn that the span touches.
    pub turn: i64,
    pub last_turn: i64,
    pub theme: i64,
    pub coder: i64,
    /// The event that made it.
    pub event: i64,
    /// Why it waits on an older revision; none where it has its place.
    pub pending: Option<Pending>,
    /// The last event that changed its words; none where no corrected text did.
    pub reworded: Option<i64>,
}

/// Where a coding stands, by whom and of which theme: what has to be read of millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coded {
    pub id: i64,
    pub span: Span,
    pub turn: i64,
    pub last_turn: i64,
    pub theme: i64,
    pub coder: i64,
}

/// Why a coding waits on an older revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// Its words were not found for certain in the text that followed.
    Unsure,
    /// They are not there at all.
    Lost,
}

impl Pending {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unsure => "unsure",
            Self::Lost => "lost",
        }
    }
}

/// A coding to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCoding {
    pub transcript: i64,
    pub revision: i64,
    pub span: Span,
    pub turn: i64,
    pub last_turn: i64,
    pub theme: i64,
    pub coder: i64,
}

/// What it takes to count a coding; nothing else of its row is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Light {
    pub id: i64,
    /// First and last turn that the span touches.
    pub turn: i64,
    pub last_turn: i64,
    pub theme: i64,
    pub coder: i64,
}

/// Which codings are read for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    All,
    Theme(i64),
    Transcript(i64),
}

const COLUMNS: &str = "id, revision, start, end, turn, ifnull(last_turn, turn), theme, coder, event, pending, reworded";

fn coding(r: &Row) -> rusqlite::Result<Coding> {
    Ok(Coding {
        id: r.get(0)?,
        revision: r.get(1)?,
        span: Span::new(r.get(2)?, r.get(3)?),
        turn: r.get(4)?,
        last_turn: r.get(5)?,
        theme: r.get(6)?,
        coder: r.get(7)?,
        event: r.get(8)?,
        pending: match r
            .get_ref(9)?
            .as_str_or_null()
            .map_err(rusqlite::Error::from)?
        {
            None => None,
            Some("lost") => Some(Pending::Lost),
            Some(_) => Some(Pending::Unsure),
        },
        reworded: r.get(10)?,
    })
}

fn coded(r: &Row) -> rusqlite::Result<Coded> {
    let turn = r.get(3)?;
    Ok(Coded {
        id: r.get(0)?,
        span: Span::new(r.get(1)?, r.get(2)?),
        turn,
        last_turn: r.get::<_, Option<i64>>(4)?.unwrap_or(turn),
        theme: r.get(5)?,
        coder: r.get(6)?,
    })
}

impl Store {
    /// A coding, whether or not it waits for its place.
    pub fn coding(&self, id: i64) -> Result<Option<Coding>> {
        Ok(self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM codings WHERE id = ?1"))?
            .query_row([id], coding)
            .optional()?)
    }

    /// A transcript's codings that have their place, in order of their ids.
    pub fn codings_of(&self, transcript: i64) -> Result<Vec<Coding>> {
        let (from, to) = range(transcript);
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM codings WHERE id BETWEEN ?1 AND ?2 AND pending IS NULL ORDER BY id"
        ))?;
        Ok(all
            .query_map([from, to], coding)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The codings that wait for their place, of one transcript or of all, in order of their ids.
    pub fn pending_codings(&self, transcript: Option<i64>) -> Result<Vec<Coding>> {
        let (from, to) = transcript.map_or((0, i64::MAX), range);
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM codings INDEXED BY codings_pending WHERE pending IS NOT NULL AND id BETWEEN ?1 AND ?2 ORDER BY id"
        ))?;
        Ok(all
            .query_map([from, to], coding)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Ids of all codings that wait for their place.
    pub(super) fn pending_ids(&self) -> Result<std::collections::HashSet<i64>> {
        let mut all = self.conn.prepare_cached(
            "SELECT id FROM codings INDEXED BY codings_pending WHERE pending IS NOT NULL",
        )?;
        Ok(all
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Runs `each` over the codings that have their place, in order of their ids, so transcript by transcript: all, or
    /// those of one theme.
    pub fn each_coding<E: From<Error>>(
        &self,
        theme: Option<i64>,
        mut each: impl FnMut(Coding) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_coding_even_pending(theme, |c| match c.pending {
            None => each(c),
            Some(_) => Ok(()),
        })
    }

    /// The same with those that wait: for whoever changes themes, who must forget none.
    pub fn each_coding_even_pending<E: From<Error>>(
        &self,
        theme: Option<i64>,
        mut each: impl FnMut(Coding) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = match theme {
            Some(_) => format!(
                "SELECT {COLUMNS} FROM codings INDEXED BY codings_theme WHERE theme = ?1 ORDER BY id"
            ),
            None => format!("SELECT {COLUMNS} FROM codings WHERE ?1 IS NULL ORDER BY id"),
        };
        let fail = |e: rusqlite::Error| E::from(Error::from(e));
        let mut all = self.conn.prepare_cached(&sql).map_err(fail)?;
        let mut rows = all.query([theme]).map_err(fail)?;
        while let Some(r) = rows.next().map_err(fail)? {
            each(coding(r).map_err(fail)?)?;
        }
        Ok(())
    }

    /// Runs `each` over the codings of a transcript (of all, if none is named) that have their place, in order of their
    /// ids. What of a coding is seldom asked for is not read.
    pub fn each_coded<E: From<Error>>(
        &self,
        transcript: Option<i64>,
        mut each: impl FnMut(Coded) -> Result<(), E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(Error::from(e));
        let (from, to) = transcript.map_or((0, i64::MAX), range);
        let pending = self.pending_ids()?;
        let mut all = self
            .conn
            .prepare_cached("SELECT id, start, end, turn, last_turn, theme, coder FROM codings WHERE id BETWEEN ?1 AND ?2 ORDER BY id")
            .map_err(fail)?;
        let mut rows = all.query([from, to]).map_err(fail)?;
        while let Some(r) = rows.next().map_err(fail)? {
            let coded = coded(r).map_err(fail)?;
            if pending.is_empty() || !pending.contains(&coded.id) {
                each(coded)?;
            }
        }
        Ok(())
    }

    /// Runs `each` over codings that have their place, in order of their ids, reading only what counting needs.
    pub fn each_light<E: From<Error>>(
        &self,
        among: Among,
        mut each: impl FnMut(Light) -> Result<(), E>,
    ) -> Result<(), E> {
        const LIGHT: &str = "SELECT id, turn, last_turn, theme, coder FROM codings";
        let (sql, from, to) = match among {
            Among::All => (format!("{LIGHT} WHERE id BETWEEN ?1 AND ?2"), 0, i64::MAX),
            Among::Transcript(id) => (
                format!("{LIGHT} WHERE id BETWEEN ?1 AND ?2"),
                range(id).0,
                range(id).1,
            ),
            Among::Theme(theme) => (
                format!("{LIGHT} INDEXED BY codings_theme WHERE theme = ?1 AND id <= ?2"),
                theme,
                i64::MAX,
            ),
        };
        // Those that wait are few, and known by an index of their own: asking every row would cost more.
        let pending = self.pending_ids()?;
        let fail = |e: rusqlite::Error| E::from(Error::from(e));
        let mut all = self
            .conn
            .prepare_cached(&format!("{sql} ORDER BY id"))
            .map_err(fail)?;
        let mut rows = all.query([from, to]).map_err(fail)?;
        while let Some(r) = rows.next().map_err(fail)? {
            let id: i64 = r.get(0).map_err(fail)?;
            if !pending.is_empty() && pending.contains(&id) {
                continue;
            }
            let turn: i64 = r.get(1).map_err(fail)?;
            let last_turn: Option<i64> = r.get(2).map_err(fail)?;
            each(Light {
                id,
                turn,
                last_turn: last_turn.unwrap_or(turn),
                theme: r.get(3).map_err(fail)?,
                coder: r.get(4).map_err(fail)?,
            })?;
        }
        Ok(())
    }

    /// The codings of one theme in those transcripts that `wanted` takes, in order of their ids. Which they are is read
    /// off the index alone; only they are read.
    pub fn codings_in(&self, theme: i64, wanted: impl Fn(i64) -> bool) -> Result<Vec<Coding>> {
        let mut ids = self.conn.prepare_cached(
            "SELECT id FROM codings INDEXED BY codings_theme WHERE theme = ?1 ORDER BY id",
        )?;
        let mut one = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM codings WHERE id = ?1"))?;
        let pending = self.pending_ids()?;
        let mut found = Vec::new();
        let mut rows = ids.query([theme])?;
        while let Some(r) = rows.next()? {
            let id: i64 = r.get(0)?;
            if wanted(transcript_of(id)) && !pending.contains(&id) {
                found.push(one.query_row([id], coding)?);
            }
        }
        Ok(found)
    }

    /// Number of codings of each transcript that has any: (transcript, codings).
    pub fn codings_by_transcript(&self) -> Result<Vec<(i64, i64)>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id / 1000000, count(*) FROM codings WHERE id NOT IN (SELECT id FROM codings WHERE pending IS NOT NULL) GROUP BY 1 ORDER BY 1")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Who coded each transcript that anybody coded: transcript → coders' ids, ascending. One walk over the codings.
    pub fn coders_by_transcript(&self) -> Result<HashMap<i64, Vec<i64>>> {
        let mut all = self.conn.prepare_cached(
            "SELECT id / 1000000, coder FROM codings WHERE pending IS NULL ORDER BY id",
        )?;
        let mut found: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut rows = all.query([])?;
        // Codings of one transcript lie together, most of them by the coder of the one before.
        let mut last = (0, 0);
        while let Some(r) = rows.next()? {
            let here = (r.get(0)?, r.get(1)?);
            if here != last {
                let coders = found.entry(here.0).or_default();
                if let Err(place) = coders.binary_search(&here.1) {
                    coders.insert(place, here.1);
                }
                last = here;
            }
        }
        Ok(found)
    }

    /// Number of codings by each coder: (coder, codings, first and last day).
    pub fn codings_by_coder(&self) -> Result<Vec<(i64, i64, String, String)>> {
        let sql = "SELECT k.coder, sum(k.n), min(date(e.at)), max(date(e.at)) FROM (SELECT coder, event, count(*) AS n FROM codings WHERE pending IS NULL GROUP BY coder, event) k JOIN events e ON e.id = k.event GROUP BY k.coder ORDER BY k.coder";
        let mut all = self.conn.prepare_cached(sql)?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Writes codings of one transcript. Gives their ids, in order.
    pub fn add_codings(&self, transcript: i64, new: &[NewCoding]) -> Result<std::ops::Range<i64>> {
        let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
        let counter = format!("codings of {transcript}");
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO counters VALUES (?1, 0)")?
            .execute([&counter])?;
        let first = self.reserve(&counter, count)?;
        if first + count > CODINGS_PER_TRANSCRIPT {
            return Err(Error::refused(
                "this transcript can't take more codings: it has had a million",
                "split the transcript, or code fewer passages",
            ));
        }
        let first = transcript * CODINGS_PER_TRANSCRIPT + first;
        let mut put = self.conn.prepare_cached("INSERT INTO codings (id, uuid, revision, start, end, turn, last_turn, theme, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
        for (id, c) in (first..).zip(new) {
            let last_turn = (c.last_turn > c.turn).then_some(c.last_turn);
            put.execute(params![
                id,
                new_uuid(),
                c.revision,
                c.span.start,
                c.span.end,
                c.turn,
                last_turn,
                c.theme,
                c.coder,
                self.event
            ])?;
        }
        Ok(first..first + count)
    }

    pub fn remove_coding(&self, id: i64) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM memos WHERE coding_id = ?1")?
            .execute([id])?;
        self.drop_limits_of_coding(id)?;
        self.drop_leaning_on_codings(id, id)?;
        self.conn
            .prepare_cached("DELETE FROM codings WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    /// Puts a coding into another revision of its transcript; it has its place then. `reworded`: the words there are
    /// others, by this event.
    pub fn place_coding(
        &self,
        id: i64,
        revision: i64,
        span: Span,
        turns: (i64, i64),
        reworded: bool,
    ) -> Result<()> {
        let last_turn = (turns.1 > turns.0).then_some(turns.1);
        self.conn
            .prepare_cached("UPDATE codings SET revision = ?2, start = ?3, end = ?4, turn = ?5, last_turn = ?6, pending = NULL, reworded = ifnull(?7, reworded) WHERE id = ?1")?
            .execute(params![id, revision, span.start, span.end, turns.0, last_turn, reworded.then_some(self.event)])?;
        Ok(())
    }

    /// Takes codings over into another transcript: the same codings (theme, coder, event, uuid, words, memos) under ids of its
    /// own, each at a span and turns of that revision.
    pub fn rehome_codings(
        &self,
        transcript: i64,
        revision: i64,
        moved: &[(Coding, Span, (i64, i64))],
    ) -> Result<()> {
        let new: Vec<NewCoding> = moved
            .iter()
            .map(|(c, span, (turn, last_turn))| NewCoding {
                transcript,
                revision,
                span: *span,
                turn: *turn,
                last_turn: *last_turn,
                theme: c.theme,
                coder: c.coder,
            })
            .collect();
        let ids = self.add_codings(transcript, &new)?;
        // Who coded and when stays what it was, and when its words were changed.
        let mut same = self.conn.prepare_cached(
            "UPDATE codings SET (uuid, event, reworded) = (SELECT o.uuid, o.event, o.reworded FROM codings o WHERE o.id = ?2) WHERE id = ?1",
        )?;
        for (id, (old, ..)) in ids.zip(moved) {
            same.execute([id, old.id])?;
            self.hand_over_memos(old.id, id)?;
            self.hand_over_leaning(old.id, id)?;
            self.remove_coding(old.id)?;
        }
        Ok(())
    }

    /// Leaves a coding on its revision until it is placed or let go.
    pub fn set_pending(&self, id: i64, why: Pending) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE codings SET pending = ?2 WHERE id = ?1")?
            .execute(params![id, why.word()])?;
        Ok(())
    }

    /// Hands a coding to another theme; its span, coder and memos stay.
    pub fn retheme_coding(&self, id: i64, theme: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE codings SET theme = ?2 WHERE id = ?1")?
            .execute([id, theme])?;
        Ok(())
    }

    /// Hands the memos on a transcript to another, before it goes.
    pub fn hand_over_transcript_memos(&self, from: i64, to: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE memos SET transcript_id = ?2 WHERE transcript_id = ?1")?
            .execute([from, to])?;
        Ok(())
    }

    /// Hands the memos and the limits of a coding to another, before it goes.
    pub fn hand_over_memos(&self, from: i64, to: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE memos SET coding_id = ?2 WHERE coding_id = ?1")?
            .execute([from, to])?;
        self.conn
            .prepare_cached(
                "UPDATE limits SET coding_id = ?2, transcript = ?3 WHERE coding_id = ?1",
            )?
            .execute([from, to, transcript_of(to)])?;
        Ok(())
    }
}
