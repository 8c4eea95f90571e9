//! Revisions: a transcript's immutable texts, with the turns, sections and joins that are part of them.

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::domain::span::Span;

/// A revision without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    pub id: i64,
    pub transcript: i64,
    pub number: i64,
    pub format: String,
    pub encoding: String,
    pub characters: u32,
    pub words: i64,
    /// Id of its first turn; turn `n` has id `first_turn + n - 1`.
    pub first_turn: i64,
    pub turns: i64,
}

impl Revision {
    /// The number within the transcript, from 1, of a turn by its id.
    pub fn number_of(&self, turn: i64) -> i64 {
        turn - self.first_turn + 1
    }
    /// Whether a turn is one of this revision's.
    pub fn has(&self, turn: i64) -> bool {
        (self.first_turn..self.first_turn + self.turns).contains(&turn)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub id: i64,
    pub span: Span,
    pub speaker: Option<i64>,
    pub time_ms: Option<i64>,
}

/// A turn to be written; `speaker` is the place of its speaker in [`NewRevision::speakers`].
#[derive(Clone, Copy, Debug)]
pub struct NewTurn {
    pub span: Span,
    pub speaker: Option<usize>,
    pub time_ms: Option<i64>,
}

/// A section to be written; its turns are places in [`NewRevision::turns`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSection {
    /// 1 is the highest.
    pub level: u8,
    /// `heading` or `question`.
    pub kind: &'static str,
    pub title: String,
    pub key: String,
    pub span: Span,
    /// First and last turn under it, from 0.
    pub turns: Option<(usize, usize)>,
}

/// A heading or question of a revision, with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub revision: i64,
    pub number: i64,
    pub level: i64,
    pub kind: String,
    pub title: String,
    pub key: String,
    pub span: Span,
    /// Ids of the first and last turn under it.
    pub turns: Option<(i64, i64)>,
}

/// A revision to be written.
pub struct NewRevision<'a> {
    pub number: i64,
    pub format: &'a str,
    pub encoding: &'a str,
    pub file_sha256: [u8; 32],
    pub text_sha256: [u8; 32],
    pub text: &'a str,
    pub characters: u32,
    pub words: u32,
    /// Ids of the speakers that [`NewTurn::speaker`] counts.
    pub speakers: Vec<i64>,
    pub turns: &'a mut dyn Iterator<Item = NewTurn>,
    pub turn_count: usize,
    pub sections: &'a [NewSection],
    /// Where hard-wrapped lines were joined, as JSON; none where the text is as it was read.
    pub reflow: Option<String>,
}

pub(super) const REVISION: &str = "r.id, r.transcript, r.number, r.format, r.encoding, r.characters, r.words, r.first_turn, r.turns";

pub(super) fn revision_at(r: &Row, n: usize) -> rusqlite::Result<Revision> {
    Ok(Revision {
        id: r.get(n)?,
        transcript: r.get(n + 1)?,
        number: r.get(n + 2)?,
        format: r.get(n + 3)?,
        encoding: r.get(n + 4)?,
        characters: r.get(n + 5)?,
        words: r.get(n + 6)?,
        first_turn: r.get(n + 7)?,
        turns: r.get(n + 8)?,
    })
}

fn turn(r: &Row) -> rusqlite::Result<Turn> {
    Ok(Turn {
        id: r.get(0)?,
        span: Span::new(r.get(1)?, r.get(2)?),
        speaker: r.get(3)?,
        time_ms: r.get(4)?,
    })
}

fn section(r: &Row) -> rusqlite::Result<Section> {
    let first: Option<i64> = r.get(8)?;
    Ok(Section {
        revision: r.get(0)?,
        number: r.get(1)?,
        level: r.get(2)?,
        kind: r.get(3)?,
        title: r.get(4)?,
        key: r.get(5)?,
        span: Span::new(r.get(6)?, r.get(7)?),
        turns: first.zip(r.get(9)?),
    })
}

impl Store {
    /// The text of a revision.
    pub fn text(&self, revision: i64) -> Result<String> {
        Ok(self
            .conn
            .prepare_cached("SELECT text FROM revisions WHERE id = ?1")?
            .query_row([revision], |r| r.get(0))?)
    }

    /// Runs `read` on the text of a revision without copying it.
    pub fn with_text<T>(&self, revision: i64, read: impl FnOnce(&str) -> T) -> Result<T> {
        let mut one = self
            .conn
            .prepare_cached("SELECT text FROM revisions WHERE id = ?1")?;
        let mut rows = one.query([revision])?;
        match rows.next()? {
            Some(r) => {
                let text = r.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                Ok(read(text))
            }
            None => Err(Error::Sqlite(rusqlite::Error::QueryReturnedNoRows)),
        }
    }

    pub fn turns(&self, first: i64, count: i64) -> Result<Vec<Turn>> {
        let mut all = self.conn.prepare_cached("SELECT id, start, end, speaker, time_ms FROM turns WHERE id >= ?1 AND id < ?1 + ?2 ORDER BY id")?;
        Ok(all
            .query_map([first, count], turn)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// How many of these transcripts (of all, if none are named) have no time at any turn.
    pub fn untimed(&self, transcripts: Option<&[i64]>) -> Result<usize> {
        let mut timed = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM turns WHERE id >= ?1 AND id < ?1 + ?2 AND time_ms IS NOT NULL)",
        )?;
        let mut without = 0;
        for (_, first, count) in self.turn_ranges(transcripts)? {
            let timed: bool = timed.query_row([first, count], |r| r.get(0))?;
            without += usize::from(!timed);
        }
        Ok(without)
    }

