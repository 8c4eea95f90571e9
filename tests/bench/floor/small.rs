//! Small writes on a study that may be big, each in a new process and lasting when it ends.

use std::path::Path;

use rusqlite::params;
use tantivy::IndexWriter;
use tantivy::indexer::NoMergePolicy;

use super::codings::{INSERT, THEMES, Turns};
use super::import::{add_transcript, ids, turns};
use super::index;
use super::tables::{self, CODINGS, uuid};
use crate::Fallible;

/// One coding.
pub(crate) fn code(
    dir: &Path,
    transcript: &str,
    start: i64,
    end: i64,
    theme: &str,
    coder: &str,
) -> Fallible<()> {
    let mut conn = tables::open(dir)?;
    let tx = conn.transaction()?;
    let turns = Turns::of(&tx, transcript)?;
    let (turn, last) = turns.touched(start, end);
    let theme = ids(&tx, THEMES)?[theme];
    tx.execute(
        "INSERT OR IGNORE INTO coders (uuid, name) VALUES (?1, ?2)",
        params![uuid(), coder],
    )?;
    let coder: i64 = tx.query_row("SELECT id FROM coders WHERE name = ?1", [coder], |r| {
        r.get(0)
    })?;
    let (from, to) = (
        turns.transcript * CODINGS,
        (turns.transcript + 1) * CODINGS - 1,
    );
    let id: i64 = tx.query_row(
        "SELECT ifnull(max(id), ?1) + 1 FROM codings WHERE id BETWEEN ?1 AND ?2",
        [from, to],
        |r| r.get(0),
    )?;
    tx.execute(
        INSERT,
        params![
            id,
            uuid(),
            turns.revision,
            start,
            end,
            turn,
            last,
            theme,
            coder
        ],
    )?;
    tx.commit()?;
    Ok(())
}

/// One interview: its rows, and its turns in the index.
pub(crate) fn interview(dir: &Path, file: &Path, case: &str, participant: &str) -> Fallible<()> {
    let mut conn = tables::open(dir)?;
    let tx = conn.transaction()?;
    let case: i64 = tx.query_row("SELECT id FROM cases WHERE slug = ?1", [case], |r| r.get(0))?;
    let participant: i64 = tx.query_row(
        "SELECT id FROM participants WHERE code = ?1",
        [participant],
        |r| r.get(0),
    )?;
    let number: i64 = tx.query_row("SELECT ifnull(max(id), 0) + 1 FROM transcripts", [], |r| {
        r.get(0)
    })?;
    let first_turn: i64 =
        tx.query_row("SELECT ifnull(max(id), 0) + 1 FROM turns", [], |r| r.get(0))?;
    let added = add_transcript(&tx, number, file, case, participant, first_turn)?;
    tx.commit()?;
    let (index, fields) = index::open(dir)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    for (id, turn) in (first_turn..).zip(turns(&added.text)) {
        index::add(&writer, fields, id, added.revision, turn.words)?;
    }
    writer.commit()?;
    Ok(())
}
