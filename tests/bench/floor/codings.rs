//! Codings out of a CSV, with the turns that they touch.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, params};

use super::import::ids;
use super::tables::{self, CODINGS, uuid};
use crate::Fallible;

/// The turns of a transcript: where each begins and ends, in order; and where they come from.
pub(crate) struct Turns {
    pub(crate) transcript: i64,
    pub(crate) revision: i64,
    first: i64,
    ends: Vec<i64>,
    starts: Vec<i64>,
}

impl Turns {
    pub(crate) fn of(conn: &Connection, slug: &str) -> Fallible<Self> {
        let mut one = conn.prepare_cached("SELECT t.id, r.id, r.first_turn, r.turns FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision WHERE t.slug = ?1")?;
        let (transcript, revision, first, count): (i64, i64, i64, i64) =
            one.query_row([slug], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?;
        let mut all = conn.prepare_cached(
            "SELECT start, end FROM turns WHERE id >= ?1 AND id < ?1 + ?2 ORDER BY id",
        )?;
        let mut rows = all.query([first, count])?;
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            starts.push(row.get(0)?);
            ends.push(row.get(1)?);
        }
        Ok(Self {
            transcript,
            revision,
            first,
            ends,
            starts,
        })
    }

    /// The first turn that a span touches, and the last, where it is another.
    pub(crate) fn touched(&self, start: i64, end: i64) -> (i64, Option<i64>) {
        let first = self.ends.partition_point(|e| *e <= start);
        let last = self.starts.partition_point(|s| *s < end).saturating_sub(1);
        let id = |n| self.first + tables::int(n);
        (id(first), (last > first).then(|| id(last)))
    }
}

pub(crate) const INSERT: &str = "INSERT INTO codings (id, uuid, revision, start, end, turn, last_turn, theme, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)";

/// Paths of themes and their ids.
pub(crate) const THEMES: &str = "SELECT CASE WHEN p.id IS NULL THEN h.name ELSE p.name || '/' || h.name END, h.id FROM themes h LEFT JOIN themes p ON p.id = h.parent";

pub(crate) fn load(dir: &Path, file: &Path) -> Fallible<()> {
    let mut conn = tables::open(dir)?;
    let tx = conn.transaction()?;
    let themes = ids(&tx, THEMES)?;
    let mut coders: HashMap<String, i64> = ids(&tx, "SELECT name, id FROM coders")?;
    let mut reader = csv::Reader::from_path(file)?;
    let mut row = csv::StringRecord::new();
    let mut here: Option<(String, Turns)> = None;
    let mut next = 0;
    while reader.read_record(&mut row)? {
        let (slug, span) = row[0].split_once('@').ok_or("a place without a span")?;
        let (start, end) = span.split_once('-').ok_or("a span without an end")?;
        let (start, end): (i64, i64) = (start.parse()?, end.parse()?);
        if here.as_ref().is_none_or(|(open, _)| open != slug) {
            let turns = Turns::of(&tx, slug)?;
            next = turns.transcript * CODINGS + 1;
            here = Some((slug.to_owned(), turns));
        }
        let Some((_, turns)) = &here else { continue };
        if !coders.contains_key(&row[2]) {
            tx.execute(
                "INSERT INTO coders (uuid, name) VALUES (?1, ?2)",
                params![uuid(), &row[2]],
            )?;
            coders.insert(row[2].to_owned(), tx.last_insert_rowid());
        }
        let (turn, last) = turns.touched(start, end);
        tx.prepare_cached(INSERT)?.execute(params![
            next,
            uuid(),
            turns.revision,
            start,
            end,
            turn,
            last,
            themes[&row[1]],
            coders[&row[2]]
        ])?;
        next += 1;
    }
    tx.commit()?;
    Ok(())
}