    pub fn turn(&self, id: i64) -> Result<Option<Turn>> {
        Ok(self
            .conn
            .prepare_cached("SELECT id, start, end, speaker, time_ms FROM turns WHERE id = ?1")?
            .query_row([id], turn)
            .optional()?)
    }

    /// Runs `each` over turns in order: (id, speaker).
    pub fn each_turn_speaker(
        &self,
        first: i64,
        count: Option<i64>,
        mut each: impl FnMut(i64, Option<i64>),
    ) -> Result<()> {
        let mut all = self.conn.prepare_cached(
            "SELECT id, speaker FROM turns WHERE id >= ?1 AND id < ?2 ORDER BY id",
        )?;
        let mut rows = all.query([first, count.map_or(i64::MAX, |n| first + n)])?;
        while let Some(r) = rows.next()? {
            each(r.get(0)?, r.get(1)?);
        }
        Ok(())
    }

    /// The sections of a revision, in the order of its text.
    pub fn sections(&self, revision: i64) -> Result<Vec<Section>> {
        let mut all = self.conn.prepare_cached(
            "SELECT revision, number, level, kind, title, key, start, end, first_turn, last_turn FROM sections WHERE revision = ?1 ORDER BY number",
        )?;
        Ok(all
            .query_map([revision], section)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Where lines of a revision were joined, as JSON; none where its text is as it was read.
    pub fn reflow(&self, revision: i64) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT joins FROM reflows WHERE id = ?1")?
            .query_row([revision], |r| r.get(0))
            .optional()?)
    }

    /// A revision by its id, whether or not it is the present one.
    pub fn revision(&self, id: i64) -> Result<Option<Revision>> {
        let mut one = self.conn.prepare_cached(&format!(
            "SELECT {REVISION} FROM revisions r WHERE r.id = ?1"
        ))?;
        Ok(one.query_row([id], |r| revision_at(r, 0)).optional()?)
    }

    /// All revisions of a transcript, the first one first.
    pub fn revisions(&self, transcript: i64) -> Result<Vec<Revision>> {
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT {REVISION} FROM revisions r WHERE r.transcript = ?1 ORDER BY r.number"
        ))?;
        Ok(all
            .query_map([transcript], |r| revision_at(r, 0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// SHA-256 of a revision's file.
    pub fn file_sha256(&self, revision: i64) -> Result<[u8; 32]> {
        Ok(self
            .conn
            .prepare_cached("SELECT file_sha256 FROM revisions WHERE id = ?1")?
            .query_row([revision], |r| r.get(0))?)
    }
}

impl Tx<'_> {
    /// Writes a revision with its turns and sections; the transcript's present one stays what it is. Gives its id and
    /// its first turn's.
    pub fn add_revision(&self, transcript: i64, new: NewRevision) -> Result<(i64, i64)> {
        let count = i64::try_from(new.turn_count).unwrap_or(i64::MAX);
        let first_turn = self.reserve("turn", count)?;
        self.conn
            .prepare_cached(
                "INSERT INTO revisions (uuid, transcript, number, format, encoding, file_sha256, text_sha256, characters, words, first_turn, turns, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![new_uuid(), transcript, new.number, new.format, new.encoding, &new.file_sha256[..], &new.text_sha256[..], new.characters, new.words, first_turn, count, new.text])?;
        let revision = self.last_id();
        let mut put = self.conn.prepare_cached(
            "INSERT INTO turns (id, start, end, speaker, time_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (n, turn) in (first_turn..).zip(new.turns) {
            put.execute(params![
                n,
                turn.span.start,
                turn.span.end,
                turn.speaker.and_then(|s| new.speakers.get(s)),
                turn.time_ms
            ])?;
        }
        let mut put = self.conn.prepare_cached(
            "INSERT INTO sections (revision, number, level, kind, title, key, start, end, first_turn, last_turn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        let turn_id = |n: usize| first_turn + i64::try_from(n).unwrap_or(i64::MAX);
        for (n, section) in (1_i64..).zip(new.sections) {
            put.execute(params![
                revision,
                n,
                section.level,
                section.kind,
                section.title,
                section.key,
                section.span.start,
                section.span.end,
                section.turns.map(|(first, _)| turn_id(first)),
                section.turns.map(|(_, last)| turn_id(last)),
            ])?;
        }
        if let Some(joins) = new.reflow {
            self.conn
                .prepare_cached("INSERT INTO reflows (id, joins) VALUES (?1, ?2)")?
                .execute(params![revision, joins])?;
        }
        Ok((revision, first_turn))
    }

    /// Makes another revision the present one.
    pub fn set_present_revision(&self, transcript: i64, number: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE transcripts SET revision = ?2 WHERE id = ?1")?
            .execute([transcript, number])?;
        Ok(())
    }
}
